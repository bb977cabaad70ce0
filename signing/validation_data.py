"""Gather what a verifier will need in years: every certificate of the paths, and how each of them stood.

In:    the paths of seal and time-stamp authority, the answers and lists at hand, the time, the largest age
Out:   `ValidationData`: what is there, and for which certificates nothing is
Next:  the store behind the seal (`verification.pdf.security_store`)

Order: a certificate that was withdrawn stops the seal here, before the key is used.
Spec:  EN 319 142-1 §5.4 (DSS), §6.3 (B-LT: full certificate and revocation values)
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from cryptography import x509

from signing.errors import CertificateWithdrawn
from signing.ocsp import State
from signing.status_answers import Answer, Answers, RevocationList
from verification import certificates
from verification.certificates import Path
from verification.pdf.security_store import Store


class Level(StrEnum):
    """How far a sealed document carries its own proof (EN 319 142-1 §6)."""

    B_B = "B-B"
    B_T = "B-T"
    B_LT = "B-LT"


@dataclass(frozen=True, slots=True)
class ValidationData:
    """What is embedded; `missing` names the certificates whose standing is not told by it."""

    certificates: tuple[x509.Certificate, ...] = ()
    answers: tuple[Answer, ...] = ()
    lists: tuple[RevocationList, ...] = ()
    missing: tuple[str, ...] = ()

    def store(self) -> Store:
        """The same as a document carries it."""
        shown = tuple(map(certificates.der, self.certificates))
        return Store(shown, tuple(one.data for one in self.answers), tuple(one.data for one in self.lists))


NOTHING = ValidationData()


def gather(
    paths: Iterable[Path], answers: Answers, lists: Iterable[RevocationList], *, at: datetime, max_age: timedelta
) -> ValidationData:
    """What is at hand about every certificate below the roots of these paths."""
    walked = tuple(paths)
    shown = {certificates.thumbprint(one): one for path in walked for one in path}
    told: dict[str, Answer] = {}
    used: dict[str, RevocationList] = {}
    missing: dict[str, None] = {}
    for one, issuer, root in _steps(walked):
        name = certificates.thumbprint(one)
        if answer := answers.young(one, at=at, max_age=max_age):
            _require_good(name, answer.standing.state)
            told[name] = answer
            shown[certificates.thumbprint(answer.signer)] = answer.signer
        elif issuer == root and (found := _list_of(root, lists, at=at)):
            _require_good(name, State.REVOKED if one.serial_number in found.revoked else State.GOOD)
            used[found.issuer] = found
        else:
            missing[name] = None
    return ValidationData(tuple(shown.values()), tuple(told.values()), tuple(used.values()), tuple(missing))


def reached(data: ValidationData, *, stamped: bool) -> Level:
    """The level of a document with this inside, whatever was wished for."""
    if not stamped:
        return Level.B_B
    return Level.B_T if data.missing or not data.certificates else Level.B_LT


def _steps(paths: Iterable[Path]) -> Iterable[tuple[x509.Certificate, x509.Certificate, x509.Certificate]]:
    """Each certificate of a path with its issuer and its root; the root answers for itself."""
    return ((one, issuer, path[-1]) for path in paths for one, issuer in pairwise(path))


def _list_of(root: x509.Certificate, lists: Iterable[RevocationList], *, at: datetime) -> RevocationList | None:
    """The newest list of a root.

    What an issuing CA issued needs a fresh answer: its lists are some days old when they are embedded, and a
    verifier in ten years takes none that is older than the signature it should speak for.
    """
    name = certificates.thumbprint(root)
    found = (one for one in lists if one.issuer == name and one.this_update <= at <= one.next_update)
    return max(found, key=lambda one: one.this_update, default=None)


def _require_good(name: str, state: State) -> None:
    if state is not State.GOOD:
        raise CertificateWithdrawn(certificate=name, standing=state.value)
