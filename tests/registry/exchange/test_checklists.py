"""registry/exchange/checklists.py, filling.py: which materials of a case are there"""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from hub.demo_people import ESTATE
from registry.directory.access.callers import Caller
from registry.directory.access.errors import NotPermitted, TooManyTries
from registry.directory.access.scopes import Kind, Scope
from registry.directory.matter_errors import MatterNotFound
from registry.directory.matters.materials import BasisKind
from registry.directory.projects import reading as projects
from registry.exchange import cases, checklists
from registry.exchange.allowances import Basis
from registry.exchange.cases import Given
from registry.exchange.checklists import MaterialStanding
from registry.exchange.errors import AboutUnclear, CaseDiffers, RetrievalError, ScenarioUnknown
from registry.exchange.finding.about import About, Named
from registry.life.relations import filing_ground
from registry.store.errors import RegistryError
from registry.store.tables.retrievals import CertificateUse, Retrieval
from tests.registry.exchange.conftest import (
    ELSEWHERE,
    FEE,
    FILING,
    NEW,
    NOW,
    OFFICE,
    PROJECT,
    REGISTRATION,
    STORY,
    asked,
)
from verification import jws, receipts

pytestmark = pytest.mark.furnished(STORY)
BUNDLE, JOINT = "11410800000000035N3412015001000", "11410800000000027U3411017003000"
ESTATES = Caller(Kind.CLIENT, "cli_estate", ESTATE, frozenset({Scope.RETRIEVE}))
FIRST = About(project=PROJECT, building="1#住宅楼")
THIRD = About(project=PROJECT, building="3#住宅楼")


def make(world, by=OFFICE, at=NOW, **changes):
    """The checklist of a filing, one thing changed."""
    told = asked(**{"materials": (), "about": FIRST} | changes)
    return checklists.make(world.look_ups, world.db, told, by=by, at=at)


def standings(made):
    return {line.material.code: line.standing for line in made.lines}


def values(made):
    return {one.field.name: one.value for one in made.form if one.value is not None}


def matter_of(look_up):
    return look_up.answer["matter"].partition("@")[0]


class TestLines:
    """Each material, by what it is satisfied or why not"""

    def test_everything_that_may_be_looked_up_is(self, world):
        """In the matter's order: found, or to be handed in."""
        made = make(world)

        assert standings(made) == {
            "filing-form": MaterialStanding.HAND_IN,
            "acceptance-report": MaterialStanding.HAND_IN,
            "construction-permit": MaterialStanding.SATISFIED,
            "planning-permit": MaterialStanding.SATISFIED,
            "shelter-document": MaterialStanding.SATISFIED,
            "applicant": MaterialStanding.MISSING,  # a licence is about a company, not about a building
            "fire-acceptance": MaterialStanding.HAND_IN,
            "warranty": MaterialStanding.HAND_IN,
        }
        assert not made.complete
        assert [line.lacking["reason"] for line in made.lines if line.lacking] == ["nothing_found"]

    def test_what_is_about_the_holder_alone_is_found_beside_a_project(self, world):
        """The developer's licence names no project; certificates of others' projects are not let in by that."""
        both = make(world, about=replace(FIRST, holders=(NEW,)))
        other = make(world, about=About(project="2503-410199-04-01-999999", holders=(NEW,)))

        assert standings(both)["applicant"] is MaterialStanding.SATISFIED
        assert standings(both)["shelter-document"] is MaterialStanding.SATISFIED
        assert {code for code, one in standings(other).items() if one is MaterialStanding.SATISFIED} == {"applicant"}

    def test_it_is_one_look_up_with_one_receipt(self, world):
        """What is told is on record as any look-up is."""
        made = make(world)

        (row,) = world.rows(Retrieval)
        (look_up,) = made.look_ups
        content = receipts.from_bytes(jws.unverified_payload(look_up.answer["receipt"], limit=receipts.LIMIT)).content
        told = {one["identifier"] for line in made.lines for one in line.found}
        assert row.id == look_up.id == content["id"]
        assert {one["identifier"] for one in content["results"]} == told
        assert {use.certificate for use in world.rows(CertificateUse)} == told

    def test_a_scenario_asks_for_its_own(self, world):
        """Housing needs the manual, for which a promise may stand."""
        assert standings(make(world, scenario="residential"))["housing-manual"] is MaterialStanding.HAND_IN
        assert "housing-manual" not in standings(make(world))

    def test_what_the_basis_does_not_open_is_told_as_such(self, world):
        """On a holder's grant that is not there nothing is looked up; on a statute all that a statute opens."""
        with pytest.raises(RegistryError):
            make(world, basis=Basis(BasisKind.GRANT, "grt_none"))
        assert MaterialStanding.OTHER_BASIS not in standings(make(world)).values()

    def test_one_certificate_of_many_is_not_hidden_by_newer_ones_of_another_type(self, world, monkeypatch):
        """The newest of each type are read."""
        monkeypatch.setattr("registry.exchange.finding.candidates.MOST", 1)
        assert standings(make(world, about=About(holders=(NEW,))))["applicant"] is MaterialStanding.SATISFIED


