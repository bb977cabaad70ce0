"""Look up what a holder just showed: redeem the code and look up under its grant, in one transaction.

In:    a look-up that is about a shown code, made for a scene: this office, this matter
Out:   the look-up's answer; the holder finds both acts in its uses
Order: what refuses the look-up leaves the code unused; what refuses the code stays on record and looks nothing up.
"""

from dataclasses import replace
from datetime import datetime

from registry.directory.access.callers import Caller
from registry.directory.access.scopes import Scope
from registry.directory.matters.materials import BasisKind
from registry.exchange import presentations
from registry.exchange.allowances import Asked, Basis
from registry.exchange.finding.about import About
from registry.exchange.retrieval import LookUps, Retrieved
from registry.store.database import Database
from registry.store.envelopes import Keyring
from registry.store.errors import RegistryError


def retrieve(look_ups: LookUps, db: Database, keyring: Keyring, asked: Asked, *, by: Caller, at: datetime) -> Retrieved:
    """Look up; by a shown code, if that is what it is about."""
    if asked.about.shown is None:
        return look_ups.retrieve(db, asked, by=by, at=at)
    by.require(Scope.RETRIEVE)
    with db.as_one() as one:
        try:
            grant, certificate = presentations.take(one, keyring, asked.about.shown, asked.matter, by=by, at=at)
            meant = replace(asked, about=About(identifier=certificate), basis=Basis(BasisKind.GRANT, grant))
            return look_ups.retrieve(one, meant, by=by, at=at)
        except RegistryError as refused:
            if not refused.stays:
                raise
            stays = refused
    raise stays
