"""registry/exchange/allowances.py: the table of misuse"""

from dataclasses import replace

import pytest

from registry.directory.access.callers import Caller
from registry.directory.access.scopes import Kind, Scope
from registry.directory.authority_errors import NameRefused
from registry.directory.matter_errors import MatterNotFound
from registry.directory.matters import definition, shipped
from registry.directory.matters.materials import BasisKind, Mode
from registry.directory.matters.reading import Matter
from registry.exchange import allowances, errors
from registry.exchange.allowances import Basis, Operator
from registry.exchange.finding.about import About
from tests.registry.exchange.conftest import ELSEWHERE, FILING, NEW, OFFICE, asked

OFFICER = Caller(Kind.OFFICER, "off_1", OFFICE.authority, frozenset({Scope.RETRIEVE}))
HUB_ADMIN = replace(ELSEWHERE, scopes=frozenset(Scope))


def matter(change=None):
    """The filing, with one thing of its document changed."""
    told = next(dict(one) for one in shipped.contents() if one["code"] == FILING)
    told["materials"] = [
        one | (change or {}) if one["code"] == "construction-permit" else one for one in told["materials"]
    ]
    return Matter(1, "sha256:0", definition.make(told))


MISUSE = {
    "another authority's matter": ({}, {"by": ELSEWHERE}, MatterNotFound),
    "an administrator of the hub": ({}, {"by": HUB_ADMIN}, MatterNotFound),
    "a system without its operator": ({"operator": None}, {}, errors.OperatorMissing),
    "an officer in somebody else's name": ({}, {"by": OFFICER}, errors.OperatorMissing),
    "no such scenario": ({"scenario": "other"}, {}, errors.ScenarioUnknown),
    "no such material": ({"materials": ("passport",)}, {}, errors.MaterialNotAsked),
    "a material of another scenario": ({"materials": ("housing-manual",)}, {}, errors.MaterialNotAsked),
    "one of several not asked for": ({"materials": ("applicant", "passport")}, {}, errors.MaterialNotAsked),
    "what is handed in": ({"materials": ("fire-acceptance",)}, {}, errors.MaterialHandedIn),
    "more than the matter shows": ({"mode": Mode.ORIGINAL}, {}, errors.ModeRefused),
    "a copy where only data are shown": ({"mode": Mode.COPY}, {}, errors.ModeRefused),
    "data where only a yes is shown": ({"materials": ("applicant",), "mode": Mode.DATA}, {}, errors.ModeRefused),
    "on a statute where only grants count": ({}, {"change": {"basis": ["grant"]}}, errors.BasisRefused),
    "on a grant where only the statute counts": (
        {"basis": Basis(BasisKind.GRANT, "grt_1")},
        {"change": {"basis": ["statutory"]}},
        errors.BasisRefused,
    ),
}


@pytest.mark.parametrize("case", MISUSE)
def test_misuse_is_refused(case):
    """Each differs in one thing from a look-up that is allowed."""
    changes, other, refusal = MISUSE[case]
    with pytest.raises(refusal):
        allowances.decide(matter(other.get("change")), asked(**changes), by=other.get("by", OFFICE))


@pytest.mark.parametrize(
    ("changes", "by", "mode"),
    [
        ({}, OFFICE, Mode.DATA),
        ({"mode": Mode.VERIFY}, OFFICE, Mode.VERIFY),
        ({"materials": ("applicant",)}, OFFICE, Mode.VERIFY),
        ({"operator": None}, OFFICER, Mode.DATA),
        ({"scenario": "residential"}, OFFICE, Mode.DATA),
    ],
)
def test_what_is_allowed(changes, by, mode):
    """A material is shown as far as its matter says, or less."""
    (allowed,) = allowances.decide(matter(), asked(**changes), by=by)
    assert allowed.mode is mode


@pytest.mark.parametrize("purpose", ["", " ", "x" * 201, "竣工\n备案"])
def test_a_purpose_is_words(purpose):
    """Without one nothing is looked up."""
    with pytest.raises(NameRefused):
        asked(purpose=purpose)
    with pytest.raises(NameRefused):
        Operator(purpose, "示例")


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"building": "1#"},
        {"number": "1"},
        {"issuer": "1"},
        {"project": "p", "identifier": "i"},
        {"identifier": "i", "number": "1", "issuer": "2"},
        {"holders": (NEW,), "building": "1#"},
    ],
)
def test_one_lead(told):
    """Neither none nor several."""
    with pytest.raises(errors.AboutUnclear):
        About(**told)
