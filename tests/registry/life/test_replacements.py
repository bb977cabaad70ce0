"""registry/life/replacements.py: change, correct, renew, reissue"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlmodel import select

from registry.directory.wording import Basis
from registry.life import replacements, status, status_reading
from registry.life.contents import Replaces
from registry.life.states import standing
from registry.life.states.errors import (
    BeingReplaced,
    MoveNotAllowed,
    NothingDiffers,
    OtherType,
    PredecessorMoved,
    ReasonRefused,
    ReplacementDiffers,
    SuccessorStands,
)
from registry.life.states.lifecycle import State
from registry.life.states.moves import Asked
from registry.store import statements
from registry.store.errors import NotFound
from registry.store.tables.life import Certificate
from registry.store.tables.status import Replacement, StatusAct
from tests.conftest import AT
from tests.registry.life.conftest import (
    APPROVER,
    COMPANY,
    LETTER,
    REGISTRAR,
    STRANGER,
    changed,
    events,
    filing,
    rows,
    values,
)
from verification import statement
from verification.codes import identifier
from verification.legal_dates import legal_date
from verification.statement import Relation

TODAY = legal_date(AT)
BASIS = Basis("关于更正示例的决定", None, TODAY)
YEARLY = "11410000000000000T908"


def replacing(row, kind="correct", type_code=LETTER, **more):
    """A draft of the next version; a correction of the holder's name unless told otherwise."""
    given = {"holders": (replace(COMPANY, name="示例市样例置地有限公司"),)} if kind in {"correct", "change"} else {}
    return filing(type_code, replaces=Replaces(row.identifier, kind, BASIS), **(given | more))


def yearly(world):
    """A type whose certificates hold for one year."""
    world.publish(changed(YEARLY, ('validity = ["长期"]', 'validity = ["1年"]')))


def later(world, days):
    """Days on, with fresh status answers for the seal."""
    world.at += timedelta(days=days)
    world.press = world.new_press()


def now(world, row, *, days=0):
    with world.db.reading() as look:
        return standing.now(look, row.identifier, at=world.at + timedelta(days=days))


def said(world, row):
    with world.db.reading() as look:
        return statement.from_bytes(statements.read(look, world.keyring, row.statement))


def revoke(world, row, **more):
    asked = Asked(move="revoke", reason="fraud", basis=BASIS, **more)
    motion = status.move(world.db, world.keyring, row.identifier, asked, by=REGISTRAR, at=world.at).motion
    return status.confirm(world.db, world.keyring, motion.id, by=APPROVER, at=world.at)


class TestReplace:
    """From a draft that names the old one to the new one's first moment"""

    def test_corrected_name(self, world):
        """Serial kept, version raised, in one transaction; what was wrong is told by its place alone."""
        old = world.issue()
        later(world, 1)
        new = world.issue(world.approved(replacing(old)).id)

        first, second = identifier.parse(old.identifier), identifier.parse(new.identifier)
        assert (second.serial, second.version, second.issuer) == (first.serial, 2, first.issuer)
        assert (now(world, old).state, now(world, old).successor) == (State.REPLACED, new.identifier)
        assert now(world, new).state is State.VALID
        assert new.valid_from == old.valid_from
        assert Relation("replaces", "certificate", old.identifier) in said(world, new).relations

        answer = status_reading.ask(world.db, world.documents, old.identifier, by=REGISTRAR, at=world.at)
        assert (answer.acts[0].changed, answer.acts[0].changed_zh) == (("/holders/0/name",), ("持证主体名称",))
        link = rows(world, Replacement)[0]
        assert (link.kind, link.state, COMPANY.name in link.changed) == ("correct", "done", False)
        with world.db.reading() as look:
            act = look.exec(select(StatusAct)).one()
        assert (act.move, act.reason, act.successor) == ("replace", "correct", new.identifier)

    def test_renewal_begins_when_the_old_one_ends(self, world):
        """Until its last day the old one holds; at midnight the new one does, without anybody's doing."""
        yearly(world)
        old = world.issue(world.approved(filing(YEARLY)).id)
        later(world, 300)
        new = world.issue(world.approved(replacing(old, "renew", YEARLY)).id)
        assert (new.valid_from, new.valid_to) == (date(2027, 3, 2), date(2028, 3, 1))
        assert [now(world, one, days=0).state for one in (old, new)] == [State.VALID, State.WAITING]
        assert [now(world, one, days=66).state for one in (old, new)] == [State.REPLACED, State.VALID]
        with pytest.raises(BeingReplaced):
            world.approved(replacing(old, "renew", YEARLY))
        with pytest.raises(SuccessorStands):
            revoke(world, old)

    def test_reissued_then_changed(self, world):
        """Versions go on; only the newest is replaced, and every one keeps saying what became of it."""
        one = world.issue()
        two = world.issue(world.approved(replacing(one, "reissue")).id)
        three = world.issue(world.approved(replacing(two, "change")).id)
        with pytest.raises(MoveNotAllowed):
            world.approved(replacing(one))
        found = [(now(world, row).state, now(world, row).successor) for row in (one, two, three)]
        assert found == [(State.REPLACED, two.identifier), (State.REPLACED, three.identifier), (State.VALID, None)]

    def test_a_version_is_never_given_twice(self, world):
        """The successor was revoked from the beginning and a judgment woke the old one: the next is the third."""
        old = world.issue()
        fallen = world.issue(world.approved(replacing(old)).id)
        later(world, 1)
        revoke(world, fallen, from_beginning=True)
        asked = Asked(move="reinstate", reason="judgment", basis=BASIS)
        motion = status.move(world.db, world.keyring, old.identifier, asked, by=REGISTRAR, at=world.at).motion
        status.confirm(world.db, world.keyring, motion.id, by=APPROVER, at=world.at)
        third = world.issue(world.approved(replacing(old, "change")).id)
        assert identifier.parse(third.identifier).version == 3


