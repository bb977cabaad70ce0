"""Hash passwords, check them, and refuse the easily guessed.

Order: the hash is computed even when there is nothing to compare with, so a login that nobody has takes as long.
Spec:  argon2id (RFC 9106) at the memory and passes OWASP names for servers; length and no composition rules as in
       NIST SP 800-63B.
"""

import unicodedata
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from registry.directory.access.errors import PasswordUnfit

SHORTEST = 10
LONGEST = 200
SALT = 16  # bytes

HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
# A hash takes 19 MiB and a core: more at once would only make each slower and the machine smaller.
_TURN = BoundedSemaphore(4)
_GUESSED_FIRST = ("password", "passw0rd", "qwerty", "admin", "welcome", "letmein", "123456", "abc123", "iloveyou")


def hashed(password: str, *, salt: bytes) -> str:
    """Hash a password for keeping."""
    with _TURN:
        return HASHER.hash(_plain(password), salt=salt)


def matches(password: str, kept: str | None) -> bool:
    """Compare a password with the kept hash; without one, work as long and say no."""
    with _TURN:
        try:
            HASHER.verify(kept or _nobody(), _plain(password)[: LONGEST * 4])
        except (VerificationError, InvalidHashError):
            return False
    return kept is not None


def require_fit(password: str, *, login: str) -> None:
    """Refuse a password that is short, or that is tried first by whoever guesses."""
    plain = unicodedata.normalize("NFKC", password)
    folded = plain.casefold()
    if not SHORTEST <= len(plain) <= LONGEST:
        raise PasswordUnfit(reason="length", shortest=SHORTEST, longest=LONGEST)
    if len(set(folded)) < 5:
        raise PasswordUnfit(reason="repeats", shortest=SHORTEST, longest=LONGEST)
    if login.casefold() in folded or any(word in folded for word in _GUESSED_FIRST):
        raise PasswordUnfit(reason="guessable", shortest=SHORTEST, longest=LONGEST)


def _plain(password: str) -> bytes:
    """The bytes of a password, the same whichever keyboard composed its characters."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")


@cache
def _nobody() -> str:
    """A hash as costly as any, which nobody's password has."""
    return HASHER.hash("nobody", salt=b"nobody's salt 16")
