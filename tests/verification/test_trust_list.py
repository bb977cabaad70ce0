"""What a trust list says: read strictly by its path, and true of its day."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import jsonschema
import pytest

import verification
from keys_sample.profiles import BODIES
from tests.vectors import make_trust_lists as vectors
from verification import canonical, certificates, trust_list_text
from verification.errors import Contradiction, FormRefused, NotCanonical, UnknownFormat, UnknownMember, WrongForm
from verification.legal_dates import Validity
from verification.trust_list import KID, ListedKey, Standing, Suspension, lies_in

SCHEMA = json.loads((Path(verification.__file__).parent / "schemas" / "trust-list-1.json").read_bytes())
AT = datetime(2026, 3, 21, tzinfo=UTC)
OFFICE, FORMER = vectors.office().code, vectors.former().code


def plain() -> dict:
    return json.loads(trust_list_text.to_bytes(vectors.content()))


def changed(place: str, value: object) -> dict:
    """The honest list with one member changed."""
    text = plain()
    *steps, last = [int(step) if step.isdigit() else step for step in place.split(".")]
    inner = text
    for step in steps:
        inner = inner[step]
    inner[last] = value
    return text


class TestText:
    """trust_list_text"""

    @pytest.mark.parametrize(
        ("place", "value", "refusal"),
        [
            ("format", "trust-list/2", UnknownFormat),
            ("more", 1, UnknownMember),
            ("authorities.0.more", 1, UnknownMember),
            ("authorities.0.seals.0.more", 1, UnknownMember),
            ("sequence", 0, WrongForm),
            ("sequence", True, FormRefused),
            ("sequence", 2, Contradiction),
            ("previous", "sha256:" + "0" * 64, Contradiction),
            ("next_update", "2026-03-01T16:00:00Z", Contradiction),
            ("issued_at", "2026-03-01T16:00:00+00:00", WrongForm),
            ("issued_at", "2026-13-01T16:00:00Z", WrongForm),
            ("status_base", "javascript:x/", WrongForm),
            ("authorities.1.code", OFFICE, Contradiction),
            ("authorities.0.code", "114108000000000005", WrongForm),
            ("authorities.0.region", "41", WrongForm),
            ("authorities.0.names", [], WrongForm),
            ("authorities.0.names.0.to", "2026-01-01", Contradiction),
            ("authorities.0.names.0.to", None, Contradiction),
            ("authorities.0.names.0.to", "2025-02-30", WrongForm),
            ("authorities.0.may_issue.0.types", [], WrongForm),
            ("authorities.0.may_issue.0.types.0", "*", WrongForm),
            ("authorities.0.may_issue.0.basis", "", WrongForm),
            ("authorities.0.may_issue.2.in_name_of", "x", WrongForm),
            ("authorities.0.seals.0.certificate", "AAAA", WrongForm),
            ("authorities.0.seals.0.certificate", "MI==", WrongForm),
            ("authorities.1.seals.0.suspensions.0.to", "2024-05-01T00:00:00Z", Contradiction),
            ("log_keys.0.public_key", "AAAA", WrongForm),
            ("log_keys.0.origin", "a+b", WrongForm),
        ],
    )
    def test_one_wrong_member_is_refused(self, place, value, refusal):
        """By its own kind of refusal; the honest list is read."""
        assert trust_list_text.from_bytes(canonical.encode(plain())) == vectors.content()

        with pytest.raises(refusal):
            trust_list_text.from_bytes(canonical.encode(changed(place, value)))

    def test_a_seal_belongs_to_one_authority(self):
        """The same certificate twice would make two owners."""
        twice = replace(vectors.former(), seals=vectors.office().seals)

        with pytest.raises(Contradiction):
            trust_list_text.to_bytes(replace(vectors.content(), authorities=(vectors.office(), twice)))

    def test_a_code_key_is_small(self):
        """An RSA key cannot sign codes, whoever lists it."""
        office = replace(vectors.office(), code_keys=(vectors.key("housing-seal"),))

        with pytest.raises(WrongForm):
            trust_list_text.to_bytes(replace(vectors.content(), authorities=(office,)))

    def test_other_spellings_are_refused(self):
        """One list, one text."""
        with pytest.raises(NotCanonical):
            trust_list_text.from_bytes(json.dumps(plain()).encode())


class TestSchema:
    """schemas/trust-list-1.json"""

    def test_it_accepts_what_the_reader_reads(self):
        """The published schema and the reader agree on the honest list."""
        jsonschema.Draft202012Validator.check_schema(SCHEMA)

        assert list(jsonschema.Draft202012Validator(SCHEMA).iter_errors(plain())) == []

    @pytest.mark.parametrize(
        ("place", "value"),
        [
            ("format", "trust-list/2"),
            ("more", 1),
            ("authorities.0.more", 1),
            ("authorities.0.seals.0.more", 1),
            ("authorities.0.names", []),
            ("authorities.0.may_issue.0.types", []),
            ("authorities.0.may_issue.0.types.0", "*"),
            ("authorities.0.may_issue.1.grade", "一 级"),
            ("authorities.0.region", "41"),
            ("sequence", 0),
            ("issued_at", "2026-03-01T16:00:00+00:00"),
            ("status_base", "javascript:x/"),
            ("previous", "0" * 64),
            ("tsa.0.certificate", "-----BEGIN CERTIFICATE-----"),
            ("log_keys.0.origin", "a+b"),
        ],
    )
    def test_it_is_as_strict_as_the_reader(self, place, value):
        """Whatever a schema can express, both refuse."""
        text = changed(place, value)

        assert not jsonschema.Draft202012Validator(SCHEMA).is_valid(text)
        with pytest.raises(FormRefused):
            trust_list_text.from_bytes(canonical.encode(text))


class TestEntryOn:
    """TrustList.entry_on()"""

    def test_the_name_is_that_of_the_day(self):
        """The day of renaming is a day in Shanghai, given by the caller."""
        listed = vectors.content()

        assert listed.entry_on(OFFICE, date(2025, 12, 31)).name == "示例市人民防空办公室"
        assert listed.entry_on(OFFICE, date(2026, 1, 1)).name == "示例市国防动员办公室"
        assert listed.entry_on("914108000000000000", date(2026, 1, 1)) is None

    def test_name_plates_are_those_of_the_day(self):
        """A second name counts on its own days, beside the name of the day."""
        listed = vectors.content()
        days = (date(2025, 12, 31), date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 1))

        assert [listed.entry_on(OFFICE, day).issues_as("示例市人民防空办公室") for day in days] == [
            True,
            True,
            True,
            False,
        ]
        assert [listed.entry_on(OFFICE, day).issues_as("示例市国防动员办公室") for day in days] == [
            False,
            True,
            True,
            True,
        ]

    def test_a_gone_authority_is_gone_from_its_last_day(self):
        """Before it, an entry; after it, none, but its successor is known."""
        listed = vectors.content()

        assert listed.entry_on(FORMER, date(2025, 12, 31)).successors == ()
        assert listed.entry_on(FORMER, date(2026, 1, 1)) is None
        assert listed.authority(FORMER).successors[0].code == BODIES["planning"].code

    def test_an_old_certificate_is_judged_by_the_rules_of_its_day(self):
        """A right that ended still covers what was issued while it held, there and of that grade."""
        listed, kind = vectors.content(), f"{vectors.TYPE}911"
        then, now = listed.entry_on(OFFICE, date(2025, 6, 30)), listed.entry_on(OFFICE, date(2025, 7, 1))

        assert then.entitlement(kind, region="410802001", grade="乙级") is not None
        assert then.entitlement(kind, region="410803", grade="乙级") is None
        assert then.entitlement(kind, region="410802", grade="甲级") is None
        assert then.entitlement(kind, grade="乙级") is None
        assert now.entitlement(kind, region="410802", grade="乙级") is None

    def test_the_pattern_and_the_principal(self):
        """A beginning covers its types; who acts for another says for whom."""
        entry = vectors.content().entry_on(OFFICE, date(2026, 3, 2))

        assert entry.entitlement(f"{vectors.TYPE}905", region="410800").in_name_of is None
        assert entry.entitlement(f"{vectors.TYPE}912").in_name_of == vectors.TYPE
        assert entry.entitlement(f"{vectors.TYPE}999", region="410800") is None

    def test_only_the_keys_of_the_day_are_listed(self):
        """Seals and code keys begin and end on days."""
        listed = vectors.content()

        assert listed.entry_on(OFFICE, date(2025, 12, 31)).code_keys == ()
        assert len(listed.entry_on(OFFICE, date(2026, 1, 1)).code_keys) == 1

    def test_keys_are_found_by_their_names(self):
        """A seal by its thumbprint, a code key by the eight bytes a QR code holds."""
        listed, code = vectors.content(), vectors.certificate("defence-code")
        kid = bytes.fromhex(certificates.thumbprint(code).partition(":")[2])[:KID]

        assert listed.seal(certificates.thumbprint(vectors.certificate("defence-seal")))[0].code == OFFICE
        assert listed.seal(certificates.thumbprint(code)) is None
        assert [owner.code for owner, _ in listed.code_keys(kid)] == [OFFICE]
        assert listed.code_keys(b"") == listed.code_keys(bytes(KID)) == ()


class TestStanding:
    """ListedKey.standing()"""

    @pytest.mark.parametrize(
        ("at", "expected"),
        [
            ("2019-12-31T15:59:59", Standing.OUTSIDE),
            ("2020-01-01T00:00:00", Standing.USABLE),
            ("2024-04-30T23:59:59", Standing.USABLE),
            ("2024-05-01T00:00:00", Standing.SUSPENDED),
            ("2024-05-31T23:59:59", Standing.SUSPENDED),
            ("2024-06-01T00:00:00", Standing.USABLE),
            ("2025-11-30T00:00:00", Standing.USABLE),
            ("2025-11-30T00:00:01", Standing.DISTRUSTED),
            ("2026-03-01T00:00:00", Standing.DISTRUSTED),
        ],
    )
    def test_each_time_has_its_standing(self, at, expected):
        """Suspension ends, distrust does not."""
        seal = vectors.former().seals[0]

        assert seal.standing(datetime.fromisoformat(at).replace(tzinfo=UTC)) is expected

    def test_the_last_day_ends_in_shanghai(self):
        """16:00 UTC is midnight there."""
        seal = ListedKey(vectors.certificate("market-seal"), Validity(None, date(2025, 12, 31)))

        assert seal.standing(datetime(2025, 12, 31, 15, 59, 59, tzinfo=UTC)) is Standing.USABLE
        assert seal.standing(datetime(2025, 12, 31, 16, tzinfo=UTC)) is Standing.OUTSIDE

    def test_a_suspension_without_end_lasts(self):
        """Until somebody restores the key."""
        seal = vectors.key("market-seal", suspensions=(Suspension(AT, None),))

        assert seal.standing(AT + timedelta(days=4000)) is Standing.SUSPENDED


class TestLiesIn:
    """trust_list.lies_in()"""

    @pytest.mark.parametrize(
        ("region", "wide", "expected"),
        [
            ("410802", "410800", True),
            ("410802", "410000", True),
            ("410802001001", "410802001000", True),
            ("410802001001", "410802000000", True),
            ("410800", "410800", True),
            ("410800", "410802", False),
            ("411002", "410000", True),
            ("411002", "411000", True),
            ("411102", "411000", False),
            ("420802", "410000", False),
        ],
    )
    def test_divisions_nest_by_their_codes(self, region, wide, expected):
        """Trailing zeros stand for the whole of a division."""
        assert lies_in(region, wide) is expected
