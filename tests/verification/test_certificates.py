"""Paths of certificates: to a given root, at a given time, by issuers that may issue."""

from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from tests import small_ca
from verification import certificates
from verification.certificates import Reason
from verification.errors import CertificateRefused

AT = datetime(2026, 3, 2, tzinfo=UTC)
EARLY = datetime(2025, 1, 1, tzinfo=UTC)
UNKNOWN = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.3.6.1.4.1.32473.9"), b"\x05\x00")
NAMED = x509.NameConstraints([x509.DNSName("example")], None)
ROOT = small_ca.root()


def path(leaf, *between, roots=(ROOT,), at=AT):
    return certificates.path(
        leaf.certificate, [one.certificate for one in between], [r.certificate for r in roots], at=at
    )


class TestPath:
    """certificates.path()"""

    def test_the_path_runs_from_leaf_to_root(self):
        """Issuers are found in any order, among others that do not belong."""
        upper = ROOT.issue("上", ca=True)
        lower = upper.issue("下", ca=True, length=0)
        leaf = lower.issue("印章")

        found = path(leaf, lower, small_ca.root("别"), upper)

        assert found == tuple(one.certificate for one in (leaf, lower, upper, ROOT))

    def test_a_root_is_its_own_path(self):
        """Whoever is trusted as a root needs nobody above."""
        assert path(ROOT) == (ROOT.certificate,)

    def test_the_right_one_of_two_namesakes_is_found(self):
        """An issuer with the same name and another key does not hide the right one."""
        false, right = small_ca.root("发"), ROOT.issue("发", ca=True)
        leaf = right.issue("印章")

        assert path(leaf, false, right)[1] == right.certificate

    def test_a_crowd_of_namesakes_ends(self):
        """Many look-alikes that issue each other are not searched for ever."""
        crowd = [small_ca.root("众") for _ in range(40)]

        assert self.reason(crowd[0].issue("印章"), *crowd) == Reason.UNKNOWN_ISSUER

    @pytest.mark.parametrize(
        ("expected", "issuer", "leaf", "at"),
        [
            (Reason.EXPIRED, {}, {}, datetime(2034, 1, 2, tzinfo=UTC)),
            (Reason.NOT_YET_VALID, {}, {}, datetime(2023, 12, 31, tzinfo=UTC)),
            (Reason.EXPIRED, {"last": EARLY}, {}, AT),
            (Reason.EXPIRED, {}, {"last": EARLY}, AT),
            (Reason.NOT_AN_ISSUER, {"ca": False}, {}, AT),
            (Reason.NOT_AN_ISSUER, {"usage": False}, {}, AT),
            (Reason.NOT_UNDERSTOOD, {}, {"extras": [(UNKNOWN, True)]}, AT),
            (Reason.NOT_UNDERSTOOD, {"extras": [(NAMED, True)]}, {}, AT),
            (Reason.NOT_UNDERSTOOD, {"extras": [(NAMED, False)]}, {}, AT),
            (Reason.WEAK_ALGORITHM, {}, {"digest": hashes.SHA224()}, AT),
            (Reason.WEAK_ALGORITHM, {}, {"curve": ec.SECP521R1()}, AT),
        ],
    )
    def test_one_fault_anywhere_refuses_the_path(self, expected, issuer, leaf, at):
        """Dates, rights, extensions and algorithms count for every certificate of the path."""
        above = ROOT.issue("发", **({"ca": True} | issuer))

        assert self.reason(above.issue("印章", **leaf), above, at=at) == expected

    def test_an_unknown_extension_that_is_not_critical_may_stand(self):
        """Extensions that need not be understood are passed over."""
        leaf = ROOT.issue("印章", extras=[(UNKNOWN, False)])

        assert len(path(leaf)) == 2

    def test_an_issuer_of_leaves_makes_no_issuers(self):
        """A path length of 0 allows no issuer below."""
        upper = ROOT.issue("上", ca=True, length=0)
        lower = upper.issue("下", ca=True)

        assert self.reason(lower.issue("印章"), lower, upper) == Reason.PATH_TOO_LONG

    def test_a_stranger_with_the_roots_name_is_not_the_root(self):
        """A name is claimed, a signature is not."""
        stranger = small_ca.root()

        assert self.reason(stranger.issue("印章")) == Reason.WRONG_SIGNATURE
        assert self.reason(small_ca.root("别").issue("印章")) == Reason.UNKNOWN_ISSUER
        assert self.reason(ROOT.issue("印章"), roots=()) == Reason.UNKNOWN_ISSUER

    @staticmethod
    def reason(*chain, **given) -> str:
        with pytest.raises(CertificateRefused) as refused:
            path(*chain, **given)
        assert set(refused.value.facts) == {"reason", "certificate"}
        return str(refused.value.facts["reason"])


class TestRead:
    """certificates.read()"""

    def test_der_and_pem_are_the_same_certificate(self):
        """Its name is that of the DER bytes either way."""
        pem = ROOT.certificate.public_bytes(small_ca.Encoding.PEM)

        assert certificates.read(pem) == certificates.read(certificates.der(ROOT.certificate)) == ROOT.certificate

    @pytest.mark.parametrize("data", [b"", b"0", b"0\x82\xff\xff", b"-----BEGIN CERTIFICATE-----\n", b"0" * 70000])
    def test_garbage_is_unreadable(self, data):
        """Never another error, however the bytes are broken."""
        with pytest.raises(CertificateRefused) as refused:
            certificates.read(data)

        assert refused.value.facts["reason"] == Reason.UNREADABLE

    def test_a_flipped_byte_never_escapes_the_family(self):
        """Every one-byte change is refused, or gives a certificate that no path leads from."""
        leaf = ROOT.issue("印章", purposes=[certificates.TRUST_LIST_SIGNING])
        data = certificates.der(leaf.certificate)
        escaped = 0
        for place in range(len(data)):
            changed = data[:place] + bytes([data[place] ^ 0x41]) + data[place + 1 :]
            try:
                certificates.path(certificates.read(changed), [], [ROOT.certificate], at=AT)
                escaped += 1
            except CertificateRefused:
                continue

        assert escaped == 0


class TestIsSample:
    """certificates.is_sample()"""

    def test_policy_or_name_gives_it_away(self):
        """Either mark suffices, also the issuer's name; a plain certificate has neither."""
        policy = x509.CertificatePolicies([x509.PolicyInformation(certificates.SAMPLE_POLICY, None)])

        assert certificates.is_sample(ROOT.issue("印章", extras=[(policy, False)]).certificate)
        assert certificates.is_sample(ROOT.issue("印章 样本 SAMPLE").certificate)
        assert certificates.is_sample(small_ca.root("样本 SAMPLE").issue("印章").certificate)
        assert not certificates.is_sample(ROOT.issue("样本街道办事处").certificate)
