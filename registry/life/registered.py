"""Say what the register holds against a file: which statement and which documents belong to an identifier.

Trust: anybody may ask, so nothing but digests leaves here; what was never issued, or was voided, has none.
"""

from sqlmodel import select

from registry.store.database import Reading
from registry.store.tables.life import Certificate
from verification.evidence import Registered
from verification.legal_dates import Validity

_NONE = Registered(None)


def of_document(look: Reading, digest: str) -> Registered | None:
    """What is registered with exactly this file; None when no certificate has it."""
    same = (Certificate.state == "valid", Certificate.document == digest)
    return _registered(look.exec(select(Certificate).where(*same)).first())


def of_identifier(look: Reading, identifier: str) -> Registered:
    """What is registered under an identifier; nothing at all for an unknown one."""
    wanted = (Certificate.identifier == identifier, Certificate.state == "valid")
    return _registered(look.exec(select(Certificate).where(*wanted)).first()) or _NONE


def _registered(row: Certificate | None) -> Registered | None:
    if row is None:
        return None
    documents = frozenset({row.document} if row.document else ())
    return Registered(row.statement, documents, row.identifier, Validity(row.valid_from, row.valid_to))
