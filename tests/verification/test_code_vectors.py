"""Frozen QR codes, each with what must be said of it: vectors/codes (the browser's verifier reads them, too)"""

import json

import pytest

from tests.vectors.make_codes import FILE, expected
from tests.verification.forged_codes import FORGED, UNSIGNED

TOLD = json.loads(FILE.read_text(encoding="utf-8"))
ROWS = {row["name"]: row for row in TOLD["codes"]}


class TestVectors:
    """vectors/codes"""

    def test_every_forgery_of_the_table_is_there(self):
        """Sixty and more: confused algorithms, `none`, other keys, replays, cut and oversized ones."""
        assert {*FORGED, *UNSIGNED} <= ROWS.keys()
        assert len(FORGED) + len(UNSIGNED) >= 60

    @pytest.mark.parametrize("name", ROWS)
    def test_each_gets_its_headline(self, name):
        """And the reason that decided it; of a forgery, never that it is genuine."""
        row = ROWS[name]
        assert expected(row, TOLD["beside"]) == {key: row[key] for key in ("headline", "because")}
        if name in FORGED or name in UNSIGNED:
            assert not row["headline"].startswith("genuine")
