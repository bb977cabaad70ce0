"""QR codes: what is read, and the table of forged ones that is not."""

from datetime import date
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.vectors import make_statements
from tests.verification import desk
from tests.verification.forged_codes import CLAIMS, DAY, FORGED, KEY, LETTER, LINK, TEXT, UNSIGNED, packed, signed
from verification import code_token
from verification.errors import CodeTokenRefused
from verification.legal_dates import Validity
from verification.trust_list import Suspension


class TestRead:
    """code_token.read()"""

    @pytest.mark.parametrize(
        "text", [LINK, TEXT, LINK.replace("HTTPS://HUB", "https://Hub").replace("/V/", "/v/")], ids=count()
    )
    def test_both_spellings_give_the_same_claims(self, text):
        """Link and text carry one token; the case of a link's host does not matter."""
        token = code_token.read(text)

        assert token.claims == CLAIMS
        assert token.host in (None, "hub.sample.invalid")

    def test_it_is_bound_to_its_statement(self):
        """By the digest, to this statement and no other."""
        assert code_token.read(LINK).claims.speaks_of(LETTER.digest())
        assert not code_token.read(LINK).claims.speaks_of(make_statements.people().digest())

    def test_it_ends_with_its_key(self):
        """A certificate without end has a code that ends when the code key does."""
        assert LETTER.validity.last is None
        assert CLAIMS.expires_at == KEY.certificate.not_valid_after_utc

    @pytest.mark.parametrize("name", FORGED)
    def test_forged_codes_are_refused_unread(self, name):
        """Whatever is not written as it must be is refused, with the reason."""
        text, reason = FORGED[name]

        with pytest.raises(CodeTokenRefused) as refused:
            code_token.read(text)

        assert refused.value.facts == {"reason": reason}

    @given(st.text(max_size=60), st.binary(max_size=60))
    def test_any_text_is_refused_by_name(self, text, data):
        """No text raises anything but the refusal."""
        for one in (text, "LX1:" + text, packed(data), packed(b"\x78" + data), packed(signed(data))):
            with pytest.raises(CodeTokenRefused):
                code_token.read(one)


class TestSigner:
    """code_token.signer()"""

    def trust(self, **changes):
        office = desk.authority("defence", code_keys=(desk.listed("defence-code", **changes),))
        return desk.trust(office, desk.authority("planning"))

    def test_names_the_authority(self):
        """The key's owner, whom the code names as well."""
        assert code_token.signer(code_token.read(LINK), self.trust(), at=desk.AT)[0].code == desk.OFFICE.code

    @pytest.mark.parametrize("name", UNSIGNED)
    def test_a_code_nobody_listed_signed_is_refused(self, name):
        """Readable is not signed."""
        text, reason = UNSIGNED[name]

        with pytest.raises(CodeTokenRefused) as refused:
            code_token.signer(code_token.read(text), self.trust(), at=desk.AT)

        assert refused.value.facts == {"reason": reason}

    @pytest.mark.parametrize(
        ("changes", "reason"),
        [
            ({"validity": Validity(date(2026, 3, 3), None)}, "key-outside"),
            ({"distrusted_after": desk.AT + DAY}, "distrusted-key"),
            ({"suspensions": (Suspension(desk.AT + DAY, None),)}, "suspended-key"),
        ],
    )
    def test_a_withdrawn_key_is_refused(self, changes, reason):
        """Nobody proves when a code was made, so a withdrawn key's codes are worth nothing."""
        with pytest.raises(CodeTokenRefused) as refused:
            code_token.signer(code_token.read(LINK), self.trust(**changes), at=desk.LATER)

        assert refused.value.facts == {"reason": reason}

    def test_a_retired_key_still_holds(self):
        """A key that was given up in order leaves its codes as they were."""
        trust = self.trust(validity=Validity(None, date(2026, 3, 2)))

        assert code_token.signer(code_token.read(LINK), trust, at=desk.LATER)
