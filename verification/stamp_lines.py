"""Read the time-stamp below a checkpoint: a time-stamp authority's word that its text existed at a time.

    — log.example/log/tsa <four bytes that name the kind, then an RFC 3161 token over the note's text>

In:    a note, who is trusted
Out:   the earliest time that a trusted authority vouches for; none: nobody that is trusted does

Trust: a token that is not over this text spoils the note, as a known key's wrong line does; an authority that is not
       trusted is passed over, as an unknown key is.
Spec:  C2SP signed-note (0xff: a kind without a number of its own, named in full); RFC 3161
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from verification import trusted
from verification.errors import CheckFailed, CheckpointRefused
from verification.notes import Note, Signature
from verification.pdf import stamp
from verification.pdf.stamp import Stamp
from verification.trusted import Trust

KIND = b"\xffRFC 3161 time-stamp over the text of this note"


@dataclass(frozen=True, slots=True)
class Stamped:
    """Since when a checkpoint exists, and the certificate of whoever says so."""

    at: datetime
    certificate: str


def name(origin: str) -> str:
    """What a time-stamp's line below a log's checkpoints bears."""
    return f"{origin}/tsa"


def line(origin: str, token: bytes) -> Signature:
    """A token as a line."""
    return Signature(name(origin), _key_id(name(origin)), token)


def read(note: Note) -> tuple[Stamp, ...]:
    """The time-stamps below a note, each over its text; whether their authorities are trusted is not judged."""
    return tuple(_read(note, one) for one in note.signatures if one.key_id == _key_id(one.name))


def judge(note: Note, trust: Trust | None) -> Stamped | None:
    """The earliest time that a trusted authority vouches for."""
    found = read(note)
    told = [] if trust is None else list(_trusted(found, trust))
    return min(told, key=lambda one: one.at, default=None)


def _trusted(found: tuple[Stamp, ...], trust: Trust) -> Iterator[Stamped]:
    for one in found:
        try:
            yield Stamped(one.at, trusted.stamper(trust, one.token, (), at=one.at))
        except CheckFailed:
            continue


def _read(note: Note, one: Signature) -> Stamp:
    try:
        return stamp.read(one.value, note.text.encode())
    except CheckFailed:
        raise CheckpointRefused(reason="stamp") from None


def _key_id(of: str) -> bytes:
    return hashlib.sha256(of.encode() + b"\n" + KIND).digest()[:4]
