"""registry/directory/projects"""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial

import pytest
from sqlmodel import select

from registry.directory import project_errors as errors
from registry.directory.access.callers import OPERATOR
from registry.directory.access.errors import NotPermitted
from registry.directory.authority_errors import NameRefused
from registry.directory.projects import absences, reading, record, regrouping, seed, unit_codes
from registry.directory.projects.history import Absence, DatedName, Since, Stage, mark
from registry.directory.projects.record import NewBuilding
from registry.directory.projects.regrouping import Regrouping
from registry.store.errors import NotFound, RegistryError
from registry.store.tables.ledger import LedgerEntry
from tests.registry.directory.projects.conftest import BASIS, BUILDINGS, CODE, DAY, OTHER, SINCE, registrar, unit
from verification.errors import CodeRefused

LATER = Since(date(2025, 9, 1), BASIS)
ABSENCE = Absence("建施-01（示例）", "示例市人防办工程科", date(2025, 4, 1))


def last_event(land):
    with land.db.reading() as look:
        return list(look.exec(select(LedgerEntry.event).order_by(LedgerEntry.id)))[-1]


class TestRegister:
    """record.register()"""

    def test_project_with_buildings(self, land):
        """Buildings keep their order and are found by name and by unit code; the ledger knows."""
        found = land.project()
        assert [one.id for one in found.buildings] == [f"{CODE}-00{n}" for n in (1, 2, 3, 4)]
        assert found.called("5＃ 住宅楼") == found.coded(unit(5)) == found.buildings[3]
        assert (found.names[-1].name, found.buildings[0].phase) == ("示例花园一期工程", "一期")
        assert last_event(land) == "project-registered"

    def test_twice(self, land):
        """A project code is registered once, also by two at once."""
        with pytest.raises(errors.ProjectKnown):
            land.register()
        with ThreadPoolExecutor(2) as pool:
            tries = [pool.submit(land.register, "2503-410199-04-01-000002", []) for _ in range(2)]
            assert sorted(type(one.exception()).__name__ for one in tries) == ["NoneType", "ProjectKnown"]

    def test_nothing_half_done(self, land):
        """A refused building leaves no project."""
        code = "2503-410199-04-01-000009"
        with pytest.raises(errors.UnitCodeKnown):
            land.register(code, [NewBuilding("1#"), NewBuilding("2#", None, unit(1))])
        with land.db.reading() as look:
            assert reading.find(look, code) is None

    @pytest.mark.parametrize(
        ("code", "name", "refusal"),
        [("2503-410199-04-01-00000", "示例", CodeRefused), (f"{CODE[:-1]}7", "示\u202e例", NameRefused)],
    )
    def test_unreadable(self, land, code, name, refusal):
        """A code without form, a name nobody can print."""
        with pytest.raises(refusal):
            record.register(land.db, code, DatedName(name, DAY, BASIS), by=land.by, at=land.at)

    def test_another_authority(self, land):
        """Another authority's registrar meets nothing; a caseworker may not register at all."""
        stranger = registrar(OTHER)
        with pytest.raises(NotFound), land.db.reading() as look:
            reading.own(look, CODE, by=stranger)
        with pytest.raises(NotFound):
            record.add_building(land.db, CODE, NewBuilding("9#"), since=SINCE, by=stranger, at=land.at)
        with pytest.raises(NotFound):
            absences.enter(land.db, land.id("1#住宅楼"), ABSENCE, by=stranger, at=land.at)
        with land.db.reading() as look:
            assert reading.page(look, by=stranger) == []
        with pytest.raises(NotPermitted):
            land.register("2503-410199-04-01-000003", by=type(stranger)(stranger.kind, "x", OTHER, frozenset()))


