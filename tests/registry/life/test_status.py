"""registry/life/status.py: moves on certificates, on both engines"""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from registry.directory.access.callers import Caller
from registry.directory.access.errors import NotPermitted
from registry.directory.access.scopes import Kind, Role, Scope
from registry.directory.wording import Basis
from registry.life import status, status_motions, status_reading
from registry.life.contents import Approval
from registry.life.errors import ApprovalMissing
from registry.life.states import standing
from registry.life.states.errors import (
    BasisFromFuture,
    EffectTooEarly,
    MotionDecided,
    MotionOpen,
    MovedMeanwhile,
    MoveNotAllowed,
    NothingOrdered,
    NotIssued,
    OwnMotion,
    WrongOrgan,
)
from registry.life.states.lifecycle import FileState, State
from registry.life.states.moves import Asked
from registry.store.errors import NotFound
from registry.store.tables.ledger import LedgerEntry
from registry.store.tables.status import CertificateStatus, StatusAct
from tests.conftest import AT
from tests.registry.life.conftest import APPROVER, OFFICE, REGISTRAR, STRANGER, officer, rows
from verification.legal_dates import begins, legal_date

TODAY = legal_date(AT)
BASIS = Basis("关于暂扣示例证件的决定", "示人防罚〔2026〕1号", TODAY)
SUPERIOR = officer("superior", Role.REGISTRAR, Role.APPROVER, authority="11410000000000000T")
SYSTEM = Caller(Kind.CLIENT, "cli_system", OFFICE, frozenset({Scope.STATUS}))


def suspend(**changes):
    return replace(Asked(move="suspend", reason="investigation", basis=BASIS), **changes)


RESTORE = Asked(move="restore", reason="cleared", basis=BASIS)
REVOKE = Asked(move="revoke", reason="fraud", basis=BASIS)


class Desk:
    """A world with one issued certificate."""

    def __init__(self, world):
        self.world, self.at = world, AT
        self.one = world.issue().identifier

    def move(self, asked, by=REGISTRAR):
        """One officer moves it, at the desk's time."""
        return status.move(self.world.db, self.world.keyring, self.one, asked, by=by, at=self.at)

    def two(self, asked, by=REGISTRAR, second=APPROVER):
        """Another confirms."""
        motion = self.move(asked, by).motion
        return self.confirm(motion.id, second)

    def confirm(self, motion, by=APPROVER):
        return status.confirm(self.world.db, self.world.keyring, motion, by=by, at=self.at)

    def standing(self, at=None):
        with self.world.db.reading() as look:
            return standing.now(look, self.one, at=at or self.at)

    def ask(self, about=None, by=REGISTRAR):
        return status_reading.ask(self.world.db, self.world.documents, self.one, about=about, by=by, at=self.at)

    def entry(self):
        """The newest ledger entry."""
        with self.world.db.reading() as look:
            found = look.exec(select(LedgerEntry).order_by(LedgerEntry.id.desc())).first()
        return json.loads(found.body)


@pytest.fixture
def desk(world):
    return Desk(world)


