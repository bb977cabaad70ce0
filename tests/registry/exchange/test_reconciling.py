"""registry/exchange/reconciling.py"""

from datetime import date, timedelta

import pytest

from registry.directory import working_days
from registry.directory.access.callers import Caller
from registry.directory.access.errors import NotPermitted
from registry.directory.access.scopes import Kind, Scope
from registry.exchange import cases, reconciling
from registry.exchange.cases import CaseState, Given, Rule
from tests.registry.exchange.conftest import ELSEWHERE, NOW, OFFICE, STORY

pytestmark = pytest.mark.furnished(STORY)
CHIEF = Caller(Kind.OFFICER, "off_chief", OFFICE.authority, frozenset({Scope.CLIENT_ADMIN}))
CASE = "示例〔2026〕7号"


def waiting(world, by=OFFICE, at=NOW, **more):
    return reconciling.page(world.db, working_days.shipped(), by=by, at=at, **more)


def test_a_look_up_for_an_unknown_case_waits_until_the_case_comes(world):
    """Whatever way it comes, and also when it is over already; nothing is marked."""
    done = world.retrieve()
    (one,) = waiting(world)
    cases.register(world.db, Given(CASE, state=CaseState.CLOSED), by=OFFICE, at=NOW)

    assert (one.row.id, one.due_on, one.overdue) == (done.id, date(2026, 5, 12), False)
    assert waiting(world) == []


def test_a_look_up_for_a_known_case_never_waits(world):
    """It was made good before it was made."""
    cases.register(world.db, Given(CASE), by=OFFICE, at=NOW)
    world.retrieve()

    assert waiting(world) == []


def test_the_day_is_the_rules_and_is_over_when_it_is(world):
    """On the last day it is not late, on the next it is."""
    cases.set_rule(world.db, Rule(days=2), by=CHIEF, at=NOW)
    world.retrieve()

    assert [waiting(world, at=NOW + timedelta(days=days))[0].overdue for days in (2, 3)] == [False, True]
    assert waiting(world)[0].due_on == date(2026, 5, 8)


def test_another_authoritys_case_of_the_same_number_makes_nothing_good(world):
    """Numbers are an authority's own, and its look-ups too."""
    world.retrieve()
    cases.register(world.db, Given(CASE), by=ELSEWHERE, at=NOW)

    assert len(waiting(world)) == 1
    assert waiting(world, by=ELSEWHERE) == []


def test_pages_go_on_where_they_ended(world):
    """The oldest first, each once."""
    made = [world.retrieve(case_number=f"A-{n}", at=NOW + timedelta(seconds=n)).id for n in range(3)]
    first = waiting(world, limit=2)
    last = first[-1].row
    rest = waiting(world, limit=2, after=(last.at.isoformat(), last.id))

    assert [one.row.id for one in (*first, *rest)] == made


def test_who_does_not_look_up_is_told_nothing(world):
    """The scope is that of looking up."""
    with pytest.raises(NotPermitted):
        waiting(world, by=CHIEF)