class TestSingleBuilding:
    """May this building be filed?"""

    @pytest.mark.parametrize("day", [(2026, 3, 1), (2026, 3, 5), (2026, 4, 9), (2026, 4, 15), (2026, 5, 6)])
    def test_the_checklist_says_what_the_register_of_relations_says(self, world, day):
        """A valid letter for it, or a valid verification covering it: one rule, on every day, for every building."""
        at = datetime(*day, 2, tzinfo=UTC)
        with world.db.reading() as look:
            project = projects.get(look, PROJECT)
            allowed = {
                one.name: filing_ground.find(look, world.documents, project, one, at=at) is not None
                for one in project.buildings
            }
        told = {
            name: standings(make(world, about=About(project=PROJECT, building=name), at=at))["shelter-document"]
            for name in allowed
        }
        assert {name: standing is MaterialStanding.SATISFIED for name, standing in told.items()} == allowed

    def test_letter_first_then_the_document_over_all(self, world):
        """1# by its letter, 3# not before the verification."""
        early, late = datetime(2026, 3, 5, 2, tzinfo=UTC), NOW

        assert standings(make(world, at=early))["shelter-document"] is MaterialStanding.SATISFIED
        assert standings(make(world, about=THIRD, at=early))["shelter-document"] is MaterialStanding.MISSING
        assert standings(make(world, about=THIRD, at=late))["shelter-document"] is MaterialStanding.SATISFIED


class TestForm:
    """Values, each with its source"""

    def test_certificates_fill_the_form_and_are_named(self, world):
        """Identifier, digest, look-up and moment beside each value."""
        made = make(world)
        permit = next(one for one in made.form if one.field.name == "contractor")

        assert values(made)["contractor"] == "示例市样例建设工程有限公司"
        assert permit.source["material"] == "construction-permit"
        assert permit.source["retrieval"] == made.look_ups[0].id
        assert permit.source["retrieved_at"] == made.look_ups[0].answer["at"]

    def test_the_register_fills_what_no_certificate_says(self, world):
        """The project's document names many buildings; which one is meant the register knows."""
        filled = {one.field.name: one for one in make(world, about=THIRD).form}

        assert filled["building_name"].value == "3幢"  # the newest of the names it bears
        assert filled["building_name"].source["register"] == "building.name"
        assert filled["project_name"].source["material"] == "planning-permit"

    def test_the_register_tells_nothing_where_nothing_was_found(self, world):
        """A project code alone opens no name."""
        wrong = replace(THIRD, holders=(Named("示例他人置业有限公司", "001", NEW.code),))
        assert values(make(world, about=wrong)) == {}

    @pytest.mark.parametrize(("area", "holds"), [("1999.99", True), ("2000.00", True), ("2000.01", False)])
    def test_limits_say_whether_their_number_counts(self, world, area, holds, monkeypatch):
        """2,000 m² or less: the number itself is in."""
        from registry.exchange import filling

        told = filling._stated

        def changed(done):
            return {**told(done), "floor_area": (area, {})}

        monkeypatch.setattr(filling, "_stated", changed)
        made = make(world, by=ELSEWHERE, matter=FEE, about=About(project=PROJECT))
        (limit,) = made.limits
        assert (limit.number, limit.holds) == (area, holds)

    def test_a_limit_without_its_number_has_no_verdict(self, world):
        """Nobody guesses."""
        made = make(world, by=ELSEWHERE, matter=FEE, about=About(project="2503-410199-04-01-999999"))
        assert [(one.number, one.holds) for one in made.limits] == [(None, None)]


