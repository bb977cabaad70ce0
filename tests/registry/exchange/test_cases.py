"""registry/exchange/cases.py, case_files.py"""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlmodel import select

from registry.directory.access.callers import Caller
from registry.directory.access.errors import NotPermitted
from registry.directory.access.scopes import Kind, Scope
from registry.directory.authority_errors import NameRefused
from registry.exchange import case_files, cases
from registry.exchange.cases import CaseState, Given, Ground, Rule, UnknownCases
from registry.exchange.errors import CaseClosed, CaseDiffers, CaseFileRefused, CaseUnknown
from registry.store.tables.cases import OfficeCase
from registry.store.tables.ledger import LedgerEntry
from tests import worlds
from tests.conftest import AT

pytestmark = pytest.mark.furnished(worlds.AUTHORITIES)
HOUSING = Caller(Kind.CLIENT, "cli_housing", "11410800000000027U", frozenset({Scope.RETRIEVE}))
ESTATE = Caller(Kind.CLIENT, "cli_estate", "11410800000000035N", frozenset({Scope.RETRIEVE}))
CHIEF = Caller(Kind.OFFICER, "off_chief", HOUSING.authority, frozenset({Scope.CLIENT_ADMIN}))
MATTER = "11410800000000027U3000100000001"


def acts(db):
    with db.reading() as look:
        return list(look.exec(select(LedgerEntry.event).where(LedgerEntry.event.like("case%"))))


def ground(db, number, authority=HOUSING.authority):
    with db.reading() as look:
        return replace(cases.ground(look, authority, number, on=AT.date()), office=None)


class TestRegister:
    """cases.register()"""

    def test_a_case_stands_under_its_own_authority_and_number(self, db):
        """The same number of another authority is another case."""
        cases.register(db, Given("示例〔2026〕1号", MATTER, date(2026, 3, 1)), by=HOUSING, at=AT)

        assert ground(db, "示例〔2026〕1号") == Ground("open", MATTER, None)
        assert ground(db, "示例〔2026〕1号", ESTATE.authority) == Ground(None, None, None)

    def test_registered_again_it_stays_and_the_ledger_is_quiet(self, db):
        """A system that sends everything every night writes nothing new."""
        for _ in range(2):
            cases.register(db, Given("A-1", MATTER), by=HOUSING, at=AT)

        assert acts(db) == ["case-registered"]

    def test_it_is_closed_and_opened_again(self, db):
        """Both are acts; closing says when."""
        later = AT + timedelta(days=1)
        cases.register(db, Given("A-1"), by=HOUSING, at=AT)
        closed = cases.register(db, Given("A-1", state=CaseState.CLOSED), by=HOUSING, at=later)
        opened = cases.register(db, Given("A-1"), by=HOUSING, at=later)

        assert (closed.closed_at, opened.closed_at) == (later, None)
        assert acts(db) == ["case-registered"] * 3

    def test_a_matter_is_added_and_never_exchanged(self, db):
        """What was registered without a matter may be given one; another one is refused."""
        cases.register(db, Given("A-1"), by=HOUSING, at=AT)
        assert cases.register(db, Given("A-1", MATTER), by=HOUSING, at=AT).matter == MATTER
        with pytest.raises(CaseDiffers):
            cases.register(db, Given("A-1", "another"), by=HOUSING, at=AT)
        assert cases.register(db, Given("A-1"), by=HOUSING, at=AT).matter == MATTER

    @pytest.mark.parametrize("number", ["", " A", "A\n1", "x" * 65, "A\u202e1"])
    def test_a_number_is_printable_and_whole(self, number):
        """It is printed on receipts."""
        with pytest.raises(NameRefused):
            Given(number)

    def test_who_does_not_retrieve_registers_nothing(self, db):
        """The scope is that of looking up."""
        with pytest.raises(NotPermitted):
            cases.register(db, Given("A-1"), by=CHIEF, at=AT)

    def test_the_ledger_holds_no_number(self, db):
        """Case numbers may name a person."""
        cases.register(db, Given("示例张某-1"), by=HOUSING, at=AT)
        with db.reading() as look:
            body = look.exec(select(LedgerEntry.body).where(LedgerEntry.event == "case-registered")).one()
        assert "示例张某".encode() not in body
        assert cases.mark("示例张某-1").encode() in body


class TestPage:
    """cases.page()"""

    def test_only_the_own_cases_in_their_order(self, db):
        """Another authority's are not there."""
        for place, number in enumerate(("B", "A", "C")):
            cases.register(db, Given(number), by=HOUSING, at=AT + timedelta(seconds=place))
        cases.register(db, Given("C", state=CaseState.CLOSED), by=HOUSING, at=AT + timedelta(minutes=1))

        first = cases.page(db, by=HOUSING, limit=2)
        rest = cases.page(db, by=HOUSING, after=(first[-1].at.isoformat(), first[-1].number))
        assert [row.number for row in (*first, *rest)] == ["B", "A", "C"]
        assert [row.number for row in cases.page(db, by=HOUSING, state=CaseState.CLOSED)] == ["C"]
        assert cases.page(db, by=ESTATE) == []


