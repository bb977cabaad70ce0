"""registry/directory/entitlements.py"""

from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from registry.directory import entitlements
from registry.directory.authorities import record
from registry.directory.authority_errors import (
    AlreadyEntitled,
    AuthorityClosed,
    DivisionUnknown,
    EndsTooEarly,
    EntitlementMalformed,
    EntitlementOver,
    EntitlementWaits,
    NameRefused,
    NotEntitledToGrade,
    NotYetNamed,
    PrincipalNotEntitled,
)
from registry.directory.entitlements import Grant, Manner
from registry.directory.wording import Basis
from registry.store.database import Database
from registry.store.errors import NotFound
from tests import worlds
from tests.registry.directory.entitlement_rows import row
from verification.errors import CodeRefused

pytestmark = pytest.mark.furnished(worlds.AUTHORITIES)

PROVINCE, CITY, COUNTY = "11410000000000000T", "114108000000000004", "11410823000000019B"
LETTER, QUALIFICATION, OTHER = f"{PROVINCE}005", f"{PROVINCE}010", f"{PROVINCE}099"
TODAY = date(2026, 3, 2)
BASIS = Basis("关于示例职权的决定", "示政〔2026〕1号", TODAY)


@pytest.fixture
def land(db):
    """The demo's authorities and entitlements."""
    return db


def ask(db, authority, type_code=LETTER, region="990100", grade="*", on=TODAY):
    with db.reading() as look:
        return entitlements.entitled(look, authority, type_code=type_code, region=region, grade=grade, on=on)


def grant(db, at, authority=CITY, type_code=OTHER, region="990100", first_day=TODAY, **more):
    asked = Grant(type_code, region, first_day, **more)
    return entitlements.grant_entitlement(db, authority, asked, basis=BASIS, by="officer-1", at=at)


def end(db, at, number, day):
    return entitlements.end_entitlement(db, number, ended_on=day, basis=BASIS, by="officer-1", at=at)


class TestEntitled:
    """entitlements.entitled()"""

    def test_entrusted_county_issues_in_the_citys_name(self, land):
        """委托: the county decides, the city is the issuer and lends its seal."""
        held = ask(land, COUNTY, region="990123")

        assert (held.manner, held.principal, held.decider, held.seal_owner) == ("principal", CITY, COUNTY, CITY)
        assert entitlements.issuer_of(held) == CITY
        assert entitlements.issuer_of(ask(land, CITY)) == CITY

    def test_devolved_grade_is_issued_in_the_own_name(self, land):
        """下放: the city issues the lower grade itself, the higher one stays above."""
        assert ask(land, CITY, QUALIFICATION, grade="乙级").manner == "own"
        with pytest.raises(NotEntitledToGrade):
            ask(land, CITY, QUALIFICATION, grade="甲级")
        with pytest.raises(EntitlementWaits):
            ask(land, CITY, QUALIFICATION, grade="乙级", on=date(2020, 12, 31))

    def test_entrusted_power_falls_with_the_principals(self, land, at):
        """When the city may no longer issue the type, neither may the county in its name."""
        number = ask(land, CITY).id
        end(land, at, number, TODAY)

        with pytest.raises(PrincipalNotEntitled):
            ask(land, COUNTY, region="990123")
        assert ask(land, COUNTY, region="990123", on=TODAY - timedelta(1)).principal == CITY

    def test_closed_authority_issues_nothing(self, land, at):
        """Neither a closed body, nor one that lends its seal and is closed, nor one of the future."""
        record.close(land, CITY, ended_on=TODAY, basis=BASIS, by="officer-1", at=at)

        for authority, region in ((CITY, "990100"), (COUNTY, "990123")):
            with pytest.raises(AuthorityClosed):
                ask(land, authority, region=region)
        with pytest.raises(NotYetNamed):
            ask(land, CITY, on=date(2001, 1, 1))
        with pytest.raises(NotFound):
            ask(land, "11990100000000051T")


