"""registry/life/states/standing.py: where a certificate stands at a time"""

from datetime import UTC, date, datetime, timedelta

import pytest

from registry.life.states import standing
from registry.life.states.lifecycle import Aspect, FileState, State
from registry.store.tables.life import Certificate
from registry.store.tables.status import StatusAct

FIRST, LAST = date(2026, 3, 1), date(2026, 12, 31)
HOUR = timedelta(hours=1)


def day(month, number=1):
    return datetime(2026, month, number, 2, tzinfo=UTC)


def certificate(first=FIRST, last=LAST, **changes):
    told = {"state": "valid", "document": "sha256:0", "at": day(2), "sealed_at": day(2)} | changes
    return Certificate(identifier="one", valid_from=first, valid_to=last, **told)


def act(sequence, becomes, effective, *, at=None, move="-", effect="now", **more):
    told = {"aspect": "act", "came_from": "-", "reason": f"r{sequence}", "successor": None, "undoes": None} | more
    return StatusAct(
        sequence=sequence, move=move, becomes=becomes, effect=effect, effective_from=effective,
        at=at or effective, **told,
    )  # fmt: skip


def states(acts, *times, row=None, known=None):
    return [standing.judge(row or certificate(), acts, at=at, known=known).state for at in times]


class TestDays:
    """Without any act"""

    def test_days_of_validity_decide(self):
        """未生效 before the first day, 有效 through the last, 过期 from the midnight after it, in Shanghai."""
        first, last = datetime(2026, 2, 28, 16, tzinfo=UTC), datetime(2026, 12, 31, 16, tzinfo=UTC)
        tick = timedelta(microseconds=1)
        found = states([], first - tick, first, last - tick, last)
        assert found == [State.WAITING, State.VALID, State.VALID, State.EXPIRED]
        assert standing.judge(certificate(), [], at=first - tick).until == first
        assert standing.judge(certificate(), [], at=first).until == last
        assert standing.judge(certificate(), [], at=last).since == last

    @pytest.mark.parametrize(
        ("state", "found"),
        [("sealing", (State.WAITING, FileState.MAKING)), ("void", (State.ANNULLED, FileState.VOID))],
    )
    def test_what_was_never_finished_holds_for_nobody(self, state, found):
        """An intent does not hold yet, a void one never will."""
        seen = standing.judge(certificate(state=state, document=None, sealed_at=None), [], at=day(4))
        assert (seen.state, seen.file) == found


class TestActs:
    """With acts"""

    def test_suspended_and_restored(self):
        """Each act counts from its time until the next; what made it so is told."""
        acts = [act(1, "suspended", day(4)), act(2, "valid", day(5))]
        assert states(acts, day(4) - HOUR, day(4), day(5) - HOUR, day(5)) == [
            State.VALID, State.SUSPENDED, State.SUSPENDED, State.VALID,
        ]  # fmt: skip
        seen = standing.judge(certificate(), acts, at=day(4))
        assert (seen.since, seen.act, seen.reason, seen.until, seen.sequence) == (day(4), 1, "r1", day(5), 2)

    def test_suspension_ends_in_expiry(self):
        """A suspended certificate whose days are over has expired."""
        assert states([act(1, "suspended", day(4))], datetime(2027, 1, 5, tzinfo=UTC)) == [State.EXPIRED]

    def test_what_is_over_does_not_expire(self):
        """A revoked certificate stays revoked after its last day."""
        assert states([act(1, "revoked", day(4))], datetime(2027, 1, 5, tzinfo=UTC)) == [State.REVOKED]

    def test_recorded_late(self):
        """A penalty of April that was recorded in June: in May nobody knew it, today it counts from April."""
        acts = [act(1, "penalised", day(4), at=day(6))]
        assert states(acts, day(5), known=day(5)) == [State.VALID]
        assert states(acts, day(5), known=day(6)) == [State.PENALISED]

    def test_from_the_beginning(self):
        """Revoked from the beginning: judged today it never held; what was known then stays what was known."""
        acts = [act(1, "suspended", day(4)), act(2, "revoked", day(3), at=day(6), effect="origin")]
        assert states(acts, day(3, 2), day(4), day(7)) == [State.REVOKED] * 3
        assert states(acts, day(4), known=day(5)) == [State.SUSPENDED]

    def test_judgment_undoes_what_followed(self):
        """The revocation and the cancellation that followed it never happened; the suspension before it did."""
        acts = [
            act(1, "suspended", day(4)), act(2, "valid", day(5)),
            act(3, "revoked", day(6)), act(4, "cancelled", day(7)),
            act(5, "valid", day(3), at=day(8), effect="origin", move="reinstate", undoes=3),
        ]  # fmt: skip
        assert states(acts, day(4), day(6), day(7), day(8)) == [
            State.SUSPENDED, State.VALID, State.VALID, State.VALID,
        ]  # fmt: skip
        assert states(acts, day(7), known=day(7)) == [State.CANCELLED]

    def test_rescinding_takes_one_act_back(self):
        """What was ordered for later does not come; a suspension made meanwhile stands."""
        acts = [
            act(1, "withdrawn", day(8), at=day(4), effect="later"), act(2, "suspended", day(5)),
            act(3, "before", day(6), move="rescind", undoes=1),
        ]  # fmt: skip
        assert states(acts, day(5), day(9)) == [State.SUSPENDED, State.SUSPENDED]
        assert states(acts, day(9), known=day(5)) == [State.WITHDRAWN]

    def test_ordered_for_later(self):
        """It counts from its day without anybody's doing, over a suspension in between, and not after the end."""
        later = act(1, "replaced", day(8), at=day(4), effect="later", successor="two")
        assert states([later], day(5), day(8)) == [State.VALID, State.REPLACED]
        assert standing.judge(certificate(), [later], at=day(5)).until == day(8)
        assert standing.judge(certificate(), [later], at=day(8)).successor == "two"
        assert states([later, act(2, "suspended", day(6))], day(7), day(8)) == [State.SUSPENDED, State.REPLACED]
        ended = [later, act(2, "revoked", day(6))]
        assert states(ended, day(7), day(9)) == [State.REVOKED, State.REVOKED]
        assert standing.state_after(standing.in_order(ended)) == "revoked"

    def test_the_file_is_another_thing(self):
        """A file that was taken down leaves the legal act as it is."""
        acts = [act(1, "withdrawn", day(4), aspect=Aspect.FILE, move="take-down-file")]
        seen = standing.judge(certificate(), acts, at=day(5))
        assert (seen.state, seen.file, seen.holds) == (State.VALID, FileState.WITHDRAWN, True)
        assert standing.judge(certificate(document=None), [], at=day(5)).file is FileState.ELSEWHERE
