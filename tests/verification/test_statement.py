"""Statements: frozen bytes, a strict reader, no circle."""

import json
import runpy
import unicodedata
from dataclasses import replace
from datetime import date
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

import verification
from verification import canonical, digests, statement
from verification.errors import (
    Contradiction,
    ForbiddenMember,
    MissingMember,
    NotCanonical,
    UnknownFormat,
    UnknownMember,
    VerificationError,
    WrongForm,
    WrongType,
)
from verification.legal_dates import Validity
from verification.statement import Body, Holder, Statement

VECTORS = Path(__file__).parents[1] / "vectors"
MAKER = runpy.run_path(str(VECTORS / "make_statements.py"))
SCHEMA = json.loads((Path(verification.__file__).parent / "schemas" / "statement-1.json").read_bytes())
SUMS = dict(line.split(" ", 1) for line in (VECTORS / "statements.sums").read_text("utf-8").splitlines())
LETTER = (VECTORS / "statements" / "letter.json").read_bytes()


def letter() -> Statement:
    return statement.from_bytes(LETTER)


def changed(path: str, value: object, *, drop: bool = False) -> bytes:
    """The letter with one member set, added or dropped, still canonical."""
    plain = json.loads(LETTER)
    *steps, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    place = plain
    for step in steps:
        place = place[step]
    if drop:
        del place[last]
    else:
        place[last] = value
    return canonical.encode(plain)


class TestVectors:
    """tests/vectors/statements"""

    @pytest.mark.parametrize("name", SUMS)
    def test_the_bytes_and_digests_are_frozen(self, name):
        """The kept bytes still have the digests that were written down."""
        body = (VECTORS / "statements" / f"{name}.json").read_bytes()
        both = digests.digests(body)

        assert f"{both.sha256} {both.sm3}" == SUMS[name]

    def test_the_rebuilt_bytes_are_the_kept_ones(self):
        """The script that made the vectors makes the same bytes today, and there are no others."""
        kept = {file.stem: file.read_bytes() for file in (VECTORS / "statements").iterdir()}

        assert MAKER["statements"]() == kept
        assert MAKER["statement_sums"]() == (VECTORS / "statements.sums").read_text("utf-8")
        assert kept.keys() == SUMS.keys()

    @pytest.mark.parametrize("name", SUMS)
    def test_reading_and_writing_undo_each_other(self, name):
        """A read statement writes the very bytes it was read from, and has their digests."""
        body = (VECTORS / "statements" / f"{name}.json").read_bytes()
        read = statement.from_bytes(body)

        assert read.to_bytes() == body
        assert read.digest() == digests.sha256(body)
        assert read.digests() == digests.digests(body)
        assert statement.from_bytes(read.to_bytes()) == read

    @pytest.mark.parametrize("name", SUMS)
    def test_the_published_schema_accepts_them(self, name):
        """Outsiders can check the form with any JSON Schema 2020-12 validator."""
        jsonschema.Draft202012Validator.check_schema(SCHEMA)
        plain = json.loads((VECTORS / "statements" / f"{name}.json").read_bytes())

        assert list(jsonschema.Draft202012Validator(SCHEMA).iter_errors(plain)) == []


