"""registry/directory/matters/definition.py, meaning.py, labels.py, limits.py"""

import pytest

from registry.directory.matter_errors import NumberRefused
from registry.directory.matters import definition, labels
from registry.directory.matters.labels import Changed, Label
from registry.directory.matters.limits import Limit
from registry.directory.matters.materials import Words
from registry.life.states.lifecycle import State
from tests.registry.directory.matters.conftest import CODE, LETTER, PERMIT, small, words

FIRST, SECOND = ("materials", 0), ("materials", 1)
PROMISE = {"text": words("承诺"), "liability": words("责任"), "check_within_days": 30}
LATER = {"days": 20, "no_result_before_supply": True}


def places(told):
    return [(found.place, found.code) for found in definition.defects(told)]


class TestDefects:
    """definition.defects()"""

    def test_small(self):
        """The small matter is right."""
        assert places(small()) == []

    @pytest.mark.parametrize(
        ("path", "value", "place", "code"),
        [
            (("code",), CODE[:18] + "9" + CODE[19:-1] + "!", "/code", "value.wrong_form"),
            (("authority",), "11410800000000027X", "/authority", "code.wrong_check_digit"),
            (("title", "en"), ..., "/title/en", "value.missing"),
            (("first_day",), "2026-02-30", "/first_day", "value.wrong_form"),
            (("colour",), "red", "/colour", "value.unknown"),
            (("title", "zh"), "示例\u200b事项", "/title/zh", "value.character"),
            ((*FIRST, "mode"), "all", "/materials/0/mode", "value.not_listed"),
            ((*FIRST, "fills"), {"permit": "salt"}, "/materials/0/fills/permit", "value.wrong_form"),
            ((*FIRST, "satisfied_by", 0, "states"), ["?"], "/materials/0/satisfied_by/0/states/0", "value.not_listed"),
            ((*SECOND, "deferral"), LATER | {"days": 0}, "/materials/1/deferral/days", "value.too_small"),
            (("limits", 0, "value"), "2,000", "/limits/0/value", "value.wrong_form"),
        ],
    )  # fmt: skip
    def test_written_wrongly(self, path, value, place, code):
        """What is not written as required is found at its place."""
        assert places(small((path, value))) == [(place, code)]

    @pytest.mark.parametrize(
        ("path", "value", "place", "code"),
        [
            (("authority",), "114108000000000004", "/code", "matter.code_authority"),
            (("basic_code",), "411099009001", "/code", "matter.code_basic"),
            (("last_day",), "2025-12-31", "/last_day", "matter.days"),
            (("members",), ["ABCD"], "/members", "matter.members"),
            ((*SECOND, "code"), "permit", "/materials/1/code", "matter.repeated"),
            (("form", 1, "name"), "permit", "/form/1/name", "matter.repeated"),
            ((*FIRST, "satisfied_by"), [], "/materials/0/satisfied_by", "matter.nothing_satisfies"),
            ((*FIRST, "scenarios"), ["barn"], "/materials/0/scenarios", "matter.unknown_name"),
            ((*FIRST, "statute"), ..., "/materials/0/statute", "value.missing"),
            ((*FIRST, "fills"), {"colour": "number"}, "/materials/0/fills", "matter.unknown_name"),
            ((*FIRST, "fills"), {"permit": "fields.supervisor"}, "/materials/0/fills", "matter.unknown_name"),
            ((*SECOND, "necessity"), "conditional", "/materials/1/condition", "value.missing"),
            (("limits", 0, "applies_to"), f"{PERMIT}:supervisor", "/limits/0/applies_to", "matter.unknown_name"),
        ],
    )
    def test_contradicting_itself(self, path, value, place, code):
        """What every key allows and the whole does not is found at its place."""
        assert (place, code) in places(small((path, value)))

    def test_verify_discloses_nothing(self):
        """A material that is only verified may neither name fields nor fill the form."""
        found = places(small(((*FIRST, "mode"), "verify")))

        assert found == [
            ("/materials/0/satisfied_by/0/fields", "matter.verify_discloses"),
            ("/materials/0/fills", "matter.verify_discloses"),
        ]

    def test_bundle(self):
        """A bundle has members and neither materials, nor limits, nor a form of its own."""
        told = small(kind="bundle", members=[CODE])

        assert {"/materials", "/limits", "/form", "/members"} == {place for place, _ in places(told)}
        whole = small(kind="bundle", members=["A-01", "A-02"], materials=[], limits=[], form=[])
        assert places(whole) == []

    @pytest.mark.parametrize("told", [None, [], "matter", 1, {}])
    def test_no_matter_at_all(self, told):
        """Whatever JSON holds is refused in order, not with a fault."""
        assert places(told)

    def test_states_are_those_of_the_register(self):
        """A satisfier may ask for any state that a certificate can have, and for no other."""
        told = small(((*FIRST, "satisfied_by", 0, "states"), [state.value for state in State]))

        assert places(told) == []


