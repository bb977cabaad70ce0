"""Verifying a QR code by itself: who says what, and whether it still holds."""

from datetime import UTC, datetime, timedelta

import pytest

from signing import status_lists
from tests.verification import desk
from tests.verification.forged_codes import DAY, FORGED, LETTER, LINK, UNSIGNED, URI
from verification import status_list
from verification.evidence import Evidence, Registered, State
from verification.report import CODE_STRICT, Axis, Outcome, Step
from verification.verify_code import verify_code

OTHER = desk.trust(desk.authority("planning"))
STATES = [
    (State.REVOKED, "status.ended"),
    (State.SUSPENDED, "status.suspended"),
    (State.SUPERSEDED, "status.replaced"),
]


class TestVerifyCode:
    """verify_code()"""

    def listed(self, states=None, *, name="defence", uri=URI, at=desk.AT, trust=None):
        owner = desk.authority(name)
        data = status_lists.sign(
            desk.key(f"{name}-code"), states or {}, uri=uri, issuer=owner.code, at=at, lasts=DAY, ttl=DAY / 24
        )
        return status_list.read(data, trust or desk.trust(owner), at=at)

    def test_offline_says_who_and_what_it_does_not_know(self):
        """Signature, owner and entitlement are certain; the state nobody looked at is unknown."""
        report = verify_code(LINK, trust=desk.trust(), at=desk.AT)

        assert report.accepted()
        assert not report.accepted(CODE_STRICT)
        assert report.check(Step.STATUS).code == "status.not_asked"

    def test_a_status_list_answers(self):
        """State and age come from the newest list at hand."""
        report = verify_code(LINK, trust=desk.trust(), status=self.listed(), at=desk.AT + DAY / 2)

        assert report.accepted(CODE_STRICT)
        assert report.check(Step.FRESH).evidence["seconds"] == 43200

    @pytest.mark.parametrize(
        ("state", "code"),
        [
            (State.REVOKED, "status.ended"),
            (State.SUSPENDED, "status.suspended"),
            (State.SUPERSEDED, "status.replaced"),
        ],
    )
    def test_a_state_that_is_not_valid_is_refused(self, state, code):
        """Signed, and yet no longer so."""
        report = verify_code(LINK, trust=desk.trust(), status=self.listed({4711: state}), at=desk.AT)

        assert report.decisive().code == code
        assert report.axis(Axis.SEALED) is Outcome.PASSED

    def test_a_list_past_its_time_is_not_a_yes(self):
        """Its age is told, and it stays unknown."""
        report = verify_code(LINK, trust=desk.trust(), status=self.listed(), at=desk.AT + 2 * DAY)

        assert report.check(Step.FRESH).code == "fresh.stale"
        assert not report.accepted(CODE_STRICT)

    def test_another_authoritys_list_says_nothing(self):
        """Nobody clears another's certificates, nor does another list of the same authority."""
        foreign = self.listed(name="planning", trust=OTHER)
        other = self.listed({4711: State.REVOKED}, uri=URI + "1")

        for one in (foreign, other):
            report = verify_code(LINK, trust=desk.trust(), status=one, at=desk.AT)
            assert report.check(Step.STATUS).code == "status.not_asked"

    @pytest.mark.parametrize(
        ("at", "code"),
        [
            (desk.AT - DAY, "status.code_not_begun"),
            (desk.AT - timedelta(minutes=4), "status.not_asked"),
            (datetime(2060, 1, 2, tzinfo=UTC), "status.code_over"),
        ],
    )
    def test_its_own_time_counts(self, at, code):
        """Not before it was made (clocks may differ a little), not after its end."""
        assert verify_code(LINK, trust=desk.trust(), at=at).check(Step.STATUS).code == code

    def test_a_forged_code_gets_a_report(self):
        """Every forged code, and every text at all."""
        for text, _ in (*FORGED.values(), *UNSIGNED.values(), ("\ud800", "")):
            report = verify_code(text, trust=desk.trust(), at=desk.AT)
            assert not report.accepted()
            assert report.plain()["accepted"] is False

    def test_roots_cannot_check_a_code(self):
        """Code keys are known from the list only."""
        report = verify_code(LINK, trust=desk.ROOTS, at=desk.AT)

        assert report.check(Step.SIGNED).code == "signed.no_list"
        assert not report.accepted()

    def test_the_register_is_compared(self):
        """By the statement's digest."""
        for digest, code in ((LETTER.digest(), "register.passed"), ("sha256:" + "0" * 64, "register.other_statement")):
            evidence = Evidence(registered=Registered(digest))
            assert (
                verify_code(LINK, trust=desk.trust(), evidence=evidence, at=desk.AT).check(Step.REGISTER).code == code
            )