class TestMove:
    """status.move()"""

    def test_suspended_and_restored(self, desk):
        """Act, head and ledger entry agree; the certificate's own row stays as it was."""
        before = rows(desk.world)[0].model_dump()
        moved = desk.move(suspend())
        assert (moved.standing.state, moved.act.sequence, moved.motion) == (State.SUSPENDED, 1, None)
        entry = desk.entry()
        assert (entry["event"], entry["subject"], entry["facts"]["to"]) == ("status-changed", desk.one, "suspended")
        assert [row["table"] for row in entry["rows"]] == ["status_act", "certificate_status"]

        desk.at += timedelta(hours=1)
        assert desk.move(RESTORE).standing.state is State.VALID
        assert rows(desk.world)[0].model_dump() == before
        assert [(one.sequence, one.state) for one in rows(desk.world, CertificateStatus)] == [(2, "valid")]

    def test_four_eyes(self, desk):
        """A revocation waits for another officer; until then the certificate holds."""
        motion = desk.move(REVOKE).motion
        assert desk.standing().state is State.VALID
        with pytest.raises(MotionOpen):
            desk.move(REVOKE)
        both = replace(APPROVER, id=REGISTRAR.id)
        with pytest.raises(OwnMotion):
            desk.confirm(motion.id, both)
        with pytest.raises(NotFound):
            desk.confirm(motion.id, STRANGER)
        done = desk.confirm(motion.id)
        assert (done.standing.state, done.act.by, done.act.confirmed_by) == (State.REVOKED, REGISTRAR.id, APPROVER.id)
        assert "status_motion" in {row["table"] for row in desk.entry()["rows"]}
        with pytest.raises(MotionDecided):
            desk.confirm(motion.id)

    def test_motion_refused_or_overtaken(self, desk):
        """A refused motion moves nothing; one whose certificate was moved meanwhile does not either."""
        motion = desk.move(REVOKE).motion
        status_motions.refuse(desk.world.db, motion.id, by=APPROVER, at=desk.at)
        with pytest.raises(MotionDecided):
            desk.confirm(motion.id)
        again = desk.move(REVOKE).motion
        desk.move(suspend())
        with pytest.raises(MovedMeanwhile):
            desk.confirm(again.id)
        assert desk.standing().state is State.SUSPENDED
        found = status_motions.box(desk.world.db, by=APPROVER, state="open")
        assert [one.id for one in found] == [again.id]

    def test_a_system_names_the_two_who_decided(self, desk):
        """What needs four eyes needs two names from a machine."""
        for approval in (None, Approval("甲", "甲 ")):
            with pytest.raises(ApprovalMissing):
                desk.move(replace(REVOKE, approval=approval), by=SYSTEM)
        assert desk.move(replace(REVOKE, approval=Approval("甲", "乙")), by=SYSTEM).act.becomes == "revoked"

    def test_superior_organ(self, desk):
        """It may revoke what a body below it issued, and not annul it; strangers are told of nothing."""
        with pytest.raises(WrongOrgan):
            desk.move(Asked(move="annul", reason="duplicate", basis=BASIS), by=SUPERIOR)
        with pytest.raises(NotFound):
            desk.move(suspend(), by=STRANGER)
        with pytest.raises(NotPermitted):
            desk.move(suspend(), by=APPROVER)
        second = replace(SUPERIOR, id="off_second")
        done = desk.two(replace(REVOKE, reason="beyond-powers"), by=SUPERIOR, second=second)
        assert (done.act.role, done.act.authority, done.standing.state) == (
            "superior", SUPERIOR.authority, State.REVOKED,
        )  # fmt: skip

    def test_only_what_was_issued(self, desk):
        """An intent or a void one has no state to move."""
        with pytest.raises(NotFound):
            status.move(desk.world.db, desk.world.keyring, "absent", suspend(), by=REGISTRAR, at=AT)
        with desk.world.db.writing() as tx:
            row = tx.get_one(type(rows(desk.world)[0]), desk.one)
            copied = row.model_dump() | {"identifier": "void", "state": "void", "void_reason": "test", "number": "0"}
            gone = dict.fromkeys(("document", "level", "seal", "sealed_at", "request_key"))
            tx.add(type(row)(**copied | gone | {"reference": "0" * 10, "status_index": row.status_index + 1}))
        with pytest.raises(NotIssued):
            status.move(desk.world.db, desk.world.keyring, "void", suspend(), by=REGISTRAR, at=AT)


