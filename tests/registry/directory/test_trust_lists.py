"""registry/directory/trust_lists.py: the list as the register and the sample keys make it"""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import pytest

from registry.directory import entitlements, seals, trust_lists
from registry.directory.access.callers import OPERATOR
from registry.directory.authorities import nameplates, record
from registry.directory.authorities.history import Name, Plate
from registry.directory.seals import Purpose
from registry.directory.trust_lists import Publisher
from registry.directory.wording import Basis, Wording
from registry.store.errors import NotFound
from signing import holdings
from tests import worlds
from verification import trust

pytestmark = pytest.mark.furnished(worlds.AUTHORITIES)

SAMPLES = Path(__file__).resolve().parents[3] / "keys_sample"
SHELTER = "114108000000000004"


@pytest.fixture(scope="module")
def publisher():
    held = holdings.read(SAMPLES)
    return Publisher(held.key("trust-list"), held, "https://hub.example", unsafe_allow_samples=True)


@pytest.fixture
def listed(db, at):
    """A database with the demo's authorities, one of which has its keys enrolled."""
    for purpose in (Purpose.SEAL, Purpose.CODE):
        name = f"defence-{purpose.value}"
        key = holdings.read(SAMPLES).key(name)
        seals.enrol(
            db, key, purpose, locator=f"file:{name}", authority=SHELTER, by=OPERATOR, at=at, unsafe_allow_samples=True
        )
    return db


def opened(row, publisher, at, known=None):
    return trust.open_list(row.signed, roots=publisher.holdings.roots, at=at, known=known, unsafe_allow_samples=True)


class TestPublish:
    """trust_lists.publish()"""

    def test_says_what_the_register_says(self, listed, publisher, at):
        """Names by their days, seals by their owners, rights by their types."""
        found = opened(trust_lists.publish(listed, publisher, at=at, by="operator"), publisher, at).list

        assert found.entry_on(SHELTER, date(2024, 1, 1)).name == "示例市人民防空办公室"
        today = found.entry_on(SHELTER, date(2026, 3, 2))
        assert today.name == "示例市国防动员办公室"
        assert today.seals
        assert today.code_keys
        assert today.entitlement("11410000000000000T005", region="990100") is not None
        assert today.entitlement("11410000000000000T005", region="110000") is None

    def test_says_what_the_register_says_of_name_plates(self, listed, publisher, at):
        """A second name is listed with its days, if certificates may be issued under it."""
        basis = Basis("关于加挂牌子的通知", None, date(2026, 1, 5))
        for name, issues in (("示例市人防事务中心", False), ("示例市国防动员指挥部", True)):
            plate = Plate(Wording(name), issues, date(2026, 1, 1), basis, date(2026, 3, 31))
            nameplates.add_nameplate(listed, SHELTER, plate, by="operator", at=at)
        found = opened(trust_lists.publish(listed, publisher, at=at, by="operator"), publisher, at).list

        old = "示例市人民防空办公室"
        days = (date(2025, 6, 30), date(2025, 12, 31), date(2026, 3, 31), date(2026, 4, 1))
        plates = [found.entry_on(SHELTER, day).nameplates for day in days]
        assert plates == [(), (old,), (old, "示例市国防动员指挥部"), (old,)]

    def test_what_never_held_is_not_listed(self, listed, publisher, at):
        """A right and a name-plate that were taken back on their first day leave no trace in the list."""
        basis = Basis("关于加挂牌子的通知", None, date(2026, 1, 5))
        plate = Plate(Wording("示例市误挂牌子"), True, date(2026, 5, 1), basis)
        number = nameplates.add_nameplate(listed, SHELTER, plate, by="operator", at=at).plates[-1].id
        nameplates.end_nameplate(listed, number, ended_on=date(2026, 5, 1), basis=basis, by="operator", at=at)
        with listed.reading() as look:
            right = entitlements.of_authority(look, SHELTER)[0]
        gone = entitlements.end_entitlement(
            listed, right.id, ended_on=right.first_day, basis=basis, by="operator", at=at
        )
        entry = opened(trust_lists.publish(listed, publisher, at=at, by="operator"), publisher, at).list.authority(
            SHELTER
        )

        assert [plate.text for plate in entry.nameplates] == ["示例市人民防空办公室"]
        assert gone.type_code not in [one.types[0] for one in entry.may_issue]

    def test_an_authority_that_ended_stays_listed(self, listed, publisher, at):
        """What it issued is judged by its day; after its end nobody issues in its name."""
        basis = Basis("关于撤销的通知", None, date(2026, 1, 5))
        record.close(listed, SHELTER, ended_on=date(2026, 3, 1), basis=basis, by="operator", at=at)
        found = opened(trust_lists.publish(listed, publisher, at=at, by="operator"), publisher, at).list

        assert found.entry_on(SHELTER, date(2026, 2, 28)).nameplates == ("示例市人民防空办公室",)
        assert found.entry_on(SHELTER, date(2026, 3, 1)) is None

    def test_the_same_register_gives_no_second_version(self, listed, publisher, at):
        """Nothing new, nothing published; but a list that is about to run out is made anew."""
        first = trust_lists.publish(listed, publisher, at=at, by="operator")
        same = trust_lists.publish(listed, publisher, at=at + timedelta(days=1), by="operator")
        renewed = trust_lists.publish(listed, publisher, at=at + timedelta(days=24), by="operator")

        assert (same.sequence, renewed.sequence) == (first.sequence, first.sequence + 1)

    def test_a_change_gives_the_next_version_chained_to_the_last(self, listed, publisher, at):
        """Every version stays, and each names the one before."""
        first = trust_lists.publish(listed, publisher, at=at, by="operator")
        basis = Basis("关于更名的通知", None, date(2026, 3, 1))
        record.rename(listed, SHELTER, Name(Wording("示例市国动办"), date(2026, 3, 2), basis), by="operator", at=at)
        second = trust_lists.publish(listed, publisher, at=at, by="operator")

        before = opened(first, publisher, at)
        assert opened(second, publisher, at, known=before).list.previous == first.digest
        with listed.reading() as look:
            assert trust_lists.version(look, 1).signed == first.signed
            assert trust_lists.current(look).sequence == 2

    def test_two_at_once_give_one_version(self, listed, publisher, at):
        """A number is never given twice."""
        with ThreadPoolExecutor(4) as pool:
            rows = list(pool.map(lambda _: trust_lists.publish(listed, publisher, at=at, by="operator"), range(4)))
        assert {row.sequence for row in rows} == {1}

    def test_before_the_first_there_is_none(self, db):
        """No list is not an empty list."""
        with db.reading() as look:
            with pytest.raises(NotFound):
                trust_lists.current(look)
            with pytest.raises(NotFound):
                trust_lists.version(look, 1)
