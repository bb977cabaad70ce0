"""registry/life/issuance.py: what may break on the way"""

from datetime import timedelta

import pytest

from registry.directory.seal_errors import NotEnrolled
from registry.life.errors import SealingInProgress
from registry.store.errors import StorageFull
from signing.errors import (
    KeyExpired,
    KeyMissing,
    StatusAnswerAwaited,
    StatusAnswerMissing,
    TemplateFails,
    TimeStampUnavailable,
)
from signing.seal import Without
from tests.registry.life.conftest import OFFICE, changed, events, filing, rows, sample

OTHER = "11410000000000000T908"


def without_status(policy):
    """The letter as another type, with another policy."""
    return changed(OTHER, ('without_status = "wait"', f'without_status = "{policy}"'))


class Silent:
    """A time-stamp authority outside that does not answer."""

    def __init__(self, authority):
        self.chain, self.largest = authority.chain, authority.largest

    def stamp(self, digest, *, at):
        raise TimeStampUnavailable(authority="示")


class TestFaults:
    """What may break on the way."""

    def test_missing_and_expired_keys_take_no_number(self, world):
        """A key that is not there, or not valid any more, is told before anything is reserved."""

        def gone(locator):
            raise KeyMissing(key=locator)

        draft = world.approved()
        with pytest.raises(KeyMissing):
            world.issue(draft.id, press=world.new_press(open_key=gone))
        assert rows(world) == []
        with pytest.raises(NotEnrolled):
            world.press.check(seal_owner="11410800000000027U", decider=OFFICE, without=Without.WAIT, at=world.at)
        world.at = sample("defence-seal").certificate.not_valid_after_utc + timedelta(days=1)
        with pytest.raises(KeyExpired):
            world.issue(draft.id)
        assert rows(world) == []

    def test_silent_time_stamp_authority_leaves_an_intent_that_the_next_try_finishes(self, world):
        """No time-stamp, no certificate; the number is kept, and the same draft gets it when the authority answers."""
        draft = world.approved()
        silent = world.new_press(stamper=Silent(world.press._means.stamper))
        with pytest.raises(TimeStampUnavailable):
            world.issue(draft.id, press=silent)
        assert [(row.state, row.taken_at) for row in rows(world)] == [("sealing", None)]

        row = world.issue(draft.id)
        assert (row.state, row.number, len(rows(world))) == ("valid", "示人防函〔2026〕1号", 1)

    def test_a_type_that_waits_leaves_an_intent_for_the_resume(self, world):
        """The shipped letter waits: nothing is lowered; when an answer is there, it is finished without being asked."""
        world.answers._newest.clear()
        draft = world.approved()
        with pytest.raises(StatusAnswerAwaited):
            world.issue(draft.id, press=world.new_press(answered=False))
        assert [row.state for row in rows(world)] == ["sealing"]
        (done,) = world.resume(press=world.new_press(), older_than=timedelta())

        assert (done.state, rows(world)[0].level) == ("valid", "B-LT")

    def test_a_type_that_refuses_takes_no_number(self, world):
        """Told before anything is reserved; the same draft is issued when there is an answer."""
        world.publish(without_status("refuse"))
        world.answers._newest.clear()
        draft = world.approved(filing(OTHER))
        with pytest.raises(StatusAnswerMissing):
            world.issue(draft.id, press=world.new_press(answered=False))
        assert rows(world) == []

        assert world.issue(draft.id, press=world.new_press()).level == "B-LT"

    def test_a_type_that_takes_less(self, world):
        """Where the type allows it, B-T is made and recorded as B-T."""
        world.publish(without_status("lower"))
        world.answers._newest.clear()

        draft = world.approved(filing(OTHER))
        assert world.issue(draft.id, press=world.new_press(answered=False)).level == "B-T"

    def test_failing_template_voids_and_explains_the_gap(self, world):
        """What can never be drawn is voided at once: its number stays void, the draft can be issued again."""
        draft = world.approved()

        class Broken:
            check = world.press.check

            def make(self, order, *, at):
                raise TemplateFails(file="page.typ", line=1, reason="示")

        with pytest.raises(TemplateFails):
            world.issue(draft.id, press=Broken(), key="k")
        void = rows(world)[0]
        assert (void.state, void.void_reason, void.number) == ("void", "signing.template_fails", "示人防函〔2026〕1号")

        assert world.issue(draft.id, key="k").number == "示人防函〔2026〕2号"
        assert events(world) == ["drafted", "approved", "sealing", "voided", "sealing", "issued"]

    def test_disk_full(self, world):
        """No room for the document: nothing is acknowledged, and the intent is finished when there is room."""

        class Full:
            keyring = world.keyring

            def __getattr__(self, name):
                return getattr(world.documents, name)

            def put(self, plain, **more):
                raise StorageFull

        draft = world.approved()
        with pytest.raises(StorageFull):
            world.issue(draft.id, documents=Full())

        assert [row.state for row in rows(world)] == ["sealing"]
        assert world.issue(draft.id).state == "valid"

    def test_somebody_is_at_it(self, world):
        """While an intent is worked on, another try on its draft is asked to come again."""
        draft = world.approved()

        class Curious:
            check = world.press.check

            def make(self, order, *, at):
                with pytest.raises(SealingInProgress):
                    world.issue(draft.id)
                return world.press.make(order, at=at)

        assert world.issue(draft.id, press=Curious()).state == "valid"
