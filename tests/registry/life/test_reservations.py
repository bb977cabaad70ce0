"""Eight processes that take numbers at once: none twice, and every gap is a void row's."""

import subprocess
import sys

import pytest

from tests.registry.life.conftest import ROOT, rows
from tests.seeds import commit

PROCESSES = 8


def reserve(world, url, *, each):
    """Let them all run, then look at every number."""
    program = [sys.executable, "-m", "tests.registry.life.reserving", url, str(world.folder)]
    subprocess.run([*program, str(PROCESSES), str(each)], cwd=ROOT, check=True)

    found = rows(world)
    numbers = {int(row.number.partition("〕")[2].removesuffix("号")): row.state for row in found}
    voided = {number for number, state in numbers.items() if state == "void"}
    living = set(numbers) - voided
    assert len(numbers) == len(found) == PROCESSES * each, "a number was given twice, or a reservation was lost"
    assert set(range(1, max(numbers) + 1)) - living == voided, "a gap that no void row explains"
    assert len(voided) == PROCESSES * (each // 7)
    print(f"{PROCESSES} × {each} numbers on {url.partition(':')[0]}, commit {commit()}: 0 twice, {len(voided)} void")


def test_a_few(world, database_url):
    """Eight times seven."""
    reserve(world, database_url, each=7)


@pytest.mark.soak
def test_forty_thousand(world, database_url):
    """Eight times five thousand."""
    reserve(world, database_url, each=5_000)
