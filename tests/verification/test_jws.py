"""Signed tokens: one spelling, the key decides the algorithm, and the header decides nothing."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from itertools import count

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc import jws as other_jws
from joserfc.jwk import ECKey, OKPKey

from signing import errors as signing_errors
from signing import jws as signing_jws
from tests import small_ca
from tests.signing.test_keys import sample
from verification import certificates, jws
from verification.errors import CertificateRefused, TokenRefused
from verification.jws import Reason

AT = datetime(2026, 3, 2, tzinfo=UTC)
TYPE = "sample+jws"
ROOT = small_ca.root()
LEAF = ROOT.issue("印章")
KEY = LEAF.key()
PAYLOAD = '{"证照":1}'.encode()


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def forged(header: object, payload: bytes = PAYLOAD, *, key=KEY) -> str:
    """A token with any header, honestly signed over it."""
    head = header if isinstance(header, bytes) else json.dumps(header, separators=(",", ":"), sort_keys=True).encode()
    signed = f"{b64(head)}.{b64(payload)}"
    return f"{signed}.{b64(jws.raw_signature(key.algorithm, key.sign(signed.encode())))}"


def plain(**more: object) -> dict[str, object]:
    return {"alg": "ES256", "kid": KEY.key_id, "typ": TYPE} | more


def reason(token: str, signer=LEAF.certificate, **given) -> str:
    with pytest.raises(TokenRefused) as refused:
        jws.verify(token, signer, typ=TYPE, **given)
    return str(refused.value.facts["reason"])


class TestSign:
    """signing.jws.sign()"""

    @pytest.mark.parametrize("name", ["defence-code", "root", "housing-seal", "log"])
    def test_every_kind_of_key_is_read_back(self, name):
        """ES256, ES384, RS256 and Ed25519, with the certificate or the bare key."""
        key = sample(name)

        token = signing_jws.sign(key, PAYLOAD, TYPE)

        assert jws.verify(token, key.certificate or key.public_key, typ=TYPE) == PAYLOAD

    def test_another_library_reads_it(self):
        """The tokens are ordinary JWS: an independent implementation accepts them."""
        public = KEY.public_key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        log = sample("log")
        log_public = log.public_key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

        ours = other_jws.deserialize_compact(signing_jws.sign(KEY, PAYLOAD, TYPE), ECKey.import_key(public))
        logs = other_jws.deserialize_compact(
            signing_jws.sign(log, PAYLOAD, TYPE), OKPKey.import_key(log_public), algorithms=["Ed25519"]
        )

        assert ours.payload == logs.payload == PAYLOAD

    def test_detached_content_travels_beside_the_token(self):
        """The token holds no content, and other content does not fit it."""
        token = signing_jws.sign(KEY, PAYLOAD, TYPE, detached=True)

        assert ".." in token
        assert jws.verify(token, LEAF.certificate, typ=TYPE, detached=PAYLOAD) == PAYLOAD
        assert reason(token, detached=PAYLOAD + b" ") == Reason.WRONG_SIGNATURE
        assert reason(token) == Reason.CONTENT_MISSING
        assert reason(signing_jws.sign(KEY, PAYLOAD, TYPE), detached=PAYLOAD) == Reason.CONTENT_TWICE

    def test_a_key_that_tokens_do_not_know_is_refused(self):
        """ML-DSA has no name among tokens yet."""
        with pytest.raises(signing_errors.KeyNotForThis):
            signing_jws.sign(sample("log-mldsa44"), PAYLOAD, TYPE)


class TestVerify:
    """jws.verify()"""

    def test_the_forger_of_this_file_can_make_good_tokens(self):
        """So that each refusal below has the one cause it names."""
        assert jws.verify(forged(plain()), LEAF.certificate, typ=TYPE) == PAYLOAD

    @pytest.mark.parametrize(
        ("header", "expected"),
        [
            (plain(alg="none"), Reason.OTHER_ALGORITHM),
            (plain(alg="HS256"), Reason.OTHER_ALGORITHM),
            (plain(alg="ES384"), Reason.OTHER_ALGORITHM),
            (plain(alg="es256"), Reason.OTHER_ALGORITHM),
            (plain(typ="JWT"), Reason.WRONG_TYPE),
            (plain(kid="sha256:" + "0" * 64), Reason.OTHER_KEY),
            (plain(jwk={"kty": "EC"}), Reason.HEADER),
            (plain(jku="https://keys.example/"), Reason.HEADER),
            (plain(x5u="https://keys.example/"), Reason.HEADER),
            (plain(crit=["b64"], b64=False), Reason.HEADER),
            (plain(crit=[]), Reason.HEADER),
            (plain(b64=True), Reason.HEADER),
            (plain(zip="DEF"), Reason.HEADER),
            (plain(x5c=[]), Reason.HEADER),
            (plain(x5c=["!!"]), Reason.HEADER),
            (plain(x5c="MIIB"), Reason.HEADER),
            (plain(kid=7), Reason.HEADER),
            ({"alg": "ES256", "kid": KEY.key_id}, Reason.HEADER),
            ([], Reason.HEADER),
            (b"{", Reason.HEADER),
            (json.dumps(plain()).encode(), Reason.HEADER),
            (b'{"alg":"none",' + json.dumps(plain(), separators=(",", ":")).encode()[1:], Reason.HEADER),
        ],
        ids=count(),
    )
    def test_no_header_says_how_it_is_checked(self, header, expected):
        """Each of these is signed by the right key; the header alone refuses it."""
        assert reason(forged(header)) == expected

    def test_the_public_key_is_no_shared_secret(self):
        """HMAC over the public key's bytes is the oldest confusion of algorithms."""
        secret = KEY.public_key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        signed = f"{b64(json.dumps(plain(alg='HS256'), separators=(',', ':')).encode())}.{b64(PAYLOAD)}"

        token = f"{signed}.{b64(hmac.digest(secret, signed.encode(), hashlib.sha256))}"

        assert reason(token) == Reason.OTHER_ALGORITHM

    def test_the_signature_of_another_key_is_refused(self):
        """Also when the header names the right one."""
        assert reason(forged(plain(), key=ROOT.issue("别").key())) == Reason.WRONG_SIGNATURE
        assert reason(forged(plain()), ROOT.certificate) == Reason.OTHER_KEY

    @pytest.mark.parametrize(
        "signature", ["", b64(b"\0" * 64), b64(b"\xff" * 64), b64(b"\1" * 63), b64(b"\1" * 65), b64(b"0" * 8)]
    )
    def test_numbers_that_are_no_signature_are_refused(self, signature):
        """Zero, too large, too short, too long."""
        head, body, _ = forged(plain()).split(".")

        assert reason(f"{head}.{body}.{signature}") == Reason.WRONG_SIGNATURE

    def test_a_der_signature_is_another_spelling(self):
        """Tokens carry two numbers of fixed length, nothing else."""
        head, body, _ = forged(plain()).split(".")

        assert reason(f"{head}.{body}.{b64(KEY.sign(f'{head}.{body}'.encode()))}") == Reason.WRONG_SIGNATURE

    @pytest.mark.parametrize(
        "spoil",
        [
            lambda token: "",
            lambda token: token.replace(".", ""),
            lambda token: token + ".",
            lambda token: token + "=",
            lambda token: token + "\n",
            lambda token: " " + token,
            lambda token: token[:-1] + "é",
            lambda token: token.replace(".", ".+", 1),
            lambda token: token[:-1] + {"A": "B", "Q": "R", "g": "h", "w": "x"}[token[-1]],
        ],
    )
    def test_one_spelling_only(self, spoil):
        """Padding, blanks, the other alphabet, unused bits: refused before any key is asked."""
        assert reason(spoil(forged(plain()))) == Reason.FORM

    def test_length_is_judged_first(self):
        """Endless tokens and headers are not decoded."""
        assert reason("e." * 10, limit=10) == Reason.TOO_LONG
        assert reason("A" * (jws.HEADER + 1) + ".e.e") == Reason.TOO_LONG