REFUSED = [
    ("format", "statement/2", UnknownFormat, "$.format"),
    ("digest", "x", UnknownMember, "$.digest"),
    ("status_index", 7, UnknownMember, "$.status_index"),
    ("issuer.phone", "1", UnknownMember, "$.issuer.phone"),
    ("holders.0.x\ny", "1", UnknownMember, "$.holders[0].x\\ny"),
    ("title", 5, WrongType, "$.title"),
    ("title", "", WrongForm, "$.title"),
    ("title", "样" * 1001, WrongForm, "$.title"),
    ("number", ["1"], WrongType, "$.number"),
    ("issuer", None, WrongType, "$.issuer"),
    ("issuer.code", "114108000000000005", WrongForm, "$.issuer.code"),
    ("decider", "省", WrongType, "$.decider"),
    ("holders", {}, WrongType, "$.holders"),
    ("holders", "名", WrongType, "$.holders"),
    ("holders.0", "名", WrongType, "$.holders[0]"),
    ("holders.0.kind", "自然人", WrongForm, "$.holders[0].kind"),
    ("holders.0.code_kind", "1", WrongForm, "$.holders[0].code_kind"),
    ("holders.0.code_kind", None, Contradiction, "$.holders[0].code"),
    ("dates.issued", None, WrongType, "$.dates.issued"),
    ("dates.issued", "20260302", WrongForm, "$.dates.issued"),
    ("dates.issued", "2026-02-29", WrongForm, "$.dates.issued"),
    ("dates.issued", "2026-03-02T00:00:00Z", WrongForm, "$.dates.issued"),
    ("dates.valid_to", "9999-12-31", WrongForm, "$.dates.valid_to"),
    ("dates.valid_to", "2026-03-01", Contradiction, "$.dates.valid_to"),
    ("identifier", "1.2.3", WrongForm, "$.identifier"),
    ("type", "11410000000000000T905", WrongForm, "$.type"),
    ("type", "11410000000000000T906@1", Contradiction, "$.type"),
    ("issuer.code", "11410000000000000T", Contradiction, "$.issuer.code"),
    ("salt", "00", WrongForm, "$.salt"),
    ("salt", "A" * 32, WrongForm, "$.salt"),
    ("relations.0.target", "某楼", WrongForm, "$.relations[0].target"),
    ("fields", [], WrongType, "$.fields"),
    ("face", "text", WrongType, "$.face"),
    ("face.title", 12480, WrongType, "$.face.title"),
    ("face.title", None, WrongType, "$.face.title"),
    ("face.title", {"a": "b"}, WrongType, "$.face.title"),
    ("face.table", [["a"], "b"], WrongType, "$.face.table[1]"),
    ("face.table", ["a", ["b"]], WrongType, "$.face.table[1]"),
    ("face.table", [[["a"]]], WrongType, "$.face.table[0][0]"),
    ("face.title", "样" * 20_001, WrongForm, "$.face.title"),
    ("fields.document_digest", "sha256:00", ForbiddenMember, "$.fields.document_digest"),
    ("fields.pdfSHA256", "00", ForbiddenMember, "$.fields.pdfSHA256"),
    ("fields.status-index", 12, ForbiddenMember, "$.fields.status-index"),
    ("fields.rooms", [{"File Hash": "00"}], ForbiddenMember, "$.fields.rooms[0].File Hash"),
    ("face.statusList", "https://…", ForbiddenMember, "$.face.statusList"),
]


class TestFromBytes:
    """statement.from_bytes()"""

    @pytest.mark.parametrize(("path", "value", "error", "named"), REFUSED, ids=range(len(REFUSED)))
    def test_what_the_format_does_not_know_is_refused_by_path(self, path, value, error, named):
        """Unknown, wrong, contradictory and circular members each name themselves."""
        with pytest.raises(error) as refusal:
            statement.from_bytes(changed(path, value))

        assert type(refusal.value) is error
        assert refusal.value.facts["path"] == named

    @pytest.mark.parametrize("name", json.loads(LETTER))
    def test_no_member_may_be_missing(self, name):
        """Null is written, absence is refused."""
        with pytest.raises((MissingMember, UnknownFormat)) as refusal:
            statement.from_bytes(changed(name, None, drop=True))

        assert refusal.value.facts["path"] == f"$.{name}"

    def test_fractions_are_refused(self):
        """Decimals are strings; a number with a point is no statement."""
        with pytest.raises(NotCanonical) as refusal:
            statement.from_bytes(LETTER.replace(b'"storeys":18', b'"storeys":18.5'))

        assert refusal.value.facts["reason"] == "fraction"

    @pytest.mark.parametrize("value", [b"[]", b"null", b'"statement/1"', b"7"])
    def test_other_json_is_refused(self, value):
        """A list or a word is no statement."""
        with pytest.raises(WrongType):
            statement.from_bytes(value)

    @given(st.integers(0, len(LETTER) - 1), st.binary(max_size=3))
    def test_changed_bytes_are_refused_by_name_or_are_another_statement(self, place, inserted):
        """No damage raises a foreign error, and none is read as the same statement."""
        spoiled = LETTER[:place] + inserted + LETTER[place + 1 :]
        try:
            read = statement.from_bytes(spoiled)
        except VerificationError:
            return

        assert read.to_bytes() == spoiled


