"""registry/directory/matters/publication.py, references.py"""

import threading
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from registry.directory.access.callers import OPERATOR
from registry.directory.matter_errors import (
    MatterMirrored,
    MatterOfAnother,
    MatterOutOfOrder,
    MatterRefused,
    MatterWithdrawn,
    PublishedAtOnce,
)
from registry.directory.matters import publication, reading, shipped
from registry.directory.matters.labels import Changed, Label
from registry.store.errors import NotFound
from registry.store.log.audit import protected
from registry.store.tables.matters import Matter
from tests import worlds
from tests.registry.directory.matters.conftest import (
    CLERK,
    CODE,
    DAY,
    HAND_IN,
    LETTER,
    PERMIT,
    SHELTER,
    acts,
    current,
    small,
    words,
)

pytestmark = pytest.mark.furnished(worlds.MATTERS)
STRANGER = replace(CLERK, authority=SHELTER)
LOCAL = small(code="SL-7", basic_code=None)


class TestPublish:
    """publication.publish()"""

    def test_first_version(self, db, publish):
        """A new matter is version 1, in the ledger with its digest, its first day and every row it wrote."""
        answer = publish()

        assert (answer.code, answer.version, answer.new) == (CODE, 1, True)
        (act,) = acts(db)
        facts = {"version": 1, "digest": answer.digest, "first_day": "2026-01-01"}
        assert (act.event, act.actor, dict(act.facts)) == ("matter-published", "off_chief", facts)
        assert sorted(row.table for row in act.rows) == ["matter", "matter_alias", "matter_version"]
        assert {table.name for table in protected.guarded()} >= {"matter", "matter_alias", "matter_version"}

    def test_same_again(self, db, publish):
        """The same document, its keys in any order, answers the version there is and writes nothing."""
        publish()

        answer = publish(dict(reversed(small().items())), later=1)

        assert (answer.version, answer.new, len(acts(db))) == (1, False, 1)

    def test_next_version_tells_changed_labels(self, db, publish):
        """A changed label is an event of its own, naming each material with its label before and after."""
        publish()

        answer = publish(small(HAND_IN, first_day="2026-04-01"), later=1)

        assert answer.labels == (Changed("permit", Label.WAIVED, Label.HAND_IN),)
        told = acts(db)[-1]
        assert told.event == "matter-label-changed"
        assert dict(told.facts) == {"version": 2, "first_day": "2026-04-01", "label_1": "permit:waived>hand-in"}

    def test_other_changes_are_no_change_of_labels(self, db, publish):
        """A new title is a new version, and no event about labels."""
        publish()
        publish(small(title=words("示例事项（新）")))

        assert [act.event for act in acts(db)] == ["matter-published"] * 2

    def test_each_version_counts_from_its_day(self, db, publish):
        """What is published for later does not count before; what counted stays readable."""
        publish()
        publish(small(HAND_IN, first_day="2026-04-01"))

        assert [current(db, on=day).version for day in (DAY, date(2026, 3, 31), date(2026, 4, 1))] == [1, 1, 2]
        with db.reading() as look:
            assert reading.shown(look, CODE).matter.version == 2
            assert reading.shown(look, CODE, version=1).matter.material("permit").look_up
            assert [one.version for one in reading.history(look, CODE)] == [2, 1]

    def test_not_before_the_version_it_follows(self, publish):
        """A version that would count from before its predecessor would rewrite what counted then."""
        publish()

        with pytest.raises(MatterOutOfOrder) as refused:
            publish(small(first_day="2025-12-31"))

        assert refused.value.facts["first_day"] == "2026-01-01"

    @pytest.mark.parametrize(
        ("satisfier", "place", "code"),
        [
            ({"type": PERMIT[:-3] + "999"}, "/type", "matter.type_unknown"),
            ({"type": PERMIT, "fields": ["salt"]}, "/fields/0", "matter.unknown_name"),
            ({"type": PERMIT, "proves": "completion-filing"}, "/proves", "matter.unknown_name"),
            ({"type": LETTER, "fields": ["contact"]}, "/fields/0", "matter.field_internal"),
        ],
    )
    def test_named_in_vain(self, db, publish, satisfier, place, code):
        """Types, fields and proofs that the catalog does not have, or keeps inside, are refused by their place."""
        with pytest.raises(MatterRefused) as refused:
            publish(small((("materials", 0, "satisfied_by", 0), satisfier)))

        found = [(row["pointer"], row["code"]) for row in refused.value.errors]
        assert found == [(f"/materials/0/satisfied_by/0{place}", code)]
        assert acts(db) == []

    def test_unregistered_authority(self, publish):
        """Only a registered authority has matters, also for the hub's administrators."""
        with pytest.raises(MatterRefused) as refused:
            publish(small(code="X-99", basic_code=None, authority="91990100MA0000001G"), by=OPERATOR)

        assert [row["code"] for row in refused.value.errors] == ["matter.authority_unknown"]

    def test_unknown_member(self, publish):
        """A bundle is made of published matters, not of bundles."""
        bundle = next(told for told in shipped.contents() if told["kind"] == "bundle")
        made = small(code="B-0001", basic_code=None, kind="bundle", materials=[], form=[], limits=[])

        with pytest.raises(MatterRefused) as refused:
            publish(made | {"members": ["nothing", bundle["code"]]})

        assert [row["pointer"] for row in refused.value.errors] == ["/members/0", "/members/1"]

    def test_too_large(self, publish):
        """A document is bounded as a whole."""
        text_of = "示" * 3000
        many = [
            {
                "code": f"m{n}",
                "title": words("材料"),
                "note": words(text_of),
                "necessity": "required",
                "obtained": "hand-in",
            }
            for n in range(30)
        ]

        with pytest.raises(MatterRefused) as refused:
            publish(small(materials=many, limits=[]))

        assert [row["code"] for row in refused.value.errors] == ["matter.not_canonical"]

    def test_for_another_authority(self, db, publish):
        """An administrator publishes for the own authority only; a stranger's attempt finds nothing."""
        with pytest.raises(NotFound):
            publish(by=STRANGER)

        assert acts(db) == []

    def test_taking_over_a_code(self, db, publish):
        """A local code that another authority has is not taken over, even under one's own name."""
        publish(LOCAL)

        with pytest.raises(MatterOfAnother):
            publish(LOCAL | {"authority": SHELTER}, by=STRANGER)
        assert publish(LOCAL | {"authority": SHELTER}, by=OPERATOR).version == 2

    def test_two_at_once(self, db, publish):
        """Two that publish at the same moment leave one first version; nobody sees half of it."""
        ready, answers = threading.Barrier(2), []

        def run():
            ready.wait()
            try:
                answers.append(publish().new)
            except PublishedAtOnce:
                answers.append(False)

        workers = [threading.Thread(target=run) for _ in range(2)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()

        assert sorted(answers) == [False, True]
        assert [act.event for act in acts(db)] == ["matter-published"]

    def test_rows_stand_still(self, db, publish):
        """The database itself refuses to change or delete a published version."""
        publish()

        for statement in (
            "UPDATE matter_version SET content = '{}'",
            "DELETE FROM matter_version",
            "DELETE FROM matter",
        ):
            with pytest.raises(DBAPIError), db.writing() as tx:
                tx.connection().execute(text(statement))


class TestMirror:
    """publication.publish(…, library=…)"""

    def test_the_library_part_is_read_only(self, db, publish):
        """Of a mirrored matter we change which certificates are used, not what the library says."""
        publish(library="sl-library")

        with pytest.raises(MatterMirrored) as refused:
            publish(small(title=words("别的名称")))
        assert refused.value.facts["place"] == "/title"
        with pytest.raises(MatterMirrored):
            publish(small((("materials", 1, "necessity"), "optional")))
        assert publish(small(HAND_IN)).version == 2
        with db.reading() as look:
            assert look.get_one(Matter, CODE).origin == "sl-library"

    def test_an_own_matter_becomes_mirrored(self, db, publish):
        """The same document from the library is a version of its own, which says whose word it is from now on."""
        publish()

        assert publish(library="sl-library").version == 2
        assert dict(acts(db)[-1].facts)["library"] == "sl-library"


class TestWithdraw:
    """publication.withdraw() and restore()"""

    def test_and_back(self, db, publish, at):
        """What is withdrawn may be read and not used; restoring it takes that back. Each is told once."""
        publish()
        for _ in range(2):
            publication.withdraw(db, CODE, by=CLERK, at=at)

        with pytest.raises(MatterWithdrawn):
            current(db)
        with pytest.raises(MatterWithdrawn):
            publish(small(HAND_IN))
        with db.reading() as look:
            assert reading.shown(look, CODE).row.withdrawn_at == at
        for _ in range(2):
            publication.restore(db, CODE, by=CLERK, at=at)

        assert current(db).reference == f"{CODE}@1"
        assert [act.event for act in acts(db)] == ["matter-published", "matter-withdrawn", "matter-restored"]

    @pytest.mark.parametrize("move", [publication.withdraw, publication.restore])
    def test_of_another_or_unknown(self, db, publish, at, move):
        """Another authority's matter answers like one that never was."""
        publish()
        for code, by in ((CODE, STRANGER), ("nothing", CLERK)):
            with pytest.raises(NotFound):
                move(db, code, by=by, at=at)
