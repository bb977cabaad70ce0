"""Read the certificates that a client is bound to (mutual TLS), and say whether a connection showed one of them.

In:    certificates as PEM, when a client is bound; the DER of the one a connection showed, at each use
Out:   their SHA-256 thumbprints, as a column keeps them; yes or no

Trust: the handshake is the TLS proxy's, which shows us the certificate; whose it is decides the thumbprint alone, so
       that a certificate may be the client's own or any CA's. One out of its dates counts as none.
Spec:  RFC 8705 §2.2 and §3 (x5t#S256), with the binding to the client instead of the single token.
"""

import base64
import hashlib
from collections.abc import Iterable
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from registry.directory.access.errors import CertificateUnfit

MOST = 4  # two, and their successors
LARGEST = 16_384  # bytes of one


def written(certificates: Iterable[str]) -> str | None:
    """Write certificates as a column keeps them, or say which one is none."""
    found: dict[str, None] = {}
    for position, text in enumerate(certificates, 1):
        try:
            read = x509.load_pem_x509_certificate(text.encode())
        except ValueError:
            raise CertificateUnfit(position=position) from None
        found[thumbprint(read.public_bytes(Encoding.DER))] = None
    if len(found) > MOST:
        raise CertificateUnfit(position=MOST + 1)
    return " ".join(found) or None


def admit(kept: str | None, shown: bytes | None, *, at: datetime) -> bool:
    """Whether a connection showed one of a client's certificates; a client without any needs none."""
    if not kept:
        return True
    if shown is None or len(shown) > LARGEST or thumbprint(shown) not in kept.split():
        return False
    read = x509.load_der_x509_certificate(shown)  # it could be read when the client was bound to it
    return read.not_valid_before_utc <= at <= read.not_valid_after_utc


def thumbprint(der: bytes) -> str:
    """The name of a certificate (x5t#S256)."""
    return base64.urlsafe_b64encode(hashlib.sha256(der).digest()).decode().rstrip("=")
