"""hub successions: as an operator types them"""

import json

import pytest

from tests.hub.holding.conftest import COMPANY
from tests.hub.test_commands import hub, told
from tests.registry.exchange.conftest import STORY

pytestmark = pytest.mark.furnished(STORY)
FILE = {
    "predecessor": {"name": COMPANY.name, "code_kind": "001", "code": COMPANY.code},
    "successor": {"name": "示例合并有限公司", "code_kind": "001", "code": "91990100MA0000777X"},
    "kind": "merged",
    "first_day": "2026-05-06",
    "basis": "示例市监准字〔2026〕1号",
}


@pytest.fixture
def typed(parts, tmp_path):
    """Run the command on this hub."""

    def run(*words, given=None):
        file = tmp_path / "succession.json"
        file.write_text(given if isinstance(given, str) else json.dumps(given or FILE), encoding="utf-8")
        named = [str(file) if word == "FILE" else word for word in words]
        return hub(tmp_path, "successions", *named, HUB_DATABASE_URL=parts.db.url.render_as_string(hide_password=False))

    return run


def test_recorded_listed_and_withdrawn(typed):
    """The answer names parties by their ids and nobody by name."""
    made = told(typed("record", "FILE", "--json"))
    assert typed("withdraw", made["id"]).returncode == 0
    (row,) = told(typed("list", "--json"))

    assert (row["id"], row["kind"], row["basis"]) == (made["id"], "merged", FILE["basis"])
    assert row["withdrawn_at"]
    assert COMPANY.code not in json.dumps(made)


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ("nonsense", "file"),
        (json.dumps(FILE | {"kind": "bought"}), "kind"),
        (json.dumps(FILE | {"basis": ""}), "basis"),
        (json.dumps(FILE | {"successor": {"name": "示例"}}), "successor.code, successor.code_kind"),
        (json.dumps(FILE | {"successor": FILE["predecessor"]}), "circle"),
    ],
)
def test_a_wrong_file_is_refused_by_place(typed, given, place):
    """No name and no number comes back out of an operator's mistake."""
    done = typed("record", "FILE", "--json", given=given)

    assert (done.returncode, json.loads(done.stderr)["facts"]) == (1, {"reason": place})
    assert COMPANY.code not in done.stderr
