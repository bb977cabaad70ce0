"""registry/exchange/finding: a holder of very many certificates of one type"""

import logging
from types import SimpleNamespace

import pytest
from sqlalchemy import text

from hub.bench import moving_rows
from registry.exchange.finding import candidates
from registry.exchange.finding.about import About
from registry.exchange.finding.search import Answer, Candidate, hidden
from registry.store.tables.life import Certificate
from tests.registry.exchange.conftest import NEW, STORY

pytestmark = pytest.mark.furnished(STORY)
MORE = candidates.MOST + 10
NEWER = {"sqlite": "'2026-05-06T01:00:00.000000Z'", "postgresql": "'2026-05-06T01:00:00Z'::timestamptz"}
DAY = {"sqlite": "'2026-05-01'", "postgresql": "'2026-05-01'::date"}


def add_expired(world, monkeypatch):
    """Newer copies of the office's newest certificate, every one of them expired, in the same holder's name."""
    copied, day = moving_rows._copy, DAY[world.db.dialect]
    over = {"at": NEWER[world.db.dialect], "issued_on": day, "valid_from": day, "valid_to": day}

    def newer(tx, kind, own, sample, size, *, only=""):
        copied(tx, kind, own | (over if kind is Certificate else {}), sample, size, only=only)

    monkeypatch.setattr(moving_rows, "_copy", newer)
    with world.db.writing() as tx:
        moving_rows.fill(tx, MORE)
        told = (
            "INSERT INTO certificate_holder (certificate, place, mark) SELECT c.identifier, h.place, h.mark "
            "FROM certificate c, certificate_holder h WHERE c.identifier LIKE '%BENCH%' AND h.certificate = "
            "(SELECT identifier FROM certificate WHERE statement = c.statement AND identifier NOT LIKE '%BENCH%')"
        )
        tx.connection().execute(text(told))


def test_an_older_one_that_satisfies_is_found_behind_newer_ones_that_do_not(world, monkeypatch):
    """However many they are; the office is answered the one that counts."""
    asked = {"materials": ("shelter-document",), "about": About(holders=(NEW,))}
    before = world.retrieve(**asked).answer
    add_expired(world, monkeypatch)
    after = world.retrieve(**asked).answer

    assert len(world.rows(Certificate)) > MORE
    assert {one["identifier"] for one in after["results"]} == {one["identifier"] for one in before["results"]}
    assert after["results"]


def test_more_than_may_be_read_is_said(world, monkeypatch, caplog):
    """To the operator: an older one that satisfies may lie behind."""
    monkeypatch.setattr(candidates, "ALL", candidates.MOST)
    add_expired(world, monkeypatch)
    with caplog.at_level(logging.WARNING, "registry.exchange"):
        world.retrieve(materials=("shelter-document",), about=About(holders=(NEW,)))

    newest = max(world.rows(Certificate), key=lambda one: one.at).type_code
    assert [one.getMessage() for one in caplog.records] == [f"a look-up read 50 of type {newest}, more are there"]


def test_what_satisfies_one_material_hides_nothing_of_another():
    """Each material is asked for by itself."""
    permit, letter = _Needs("permit"), _Needs("letter")
    found = Candidate(SimpleNamespace(type_code="permit"), {}, "valid")
    answers = [Answer(permit, (found,)), Answer(permit), Answer(letter)]

    assert hidden(answers, {"permit"}) == {"permit"}
    assert hidden(answers[:1], {"permit"}) == set()
    assert hidden(answers, {"letter", "strange"}) == {"letter"}


class _Needs(SimpleNamespace):
    """A material that one type satisfies."""

    def __init__(self, code):
        super().__init__(satisfier=lambda asked: asked if asked == code else None)
