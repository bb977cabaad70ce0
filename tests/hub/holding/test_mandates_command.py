"""hub mandates: who represents a company, as an operator records it"""

import json

import pytest
from sqlmodel import select

from registry.store.tables.persons import Mandate
from tests.hub.holding.conftest import ANNE, COMPANY
from tests.hub.test_commands import hub
from tests.registry.exchange.conftest import STORY

pytestmark = pytest.mark.furnished(STORY)
FILE = {
    "principal": {"name": COMPANY.name, "code_kind": COMPANY.code_kind, "code": COMPANY.code},
    "agent": {"name": ANNE.name, "code_kind": ANNE.code_kind, "code": ANNE.code},
    "kind": "representative",
    "powers": ["view", "grant", "present"],
    "first_day": "2026-05-06",
}


@pytest.fixture
def typed(parts, tmp_path):
    """Run the command on this hub."""

    def run(*words, told=None):
        file = tmp_path / "mandate.json"
        file.write_text(told if isinstance(told, str) else json.dumps(told or FILE), encoding="utf-8")
        given = [str(file) if word == "FILE" else word for word in words]
        return hub(tmp_path, *given, HUB_DATABASE_URL=parts.db.url.render_as_string(hide_password=False))

    return run


def test_recorded_and_ended_once(typed, parts):
    """The answer names the mandate and nobody; ended twice is refused."""
    done = typed("mandates", "record", "FILE", "--json")
    assert done.returncode == 0, done.stderr
    made = json.loads(done.stdout)
    assert (made["kind"], made["ended_at"]) == ("representative", None)
    assert ANNE.code not in done.stdout
    assert typed("mandates", "end", made["id"]).returncode == 0
    assert typed("mandates", "end", made["id"]).returncode != 0
    with parts.db.reading() as look:
        assert look.exec(select(Mandate)).one().ended_at is not None


@pytest.mark.parametrize(
    "told",
    [
        "nonsense",
        json.dumps(FILE | {"kind": "owner"}),
        json.dumps(FILE | {"agent": FILE["principal"]}),
        json.dumps(FILE | {"powers": []}),
        json.dumps(FILE | {"last_day": "2026-05-05"}),
    ],
)
def test_a_wrong_file_is_refused_without_repeating_it(typed, parts, told):
    """No name and no number comes back out of an operator's mistake."""
    done = typed("mandates", "record", "FILE", told=told)
    assert done.returncode != 0
    for word in (ANNE.code, ANNE.name, COMPANY.code):
        assert word not in done.stdout + done.stderr
    with parts.db.reading() as look:
        assert look.exec(select(Mandate)).all() == []
