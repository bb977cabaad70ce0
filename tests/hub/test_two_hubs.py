"""Two hubs that really run, watch each other, and are watched by somebody at a command line."""

import json
import os
import shutil
import subprocess
import sys
import time

import httpx2
import pytest

from tests.hub.conftest import ROOT, LiveHub
from verification import checkpoints, notes

pytestmark = [pytest.mark.soak, pytest.mark.xdist_group("live")]


def line(home, *arguments, port=8000):
    """What a command prints, and its exit code."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("HUB_")}
    environment |= {"HUB_HOME": str(home), "HUB_PORT": str(port), "LC_ALL": "en_US.UTF-8"}
    command = [sys.executable, "-m", "hub", "log", *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


class Province:
    """One of them, with the files that say whom it watches and who watches it."""

    def __init__(self, folder, name):
        self.name, self.home = name, folder / name
        self.files = {"HUB_WITNESSES": folder / f"{name}-witnesses", "HUB_WITNESSED_LOGS": folder / f"{name}-logs"}
        for file in self.files.values():
            file.touch()
        self.start()

    def start(self):
        told = {key: str(value) for key, value in self.files.items()}
        self.hub = LiveHub(self.home, HUB_LOG_ORIGIN=f"{self.name}.sample.invalid/log", **told)

    def verifier_keys(self, *which):
        return line(self.home, "keys", *which, port=self.hub.port)[1].split()

    def is_watched_by(self, other):
        self.files["HUB_WITNESSES"].write_text(
            f"{other.hub.url}/log/witness {' '.join(other.verifier_keys('--witness'))}\n"
        )
        other.files["HUB_WITNESSED_LOGS"].write_text("\n".join(self.verifier_keys()) + "\n")

    def act(self):
        """Something that is told to the ledger."""
        one = json.loads((self.home / "demo.json").read_text(encoding="utf-8"))["clients"][0]
        form = {"grant_type": "client_credentials", "client_id": one["id"], "client_secret": one["secret"]}
        httpx2.post(f"{self.hub.url}/oauth/token", data=form).raise_for_status()

    def checkpoint(self, other):
        known = [notes.read_key(key) for key in self.verifier_keys()]
        seen_by = [notes.read_key(key) for key in other.verifier_keys("--witness")]
        return lambda: checkpoints.opened(httpx2.get(f"{self.hub.url}/log/checkpoint").content, known, seen_by)


def soon(found, wanted, seconds=15):
    """What is found as soon as it is as wanted."""
    until = time.monotonic() + seconds
    while not wanted(now := found()):
        assert time.monotonic() < until, now
        time.sleep(0.2)
    return now


@pytest.fixture
def two(tmp_path):
    provinces = [Province(tmp_path, name) for name in ("east", "west")]
    for one in provinces:
        one.hub.wait()
    yield provinces
    for one in provinces:
        one.hub.process.kill()
        one.hub.process.wait()


class TestTwo:
    """hub serve, twice"""

    def test_they_vouch_for_each_other_and_a_fork_or_silence_is_noticed(self, two, tmp_path):
        """Each checkpoint gets the other's lines; an old copy put in its place is refused by witness and monitor."""
        east, west = two
        east.is_watched_by(west)
        west.is_watched_by(east)
        for one, other in ((east, west), (west, east)):
            one.act()
            seen = soon(one.checkpoint(other), lambda now: len(now.cosigned) == 2)
            assert {cosigned.name for cosigned in seen.cosigned} == {f"{other.hub.url.partition('://')[2]}/witness"}

        watched = [argument for key in east.verifier_keys() for argument in ("--key", key)]

        def monitor():
            return line(tmp_path, "monitor", f"{east.hub.url}/log", *watched, "--folder", tmp_path / "seen")[0]

        assert monitor() == 0
        east.hub.stop()
        assert monitor() == 2
        shutil.copytree(east.home, tmp_path / "old")
        east.start()
        east.hub.wait()
        for _ in range(2):
            east.act()
            size = soon(east.checkpoint(west), lambda now: now.cosigned).tree.size
        assert monitor() == 0
        east.hub.stop()

        east.home = tmp_path / "old"
        east.start()
        east.hub.wait()
        for _ in range(4):
            east.act()
        forked = soon(east.checkpoint(west), lambda now: now.tree.size >= size)
        assert monitor() == 1
        assert list((tmp_path / "seen").glob("forked-*"))
        time.sleep(1.5)
        assert east.checkpoint(west)().cosigned == () != forked.tree.size
