"""registry/store/documents.py"""

import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text

from registry.store import orphans
from registry.store.database import Database
from registry.store.errors import NotFound
from verification.digests import sha256

PLAIN = "%PDF-1.7 样本 ".encode() + bytes(range(256)) * 500


def keep(db, documents, at, plain=PLAIN):
    kept = documents.put(plain)
    with db.writing() as tx:
        documents.record(tx, kept, at=at)
    return kept


def read(db, documents, digest):
    with db.reading() as look:
        return documents.get(look, digest)


def record_and_fail(db, documents, kept, at, before=lambda: None):
    with db.writing() as tx:
        documents.record(tx, kept, at=at)
        before()
        raise RuntimeError("undone")


def files(documents):
    return sorted(path for path in Path(documents.shelf.root).rglob("*") if path.is_file())


class TestKeep:
    """Documents.put(), record() and get()"""

    def test_document_comes_back(self, db, documents, at):
        """What was put is got, by the digest of its plain bytes."""
        for plain in (b"", b"x", PLAIN):
            kept = keep(db, documents, at, plain)
            assert kept.digest == sha256(plain)
            assert read(db, documents, kept.digest) == plain

    def test_shelf_sees_no_plain_byte(self, db, documents, at):
        """The folder can lie with a stranger: it holds ciphertext, closed to other users."""
        keep(db, documents, at)

        (path,) = files(documents)
        sealed = path.read_bytes()
        assert b"%PDF" not in sealed
        assert bytes(range(256)) not in sealed
        assert path.stat().st_mode & 0o777 == 0o600

    def test_put_alone_is_no_document(self, db, documents):
        """Only the row makes it exist."""
        kept = documents.put(PLAIN)

        with pytest.raises(NotFound):
            read(db, documents, kept.digest)

    def test_unknown_and_malformed_digests_are_not_found(self, db, documents):
        """A digest nobody gave out is answered like any other absence, on either engine."""
        for digest in ("sha256:" + "0" * 64, "", "sha256:../../x", "\0", "证照", "0" * 10_000):
            with pytest.raises(NotFound):
                read(db, documents, digest)

    def test_act_that_fails_leaves_an_orphan_only(self, db, documents, at):
        """A row never outlives its act."""
        kept = documents.put(PLAIN)
        with pytest.raises(RuntimeError, match="undone"):
            record_and_fail(db, documents, kept, at)

        with pytest.raises(NotFound):
            read(db, documents, kept.digest)
        assert len(files(documents)) == 1

    def test_kill_between_object_and_row_leaves_an_orphan_only(self, db, documents, at, database_url, keys):
        """After a crash nothing is on record, and the next attempt succeeds."""
        program = (
            "import os, sys; from pathlib import Path; from registry.store.documents import Documents;"
            "from registry.store.key_folder import KeyFolder;"
            "Documents(sys.argv[1], KeyFolder(Path(sys.argv[2]))).put(sys.stdin.buffer.read()); os.kill(os.getpid(), 9)"
        )
        command = [sys.executable, "-c", program, documents.shelf.root, str(keys.folder)]
        assert subprocess.run(command, input=PLAIN, check=False).returncode == -9

        counted = orphans.count(db, documents, at=at)
        assert (counted.objects, counted.missing) == (1, ())
        assert read(db, documents, keep(db, documents, at).digest) == PLAIN


class TestSameBytesTwice:
    """Two puts of equal bytes"""

    def test_second_document_is_the_first(self, db, documents, at):
        """The row that came first stays, and the second object does not lie about."""
        keep(db, documents, at)
        before = files(documents)
        kept = keep(db, documents, at)

        assert files(documents) == before
        assert read(db, documents, kept.digest) == PLAIN

    def test_same_put_recorded_twice_is_one(self, db, documents, at):
        """A resumed act may record again what it recorded before."""
        kept = keep(db, documents, at)
        with db.writing() as tx:
            documents.record(tx, kept, at=at)
            documents.record(tx, kept, at=at)

        assert read(db, documents, kept.digest) == PLAIN

    def test_all_of_many_at_once_end_well(self, db, documents, at):
        """Concurrent acts with equal bytes all succeed, and one object is alive at the end."""
        together = threading.Barrier(6)

        def act(_):
            kept = documents.put(PLAIN)
            together.wait()
            with db.writing() as tx:
                documents.record(tx, kept, at=at)
            return read(db, documents, kept.digest)

        with ThreadPoolExecutor(6) as pool:
            assert list(pool.map(act, range(6))) == [PLAIN] * 6
        assert len(files(documents)) == 1

    def test_act_that_waited_for_one_that_failed_is_the_first(self, db, documents, at):
        """If the first writer's transaction is undone, the second's document stands."""
        first, second = documents.put(PLAIN), documents.put(PLAIN)
        begun = threading.Event()

        def other():
            begun.wait()
            with db.writing() as tx:
                documents.record(tx, second, at=at)

        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(other)
            with pytest.raises(RuntimeError, match="undone"):
                record_and_fail(db, documents, first, at, before=begun.set)
            waiting.result()
        assert read(db, documents, first.digest) == PLAIN

    @pytest.mark.parametrize("harm", ["lost", "cut", "key"])
    def test_put_again_repairs_what_was_not_whole(self, db, documents, at, harm):
        """Who brings the bytes again heals a document that was lost or damaged."""
        kept = keep(db, documents, at)
        (path,) = files(documents)
        if harm == "lost":
            path.unlink()
        elif harm == "cut":
            os.truncate(path, 100)
        else:
            with db.writing() as tx:
                tx.connection().execute(text("UPDATE document SET wrapped_key = :k"), {"k": bytes(60)})
        keep(db, documents, at)

        assert read(db, documents, kept.digest) == PLAIN


class TestProcesses:
    """Several processes on one folder and one database"""

    def test_equal_and_other_bytes_from_two_processes(self, db, documents, at, database_url, keys):
        """Workers share nothing but folder, keys and database, and lose nothing."""
        program = (
            "import sys; from datetime import datetime; from pathlib import Path\n"
            "from registry.store.database import Database; from registry.store.documents import Documents\n"
            "from registry.store.key_folder import KeyFolder\n"
            "url, place, keys, at, own = sys.argv[1:]\n"
            "db, documents = Database(url), Documents(place, KeyFolder(Path(keys)))\n"
            "for n in range(30):\n"
            "    for plain in (b'same %d' % n, b'%s %d' % (own.encode(), n)):\n"
            "        kept = documents.put(plain)\n"
            "        with db.writing() as tx: documents.record(tx, kept, at=datetime.fromisoformat(at))\n"
        )
        arguments = [database_url, documents.shelf.root, str(keys.folder), at.isoformat()]
        workers = [subprocess.Popen([sys.executable, "-c", program, *arguments, own]) for own in ("a", "b")]
        assert [worker.wait() for worker in workers] == [0, 0]

        other = Database(database_url)
        for n in range(30):
            for plain in (b"same %d" % n, b"a %d" % n, b"b %d" % n):
                assert read(other, documents, sha256(plain)) == plain
        other.close()
        assert len(files(documents)) == 90
