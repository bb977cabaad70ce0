"""Ledger entries: frozen bytes, salted names, no personal text."""

import hashlib
import json
import runpy
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verification import canonical, entries
from verification.entries import Entry
from verification.errors import (
    MissingMember,
    NotCanonical,
    UnknownFormat,
    UnknownMember,
    VerificationError,
    WrongForm,
    WrongSalt,
    WrongType,
)

VECTORS = Path(__file__).parents[1] / "vectors"
MAKER = runpy.run_path(str(VECTORS / "make_statements.py"))
ISSUED = (VECTORS / "entries" / "issued.json").read_bytes()
SALT = bytes(range(16))


def issued() -> Entry:
    return entries.from_bytes(ISSUED)


def changed(**members: object) -> bytes:
    return canonical.encode(json.loads(ISSUED) | members)


class TestVectors:
    """tests/vectors/entries"""

    def test_the_rebuilt_bytes_and_names_are_the_kept_ones(self):
        """Bodies, commitments and references are frozen, and there are no others."""
        kept = {file.stem: file.read_bytes() for file in (VECTORS / "entries").iterdir()}

        assert MAKER["bodies"]() == kept
        assert MAKER["entry_sums"]() == (VECTORS / "entries.sums").read_text("utf-8")

    @pytest.mark.parametrize("name", ["issued", "refused"])
    def test_reading_and_writing_undo_each_other(self, name):
        """A read entry writes the very bytes it was read from."""
        body = (VECTORS / "entries" / f"{name}.json").read_bytes()

        assert entries.from_bytes(body).to_bytes() == body

    def test_the_construction_is_the_one_on_paper(self):
        """Commitment and reference follow from two lines of hashlib."""
        salt = hashlib.sha256(b"vector issued").digest()[:16]
        committed = hashlib.sha256(salt + ISSUED).digest()
        line = f"issued {committed.hex()} {hashlib.sha256(bytes(1) + committed).hexdigest()}"

        assert line in (VECTORS / "entries.sums").read_text("utf-8").splitlines()


class TestToBytes:
    """Entry.to_bytes()"""

    def test_the_time_is_utc_with_six_decimals(self):
        """One instant has one spelling, wherever the clock hangs."""
        shanghai = datetime(2026, 3, 2, 9, 0, tzinfo=timezone(timedelta(hours=8)))

        assert b'"at":"2026-03-02T01:00:00.000000Z"' in replace(issued(), at=shanghai).to_bytes()
        assert replace(issued(), at=shanghai) == replace(issued(), at=shanghai.astimezone(UTC))

    def test_a_time_without_zone_is_our_own_mistake(self):
        """A naive time is a bug of the caller, not a refusal."""
        with pytest.raises(RuntimeError):
            replace(issued(), at=datetime(2026, 3, 2))  # noqa: DTZ001

    @pytest.mark.parametrize(
        ("wrong", "path"),
        [
            ({"facts": {"holder": "样本甲"}}, "$.facts.holder"),
            ({"facts": {"holder": "Sample Person"}}, "$.facts.holder"),
            ({"facts": {"note": ""}}, "$.facts.note"),
            ({"facts": {"Name": "x"}}, "$.facts.Name"),
            ({"subject": "示国动函〔2026〕12号"}, "$.subject"),
            ({"actor": "张 三"}, "$.actor"),
            ({"event": "Issued"}, "$.event"),
            ({"event": "e" * 41}, "$.event"),
        ],
    )
    def test_no_name_fits_into_an_entry(self, wrong, path):
        """Texts with spaces or other scripts are refused before they are committed for ever."""
        with pytest.raises(WrongForm) as refusal:
            replace(issued(), **wrong).to_bytes()

        assert refusal.value.facts["path"] == path

    def test_facts_cannot_be_changed_afterwards(self):
        """The caller's dictionary is copied."""
        facts = {"version": 1}
        entry = replace(issued(), facts=facts)
        facts["version"] = 2

        assert entry.facts["version"] == 1
        with pytest.raises(TypeError):
            entry.facts["version"] = 3


