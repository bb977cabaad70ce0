"""Say what an authority is to a certificate: its issuer, a superior organ, or nobody.

In:    the certificate's row, an authority, the day
Out:   issuer: who made it, in whose name it stands, or who took over its duties; superior: whoever stands above that
       body in the tree of the day; None for everybody else
"""

from collections.abc import Iterator
from datetime import date

from registry.directory.authorities import reading
from registry.directory.authority_errors import NobodyAnswers
from registry.life.states.lifecycle import Organ
from registry.store.database import Reading
from registry.store.tables.life import Certificate


def role(look: Reading, row: Certificate, authority: str, *, on: date) -> Organ | None:
    """What an authority is to a certificate on a day."""
    if authority in {row.authority, row.issuer}:
        return Organ.ISSUER
    answering = _answering(look, row, on)
    if authority == answering:
        return Organ.ISSUER
    return Organ.SUPERIOR if authority in _above(look, answering, on) else None


def _answering(look: Reading, row: Certificate, on: date) -> str:
    try:
        found = reading.answers_for(look, row.authority, on=on, type_code=row.type_code, since=row.issued_on)
    except NobodyAnswers:
        return row.authority
    return found.authority


def _above(look: Reading, code: str, on: date) -> Iterator[str]:
    """The bodies above one, the nearest first; levels rise strictly, so there is an end."""
    parent: str | None = code
    while parent is not None:
        record = reading.get(look, parent)
        place = record.place_on(on) if record.exists_on(on) else record.places[-1]
        parent = place.parent
        if parent is not None:
            yield parent