class TestRefused:
    """What cannot replace"""

    @pytest.mark.parametrize(
        ("kind", "more", "refusal"),
        [
            ("correct", {"holders": (COMPANY,)}, NothingDiffers),
            ("change", {"holders": (COMPANY,)}, NothingDiffers),
            ("reissue", {"fields": values() | {"floor_area": "1.00"}}, ReplacementDiffers),
            ("reissue", {"valid_from": TODAY + timedelta(days=1)}, ReplacementDiffers),
            ("renew", {}, NothingDiffers),
        ],
    )
    def test_by_what_differs(self, world, kind, more, refusal):
        """A correction corrects something; a reissue says the same; what has no end is not renewed."""
        old = world.issue()
        with pytest.raises(refusal):
            world.approved(replacing(old, kind, **more))

    def test_other_type_other_office_or_what_is_over(self, world):
        """Of its own type, by its own issuer, out of a state the table allows."""
        yearly(world)
        old = world.issue()
        with pytest.raises(OtherType):
            world.approved(replacing(old, type_code=YEARLY))
        with pytest.raises(NotFound):
            world.approved(replacing(replace_id(old)))
        with world.db.reading() as look, pytest.raises(NotFound):
            replacements._old(look, world.keyring, replacing(old).contents.replaces, STRANGER.authority, at=AT)
        revoke(world, old)
        with pytest.raises(MoveNotAllowed):
            world.approved(replacing(old))

    def test_suspended_is_corrected_but_not_changed(self, world):
        """A wrong name is mended at any time; a change needs a certificate in force."""
        old = world.issue()
        asked = Asked(move="suspend", reason="investigation", basis=BASIS)
        status.move(world.db, world.keyring, old.identifier, asked, by=REGISTRAR, at=world.at)
        with pytest.raises(ReasonRefused):
            world.approved(replacing(old, "change"))
        new = world.issue(world.approved(replacing(old)).id)
        assert now(world, old).successor == new.identifier


class TestTogether:
    """Two at once"""

    def test_one_replacement_wins(self, world):
        """Two approved drafts for one certificate: one becomes the next version, the other is told which."""
        old = world.issue()
        both = [world.approved(replacing(old)).id for _ in range(2)]

        def issue(draft):
            try:
                return world.issue(draft)
            except (BeingReplaced, MoveNotAllowed) as refused:
                return refused

        with ThreadPoolExecutor(2) as pool:
            told = list(pool.map(issue, both))
        made = [one for one in told if isinstance(one, Certificate)]
        assert len(made) == 1, told
        assert identifier.parse(made[0].identifier).version == 2
        assert now(world, old).successor == made[0].identifier
        assert [link.state for link in rows(world, Replacement)] == ["done"]

    def test_revoked_while_the_new_one_was_sealed(self, world):
        """The old one comes to its end first: the new one is void, its draft can be decided on anew."""
        old = world.issue()
        draft = world.approved(replacing(old)).id

        class Slow:
            check = world.press.check

            def make(self, order, *, at):
                revoke(world, old)
                return world.press.make(order, at=at)

        with pytest.raises(PredecessorMoved):
            world.issue(draft, press=Slow())
        void = [row for row in rows(world) if row.state == "void"]
        assert [row.void_reason for row in void] == ["replacement.predecessor_moved"]
        assert now(world, old).state is State.REVOKED
        assert [link.state for link in rows(world, Replacement)] == ["void"]
        assert events(world)[-1] == "voided"


def replace_id(row):
    """A certificate that was never issued."""
    return type(row)(**row.model_dump() | {"identifier": identifier.parse(row.identifier).next_version().text})