class TestNames:
    """record.rename(), record.name_building()"""

    def test_dated(self, land):
        """A project's next name begins later; the first one stays known."""
        land_name = DatedName("示例花园（一期）", date(2025, 8, 1), BASIS)
        assert [one.name for one in record.rename(land.db, CODE, land_name, by=land.by, at=land.at).names] == [
            "示例花园一期工程",
            "示例花园（一期）",
        ]
        with pytest.raises(errors.DayOutOfOrder):
            record.rename(land.db, CODE, DatedName("又名", date(2025, 8, 1), BASIS), by=land.by, at=land.at)

    def test_alias(self, land):
        """3#住宅楼 is 3幢 from a day on; both find it, and no other building may take either."""
        building = land.id("3#住宅楼")
        named = record.name_building(land.db, building, "3幢", first_day=LATER.first_day, by=land.by, at=land.at)
        assert named.called("3幢").id == named.called("3#住宅楼").id == building
        assert named.called("3幢").name == "3幢"
        for taken in ("３幢", "3#住宅楼"):
            with pytest.raises(errors.NameKnown):
                record.name_building(land.db, land.id("5#住宅楼"), taken, first_day=DAY, by=land.by, at=land.at)

    def test_mark(self):
        """Width, case and blanks make no difference; other characters do."""
        assert mark("A座 １＃") == mark("a座1#")
        assert mark("1#") != mark("1号")


class TestUnitCodes:
    """unit_codes.assign()"""

    def test_survey_confirms(self, land):
        """A pre-assigned code that the survey confirms stays the same code."""
        building = land.id("1#住宅楼")
        asked = {"since": LATER, "by": land.by, "at": land.at}
        done = unit_codes.assign(land.db, building, unit(1), Stage.ASSIGNED, **asked).building(building)
        assert [(code.code, code.stage, code.ended_on) for code in done.codes] == [(unit(1), "assigned", None)]
        with pytest.raises(errors.UnitCodeKnown):
            unit_codes.assign(land.db, building, unit(1), Stage.ASSIGNED, **asked)

    def test_survey_differs(self, land):
        """A new code ends the old one on its day; both find the building, and none can be given away."""
        building = land.id("1#住宅楼")
        asked = {"since": LATER, "by": land.by, "at": land.at}
        done = unit_codes.assign(land.db, building, unit(11), Stage.ASSIGNED, **asked)
        assert (done.building(building).unit.code, done.coded(unit(1)).id) == (unit(11), building)
        assert done.building(building).codes[0].ended_on == LATER.first_day
        with pytest.raises(errors.UnitCodeKnown):
            unit_codes.assign(land.db, land.id("2#住宅楼"), unit(1), Stage.ASSIGNED, **asked)

    @pytest.mark.parametrize(
        ("code", "refusal"),
        [
            ("410199001001GB00001F00011201", errors.NoBuildingUnit),
            ("410199001001GB00001W00000000", errors.NoBuildingUnit),
            ("nonsense", CodeRefused),
        ],
    )
    def test_no_building(self, land, code, refusal):
        """A flat's code, a bare parcel's, and nonsense are refused."""
        with pytest.raises(refusal):
            unit_codes.assign(land.db, land.id("1#住宅楼"), code, Stage.ASSIGNED, since=LATER, by=land.by, at=land.at)


