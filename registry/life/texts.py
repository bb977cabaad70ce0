"""Draw texts at random: serials of identifiers, short references.

Trust: every letter is equally likely; a byte that would favour one is drawn again.
"""

from collections.abc import Callable

SERIAL = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
REFERENCE = "23456789ACDEFGHJKLMNPQRTUVWXY"  # nothing that looks like another when read from paper: 0O 1I 5S 2Z 8B
SERIAL_LENGTH, REFERENCE_LENGTH = 20, 10


def draw(random: Callable[[int], bytes], alphabet: str, length: int) -> str:
    """A text of this length from these letters."""
    fair = 256 - 256 % len(alphabet)
    found: list[str] = []
    while len(found) < length:
        found += [alphabet[value % len(alphabet)] for value in random(2 * length) if value < fair]
    return "".join(found[:length])


def below(random: Callable[[int], bytes], limit: int) -> int:
    """A number from 0 on, below a power of two."""
    if limit & (limit - 1):
        raise RuntimeError("below() takes a power of two")
    return int.from_bytes(random(8)) & (limit - 1)
