"""verification/inclusion.py and logged.py: a proof file, alone and beside a document."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache

import pytest

from signing import checkpoint, key_files
from tests.verification import desk
from verification import digests, entries, inclusion, logged, merkle, verify
from verification.__main__ import main
from verification.checkpoints import Tree
from verification.entries import Entry
from verification.errors import CheckpointRefused, LogRefused, ProofRefused, Refusal
from verification.evidence import Evidence
from verification.inclusion import Proof
from verification.report import Axis, Outcome, Step
from verification.trust_list import LogKey

AT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
ORIGIN, SALT = "log.sample.invalid/hub", bytes(range(16))
OTHERS = [merkle.leaf(bytes([number])) for number in range(6)]


@cache
def keys():
    return [key_files.load(desk.KEYS / f"{name}.key") for name in ("log", "log-mldsa44")]


def known():
    return [checkpoint.note_key(ORIGIN, key, at=AT) for key in keys()]


def entry(event="issued", **facts):
    return Entry(event, AT, "off_somebody", "zz", facts or {"statement": statement()}, ())


@cache
def statement():
    report = verify.verify(desk.good(), trust=desk.ROOTS, at=desk.AT)
    return report.claimed.digest()


def proof(one=None):
    """A proof of an entry at place 2 of 7."""
    body = (one or entry()).to_bytes()
    leaf = entries.leaf_hash(entries.commitment(SALT, body))
    leaves = [*OTHERS[:2], leaf, *OTHERS[2:]]
    beside = [leaves[3], merkle.node(*leaves[:2]), merkle.node(merkle.node(*leaves[4:6]), leaves[6])]
    note = checkpoint.sign(Tree(ORIGIN, 7, merkle.root(leaves)), keys(), at=AT)
    return Proof(inclusion.opening(SALT, body), 2, tuple(beside), note).to_bytes()


def trust(**changes):
    listed = tuple(LogKey(ORIGIN, key.public_key, desk.SINCE) for key in keys())
    return replace(desk.trust(), log_keys=listed, **changes)


class TestCheck:
    """inclusion.check()"""

    def test_a_proof_opens_the_entry_and_names_its_place(self):
        """Offline, from the file and the log's keys alone."""
        found = inclusion.check(proof(), known())

        assert (found.index, found.entry, found.checkpoint.tree.size) == (2, entry(), 7)
        assert found.leaf.hex() == entries.reference(found.leaf)

    def test_a_proof_without_opening_needs_the_leaf(self):
        """It can show that a leaf is there to whoever knows the leaf."""
        read = inclusion.read(proof())
        bare = Proof(b"", read.index, read.hashes, read.checkpoint).to_bytes()
        leaf = inclusion.check(proof(), known()).leaf

        assert inclusion.check(bare, known(), leaf=leaf).entry is None
        with pytest.raises(ProofRefused, match="nothing-to-prove"):
            inclusion.check(bare, known())
        with pytest.raises(ProofRefused, match="other-entry"):
            inclusion.check(proof(), known(), leaf=bytes(32))

    def test_a_changed_byte_proves_nothing_or_hides_a_signer(self):
        """Only a line's name or key id may be spoilt: then that line is a stranger's, and one signer is fewer."""
        good = proof()
        whole = inclusion.check(good, known())
        for place in range(0, len(good), 7):
            bent = good[:place] + bytes([good[place] ^ 1]) + good[place + 1 :]
            try:
                found = inclusion.check(bent, known())
            except Refusal:
                continue
            assert (found.entry, found.index, found.checkpoint.tree) == (whole.entry, 2, whole.checkpoint.tree)
            assert len(found.checkpoint.signed_by) == 1
            assert place > good.index("—".encode())

    def test_hashes_more_or_fewer_are_refused(self):
        """A proof has exactly the hashes its place needs."""
        read = inclusion.read(proof())
        for hashes in ((), read.hashes[:-1], (*read.hashes, read.hashes[0]), read.hashes[::-1]):
            with pytest.raises(ProofRefused, match="not-included"):
                inclusion.check(replace(read, hashes=hashes).to_bytes(), known())
        with pytest.raises(ProofRefused, match="form"):
            inclusion.read(replace(read, hashes=read.hashes * 22).to_bytes())

    def test_a_stranger_s_log_proves_nothing(self):
        """The checkpoint must be signed by a log that is known."""
        with pytest.raises(CheckpointRefused):
            inclusion.check(proof(), [replace(key, name="other") for key in known()])

    @pytest.mark.parametrize(
        "bent", [b"", b"c2sp.org/tlog-proof@v1\n\n", b"c2sp.org/tlog-proof@v1\nindex 01\n\nx", b"x" * (1 << 21)]
    )
    def test_what_is_no_proof_is_refused(self, bent):
        """By one family of refusals."""
        with pytest.raises(LogRefused):
            inclusion.read(bent)


class TestJudge:
    """The log's line in a report"""

    def report(self, given, trusted=None):
        evidence = Evidence(log=given)
        return verify.verify(desk.good(), trust=trusted or trust(), evidence=evidence, at=desk.AT)

    def test_the_issue_of_this_certificate_passes(self):
        """The report says in which log, at which place, of how many."""
        report = self.report(proof())

        assert report.axis(Axis.LOG) is Outcome.PASSED
        assert report.check(Step.LOG).evidence["index"] == 2
        assert ORIGIN in report.check(Step.LOG).plain()["zh"]

    @pytest.mark.parametrize(
        ("one", "reason"),
        [
            (entry("sealing", statement="sha256:" + "0" * 64), "other_entry"),
            (entry("voided", statement=digests.sha256(b"x")), "other_entry"),
            (entry("issued", statement=digests.sha256(b"x")), "other_entry"),
        ],
    )
    def test_another_true_entry_is_not_this_certificate_s(self, one, reason):
        """An entry that stands in the log proves only what it says."""
        report = self.report(proof(one))
        assert report.check(Step.LOG).code == f"log.{reason}"
        assert not report.accepted()

    def test_a_broken_proof_fails_and_an_unknown_log_is_unknown(self):
        """Who offers a forgery is told so; who offers a log nobody listed has shown nothing."""
        assert self.report(proof()[:-9]).check(Step.LOG).code == "log.broken"
        assert self.report(proof(), replace(trust(), log_keys=())).check(Step.LOG).code == "log.unknown_log"
        assert self.report(proof(), desk.ROOTS).check(Step.LOG).code == "log.no_list"
        assert logged.keys(trust()) == tuple(known())

    @pytest.mark.parametrize("form", ["issued.tlog-proof", "issued.json"])
    def test_the_command_line_takes_either_form(self, tmp_path, capsys, form):
        """`--evidence FILE` beside a trust list."""
        from verification import log_evidence, trust_list_text

        read = inclusion.read(proof())
        placed = log_evidence.Placed(read.index, read.hashes, read.checkpoint)
        leaf = inclusion.check(read, known()).leaf
        found = log_evidence.LogEvidence(leaf, (read.extra[:16], read.extra[16:]), placed)
        (tmp_path / "good.pdf").write_bytes(desk.good())
        (tmp_path / "list.json").write_bytes(trust_list_text.to_bytes(trust()))
        (tmp_path / form).write_bytes(proof() if form.endswith("proof") else found.to_bytes())
        asked = ["--trust", tmp_path / "list.json", "--evidence", tmp_path / form, "--at", "2026-03-02T02:00:00Z"]

        assert main([str(one) for one in (tmp_path / "good.pdf", *asked, "--language", "en")]) == 0
        assert "at place 2 of 7" in capsys.readouterr().out