class TestMake:
    """definition.make()"""

    def test_uses(self):
        """What may be seen of a type stands with the material that it satisfies."""
        made = definition.make(small())

        (by,) = made.materials[0].satisfied_by
        assert (by.type, by.fields, by.states, by.issuers) == (PERMIT, ("project_name", "contractor"), {"valid"}, None)
        assert made.materials[0].satisfier(LETTER) is None
        assert made.materials[1].satisfied_by == ()

    def test_without_scenarios(self):
        """A matter that tells no situations apart has the general one."""
        assert [one.code for one in definition.make(small((("scenarios",), ...))).scenarios] == ["default"]


class TestLabels:
    """labels.label() and labels.alternatives()"""

    @pytest.mark.parametrize(
        ("obtained", "commitment", "deferral", "label", "beside"),
        [
            ("look-up", None, None, Label.WAIVED, ()),
            ("look-up", PROMISE, LATER, Label.WAIVED, (Label.COMMITMENT, Label.DEFERRED)),
            ("hand-in", PROMISE, LATER, Label.COMMITMENT, (Label.DEFERRED,)),
            ("hand-in", PROMISE, None, Label.COMMITMENT, ()),
            ("hand-in", None, LATER, Label.DEFERRED, ()),
            ("hand-in", None, None, Label.HAND_IN, ()),
        ],
    )
    def test_of_a_material(self, obtained, commitment, deferral, label, beside):
        """One label, and every alternative beside it."""
        told = small(
            (FIRST, {**small()["materials"][0], "obtained": obtained, "commitment": commitment, "deferral": deferral})
        )
        (material, _) = definition.make(told).materials

        assert (labels.label(material), labels.alternatives(material)) == (label, beside)

    def test_changes(self):
        """Every change is told, also of what is new and what is gone."""
        before = definition.make(small()).materials
        after = definition.make(small(((*FIRST, "obtained"), "hand-in"), ((*SECOND, "code"), "paper"))).materials

        assert list(labels.changes(before, after)) == [
            Changed("permit", Label.WAIVED, Label.HAND_IN),
            Changed("paper", None, Label.HAND_IN),
            Changed("report", Label.HAND_IN, None),
        ]
        assert list(labels.changes(before, before)) == []


class TestLimits:
    """limits.Limit.holds()"""

    @pytest.mark.parametrize(
        ("compare", "below", "equal", "above"),
        [("lt", True, False, False), ("le", True, True, False), ("gt", False, False, True), ("ge", False, True, True)],
    )
    def test_to_the_hundredth(self, compare, below, equal, above):
        """1,999.99, 2,000.00 and 2,000.01 m² fall where the limit's inclusiveness says."""
        limit = Limit("a", Words("", ""), "2000.00", "m²", compare, "area", Words("", ""))

        assert [limit.holds(n) for n in ("1999.99", "2000.00", "2000", "2000.01")] == [below, equal, equal, above]

    @pytest.mark.parametrize("number", ["", "2e3", "２０００", "2,000", "NaN", "-", "1.00001", "9" * 16, "2000\n"])
    def test_no_number(self, number):
        """Nothing else than plain decimals is compared."""
        limit = Limit("a", Words("", ""), "2000.00", "m²", "le", "area", Words("", ""))

        with pytest.raises(NumberRefused):
            limit.holds(number)
