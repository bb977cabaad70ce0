"""What the databases of tests begin with: made once for each engine, cloned for each test.

A test says what it needs with `pytest.mark.furnished(worlds.AUTHORITIES)`; without the mark a database is migrated and
empty. A clone costs milliseconds, what is cloned may have taken a second.
"""

import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from registry.directory import authority_seed
from registry.directory.access.callers import OPERATOR
from registry.directory.catalog import shipped as types
from registry.directory.matters import shipped as matters
from registry.store import key_folder
from registry.store.database import Database
from registry.store.documents import Documents
from registry.store.key_folder import KeyFolder

AT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
_numbers = itertools.count(1)
_owners: dict[str, psycopg.Connection] = {}


@dataclass(frozen=True)
class Furnishing:
    """What a database begins with; `fill` gets the database and the folder of the files that belong to it."""

    name: str
    fill: Callable[[Database, Path], object]


EMPTY = Furnishing("house", lambda db, folder: None)
AUTHORITIES = Furnishing(
    "authorities", lambda db, folder: authority_seed.load(db, authority_seed.demo(), by="hub", at=AT)
)


def documents(folder: Path) -> Documents:
    """The documents of a world, where a hub at home there has them too."""
    keys = folder / "keys" / "wrapping"
    if not keys.is_dir():
        key_folder.create(keys, entropy=os.urandom)
    return Documents(folder / "documents", KeyFolder(keys))


def _matters(db: Database, folder: Path) -> None:
    authority_seed.load(db, authority_seed.demo(), by="hub", at=AT)
    types.ship(db, documents(folder), by="hub", at=AT)
    matters.ship(db, documents(folder), by=OPERATOR, at=AT)


MATTERS = Furnishing("matters", _matters)  # the shipped types, and the matters that use them


class Worlds:
    """The worlds to clone: an SQLite file or a PostgreSQL template, each beside the files that belong to it."""

    def __init__(self, server: Callable[[], str], house: Path, folder: Path) -> None:
        self._server, self._house, self._folder = server, house, folder
        self._ready: set[Path] = set()

    def url(self, engine: str, furnishing: Furnishing, folder: Path) -> Iterator[str]:
        """The URL of a database of this test's own, beside a copy of its files in a folder."""
        made = self._made(engine, furnishing)
        shutil.copytree(made, folder, dirs_exist_ok=True)
        if engine == "sqlite":
            yield f"sqlite:///{folder / 'hub.sqlite'}"
        else:
            yield from cloned(self._server(), template=_template(furnishing))

    def _made(self, engine: str, furnishing: Furnishing) -> Path:
        folder = self._folder / engine / furnishing.name
        if folder not in self._ready:
            folder.mkdir(parents=True)
            self._make(engine, furnishing, folder)
            self._ready.add(folder)
        return folder

    def _make(self, engine: str, furnishing: Furnishing, folder: Path) -> None:
        if engine == "sqlite":
            _fill(f"sqlite:///{shutil.copy(self._house, folder / 'hub.sqlite')}", furnishing, folder)
        elif furnishing is not EMPTY:
            name = _template(furnishing)
            run(self._server(), f'CREATE DATABASE "{name}" TEMPLATE "house"')
            url = make_url(self._server()).set(database=name).render_as_string(hide_password=False)
            _fill(url, furnishing, folder)


def _template(furnishing: Furnishing) -> str:
    return "house" if furnishing is EMPTY else f"house-{furnishing.name}"


def _fill(url: str, furnishing: Furnishing, folder: Path) -> None:
    db = Database(url)
    furnishing.fill(db, folder)
    db.close()


def cloned(server: str, *, template: str) -> Iterator[str]:
    """The URL of a PostgreSQL database of this test's own."""
    name = f"t{os.getpid()}_{next(_numbers)}"
    # File by file: through the write-ahead log, which is the default, a clone takes three times as long.
    run(server, f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
    yield make_url(server).set(database=name).render_as_string(hide_password=False)
    run(server, f'DROP DATABASE "{name}" WITH (FORCE)')


def run(server: str, statement: str) -> None:
    """Run a statement of the server's owner; one connection serves a whole run."""
    if server not in _owners:
        url = make_url(server).set(drivername="postgresql").render_as_string(hide_password=False)
        _owners[server] = psycopg.connect(url, autocommit=True)
    _owners[server].execute(statement)


def close(server: str) -> None:
    """End that connection."""
    if server in _owners:
        _owners.pop(server).close()
