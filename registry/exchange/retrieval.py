"""Look certificates up under a matter, a case, a purpose, an operator and a basis, and answer with a signed receipt.

In:    what is asked, by whom, now
Out:   the matter's fields of what satisfies, the reason for what does not, the receipt

Order: look and decide, without holding a writer up; then in one transaction the grant, the entry, the row, the uses
       of each certificate, the signature. Nothing is answered before that commits, so what cannot be written down is
       not disclosed; a state that changes between the two is that of the moment it was looked at.
Trust: budgets: successes count by their own rows, of each certificate; failures are spent, by client and subject.
"""

import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from registry.directory import seals
from registry.directory.access import budgets
from registry.directory.access.callers import Caller
from registry.directory.access.errors import TooManyTries
from registry.directory.access.scopes import Scope
from registry.directory.matters import reading as matters
from registry.directory.matters.materials import BasisKind, Mode
from registry.directory.matters.reading import Matter
from registry.directory.seals import Purpose
from registry.exchange import allowances, cases, grants, receipts
from registry.exchange.allotments import Allotments
from registry.exchange.allowances import Allowed, Asked
from registry.exchange.errors import UsedTooOften
from registry.exchange.finding.search import HOUR, Answer, Candidate, Search
from registry.exchange.grants import Opening
from registry.exchange.receipts import Shown
from registry.life import holders
from registry.store import ledger, once
from registry.store.database import Database, Reading, Writing
from registry.store.documents import Documents
from registry.store.envelopes import seal
from registry.store.events import Event
from registry.store.tables.access import Officer
from registry.store.tables.base import Fresh, Row
from registry.store.tables.grants import HolderGrant
from registry.store.tables.retrievals import CertificateUse, Retrieval
from signing.keys import RawKey
from signing.receipts import Signer
from verification import digests
from verification.canonical import Json
from verification.legal_dates import legal_date
from verification.receipts import written

