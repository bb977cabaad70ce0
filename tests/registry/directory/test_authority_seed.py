"""registry/directory/authority_seed.py and demo_authorities.toml"""

import tomllib
from datetime import date
from pathlib import Path

import pytest

from registry.directory import authority_seed, entitlements
from registry.directory.authorities import reading
from tests import worlds
from verification.codes import credit_code

pytestmark = pytest.mark.furnished(worlds.AUTHORITIES)

DEFENCE, PLANNING, FORMER_PLANNING = "114108000000000004", "11410800000000035N", "11410800000000051C"
TYPES = Path(__file__).parents[3] / "registry" / "types"
TODAY = date(2026, 3, 2)


@pytest.fixture
def demo(db):
    """The demo's authorities."""
    return db


class TestLoad:
    """authority_seed.load()"""

    def test_second_run_enters_nothing(self, demo, at):
        """What stands there is left alone."""
        assert set(authority_seed.load(demo, authority_seed.demo(), by="hub", at=at).values()) == {0}

    def test_renaming_keeps_the_code_and_hangs_the_old_name_up(self, demo):
        """人防办 until June 2025, 国动办 with two name-plates since."""
        with demo.reading() as look:
            found = reading.get(look, DEFENCE)

        assert found.name_on(date(2025, 6, 30)).wording.name == "示例市人民防空办公室"
        assert [wording.name for wording in found.issuing_names(TODAY)] == [
            "示例市国防动员办公室",
            "示例市人民防空办公室",
        ]

    def test_merged_bureau_is_answered_for(self, demo):
        """Permits of the former planning bureau are answered for by the new one."""
        with demo.reading() as look:
            assert reading.answers_for(look, FORMER_PLANNING, on=TODAY).authority == PLANNING

    def test_codes_are_whole(self):
        """Every code satisfies both check characters."""
        codes = [body["code"] for body in authority_seed.demo()["authority"]]

        assert len(codes) == len(set(codes)) == 10
        assert all(credit_code.parse(code).inner_check_holds for code in codes)

    def test_every_shipped_type_has_somebody_to_issue_it(self, demo):
        """Each type of the catalogue is entitled, and its definer is registered under the name its folder gives."""
        folders = [tomllib.loads(path.read_text("utf-8")) for path in sorted(TYPES.glob("*/definition.toml"))]
        with demo.reading() as look:
            granted = {told["code"]: entitlements.of_type(look, told["code"]) for told in folders}
            named = {told["definer"]["code"]: told["definer"]["name"] for told in folders}
            found = {code: reading.name_on(look, code, on=TODAY).wording.name for code in named}

        assert [code for code, rights in granted.items() if not rights] == []
        assert found == named
