"""verification/log_evidence.py and stamp_lines.py: the object that travels with an act, checked away from the hub."""

import json
import os
from dataclasses import replace
from datetime import timedelta
from functools import cache

import pytest

from signing import key_files
from signing.timestamp import Authority
from tests.verification import desk
from tests.verification.log.test_inclusion import AT, known, proof, statement, trust
from verification import canonical, inclusion, log_evidence, logged, notes, stamp_lines, verify
from verification.errors import CheckFailed, CheckpointRefused, CheckUnknown, LogRefused, ProofRefused
from verification.evidence import Evidence
from verification.log_evidence import LogEvidence, Placed
from verification.report import Step

STAMPED = AT + timedelta(seconds=2)


@cache
def read():
    """The proof of test_inclusion."""
    return inclusion.read(proof())


def evidence(note=None):
    """The same as an object."""
    leaf = inclusion.check(read(), known()).leaf
    placed = Placed(read().index, read().hashes, note or read().checkpoint)
    return LogEvidence(leaf, (read().extra[:16], read().extra[16:]), placed)


def stamped(over=None):
    """The checkpoint with a time-stamp's line below."""
    note = notes.read(read().checkpoint)
    authority = Authority(
        key_files.load(desk.KEYS / "tsa.key", certificates_at=desk.KEYS / "tsa.pem"), entropy=os.urandom
    )
    token = authority.stamp(over or note.text.encode(), at=STAMPED)
    return replace(note, signatures=(*note.signatures, stamp_lines.line("log.sample.invalid/hub", token))).to_bytes()


class TestCheck:
    """log_evidence.check()"""

    def test_both_forms_show_the_same(self):
        """An object and a proof file of one act."""
        found = evidence()
        assert log_evidence.read(found.to_bytes()) == found
        assert log_evidence.check(found.to_bytes(), known()) == log_evidence.check(read().to_bytes(), known())
        assert log_evidence.begins(found.to_bytes())
        assert log_evidence.begins(read().to_bytes())

    def test_stands_in_a_larger_object(self):
        """A bundle carries several; each is read where it stands."""
        bundle = canonical.decode(canonical.encode({"evidence": [evidence().plain()]}))
        assert log_evidence.of(bundle["evidence"][0]) == evidence()

    def test_the_leaf_is_the_act_s(self):
        """Evidence that says one leaf and opens another is of neither; nor is it of an act it does not name."""
        with pytest.raises(ProofRefused, match="other-entry"):
            log_evidence.check(replace(evidence(), leaf=bytes(32)), known())
        with pytest.raises(ProofRefused, match="other-entry"):
            log_evidence.check(evidence(), known(), leaf=bytes(32))

    @pytest.mark.parametrize(
        "change",
        [
            lambda told: told | {"leaf": told["leaf"].upper()},
            lambda told: told | {"leaf": told["leaf"][2:]},
            lambda told: told | {"leaf": "xx"},
            lambda told: told | {"more": 1},
            lambda told: {name: value for name, value in told.items() if name != "entry"},
            lambda told: told | {"format": "log-evidence/2"},
            lambda told: told | {"entry": told["entry"] | {"body": "{}"}},
            lambda told: told | {"entry": told["entry"] | {"salt": "00"}},
            lambda told: told | {"proof": told["proof"] | {"index": True}},
            lambda told: told | {"proof": told["proof"] | {"index": -1}},
            lambda told: told | {"proof": told["proof"] | {"index": "2"}},
            lambda told: told | {"proof": told["proof"] | {"hashes": ["00" * 31]}},
            lambda told: told | {"proof": told["proof"] | {"hashes": ["00" * 32] * 64}},
            lambda told: told | {"proof": told["proof"] | {"hashes": "00"}},
            lambda told: told | {"proof": told["proof"] | {"checkpoint": ""}},
        ],
    )
    def test_another_spelling_is_refused(self, change):
        """One object has one spelling, and nothing may be added or left out."""
        bent = canonical.encode(change(json.loads(evidence().to_bytes())))
        with pytest.raises(LogRefused):
            log_evidence.check(bent, known())

    @pytest.mark.parametrize("bent", [b"", b"{", b'{"entry":1}', b"[]", b'{"entry":null, "x":1}', b"\xff"])
    def test_what_is_no_evidence_is_refused(self, bent):
        """By one family of refusals."""
        with pytest.raises(ProofRefused, match="form"):
            log_evidence.read(bent)

    def test_a_changed_byte_shows_nothing_else(self):
        """Anywhere in the object: refused, or the same entry at the same place."""
        good = evidence(stamped()).to_bytes()
        for place in range(0, len(good), 11):
            bent = good[:place] + bytes([good[place] ^ 1]) + good[place + 1 :]
            try:
                found = log_evidence.check(bent, known())
            except LogRefused:
                continue
            assert (found.index, found.entry) == (2, log_evidence.check(good, known()).entry)


class TestStamped:
    """The time-stamp below a checkpoint"""

    def test_a_listed_authority_s_time_is_told(self):
        """To whoever trusts it; to others the checkpoint is as good as without."""
        found = evidence(stamped())
        assert log_evidence.check(found, known(), trust=trust()).stamped.at == STAMPED
        assert log_evidence.check(found, known(), trust=desk.ROOTS).stamped.at == STAMPED
        assert log_evidence.check(found, known()).stamped is None
        assert log_evidence.check(found, known(), trust=trust(tsa=())).stamped is None
        assert log_evidence.check(evidence(), known(), trust=trust()).stamped is None

    def test_a_stamp_over_another_text_spoils_the_checkpoint(self):
        """It was moved here from elsewhere."""
        with pytest.raises(CheckpointRefused, match="stamp"):
            log_evidence.check(evidence(stamped(b"another checkpoint")), known())

    def test_the_report_tells_it(self):
        """When the log is asked about a certificate."""
        told = verify.verify(
            desk.good(), trust=trust(), evidence=Evidence(log=evidence(stamped()).to_bytes()), at=desk.AT
        ).check(Step.LOG)
        assert (told.code, told.evidence["stamped"]) == ("log.passed", "2026-03-02T01:30:02Z")
        assert "time-stamped at 2026-03-02T01:30:02Z" in told.plain()["en"]


class TestOfAct:
    """logged.of_act(): what a receipt's reader asks"""

    def test_the_act_must_be_of_the_kind_and_the_leaf(self):
        """Opened, it says what was done; closed, the leaf has to be known."""
        found, leaf = evidence().to_bytes(), evidence().leaf
        closed = replace(evidence(), opening=None).to_bytes()
        assert logged.of_act(found, trust(), event="issued").entry.facts["statement"] == statement()
        assert logged.of_act(closed, trust(), event="issued", leaf=leaf).entry is None
        for given, how in (
            (found, {"event": "retrieved"}),
            (found, {"event": "issued", "leaf": bytes(32)}),
            (closed, {"event": "issued"}),
        ):
            with pytest.raises(CheckFailed, match="other_entry"):
                logged.of_act(given, trust(), **how)

    def test_what_waits_is_unknown(self):
        """Not a no: its proof can be fetched later."""
        waiting = replace(evidence(), placed=None).to_bytes()
        with pytest.raises(CheckUnknown, match="pending"):
            logged.of_act(waiting, trust(), event="issued")
        report = verify.verify(desk.good(), trust=trust(), evidence=Evidence(log=waiting), at=desk.AT)
        assert report.check(Step.LOG).code == "log.pending"
        assert report.accepted()