KIND = "retrieval"


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a look-up stays live, and how often one may look."""

    live: timedelta = timedelta(minutes=15)
    uses: int = 60  # of one certificate, by one authority in an hour
    misses: int = 600  # of one client, in an hour
    guesses: int = 20  # at one subject, in an hour
    per_minute: int = 30_000  # look-ups of one client


@dataclass(frozen=True, slots=True)
class Plan:
    """A look-up that was decided, before anything of it is told or written."""

    asked: Asked
    by: Caller
    at: datetime
    matter: Matter
    who: Mapping[str, Json]
    shown: Sequence[Shown]
    lacking: Sequence[Mapping[str, Json]]
    known: bool
    guess: str  # what a failure is counted under
    signer: Signer


@dataclass(frozen=True, slots=True)
class Retrieved:
    """A look-up on record, and what the office is answered."""

    id: str
    answer: Mapping[str, Json] = field(repr=False)

    def to_bytes(self) -> bytes:
        """The answer as JSON."""
        return json.dumps(self.answer, ensure_ascii=False, separators=(",", ":")).encode()


class LookUps:
    """The look-ups of a hub; one for all requests of a worker, safe to use from several threads.

    Kept in memory is only what cannot change: the secret of holders' marks, and keys by their thumbprints.
    """

    def __init__(
        self,
        documents: Documents,
        open_key: Callable[[str], RawKey],
        *,
        limits: Limits | None = None,
        random: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        self._keyring, self._open, self._random = documents.keyring, open_key, random
        self.limits = limits or Limits()
        self._secret = b""
        self._signers: dict[tuple[str, str], Signer] = {}
        self._drawn = Allotments(self.limits.per_minute)

    def retrieve(self, db: Database, asked: Asked, *, by: Caller, at: datetime) -> Retrieved:
        """Look up now."""
        by.require(Scope.RETRIEVE)
        self._drawn.spend(db, f"look-ups:{by.id}", at=at)
        with db.reading() as look:
            plan = self.plan(look, asked, by=by, at=at)
        return self.carry_out(db, plan)

    def plan(self, look: Reading, asked: Asked, *, by: Caller, at: datetime) -> Plan:
        """Decide a look-up: what may be shown, what satisfies, what is missing."""
        on = legal_date(at)
        matter = matters.current(look, asked.matter, on=on)
        allowed = allowances.decide(matter, asked, by=by)
        opened = self._opened(look, asked, matter, by=by, at=at)
        allowed = allowances.narrowed(allowed, None if opened is None else opened.fields, asked=asked.mode)
        ground = cases.ground(look, by.authority, asked.case_number, on=on)
        known = cases.known(ground, matter.code, asked.bundle)
        search = Search(look, self._keyring, self._marks(look), authority=by.authority, at=at, opened=opened)
        found = search.answer([one.material for one in allowed], asked.about)
        both = list(zip(allowed, found, strict=True))
        shown = [receipts.show(one, each, self._random) for one, told in both for each in _enough(one, told)]
        if any(one.used >= self.limits.uses for one in shown):
            raise UsedTooOften(seconds=HOUR // timedelta(seconds=1))
        lacking = [receipts.missing(told, one.mode) for one, told in both if not told.found]
        who = _who(look, asked, by, ground.office or "")
        return Plan(
            asked, by, at, matter, who, shown, lacking, known, search.lead(asked.about), self._signer(look, at=at)
        )

    def carry_out(self, db: Database, plan: Plan) -> Retrieved:
        """Write a decided look-up down and sign its receipt, then tell what was found."""
        with db.writing() as tx:
            refused = None if plan.shown else self._spend_failure(tx, plan)
            done = None if refused else self._recorded(tx, plan)
        if done is None:
            raise refused.on_record() if refused else RuntimeError("a look-up was neither refused nor recorded")
        return done

    def _recorded(self, tx: Writing, plan: Plan) -> Retrieved:
        by, key = plan.by, f"ret_{self._random(10).hex()}"
        act = receipts.Act(key, plan.matter, plan.asked, plan.who, plan.known, plan.at)
        content = receipts.content(act, plan.shown, plan.lacking)
        row = self._row(plan, key, digests.sha256(content))
        uses = [Fresh(CertificateUse, _use(plan, key, one)) for one in plan.shown]
        grant = plan.asked.basis.grant if plan.shown else None  # one that opened nothing stays unused
        used: list[HolderGrant] = [] if grant is None else grants.use(tx, grant, key, at=plan.at)
        named: list[Row | Fresh] = [Fresh(Retrieval, row), *uses, *used]
        entry = ledger.append(
            tx, Event.RETRIEVED, at=plan.at, by=by.id, subject=key, facts=_facts(plan, row), rows=named
        )
        receipt = plan.signer.sign(content, entry, at=plan.at)
        wrapped, sealed = seal(self._keyring, receipt.encode(), kind=KIND, name=key, random=self._random)
        row |= {"entry": entry, "sealed": sealed, "key_id": wrapped.key_id, "wrapped_key": wrapped.key}
        once.enter(tx, [Fresh(Retrieval, row)])
        once.enter(tx, uses)
        return Retrieved(key, _answer(plan, row, receipt))

    def _opened(self, look: Reading, asked: Asked, matter: Matter, *, by: Caller, at: datetime) -> Opening | None:
        """What the holder's grant opens; None where a statute is the basis."""
        if asked.basis.kind is not BasisKind.GRANT:
            return None
        return grants.opening(look, asked.basis.grant, authority=by.authority, matter=matter.code, at=at)

    def _row(self, plan: Plan, key: str, content: str) -> dict[str, Any]:
        asked, matter = plan.asked, plan.matter
        return {
            "id": key,
            "authority": plan.by.authority,
            "caller": plan.by.id,
            "case_number": asked.case_number,
            "case_unknown": not plan.known,
            "matter": matter.code,
            "matter_version": matter.version,
            "scenario": asked.scenario,
            "basis": asked.basis.kind.value,
            "grant_id": asked.basis.grant,
            "found": len(plan.shown),
            "content": content,
            "at": plan.at,
            "live_until": plan.at + self.limits.live,
        }

    def _spend_failure(self, tx: Writing, plan: Plan) -> TooManyTries | None:
        """Failures are spent by client and by subject: who has no right to know cannot go on guessing."""
        spent = budgets.spent(tx, f"misses:{plan.by.id}", self.limits.misses, at=plan.at, per=HOUR)
        return spent or budgets.spent(tx, f"guesses:{plan.guess}", self.limits.guesses, at=plan.at, per=HOUR)

    def _marks(self, look: Reading) -> bytes:
        if not self._secret:
            self._secret = holders.secret(look, self._keyring) or b""
        return self._secret

    def _signer(self, look: Reading, *, at: datetime) -> Signer:
        place = seals.current(look, Purpose.HUB, None)
        known = (place.locator, place.thumbprint)
        if known not in self._signers:
            self._signers[known] = Signer(seals.same(self._open(place.locator), place), at=at)
        return self._signers[known]


def _enough(one: Allowed, told: Answer) -> Sequence[Candidate]:
    """Where nothing but a yes is shown, one certificate is enough: how many there are is not told."""
    return told.found[:1] if one.mode is Mode.VERIFY else told.found


def _who(look: Reading, asked: Asked, by: Caller, office: str) -> dict[str, Json]:
    if asked.operator is not None:
        operator = (asked.operator.account, asked.operator.name)
    else:
        operator = (by.id, look.get_one(Officer, by.id).name)
    return {
        "authority": {"code": by.authority, "name": office},
        "caller": by.id,
        "operator": {"account": operator[0], "name": operator[1]},
    }


def _use(plan: Plan, key: str, one: Shown) -> dict[str, Any]:
    named = {"act": key, "certificate": one.identifier, "material": one.material, "kind": KIND}
    return {**named, "mode": one.mode.value, "authority": plan.by.authority, "at": plan.at}


def _facts(plan: Plan, row: Mapping[str, Any]) -> dict[str, str | int]:
    return {
        "authority": row["authority"],
        "matter": plan.matter.reference,
        "case": cases.mark(row["case_number"]),
        "basis": row["basis"],
        "found": row["found"],
        "receipt": row["content"],
    }


def _answer(plan: Plan, row: Mapping[str, Any], receipt: str) -> dict[str, Json]:
    return {
        "id": row["id"],
        "at": written(plan.at),
        "matter": plan.matter.reference,
        "case_number": row["case_number"],
        "case_unknown": row["case_unknown"],
        "results": [one.answer for one in plan.shown],
        "missing": list(plan.lacking),
        "receipt": receipt,
        "entry": row["entry"],
        "live_until": written(row["live_until"]),
    }
