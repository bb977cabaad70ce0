"""Read what a folder of signing keys holds, by the names of its files.

In:    a folder: `root*.pem`, `issuing*.pem`, `tsa*.pem`, `ocsp*.pem`, `log*.pub`, `trust-list.pem`; beside each
       certificate its private key `NAME.key`, where it lies here at all
Out:   the certificates by their task; whose seals and code keys lie here, their enrolment says

Trust: certificates are public and only read here; whether a key may be used is asked when it is used.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from signing import key_files
from signing.errors import KeyMissing
from signing.keys import RawKey
from verification import certificates, public_keys
from verification.public_keys import Algorithm, PublicKey


@dataclass(frozen=True, slots=True)
class Holdings:
    """Everything a folder holds."""

    folder: Path
    roots: tuple[x509.Certificate, ...]
    issuers: tuple[x509.Certificate, ...]
    tsa: tuple[x509.Certificate, ...]
    ocsp: tuple[x509.Certificate, ...]
    logs: tuple[tuple[str, PublicKey], ...]

    def key(self, name: str) -> RawKey:
        """Load a private key of the folder by its name."""
        path = self.folder / f"{name}.key"
        if not path.is_file():
            raise KeyMissing(key=name)
        certificate = path.with_suffix(".pem")
        return key_files.load(path, certificates_at=certificate if certificate.is_file() else None)

    def log_keys(self) -> list[RawKey]:
        """Load the private keys of the public log, the Ed25519 one first."""
        found = [self.key(name) for name, _ in self.logs]
        return sorted(found, key=lambda key: key.algorithm is not Algorithm.ED25519)


def read(folder: Path) -> Holdings:
    """Read a folder's certificates and public keys."""
    return Holdings(
        folder,
        roots=tuple(_certificates(folder, "root*.pem")),
        issuers=tuple(_certificates(folder, "issuing*.pem")),
        tsa=tuple(_certificates(folder, "tsa*.pem")),
        ocsp=tuple(_certificates(folder, "ocsp*.pem")),
        logs=tuple(_public(folder, "log*.pub")),
    )


def _certificates(folder: Path, pattern: str) -> Iterator[x509.Certificate]:
    for path in sorted(folder.glob(pattern)):
        yield certificates.read(path.read_bytes())


def _public(folder: Path, pattern: str) -> Iterator[tuple[str, PublicKey]]:
    for path in sorted(folder.glob(pattern)):
        yield path.stem, public_keys.known(load_pem_public_key(path.read_bytes()))
