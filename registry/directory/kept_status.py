"""Keep what CAs outside say about the certificates of our seals: one row each, for all workers and restarts.

In:    a certificate with its issuer and how to ask about it; or an issuer whose list is fetched
Out:   the newest answer or list, believed once more when it is read; how the last try went

Order: one worker asks at a time: a try is claimed by compare-and-swap on the time of the one before it. An older
       answer never replaces a newer one, and a failed try leaves what was there, which ages by itself.
Trust: a row holds what the issuer signed, and is checked again on its way out: the database is believed nothing.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from sqlalchemy import ColumnElement, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from registry.store import clashes
from registry.store.database import Database, Reading
from registry.store.tables.status_answers import KeptStatus
from signing.errors import PartnerSilent
from signing.ocsp import State as Stands
from signing.seal import StatusPolicy
from signing.status_answers import Answer, Answers, RevocationList, read, read_list
from verification import certificates

ANSWER, LIST = "answer", "list"
AHEAD = timedelta(minutes=20)  # an answer is asked for anew at this age, long before the hour that seals allow
AGAIN = timedelta(minutes=1)  # after a try that failed
GOOD = "good"
NEVER = "signing.status_answer_missing"  # the problem of a row whose first try is under way
LOOK = timedelta(seconds=5)  # how long a worker goes without looking at the row again


@dataclass(frozen=True, slots=True)
class Subject:
    """What is asked about: a certificate, or the list of an issuer (then both are the issuer)."""

    certificate: x509.Certificate
    issuer: x509.Certificate
    kind: str
    address: str

    @property
    def name(self) -> str:
        """The thumbprint under which it is kept."""
        return certificates.thumbprint(self.certificate)


@dataclass(frozen=True, slots=True)
class Condition:
    """How an answer stands, whether sealing can use it, and a line for the operator."""

    state: str
    usable: bool
    told: str


def is_due(row: KeptStatus | None, *, at: datetime) -> bool:
    """Whether it is time to ask. Pure."""
    if row is None:
        return True
    if row.problem is not None or row.this_update is None:
        return at - row.tried_at >= AGAIN
    return at - max(row.this_update, row.tried_at) >= AHEAD


def refresh(db: Database, subject: Subject, ask: Callable[[Subject], bytes], *, at: datetime) -> KeptStatus | None:
    """Ask if it is time and nobody else is asking, and keep what is believed; None: nothing was done."""
    with db.reading() as look:
        before = get(look, subject)
    if not is_due(before, at=at) or not _claim(db, subject, before, at=at):
        return None
    try:
        data = ask(subject)
        found = believed(subject, data, at=at)
    except PartnerSilent as refused:
        reason = str(refused.facts.get("reason", ""))[:60] or None
        return _write(db, subject, {"problem": refused.code, "reason": reason})
    newer = before is None or before.this_update is None or before.this_update <= found.this_update
    kept: dict[str, bytes | str | datetime | None] = {"data": data, "this_update": found.this_update} if newer else {}
    return _write(db, subject, {**kept, "problem": None, "reason": None})


def believed(subject: Subject, data: bytes, *, at: datetime) -> Answer | RevocationList:
    """What the bytes say, if the issuer stands by them."""
    if subject.kind == LIST:
        return read_list(data, subject.issuer, at=at)
    return read(data, subject.certificate, subject.issuer, at=at)


def condition(subject: Subject, row: KeptStatus | None, *, at: datetime) -> Condition:
    """How an answer stands: fresh, ageing after a failed try, or of no use. Pure."""
    trouble = "" if row is None or row.problem is None else " ".join(filter(None, (row.problem, row.reason)))
    name = f"{subject.kind} {subject.name[:19]} {subject.address}"
    found = _usable(subject, row, at=at)
    if found is None:
        return Condition("missing", False, f"{name}: {trouble or 'never asked'}")
    if isinstance(found, Answer) and found.standing.state is not Stands.GOOD:
        return Condition(found.standing.state.value, False, f"{name}: {found.standing.state.value}")
    since = found.this_update.isoformat(timespec="seconds")
    return Condition("ageing" if trouble else GOOD, True, f"{name}: {trouble}, the last one is of {since}")


def _usable(subject: Subject, row: KeptStatus | None, *, at: datetime) -> Answer | RevocationList | None:
    if row is None or row.data is None or row.this_update is None:
        return None
    if subject.kind == ANSWER and at - row.this_update > StatusPolicy().max_age:
        return None
    try:
        return believed(subject, row.data, at=at)
    except PartnerSilent:
        return None


def get(look: Reading, subject: Subject) -> KeptStatus | None:
    """The row of a subject."""
    return look.get(KeptStatus, (subject.name, subject.kind))


class KeptAnswers(Answers):
    """The answers at hand in this worker, and those that any worker has fetched."""

    def __init__(self, db: Database, issuers: Sequence[x509.Certificate]) -> None:
        super().__init__()
        self._db = db
        self._issuers = {one.subject: one for one in issuers}
        self._looked: dict[str, datetime] = {}

    def young(self, certificate: x509.Certificate, *, at: datetime, max_age: timedelta) -> Answer | None:
        """The newest answer about a certificate, if it is no older than this."""
        issuer = self._issuers.get(certificate.issuer)
        if issuer is not None and certificate != issuer:
            self._look(Subject(certificate, issuer, ANSWER, ""), at=at)
        return super().young(certificate, at=at, max_age=max_age)

    def _look(self, subject: Subject, *, at: datetime) -> None:
        if timedelta() <= at - self._looked.get(subject.name, at - LOOK) < LOOK:
            return
        self._looked[subject.name] = at
        with self._db.reading() as look:
            row = get(look, subject)
        if row is None or row.data is None:
            return
        try:
            self.keep(read(row.data, subject.certificate, subject.issuer, at=at))
        except PartnerSilent:
            return  # too old by now, or nothing the issuer has signed


class KeptLists:
    """The lists that lie in the signing folder, and the newest ones that any worker has fetched."""

    def __init__(self, db: Database, issuers: Sequence[x509.Certificate], own: Sequence[RevocationList]) -> None:
        self._db, self._found = db, {one.issuer: one for one in own}
        self._subjects = [Subject(one, one, LIST, "") for one in issuers]
        self._looked = float("-inf")

    def __iter__(self) -> Iterator[RevocationList]:
        """Each list, looked for anew now and then."""
        now = time.monotonic()
        if self._subjects and now - self._looked >= LOOK.total_seconds():
            self._looked = now
            self._take()
        return iter(tuple(self._found.values()))

    def _take(self) -> None:
        with self._db.reading() as look:
            rows = [(subject, get(look, subject)) for subject in self._subjects]
        for subject, row in rows:
            if row is None or row.data is None or row.this_update is None:
                continue
            try:
                found = read_list(row.data, subject.issuer, at=row.this_update)  # whether it holds now is asked of it
            except PartnerSilent:
                continue
            known = self._found.get(found.issuer)
            if known is None or known.this_update <= found.this_update:
                self._found[found.issuer] = found


def _claim(db: Database, subject: Subject, before: KeptStatus | None, *, at: datetime) -> bool:
    """Whether this worker is the one that asks."""
    if before is None:
        try:
            with db.writing() as tx:
                tx.add(KeptStatus(certificate=subject.name, kind=subject.kind, tried_at=at, problem=NEVER))
        except IntegrityError as clash:
            if clashes.taken(clash):
                return False
            raise
        return True
    with db.writing() as tx:
        same = (*_here(subject), col(KeptStatus.tried_at) == before.tried_at)
        return tx.connection().execute(update(KeptStatus).where(*same).values(tried_at=at)).rowcount == 1


def _write(db: Database, subject: Subject, values: Mapping[str, bytes | str | datetime | None]) -> KeptStatus:
    with db.writing() as tx:
        tx.connection().execute(update(KeptStatus).where(*_here(subject)).values(**values))
        row = tx.get(KeptStatus, (subject.name, subject.kind), populate_existing=True)
    if row is None:
        raise RuntimeError("a claimed row is gone")
    return row


def _here(subject: Subject) -> tuple[ColumnElement[bool], ...]:
    return col(KeptStatus.certificate) == subject.name, col(KeptStatus.kind) == subject.kind
