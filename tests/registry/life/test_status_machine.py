"""The later life of certificates, step by step at random: a state machine over the real register."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from registry.directory.wording import Basis
from registry.life import replacements, status
from registry.life.contents import Approval, Replaces
from registry.life.states import lifecycle, standing
from registry.life.states.errors import (
    MovedMeanwhile,
    MoveNotAllowed,
    StatusRefused,
)
from registry.life.states.lifecycle import Effect
from registry.life.states.moves import Asked
from registry.store.tables.status import Replacement
from tests import seeds
from tests.conftest import AT
from tests.registry.life.conftest import REGISTRAR, World, filing
from tests.registry.life.lives import acts, copied, newest, whole
from tests.registry.life.test_status import SYSTEM
from verification.codes import identifier
from verification.legal_dates import legal_date

MOVES = sorted(code for code, move in lifecycle.table().moves.items() if not move.by_issue)
_numbers = count(1)


class Lives(RuleBasedStateMachine):
    """One certificate, its successors, time that passes, and two who act."""

    world: World
    seed_row = None

    def __init__(self):
        super().__init__()
        self.at = AT
        self.row = copied(self.world, self.seed_row, next(_numbers))
        self.seen = []  # what was known when
        self.since = newest(self.world)

    def asked(self, move, choice, days, beginning):
        """Something to ask, sensible more often than not."""
        reasons = lifecycle.table().moves[move].reasons
        basis = Basis("示例决定", None, legal_date(self.at))
        effective = None if days is None else legal_date(self.at) + timedelta(days=days)
        return Asked(
            move=move, reason=reasons[choice % len(reasons)], basis=basis, effective_on=effective,
            from_beginning=beginning, approval=Approval("甲", "乙"),
        )  # fmt: skip

    def move(self, asked):
        """One asks; the answer is an act or a refusal."""
        return status.move(self.world.db, self.world.keyring, self.row.identifier, asked, by=SYSTEM, at=self.at).act

    def here(self, at=None):
        with self.world.db.reading() as look:
            return standing.now(look, self.row, at=at or self.at)

    @rule(hours=some.integers(1, 24 * 20))
    def wait(self, hours):
        """Time passes; what was ordered comes by itself."""
        self.seen.append((self.at, self.here()))
        self.at += timedelta(hours=hours)

    @rule(
        move=some.sampled_from(MOVES), choice=some.integers(0, 9), days=some.none() | some.integers(-3, 9),
        beginning=some.booleans(),
    )  # fmt: skip
    def ask(self, move, choice, days, beginning):
        """A move is made exactly where the table has it, at the time it counts from; a refusal leaves everything."""
        before, here = len(acts(self.world, self.row)), self.here()
        try:
            act = self.move(self.asked(move, choice, days, beginning))
        except StatusRefused as refused:
            assert len(acts(self.world, self.row)) == before
            if isinstance(refused, MoveNotAllowed) and (days or 0) == 0:
                state = here.file if lifecycle.table().moves[move].aspect == "file" else here.state
                assert state not in lifecycle.table().moves[move].came_from
            return
        assert act.sequence == before + 1
        if act.effect != Effect.LATER and act.undoes is None and act.aspect == "act":
            after = self.here().state
            assert after == act.becomes or after in {"expired", "waiting"}
        if here.state.over and act.aspect == "act":
            assert act.move in {"cancel", "reinstate", "rescind"}

    @rule(moves=some.tuples(some.sampled_from(MOVES), some.sampled_from(MOVES)), choice=some.integers(0, 9))
    def ask_both_at_once(self, moves, choice):
        """Two who saw the same state act at once: at most one does, and the loser is told by name."""
        number = len(acts(self.world, self.row))
        start = threading.Barrier(2)

        def act(move):
            start.wait(10)
            try:
                return self.move(replace(self.asked(move, choice, None, False), after=number))
            except StatusRefused as refused:
                return refused

        with ThreadPoolExecutor(2) as pool:
            told = list(pool.map(act, moves))
        done = [one for one in told if not isinstance(one, StatusRefused)]
        assert len(done) <= 1
        assert len(acts(self.world, self.row)) == number + len(done)
        if done:
            assert any(isinstance(one, MovedMeanwhile | MoveNotAllowed | StatusRefused) for one in told)

    @rule(days=some.integers(0, 9))
    def replace(self, days):
        """The next version becomes valid, now or on a day to come, and the old one goes in the same moment."""
        if self.here().state.over:
            return  # not a precondition: which of two at once was first is chance, and must not steer what is drawn
        first = legal_date(self.at) + timedelta(days=days)
        version = identifier.parse(self.row.identifier).version + 1
        ordered = any(one.effective_from > self.at for one in standing.in_order(acts(self.world, self.row)))
        if ordered:
            return  # one successor at a time: the way there is refused when the draft is filed
        new = copied(self.world, self.row, next(_numbers), version=version, valid_from=first, at=self.at)
        told = Replaces(self.row.identifier, "correct", Basis("示例更正", None, legal_date(self.at)))
        given = replace(filing().contents, replaces=told)
        link = Replacement(
            successor=new.identifier, certificate=self.row.identifier, kind="correct", changed="[]", state="open",
            at=self.at,
        )  # fmt: skip
        with self.world.db.writing() as tx:
            tx.add(link)
            tx.flush()
            replacements.complete(tx, self.world.keyring, new, given, by=REGISTRAR.id, at=self.at)
        if days == 0:
            whole(self.world, self.row, at=self.at, since=self.since)
            assert (self.here().state, self.here().successor) == ("replaced", new.identifier)
            self.row, self.seen = new, []

    @invariant()
    def everything_agrees(self):
        """Acts, head, status list and ledger say the same."""
        whole(self.world, self.row, at=self.at, since=self.since)

    @invariant()
    def what_was_known_stays_known(self):
        """Whatever is judged later, "as known then" answers as it was answered then."""
        with self.world.db.reading() as look:
            for at, seen in self.seen[-5:]:
                found = standing.on(look, self.row, at=at, known=at)
                assert (found.state, found.file, found.sequence) == (seen.state, seen.file, seen.sequence)


def run(world, examples, steps, *, number):
    """Run the machine."""
    row = world.issue()
    machine = type("Lives", (Lives,), {"world": world, "seed_row": row})
    quiet = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
    limits = settings(
        max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=quiet, database=None
    )
    run_state_machine_as_test(seed(number)(machine), settings=limits)


def test_a_few_lives(world):
    """A slice for every day."""
    run(world, 4, 10, number=seeds.drawn("lives"))


@pytest.mark.soak
def test_many_lives(world):
    """Five hundred lives of fifty steps, two at once."""
    run(world, 500, 50, number=seeds.drawn("lives"))
