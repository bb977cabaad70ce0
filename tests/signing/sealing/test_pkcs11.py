"""Keys in tokens: a token that behaves as PKCS#11 says, and misbehaves as tokens do."""

import pickle
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, decode_dss_signature
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from signing import pkcs11
from signing.errors import KeyBroken, KeyPinWrong, KeyUnreachable
from signing.pkcs11 import TokenKey
from signing.seal import Sealer
from verification import public_keys
from verification.public_keys import Algorithm

from .conftest import AT, KEYS, certificate


class Token:
    """A token with one key: it signs digests as PKCS#11 does, and dies when told to."""

    def __init__(self, name: str) -> None:
        self._key = load_pem_private_key((KEYS / f"{name}.key").read_bytes(), None)
        self.opened, self.closed, self.dies = 0, 0, 0

    def open(self) -> "Token":
        """A session."""
        self.opened += 1
        return self

    def sign(self, block: bytes, algorithm: Algorithm) -> bytes:
        """r‖s of a digest, or the RSA block of a DigestInfo."""
        if self.dies:
            self.dies -= 1
            raise KeyUnreachable(key="token")
        if algorithm is Algorithm.RS256:
            info, digest = block[:-32], block[-32:]
            assert info == bytes.fromhex("3031300d060960864801650304020105000420")  # RFC 8017 §9.2, note 1
            return self._key.sign(digest, padding.PKCS1v15(), Prehashed(hashes.SHA256()))
        r, s = decode_dss_signature(self._key.sign(block, ec.ECDSA(Prehashed(hashes.SHA256()))))
        return r.to_bytes(32) + s.to_bytes(32)

    def close(self) -> None:
        """Log out."""
        self.closed += 1


def held(name: str = "planning-seal", *, by: str = "") -> tuple[TokenKey, Token]:
    """A key in a token, and the token."""
    token = Token(name)
    return TokenKey(token.open, (certificate(by or name),), name="token"), token


class TestTokenKey:
    """TokenKey"""

    @pytest.mark.parametrize("name", ["planning-seal", "housing-seal"])
    def test_signs_as_a_file_key_does(self, name):
        """What a token makes is the same kind of signature, checked with the certificate's key."""
        key, token = held(name)

        assert public_keys.verify(key.public_key, key.sign(b"data"), b"data")
        assert token.opened == 1

    def test_seals(self, world, letter):
        """A seal does not notice where its key lies."""
        key, _ = held()
        world.answer(certificate("planning-seal"))

        assert Sealer(key, world.means()).apply(letter, at=AT).level == "B-LT"

    def test_a_dead_session_is_opened_anew_once(self):
        """A token that was pulled and put back goes on; the signature that met it is not lost."""
        key, token = held()
        token.dies = 1

        assert public_keys.verify(key.public_key, key.sign(b"data"), b"data")
        assert (token.opened, token.closed) == (2, 1)

    def test_a_dead_token_is_told(self):
        """After the second failure somebody must look; the next act tries again."""
        key, token = held()
        token.dies = 2

        with pytest.raises(KeyUnreachable):
            key.sign(b"data")
        assert public_keys.verify(key.public_key, key.sign(b"data"), b"data")

    def test_a_wrong_certificate_is_found_at_once(self):
        """The token holds another key than the certificate speaks of."""
        with pytest.raises(KeyBroken) as refused:
            held("planning-seal", by="market-seal")

        assert refused.value.facts["reason"] == "other-certificate"

    def test_a_wrong_pin_is_told_and_not_tried_again(self):
        """Three wrong PINs lock a token."""
        tried = []

        def wrong() -> Token:
            tried.append(1)
            raise KeyPinWrong(key="token")

        with pytest.raises(KeyPinWrong):
            TokenKey(wrong, (certificate("planning-seal"),), name="token")
        assert len(tried) == 1

    def test_needs_a_certificate(self):
        """A seal without a certificate is nobody's."""
        with pytest.raises(KeyBroken):
            TokenKey(Token("planning-seal").open, (), name="token")

    def test_is_not_copied_out(self):
        """Neither text nor pickle leads to the token."""
        key, _ = held()

        assert "token" not in repr(key).lower().replace("tokenkey", "")
        with pytest.raises(TypeError):
            pickle.dumps(key)

    def test_closes_and_opens_again(self):
        """Logging out is not the end."""
        key, token = held()
        key.close()
        key.close()
        key.sign(b"data")

        assert (token.opened, token.closed) == (2, 1)


class TestLoad:
    """pkcs11.load()"""

    def load(self, pem: bytes) -> TokenKey:
        """A key behind a library that is not there."""
        return pkcs11.load(Path("/nowhere.so"), token="t", key="seal", pin=lambda: "1234", certificates_pem=pem)

    def test_unreadable_certificates_are_told(self):
        """Before anybody is asked for a PIN."""
        with pytest.raises(KeyBroken) as refused:
            self.load(b"-----BEGIN CERTIFICATE-----\n")

        assert refused.value.facts == {"key": "seal", "reason": "certificates-unreadable"}

    def test_a_missing_library_is_told(self):
        """The operator learns what to install or which path to mend."""
        with pytest.raises((KeyBroken, KeyUnreachable)) as refused:
            self.load((KEYS / "planning-seal.pem").read_bytes())

        assert refused.value.facts["key"] == "seal"
