"""hub seal …"""

import json

import pytest
from typer.testing import CliRunner

from hub.commands.line import app
from registry.directory.seal_errors import LocatorRefused, OtherOwner
from signing.errors import KeyMissing
from tests import worlds

pytestmark = pytest.mark.furnished(worlds.AUTHORITIES)

OFFICE = "114108000000000004"


@pytest.fixture
def hub(parts, database_url, monkeypatch):
    """Run a command on the machine of that hub; give what it printed as JSON, or how it ended."""
    monkeypatch.setenv("HUB_HOME", str(parts.settings.home))
    monkeypatch.setenv("HUB_DATABASE_URL", database_url)

    def run(*words, fails=False):
        result = CliRunner().invoke(app, ["seal", *words, "--json"])
        assert (result.exit_code != 0) == fails, result.output
        return result.exception if fails else json.loads(result.stdout)

    return run


def test_enrol_list_end(hub):
    """A key of the folder is enrolled by its name, replaced by the next one, and ended."""
    first = hub("enrol", "file:defence-former-seal", "--authority", OFFICE)
    second = hub("enrol", "file:defence-seal", "--authority", OFFICE)
    hub("end", str(second["number"]))

    assert [(row["place"], bool(row["ended"])) for row in hub("list")] == [
        ("file:defence-former-seal", True),
        ("file:defence-seal", True),
    ]
    assert first["number"] != second["number"]


def test_refused_by_name(hub):
    """A place outside, a key that is not there, another's seal, a use nobody knows."""
    assert isinstance(hub("enrol", "file:../x", "--authority", OFFICE, fails=True), LocatorRefused)
    assert isinstance(hub("enrol", "file:none", "--authority", OFFICE, fails=True), KeyMissing)
    assert isinstance(hub("enrol", "file:housing-seal", "--authority", OFFICE, fails=True), OtherOwner)
    assert isinstance(hub("enrol", "file:defence-seal", "--use", "x", fails=True), LocatorRefused)