class TestRule:
    """cases.set_rule(), rule(), known()"""

    def test_unknown_cases_are_allowed_until_an_authority_says_otherwise(self, db):
        """The usual rule gives five working days."""
        with db.reading() as look:
            assert cases.rule(look, HOUSING.authority) == Rule(UnknownCases.ALLOWED, 5)
        cases.set_rule(db, Rule(UnknownCases.REFUSED, 3), by=CHIEF, at=AT)
        cases.set_rule(db, Rule(UnknownCases.REFUSED, 2), by=CHIEF, at=AT)

        with db.reading() as look:
            assert cases.rule(look, HOUSING.authority) == Rule(UnknownCases.REFUSED, 2)
        assert ground(db, "A-1").unknown == "refused"
        assert ground(db, "A-1", ESTATE.authority).unknown is None
        with pytest.raises(NotPermitted):
            cases.set_rule(db, Rule(), by=HOUSING, at=AT)

    @pytest.mark.parametrize(
        ("found", "answer"),
        [
            (Ground("open", None, None), True),
            (Ground("open", MATTER, "refused"), True),
            (Ground(None, None, None), False),
            (Ground(None, None, "allowed"), False),
            (Ground(None, None, "refused"), CaseUnknown),
            (Ground("closed", MATTER, None), CaseClosed),
            (Ground("open", "another", None), CaseDiffers),
        ],
    )
    def test_what_a_case_allows(self, found, answer):
        """A look-up needs an open case of its own matter, or a rule that lets it follow."""
        if isinstance(answer, bool):
            assert cases.known(found, MATTER) is answer
        else:
            with pytest.raises(answer):
                cases.known(found, MATTER)


FILE = f"""办件编号,事项编码,受理日期,状态
A-1,{MATTER},2026-03-01,在办
A-2,,2026-02-30,
,,,在办
A-3,事项,,
A-4,,,暂停
A-1,other,,
A-5,,,办结,多
A-6,,,办结
"""


class TestFile:
    """case_files.enter()"""

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
    def test_good_lines_are_entered_and_bad_ones_named(self, db, encoding):
        """Each refused line says its number, the column and the rule, and stops no other."""
        found = case_files.enter(db, FILE.encode(encoding), by=HOUSING, at=AT)

        told = {one.line: [(f.place, f.code) for f in one.findings] for one in found if one.outcome == "refused"}
        assert told == {
            3: [("/3/opened_on", "case.day_refused")],
            4: [("/4/number", "case.number_refused")],
            5: [("/5/matter", "case.matter_refused")],
            6: [("/6/state", "case.state_refused")],
            7: [("/7/matter", "case.differs")],
            8: [("/8", "case.line_too_long")],
        }
        assert [row.number for row in cases.page(db, by=HOUSING)] == ["A-1", "A-6"]
        assert acts(db) == ["cases-imported"]

    def test_the_same_file_twice_changes_nothing(self, db):
        """Every line is unchanged, and nothing is written to the ledger."""
        content = b"number\nA-1\nA-2\n"
        case_files.enter(db, content, by=HOUSING, at=AT)
        again = case_files.enter(db, content, by=HOUSING, at=AT)

        assert {one.outcome for one in again} == {"unchanged"}
        assert acts(db) == ["cases-imported"]

    def test_a_line_may_close_what_a_line_before_it_opened(self, db):
        """The row stands in the entry as it ends."""
        case_files.enter(db, b"number,state\nA-1,open\nA-1,closed\n", by=HOUSING, at=AT)

        with db.reading() as look:
            assert look.exec(select(OfficeCase.state)).all() == ["closed"]

    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            (b"", "heading"),
            (b"name\nA-1\n", "heading"),
            (b"number,number\nA-1,A-2\n", "heading"),
            (b'number\n"A-1\n', "not-csv"),
            (b"\xff\xff\xff\x00", "encoding"),
            (b"number\n" + b"A\n" * (case_files.MOST + 1), "too-long"),
            (b"number\n" + b"A" * 200_000, "not-csv"),
        ],
    )
    def test_a_file_that_is_no_table_is_refused_whole(self, db, content, reason):
        """Nothing of it is entered."""
        with pytest.raises(CaseFileRefused) as refused:
            case_files.enter(db, content, by=HOUSING, at=AT)
        assert refused.value.facts["reason"] == reason
        assert acts(db) == []

    def test_a_field_has_a_limit(self, db):
        """A long one is named by its line."""
        (found,) = case_files.enter(db, b"number\n" + b"A" * 401, by=HOUSING, at=AT)
        assert [one.code for one in found.findings] == ["case.field_too_long"]

    def test_who_does_not_retrieve_enters_nothing(self, db):
        """The scope is that of looking up."""
        with pytest.raises(NotPermitted):
            case_files.enter(db, b"number\nA-1\n", by=CHIEF, at=AT)
