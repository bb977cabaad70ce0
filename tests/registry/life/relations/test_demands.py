"""registry/life/relations/demands.py: the single-building rule, judged without a register."""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest

from registry.directory.projects.history import Absence, Alias, Building, Code, Record, Stage, mark
from registry.life.relations import demands
from registry.life.relations.facts import Facts, Letter
from tests.registry.life.relations.conftest import BASIS, CODE, DAY, LETTER, NAMES, OPINION, sample, shipped, unit
from verification.statement import Relation

DRAWN = Absence("建施-01（示例）", "示例市人防办工程科", date(2025, 4, 1))
APPROVAL, LETTER_OF_1 = "1.2.156.3005.2.approval", "1.2.156.3005.2.letter"


def building(number, **changes):
    """A building; 1# and 2# have nothing below."""
    code = Code(unit(number), Stage.ASSIGNED, DAY, BASIS)
    absences = (DRAWN,) if number in (1, 2) else ()
    made = Building(
        f"{CODE}-{number:03}", CODE, "一期", (Alias(NAMES.get(number, f"{number}#"), DAY),), (code,), absences
    )
    return replace(made, **changes)


BUILDINGS = tuple(building(number) for number in NAMES)
MERGED = tuple(
    building(
        n,
        ended_on=DAY,
        ended_how="merged",
        heirs=(f"{CODE}-012",),
        codes=(Code(unit(n), Stage.ASSIGNED, DAY, BASIS, DAY),),
    )
    for n in (1, 2)
)
FACTS = Facts(
    project=Record(CODE, "114108000000000004", (), BUILDINGS),
    rests_on=SimpleNamespace(identifier=APPROVAL),
    state="valid",
    approved=tuple(mark(name) for name in NAMES.values()),
    due="6240.00",
)


def regrouped():
    """The facts after 1# and 2# became 1-2#."""
    new = building(12, names=(Alias("1-2#", DAY),))
    return replace(FACTS, project=replace(FACTS.project, buildings=(*MERGED, *BUILDINGS[2:], new)))


def judged(slug, facts=FACTS, given=(), **changes):
    """The findings on a sample with changes."""
    fields = sample(slug) | changes
    found = demands.findings(shipped(slug).definition.project, fields, given, facts)
    return [(one.place, one.code, dict(one.facts)) for one in found]


def codes(*asked, **changes):
    return {(place, code) for place, code, _ in judged(*asked, **changes)}


class TestLetter:
    """A letter for a single building."""

    def test_right(self):
        """Nothing below, the approval valid: nothing stands in the way, and it derives from the approval."""
        assert judged(LETTER) == []
        rules = shipped(LETTER).definition.project
        assert demands.derived(rules, sample(LETTER), FACTS) == (Relation("derives-from", "certificate", APPROVAL),)

    def test_over_the_shelter(self):
        """Without the record there is no letter."""
        told = judged(LETTER, building_name=NAMES[3], estate_unit=unit(3))
        assert told == [("/fields/building_name", "building.no_absence", {"building": f"{CODE}-003"})]

    @pytest.mark.parametrize(
        ("facts", "place", "code"),
        [
            (replace(FACTS, project=None), "project_code", "project.unknown"),
            (replace(FACTS, rests_on=None, state=""), "approval_number", "approval.unknown"),
            (replace(FACTS, state="revoked"), "approval_number", "approval.not_valid"),
            (replace(FACTS, state="suspended"), "approval_number", "approval.not_valid"),
            (replace(FACTS, approved=(mark("2#住宅楼"),)), "building_name", "building.not_approved"),
            (regrouped(), "building_name", "building.ended"),
            (
                replace(FACTS, elsewhere={unit(1): "2503-410199-04-01-000002"}),
                "building_name",
                "building.other_project",
            ),
        ],
    )
    def test_what_the_register_says(self, facts, place, code):
        """An unknown project, an approval that is none or holds no more, a building that is another's or is gone."""
        assert codes(LETTER, facts) == {(f"/fields/{place}", code)}

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"building_name": "9#楼"}, "building.unknown"),
            ({"estate_unit": unit(2)}, "building.code_differs"),
            ({"estate_unit": unit(77)}, "building.code_unknown"),
        ],
    )
    def test_what_the_clerk_wrote(self, changes, code):
        """A name or code of no building, or of another one."""
        assert codes(LETTER, **changes) == {("/fields/building_name", code)}

    def test_merged_names_its_successor(self):
        """Who names a merged building, or writes its code beside the new name, is told the code that stands for it."""
        assert judged(LETTER, regrouped())[0][2] == {"how": "merged", "successors": unit(12)}
        told = judged(LETTER, regrouped(), building_name="1-2#")
        assert ("building.code_ended", {"successors": unit(12)}) in [(code, facts) for _, code, facts in told]

    def test_other_spelling(self):
        """Width and blanks of a name make no difference."""
        assert judged(LETTER, building_name="１＃ 住宅楼") == []


