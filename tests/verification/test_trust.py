"""Trust lists: believed through the root only, never rolled back, and true of their day."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import verification
from signing import errors as signing_errors
from signing import jws as signing_jws
from signing import trust as signing_trust
from tests import small_ca
from tests.signing.test_keys import sample
from tests.vectors import make_trust_lists as vectors
from verification import certificates, digests, jws, trust, trust_list_text
from verification.certificates import TRUST_LIST_SIGNING
from verification.errors import (
    CertificateRefused,
    Contradiction,
    ForkedTrustList,
    NotDelegated,
    OlderTrustList,
    SampleTrust,
    TokenRefused,
    TrustListFromFuture,
    VerificationError,
)
from verification.legal_dates import Validity
from verification.trust_list import ListedKey, Name

SCHEMA = json.loads((Path(verification.__file__).parent / "schemas" / "trust-list-1.json").read_bytes())
FOLDER = Path(vectors.__file__).parent / "trust_lists"
SAMPLE_ROOT = vectors.certificate("root")
AT = datetime(2026, 3, 21, tzinfo=UTC)
MONTH = timedelta(days=30)
OFFICE, FORMER = vectors.office().code, vectors.former().code

ROOT = small_ca.root()
DELEGATE = ROOT.issue("信任列表", purposes=[TRUST_LIST_SIGNING])
ISSUING = ROOT.issue("发", ca=True)


def frozen(name: str, **given) -> trust.OpenedList:
    token = (FOLDER / f"{name}.jws").read_text(encoding="ascii")
    return trust.open_list(token, **({"roots": [SAMPLE_ROOT], "at": AT, "unsafe_allow_samples": True} | given))


def content(**changes):
    """A list without samples, as the first version."""
    office = replace(vectors.office(), seals=(listed("印章"),), code_keys=(listed("码"),))
    bare = replace(vectors.content(), authorities=(office,), issuers=(), tsa=(), ocsp=(), status_keys=())
    return replace(signing_trust.following(bare, None, at=AT, lasts=MONTH), **changes)


def listed(name: str) -> ListedKey:
    return ListedKey(ISSUING.issue(name).certificate, Validity(None, None))


def signed(listed, signer=DELEGATE, *chain) -> str:
    """Honestly signed, by whomever."""
    payload = listed if isinstance(listed, bytes) else trust_list_text.to_bytes(listed)
    return signing_jws.sign(signer.key(), payload, trust.TYPE, chain=(signer.certificate, *chain))


def opened(token: str, **given) -> trust.OpenedList:
    return trust.open_list(token, **({"roots": [ROOT.certificate], "at": AT} | given))


def plain() -> dict:
    return json.loads(trust_list_text.to_bytes(vectors.content()))


class TestVectors:
    """tests/vectors/trust_lists"""

    def test_the_frozen_lists_are_made_again(self):
        """Content, spelling and signature are still the frozen ones."""
        made = vectors.tokens()

        assert {name: (FOLDER / f"{name}.jws").read_text(encoding="ascii") for name in made} == made
        assert (FOLDER.parent / "trust_lists.sums").read_text(encoding="utf-8") == vectors.sums(made)

    def test_they_open_and_link(self):
        """The second names the first by its digest, and the first is opened through it."""
        second = frozen("second", known=frozen("first"))
        token = (FOLDER / "first.jws").read_text(encoding="ascii")

        first = trust.open_earlier(token, second, roots=[SAMPLE_ROOT])

        assert (second.list.sequence, first.list.sequence) == (2, 1)
        assert first.digest == second.list.previous
        assert trust_list_text.from_bytes(trust_list_text.to_bytes(second.list)) == second.list


class TestOpen:
    """trust.open_list()"""

    def test_a_list_of_the_roots_delegate_is_believed(self):
        """With its digest and its signer, to judge the next one."""
        token = signed(content())

        believed = opened(token)

        assert believed.digest == digests.sha256(jws.unverified_payload(token))
        assert (believed.signer, believed.stale) == (DELEGATE.certificate, False)

    def test_an_expired_list_is_stale_and_still_readable(self):
        """Its age is a fact beside its content, not a refusal."""
        believed = opened(signed(content()), at=AT + MONTH)

        assert believed.stale
        assert believed.list.authority(OFFICE) is not None

    @pytest.mark.parametrize(
        "signer",
        [
            ROOT.issue("印章"),
            ROOT.issue("两用", purposes=[TRUST_LIST_SIGNING, small_ca.ObjectIdentifier("1.3.6.1.5.5.7.3.36")]),
            ISSUING.issue("信任列表", purposes=[TRUST_LIST_SIGNING]),
        ],
        ids=["a seal", "two purposes", "charged by an issuing CA"],
    )
    def test_nobody_else_may_sign(self, signer):
        """Only a certificate that the root issued itself, for this task alone."""
        with pytest.raises(NotDelegated):
            opened(signed(content(), signer, ISSUING.certificate))

    def test_not_even_the_root_itself(self):
        """It stays in its safe; its certificate allows certificates only."""
        with pytest.raises(TokenRefused):
            opened(signed(content(), ROOT))

    @pytest.mark.parametrize(
        "signer",
        [
            ROOT.issue("过期", purposes=[TRUST_LIST_SIGNING], last=AT - timedelta(days=1)),
            ROOT.issue("未到", purposes=[TRUST_LIST_SIGNING], first=AT + timedelta(days=1)),
            small_ca.root().issue("信任列表", purposes=[TRUST_LIST_SIGNING]),
            small_ca.root("别").issue("信任列表", purposes=[TRUST_LIST_SIGNING]),
        ],
        ids=["expired", "not yet", "namesake of the root", "other root"],
    )
    def test_the_delegation_must_hold_today(self, signer):
        """An expired key could be used to backdate, so it signs nothing new."""
        with pytest.raises(CertificateRefused):
            opened(signed(content(), signer))

    def test_the_delegation_must_have_held_when_the_list_was_issued(self):
        """A list from before its signer was charged is refused."""
        signer = ROOT.issue("后来", purposes=[TRUST_LIST_SIGNING], first=AT + timedelta(days=1))

        with pytest.raises(CertificateRefused):
            opened(signed(content(), signer), at=AT + timedelta(days=2))

    def test_a_list_from_the_future_is_refused(self):
        """Beyond what honest clocks differ by."""
        token = signed(content())

        assert opened(token, at=AT - timedelta(minutes=4)).list.sequence == 1
        with pytest.raises(TrustListFromFuture):
            opened(token, at=AT - timedelta(minutes=6))

    def test_samples_are_refused_unless_asked_for(self):
        """A sample root, and a sample seal on an honest list."""
        honest = content(authorities=(replace(vectors.office(), seals=(vectors.key("market-seal"),)),))

        with pytest.raises(SampleTrust):
            frozen("first", unsafe_allow_samples=False)
        with pytest.raises(SampleTrust) as refused:
            opened(signed(honest))
        assert refused.value.facts["certificate"] == certificates.thumbprint(vectors.certificate("market-seal"))

    def test_another_kind_of_token_is_no_trust_list(self):
        """The type is under the signature: a receipt of the same key is not a list."""
        payload = trust_list_text.to_bytes(content())
        token = signing_jws.sign(DELEGATE.key(), payload, "receipt+jws", chain=(DELEGATE.certificate,))

        with pytest.raises(TokenRefused):
            opened(token)

    def test_every_changed_character_is_refused(self):
        """No position of the token is free."""
        token = (FOLDER / "first.jws").read_text(encoding="ascii")
        accepted = []
        for place in range(0, len(token), 97):
            changed = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
            try:
                trust.open_list(changed, roots=[SAMPLE_ROOT], at=AT, unsafe_allow_samples=True)
                accepted.append(place)
            except VerificationError:
                continue

        assert accepted == []


class TestFollowing:
    """trust.open_list() with a known list, trust.open_earlier()"""

    def test_a_newer_list_follows(self):
        """The next one must name the known one; after a gap the number suffices; the same one is no news."""
        first = opened(signed(content()))
        second = signing_trust.following(content(), first, at=AT, lasts=MONTH)
        later = replace(second, sequence=7, previous="sha256:" + "0" * 64)

        assert opened(signed(second), known=first).list.previous == first.digest
        assert opened(signed(later), known=first).list.sequence == 7
        assert opened(signed(first.list), known=first).digest == first.digest

    def test_an_older_list_is_refused(self):
        """A replayed list would bring back what was withdrawn."""
        with pytest.raises(OlderTrustList) as refused:
            frozen("first", known=frozen("second"))

        assert refused.value.facts == {"found": 1, "known": 2}

    def test_a_higher_number_does_not_make_a_list_newer(self):
        """Number and time must both move forward."""
        first = opened(signed(content()))
        earlier = replace(signing_trust.following(content(), first, at=AT - MONTH, lasts=MONTH), sequence=3)

        with pytest.raises(OlderTrustList):
            opened(signed(earlier), known=first)

    def test_two_histories_are_noticed(self):
        """The same number with other content, or a successor of another list."""
        first = opened(signed(content()))
        second = signing_trust.following(content(), first, at=AT, lasts=MONTH)

        for other in (content(status_base="https://other.example/"), replace(second, previous="sha256:" + "0" * 64)):
            with pytest.raises(ForkedTrustList):
                opened(signed(other), known=first)

    def test_an_earlier_list_outlives_its_signer(self):
        """The chain of digests vouches for it when the certificate has long expired."""
        signer = ROOT.issue("短", purposes=[TRUST_LIST_SIGNING], last=AT + timedelta(days=1))
        token, years = signed(content(), signer), AT + timedelta(days=900)
        second = signing_trust.following(content(), opened(token), at=years, lasts=MONTH)
        newer = opened(signed(second), at=years)

        assert trust.open_earlier(token, newer, roots=[ROOT.certificate]).list.sequence == 1
        with pytest.raises(ForkedTrustList):
            trust.open_earlier(signed(content()), newer, roots=[ROOT.certificate])


class TestSign:
    """signing.trust.sign()"""

    def test_a_list_is_signed_and_opened_before_it_leaves(self):
        """From an empty first version to the second."""
        roots, key = [ROOT.certificate], DELEGATE.key()
        first = signing_trust.draft("https://hub.example/v1/status/", at=AT, lasts=MONTH)
        known = opened(signing_trust.sign(first, key, roots=roots, at=AT))
        second = signing_trust.following(content(), known, at=AT + timedelta(hours=1), lasts=MONTH)

        token = signing_trust.sign(second, key, roots=roots, at=AT + timedelta(hours=1), known=known)

        assert opened(token, at=AT + timedelta(hours=2), known=known).list.sequence == 2

    def test_what_a_verifier_would_refuse_is_not_signed(self):
        """A fork of the known list, a sample seal, two names a day."""
        key, roots = DELEGATE.key(), [ROOT.certificate]
        known = opened(signed(content()))
        office = replace(vectors.office(), names=(Name("甲", Validity(None, None)),) * 2)

        with pytest.raises(ForkedTrustList):
            signing_trust.sign(content(status_base="https://x.example/"), key, roots=roots, at=AT, known=known)
        with pytest.raises(SampleTrust):
            signing_trust.sign(content(tsa=(vectors.key("tsa"),)), key, roots=roots, at=AT)
        with pytest.raises(Contradiction):
            signing_trust.sign(content(authorities=(office,)), key, roots=roots, at=AT)

    @pytest.mark.parametrize("name", ["defence-seal", "tsa", "root", "log"])
    def test_another_key_signs_no_list(self, name):
        """The key's own certificate must charge it with lists."""
        with pytest.raises(signing_errors.KeyNotForThis):
            signing_trust.sign(content(), sample(name), roots=[SAMPLE_ROOT], at=AT, unsafe_allow_samples=True)