class TestVerifyChained:
    """jws.verify_chained()"""

    def test_the_certificate_comes_along_and_the_root_decides(self):
        """Payload and path come back together."""
        middle = ROOT.issue("发", ca=True)
        leaf = middle.issue("印章")
        token = signing_jws.sign(leaf.key(), PAYLOAD, TYPE, chain=(leaf.certificate, middle.certificate))

        signed = jws.verify_chained(token, [ROOT.certificate], typ=TYPE, at=AT)

        assert signed.payload == PAYLOAD
        assert signed.path == (leaf.certificate, middle.certificate, ROOT.certificate)
        assert jws.verify(token, leaf.certificate, typ=TYPE) == PAYLOAD

    @pytest.mark.parametrize(
        ("roots", "at"),
        [
            ([small_ca.root("别").certificate], AT),
            ([small_ca.root().certificate], AT),
            ([ROOT.certificate], datetime(2034, 2, 1, tzinfo=UTC)),
        ],
    )
    def test_other_roots_and_other_times_refuse(self, roots, at):
        """A stranger's root, a namesake of the root, an expired path."""
        token = signing_jws.sign(KEY, PAYLOAD, TYPE, chain=(LEAF.certificate,))

        with pytest.raises(CertificateRefused):
            jws.verify_chained(token, roots, typ=TYPE, at=at)

    def test_the_certificate_of_somebody_else_does_not_help(self):
        """A good certificate beside the signature of another key."""
        certificate: x509.Certificate = ROOT.issue("别").certificate
        borrowed = base64.b64encode(certificates.der(certificate)).decode()
        for header in (plain(x5c=[borrowed]), plain(x5c=[borrowed], kid=certificates.thumbprint(certificate))):
            with pytest.raises(TokenRefused):
                jws.verify_chained(forged(header), [ROOT.certificate], typ=TYPE, at=AT)
        assert reason(forged(plain(x5c=[borrowed]))) == Reason.OTHER_KEY

    def test_a_key_for_encryption_signs_nothing(self):
        """The certificate must allow signatures."""
        leaf = ROOT.issue("密", signs=False)
        token = signing_jws.sign(leaf.key(), PAYLOAD, TYPE, chain=(leaf.certificate,))

        with pytest.raises(TokenRefused):
            jws.verify_chained(token, [ROOT.certificate], typ=TYPE, at=AT)

    def test_no_certificate_no_path(self):
        """Without `x5c` there is nobody to follow."""
        with pytest.raises(TokenRefused):
            jws.verify_chained(forged(plain()), [ROOT.certificate], typ=TYPE, at=AT)
