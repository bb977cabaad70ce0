"""registry/store/log/audit: whatever is changed, added, removed, exchanged or cut off is found and named."""

import os
import shutil
import sys

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import text

from registry.directory import authority_seed
from registry.directory.access import clients
from registry.directory.access.callers import OPERATOR
from registry.directory.access.scopes import Scope
from registry.store import ledger
from registry.store.database import Database
from registry.store.documents import Documents
from registry.store.events import Event
from registry.store.log.audit import protected, whole
from tests import small_ca
from tests.registry.store.log.desk import AT, KNOWN, act, sequencer
from tests.registry.store.log.tampering import Superuser

SLICE, ALL = 30, 1000
_PEM = small_ca.root().certificate.public_bytes(Encoding.PEM).decode()


@pytest.fixture
def register(db, documents, tmp_path):
    """A register with authorities, documents, 300 acts and two checkpoints; its checkpoint as kept outside."""
    return filled(db, documents, tmp_path)


def filled(db, documents, folder):
    authority_seed.load(db, authority_seed.demo(), by="operator", at=AT)
    with db.writing() as tx:
        for number in range(5):
            documents.record(tx, documents.put(b"%PDF" + bytes([number])), at=AT)
            ledger.append(tx, Event.DRAFTED, at=AT, by="off_a", subject=f"drf_{number}")
    sequencer(db).turn(at=AT)
    act(db, 300)
    sequencer(db, kept=folder / "outside").turn(at=AT.replace(hour=5))
    return {"kept": (folder / "outside" / "checkpoint").read_bytes()}


def found(db, outside):
    return whole.audit(db, KNOWN, kept=outside)


class TestSound:
    """whole.audit()"""

    def test_a_register_nobody_touched_is_sound(self, db, register):
        """Every protected table is read, every row has its entry, every root its signature."""
        report = found(db, register)

        assert report.findings == []
        assert report.size > 300
        assert report.compared["authority"] == 10
        assert report.compared["document"] == 5
        assert list(report.hidden()) == ["split"]

    def test_a_column_that_came_later_counts_where_it_says_something(self, db, register):
        """Rows of before it are sound; what is written into it behind the ledger's back, or taken out, is found."""
        client = {"authority": "114108000000000004", "name": "示例", "scopes": [Scope.VERIFY], "by": OPERATOR}
        rows = [clients.register(db, **client, at=AT, certificates=kept).client for kept in ((), (_PEM,))]
        sequencer(db).turn(at=AT.replace(hour=6))
        sound = found(db, register)
        user = Superuser(db.url.render_as_string(hide_password=False), 0)
        with user.engine.begin() as connection:
            user.disarm(connection)
            for row, value in zip(rows, ("'x'", "NULL"), strict=True):
                connection.execute(text(f"UPDATE client SET certificates = {value} WHERE id = '{row.id}'"))
        user.engine.dispose()

        assert sound.findings == []
        assert {one.key for one in found(db, register).findings} == {row.id for row in rows}
        assert all(
            column.nullable for table in protected.guarded() for column in table.columns if column.info.get("later")
        )

    def test_what_waits_is_no_fault(self, db, register):
        """Acts of the last second have no place yet."""
        act(db, 2)
        report = found(db, register)
        assert (report.findings, report.waiting) == ([], 2)

    def test_without_a_copy_outside_the_report_says_what_could_be_hidden(self, db, register):
        """A cut tail and two faces cannot be seen from inside."""
        assert list(whole.audit(db, KNOWN).hidden()) == ["tail", "split"]

    def test_an_empty_register(self, db):
        """Nothing is sound, too."""
        assert found(db, {}).sound

    def test_a_stranger_s_key_opens_nothing(self, db, register):
        """With keys of another log no checkpoint counts."""
        assert found(db, {}).sound
        assert whole.audit(db, []).first.code == "checkpoint.not_signed"


class TestTables:
    """audit/protected.py"""

    def test_every_table_is_protected_or_says_why_not(self):
        """Guarded by entries, part of the log, or open for a reason told in both languages."""
        names = {table.name for table in protected.known()}
        guarded = {table.name for table in protected.guarded()}
        assert names == guarded | set(protected.LOG) | set(protected.OPEN)
        assert not guarded & set(protected.OPEN)
        assert all(len(reason) == 2 for reason in protected.OPEN.values())


