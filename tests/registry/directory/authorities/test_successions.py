"""registry/directory/authorities/successions.py, succession.py and reading.answers_for()"""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from registry.directory.authorities import reading, succession
from registry.directory.authority_errors import (
    AlreadySucceeded,
    AuthorityClosed,
    ClosesTooEarly,
    NobodyAnswers,
    NotYetNamed,
    SuccessionRefused,
)
from registry.store.errors import NotFound
from registry.store.tables.authorities import Succession
from verification.errors import CodeRefused

A, B, C = "11990100000000019F", "11990100000000027A", "119901000000000355"
LETTER, PERMIT = f"{A}005", f"{A}001"
DAY, LATER = date(2019, 3, 1), date(2024, 1, 1)


@pytest.fixture
def three(country):
    """Three bodies of the city."""
    for code, name in ((A, "示例市甲局"), (B, "示例市乙局"), (C, "示例市丙局")):
        country.register(code, name=name)
    return country


class TestSucceed:
    """successions.succeed()"""

    def test_successor_answers_from_the_day_on(self, three):
        """Before the day the body itself, from the day on its successor; the body is closed."""
        three.succeed(A, "replaced", DAY, B)

        assert three.answers(A, DAY - timedelta(1)) == A
        assert three.answers(A, DAY) == B
        assert three.get(A).ended_on == DAY
        entry = three.events()[-1]
        assert (entry.event, dict(entry.facts)) == (
            "authority-succeeded",
            {"kind": "replaced", "first_day": "2019-03-01"},
        )
        assert [row.table for row in entry.rows] == ["authority", "succession"]

    def test_chain_is_followed_to_its_end(self, three):
        """A became B, B became C: today C answers for what A issued."""
        three.succeed(A, "merged", DAY, B)
        three.succeed(B, "replaced", LATER, C)

        assert three.answers(A, LATER - timedelta(1)) == B
        assert three.answers(A, LATER) == C

    def test_split_answers_by_type(self, three):
        """One heir for a type, another for everything else."""
        three.succeed(A, "split", DAY, B, (C, LETTER))

        assert three.answers(A, DAY, type_code=LETTER) == C
        assert three.answers(A, DAY, type_code=PERMIT) == B
        assert three.answers(A, DAY) == B

    def test_moved_duty_leaves_the_body_in_place(self, three):
        """职责划转: the type goes to another body, and may come back; the body lives on."""
        three.succeed(A, "moved", DAY, (B, LETTER))
        three.succeed(B, "moved", LATER, (A, LETTER))

        assert three.get(A).ended_on is None
        assert three.answers(A, DAY, type_code=LETTER) == B
        assert three.answers(A, DAY, type_code=PERMIT) == A
        assert three.answers(A, LATER, type_code=LETTER) == A
        assert three.answers(A, DAY, type_code=LETTER, since=DAY) == A

    def test_circle_is_impossible(self, three):
        """Who has been succeeded exists no more, so it takes over nothing."""
        three.succeed(A, "replaced", DAY, B)

        for day in (DAY, LATER):
            with pytest.raises(AuthorityClosed):
                three.succeed(B, "replaced", day, A)
        with pytest.raises(ClosesTooEarly):
            three.succeed(B, "replaced", DAY - timedelta(1), C)

    def test_duty_received_is_not_passed_on_the_same_day(self, three):
        """Steps follow each other on different days, so that their order is known."""
        three.succeed(A, "moved", DAY, (B, LETTER))

        with pytest.raises(SuccessionRefused):
            three.succeed(B, "moved", DAY, (C, LETTER))
        with pytest.raises(SuccessionRefused):
            three.succeed(C, "moved", DAY, (A, LETTER))

    @pytest.mark.parametrize(
        ("kind", "heirs"),
        [
            ("replaced", [A]),
            ("replaced", []),
            ("replaced", [B, (C, LETTER)]),
            ("merged", [(B, LETTER)]),
            ("split", [B]),
            ("split", [B, C]),
            ("split", [B, (B, LETTER)]),
            ("split", [(B, LETTER), (C, PERMIT)]),
            ("moved", []),
        ],
    )
    def test_heirs_that_do_not_make_the_kind_are_refused(self, three, kind, heirs):
        """Every duty passes to exactly one body, never to the predecessor."""
        with pytest.raises(SuccessionRefused):
            three.succeed(A, kind, DAY, *heirs)
        assert three.get(A).ended_on is None

    def test_heir_must_exist_on_the_day(self, three):
        """A body takes over nothing before it exists, and nobody unknown does."""
        with pytest.raises(NotYetNamed):
            three.succeed(A, "replaced", date(2009, 1, 1), B)
        with pytest.raises(NotFound):
            three.succeed(A, "replaced", DAY, "11990100000000051T")
        with pytest.raises(CodeRefused):
            three.succeed(A, "moved", DAY, (B, "no-type"))

    def test_second_succession_is_refused(self, three):
        """A body ends once."""
        three.succeed(A, "replaced", DAY, B)

        with pytest.raises(AlreadySucceeded):
            three.succeed(A, "merged", LATER, C)

    def test_heir_may_be_named_after_the_closing(self, three):
        """A body closed without an heir has nobody to answer, until one is named."""
        three.close(DAY, A)
        with pytest.raises(NobodyAnswers):
            three.answers(A, LATER)
        with pytest.raises(AuthorityClosed):
            three.succeed(A, "replaced", DAY - timedelta(1), B)

        three.succeed(A, "replaced", LATER, B)

        assert three.answers(A, LATER) == B
        with pytest.raises(NobodyAnswers):
            three.answers(A, LATER - timedelta(1))

    def test_two_at_once_make_one_succession(self, three, together):
        """Two heirs at the same moment: one wins, the other is told by name."""
        told = together(
            lambda db: type(three)(db, three.at).succeed(A, "replaced", DAY, B),
            lambda db: type(three)(db, three.at).succeed(A, "replaced", DAY, C),
        )

        assert sorted(type(each).__name__ for each in told) == ["AlreadySucceeded", "list"]
        with three.db.reading() as look:
            assert len(reading.successors(look, A)) == 1

    def test_two_crosswise_make_no_circle(self, three, together):
        """A into B and B into A at the same moment: one of them is refused."""
        told = together(
            lambda db: type(three)(db, three.at).succeed(A, "merged", DAY, B),
            lambda db: type(three)(db, three.at).succeed(B, "merged", DAY, A),
        )

        assert sorted(type(each).__name__ for each in told) == ["AuthorityClosed", "list"]

    def test_succession_cannot_be_rewritten(self, three):
        """The database itself keeps who took over."""
        three.succeed(A, "replaced", DAY, B)

        with pytest.raises(DBAPIError, match="keeps its rows"), three.db.writing() as tx:
            tx.connection().execute(text(f"UPDATE succession SET successor = '{C}'"))


class TestFollow:
    """succession.follow()"""

    @given(
        st.lists(
            st.tuples(st.sampled_from("ABCD"), st.sampled_from("ABCD"), st.dates(DAY, LATER), st.sampled_from("*t")),
            max_size=12,
        )
    )
    def test_following_always_ends(self, rows):
        """Whatever stands in the table, even circles, following it ends: each step is later than the one before."""
        links = {}
        for one, other, day, scope in rows:
            step = Succession(predecessor=one, successor=other, first_day=day, scope=scope, kind="moved")
            links.setdefault(one, []).append(step)

        days = [step.first_day for step in succession.follow(links, "A", on=LATER, type_code="t")]
        assert days == sorted(set(days))
