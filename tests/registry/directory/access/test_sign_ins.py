"""registry/directory/sign_ins.py, with lockouts, one_time_codes and passwords below it"""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from registry.directory.access import accounts, callers, lockouts, tokens
from registry.directory.access.callers import OPERATOR
from registry.directory.access.errors import (
    NotAuthenticated,
    SignInLocked,
    SignInRefused,
    TooManyTries,
)
from registry.directory.access.limits import Limits
from registry.directory.access.scopes import Kind, Scope
from registry.store.database import Database

OFFICE = "11990000MB0000001X"
STEP = timedelta(seconds=30)


class TestSignIn:
    """sign_ins.sign_in()"""

    def test_password_and_code_give_a_token(self, world):
        """Both right: a token for the day; a first password opens nothing but the change of itself."""
        made, codes = world.officer()

        grant = world.sign_in("Zhang.San ", made.password, codes.at(world.at))

        caller = callers.authenticate(world.db, grant.token, at=world.at)
        assert (caller.kind, caller.id, caller.authority) == (Kind.OFFICER, made.officer.id, OFFICE)
        assert (grant.must_change, caller.must_change, caller.scopes) == (True, True, frozenset())
        accounts.change_password(world.db, old=made.password, new="示例口令示例口令甲乙", by=caller, at=world.at)
        again = world.sign_in("zhang.san", "示例口令示例口令甲乙", codes.at(world.at + STEP), at=world.at + STEP)
        assert Scope.ISSUE in callers.authenticate(world.db, again.token, at=world.at + STEP).scopes
        with pytest.raises(NotAuthenticated):
            callers.authenticate(world.db, grant.token, at=world.at + STEP)

    def test_every_wrong_thing_has_one_answer(self, world):
        """Unknown login, wrong password, wrong code, closed account: the same refusal, without a fact."""
        made, codes = world.officer()
        closed, closed_codes = world.officer(login="li.si")
        accounts.disable(world.db, closed.officer.id, by=OPERATOR, at=world.at)
        right = codes.at(world.at)
        wrong = f"{(int(right) + 1) % 1_000_000:06}"
        attempts = [
            ("nobody", made.password, right),
            ("'; DROP TABLE officer; --", made.password, right),
            ("\ud800", "\ud800", "\ud800"),
            ("zhang.san", "wrong", right),
            ("zhang.san", made.password, wrong),
            ("zhang.san", made.password, ""),
            ("zhang.san", made.password, "１２３４５６"),
            ("li.si", closed.password, closed_codes.at(world.at)),
        ]

        for attempt in attempts:
            with pytest.raises(SignInRefused) as refused:
                world.sign_in(*attempt)
            assert (type(refused.value), refused.value.facts) == (SignInRefused, {})

        refusals = [entry for entry in world.entries() if entry.event == "sign-in-refused"]
        assert [entry.facts["reason"] for entry in refusals] == [
            *["unknown"] * 3, "password", *["code"] * 3, "disabled",
        ]  # fmt: skip
        assert {entry.subject for entry in refusals} == {"officer:unknown", made.officer.id, closed.officer.id}

    @pytest.mark.usefixtures("real_passwords")
    def test_unknown_login_takes_as_long(self, world):
        """The hash is computed for a login that nobody has, too."""
        made, codes = world.officer()

        def best(login):
            took = []
            for _ in range(4):
                began = time.process_time()
                with pytest.raises(SignInRefused):
                    world.sign_in(login, "wrong password", "000000", at=world.at)
                took.append(time.process_time() - began)
            return min(took)

        assert 0.5 < best("nobody") / best("zhang.san") < 2
        assert made.officer.login == "zhang.san"
        assert codes.interval == 30

    def test_code_counts_once_and_only_in_its_time(self, world):
        """A code is good for one step either side of its own, and never twice; nor is an earlier one after it."""
        made, codes = world.officer()
        later = world.at + timedelta(hours=1)

        world.sign_in("zhang.san", made.password, codes.at(later), at=later)

        for moment in (later, later - STEP, later - 3 * STEP, later + 3 * STEP):
            with pytest.raises(SignInRefused):
                world.sign_in("zhang.san", made.password, codes.at(moment), at=later)
        assert world.sign_in("zhang.san", made.password, codes.at(later + STEP), at=later).token

    def test_same_code_at_once_gives_one_token(self, world):
        """Six requests with one code on six threads: one passes."""
        made, codes = world.officer()
        limits = Limits(network_requests=1_000, subject_requests=1_000)

        def attempt(_):
            try:
                return world.sign_in("zhang.san", made.password, codes.at(world.at), limits=limits).token
            except (SignInRefused, SignInLocked):
                return None

        with ThreadPoolExecutor(6) as threads:
            given = [token for token in threads.map(attempt, range(6)) if token]

        assert len(given) == 1

    def test_five_wrong_tries_lock(self, world):
        """After five wrong tries even the right password and code are refused, until the lock has passed."""
        made, codes = world.officer()
        for _ in range(5):
            with pytest.raises(SignInRefused):
                world.sign_in("zhang.san", made.password, "000000")

        with pytest.raises(SignInLocked) as locked:
            world.sign_in("zhang.san", made.password, codes.at(world.at))

        assert locked.value.facts == {"minutes": 15}
        assert world.events()[-1] == "sign-in-locked"
        opened = world.at + lockouts.FIRST_LOCK
        assert world.sign_in("zhang.san", made.password, codes.at(opened), at=opened).token

    def test_locks_grow_and_a_right_try_forgets_them(self, world):
        """The next five wrong tries lock for twice as long; the lengths end at a day."""
        made, codes = world.officer()
        at = world.at
        for minutes in (15, 30, 60):
            for _ in range(5):
                with pytest.raises(SignInRefused):
                    world.sign_in("zhang.san", "wrong", "", at=at)
            with pytest.raises(SignInLocked) as locked:
                world.sign_in("zhang.san", "wrong", "", at=at)
            assert locked.value.facts == {"minutes": minutes}
            at += timedelta(minutes=minutes)

        assert world.sign_in("zhang.san", made.password, codes.at(at), at=at).token
        assert lockouts.length(40) == timedelta(days=1)
        with pytest.raises(SignInRefused):
            world.sign_in("zhang.san", "wrong", "", at=at)

    def test_other_spellings_of_a_login_are_the_same_login(self, world):
        """Case, spaces and a Kelvin sign do not buy five more tries."""
        world.officer(login="kim.li")
        for login in ("kim.li", "KIM.LI", " kim.li", "\u212aim.li", "kim.li\t"):
            with pytest.raises(SignInRefused):
                world.sign_in(login, "wrong", "000000")

        for login in ("Kim.Li", "\u212aIM.LI "):
            with pytest.raises(SignInLocked):
                world.sign_in(login, "wrong", "000000")

    def test_unknown_login_locks_alike(self, world):
        """The lock does not tell who exists."""
        for _ in range(5):
            with pytest.raises(SignInRefused):
                world.sign_in("nobody", "wrong", "000000")

        with pytest.raises(SignInLocked) as locked:
            world.sign_in("nobody", "wrong", "000000")
        assert locked.value.facts == {"minutes": 15}

    def test_administrator_opens_a_lock(self, world):
        """An administrator need not wait."""
        made, codes = world.officer()
        for _ in range(5):
            with pytest.raises(SignInRefused):
                world.sign_in("zhang.san", "wrong", "")

        accounts.unlock(world.db, made.officer.id, by=OPERATOR, at=world.at)

        assert world.sign_in("zhang.san", made.password, codes.at(world.at)).token

    def test_guessing_at_once_still_gives_five_tries(self, world, database_url):
        """Twelve guesses from six threads on two workers: five are looked at, the others find the lock."""
        world.officer()
        other = Database(database_url)

        def guess(number):
            try:
                world.sign_in("zhang.san", f"guess {number}", "000000", db=(world.db, other)[number % 2])
            except SignInRefused:
                return "looked at"
            except SignInLocked:
                return "locked"

        with ThreadPoolExecutor(6) as threads:
            answers = list(threads.map(guess, range(12)))
        other.close()

        assert sorted(answers) == ["locked"] * 7 + ["looked at"] * 5

    def test_budget_stops_before_the_hash(self, world):
        """A login's and a network's budget are spent before any hashing, on all workers together."""
        made, codes = world.officer()
        limits = Limits(subject_requests=2)
        for _ in range(2):
            with pytest.raises(SignInRefused):
                world.sign_in("zhang.san", "wrong", "", limits=limits)

        with pytest.raises(TooManyTries) as refused:
            world.sign_in("zhang.san", made.password, codes.at(world.at), limits=limits)

        assert refused.value.facts == {"seconds": 30}

    def test_idle_token_ends_and_a_used_one_lives_its_day(self, world):
        """Half an hour without use ends a token; use keeps it, at most eight hours."""
        made, codes = world.officer()
        grant = world.sign_in("zhang.san", made.password, codes.at(world.at))

        at = world.at
        while at < world.at + timedelta(hours=8) - timedelta(minutes=25):
            at += timedelta(minutes=25)
            callers.authenticate(world.db, grant.token, at=at)
        with pytest.raises(NotAuthenticated):
            callers.authenticate(world.db, grant.token, at=world.at + timedelta(hours=8))

        idle = world.sign_in("zhang.san", made.password, codes.at(at), at=at)
        with pytest.raises(NotAuthenticated):
            callers.authenticate(world.db, idle.token, at=at + timedelta(minutes=30))

    def test_locks_and_revocations_hold_on_the_other_worker_at_once(self, world, database_url):
        """What one worker ends is ended on the next request of the other."""
        made, codes = world.officer()
        other = Database(database_url)
        grant = world.sign_in("zhang.san", made.password, codes.at(world.at))
        assert callers.authenticate(other, grant.token, at=world.at).id == made.officer.id

        tokens.revoke(world.db, grant.token, at=world.at)

        with pytest.raises(NotAuthenticated):
            callers.authenticate(other, grant.token, at=world.at)
        for _ in range(5):
            with pytest.raises(SignInRefused):
                world.sign_in("zhang.san", "wrong", "")
        with pytest.raises(SignInLocked):
            world.sign_in("zhang.san", "wrong", "", db=other)
        other.close()

    def test_nothing_typed_enters_the_ledger(self, world):
        """Logins, names and passwords stay out of it."""
        made, codes = world.officer(login="canary.login")
        world.sign_in("canary.login", made.password, codes.at(world.at))
        for login in ("canary.login", "canary.unknown"):
            with pytest.raises(SignInRefused):
                world.sign_in(login, "canary-password", "000000")

        told = b"".join(entry.to_bytes() for entry in world.entries())

        assert b"canary" not in told
        assert "示例人员".encode() not in told
