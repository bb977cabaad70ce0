"""Sign type packages and acknowledgements with an authority's code key, and check those of others.

In:    the folder of signing keys; the roots, either that folder's or a file the operator names
Out:   what registry/directory/catalog asks for: `sign(body) -> JWS`, `verify(body, JWS) -> signer's credit code`
Trust: a signer is whom its certificate names, if the certificate leads to a root and holds now.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.x509.oid import NameOID

from registry.directory.catalog.package_file import Signs, Verifies
from signing import holdings, jws
from signing.errors import KeyMissing
from signing.keys import RawKey, Use, require
from verification import certificates
from verification import jws as tokens

TYPE = "types+jws"
_LEGAL_PERSON = "UC:CN-"


def signer(folder: Path, authority: str, *, at: datetime) -> Signs:
    """The signature of an authority whose code key lies in the folder."""
    key = _key(folder, authority, at=at)
    chain = [certificate for certificate in (key.certificate, *key.chain) if certificate is not None]
    if len(chain) == 1:
        chain += holdings.read(folder).issuers
    return lambda body: jws.sign(key, body, TYPE, detached=True, chain=chain)


def verifier(roots: Sequence[x509.Certificate], *, at: datetime) -> Verifies:
    """A check that answers whom the signing certificate names."""

    def verify(body: bytes, signature: str) -> str:
        signed = tokens.verify_chained(signature, roots, typ=TYPE, at=at, detached=body)
        return owner(signed.path[0])

    return verify


def roots(folder: Path, named: Path | None) -> tuple[x509.Certificate, ...]:
    """The roots of a PEM file, or those that lie among the signing keys."""
    if named is None:
        return holdings.read(folder).roots
    return (certificates.read(named.read_bytes()),)


def owner(certificate: x509.Certificate) -> str:
    """The credit code of the body a certificate names; empty when it names none."""
    named = certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATION_IDENTIFIER)
    text = str(named[0].value) if named else ""
    return text.removeprefix(_LEGAL_PERSON) if text.startswith(_LEGAL_PERSON) else ""


def _key(folder: Path, authority: str, *, at: datetime) -> RawKey:
    for path in sorted(folder.glob("*-code.pem")):
        if owner(certificates.read(path.read_bytes())) == authority and path.with_suffix(".key").is_file():
            key = holdings.read(folder).key(path.stem)
            require(key, Use.CODE, at=at)
            return key
    raise KeyMissing(key=f"{authority}-code")
