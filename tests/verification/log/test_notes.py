"""Signed notes and checkpoints: what others signed is read, what is bent is refused."""

from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, mldsa

from signing import checkpoint, key_files
from signing.errors import KeyNotForThis
from tests.verification import desk
from verification import checkpoints, merkle, notes
from verification.checkpoints import Tree
from verification.errors import CheckpointRefused, KeyRefused, NoteRefused
from verification.notes import Kind, NoteKey

AT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
NEUMANN = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
NOTE = (
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
).encode()
TREE = Tree("log.sample.invalid/hub", 3, merkle.leaf(b"x"))


def keys():
    return [key_files.load(desk.KEYS / f"{name}.key") for name in ("log", "log-mldsa44")]


def known(name=TREE.origin):
    return [checkpoint.note_key(name, key, at=AT) for key in keys()]


class TestRead:
    """notes.read()"""

    def test_a_note_of_the_go_project_verifies(self):
        """The example of golang.org/x/mod/sumdb/note, with its key."""
        key, note = notes.read_key(NEUMANN), notes.read(NOTE)

        assert note.text.endswith("your problem is.\n")
        assert note.signatures[0].is_of(key)
        assert checkpoints.holds(key, note.text, note.signatures[0])
        assert note.to_bytes() == NOTE
        assert key.text() == NEUMANN

    @pytest.mark.parametrize(
        "bent",
        [
            b"",
            b"text\n",
            NOTE[:-1],
            NOTE + b"\n",
            NOTE.replace(b"problem,", b"problem,\r"),
            NOTE.replace(b"If", b"\xff"),
            NOTE.replace(b"PeterNeumann", b"Peter+Neumann"),
            NOTE.replace(b"x08go", b"x08g"),
            NOTE.replace(b"JnAM=", b"JnAN="),
            NOTE.replace("—".encode(), b"-"),
            NOTE + b"\xe2\x80\x94 a AAAA\n",
            b"a\n\n" + "— a AAAAAAA=\n".encode() * 65,
            b"a" * (1 << 17) + NOTE,
        ],
    )
    def test_other_spellings_are_refused(self, bent):
        """A note has one spelling; sixty-four lines at most."""
        with pytest.raises(NoteRefused):
            notes.read(bent)

    @pytest.mark.parametrize(
        "bent", ["", "a+b", NEUMANN[:-1], NEUMANN.replace("c7", "c8"), NEUMANN.replace("+AR", "+Aw")]
    )
    def test_a_key_s_line_that_does_not_agree_is_refused(self, bent):
        """Name, identifier and key stand for each other."""
        with pytest.raises(NoteRefused):
            notes.read_key(bent)

    def test_a_key_signs_only_in_its_own_way(self):
        """An Ed25519 key is none for ML-DSA lines, and the other way round."""
        ed, ml = (key.public_key for key in keys())
        assert isinstance(ed, ed25519.Ed25519PublicKey)
        assert isinstance(ml, mldsa.MLDSA44PublicKey)
        for kind, key in ((Kind.COSIGNED_ML_DSA_44, ed), (Kind.ED25519, ml)):
            with pytest.raises(KeyRefused):
                NoteKey("a", kind, key)


class TestOpened:
    """checkpoints.opened()"""

    def test_both_keys_of_the_log_stand_below(self):
        """Ed25519 for the clients of today, ML-DSA-44 for those of tomorrow."""
        note = checkpoint.sign(TREE, keys(), at=AT)

        found = checkpoints.opened(note, known())
        assert (found.tree, found.signed_by) == (TREE, ("ED25519", "COSIGNED_ML_DSA_44"))

    @pytest.mark.parametrize("place", [0, 1])
    def test_either_key_alone_is_enough(self, place):
        """A client that knows one kind of key ignores the other line."""
        note = checkpoint.sign(TREE, keys(), at=AT)
        assert checkpoints.opened(note, known()[place : place + 1]).tree == TREE

    def test_a_false_line_of_a_known_key_spoils_the_note(self):
        """Nobody picks the good line out of a forged checkpoint."""
        note = notes.read(checkpoint.sign(TREE, keys(), at=AT))
        forged = notes.Note(Tree(TREE.origin, 4, TREE.root).text(), note.signatures)
        with pytest.raises(CheckpointRefused, match="signature"):
            checkpoints.opened(forged.to_bytes(), known())
        with pytest.raises(CheckpointRefused, match="signature"):
            checkpoints.opened(forged.to_bytes(), known()[1:])

    def test_a_stranger_s_log_is_not_this_one(self):
        """Keys count under their own name only."""
        note = checkpoint.sign(TREE, keys(), at=AT)
        with pytest.raises(CheckpointRefused, match="unknown-log"):
            checkpoints.opened(note, known("other.sample.invalid"))
        with pytest.raises(CheckpointRefused, match="not-signed"):
            checkpoints.opened(NOTE_OF_NOBODY, known())

    def test_a_witness_is_told_with_its_time(self):
        """Either kind of cosignature, and never the log's own line."""
        note = notes.read(checkpoint.sign(TREE, keys(), at=AT))
        lines = [checkpoint.cosign(note.text, key, "witness.invalid", at=AT) for key in keys()]
        witnesses = [checkpoint.note_key("witness.invalid", key, at=AT, witness=True) for key in keys()]
        seen = notes.Note(note.text, (*note.signatures, *lines)).to_bytes()

        found = checkpoints.opened(seen, known(), witnesses)
        assert [(one.name, one.at) for one in found.cosigned] == [("witness.invalid", AT)] * 2
        assert checkpoints.opened(seen, known()).cosigned == ()

    @pytest.mark.parametrize(
        "text", ["a\n1\n", "a\n01\nX\n", "a\n-1\nX\n", "a\n1\n\n", "\n1\nX\n", "a\n1\n" + "A" * 42 + "B=\n"]
    )
    def test_a_text_that_is_no_checkpoint_is_refused(self, text):
        """Three lines, a size, a root."""
        with pytest.raises(CheckpointRefused):
            checkpoints.tree_of(text)

    def test_the_log_s_first_line_is_ed25519(self):
        """A public log must carry one, and a seal's key never signs for it."""
        with pytest.raises(KeyNotForThis):
            checkpoint.sign(TREE, keys()[1:], at=AT)
        with pytest.raises(KeyNotForThis):
            checkpoint.sign(TREE, [desk.key("planning-seal")], at=AT)


NOTE_OF_NOBODY = notes.Note(TREE.text(), notes.read(NOTE).signatures).to_bytes()
