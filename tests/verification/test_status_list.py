"""Status lists: signed for one authority, two bits an entry, and strict in form."""

import zlib
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signing import status_lists
from signing.errors import CodeRefused, KeyNotForThis
from tests.verification import desk
from verification import cbor, cose, status_list
from verification.errors import StatusListRefused
from verification.evidence import State
from verification.legal_dates import Validity

DAY = timedelta(days=1)
URI = "https://hub.sample.invalid/v1/status/3"
KEY = desk.key("defence-code")


def signed(states=None, *, name="defence-code", issuer=desk.OFFICE.code, at=desk.AT, size=status_lists.SIZE):
    return status_lists.sign(
        desk.key(name), states or {}, uri=URI, issuer=issuer, at=at, lasts=DAY, ttl=DAY / 24, size=size
    )


def changed(**changes):
    """The honest list with claims changed, rightly signed."""
    protected, _, payload, _ = cbor.decode(signed(size=64)).parts
    claims = cbor.decode(payload)
    for name, value in changes.items():
        if value is None:
            del claims[int(name[1:])]
        else:
            claims[int(name[1:])] = value
    written = cbor.encode(claims)
    return cose.assembled(protected, written, KEY.sign(cose.signing_input(protected, written)))


def packed(data, **more):
    return {"bits": 2, "lst": zlib.compress(data), **more}


FORGED = {
    "nothing": (b"", "cut-short"),
    "too large": (bytes(1 << 19), "too-large"),
    "a code, not a list": (cose.assembled(cose.header(bytes(8)), b"\xa0", KEY.sign(b"x")), "header"),
    "bytes behind": (signed(size=64) + b"\0", "trailing-bytes"),
    "a claim missing": (changed(c65534=None), "claims"),
    "a claim too many": (changed(c7=b"x"), "claims"),
    "one bit an entry": (changed(c65533={"bits": 1, "lst": b""}), "claims"),
    "more beside the list": (changed(c65533=packed(bytes(16), x=1)), "claims"),
    "no time to live": (changed(c65534=0), "claims"),
    "an end before its beginning": (changed(c4=1), "claims"),
    "another scheme": (changed(c2="file:///x"), "claims"),
    "a bomb": (changed(c65533=packed(bytes(1 << 20))), "too-large"),
    "not compressed": (changed(c65533={"bits": 2, "lst": b"xx"}), "zlib"),
    "bytes behind the list": (changed(c65533={"bits": 2, "lst": zlib.compress(b"x") + b"x"}), "zlib"),
    "an empty list": (changed(c65533=packed(b"")), "zlib"),
    "another authority's name": (changed(c1="11410800000000035N"), "other-issuer"),
    "an unknown key": (signed(name="market-code"), "unknown-key"),
    "from tomorrow": (signed(at=desk.AT + DAY), "from-future"),
}


class TestHubKey:
    """A status key of the trust list"""

    def test_speaks_for_those_who_are_listed_and_nobody_else(self):
        """Named by the list, it may sign what an authority of the list no longer can."""
        trust = desk.trust(status_keys=(desk.listed("hub-seal"),))

        assert status_list.read(signed(name="hub-seal"), trust, at=desk.AT).issuer == desk.OFFICE.code
        for token, known, reason in (
            (signed(name="hub-seal", issuer="11410800000000043H"), trust, "other-issuer"),
            (signed(name="hub-seal"), desk.trust(), "unknown-key"),
        ):
            with pytest.raises(StatusListRefused) as refused:
                status_list.read(token, known, at=desk.AT)
            assert refused.value.facts["reason"] == reason


class TestRead:
    """status_list.read()"""

    @given(st.dictionaries(st.integers(0, 1023), st.sampled_from(list(State)), max_size=40))
    def test_every_state_comes_back(self, states):
        """At its own index, and valid everywhere else."""
        found = status_list.read(signed(states, size=1024), desk.trust(), at=desk.AT)

        assert [found.seen(index).state for index in range(1024)] == [states.get(i, State.VALID) for i in range(1024)]

    def test_bits_stand_as_the_standard_says(self):
        """Two bits an entry, the first in the lowest bits of the first byte."""
        states = {0: State.REVOKED, 1: State.SUSPENDED, 2: State.VALID, 3: State.SUPERSEDED, 5: State.REVOKED}

        assert status_lists.packed(states, 8) == bytes([0b11001001, 0b00000100])

    def test_tells_when_it_was_true(self):
        """Its time, and until when it is good."""
        found = status_list.read(signed(), desk.trust(), at=desk.AT)
        seen = found.seen(7)

        assert (seen.seen_at, seen.good_until) == (desk.AT, desk.AT + DAY)
        assert seen.age(desk.AT + DAY / 2) == DAY / 2
        assert found.ttl == DAY / 24

    def test_a_full_list_is_small(self):
        """A million entries, one in a hundred revoked: a phone takes it."""
        states = {index * 104_729 % status_lists.SIZE: State.REVOKED for index in range(status_lists.SIZE // 100)}

        data = signed(states)

        assert len(data) < 40_000
        assert status_list.read(data, desk.trust(), at=desk.AT).seen(104_729).state is State.REVOKED

    def test_no_entry_beyond_its_end(self):
        """An index it does not have is not valid by default."""
        found = status_list.read(signed(size=64), desk.trust(), at=desk.AT)

        for index in (64, -1):
            with pytest.raises(StatusListRefused):
                found.seen(index)

    @pytest.mark.parametrize("name", FORGED)
    def test_forged_lists_are_refused(self, name):
        """Each for its reason."""
        data, reason = FORGED[name]

        with pytest.raises(StatusListRefused) as refused:
            status_list.read(data, desk.trust(), at=desk.AT)

        assert refused.value.facts == {"reason": reason}

    def test_a_changed_byte_is_refused(self):
        """Anywhere in it."""
        data = signed({3: State.REVOKED}, size=64)
        for place in range(len(data)):
            with pytest.raises(StatusListRefused):
                status_list.read(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :], desk.trust(), at=desk.AT)

    @pytest.mark.parametrize(
        "changes", [{"distrusted_after": desk.AT + DAY}, {"validity": Validity(None, date(2026, 3, 1))}]
    )
    def test_a_withdrawn_keys_list_is_refused(self, changes):
        """A list is news: a key that is not trusted now brings none."""
        trust = desk.trust(desk.authority("defence", code_keys=(desk.listed("defence-code", **changes),)))

        with pytest.raises(StatusListRefused):
            status_list.read(signed(), trust, at=desk.AT + 2 * DAY)


class TestSign:
    """status_lists.sign()"""

    @pytest.mark.parametrize(
        ("states", "size"), [({64: State.REVOKED}, 64), ({-1: State.REVOKED}, 64), ({}, 0), ({}, 3)]
    )
    def test_what_the_list_cannot_hold_is_refused(self, states, size):
        """Nothing is dropped silently."""
        with pytest.raises(CodeRefused):
            signed(states, size=size)

    def test_a_key_for_something_else_is_refused(self):
        """Lists are signed by P-256 keys with a certificate for it."""
        with pytest.raises(KeyNotForThis):
            signed(name="housing-seal")
