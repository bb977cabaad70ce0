"""What a crash leaves, at any moment of an issue: nothing acknowledged is lost, no number is used twice."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy import event

from registry.life import drafts
from registry.store.database import Writing
from signing.errors import TimeStampUnavailable
from tests.registry.life.conftest import rows, whole


class PowerCut(Exception):
    """What nobody expected."""


class Faulty:
    """Something whose n-th call in all breaks, before or after it is done."""

    def __init__(self, whole, names, breaks):
        self._whole, self._names, self._breaks = whole, names, breaks

    def __getattr__(self, name):
        found = getattr(self._whole, name)
        if name not in self._names:
            return found

        def call(*asked, **more):
            self._breaks()
            answer = found(*asked, **more)
            self._breaks()
            return answer

        return call


def breaking(at):
    """Break at the n-th moment."""
    moments = count(1)

    def here(*_):
        if next(moments) == at:
            raise PowerCut

    return here


class TestEveryMoment:
    """A fault at every n-th step of one issue."""

    def test_around_the_key_and_the_shelf(self, world):
        """Before and after drawing, sealing, keeping and recording: the intent is finished by `resume`, once."""
        acknowledged = []
        for moment in count(1):
            here = breaking(moment)
            press, keeper = Faulty(world.press, {"make"}, here), Faulty(world.documents, {"put", "record"}, here)
            try:
                acknowledged.append(world.issue(press=press, documents=keeper).identifier)
                break
            except PowerCut:
                world.at += timedelta(minutes=3)
                world.press = world.new_press()
                assert [one.state for one in world.resume()] == ["valid"]
        assert moment == 7
        assert world.resume() == []
        whole(world, acknowledged)

    def test_at_every_write_and_commit(self, world):
        """Whichever statement or commit fails, both transactions are whole or nothing."""
        acknowledged = []
        drafts = iter([world.approved().id for _ in range(60)])
        for moment in count(1):
            here = breaking(moment)

            def statement(_connection, _cursor, text, *_, here=here):
                if text.startswith(("INSERT", "UPDATE")):
                    here()

            event.listen(world.db.engine, "before_cursor_execute", statement)
            event.listen(Writing, "before_commit", here)
            try:
                acknowledged.append(world.issue(next(drafts)).identifier)
            except PowerCut:
                pass
            finally:
                event.remove(world.db.engine, "before_cursor_execute", statement)
                event.remove(Writing, "before_commit", here)
            if acknowledged:
                break
        assert moment > 10
        world.at += timedelta(minutes=3)
        world.press = world.new_press()
        world.resume()
        whole(world, acknowledged)

    def test_hopeless_intent_is_given_up_after_a_day(self, world):
        """What a partner's silence kept open for a day is voided, and its draft can be issued anew."""

        class Silent:
            check = world.press.check

            def make(self, order, *, at):
                raise TimeStampUnavailable(authority="示")

        draft = world.approved()
        with pytest.raises(TimeStampUnavailable):
            world.issue(draft.id, press=Silent())
        world.at += timedelta(hours=1)
        assert [(one.state, one.refusal) for one in world.resume(press=Silent())] == [
            ("sealing", "signing.time_stamp_unavailable")
        ]
        world.at += timedelta(days=1)
        assert [one.state for one in world.resume(press=Silent())] == ["void"]

        assert world.issue(draft.id, press=world.new_press()).number.endswith("2号")
        whole(world)


class TestTogether:
    """Several at once."""

    def test_eight_threads(self, world):
        """Eight threads issue: no number twice, no gap."""
        drafts = [world.approved().id for _ in range(24)]
        with ThreadPoolExecutor(8) as pool:
            made = [row.identifier for row in pool.map(world.issue, drafts)]

        assert len(set(made)) == 24
        whole(world, made)

    def test_one_request_eight_times(self, world):
        """Eight copies of one request make one certificate, and all get it."""
        draft = world.approved().id
        with ThreadPoolExecutor(8) as pool:
            made = set(pool.map(lambda _: world.issue(draft, key="one").identifier, range(8)))

        assert len(made) == 1
        assert [row.state for row in rows(world)] == ["valid"]

    def test_a_request_that_was_opened_between_two_looks_is_the_same_one(self, world, monkeypatch):
        """The copy that looked for the request a moment too early finds its own intent on the draft, and answers it."""
        draft, found, made = world.approved().id, drafts.found, []

        def meanwhile(*given, **named):
            monkeypatch.undo()
            with ThreadPoolExecutor(1) as pool:
                made.append(pool.submit(world.issue, draft, key="one").result())
            return found(*given, **named)

        monkeypatch.setattr(drafts, "found", meanwhile)
        again = world.issue(draft, key="one")

        assert {again.identifier, *(one.identifier for one in made)} == {rows(world)[0].identifier}
        assert len(rows(world)) == 1

    def test_two_resume_at_once(self, world):
        """Two workers that find the same intents finish each once."""
        for _ in range(3):
            with pytest.raises(PowerCut):
                world.issue(press=Faulty(world.press, {"make"}, breaking(1)))
        world.at += timedelta(minutes=3)
        world.press = world.new_press()
        with ThreadPoolExecutor(2) as pool:
            both = [one.identifier for found in pool.map(lambda _: world.resume(), range(2)) for one in found]

        assert len(both) == len(set(both)) == 3
        whole(world, both)

    def test_late_worker_changes_nothing(self, world):
        """A worker that slept through its patience finds the certificate finished, and its own document is not kept."""
        draft = world.approved()
        begun, go_on = threading.Event(), threading.Event()

        class Slow:
            check = world.press.check

            def make(self, order, *, at):
                made = world.press.make(order, at=at)
                begun.set()
                assert go_on.wait(30)
                return made

        with ThreadPoolExecutor(1) as pool:
            late = pool.submit(world.issue, draft.id, press=Slow())
            assert begun.wait(30)
            later = world.at + timedelta(minutes=3)
            world.at, own = later, world.at
            done = world.resume(press=world.new_press())
            world.at = own
            go_on.set()
            row = late.result(30)

        assert [one.identifier for one in done] == [row.identifier]
        assert (row.state, row.sealed_at) == ("valid", later)
        whole(world, [row.identifier])
