"""Copies that an archive renewed are the issued file still; nothing else may stand behind one"""

from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signing.errors import NotPdf, StatusAnswerMissing
from tests.verification import attacks, desk, renewals
from verification import digests
from verification.evidence import Evidence, Registered
from verification.pdf import renewal, security_store
from verification.report import Step
from verification.verify import verify

AT = desk.AT + timedelta(hours=2)


def judged(document, **given):
    return verify(document, trust=desk.trust(), at=AT, **given)


class TestRenewed:
    """verify() on a renewed copy"""

    @pytest.mark.parametrize("times", [1, 3, renewal.MOST])
    def test_it_is_genuine(self, times):
        """However often it was renewed, the report says how often."""
        report = judged(renewals.renewed(times))

        assert report.accepted()
        assert report.check(Step.WHOLE).evidence["renewals"] == times

    def test_the_issued_file_stands_in_it_unchanged(self):
        """It is an exact prefix."""
        assert renewals.renewed(3).startswith(desk.good())
        assert renewal.divided(renewals.renewed(3))[0] == len(desk.good())

    def test_it_is_what_the_register_issued(self):
        """The register knows the issued bytes; the copy was never registered and need not be."""
        claimed = judged(desk.good()).claimed
        issued = Registered(claimed.digest(), frozenset({digests.sha256(desk.good())}), claimed.identifier)

        report = judged(renewals.renewed(2), witness=lambda _: Evidence(issued))

        assert report.check(Step.REGISTER).code == "register.passed"
        assert report.document == digests.sha256(renewals.renewed(2))

    def test_another_file_renewed_is_not_what_the_register_issued(self):
        """A renewal makes nothing genuine."""
        claimed = judged(desk.good()).claimed
        issued = Registered(claimed.digest(), frozenset({digests.sha256(attacks.split()[0])}), claimed.identifier)

        report = judged(renewals.renewed(), witness=lambda _: Evidence(issued))

        assert report.check(Step.REGISTER).code == "register.other_file"

    def test_a_file_sealed_without_validation_data_can_be_renewed(self):
        """Its first renewal brings the store along."""
        document = renewals.renewed(document=attacks.split()[0])

        assert security_store.divided(attacks.split()[0])[1] is None
        assert judged(document).accepted()

    def test_roots_alone_tell_as_much(self):
        """The path of every time-stamper leads to the root."""
        assert verify(renewals.renewed(2), trust=desk.ROOTS, at=AT).accepted()

    @pytest.mark.parametrize("name", renewals.FORGED)
    def test_what_only_looks_like_a_renewal_is_refused(self, name):
        """For the reason that names what was done."""
        build, reason = renewals.FORGED[name]
        report = verify(build(), trust=desk.trust(), at=desk.AT)

        assert not report.accepted()
        assert report.decisive().code == reason

    @settings(max_examples=120, deadline=None)
    @given(st.data())
    def test_no_byte_of_it_can_change(self, data):
        """What is behind the issued file is one spelling of what a trusted authority signed."""
        document = renewals.renewed(2)
        place = data.draw(st.integers(len(desk.good()), len(document) - 1))
        assert not judged(attacks.flipped(place, document)).accepted()

    @settings(max_examples=40, deadline=None)
    @given(st.data())
    def test_what_is_cut_off_is_a_shorter_history_or_nothing(self, data):
        """Only at the end of a revision is there a genuine file."""
        document, ends = renewals.renewed(1), {len(desk.good()), len(attacks.split()[0])}
        cut = data.draw(st.integers(len(attacks.split()[0]), len(document) - 1))
        assert judged(document[:cut]).accepted() is (cut in ends)


class TestRenewing:
    """Renewer.apply()"""

    def test_each_renewal_tells_the_standing_of_the_last_stamper(self):
        """The first adds what the seal's store has not yet; nothing is written twice."""
        found = renewal.divided(renewals.renewed(3))[1]
        store = security_store.divided(desk.good())[1]
        pieces = [piece for one in (store, *(it.added for it in found)) for group in one.groups for piece in group]

        assert len(pieces) == len(set(pieces))

    def test_without_an_answer_about_the_last_stamper_it_is_refused(self):
        """A renewal that cannot be judged later is none."""
        blind = replace(renewals.renewer(desk.AT), lists=[])
        with pytest.raises(StatusAnswerMissing):
            blind.apply(desk.good(), at=desk.AT)

    @pytest.mark.parametrize("document", [b"hello", b"%PDF-1.7\n", desk.drawn(), attacks.wrapped()], ids=count())
    def test_what_was_never_sealed_cannot_be_renewed(self, document):
        """There is no time-stamp to carry on."""
        with pytest.raises(NotPdf):
            renewals.renewer(desk.AT).apply(document, at=desk.AT)

    def test_it_ends_where_a_reader_takes_no_more(self):
        """A document renewed as often as can be is for evidence records."""
        with pytest.raises(NotPdf, match="renewed-too-often"):
            renewals.renewer(desk.AT).apply(renewals.renewed(renewal.MOST), at=AT)