class TestOpinion:
    """The project's document."""

    def test_right(self):
        """It covers each building, consolidates the letters, and derives from the approval."""
        facts = replace(FACTS, letters=(Letter(LETTER_OF_1, f"{CODE}-001", False),))
        assert judged(OPINION, facts) == []
        rules = shipped(OPINION).definition.project
        told = demands.derived(rules, sample(OPINION), facts)
        assert [one.target for one in told] == [*map(unit, NAMES), LETTER_OF_1, APPROVAL]
        assert demands.merged(told[:1], told) == told

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"paid_area": "1139.99"}, "/fields/built_area duty.unmet"),
            ({"built_area": "0.00", "paid_area": "0.00"}, "/fields/built_area duty.unmet"),
            ({"required_area": "6239.99"}, "/fields/required_area duty.differs"),
            ({"built_area": "999999999.99"}, ""),
            ({"built_area": "6240.00", "paid_area": "0.00"}, ""),
        ],
    )
    def test_duty(self, changes, code):
        """A hundredth short is short, whatever the document itself says is due; more than due is not less."""
        assert [f"{place} {code}" for place, code, _ in judged(OPINION, **changes)] == code.split("|") * bool(code)

    def test_how_much_is_short(self):
        """The clerk is told, to the hundredth."""
        told = judged(OPINION, paid_area="1139.99")[0][2]
        assert told == {"due": "6240.00", "met": "6239.99", "short": "0.01"}

    def test_building_missing(self):
        """Each building of the approval that is not named is told."""
        told = judged(OPINION, buildings=sample(OPINION)["buildings"][1:3])
        assert [facts["building"] for _, code, facts in told if code == "building.missing"] == [
            f"{CODE}-001",
            f"{CODE}-005",
        ]

    def test_not_of_the_approval(self):
        """A building that the approval does not name is not covered by it."""
        facts = replace(FACTS, approved=FACTS.approved[:3])
        assert codes(OPINION, facts) == {("/fields/buildings/3/name", "building.not_approved")}

    def test_nobody_registered_it(self):
        """Who cannot say which buildings there are cannot say that all are covered."""
        facts = replace(FACTS, approved=(*FACTS.approved, mark("示例配套楼")))
        assert codes(OPINION, facts) == {("/fields/buildings", "building.unregistered")}

    def test_merged_since(self):
        """The successor is covered in place of the buildings it was made of."""
        rows = list(sample(OPINION)["buildings"])
        one = {**rows[0], "name": "1-2#", "estate_unit": unit(12)}
        assert codes(OPINION, regrouped(), buildings=rows[2:]) == {("/fields/buildings", "building.missing")}
        assert judged(OPINION, regrouped(), buildings=[one, *rows[2:]]) == []

    def test_another_stands(self):
        """There is one document for an approval, and no letter half made."""
        facts = replace(FACTS, others=("1.2.3",), letters=(Letter("1.2.4", f"{CODE}-001", True),))
        assert judged(OPINION, facts) == [
            ("/relations", "letter.sealing", {"identifier": "1.2.4"}),
            ("/fields/project_code", "project.documented", {"identifier": "1.2.3"}),
        ]

    @pytest.mark.parametrize("relation", [("covers", "estate-unit", unit(8)), ("consolidates", "certificate", "1.2.3")])
    def test_unfounded_relation(self, relation):
        """What a drafter names beyond the rules is refused; what follows from them may be named."""
        given = (Relation("covers", "estate-unit", unit(5)), Relation(*relation))
        assert [(place, code) for place, code, _ in judged(OPINION, FACTS, given)] == [
            ("/relations/1", "relation.unfounded")
        ]
