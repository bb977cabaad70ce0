"""What a report comes to, in one sentence for people."""

import re
from datetime import timedelta

import pytest

from tests.vectors import make_statements
from tests.verification import attacks, desk
from tests.verification.forged_codes import LINK
from verification import agreement, headline, indication, sentences
from verification.evidence import Evidence, Registered, State, StateSeen
from verification.report import STRICT
from verification.verify import verify
from verification.verify_code import verify_code

LETTER = make_statements.letter()
N = LETTER.identifier
SUBJECTS = ("code", "shown", "facts", "receipt", "copy", "handover", "bundle")  # spoken of in words of their own


def registered(document=None, *, statement=None):
    named = frozenset() if document is None else frozenset({document})
    return Registered(statement or LETTER.digest(), named, N, LETTER.validity)


def seen(state=State.VALID, **more):
    return StateSeen(state, desk.AT, None, **more)


def judged(document, evidence, **more):
    return verify(document, trust=desk.trust(), at=more.pop("at", desk.AT), witness=lambda _: evidence, **more)


class TestHeadline:
    """Report.headline()"""

    def test_genuine_and_valid(self):
        """The registered bytes, and the register says that it holds."""
        name = verify(desk.good(), trust=desk.trust(), at=desk.AT).document
        found = judged(desk.good(), Evidence(registered(name), seen()))

        assert found.headline().code == "genuine.valid"
        assert found.plain()["headline"]["zh"] == "真实有效"

    def test_not_checked_is_said(self):
        """Offline, unknown is not a yes."""
        assert verify(desk.good(), trust=desk.trust(), at=desk.AT).headline().code == "genuine.unchecked"

    def test_an_old_sight_is_told_with_its_time(self):
        """True as of then, nothing said of since."""
        old = StateSeen(State.VALID, desk.AT - timedelta(days=3), desk.AT - timedelta(days=2))
        found = verify(desk.good(), trust=desk.trust(), at=desk.AT, evidence=Evidence(state=old))

        assert found.headline().code == "genuine.as_of"
        assert "2026-02-27T02:00:00Z" in found.plain()["headline"]["zh"]

    @pytest.mark.parametrize("name", sorted(agreement.NAMED))
    def test_genuine_but_not_valid_tells_state_date_and_successor(self, name):
        """A revoked certificate is no forgery."""
        state = seen(State.REVOKED, named=name, since=desk.AT - timedelta(days=30), successor="N2")
        found = verify(desk.good(), trust=desk.trust(), at=desk.AT, evidence=Evidence(state=state))

        told = found.plain()["headline"]
        assert (told["code"], told["because"]) == ("genuine.not_valid", f"status.{name}")
        assert "2026-01-31" in told["zh"]
        assert ("N2" in told["zh"]) is (name == "replaced")
        assert not found.accepted()

    @pytest.mark.parametrize(
        ("state", "code"),
        [
            (seen(), "other_file.valid"),
            (seen(State.REVOKED), "other_file.not_valid"),
            (None, "other_file.unchecked"),
            (StateSeen(State.VALID, desk.AT - timedelta(days=3), desk.AT), "other_file.as_of"),
        ],
    )
    @pytest.mark.parametrize("build", [lambda: desk.drawn(), lambda: desk.good() + b"\n", lambda: attacks.flipped(-9)])
    def test_an_honest_re_save_is_not_called_forged(self, build, state, code):
        """The certificate exists and is valid; this file is not the issued file."""
        told = judged(build(), Evidence(registered("sha256:other"), state)).plain()["headline"]

        assert told["code"] == code
        assert N in told["zh"]
        assert N in told["en"]
        assert not re.search("伪造|forged|fake", told["zh"] + told["en"])

    def test_the_register_decides_the_days_of_another_statement(self):
        """What a forger writes into a file does not make the registered certificate void."""
        forged = desk.drawn(make_statements.people(), face=desk.face())
        told = judged(forged, Evidence(registered(statement="sha256:" + "0" * 64), seen())).headline()

        assert told.code == "other_file.valid"

    @pytest.mark.parametrize(
        ("build", "code"),
        [
            (lambda: attacks.flipped(5000), "other_file.changed"),
            (attacks.by_stranger, "foreign.issuer"),
            (lambda: desk.drawn(), "foreign.unsigned"),
            (lambda: b"hello", "unconfirmed"),
            (lambda: desk.sealed(desk.drawn(make_statements.people(), face=desk.face())), "unconfirmed"),
        ],
    )
    def test_without_a_register(self, build, code):
        """What the file alone tells, and the sentence says why."""
        found = verify(build(), trust=desk.trust(), at=desk.AT)

        assert found.headline().code == code
        assert found.headline().because is found.decisive()

    def test_another_statement_of_no_known_name_still_gets_a_sentence(self):
        """Evidence that names nobody, a file that says nothing of itself: a report all the same."""
        evidence = Evidence(Registered("sha256:" + "0" * 64), seen())
        for document in (desk.good(), desk.drawn(files=()), b"hello"):
            found = verify(document, trust=desk.trust(), at=desk.AT, evidence=evidence).plain()
            assert found["headline"]["zh"]
        token = verify_code(LINK, trust=desk.trust(), at=desk.AT, evidence=evidence).plain()
        assert not token["accepted"]

    def test_what_the_register_never_issued_is_foreign(self):
        """Whatever seal it bears."""
        found = judged(desk.good(), Evidence(Registered(None), None))

        assert found.plain()["headline"]["zh"] == "非本机构签发：登记中没有此证照"

    def test_strict_names_what_is_missing(self):
        """A policy that needs the log cannot confirm without it."""
        found = verify(desk.good(), trust=desk.trust(), at=desk.AT, policy=STRICT)

        assert (found.headline().code, found.headline().because.code) == ("unconfirmed", "log.not_asked")

    def test_a_code_says_that_it_can_be_copied(self):
        """Whoever shows it."""
        told = verify_code(LINK, trust=desk.trust(), at=desk.AT).plain()

        assert (told["subject"], told["headline"]["code"]) == ("code", "genuine.unchecked")
        assert "可以复制" in told["headline"]["zh"]
        assert told["code"]["facts"]["number"] == LETTER.number