class TestTime:
    """From when a move counts"""

    def test_later_without_anybody_s_doing(self, desk):
        """Ordered for a day it counts from that midnight in Shanghai; it can be rescinded before."""
        day = TODAY + timedelta(days=5)
        later = begins(day)
        desk.move(suspend(effective_on=day))
        assert (desk.standing().state, desk.standing().until) == (State.VALID, later)
        assert desk.standing(later).state is State.SUSPENDED
        desk.move(Asked(move="rescind", reason="decision-changed", basis=BASIS))
        assert desk.standing(later).state is State.VALID
        with pytest.raises(NothingOrdered):
            desk.move(Asked(move="rescind", reason="decision-changed", basis=BASIS))

    def test_from_the_beginning_and_back(self, desk):
        """Revoked from the beginning it never held; the judgment says it always did."""
        desk.move(suspend())
        desk.at += timedelta(days=2)
        desk.two(replace(REVOKE, from_beginning=True))
        assert desk.standing(AT).state is State.REVOKED
        desk.at += timedelta(days=30)
        judged = Asked(move="reinstate", reason="judgment", basis=BASIS, from_beginning=True)
        assert desk.two(judged).standing.state is State.VALID
        assert desk.standing(AT + timedelta(days=3)).state is State.VALID

    def test_at_three_days(self, desk):
        """A penalty of the tenth that was recorded on the fifteenth: what was known then, and what is judged now."""
        desk.at += timedelta(days=20)
        tenth = TODAY + timedelta(days=10)
        desk.move(suspend(effective_on=tenth, basis=replace(BASIS, day=tenth)))
        before, since, recorded = (TODAY + timedelta(days=days) for days in (9, 12, 20))
        found = [(one.as_known.state, one.as_judged.state) for one in map(desk.ask, (before, since, recorded))]
        assert found == [
            (State.VALID, State.VALID), (State.VALID, State.SUSPENDED), (State.SUSPENDED, State.SUSPENDED),
        ]  # fmt: skip
        early = desk.ask(TODAY - timedelta(days=1))
        assert (early.as_known, early.as_judged.state) == (None, State.WAITING)
        assert desk.ask(by=SUPERIOR).acts[0].words["title"] == BASIS.title

    @pytest.mark.parametrize(
        ("asked", "refusal", "because"),
        [
            (suspend(effective_on=TODAY - timedelta(days=1)), EffectTooEarly, "issue"),
            (suspend(effective_on=TODAY + timedelta(days=2)), EffectTooEarly, "basis"),
            (suspend(basis=replace(BASIS, day=TODAY + timedelta(days=11))), BasisFromFuture, None),
        ],
    )
    def test_too_early(self, desk, asked, refusal, because):
        """Not before the issue, not before the document's day, and not on a document of tomorrow."""
        desk.at += timedelta(days=10)
        if because == "basis":
            asked = replace(asked, basis=replace(BASIS, day=TODAY + timedelta(days=3)))
        with pytest.raises(refusal) as refused:
            desk.move(asked)
        assert refused.value.facts.get("because") == because

    def test_not_before_the_last_act(self, desk):
        """No act slips in before another that was already in force."""
        desk.at += timedelta(days=5)
        desk.move(suspend())
        desk.at += timedelta(days=5)
        with pytest.raises(EffectTooEarly) as refused:
            desk.move(replace(RESTORE, effective_on=TODAY + timedelta(days=2)))
        assert refused.value.facts == {"not_before": "2026-03-07", "because": "last_act"}


class TestTogether:
    """Two officers at once"""

    def test_one_wins_the_other_is_told(self, desk):
        """Of two who decided by the same sight one acts; the other hears what was done. Nothing is half-done."""
        start = threading.Barrier(2)

        def act(asked):
            start.wait(10)
            try:
                return desk.move(asked).act.move
            except (MovedMeanwhile, MoveNotAllowed) as refused:
                return refused

        other = Asked(move="withdraw", reason="law-changed", basis=BASIS, after=0, approval=Approval("甲", "乙"))
        with ThreadPoolExecutor(2) as pool:
            told = list(pool.map(act, [suspend(after=0), suspend(after=0, reason="penalty")]))
        refused = [one for one in told if isinstance(one, MovedMeanwhile)]
        assert len(refused) == 1, told
        assert (refused[0].facts["move"], refused[0].facts["state"], refused[0].facts["sequence"]) == (
            "suspend", "suspended", 1,
        )  # fmt: skip
        with pytest.raises(MovedMeanwhile):
            desk.move(other, by=SYSTEM)
        assert [one.move for one in rows(desk.world, StatusAct)] == ["suspend"]

    def test_eight_systems(self, desk):
        """Eight at once, back and forth: every act has its own number, and the head agrees with their fold."""

        def act(number):
            asked = suspend() if number % 2 else RESTORE
            try:
                return desk.move(asked).act.sequence
            except (MovedMeanwhile, MoveNotAllowed):
                return None

        with ThreadPoolExecutor(8) as pool:
            done = [one for one in pool.map(act, range(24)) if one is not None]
        assert sorted(done) == list(range(1, len(done) + 1))
        head = rows(desk.world, CertificateStatus)[0]
        assert (head.sequence, head.state) == (len(done), desk.standing().state)


class TestFile:
    """The file's own state"""

    def test_taken_down_and_put_back(self, desk):
        """The legal act goes on; who asks for the file is told."""
        taken = desk.move(Asked(move="take-down-file", reason="wrong-file"))
        assert (taken.standing.state, taken.standing.file) == (State.VALID, FileState.WITHDRAWN)
        desk.move(suspend())
        back = desk.move(Asked(move="put-back-file", reason="taken-down-in-error"))
        assert (back.standing.state, back.standing.file) == (State.SUSPENDED, FileState.KEPT)
