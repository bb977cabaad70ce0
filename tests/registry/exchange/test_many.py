"""registry/exchange/finding: a holder of very many certificates of one type"""

import pytest
from sqlalchemy import text

from hub.bench import moving_rows
from registry.exchange.finding import candidates
from registry.exchange.finding.about import About
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