class TestTexts:
    """texts/headlines_*.toml"""

    def test_both_languages_know_the_same_codes(self):
        """In the same order, with the same facts."""
        zh, en = sentences.known("zh", "headlines"), sentences.known("en", "headlines")

        assert list(zh) == list(en)
        assert [set(re.findall(r"{(\w+)}", one)) for one in zh.values()] == [
            set(re.findall(r"{(\w+)}", one)) for one in en.values()
        ]

    def test_every_code_of_the_schema_has_a_sentence(self):
        """And no other."""
        from tests.verification.test_main import SCHEMA

        codes = set(SCHEMA["properties"]["headline"]["properties"]["code"]["enum"])
        known = set(sentences.known("zh", "headlines"))
        assert {code for code in known if code.partition(".")[0] not in SUBJECTS} == codes
        assert {code.partition(".")[2] for code in known if code.partition(".")[0] in SUBJECTS} <= codes
        assert headline.TIMELY


class TestIndication:
    """indication.of()"""

    @pytest.mark.parametrize(
        ("build", "found"),
        [
            (desk.good, ("TOTAL-PASSED", None)),
            (lambda: attacks.flipped(5000), ("TOTAL-FAILED", "HASH_FAILURE")),
            (attacks.by_stranger, ("INDETERMINATE", "NO_CERTIFICATE_CHAIN_FOUND")),
            (lambda: desk.good() + b"x", ("INDETERMINATE", "SIG_CONSTRAINTS_FAILURE")),
            (lambda: desk.drawn(), ("INDETERMINATE", "SIGNED_DATA_NOT_FOUND")),
            (lambda: b"hello", ("TOTAL-FAILED", "FORMAT_FAILURE")),
        ],
    )
    def test_speaks_the_european_words(self, build, found):
        """Of the signature alone."""
        told = indication.of(verify(build(), trust=desk.trust(), at=desk.AT).checks)

        assert (told["indication"], told["subindication"]) == found
