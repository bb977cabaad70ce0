"""Keys: opened once, silent about their secret, used for what their certificate says and nothing else."""

import pickle
import shutil
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, x25519
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)

import keys_sample
from signing import errors, key_files
from signing.keys import RawKey, Use, require
from tests import small_ca
from verification import public_keys
from verification.public_keys import Algorithm

SAMPLES = Path(keys_sample.__file__).parent
AT = datetime(2026, 3, 2, tzinfo=UTC)


def sample(name: str) -> RawKey:
    certificate = SAMPLES / f"{name}.pem"
    return key_files.load(SAMPLES / f"{name}.key", certificates_at=certificate if certificate.exists() else None)


def pem(private, password: bytes | None = None) -> bytes:
    closed = BestAvailableEncryption(password) if password else NoEncryption()
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, closed)


class TestLoad:
    """key_files.load(), key_files.parse()"""

    @pytest.mark.parametrize(
        ("name", "algorithm"),
        [
            ("defence-seal", Algorithm.ES256),
            ("root", Algorithm.ES384),
            ("housing-seal", Algorithm.RS256),
            ("log", Algorithm.ED25519),
            ("log-mldsa44", Algorithm.ML_DSA_44),
        ],
    )
    def test_each_kind_of_key_signs_what_its_public_key_accepts(self, name, algorithm):
        """The algorithm follows from the key; a signature over other bytes is refused."""
        key = sample(name)
        signature = key.sign("证照".encode())

        assert key.algorithm is algorithm
        assert public_keys.verify(key.public_key, signature, "证照".encode())
        assert not public_keys.verify(key.public_key, signature, "证件".encode())

    def test_pkcs12_brings_its_certificates(self):
        """The same key from both containers has the same name, and its chain with it."""
        key = key_files.load(SAMPLES / "housing-seal.p12", password=b"sample")

        assert key.key_id == sample("housing-seal").key_id
        assert len(key.chain) == 2

    def test_a_full_check_is_bound_to_the_bytes(self):
        """The digest of a checked file spares the check for these bytes; for others it means nothing."""
        data = (SAMPLES / "housing-seal.key").read_bytes()
        first = key_files.parse(data, name="k")
        again = key_files.parse(data, name="k", checked=first.checked)
        other = key_files.parse(data + b"\n", name="k", checked=first.checked)

        assert again.checked == first.checked
        assert other.checked != first.checked
        assert again.key_id == first.key_id == other.key_id

    @pytest.mark.parametrize("password", [None, b"wrong", b""])
    def test_a_wrong_password_is_named(self, password):
        """PEM and PKCS#12 say that the password was wrong, not that the file was."""
        closed = pem(ec.generate_private_key(ec.SECP256R1()), b"right")

        with pytest.raises(errors.KeyPinWrong) as refused:
            key_files.parse(closed, name="seal.key", password=password)
        with pytest.raises(errors.KeyPinWrong):
            key_files.load(SAMPLES / "housing-seal.p12", password=password)

        assert refused.value.facts == {"key": "seal.key"}

    def test_a_missing_file_is_named_without_its_folder(self, tmp_path):
        """The refusal names the file; where it lies is nobody's business."""
        with pytest.raises(errors.KeyMissing) as refused:
            key_files.load(tmp_path / "seal.key")

        assert refused.value.facts == {"key": "seal.key"}

    def test_a_certificate_alone_is_no_key(self):
        """A PKCS#12 file without a private key is refused as such."""
        certificate = sample("tsa").certificate
        data = pkcs12.serialize_key_and_certificates(b"x", None, certificate, None, NoEncryption())

        with pytest.raises(errors.KeyMissing):
            key_files.parse(data, name="x.p12")

    @pytest.mark.parametrize(
        ("data", "reason"),
        [
            (b"", "unreadable"),
            (b"garbage", "unreadable"),
            (b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "unreadable"),
            (pem(ec.generate_private_key(ec.SECP521R1())), "secp521r1"),
            (pem(x25519.X25519PrivateKey.generate()), "X25519PublicKey"),
        ],
        ids=count(),
    )
    def test_what_is_no_usable_key_is_refused(self, data, reason):
        """Broken files and kinds of key that nobody could check with."""
        with pytest.raises(errors.KeyBroken) as refused:
            key_files.parse(data, name="k")

        assert refused.value.facts["reason"] == reason

    def test_folders_and_endless_files_are_refused(self, tmp_path):
        """Neither a folder nor a file beyond any key's size is read."""
        (tmp_path / "large").write_bytes(b"x" * (key_files.LARGEST + 1))

        for name in (tmp_path, tmp_path / "large"):
            with pytest.raises(errors.KeyBroken):
                key_files.load(name)

    @pytest.mark.parametrize("other", ["market-seal", "housing-seal"])
    def test_the_certificate_of_another_key_is_found_out(self, other):
        """Key and certificate must belong together, of the same kind or not."""
        with pytest.raises(errors.KeyBroken) as refused:
            key_files.load(SAMPLES / "defence-seal.key", certificates_at=SAMPLES / f"{other}.pem")

        assert refused.value.facts["reason"] == "other-certificate"

    def test_the_secret_stays_inside(self, tmp_path):
        """Neither repr nor pickle gives a key away."""
        shutil.copy(SAMPLES / "defence-seal.key", tmp_path / "k")
        key = key_files.load(tmp_path / "k")

        assert repr(key) == f"FileKey({key.key_id}, ES256)"
        with pytest.raises(TypeError):
            pickle.dumps(key)


