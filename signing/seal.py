"""Seal a finished PDF: check everything, sign once, check what was signed.

In:    the PDF, the seal's key, what all seals share (time-stamper, status answers, roots), the time
Out:   `Sealed`: the document, its digest, and the level that was reached, which may be less than was wished for
Next:  the register keeps the document; it is never changed again

Order: document → key and path → validation data → sign and time-stamp → store → own check. What is refused before
       `sign` has used no key.
Trust: the level is told from what lies inside; `Without` says what happens when it would be lower, per type.
Spec:  EN 319 142-1 §6 (PAdES B-LT); see cms, embed, validation_data
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeAlias

from cryptography import x509

from signing import cms, embed, validation_data
from signing.errors import KeyNotForThis, NotPdf, PdfTooLarge, SealBroken, StatusAnswerAwaited, StatusAnswerMissing
from signing.keys import RawKey, Use, require
from signing.status_answers import Answers, RevocationList
from signing.timestamp import TimeStamper
from signing.validation_data import NOTHING, Level, ValidationData
from verification import certificates, digests
from verification.certificates import Path
from verification.pdf import security_store

SelfCheck: TypeAlias = Callable[[bytes, datetime], Sequence[str]]  # a sealed PDF → the names of the checks that fail

LARGEST = 50 << 20  # bytes of a PDF


class Without(StrEnum):
    """What a type wants when no young status answer is at hand."""

    REFUSE = "refuse"
    WAIT = "wait"
    LOWER = "lower"


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusPolicy:
    """How old a status answer may be, and what happens without one."""

    max_age: timedelta = timedelta(hours=1)
    without: Without = Without.REFUSE


STRICT = StatusPolicy()


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What every seal of the house shares; `between` are issuing certificates that keys do not bring along."""

    stamper: TimeStamper
    answers: Answers
    lists: Iterable[RevocationList]
    roots: Sequence[x509.Certificate]
    self_check: SelfCheck
    between: Sequence[x509.Certificate] = ()
    largest: int = LARGEST


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sealed document, with what it reached."""

    document: bytes
    level: Level
    digest: str
    certificate: str
    at: datetime


class Sealer:
    """One seal: its key, and the template of its signatures; safe to use from several threads."""

    def __init__(self, key: RawKey, means: Means) -> None:
        if key.certificate is None:
            raise KeyNotForThis(key=key.key_id, use=Use.SEAL.value)
        self._key = key
        self._certificate = key.certificate
        self._means = means
        self._template = cms.Template(key, use=Use.SEAL.value, above=means.between)
        self._reserve = self._template.largest(stamp=means.stamper.largest)
        self._known: tuple[Path, Path] | None = None

    def apply(self, document: bytes, *, at: datetime, policy: StatusPolicy = STRICT) -> Sealed:
        """The document, sealed; refused as a whole if anything about it is not in order."""
        if len(document) > self._means.largest:
            raise PdfTooLarge(found=len(document), largest=self._means.largest)
        writer = embed.opened(document)
        require(self._key, Use.SEAL, at=at)
        at = at.replace(microsecond=0)  # /M and the time-stamp count whole seconds
        inside = self._validation_data(policy, at=at)
        signed = embed.embed(
            writer,
            lambda digest: self._sign(digest, at=at),
            hash_name=self._template.hash,
            reserve=self._reserve,
            at=at,
        )
        if inside.certificates:
            signed = _with_store(signed, inside)
        if failed := self._means.self_check(signed, at):
            raise SealBroken(failed=", ".join(failed))
        level = validation_data.reached(inside, stamped=True)
        return Sealed(signed, level, digests.sha256(signed), self._key.key_id, at)

    def require_answers(self, policy: StatusPolicy, *, at: datetime) -> None:
        """Refuse now what `apply` would refuse for want of a status answer."""
        self._validation_data(policy, at=at)

    def _sign(self, digest: bytes, *, at: datetime) -> bytes:
        return self._template.sign(digest, stamp=lambda signature: self._means.stamper.stamp(signature, at=at))

    def _validation_data(self, policy: StatusPolicy, *, at: datetime) -> ValidationData:
        found = validation_data.gather(
            self._paths(at=at), self._means.answers, self._means.lists, at=at, max_age=policy.max_age
        )
        if not found.missing:
            return found
        if policy.without is Without.REFUSE:
            raise StatusAnswerMissing(certificate=found.missing[0])
        if policy.without is Without.WAIT:
            raise StatusAnswerAwaited(certificate=found.missing[0])
        return NOTHING  # half of it would look like the whole to a hasty reader

    def _paths(self, *, at: datetime) -> tuple[Path, Path]:
        """The paths of seal and time-stamper; what was once found holds as long as every certificate in it does."""
        if self._known is None or not _in_force(self._known, at=at):
            self._known = self._found(at=at)
        return self._known

    def _found(self, *, at: datetime) -> tuple[Path, Path]:
        stamping, *above = self._means.stamper.chain
        between = [*self._means.between, *self._key.chain, *above]
        seal = certificates.path(self._certificate, between, self._means.roots, at=at)
        return seal, certificates.path(stamping, between, self._means.roots, at=at)


def _in_force(paths: tuple[Path, Path], *, at: datetime) -> bool:
    return all(one.not_valid_before_utc <= at <= one.not_valid_after_utc for path in paths for one in path)


def _with_store(signed: bytes, inside: ValidationData) -> bytes:
    try:
        return security_store.append(signed, inside.store())
    except ValueError:  # a catalogue such as no office program writes
        raise NotPdf(reason="catalogue") from None
