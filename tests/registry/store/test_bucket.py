"""registry/store/shelf.py: the S3 way, against a small bucket on this machine."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from registry.store import orphans
from registry.store.documents import Documents
from registry.store.errors import DocumentDamaged, DocumentMissing, DocumentsAway
from registry.store.shelf import S3Access, open_bucket

PLAIN = "样本文件".encode() * 1000
_spec = spec_from_file_location("bucket", Path(__file__).with_name("bucket.py"))
_module = module_from_spec(_spec)
_spec.loader.exec_module(_module)


@pytest.fixture
def bucket():
    """A running bucket."""
    served = _module.Bucket()
    yield served
    served.shutdown()
    served.server_close()


@pytest.fixture
def access(bucket):
    """How to reach it, with little patience."""
    return S3Access(bucket.url, access_key_id="sample", secret_access_key="sample-secret", seconds=2)


@pytest.fixture
def away(access, bucket, keys):
    """Documents in the bucket."""
    return Documents("s3://bucket/hub/sealed", keys, access=access)


def keep(db, documents, at, plain=PLAIN):
    kept = documents.put(plain)
    with db.writing() as tx:
        documents.record(tx, kept, at=at)
    return kept


def read(db, documents, digest):
    with db.reading() as look:
        return documents.get(look, digest)


class TestBucket:
    """Documents at s3://…"""

    def test_document_comes_back(self, db, away, bucket, at):
        """The same promise as on a folder, under the prefix that was set, with no plain byte in the bucket."""
        kept = keep(db, away, at)

        assert read(db, away, kept.digest) == PLAIN
        ((name, sealed),) = bucket.objects.items()
        assert name == f"hub/sealed/{away.object_of(kept)}"
        assert PLAIN[:12] not in sealed

    def test_changed_and_lost_objects_are_refused(self, db, away, bucket, at):
        """A bucket is believed as little as a folder."""
        kept = keep(db, away, at)
        (name,) = bucket.objects
        bucket.objects[name] = bucket.objects[name][:-1] + b"\0\0"
        with pytest.raises(DocumentDamaged):
            read(db, away, kept.digest)
        del bucket.objects[name]
        with pytest.raises(DocumentMissing):
            read(db, away, kept.digest)

    def test_answer_that_was_lost_on_the_way_does_no_harm(self, db, away, bucket, at):
        """The retried request finds what the first one wrote, compares it, and all is well."""
        bucket.lose = True
        kept = keep(db, away, at)

        assert read(db, away, kept.digest) == PLAIN
        assert len(bucket.objects) == 1

    def test_write_once(self, access, bucket):
        """A name that is taken keeps its object."""
        shelf = open_bucket("s3://bucket", access)
        shelf.put("ab/x", b"one")
        with pytest.raises(RuntimeError, match="randomness"):
            shelf.put("ab/x", b"other")

        assert shelf.get("ab/x") == b"one"

    @pytest.mark.parametrize(
        ("status", "reason"), [(500, "unreachable"), (403, "not-permitted"), (404, "no-such-place")]
    )
    def test_bucket_that_declines_is_away(self, away, bucket, status, reason):
        """Failure, missing rights and a missing bucket have one name and three reasons."""
        bucket.fail = status

        with pytest.raises(DocumentsAway) as refused:
            away.put(PLAIN)
        assert refused.value.facts == {"reason": reason}

    def test_bucket_that_is_down_is_away_and_comes_back(self, db, away, bucket, at):
        """Out of reach is not a no: nothing is called missing, and later everything is there."""
        kept = keep(db, away, at)
        bucket.fail = 503
        with pytest.raises(DocumentsAway):
            read(db, away, kept.digest)
        bucket.fail = 0

        assert read(db, away, kept.digest) == PLAIN

    def test_nobody_listening_is_away(self, access, bucket, keys):
        """A dead address is told within the time that was set."""
        bucket.shutdown()
        bucket.server_close()

        with pytest.raises(DocumentsAway):
            Documents("s3://bucket", keys, access=access).put(PLAIN)

    def test_orphans_are_swept_there_too(self, db, away, bucket, at):
        """Objects without a row go, objects with one stay."""
        kept = keep(db, away, at)
        away.put(b"nobody names me")

        swept = orphans.sweep(db, away, at=at, by="hub")
        assert (swept.orphans, swept.bytes, swept.missing) == (1, len(b"nobody names me") + 28, ())
        assert read(db, away, kept.digest) == PLAIN

    def test_secret_is_not_printed(self, access):
        """Logs print values; this one prints no secret."""
        assert "sample-secret" not in repr(access)

    def test_place_that_is_no_bucket_is_our_mistake(self, access):
        """A wrong setting is found at the start."""
        with pytest.raises(RuntimeError, match="s3://"):
            open_bucket("s3:///prefix", access)
