"""registry/store/schema.py and the migrations"""

import os
import pkgutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from registry.store import database, schema, tables
from registry.store.database import Database
from registry.store.errors import DatabaseTooNew, DatabaseTooOld
from registry.store.tables.base import METADATA

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def empty(empty_url):
    db = Database(empty_url)
    yield db
    db.close()


def compared(db):
    for module in pkgutil.iter_modules(tables.__path__):
        import_module(f"registry.store.tables.{module.name}")
    with db.reading() as look:
        return compare_metadata(MigrationContext.configure(look.connection()), METADATA)


class TestUpgrade:
    """schema.upgrade()"""

    def test_empty_database_gets_exactly_the_tables_of_the_program(self, empty):
        """Migrations and table classes say the same on both engines."""
        assert schema.upgrade(empty) == (None, schema.newest())

        assert compared(empty) == []

    def test_twice_is_once(self, db):
        """A database that is up to date stays as it is."""
        assert schema.upgrade(db) == (schema.newest(), schema.newest())

    def test_two_at_once_do_not_collide(self, empty_url):
        """The second waits and finds nothing to do."""
        both = [Database(empty_url), Database(empty_url)]
        with ThreadPoolExecutor(2) as pool:
            done = list(pool.map(schema.upgrade, both))

        assert sorted(before or "" for before, _ in done) == ["", schema.newest()]
        for one in both:
            one.close()

    def test_killed_in_the_middle_leaves_the_old_schema_whole(self, empty_url):
        """After kill -9 at any moment either nothing or everything of an upgrade is there."""
        program = (
            "import sys\nfrom registry.store import schema\nfrom registry.store.database import Database\n"
            "db = Database(sys.argv[1])\nprint('go', flush=True)\nschema.upgrade(db)\n"
        )
        for pause in (0.0, 0.05, 0.12, 0.2):
            child = subprocess.Popen([sys.executable, "-c", program, empty_url], cwd=ROOT, stdout=subprocess.PIPE)
            child.stdout.readline()
            time.sleep(pause)
            os.kill(child.pid, signal.SIGKILL)
            child.communicate()
            db = Database(empty_url)
            with db.reading() as look:
                names = set(inspect(look.connection()).get_table_names()) - {"alembic_version"}
            assert (schema.found(db) is None) == (names == set())
            db.close()
        db = Database(empty_url)
        schema.upgrade(db)
        assert compared(db) == []
        db.close()


class TestCheck:
    """schema.check()"""

    def test_empty_database_waits_for_migrate(self, empty):
        """A program does not start on an empty database by itself."""
        with pytest.raises(DatabaseTooOld):
            schema.check(empty)

    def test_newer_database_is_left_alone(self, db):
        """An old program neither works on nor migrates what a newer one wrote."""
        with db.writing() as tx:
            tx.connection().execute(text("UPDATE alembic_version SET version_num = '9999'"))

        with pytest.raises(DatabaseTooNew):
            schema.check(db)
        with pytest.raises(DatabaseTooNew):
            schema.upgrade(db)

    def test_right_schema_passes(self, db):
        """Nothing is said about a sound database."""
        schema.check(db)
        assert database.answers(db)


class TestKnown:
    """schema.known()"""

    def test_the_files_tell_what_alembic_would(self):
        """A migration's file name and its revision say the same, in one line without branches."""
        config = Config()
        config.set_main_option("script_location", str(Path(schema.__file__).parent / "migrations"))
        walked = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
        assert list(reversed(walked)) == list(schema.known())
