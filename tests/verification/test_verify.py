"""Verifying a sealed PDF: the axes stay apart, and unknown is not a yes."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import jsonschema
import pytest

import verification
from tests.vectors import make_statements
from tests.verification import attacks, desk
from verification import digests
from verification.evidence import Evidence, Registered, State, StateSeen
from verification.legal_dates import Validity
from verification.report import OFFLINE, SELF_CHECK, STRICT, Axis, Outcome, Step
from verification.trust_list import Entitlement, Suspension
from verification.verify import verify

SCHEMA = json.loads((Path(verification.__file__).parent / "schemas" / "report-1.json").read_bytes())
DAY = timedelta(days=1)
LETTER = make_statements.letter()


def judged(**more):
    """The honest file, judged."""
    return verify(desk.good(), **{"trust": desk.trust(), "at": desk.AT, **more})


def seen(state=State.VALID, *, until=desk.LATER):
    return Evidence(state=StateSeen(state, seen_at=desk.AT - DAY, good_until=until))


class TestReport:
    """The report itself."""

    def test_numbers_every_check_once(self):
        """Seventeen checks, in order, whatever the file."""
        for document in (desk.good(), b"", attacks.flipped(5000)):
            report = verify(document, trust=desk.trust(), at=desk.AT)

            assert [check.step.number for check in report.checks] == list(range(1, 18))
            assert [check.step for check in report.checks] == list(Step)

    @pytest.mark.parametrize("build", [desk.good, lambda: b"x", attacks.by_stranger, attacks.wrapped])
    def test_json_has_its_published_form(self, build):
        """The schema takes every report, good or bad."""
        plain = verify(build(), trust=desk.trust(), at=desk.AT).plain()

        jsonschema.validate(json.loads(json.dumps(plain)), SCHEMA)
        assert set(plain["axes"]) == {axis.value for axis in Axis}

    def test_tells_what_the_file_claims_without_persons(self):
        """Identifier, number and issuer are told; holders are not."""
        plain = judged().plain()

        assert plain["claimed"]["identifier"] == LETTER.identifier
        assert LETTER.holders[0].name not in json.dumps(plain, ensure_ascii=False)

    def test_the_same_file_gets_the_same_report(self):
        """Nothing but the arguments decides."""
        assert judged() == judged()

    def test_a_time_without_zone_is_our_mistake(self):
        """The caller's error is not told as the document's."""
        with pytest.raises(RuntimeError):
            judged(at=datetime(2026, 3, 2))  # noqa: DTZ001 - the mistake itself


class TestAxes:
    """What is known of an honest file."""

    def test_offline_takes_what_it_can_see(self):
        """With a list and nothing else, register, log and status stay unknown, and the file is accepted."""
        report = judged()

        unknown = {axis for axis in Axis if report.axis(axis) is Outcome.UNKNOWN}
        assert unknown == {Axis.REGISTER, Axis.LOG, Axis.STATUS, Axis.FRESH}
        assert report.accepted()
        assert report.accepted(SELF_CHECK)

    def test_strict_wants_all_of_them(self):
        """Unknown is not a yes: what nobody looked at is not accepted."""
        report = judged(policy=STRICT, evidence=seen())

        assert not report.accepted()
        assert report.decisive().code == "log.not_asked"

    def test_roots_alone_tell_no_entitlement(self):
        """A PEM root says who, not whether it might."""
        report = judged(trust=desk.ROOTS)

        assert report.check(Step.SEALED).outcome is Outcome.PASSED
        assert report.check(Step.OWNER).outcome is Outcome.PASSED
        assert report.check(Step.ENTITLED).code == "entitled.no_list"
        assert report.accepted()

    def test_the_time_is_the_time_stamps(self):
        """When it was sealed is proven by the stamp, not by the file's own words."""
        assert judged().check(Step.TIME).evidence["at"] == "2026-03-02T02:00:00Z"

    def test_without_a_stamp_the_time_is_unknown(self):
        """A seal alone proves no time; it is judged by what is trusted today."""
        document = desk.embedded(desk.drawn(), lambda digest: desk.template().sign(digest))

        report = verify(document, trust=desk.trust(), at=desk.AT)

        assert report.check(Step.TIME).code == "time.not_stamped"
        assert report.accepted()

    def test_pyhankos_own_signature_is_read(self):
        """A certification made by other software of the same form is judged alike."""
        report = verify(desk.approved(permission=1), trust=desk.ROOTS, at=datetime(2040, 1, 1, tzinfo=UTC))

        assert report.axis(Axis.INTACT) is Outcome.PASSED
        assert report.accepted()

    def test_a_rsa_seal_is_read(self):
        """RSA-3072 seals are checked as P-256 ones are."""
        statement = replace(LETTER, seal_owner=make_statements.Body("11410800000000027U", "示例市住房和城乡建设局"))
        document = desk.sealed(desk.drawn(statement), "housing-seal")
        trust = desk.trust(desk.authority("defence"), desk.authority("housing", types=()))

        assert verify(document, trust=trust, at=desk.AT).accepted()


