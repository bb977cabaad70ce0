"""Give a published version of a type, read and parsed once per process: a version never changes.

Trust: the files are found by their digests, which the store checks; the key here is the digest over all of them.
"""

from typing import cast

from sqlalchemy import bindparam
from sqlmodel import select

from registry.directory.catalog import listing
from registry.directory.catalog.content import TypeContent
from registry.directory.catalog_errors import TypeNotFound, TypeWithdrawn
from registry.store.database import Reading
from registry.store.documents import Documents
from registry.store.tables.catalog import CertificateType, CertificateTypeVersion

_MOST = 500  # versions kept parsed
_parsed: dict[str, TypeContent] = {}
_DIGEST = select(CertificateTypeVersion.digest).where(
    CertificateTypeVersion.code == bindparam("code"), CertificateTypeVersion.version == bindparam("version")
)
_ISSUED = select(CertificateType.version, CertificateType.withdrawn_at).where(CertificateType.code == bindparam("code"))


def content(look: Reading, documents: Documents, code: str, version: int) -> TypeContent:
    """What a version says."""
    digest = look.connection().execute(_DIGEST, {"code": code, "version": version}).scalar_one()
    found = _parsed.get(digest)
    if found is None:
        if len(_parsed) >= _MOST:
            _parsed.clear()
        found = _parsed[digest] = listing.contents(look, documents, code, version)
    return found


def issued_version(look: Reading, code: str) -> int:
    """The version under which a type is issued now; the same as the catalog's, without its coverage figures."""
    row = look.connection().execute(_ISSUED, {"code": code}).first()
    if row is None:
        raise TypeNotFound(kind="certificate-type")
    if row.withdrawn_at is not None:
        raise TypeWithdrawn(type=code)
    return cast("int", row.version)