class TestToBytes:
    """Statement.to_bytes()"""

    def test_names_are_never_normalised(self):
        """Composed and decomposed spellings keep their bytes and give different statements."""
        composed = replace(letter(), title="Am\u00e9lie")
        decomposed = replace(letter(), title="Ame\u0301lie")

        assert unicodedata.normalize("NFC", decomposed.title) == composed.title
        assert composed.to_bytes() != decomposed.to_bytes()
        assert "Ame\u0301lie".encode() in decomposed.to_bytes()
        assert statement.from_bytes(decomposed.to_bytes()).title == "Ame\u0301lie"

    @pytest.mark.parametrize(
        ("wrong", "error"),
        [
            ({"fields": {"file_digest": "sha256:00"}}, ForbiddenMember),
            ({"face": {"title": 5}}, WrongType),
            ({"salt": "short"}, WrongForm),
            ({"identifier": "1.2.156.3005.2.x"}, WrongForm),
            ({"issuer": Body(code="11410000000000000T", name="示例省")}, Contradiction),
            ({"holders": (Holder(name="a\0", kind="person", code_kind=None, code=None),)}, NotCanonical),
            ({"title": "\ud800"}, NotCanonical),
            ({"issued": date(1, 1, 1)}, WrongForm),
            ({"face": {"body": ["样" * 20_000] * 20}}, NotCanonical),
        ],
    )
    def test_nothing_leaves_that_could_not_be_read_back(self, wrong, error):
        """Whoever issues meets the same rules as whoever verifies."""
        with pytest.raises(error):
            replace(letter(), **wrong).to_bytes()

    def test_a_fraction_cannot_even_be_put_in(self):
        """The refusal names the field."""
        with pytest.raises(NotCanonical) as refusal:
            replace(letter(), fields={"floor_area": 12480.5})

        assert refusal.value.facts == {"reason": "fraction", "path": "$.floor_area"}

    def test_a_made_statement_cannot_be_changed(self):
        """Neither through its members nor through what the caller still holds."""
        fields = {"list": [1]}
        made = replace(letter(), fields=fields)
        before = made.to_bytes()
        fields["list"].append(2)

        with pytest.raises(TypeError):
            made.fields["more"] = 1
        with pytest.raises(AttributeError):
            made.title = "other"
        assert made.to_bytes() == before

    def test_the_salt_changes_the_digest(self):
        """Two statements of the same content have unrelated public digests."""
        assert replace(letter(), salt="0" * 32).digest() != letter().digest()

    def test_for_ever_is_null(self):
        """长期 is written as null."""
        plain = replace(letter(), validity=Validity(None, None)).plain()

        assert plain["dates"] == {"issued": "2026-03-02", "valid_from": None, "valid_to": None}


class TestSchema:
    """schemas/statement-1.json"""

    @pytest.mark.parametrize(
        ("path", "value"),
        [(path, value) for path, value, error, _ in REFUSED if error in (UnknownFormat, UnknownMember, WrongType)]
        + [("salt", "00"), ("dates.issued", "20260302"), ("type", "x"), ("fields.document_digest", "00")],
    )
    def test_it_refuses_what_the_reader_refuses(self, path, value):
        """Whatever a schema can express, it expresses as strictly as the reader."""
        validator = jsonschema.Draft202012Validator(SCHEMA)

        assert not validator.is_valid(json.loads(changed(path, value)))

    def test_a_fraction_is_refused(self):
        """Fields hold whole numbers and strings."""
        plain = json.loads(LETTER)
        plain["fields"]["storeys"] = 18.5

        assert not jsonschema.Draft202012Validator(SCHEMA).is_valid(plain)
