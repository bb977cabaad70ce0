"""Bring a database to this program's schema, or refuse to work with one that differs.

Order: all steps of an upgrade commit together on both engines, so a kill in the middle leaves the old schema whole.
The check at every start reads one row and the names of the migration files; Alembic is loaded only to upgrade.
"""

import re
from functools import cache
from importlib.resources import files

from sqlalchemy import Connection, inspect, text

from registry.store import safety
from registry.store.database import Database
from registry.store.errors import DatabaseTooNew, DatabaseTooOld

_FILE = re.compile(r"s(\d{4})_\w+\.py")


@cache
def known() -> tuple[str, ...]:
    """Name all schemas this program has had, the newest last: a migration's file begins with its number."""
    steps = files("registry.store.migrations").joinpath("versions").iterdir()
    return tuple(sorted(match[1] for step in steps if (match := _FILE.fullmatch(step.name))))


def newest() -> str:
    """Name the schema this program works with."""
    return known()[-1]


def found(db: Database) -> str | None:
    """Name the schema the database has; None for an empty one."""
    with db.reading() as look:
        return _found(look.connection())


def upgrade(db: Database) -> tuple[str | None, str]:
    """Bring the database up to date; answer (before, after). Safe to run twice and by two at once."""
    from alembic import command
    from alembic.config import Config

    with db.writing() as tx:
        connection = tx.connection()
        tx.hold("schema")
        if db.dialect == "postgresql":
            safety.assert_server(connection)
        before = _found(connection)
        _refuse_newer(before)
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(files("registry.store").joinpath("migrations")))
        command.upgrade(config, "head")
    return before, newest()


def check(db: Database) -> None:
    """Refuse to start on a schema that is not this program's."""
    before = found(db)
    _refuse_newer(before)
    if before != newest():
        raise DatabaseTooOld(found=before or "empty", wanted=newest())
    if db.dialect == "postgresql":
        with db.reading() as look:
            safety.assert_server(look.connection())


def _found(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return version


def _refuse_newer(revision: str | None) -> None:
    if revision is not None and revision not in known():
        raise DatabaseTooNew(found=revision, wanted=newest())
