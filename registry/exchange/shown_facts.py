"""What a shown code itself says: as much as fits and no more than an inspector at the door needs, names masked."""

from datetime import datetime

from registry.exchange import masking
from registry.exchange.persons import parties
from registry.exchange.persons.signed_in import Holder
from registry.life.states import standing
from registry.store.database import Writing
from registry.store.envelopes import Keyring
from registry.store.tables.life import Certificate
from verification.shown_code import LIFE, NONCE, Shown

_NUMBER = 24  # characters of a number that a code has room for


def said(tx: Writing, keyring: Keyring, row: Certificate, by: Holder, at: datetime) -> Shown:
    """The facts of a code that is made now."""
    number, made = row.number or row.reference, at.replace(microsecond=0)
    who = masking.name(parties.find(tx, keyring, by.party).name)
    return Shown(
        nonce=tx.random(NONCE),
        issued_at=made,
        expires_at=made + LIFE,
        holder=who if len(who) <= 8 else f"{who[:2]}**{who[-2:]}",
        type_code=row.type_code,
        number=number if len(number) <= _NUMBER else f"…{number[1 - _NUMBER :]}",
        state=standing.now(tx, row, at=at).state.value,
        valid_to=row.valid_to,
    )
