"""A hub of real small parts, and one that really runs."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx2
import pytest
from starlette.testclient import TestClient

from hub.app import build_app
from hub.parts import Parts
from hub.settings import Settings
from registry.store.documents import Documents
from registry.store.key_folder import KeyFolder, create

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def settings(tmp_path, database_url) -> Settings:
    """Settings of a hub in a folder of its own."""
    return Settings(home=tmp_path, database_url=database_url, _env_file=None)


@pytest.fixture
def parts(settings, db, at) -> Parts:
    """The parts of that hub; its clock stands still."""
    create(settings.wrapping_folder, entropy=os.urandom)
    keyring = KeyFolder(settings.wrapping_folder)
    return Parts(settings, db, Documents(settings.documents, keyring), keyring, now=lambda: at)


@pytest.fixture
def client(parts):
    """A caller of that hub, anonymous until it sends a token."""
    with TestClient(build_app(parts), raise_server_exceptions=False) as caller:
        yield caller


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

    def wait(self, seconds: float = 60) -> "LiveHub":
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
def live_hub(tmp_path_factory):
    """One running demo hub with two workers, short patience and few connections."""
    limits = {"HUB_HEADER_SECONDS": "1", "HUB_BODY_SECONDS": "2", "HUB_CONNECTIONS": "24"}
    hub = LiveHub(tmp_path_factory.mktemp("live"), "--workers", "2", **limits).wait()
    yield hub
    hub.stop()
