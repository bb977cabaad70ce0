"""registry/exchange/live.py"""

from dataclasses import replace
from datetime import timedelta

import pytest

from registry.directory.access.callers import Caller
from registry.directory.access.errors import NotPermitted
from registry.directory.access.scopes import Scope
from registry.directory.matters.materials import Mode
from registry.exchange import cases, live
from registry.exchange.cases import CaseState, Given
from registry.exchange.errors import NotLive
from registry.life import certificates, status_reading
from tests.registry.exchange.conftest import ELSEWHERE, LICENCE, NOW, OFFICE, PERMIT, STORY

pytestmark = pytest.mark.furnished(STORY)


@pytest.fixture
def identifier(world):
    return world.certificate(PERMIT).identifier


def reader(world, key, identifier, part="record", by=OFFICE, at=NOW):
    return live.reader(world.db, key, identifier, part, by=by, at=at)


def test_it_opens_what_its_mode_shows_and_writes_the_reading_down(world, identifier):
    """Record, status and proof for data; each reading is an entry."""
    key = world.retrieve().id
    by = reader(world, key, identifier)

    assert certificates.find(world.db, identifier, by=by).identifier == identifier
    assert len(world.events("retrieved")) == 2
    assert isinstance(reader(world, key, identifier, "proof"), Caller)


def test_a_guest_is_told_the_state_and_not_what_was_decided(world, identifier):
    """Titles of decisions name people."""
    by = reader(world, world.retrieve().id, identifier, "status")
    told = status_reading.ask(world.db, world.documents, identifier, by=by, at=NOW)

    assert told.now.state == "valid"
    assert (told.acts, told.allowed) == ([], [])


REFUSED = {
    "no such look-up": {"key": "ret_none"},
    "another authority": {"by": ELSEWHERE},
    "before it": {"at": NOW - timedelta(seconds=1)},
    "after its minutes": {"at": NOW + timedelta(minutes=15)},
    "the sealed document under a mode of data": {"part": "document"},
    "a certificate that does not exist": {"identifier": "1.2.156.3005.2.x"},
}


@pytest.mark.parametrize("case", REFUSED)
def test_anything_else_is_refused_alike(world, identifier, case):
    """And nothing is written."""
    asked = {"key": world.retrieve().id, "identifier": identifier} | REFUSED[case]
    with pytest.raises(NotLive):
        reader(world, **asked)
    assert len(world.events("retrieved")) == 1


def test_a_certificate_that_was_not_found_by_it(world):
    """A look-up opens what it found, not what else the holder has."""
    with pytest.raises(NotLive):
        reader(world, world.retrieve().id, world.certificate(LICENCE).identifier)


def test_what_was_only_verified_opens_nothing(world, identifier):
    """A yes is all there is."""
    with pytest.raises(NotLive):
        reader(world, world.retrieve(mode=Mode.VERIFY).id, identifier)


def test_it_ends_with_its_case(world, identifier):
    """A case that is closed opens nothing any more."""
    key = world.retrieve().id
    cases.register(world.db, Given("示例〔2026〕7号", state=CaseState.CLOSED), by=OFFICE, at=NOW)
    with pytest.raises(NotLive):
        reader(world, key, identifier)


def test_who_lost_the_scope(world, identifier):
    """Rights are read anew."""
    key = world.retrieve().id
    with pytest.raises(NotPermitted):
        reader(world, key, identifier, by=replace(OFFICE, scopes=frozenset({Scope.VERIFY})))
