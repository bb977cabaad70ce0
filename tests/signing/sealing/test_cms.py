"""Signing a digest as CMS: attributes, algorithms, sizes, judged by two readers that are not the writer."""

import hashlib

import pytest
from asn1crypto import cms as asn1
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from signing import key_files
from signing.cms import Template
from signing.errors import KeyNotForThis
from verification import certificates
from verification.pdf import cms as reader
from verification.public_keys import Algorithm

from .conftest import KEYS, certificate, sample

DIGEST = hashlib.sha256(b"document").digest()


def parsed(data: bytes) -> asn1.SignedData:
    """The SignedData as an outside library reads it."""
    return asn1.ContentInfo.load(data, strict=True)["content"]


class TestSign:
    """Template.sign()"""

    @pytest.mark.parametrize("name", ["planning-seal", "housing-seal"])
    def test_own_reader_accepts_it(self, name):
        """Our verifier, which accepts one spelling only, reads signer, digest and signature."""
        key = sample(name)

        found = reader.read(Template(key).sign(DIGEST))

        assert certificates.thumbprint(found.signer) == key.key_id
        assert found.require_digest(DIGEST).require_signature().stamp is None

    def test_signed_attributes_are_these_three(self):
        """Content type, message digest, signing certificate; the time stands in the PDF and in the time-stamp."""
        (signer,) = parsed(Template(sample("planning-seal")).sign(DIGEST))["signer_infos"]

        found = {attribute["type"].native for attribute in signer["signed_attrs"]}
        assert found == {"content_type", "message_digest", "signing_certificate_v2"}
        assert "unsigned_attrs" not in signer or not signer["unsigned_attrs"].native

    def test_signing_certificate_is_named_by_sha256_issuer_and_serial(self):
        """The signature itself says whose it is (RFC 5035)."""
        key = sample("planning-seal")

        signed = parsed(Template(key).sign(DIGEST))

        named = next(
            one["values"][0]
            for one in signed["signer_infos"][0]["signed_attrs"]
            if one["type"].native == "signing_certificate_v2"
        )["certs"][0]
        assert named["cert_hash"].native == hashlib.sha256(certificates.der(key.certificate)).digest()
        assert named["issuer_serial"]["serial_number"].native == key.certificate.serial_number

    @pytest.mark.parametrize(
        ("name", "digest", "signature"),
        [("planning-seal", "sha256", "sha256_ecdsa"), ("housing-seal", "sha256", "sha256_rsa")],
    )
    def test_signature_holds_for_the_bare_library(self, name, digest, signature):
        """The signature is over the attributes, written as SET (RFC 5652 §5.4)."""
        key = sample(name)
        (signer,) = parsed(Template(key).sign(DIGEST))["signer_infos"]

        attributes = b"\x31" + signer["signed_attrs"].dump()[1:]
        if isinstance(key.public_key, rsa.RSAPublicKey):
            key.public_key.verify(signer["signature"].native, attributes, padding.PKCS1v15(), hashes.SHA256())
        else:
            key.public_key.verify(signer["signature"].native, attributes, ec.ECDSA(hashes.SHA256()))
        assert signer["digest_algorithm"]["algorithm"].native == digest
        assert signer["signature_algorithm"]["algorithm"].native == signature

    def test_a_384_bit_key_hashes_with_384_bits(self):
        """The digest is as strong as the key, inside and outside the signature (RFC 5754)."""
        key = sample("issuing")
        template = Template(key)
        digest = hashlib.sha384(b"document").digest()

        found = reader.read(template.sign(digest))

        assert (key.algorithm, template.hash) == (Algorithm.ES384, "sha384")
        assert found.require_digest(digest).require_signature().digest_algorithm == "sha384"

    def test_time_stamp_is_over_the_signature(self):
        """What is stamped is the signature value; the token travels unsigned beside it."""
        stamped = []
        token = bytes.fromhex("3003020101")

        data = Template(sample("planning-seal")).sign(DIGEST, stamp=lambda made: stamped.append(made) or token)

        found = reader.read(data)
        assert stamped == [found.signature]
        assert found.stamp == token

    def test_the_issuers_travel_in_the_signature_and_the_root_does_not(self):
        """A verifier has its own roots, and needs nothing else; certificates of others stay out."""
        above = [certificate(name) for name in ("root", "market-seal", "issuing", "issuing")]

        signed = parsed(Template(sample("planning-seal"), above=above).sign(DIGEST))

        shown = {one.chosen.dump() for one in signed["certificates"]}
        assert shown == {certificates.der(certificate(name)) for name in ("planning-seal", "issuing")}
        assert len(signed["certificates"]) == 2

    @pytest.mark.parametrize("name", ["log", "log-mldsa44"])
    def test_a_key_without_certificate_seals_nothing(self, name):
        """CMS names its signer by certificate."""
        with pytest.raises(KeyNotForThis):
            Template(key_files.load(KEYS / f"{name}.key"))


class TestLargest:
    """Template.largest()"""

    @pytest.mark.parametrize("name", ["planning-seal", "housing-seal", "issuing"])
    def test_no_signature_exceeds_it_and_it_is_near(self, name):
        """The room for the signature is known before there is one, to a few bytes."""
        template = Template(sample(name))
        digest = bytes(48 if template.hash == "sha384" else 32)
        token = bytes(1500)

        sizes = {len(template.sign(digest, stamp=lambda _: token)) for _ in range(60)}

        assert max(sizes) <= template.largest(stamp=1500)
        assert template.largest(stamp=1500) - max(sizes) <= 8