class TestGrant:
    """entitlements.grant_entitlement()"""

    def test_grant_is_kept_with_its_document_and_logged(self, land, at):
        """The row names body, document and period; the entry guards it."""
        made = grant(land, at, last_day=date(2027, 12, 31), grade="甲级")
        held = ask(land, CITY, OTHER, grade="甲级")

        assert (held.id, held.basis_title, held.basis_number) == (made.id, BASIS.title, BASIS.number)
        assert (held.decider, held.seal_owner, held.last_day) == (CITY, CITY, date(2027, 12, 31))

    def test_same_right_twice_is_refused(self, land, at):
        """One right, one row per day; after its end it may be granted again, even from the same day."""
        made = grant(land, at)
        with pytest.raises(AlreadyEntitled):
            grant(land, at)
        with pytest.raises(AlreadyEntitled):
            grant(land, at, first_day=TODAY + timedelta(400))

        end(land, at, made.id, TODAY)
        assert grant(land, at).id != made.id

    @pytest.mark.parametrize(
        ("changed", "refusal"),
        [
            ({"type_code": "no-type"}, CodeRefused),
            ({"type_code": PROVINCE}, CodeRefused),
            ({"type_code": "*"}, CodeRefused),
            ({"region": "990999"}, DivisionUnknown),
            ({"grade": ""}, NameRefused),
            ({"last_day": TODAY - timedelta(1)}, EntitlementMalformed),
            ({"principal": PROVINCE}, EntitlementMalformed),
            ({"manner": Manner.PRINCIPAL}, EntitlementMalformed),
            ({"manner": Manner.PRINCIPAL, "principal": CITY}, EntitlementMalformed),
            ({"manner": Manner.PRINCIPAL, "principal": PROVINCE}, PrincipalNotEntitled),
            ({"decider": "11990100000000051T"}, NotFound),
            ({"authority": "11990100000000051T"}, NotFound),
            ({"first_day": date(2001, 1, 1)}, NotYetNamed),
        ],
    )
    def test_what_does_not_fit_is_refused(self, land, at, changed, refusal):
        """Each mistake has its own name, and nothing is written."""
        with pytest.raises(refusal):
            grant(land, at, **changed)
        with land.reading() as look:
            assert entitlements.of_type(look, OTHER) == []

    def test_entrusted_power_cannot_be_entrusted_further(self, land, at):
        """受委托机关不得再委托: only who holds it in its own name can entrust it."""
        with pytest.raises(PrincipalNotEntitled):
            grant(
                land,
                at,
                authority="11410800000000027U",
                type_code=LETTER,
                region="990123",
                manner=Manner.PRINCIPAL,
                principal=COUNTY,
            )

    def test_two_at_once_grant_once(self, land, at, database_url):
        """Two grants of one right: one wins, the other is told by name."""
        told = []
        start = Barrier(2)

        def run():
            db = Database(database_url)
            start.wait()
            try:
                grant(db, at)
                told.append("done")
            except AlreadyEntitled:
                told.append("told")
            db.close()

        threads = [Thread(target=run) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)

        assert sorted(told) == ["done", "told"]


class TestEnd:
    """entitlements.end_entitlement()"""

    def test_ends_once_within_its_period(self, land, at):
        """Not before it began, not after it is over anyway, not twice, not what was never granted."""
        made = grant(land, at, last_day=date(2026, 12, 31))

        for day in (TODAY - timedelta(1), date(2027, 1, 1)):
            with pytest.raises(EndsTooEarly):
                end(land, at, made.id, day)
        assert end(land, at, made.id, date(2026, 6, 1)).end_title == BASIS.title
        with pytest.raises(EntitlementOver):
            end(land, at, made.id, date(2026, 7, 1))
        with pytest.raises(NotFound):
            end(land, at, made.id + 1, TODAY)

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE entitlement SET region = '990000'",
            "UPDATE entitlement SET seal_owner = decider",
            "DELETE FROM entitlement",
        ],
    )
    def test_grants_cannot_be_rewritten(self, land, statement):
        """The database itself keeps what was granted."""
        with pytest.raises(DBAPIError, match="keeps its rows"), land.writing() as tx:
            tx.connection().execute(text(statement))

    @pytest.mark.parametrize(
        "wrong",
        [
            {"manner": "other"},
            {"manner": "principal"},
            {"principal": CITY},
            {"last_day": date(1999, 1, 1)},
            {"type_code": "x"},
        ],
    )
    def test_database_refuses_rows_that_make_no_sense(self, land, at, wrong):
        """Constraints hold for who goes round the operations."""
        basis = {"basis_title": "示例", "basis_day": TODAY, "at": at, "id": None, "type_code": OTHER}

        with pytest.raises(DBAPIError, match=r"(?i)check"), land.writing() as tx:
            tx.add(row(**(basis | wrong)))
