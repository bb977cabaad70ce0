"""Give a published version of a type, read and parsed once per process: a version never changes.

Trust: the files are found by their digests, which the store checks; the key here is the digest over all of them.
"""

from registry.directory.catalog import listing
from registry.directory.catalog.content import TypeContent
from registry.directory.catalog_errors import TypeNotFound, TypeWithdrawn
from registry.store.database import Reading
from registry.store.documents import Documents
from registry.store.tables.catalog import CertificateType, CertificateTypeVersion

_MOST = 500  # versions kept parsed
_parsed: dict[str, TypeContent] = {}


def content(look: Reading, documents: Documents, code: str, version: int) -> TypeContent:
    """What a version says."""
    row = look.get_one(CertificateTypeVersion, (code, version))
    found = _parsed.get(row.digest)
    if found is None:
        if len(_parsed) >= _MOST:
            _parsed.clear()
        found = _parsed[row.digest] = listing.contents(look, documents, code, version)
    return found


def issued_version(look: Reading, code: str) -> int:
    """The version under which a type is issued now; the same as the catalog's, without its coverage figures."""
    row = look.get(CertificateType, code)
    if row is None:
        raise TypeNotFound(kind="certificate-type")
    if row.withdrawn_at is not None:
        raise TypeWithdrawn(type=code)
    return row.version
