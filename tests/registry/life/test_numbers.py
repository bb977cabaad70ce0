"""registry/life/numbers.py: many at once, on both engines"""

import multiprocessing
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from registry.directory.catalog.definition import Numbering
from registry.life import numbers
from registry.store.database import Database
from registry.store.errors import DatabaseBusy
from registry.store.tables.life import Certificate, Draft, NumberCounter
from tests.registry.life.conftest import OFFICE, filing, rows

NUMBERING = Numbering("示测", "{word}〔{year}〕{number}号", "authority-year")


class GivenUp(Exception):
    """An intent that fails after its number was drawn."""


def reserve(url, sample, worker, each):
    """One process: numbers drawn, some given back with their intent, some left void."""
    db = Database(url)
    for turn in range(each):
        while not _tried(db, sample, worker * each + turn, turn):
            continue  # SQLite let others through for too long: asked again, as a caller would
    db.close()


def _tried(db, sample, place, turn):
    try:
        _one(db, sample, place, turn)
    except GivenUp:
        return True
    except DatabaseBusy:
        return False
    return True


def _one(db, sample, place, turn):
    draft, certificate = sample
    with db.writing() as tx:
        number = numbers.reserve(tx, NUMBERING, issuer=OFFICE, year=2026, chosen=None, draft="-")
        own = {"id": f"drf_n{place}"}
        tx.add(Draft(**draft | own))
        tx.flush()
        named = {
            "identifier": f"n{place}", "draft": f"drf_n{place}", "number": number, "request_key": None,
            "status_index": 2_000_000 + place, "reference": f"N{place:09}",
        }  # fmt: skip
        gone = dict.fromkeys(("document", "level", "seal", "outside", "sealed_at"))
        void = gone | {"state": "void", "void_reason": "test"} if turn % 7 == 3 else {}
        tx.add(Certificate(**certificate | named | void))
        tx.flush()
        if turn % 5 == 4:
            raise GivenUp


def drawn_together(world, url, processes, each):
    """Let several processes draw, and give what they drew."""
    row = world.issue()
    with world.db.reading() as look:
        sample = look.get_one(Draft, row.draft).model_dump(), row.model_dump()
    context = multiprocessing.get_context("fork")
    world.db.close()
    workers = [context.Process(target=reserve, args=(url, sample, n, each)) for n in range(processes)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0] * processes
    with world.db.reading() as look:
        found = look.exec(select(Certificate.number, Certificate.state).where(Certificate.identifier.like("n%"))).all()
    return [(int(number.partition("〕")[2].removesuffix("号")), state) for number, state in found]


def no_gap(found, processes, each):
    """Every number once, from one to the last; what was given back was given out again; void ones stand as rows."""
    kept = processes * sum(turn % 5 != 4 for turn in range(each))
    assert sorted(number for number, _ in found) == list(range(1, kept + 1))
    assert {state for _, state in found} == {"valid", "void"}


def test_eight_processes(world, database_url):
    """No number twice, no gap that no row explains."""
    no_gap(drawn_together(world, database_url, 8, 10), 8, 10)


@pytest.mark.soak
def test_forty_thousand(world, database_url):
    """Eight processes, five thousand each."""
    no_gap(drawn_together(world, database_url, 8, 5_000), 8, 5_000)


def test_the_year_turns_at_midnight_in_shanghai(world):
    """The last letter of the old year and the first of the new one, seconds apart, still in the old year by UTC."""
    world.at = datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC)
    world.press = world.new_press()
    old = world.issue(world.approved(filing()).id)
    world.at += timedelta(seconds=1)
    new = world.issue(world.approved(filing()).id)
    assert (old.number, new.number) == ("示人防函〔2026〕1号", "示人防函〔2027〕1号")
    assert [(one.year, one.last) for one in sorted(rows(world, NumberCounter), key=lambda one: one.year)] == [
        (2026, 1), (2027, 1),
    ]  # fmt: skip