@pytest.fixture(scope="module")
def copied(tmp_path_factory, sqlite_house, request):
    """A filled register as a file to copy."""
    from registry.store import key_folder

    folder = tmp_path_factory.mktemp("filled")
    shutil.copy(sqlite_house, folder / "hub.sqlite")
    key_folder.create(folder / "keys", entropy=os.urandom)
    db = Database(f"sqlite:///{folder / 'hub.sqlite'}")
    outside = filled(db, Documents(folder / "documents", key_folder.KeyFolder(folder / "keys")), folder)
    db.close()
    user = Superuser(f"sqlite:///{folder / 'hub.sqlite'}", 0)
    with user.engine.begin() as connection:
        user.disarm(connection)
    user.engine.dispose()
    return folder / "hub.sqlite", outside


def tampered(copied, folder, seed):
    """One edit on a copy of the database, and what the audit says."""
    path, outside = copied
    copy = folder / f"{seed}.sqlite"  # a name of its own: the last one's write-ahead log is not for this one
    shutil.copy(path, copy)
    user = Superuser(f"sqlite:///{copy}", seed)
    edit = user.edit()
    user.engine.dispose()
    db = Database(f"sqlite:///{copy}")
    report = found(db, outside)
    db.close()
    for left in folder.glob(f"{seed}.sqlite*"):
        left.unlink()
    return edit, report


def require_named(edit, report, seed):
    """The first finding is the row that was edited; of the log's own tables, the one by which it shows."""
    told = f"seed {seed}: {edit}, told as {report.first}"
    assert not report.sound, told
    if edit.table in protected.LOG:
        assert report.first.table in protected.LOG, told
    else:
        assert (report.first.table, report.first.key in edit.keys) == (edit.table, True), told


class TestTampering:
    """Random edits of a superuser"""

    def test_each_is_found_and_the_first_wrong_row_named(self, copied, tmp_path):
        """A slice of the thousand, on SQLite."""
        start = int.from_bytes(os.urandom(3))
        for seed in range(start, start + SLICE):
            edit, report = tampered(copied, tmp_path, seed)
            require_named(edit, report, seed)

    @pytest.mark.soak
    def test_a_thousand(self, copied, tmp_path):
        """All of them."""
        start = int.from_bytes(os.urandom(3))
        sys.stdout.write(f"seed {start}\n")
        for seed in range(start, start + ALL):
            edit, report = tampered(copied, tmp_path, seed)
            require_named(edit, report, seed)

    def test_on_postgresql_too(self, db, register):
        """Edit upon edit in one database: each adds its own first wrong row."""
        if db.dialect == "sqlite":
            return  # above
        start = int.from_bytes(os.urandom(3))
        user = Superuser(db.url.render_as_string(hide_password=False), start)
        edit = user.edit()
        user.engine.dispose()
        require_named(edit, found(db, register), start)

    def test_a_cut_tail_is_proved_by_the_checkpoint_outside(self, copied, tmp_path):
        """From inside everything agrees; the copy kept elsewhere is ahead."""
        path, outside = copied
        shutil.copy(path, tmp_path / "copy.sqlite")
        user = Superuser(f"sqlite:///{tmp_path / 'copy.sqlite'}", 1)
        with user.engine.connect() as connection:
            user.disarm(connection)
            user._cut(connection)
            connection.commit()
        db = Database(f"sqlite:///{tmp_path / 'copy.sqlite'}")

        assert found(db, {}).sound
        assert found(db, outside).first.code == "outside.cut"
        db.close()


class TestRewriting:
    """An operator who has the log's keys"""

    def test_a_rewritten_past_is_not_the_one_that_was_published(self, db, register):
        """Entries, tree and checkpoint agree and are signed, but they are not what was kept outside."""
        with db.writing() as tx:
            connection = tx.connection()
            _disarm(db, connection)
            gone = "SELECT entry FROM log_place WHERE place >= 200"
            connection.execute(text(f"DELETE FROM ledger_entry WHERE id IN ({gone})"))
            for table in ("log_cosignature", "log_checkpoint", "log_tile", "log_place"):
                connection.execute(text(f"DELETE FROM {table}"))
            connection.execute(text("DELETE FROM log_lease"))
            connection.execute(text("INSERT INTO log_pending (entry) SELECT id FROM ledger_entry"))
        act(db, 200)
        with db.writing() as tx:
            _disarm(db, tx.connection())
            for told in (
                "DELETE FROM log_pending",
                "INSERT INTO log_pending (entry) SELECT id FROM ledger_entry",
            ):
                tx.connection().execute(text(told))
        sequencer(db).turn(at=AT)

        assert found(db, {}).sound
        assert found(db, register).first.code == "outside.forked"


def _disarm(db, connection):
    user = Superuser.__new__(Superuser)
    user.sqlite = db.dialect == "sqlite"
    user.disarm(connection)
