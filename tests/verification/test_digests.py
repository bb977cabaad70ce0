"""Digests in text form."""

import pytest

from verification import digests

ABC_SHA256 = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
ABC_SM3 = "sm3:66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


class TestDigests:
    """digests.sha256(), sm3(), digests()"""

    def test_the_standards_vectors(self):
        """ "abc" has the digests of FIPS 180-4 and GB/T 32905."""
        assert digests.sha256(b"abc") == ABC_SHA256
        assert digests.sm3(b"abc") == ABC_SM3

    def test_the_longer_sm3_vector(self):
        """Sixty-four bytes, the second example of GB/T 32905."""
        expected = "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"

        assert digests.sm3(b"abcd" * 16) == f"sm3:{expected}"

    def test_both_at_once(self):
        """The pair holds both names of the same bytes, and cannot be changed."""
        pair = digests.digests(b"abc")

        assert (pair.sha256, pair.sm3) == (ABC_SHA256, ABC_SM3)
        with pytest.raises(AttributeError):
            pair.sm3 = "other"

    def test_the_forms_fit_the_digests_only(self):
        """A bare or upper-case digest is not one of ours."""
        assert digests.SHA256.fullmatch(ABC_SHA256)
        assert digests.SM3.fullmatch(ABC_SM3)
        assert not digests.SHA256.fullmatch(ABC_SHA256[7:])
        assert not digests.SHA256.fullmatch(ABC_SHA256[:7] + ABC_SHA256[7:].upper())
        assert not digests.SHA256.fullmatch(ABC_SHA256 + "\n")