class TestRegrouping:
    """regrouping.regroup()"""

    def merge(self, land, *names, into="1-2#住宅楼", code=12):
        asked = Regrouping([land.id(name) for name in names], [NewBuilding(into, None, unit(code))], LATER)
        return regrouping.regroup(land.db, CODE, asked, by=land.by, at=land.at)

    def test_merged(self, land):
        """The old buildings end, name their successor, and their codes still find them."""
        found = self.merge(land, "1#住宅楼", "2#住宅楼")
        new = found.called("1-2#住宅楼")
        for n in (1, 2):
            old = found.coded(unit(n))
            assert (old.ended_how, old.unit, found.standing(old)) == ("merged", None, (new,))
        assert {one.id for one in found.ancestry(new)} == {new.id, land.id("1#住宅楼"), land.id("2#住宅楼")}

    def test_refused_afterwards(self, land):
        """A building that is no more takes no code, no record and no further merger, and says who stands for it."""
        self.merge(land, "1#住宅楼", "2#住宅楼")
        old, new = land.id("1#住宅楼"), land.id("1-2#住宅楼")
        for act in (
            lambda: unit_codes.assign(land.db, old, unit(9), Stage.ASSIGNED, since=LATER, by=land.by, at=land.at),
            lambda: absences.enter(land.db, old, ABSENCE, by=land.by, at=land.at),
            lambda: self.merge(land, "1#住宅楼", "3#住宅楼", into="x", code=13),
        ):
            with pytest.raises(errors.BuildingEnded) as refused:
                act()
            assert refused.value.facts["successors"] == new

    def test_split(self, land):
        """One building becomes two, each with a code of its own."""
        into = [NewBuilding("3A#", None, unit(31)), NewBuilding("3B#", None, unit(32))]
        asked = Regrouping([land.id("3#住宅楼")], into, LATER)
        found = regrouping.regroup(land.db, CODE, asked, by=land.by, at=land.at)
        assert [one.name for one in found.standing(found.coded(unit(3)))] == ["3A#", "3B#"]

    @pytest.mark.parametrize(("gone", "made"), [(1, 1), (2, 2), (0, 2), (2, 0), (1, 0)])
    def test_neither(self, land, gone, made):
        """One for one, several for several, or nothing: neither a merger nor a split."""
        ids = [one.id for one in land.project().buildings][:gone]
        asked = Regrouping(ids, [NewBuilding(f"n{n}") for n in range(made)], LATER)
        with pytest.raises(errors.RegroupingRefused):
            regrouping.regroup(land.db, CODE, asked, by=land.by, at=land.at)

    def test_two_at_once(self, land):
        """Of two mergers of one building one is made, the other is told what happened."""
        with ThreadPoolExecutor(2) as pool:
            first = pool.submit(self.merge, land, "1#住宅楼", "2#住宅楼", into="a", code=21)
            other = pool.submit(self.merge, land, "1#住宅楼", "3#住宅楼", into="b", code=22)
            told = sorted(type(one.exception()).__name__ for one in (first, other))
        assert told == ["BuildingEnded", "NoneType"]
        assert len(land.project().buildings) == len(BUILDINGS) + 1


class TestAbsence:
    """absences.enter(), withdraw()"""

    def test_recorded_and_withdrawn(self, land):
        """Drawing, office and day stand there; withdrawn, they stay readable, and another may be recorded."""
        building = land.id("1#住宅楼")
        done = absences.enter(land.db, building, ABSENCE, by=land.by, at=land.at).building(building)
        assert (done.absence.drawing, done.absence.decider) == (ABSENCE.drawing, ABSENCE.decider)
        with pytest.raises(errors.AbsenceKnown):
            absences.enter(land.db, building, ABSENCE, by=land.by, at=land.at)
        gone = absences.withdraw(land.db, building, reason="图纸有误", by=land.by, at=land.at).building(building)
        assert (gone.absence, gone.absences[0].end_reason) == (None, "图纸有误")
        with pytest.raises(NotFound):
            absences.withdraw(land.db, building, reason="图纸有误", by=land.by, at=land.at)
        assert absences.enter(land.db, building, ABSENCE, by=land.by, at=land.at).building(building).absence

    def test_two_at_once(self, land):
        """Two records at once are one."""
        building = land.id("1#住宅楼")
        with ThreadPoolExecutor(2) as pool:
            tries = [pool.submit(absences.enter, land.db, building, ABSENCE, by=land.by, at=land.at) for _ in "ab"]
            assert sorted(isinstance(one.exception(), RegistryError) for one in tries) == [False, True]


class TestFile:
    """seed.load()"""

    def test_twice(self, land):
        """What stands there already is left alone; names and records are added, once."""
        (told,) = seed.demo()["project"]
        more = {"name": "6#", "unit": unit(6)}
        file = {"project": [{**told, "buildings": [*told["buildings"][:3], more]}]}
        load = partial(seed.load, land.db, file, by=OPERATOR, at=land.at)
        assert dict(load()) == {"projects": 0, "buildings": 1, "names": 3, "absences": 2}
        assert dict(load()) == {"projects": 0, "buildings": 0, "names": 0, "absences": 0}
        assert land.project().called("3幢").id == land.id("3#住宅楼")

    @pytest.mark.parametrize("content", [b"project = 1", b"[[project]]\ncode = 1", b"\xff", b"= ="])
    def test_wrong(self, land, content):
        """A file that is none is refused by its place."""
        with pytest.raises(errors.FileRefused):
            seed.load(land.db, seed.read(content), by=OPERATOR, at=land.at)
