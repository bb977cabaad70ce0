"""Say what is registered under a short reference: what may be told to whoever holds a camera over a paper.

In:    a reference as somebody typed it, now
Out:   authority, type and state; nothing for a reference that is unknown, malformed, or of no finished certificate

Trust: anybody may ask. Told is what the public catalog and directory tell anyhow, and whether it holds today: no
       holder, no number, no dates, no identifier; of a successor its short reference. Ten letters of 29 are 4 × 10^14
       references: guessing finds none.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import select

from registry.directory.authorities import reading
from registry.life.states import standing
from registry.life.states.lifecycle import State
from registry.store.database import Reading
from registry.store.tables.catalog import CertificateTypeVersion
from registry.store.tables.life import Certificate
from verification.legal_dates import legal_date

_WRITTEN = re.compile(r"[0-9A-Za-z]{10}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What anybody may see of a certificate; `names_then`: under which its issuer could have issued it that day."""

    reference: str
    authority: str
    names_then: tuple[str, ...]
    name_now: str
    type_code: str
    type_zh: str
    type_en: str
    state: State
    since: date | None
    successor: str | None
    at: datetime


def find(look: Reading, written: str, *, at: datetime) -> Sight | None:
    """What is registered under a reference, in whichever case it was typed."""
    if not _WRITTEN.fullmatch(written):
        return None
    same = (Certificate.reference == written.upper(), Certificate.state == "valid")
    row = look.exec(select(Certificate).where(*same)).first()
    return None if row is None else _seen(look, row, at)


def _seen(look: Reading, row: Certificate, at: datetime) -> Sight:
    issuer, here = reading.get(look, row.issuer), standing.now(look, row, at=at)
    newest = standing.newest(look, here, at=at)
    of_type = look.get_one(CertificateTypeVersion, (row.type_code, row.type_version))
    return Sight(
        reference=row.reference,
        authority=row.issuer,
        names_then=tuple(wording.name for wording in issuer.issuing_names(row.issued_on)),
        name_now=issuer.last_name().wording.name,
        type_code=row.type_code,
        type_zh=of_type.name_zh,
        type_en=of_type.name_en,
        state=here.state,
        since=None if here.since is None or here.act is None else legal_date(here.since),
        successor=None if newest is None else look.get_one(Certificate, newest).reference,
        at=at,
    )
