"""Check a code place by place: how many characters, and which one may stand where.

Out:   nothing, or a refusal that names the position (counted from 1) and what may stand there, never what stood there
"""

from collections.abc import Sequence

from verification.errors import WrongCharacter, WrongLength

DIGITS = "0123456789"
ALPHANUMERIC = DIGITS + "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def fit(text: str, places: Sequence[str], *, kind: str, least: int | None = None) -> None:
    """Refuse a text that does not fill its places; with `least`, the last places may stay empty."""
    most = len(places)
    least = most if least is None else least
    if not least <= len(text) <= most:
        raise WrongLength(kind=kind, found=len(text), expected=str(most) if least == most else f"{least}-{most}")
    for position, (character, allowed) in enumerate(zip(text, places, strict=False), start=1):
        if character not in allowed:
            raise WrongCharacter(kind=kind, position=position, expected=allowed)
