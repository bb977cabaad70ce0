"""A hub of real small parts, and one that really runs."""

import fcntl
import os
import shutil
import socket
import subprocess
import sys
import time
from functools import cache
from pathlib import Path

import httpx2
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from hub import demo, demo_sheet
from hub.app import build_app
from hub.parts import Parts
from hub.settings import Settings
from registry.directory.access import officers, tokens
from registry.directory.access.limits import DEFAULT
from registry.store.documents import Documents
from registry.store.key_folder import KeyFolder, create
from tests.hub import office

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def settings(tmp_path, database_url) -> Settings:
    """Settings of a hub in a folder of its own."""
    return Settings(home=tmp_path, database_url=database_url, _env_file=None)


@pytest.fixture
def parts(settings, db, at) -> Parts:
    """The parts of that hub; its clock stands still."""
    if not settings.wrapping_folder.is_dir():  # a furnished world has its keys
        create(settings.wrapping_folder, entropy=os.urandom)
    keyring = KeyFolder(settings.wrapping_folder)
    return Parts(settings, db, Documents(settings.documents, keyring), keyring, now=lambda: at)


@pytest.fixture
def chief(parts, at):
    """The headers of the hub's administrator, who works for one of the demo's authorities."""
    known = {"login": "chief.one", "name": "示例管理员", "authority": office.OFFICE, "password": "示例口令示例口令甲乙"}
    made = officers.register_first(parts.db, parts.keyring, **known, at=at).officer
    with parts.db.writing() as tx:
        return {"Authorization": f"Bearer {tokens.for_officer(tx, made, how='test', at=at, limits=DEFAULT).token}"}


@pytest.fixture
def client(parts):
    """A caller of that hub, anonymous until it sends a token."""
    with TestClient(app_of(parts), raise_server_exceptions=False) as caller:
        yield caller


def copied(home: Path, to: Path) -> Path:
    """A copy of a demo; again from the start if a test beside it just closed its database."""
    for left in range(5, -1, -1):
        try:
            return shutil.copytree(home, to)
        except shutil.Error:
            shutil.rmtree(to, ignore_errors=True)
            if not left:
                raise
            time.sleep(0.1)
    raise RuntimeError("unreachable")


@cache
def _built(*limits: int) -> FastAPI:
    """One application for all tests with the same limits: its routes take longer to build than a test to run."""
    return build_app(Parts(Settings(body_limit=limits[0], upload_limit=limits[1], _env_file=None), *[None] * 3))


def app_of(parts: Parts) -> FastAPI:
    """An application over these parts, until the next one is asked for."""
    app = _built(parts.settings.body_limit, parts.settings.upload_limit)
    app.state.parts = parts
    return app


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class LiveHub:
    """A hub process: `hub serve` as an operator starts it."""

    def __init__(self, home: Path, *arguments: str, **settings: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        environment = {k: v for k, v in os.environ.items() if not k.startswith("HUB_")}
        environment |= {"HUB_HOME": str(home), "HUB_PORT": str(self.port)} | settings
        self.log = home / "log.jsonl"
        home.mkdir(parents=True, exist_ok=True)
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "hub", "serve", *arguments],
                cwd=ROOT,
                env=environment,
                stdout=subprocess.DEVNULL,
                stderr=log,
            )

    def wait(self, seconds: float = 240) -> "LiveHub":
        """Wait for its first answer."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            try:
                httpx2.get(f"{self.url}/readyz", timeout=5).raise_for_status()
            except httpx2.HTTPError:
                assert self.process.poll() is None, self.log.read_text()
                time.sleep(0.1)
            else:
                return self
        raise AssertionError(f"no answer in {seconds} s: {self.log.read_text()}")

    def stop(self) -> int:
        """Ask it to end, and say how it ended."""
        self.process.terminate()
        return self.process.wait(30)


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory) -> Path:
    """The home of a prepared demo, made once for a run; who writes to it takes a copy."""
    folder = tmp_path_factory.getbasetemp()
    folder = folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder
    with (folder / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        settings = Settings(home=folder / "demo", _env_file=None)
        if not demo_sheet.is_prepared(settings):
            demo.prepare(settings)
    return settings.home


@pytest.fixture
def own_demo(demo_home, tmp_path) -> Path:
    """A copy of the demo, to write to."""
    return copied(demo_home, tmp_path / "demo")


@pytest.fixture(scope="session")
def live_hub(tmp_path_factory):
    """One running demo hub with two workers, short patience and few connections."""
    limits = {"HUB_HEADER_SECONDS": "1", "HUB_BODY_SECONDS": "2", "HUB_CONNECTIONS": "24"}
    hub = LiveHub(tmp_path_factory.mktemp("live"), "--workers", "2", **limits).wait()
    yield hub
    hub.stop()