class TestBundle:
    """One form, each material once, over several authorities"""

    def test_own_members_are_looked_up_others_are_theirs(self, world):
        """The registrar looks up under its own matter; what only housing may see stays housing's."""
        made = make(world, by=ESTATES, matter=BUNDLE)
        found = standings(made)

        assert [row.matter for row in world.rows(Retrieval)] == [REGISTRATION]
        assert found["shelter-document"] is MaterialStanding.SATISFIED
        assert found["construction-permit"] is MaterialStanding.ELSEWHERE
        joint = next(line.joint for line in made.lines if line.material.code == "shelter-document")
        assert [one.matter for one in joint.asked] == [JOINT, FILING, REGISTRATION]

    def test_every_office_of_the_bundle_may_ask_no_other(self, world):
        """Housing sees its own part, one look-up for each of its members; the shelter office has none."""
        made = make(world, matter=BUNDLE)
        assert standings(made)["construction-permit"] is MaterialStanding.SATISFIED
        assert [row.matter for row in world.rows(Retrieval)] == [JOINT, FILING] == list(map(matter_of, made.look_ups))
        with pytest.raises(MatterNotFound):
            make(world, by=ELSEWHERE, matter=BUNDLE)

    def test_the_bundles_case_is_the_members_case(self, world):
        """Registered for the bundle, it serves its members; registered for another matter, it does not."""
        cases.register(world.db, Given("示例-B-1", BUNDLE), by=ESTATES, at=NOW)
        made = make(world, by=ESTATES, matter=BUNDLE, case_number="示例-B-1")
        assert made.look_ups[0].answer["case_unknown"] is False

        cases.register(world.db, Given("示例-B-2", "other"), by=ESTATES, at=NOW)
        with pytest.raises(CaseDiffers):
            make(world, by=ESTATES, matter=BUNDLE, case_number="示例-B-2")


class TestRefused:
    """Nothing more is told than a look-up tells"""

    def test_without_the_right_to_look_up(self, world):
        """The scope of look-ups."""
        with pytest.raises(NotPermitted):
            make(world, by=replace(OFFICE, scopes=frozenset({Scope.VERIFY})))

    @pytest.mark.parametrize(
        ("changes", "refusal"),
        [
            ({"by": ELSEWHERE}, MatterNotFound),
            ({"matter": "none-1"}, MatterNotFound),
            ({"scenario": "other"}, ScenarioUnknown),
            ({"operator": None}, RetrievalError),
            ({"about": About(shown="LX1:X")}, AboutUnclear),
        ],
    )
    def test_what_a_look_up_would_refuse(self, world, changes, refusal):
        """By the same names, and nothing on record."""
        with pytest.raises(refusal):
            make(world, **changes)
        assert world.rows(Retrieval) == []

    def test_guessing_runs_dry(self, world):
        """A wrong name at one number is a failure like any other."""
        wrong = About(holders=(replace(NEW, name="示例猜测"),))
        for _ in range(20):
            make(world, about=wrong)
        with pytest.raises(TooManyTries):
            make(world, about=wrong)

    def test_what_cannot_be_written_down_is_not_told(self, world):
        """A full ledger: no checklist, no look-up."""
        with world.db.writing() as tx:
            tx.connection().execute(text("ALTER TABLE ledger_entry RENAME TO ledger_gone"))
        with pytest.raises(DBAPIError):
            make(world)
        assert world.rows(Retrieval) == []
