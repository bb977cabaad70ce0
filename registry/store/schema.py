"""Bring a database to this program's schema, or refuse to work with one that differs.

Order: all steps of an upgrade commit together on both engines, so a kill in the middle leaves the old schema whole.
"""

from importlib.resources import files

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from registry.store import safety
from registry.store.database import Database
from registry.store.errors import DatabaseTooNew, DatabaseTooOld

_MIGRATION_LOCK = 7_203_914


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(files("registry.store").joinpath("migrations")))
    config.attributes["connection"] = connection
    return config


def newest() -> str:
    """Name the schema this program works with."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    if head is None:
        raise RuntimeError("the program ships no migration")
    return head


def found(db: Database) -> str | None:
    """Name the schema the database has; None for an empty one."""
    with db.reading() as look:
        return MigrationContext.configure(look.connection()).get_current_revision()


def upgrade(db: Database) -> tuple[str | None, str]:
    """Bring the database up to date; answer (before, after). Safe to run twice and by two at once."""
    with db.writing() as tx:
        connection = tx.connection()
        if db.dialect == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
            safety.assert_server(connection)
        before = MigrationContext.configure(connection).get_current_revision()
        _refuse_newer(before)
        command.upgrade(_config(connection), "head")
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


def _refuse_newer(revision: str | None) -> None:
    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    if revision is not None and revision not in known:
        raise DatabaseTooNew(found=revision, wanted=newest())