class TestRequire:
    """keys.require()"""

    @pytest.mark.parametrize(
        ("name", "use"),
        [
            ("defence-seal", Use.SEAL),
            ("housing-seal", Use.SEAL),
            ("defence-code", Use.CODE),
            ("hub-seal", Use.RECEIPT),
            ("tsa", Use.TIME_STAMP),
            ("ocsp", Use.STATUS_ANSWER),
            ("trust-list", Use.TRUST_LIST),
            ("log", Use.LOG),
            ("log-mldsa44", Use.LOG),
        ],
    )
    def test_every_sample_key_serves_its_own_use(self, name, use):
        """The sample profiles and the uses agree; the wrong ones are refused by name."""
        key = sample(name)
        require(key, use, at=AT)

        assert self.refused(key, {Use.TIME_STAMP, Use.STATUS_ANSWER, Use.TRUST_LIST, Use.LOG} - {use})

    @pytest.mark.parametrize("name", ["tsa", "ocsp", "trust-list", "root", "issuing", "log"])
    def test_no_other_key_seals(self, name):
        """Keys of services and issuers put no seal on anything."""
        assert self.refused(sample(name), {Use.SEAL, Use.CODE})

    def test_an_rsa_key_signs_no_code(self):
        """The code on a page has no room for an RSA signature."""
        assert self.refused(sample("housing-seal"), {Use.CODE, Use.RECEIPT})

    def test_a_key_without_a_certificate_serves_the_log_only(self):
        """A bare key can say nothing about who signs."""
        bare = key_files.load(SAMPLES / "defence-seal.key")

        assert self.refused(bare, set(Use))

    @pytest.mark.parametrize("at", [datetime(2023, 12, 31, tzinfo=UTC), datetime(2034, 1, 2, tzinfo=UTC)])
    def test_outside_its_days_a_key_is_refused(self, at):
        """Before and after the certificate's validity, with its dates in the facts."""
        key = small_ca.root().issue("印章").key()
        require(key, Use.SEAL, at=AT)

        with pytest.raises(errors.KeyExpired) as refused:
            require(key, Use.SEAL, at=at)

        assert refused.value.facts["valid_to"] == "2034-01-01T00:00:00+00:00"

    @staticmethod
    def refused(key: RawKey, uses: set[Use]) -> bool:
        for use in uses:
            with pytest.raises(errors.KeyNotForThis) as refusal:
                require(key, use, at=AT)
            assert refusal.value.facts == {"key": key.key_id, "use": use.value}
        return bool(uses)