class TestTrust:
    """What the list says of the seal."""

    @pytest.mark.parametrize(
        ("changes", "reason"),
        [
            ({"validity": Validity(date(2020, 1, 1), date(2026, 3, 1))}, "sealed.outside"),
            ({"validity": Validity(date(2026, 3, 3), None)}, "sealed.outside"),
            ({"suspensions": (Suspension(desk.AT - DAY, None),)}, "sealed.suspended"),
            ({"distrusted_after": desk.AT - DAY}, "sealed.distrusted"),
        ],
    )
    def test_a_seal_out_of_use_when_it_sealed_is_refused(self, changes, reason):
        """The proven time decides."""
        office = desk.authority("defence", seals=(desk.listed("defence-seal", **changes),))

        assert judged(trust=desk.trust(office)).decisive().code == reason

    @pytest.mark.parametrize(
        "changes",
        [
            {"validity": Validity(None, date(2026, 3, 2))},
            {"suspensions": (Suspension(desk.AT + DAY, None),)},
            {"distrusted_after": desk.AT + DAY},
        ],
    )
    def test_a_seal_given_up_later_still_holds(self, changes):
        """An old certificate is judged by the rules of its day."""
        office = desk.authority("defence", seals=(desk.listed("defence-seal", **changes),))

        assert judged(trust=desk.trust(office), at=desk.LATER).accepted()

    def test_without_a_stamp_todays_rules_count(self):
        """Nobody proves when it was sealed, so a seal that was given up seals nothing."""
        document = desk.embedded(desk.drawn(), lambda digest: desk.template().sign(digest))
        seal = desk.listed("defence-seal", distrusted_after=desk.AT + DAY)
        trust = desk.trust(desk.authority("defence", seals=(seal,)))

        assert verify(document, trust=trust, at=desk.LATER).decisive().code == "sealed.distrusted"

    def test_another_name_on_that_day_is_refused(self):
        """The statement must name the authority as it was called."""
        office = desk.authority("defence", names=(desk.Name("示例市人民防空办公室", desk.SINCE),))

        assert judged(trust=desk.trust(office)).decisive().code == "owner.other_name"

    @pytest.mark.parametrize(("last", "expected"), [(None, True), (date(2026, 3, 2), True), (date(2026, 3, 1), False)])
    def test_a_name_plate_of_that_day_is_its_name(self, last, expected):
        """加挂牌子: issued under a second name, accepted as long as the plate hung on the day of issue."""
        said = make_statements.letter()
        plate = desk.Name(said.issuer.name, Validity(date(2025, 7, 1), last))
        office = desk.authority("defence", names=(desk.Name("示例市新名办公室", desk.SINCE),), nameplates=(plate,))

        assert judged(trust=desk.trust(office)).accepted() is expected

    @pytest.mark.parametrize(
        ("rights", "code"),
        [
            ((), "entitled.not_entitled"),
            ((Entitlement((f"{make_statements.TYPE}905",), "410800", None, desk.SINCE, None, "b"),), "entitled.passed"),
            (
                (Entitlement((f"{make_statements.TYPE}906",), None, None, desk.SINCE, None, "b"),),
                "entitled.not_entitled",
            ),
            ((Entitlement((f"{make_statements.TYPE}9*",), "410802", None, desk.SINCE, None, "b"),), "entitled.partly"),
            ((Entitlement((f"{make_statements.TYPE}9*",), None, "乙级", desk.SINCE, None, "b"),), "entitled.partly"),
            (
                (Entitlement((f"{make_statements.TYPE}9*",), None, None, desk.SINCE, "11410000000000000T", "b"),),
                "entitled.not_entitled",
            ),
        ],
    )
    def test_entitlement_is_that_of_the_day(self, rights, code):
        """Type, place, grade and name decide; what a statement does not say stays unknown."""
        report = judged(trust=desk.trust(desk.authority("defence", may_issue=rights)))

        assert report.check(Step.ENTITLED).code == code
        assert report.accepted() is (not code.endswith("not_entitled"))

    def test_an_issuer_that_is_not_listed_is_nobody(self):
        """A listed seal of one body does not speak for another."""
        statement = replace(LETTER, seal_owner=make_statements.Body("11410800000000035N", "示例市自然资源和规划局"))
        document = desk.sealed(desk.drawn(statement), "planning-seal")

        report = verify(document, trust=desk.trust(desk.authority("planning")), at=desk.AT)

        assert report.decisive().code == "owner.unlisted"


