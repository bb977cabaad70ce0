"""Say what is registered under a short reference: what may be told to whoever holds a camera over a paper.

In:    a reference as somebody typed it, now
Out:   authority, type and state; nothing for a reference that is unknown, malformed, or of no finished certificate

Trust: anybody may ask. Told is what the public catalog and directory tell anyhow, and whether it holds today: no
       holder, no number, no dates, no identifier. Ten letters of 29 are 4 × 10^14 references: guessing finds none.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlmodel import select

from registry.directory.authorities import reading
from registry.store.database import Reading
from registry.store.tables.catalog import CertificateTypeVersion
from registry.store.tables.life import Certificate
from verification.legal_dates import Validity, legal_date

_WRITTEN = re.compile(r"[0-9A-Za-z]{10}", re.ASCII)


class Standing(StrEnum):
    """Whether a registered certificate holds."""

    WAITING = "waiting"
    VALID = "valid"
    OVER = "over"


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
    standing: Standing
    at: datetime


def find(look: Reading, written: str, *, at: datetime) -> Sight | None:
    """What is registered under a reference, in whichever case it was typed."""
    if not _WRITTEN.fullmatch(written):
        return None
    same = (Certificate.reference == written.upper(), Certificate.state == "valid")
    row = look.exec(select(Certificate).where(*same)).first()
    return None if row is None else _seen(look, row, at)


def standing(validity: Validity, *, on: date) -> Standing:
    """Whether it holds on a day. Pure."""
    if validity.waits_on(on):
        return Standing.WAITING
    return Standing.OVER if validity.over_on(on) else Standing.VALID


def _seen(look: Reading, row: Certificate, at: datetime) -> Sight:
    issuer = reading.get(look, row.issuer)
    of_type = look.get_one(CertificateTypeVersion, (row.type_code, row.type_version))
    return Sight(
        reference=row.reference,
        authority=row.issuer,
        names_then=tuple(wording.name for wording in issuer.issuing_names(row.issued_on)),
        name_now=issuer.last_name().wording.name,
        type_code=row.type_code,
        type_zh=of_type.name_zh,
        type_en=of_type.name_en,
        standing=standing(Validity(row.valid_from, row.valid_to), on=legal_date(at)),
        at=at,
    )
