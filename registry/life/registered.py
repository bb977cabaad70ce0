"""Say what the register holds against a file or a code: what was issued under a name, and where that stands now.

In:    the digest of a file, an identifier, or a code's short reference; now
Out:   evidence for a verifier: digests, days, state; what was never issued, or was voided, has none

Trust: anybody may ask, so nothing but that leaves here, and only to whoever knows the name.
"""

from datetime import datetime

from sqlalchemy import bindparam
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from registry.life.relations import ties
from registry.life.states import standing
from registry.life.states.lifecycle import State
from registry.store.database import Reading
from registry.store.tables.life import Certificate
from verification.evidence import Evidence, Registered, StateSeen
from verification.evidence import State as Listed
from verification.legal_dates import Validity

NEVER = Evidence(Registered(None))
_LISTED = {  # what comes and goes with the days is judged from the days
    **dict.fromkeys((State.VALID, State.WAITING, State.EXPIRED), Listed.VALID),
    State.SUSPENDED: Listed.SUSPENDED,
    State.REPLACED: Listed.SUPERSEDED,
}

_ISSUED = select(Certificate).where(col(Certificate.state) == "valid")
_OF_DOCUMENT, _OF_IDENTIFIER, _OF_REFERENCE = (  # built once: most verifications are one of these
    _ISSUED.where(column == bindparam("name"))
    for column in (col(Certificate.document), col(Certificate.identifier), col(Certificate.reference))
)


def of_document(look: Reading, digest: str, *, at: datetime) -> Evidence | None:
    """What is registered with exactly this file; None when no certificate has it."""
    return _evidence(look, _OF_DOCUMENT, digest, at)


def of_identifier(look: Reading, identifier: str, *, at: datetime) -> Evidence:
    """What is registered under an identifier; never issued, for an unknown one."""
    return _evidence(look, _OF_IDENTIFIER, identifier, at) or NEVER


def of_reference(look: Reading, reference: str, *, at: datetime) -> Evidence:
    """What is registered under a code's reference; never issued, for an unknown one."""
    return _evidence(look, _OF_REFERENCE, reference, at) or NEVER


def _evidence(look: Reading, wanted: SelectOfScalar[Certificate], name: str, at: datetime) -> Evidence | None:
    row = look.exec(wanted, params={"name": name}).first()
    if row is None:
        return None
    documents = frozenset({row.document} if row.document else ())
    validity, later = Validity(row.valid_from, row.valid_to), ties.consolidated_by(look, row)
    issued = Registered(row.statement, documents, row.identifier, validity, later)
    here = standing.now(look, row, at=at)
    return Evidence(issued, _seen(here, standing.newest(look, here, at=at), at=at))


def _seen(found: standing.Standing, newest: str | None, *, at: datetime) -> StateSeen:
    """A standing as a verifier is told of it, with the version that has its place now. Pure."""
    state = _LISTED.get(found.state, Listed.REVOKED)
    named, since = (None, None) if state is Listed.VALID else (found.state.value, found.since)
    return StateSeen(state, at, None, successor=newest, named=named, since=since)