class TestEvidence:
    """What the register and the status say."""

    def registered(self, document=None, statement=None):
        named = frozenset({digests.sha256(document or desk.good())})
        return Evidence(registered=Registered(statement or LETTER.digest(), named))

    def test_the_registered_file_agrees(self):
        """Same bytes, same statement."""
        assert judged(evidence=self.registered()).axis(Axis.REGISTER) is Outcome.PASSED

    @pytest.mark.parametrize(
        ("evidence", "code"),
        [
            (Evidence(registered=Registered(None)), "register.not_issued"),
            (Evidence(registered=Registered(LETTER.digest(), frozenset())), "register.other_file"),
            (Evidence(registered=Registered("sha256:" + "0" * 64)), "register.other_statement"),
        ],
    )
    def test_what_the_register_does_not_know_is_refused(self, evidence, code):
        """A no that was heard counts under every policy that respects it."""
        assert judged(evidence=evidence).decisive().code == code

    def test_a_saved_copy_is_not_called_forged(self):
        """Of an honest file saved anew, the register's part reads: the statement is ours, the file is not."""
        copy = attacks.updated(attacks.other_title)

        report = verify(copy, trust=desk.trust(), at=desk.AT, evidence=self.registered())

        assert report.check(Step.REGISTER).code == "register.other_file"
        assert report.claimed == LETTER

    @pytest.mark.parametrize(
        ("evidence", "at", "code"),
        [
            (seen(), desk.AT, "status.passed"),
            (Evidence(), desk.AT, "status.not_asked"),
            (seen(State.REVOKED), desk.AT, "status.ended"),
            (seen(State.SUSPENDED), desk.AT, "status.suspended"),
            (seen(State.SUPERSEDED), desk.AT, "status.replaced"),
            (seen(), desk.AT - 2 * DAY, "status.not_begun"),
        ],
    )
    def test_status_is_what_was_seen(self, evidence, at, code):
        """State and dates, apart from everything else."""
        assert judged(evidence=evidence, at=at).check(Step.STATUS).code == code

    def test_a_revoked_certificate_is_genuine_and_not_accepted(self):
        """Two questions, two answers."""
        report = judged(evidence=seen(State.REVOKED))

        assert report.axis(Axis.INTACT) is report.axis(Axis.SEALED) is Outcome.PASSED
        assert not report.accepted()

    def test_an_old_sight_is_not_a_yes(self):
        """A status list past its time is told with its age, as unknown."""
        report = judged(evidence=seen(until=desk.AT))

        assert report.check(Step.FRESH).code == "fresh.stale"
        assert report.check(Step.FRESH).evidence["seconds"] == 86400

    def test_the_policy_is_told(self):
        """A report says by which policy it was judged."""
        assert judged().plain()["policy"] == OFFLINE.name
