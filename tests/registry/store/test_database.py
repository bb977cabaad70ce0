"""registry/store/database.py and safety.py"""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from registry.store import database, ledger
from registry.store.database import Database
from registry.store.errors import DatabaseAway, DatabaseBusy, DatabaseUnsafe, StorageFull
from registry.store.events import Event

ROOT = Path(__file__).resolve().parents[3]


def count(db):
    with db.reading() as look:
        return look.connection().execute(text("SELECT count(*) FROM ledger_entry")).scalar_one()


def act(db, at, subject="demo"):
    with db.writing() as tx:
        return ledger.append(tx, Event.HUB_INITIALISED, at=at, by="hub", subject=subject)


def _fill(db):
    with db.writing() as tx:
        tx.connection().exec_driver_sql("PRAGMA max_page_count = 2")
        tx.connection().exec_driver_sql("CREATE TABLE big (x)")
        tx.connection().exec_driver_sql("INSERT INTO big VALUES (zeroblob(100000))")


class TestReading:
    """Database.reading()"""

    def test_cannot_write(self, db):
        """The engine itself refuses a change in a look."""
        with pytest.raises(DBAPIError, match=r"read.?only"), db.reading() as look:
            look.connection().execute(text("UPDATE alembic_version SET version_num = '1'"))

    def test_after_it_the_connection_writes_again(self, db, at):
        """A pooled connection is not left read-only."""
        for _ in range(30):
            count(db)
            act(db, at)
        assert count(db) == 30


class TestWriting:
    """Database.writing()"""

    def test_two_writers_wait_for_each_other(self, db, at):
        """Parallel acts all commit; none fails half-way for a lock."""
        with ThreadPoolExecutor(6) as pool:
            done = list(pool.map(lambda n: act(db, at, f"demo-{n}"), range(60)))

        assert len(set(done)) == 60
        assert count(db) == 60

    def test_operations_joined_as_one_fall_as_one(self, db, at):
        """What is done on a joined database commits with its whole, or not at all."""

        def joined(fail):
            with db.as_one() as one:
                act(one, at)
                act(one, at)
                if fail:
                    raise RuntimeError("the second half failed")

        with pytest.raises(RuntimeError, match="second half"):
            joined(fail=True)
        assert count(db) == 0
        joined(fail=False)
        assert count(db) == 2

    def test_a_full_disk_is_named_and_leaves_nothing_half_done(self, tmp_path):
        """With no room left the act is refused as such, what was kept stays, and looking goes on."""
        program = (
            "import sys, resource\nfrom datetime import datetime, UTC\n"
            "from registry.store import schema\nfrom registry.store.database import Database\n"
            "from registry.store.errors import StorageFull\nfrom tests.registry.store.test_database import act, count\n"
            "db = Database('sqlite:///' + sys.argv[1])\nschema.upgrade(db)\n"
            "resource.setrlimit(resource.RLIMIT_FSIZE, (3_000_000, resource.RLIM_INFINITY))\n"
            "kept = 0\ntry:\n    while True:\n        act(db, datetime(2026, 3, 2, tzinfo=UTC)); kept += 1\n"
            "except StorageFull:\n    print(kept, count(db))\n"
        )
        done = subprocess.run(
            [sys.executable, "-c", program, str(tmp_path / "small.sqlite")],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        kept, found = done.stdout.split()
        assert int(kept) > 50
        assert kept == found

    def test_storage_full_is_what_the_engines_say(self, tmp_path):
        """A page limit stands for a full disk inside this process."""
        db = Database(f"sqlite:///{tmp_path / 'tiny.sqlite'}")
        with pytest.raises(StorageFull):
            _fill(db)
        db.close()


class TestAway:
    """A database that is not there, or has no connection to give"""

    def test_a_postgresql_that_is_not_reached_is_named(self):
        """A server that is down is somebody's to start, not a fault of ours."""
        db = Database("postgresql+psycopg://nobody@127.0.0.1:1/none")
        with pytest.raises(DatabaseAway), db.reading() as look:
            look.connection()
        db.close()

    def test_all_connections_at_work(self, database_url):
        """A pool that is used up is a busy database."""
        db = Database(database_url, pool_size=1)
        db.engine.pool._timeout = 0.05
        with db.reading() as first, db.reading() as second:
            first.connection(), second.connection()
            with pytest.raises(DatabaseBusy), db.reading() as third:
                third.connection()
        db.close()


class TestSafety:
    """What every connection promises."""

    def test_sqlite_connections_are_durable_and_keep_foreign_keys(self, tmp_path):
        """Asked back from a live connection, not believed."""
        db = Database(f"sqlite:///{tmp_path / 'safe.sqlite'}")
        with db.reading() as look:
            asked = {
                p: look.connection().exec_driver_sql(f"PRAGMA {p}").scalar_one()
                for p in ("journal_mode", "synchronous", "foreign_keys")
            }
        assert asked == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
        db.close()

    def test_an_error_tells_no_values(self, db):
        """The text of a database's error goes to the log, and what was to be written holds names."""
        wrong = text("INSERT INTO no_such_table (name) VALUES (:name)")
        with pytest.raises(DBAPIError) as told, db.writing() as tx:
            tx.connection().execute(wrong, {"name": "示例张三"})
        assert "示例张三" not in str(told.value)

    def test_memory_databases_are_refused(self):
        """A database that cannot keep a write-ahead log is no register."""
        with pytest.raises(DatabaseUnsafe):
            database.answers(Database("sqlite://"))


class TestAnswers:
    """database.answers()"""

    def test_says_no_for_what_is_not_there(self, tmp_path):
        """An unreachable database is a no, not a fault."""
        assert not database.answers(Database(f"sqlite:///{tmp_path}/no/such/folder/hub.sqlite"))
        assert not database.answers(Database("postgresql+psycopg://nobody@127.0.0.1:1/none?connect_timeout=2"))