class TestFromBytes:
    """entries.from_bytes()"""

    @pytest.mark.parametrize(
        ("members", "error", "path"),
        [
            ({"format": "entry/2"}, UnknownFormat, "$.format"),
            ({"more": 1}, UnknownMember, "$.more"),
            ({"at": "2026-03-02T01:00:00Z"}, WrongForm, "$.at"),
            ({"at": "2026-02-30T01:00:00.000000Z"}, WrongForm, "$.at"),
            ({"at": "2026-03-02T23:59:60.000000Z"}, WrongForm, "$.at"),
            ({"at": "0000-03-02T23:59:00.000000Z"}, WrongForm, "$.at"),
            ({"at": 5}, WrongType, "$.at"),
            ({"facts": []}, WrongType, "$.facts"),
            ({"facts": {"a": True}}, WrongType, "$.facts.a"),
            ({"facts": {"a": None}}, WrongType, "$.facts.a"),
            ({"rows": {}}, WrongType, "$.rows"),
            ({"rows": [{"table": "a", "key": "1"}]}, MissingMember, "$.rows[0].digest"),
            ({"rows": [{"table": "a", "key": "1", "digest": "00"}]}, WrongForm, "$.rows[0].digest"),
            ({"rows": [{"table": "a b", "key": "1", "digest": "00"}]}, WrongForm, "$.rows[0].table"),
        ],
    )
    def test_what_the_format_does_not_know_is_refused_by_path(self, members, error, path):
        """Unknown, missing and wrong members each name themselves."""
        with pytest.raises(error) as refusal:
            entries.from_bytes(changed(**members))

        assert refusal.value.facts["path"] == path

    def test_the_years_before_1000(self):
        """Even an absurd clock gives one spelling that is read back."""
        entry = replace(issued(), at=datetime(9, 1, 1, tzinfo=UTC))

        assert entries.from_bytes(entry.to_bytes()) == entry

    @given(st.integers(0, len(ISSUED) - 1), st.binary(max_size=3))
    def test_changed_bytes_are_refused_by_name_or_are_another_entry(self, place, inserted):
        """No damage raises a foreign error, and none is read as the same entry."""
        spoiled = ISSUED[:place] + inserted + ISSUED[place + 1 :]
        try:
            read = entries.from_bytes(spoiled)
        except VerificationError:
            return

        assert read.to_bytes() == spoiled


class TestNames:
    """entries.commitment(), leaf_hash(), reference()"""

    def test_the_salt_hides_the_body(self):
        """The same body under two salts has two commitments."""
        assert entries.commitment(SALT, ISSUED) != entries.commitment(SALT[::-1], ISSUED)

    def test_an_rfc_6962_leaf(self):
        """A leaf is the RFC's hash of one leaf whose data are the commitment."""
        committed = entries.commitment(SALT, ISSUED)

        assert entries.leaf_hash(committed) == hashlib.sha256(b"\x00" + committed).digest()
        assert entries.reference(entries.leaf_hash(committed)) == entries.leaf_hash(committed).hex()

    @pytest.mark.parametrize("salt", [b"", SALT[:15], SALT + b"\x00"])
    def test_another_length_of_salt_is_refused(self, salt):
        """A salt of another length would let two entries share a commitment."""
        with pytest.raises(WrongSalt) as refusal:
            entries.commitment(salt, ISSUED)
        with pytest.raises(WrongSalt):
            entries.row_digest(salt, "certificate", "1", {})

        assert refusal.value.facts == {"found": len(salt), "expected": 16}

    @pytest.mark.parametrize("given", [b"", bytes(31), bytes(33)])
    def test_another_length_of_hash_is_refused(self, given):
        """Leaves are made of commitments, references of leaves."""
        with pytest.raises(WrongSalt):
            entries.leaf_hash(given)
        with pytest.raises(WrongSalt):
            entries.reference(given)


class TestRowDigest:
    """entries.row_digest()"""

    def test_the_frozen_digest(self):
        """SHA-256 over the salt and the canonical row, as anybody can compute it."""
        body = b'{"key":"7","table":"certificate","values":{"name":"\xe6\xa0\xb7\xe6\x9c\xac","state":"valid"}}'
        expected = f"sha256:{hashlib.sha256(SALT + body).hexdigest()}"

        assert entries.row_digest(SALT, "certificate", "7", {"state": "valid", "name": "样本"}) == expected

    def test_every_part_counts(self):
        """Salt, table, key and each value change the digest."""
        digests = {
            entries.row_digest(SALT, "a", "1", {"x": 1}),
            entries.row_digest(SALT[::-1], "a", "1", {"x": 1}),
            entries.row_digest(SALT, "b", "1", {"x": 1}),
            entries.row_digest(SALT, "a", "2", {"x": 1}),
            entries.row_digest(SALT, "a", "1", {"x": 2}),
            entries.row_digest(SALT, "a", "1", {"x": "1"}),
            entries.row_digest(SALT, "a", "1", {"x": 1, "y": None}),
        }

        assert len(digests) == 7

    def test_fractions_are_refused(self):
        """A float has no exact text, so no digest."""
        with pytest.raises(NotCanonical):
            entries.row_digest(SALT, "a", "1", {"x": 0.1})
