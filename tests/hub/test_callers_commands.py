"""hub clients … and hub officers …"""

import json
from datetime import date

import pyotp
import pytest
from joserfc import jwk
from typer.testing import CliRunner

from hub.commands.line import app
from registry.store.tables.authorities import Authority

OFFICE = "11990000MB0000001X"


@pytest.fixture
def hub(parts, db, at, database_url, monkeypatch):
    """Run a command on the machine of that hub; give what it printed as JSON, or how it ended."""
    monkeypatch.setenv("HUB_HOME", str(parts.settings.home))
    monkeypatch.setenv("HUB_DATABASE_URL", database_url)
    with db.writing() as tx:
        tx.add(Authority(code=OFFICE, level="city", first_day=date(2020, 1, 1), at=at))

    def run(*words, fails=False):
        result = CliRunner().invoke(app, [*words, "--json"])
        assert (result.exit_code != 0) == fails, result.output
        return result.exception if fails else json.loads(result.stdout)

    return run


class TestClients:
    """hub clients"""

    def test_join_rotate_close(self, hub, client):
        """One command joins; the secret it prints works until the client is closed."""
        made = hub("clients", "join", "--authority", OFFICE, "--name", "示例系统")
        rotated = hub("clients", "rotate", made["id"], "--overlap-hours", "1")

        assert made["curl"].startswith(f"curl -u {made['id']}:{made['secret']} ")
        assert rotated["secret"] != made["secret"]
        assert [row["id"] for row in hub("clients", "list")] == [made["id"]]
        assert hub("clients", "close", made["id"])["closed_at"]

    def test_who_joins_is_given_a_first_question(self, hub):
        """An authority without matters asks for the catalogue; the answer to a matter's is in the demo's tests."""
        made = hub("clients", "join", "--authority", OFFICE, "--name", "示例系统")

        token, question = made["first_question"].split("\n")
        assert f" -u {made['id']}:{made['secret']} " in token
        assert question.endswith("/v1/matters")

    def test_register_with_a_key_file(self, hub, tmp_path):
        """A PEM file makes a client without a secret."""
        path = tmp_path / "key.pem"
        path.write_bytes(jwk.ECKey.generate_key("P-256").as_pem(private=False))
        words = ("--authority", OFFICE, "--name", "示例", "--scope", "verify", "--scope", "issue", "--key", str(path))

        made = hub("clients", "register", *words)

        assert (made["secret"], len(made["kid"])) == (None, 43)

    def test_unknown_scope_and_authority_are_named(self, hub):
        """A slip ends with a sentence, not with a traceback."""
        named = ("--name", "示例", "--scope")

        assert hub("clients", "register", "--authority", OFFICE, *named, "root", fails=True).code == 2
        refusal = hub("clients", "register", "--authority", "X" * 18, *named, "verify", fails=True)
        assert refusal.code == "registry.not_found"


class TestOfficers:
    """hub officers"""

    def test_register_roles_disable_enable_unlock_reset(self, hub):
        """The whole life of an account, from the command line."""
        words = ("--login", "li.si", "--name", "示例李四", "--authority", OFFICE, "--role", "caseworker")
        made = hub("officers", "register", *words)

        assert pyotp.parse_uri(made["totp"]).name == "li.si"
        assert hub("officers", "roles", made["id"], "--role", "archivist")["roles"] == "archivist"
        assert hub("officers", "disable", made["id"])["disabled_at"]
        assert hub("officers", "enable", made["id"])["disabled_at"] is None
        assert hub("officers", "unlock", made["id"])["id"] == made["id"]
        assert hub("officers", "reset", made["id"])["password"] != made["password"]
        assert [row["login"] for row in hub("officers", "list")] == ["li.si"]

    def test_identity_needs_a_provider(self, hub):
        """Without HUB_OIDC_ISSUER nobody can be known by it."""
        words = ("--login", "li.si", "--name", "示例", "--authority", OFFICE, "--role", "caseworker")
        assert hub("officers", "register", *words, "--identity", "u-1", fails=True).code == 2
