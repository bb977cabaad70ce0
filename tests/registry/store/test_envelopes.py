"""registry/store/envelopes.py"""

import secrets
from dataclasses import replace

import pytest

from registry.store.envelopes import ADDED, Wrapped, WrappingKey, fresh, open_sealed, seal, unwrap
from registry.store.errors import SealedDamaged, WrappingKeyMissing
from registry.store.key_folder import Ring

RING = Ring((WrappingKey("k0001-a", b"1" * 32), WrappingKey("k0002-b", b"2" * 32)))
PLAIN = "同意备案".encode() * 20


def sealed(plain=PLAIN, **label):
    return seal(RING, plain, **({"kind": "document", "name": "x"} | label), random=secrets.token_bytes)


class TestSeal:
    """envelopes.seal() and open_sealed()"""

    @pytest.mark.parametrize("plain", [b"", b"1", PLAIN, bytes(100_000)])
    def test_sealed_bytes_open_again(self, plain):
        """What went in comes out, 28 bytes shorter than it lay."""
        wrapped, locked = sealed(plain)

        assert open_sealed(RING, wrapped, locked, kind="document", name="x") == plain
        assert len(locked) == len(plain) + ADDED
        assert wrapped.key_id == "k0002-b"

    def test_equal_bytes_are_never_sealed_alike(self):
        """Every object has a key and nonces of its own."""
        first, second = sealed(), sealed()

        assert first[1] != second[1]
        assert PLAIN not in first[1]
        assert first[0].key != second[0].key

    @pytest.mark.parametrize("place", [0, 11, 12, 40, -16, -1], ids=["nonce", "nonce end", "text", "mid", "tag", "end"])
    def test_every_changed_byte_is_found(self, place):
        """Nonce, text and tag are all under the lock."""
        wrapped, locked = sealed()
        changed = bytearray(locked)
        changed[place] ^= 1

        with pytest.raises(SealedDamaged) as refused:
            open_sealed(RING, wrapped, bytes(changed), kind="document", name="x")
        assert refused.value.facts == {"kind": "document", "part": "object"}

    @pytest.mark.parametrize("length", [0, 5, 12, 27, 28, 100])
    def test_cut_bytes_are_found(self, length):
        """However little is left, it is refused by name."""
        wrapped, locked = sealed()

        with pytest.raises(SealedDamaged):
            open_sealed(RING, wrapped, locked[:length], kind="document", name="x")

    @pytest.mark.parametrize("label", [{"kind": "statement"}, {"name": "y"}, {"kind": "documentx", "name": ""}])
    def test_bytes_under_another_label_do_not_open(self, label):
        """Kind and name are bound in: nothing sealed as one thing opens as another."""
        wrapped, locked = sealed()

        with pytest.raises(SealedDamaged) as refused:
            open_sealed(RING, wrapped, locked, **({"kind": "document", "name": "x"} | label))
        assert refused.value.facts["part"] == "key"

    @pytest.mark.parametrize("place", range(0, 60, 7))
    def test_changed_wrapped_key_is_found(self, place):
        """A wrapped key is refused before it is used."""
        wrapped, _ = sealed()
        changed = bytearray(wrapped.key)
        changed[place] ^= 0x80

        with pytest.raises(SealedDamaged) as refused:
            unwrap(RING, replace(wrapped, key=bytes(changed)), kind="document", name="x")
        assert refused.value.facts["part"] == "key"

    @pytest.mark.parametrize("key", [b"", b"short", bytes(12), bytes(59), bytes(61)])
    def test_wrapped_key_of_another_length_is_found(self, key):
        """A cut or lengthened wrapped key is no other error."""
        with pytest.raises(SealedDamaged):
            unwrap(RING, Wrapped("k0001-a", key), kind="document", name="x")

    def test_key_id_is_bound(self):
        """A row cannot be made to say that another wrapping key was used."""
        wrapped, _ = sealed()

        with pytest.raises(SealedDamaged):
            unwrap(RING, replace(wrapped, key_id="k0001-a"), kind="document", name="x")

    def test_missing_wrapping_key_is_named(self):
        """An operator learns which key to bring back."""
        wrapped, _ = sealed()

        with pytest.raises(WrappingKeyMissing) as refused:
            unwrap(RING, replace(wrapped, key_id="k0009-lost"), kind="document", name="x")
        assert refused.value.facts == {"key_id": "k0009-lost"}


class TestSecrets:
    """What an envelope shows of itself."""

    def test_no_secret_is_ever_printed(self):
        """Logs and tracebacks print values; these print no key."""
        envelope = fresh("document", "x", random=secrets.token_bytes)
        wrapped = envelope.wrap(RING.current(), random=secrets.token_bytes)

        shown = repr((RING, RING.current(), envelope, wrapped))
        for secret in (RING.current().secret, envelope.secret, wrapped.key):
            assert repr(secret)[2:-1] not in shown
            assert secret.hex() not in shown

    def test_mark_is_the_keys_own(self):
        """A mark stays over a rotation and differs between keys."""
        envelope, other = (fresh("document", "x", random=secrets.token_bytes) for _ in range(2))
        rewrapped = unwrap(RING, envelope.wrap(RING.keys[0], random=secrets.token_bytes), kind="document", name="x")

        assert rewrapped.mark() == envelope.mark() != other.mark()
