"""Name bytes by their digest, always with the algorithm in front: `sha256:…`, `sm3:…`.

Spec:  FIPS 180-4 (SHA-256); GB/T 32905 (SM3).
"""

import hashlib
import re
from dataclasses import dataclass
from typing import BinaryIO

from cryptography.hazmat.primitives import hashes

PIECE = 1 << 18  # bytes of a file that are read at once
SHA256 = re.compile(r"sha256:[0-9a-f]{64}")
SM3 = re.compile(r"sm3:[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Digests:
    """Two names of the same bytes; both must agree before the bytes are believed."""

    sha256: str
    sm3: str


def sha256(data: bytes) -> str:
    """The SHA-256 digest in text form."""
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def sha256_of(file: BinaryIO) -> str:
    """The same of a file, from where it stands to its end, piece by piece."""
    found = hashlib.sha256()
    while piece := file.read(PIECE):
        found.update(piece)
    return f"sha256:{found.hexdigest()}"


def sm3(data: bytes) -> str:
    """The SM3 digest in text form."""
    digest = hashes.Hash(hashes.SM3())
    digest.update(data)
    return f"sm3:{digest.finalize().hex()}"


def digests(data: bytes) -> Digests:
    """Both digests of the same bytes."""
    return Digests(sha256=sha256(data), sm3=sm3(data))
