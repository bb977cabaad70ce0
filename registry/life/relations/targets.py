"""See that what a draft relates to exists: a certificate that was issued here, a code that is one.

In:    the relations that a drafter named
Out:   findings, each with its place

Trust: only a certificate of an authority that is not registered here cannot be looked up; it stands as it was named.
       Whoever asks learns of an identifier that it exists, and has to know its twenty random characters first.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

from registry.directory.findings import Finding
from registry.life.relations import holding
from registry.store.database import Reading
from registry.store.tables.authorities import Authority
from registry.store.tables.life import Certificate
from verification.codes import credit_code, estate_unit, identifier, project_code
from verification.errors import CodeRefused
from verification.statement import Relation

_CODES: Mapping[str, Callable[[str], object]] = {
    "certificate": identifier.parse,
    "estate-unit": estate_unit.parse,
    "project": project_code.parse,
    "authority": credit_code.parse,
}


def findings(look: Reading, relations: Sequence[Relation]) -> Iterator[Finding]:
    """Every relation to something that is not there."""
    for place, one in enumerate(relations):
        try:
            found = _CODES.get(one.target_kind, str)(one.target)
        except CodeRefused as refused:
            yield Finding(f"/relations/{place}/target", refused.code, refused.facts)
            continue
        if isinstance(found, identifier.CertificateIdentifier) and not _issued(look, found):
            yield Finding(f"/relations/{place}/target", "relation.target_unknown", {"identifier": one.target})


def _issued(look: Reading, named: identifier.CertificateIdentifier) -> bool:
    row = look.get(Certificate, named.text)
    if row is None:
        return look.get(Authority, named.issuer) is None
    return row.state == holding.ISSUED
