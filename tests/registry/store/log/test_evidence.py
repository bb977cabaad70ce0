"""registry/store/log/evidence.py and stamping.py: what travels with an act, before and after it has its place."""

import os
from datetime import timedelta

import pytest

from registry.store import ledger
from registry.store.errors import NotFound
from registry.store.log import checkpoints, erasing, evidence, proofs, stamping
from registry.store.log.audit import whole
from registry.store.log.errors import NotPlacedYet
from registry.store.tables.log import LogCosignature
from signing import key_files
from signing.timestamp import Authority
from tests.registry.store.log.desk import AT, KEYS, KNOWN, act, sequencer
from tests.registry.store.log.test_audit import _disarm
from verification import entries, log_evidence
from verification.errors import CheckpointRefused, ProofRefused

LATER = AT + timedelta(minutes=20)


def of(db, reference, **how):
    with db.reading() as look:
        return evidence.of(look, reference, **how)


def stamp(db, *, at):
    """Have the newest checkpoint stamped, if it is time to; its size."""
    with db.reading() as look:
        row = stamping.due(look, at=at)
    if row is not None:
        authority = Authority(key_files.load(KEYS / "tsa.key", certificates_at=KEYS / "tsa.pem"), entropy=os.urandom)
        stamping.keep(db, row, authority.stamp(stamping.text(row), at=at))
    return row and row.size


def check(found, **how):
    return log_evidence.check(found.to_bytes(), KNOWN, **how)


class TestOf:
    """evidence.of, evidence.attached"""

    def test_is_attached_afterwards(self, db):
        """What was given out before the entry had its place is completed, and belongs to the same act."""
        (reference,) = act(db)
        early = log_evidence.read(of(db, reference).to_bytes())
        assert (entries.reference(early.leaf), early.placed) == (reference, None)
        with pytest.raises(ProofRefused, match="pending"):
            check(early)
        with db.reading() as look, pytest.raises(NotPlacedYet):
            proofs.prove(look, reference)
        with db.reading() as look:
            assert evidence.attached(look, early) == early

        sequencer(db).turn(at=AT)
        with db.reading() as look:
            late = evidence.attached(look, early)
            assert evidence.attached(look, late) is late
        assert check(late, leaf=bytes.fromhex(reference)).entry.subject == "act-0"
        assert late == of(db, reference)

    def test_closed_it_shows_the_place_alone(self, db):
        """A receipt that names the leaf is proved by it; contents are not told."""
        (reference,) = act(db)
        sequencer(db).turn(at=AT)
        closed = of(db, reference, opened=False)
        assert closed.opening is None
        assert check(closed).entry is None

    def test_an_erased_act_keeps_its_place(self, db):
        """Lawfully emptied: the evidence is that of a closed one."""
        (reference,) = act(db)
        sequencer(db).turn(at=AT)
        erasing.erase(db, reference, basis="X-1", by="operator", at=AT)
        assert check(of(db, reference), leaf=bytes.fromhex(reference)).entry is None

    def test_an_unknown_act_is_not_there(self, db):
        """Whatever the name looks like."""
        for reference in ("0" * 64, "x", ""):
            with pytest.raises(NotFound):
                of(db, reference)


class TestStamping:
    """stamping.due, stamping.keep, and what evidence makes of it"""

    def test_is_due_every_ten_minutes_and_only_when_grown(self, db):
        """A log at rest is not stamped again."""
        assert stamp(db, at=AT) is None
        worker = sequencer(db)
        act(db, 2)
        worker.turn(at=AT)
        assert stamp(db, at=AT) == 2
        assert stamp(db, at=LATER) is None
        act(db)
        worker.turn(at=AT)
        assert stamp(db, at=AT + timedelta(minutes=9)) is None
        assert stamp(db, at=LATER) == 3

    def test_evidence_shows_the_earliest_stamp(self, db):
        """An old act's evidence does not change any more, however the log grows."""
        worker = sequencer(db)
        first, second = act(db, 2)
        worker.turn(at=AT)
        newest = of(db, first)
        stamp(db, at=AT)
        stamped = of(db, first)
        assert (newest != stamped, newest.placed.hashes) == (True, stamped.placed.hashes)
        (third,) = act(db, at=LATER)
        worker.turn(at=LATER)
        assert (of(db, first), check(of(db, third)).checkpoint.tree.size) == (stamped, 3)
        stamp(db, at=LATER)
        assert of(db, first) == stamped
        assert check(of(db, third)).checkpoint.tree.size == check(of(db, second)).checkpoint.tree.size + 1

    def test_a_token_over_something_else_is_not_kept(self, db):
        """Whatever an authority outside sends."""
        act(db)
        sequencer(db).turn(at=AT)
        authority = Authority(key_files.load(KEYS / "tsa.key", certificates_at=KEYS / "tsa.pem"), entropy=os.urandom)
        with db.reading() as look:
            row = checkpoints.published(look)
        for token in (authority.stamp(b"something else", at=AT), b"nothing at all"):
            with pytest.raises(CheckpointRefused, match="stamp"):
                stamping.keep(db, row, token)
        with db.reading() as look:
            assert look.get(LogCosignature, (row.size, stamping.name(row))) is None

    def test_the_audit_reads_it(self, db):
        """A stamp is compared with its row; one that was exchanged is told."""
        act(db)
        sequencer(db).turn(at=AT)
        stamp(db, at=AT)
        report = whole.audit(db, KNOWN)
        assert (report.findings, report.compared["log_cosignature"]) == ([], 1)
        with db.writing() as tx:
            _disarm(db, tx.connection())
            tx.get_one(LogCosignature, (1, "log.sample.invalid/hub/tsa")).at = LATER
        assert whole.audit(db, KNOWN).first.code == "cosignature.changed"
        with db.reading() as look:
            assert ledger.last(look) == AT
