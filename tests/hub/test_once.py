"""hub/once.py: the same key and request, one act and one answer"""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import text

from registry.directory.access import officers, tokens
from registry.directory.access.callers import OPERATOR
from registry.directory.access.limits import DEFAULT
from registry.directory.access.scopes import Role
from registry.store import answers
from tests import worlds

pytestmark = pytest.mark.furnished(worlds.AUTHORITIES)

OWN = "114108000000000004"


@pytest.fixture
def bearer(parts, at):
    person = officers.Person("root-admin", "示例", OWN, frozenset({Role.HUB_ADMINISTRATOR}))
    officer = officers.register(parts.db, parts.keyring, person, by=OPERATOR, at=at).officer
    with parts.db.writing() as tx:
        tx.merge(officer).must_change = False
        return tokens.for_officer(tx, officer, how="test", at=at, limits=DEFAULT).token


def register(client, bearer, key=None, name="系统"):
    headers = {"Authorization": f"Bearer {bearer}"} | ({"Idempotency-Key": key} if key else {})
    body = {"authority": OWN, "name": name, "scopes": ["verify"]}
    return client.post("/v1/clients", headers=headers, json=body)


def count(parts):
    with parts.db.reading() as look:
        return look.connection().execute(text("SELECT count(*) FROM client")).scalar_one()


class TestOnce:
    """A write with an Idempotency-Key."""

    def test_a_repeat_gets_the_same_answer_and_acts_no_second_time(self, client, parts, bearer):
        """Even a secret that is shown once is shown again to the same repeat."""
        first, second = register(client, bearer, "key-1"), register(client, bearer, "key-1")

        assert (first.status_code, second.status_code) == (201, 201)
        assert first.content == second.content
        assert count(parts) == 1

    def test_another_request_under_the_key_is_refused(self, client, parts, bearer):
        """A key names one request."""
        register(client, bearer, "key-1")
        answer = register(client, bearer, "key-1", name="另一个系统")

        assert (answer.status_code, answer.json()["code"]) == (409, "request.key_reused")
        assert count(parts) == 1

    def test_twenty_at_once_are_one(self, client, parts, bearer):
        """Repeats that overtake each other all get the one answer."""
        with ThreadPoolExecutor(20) as pool:
            bodies = set(pool.map(lambda _: register(client, bearer, "key-1").content, range(20)))

        assert len(bodies) == 1
        assert count(parts) == 1
        assert b'"id":"cli_' in bodies.pop()

    def test_a_refusal_keeps_nothing(self, client, parts, bearer):
        """After a mistake the same key may carry the mended request."""
        assert register(client, bearer, "key-1", name="").status_code == 422
        assert register(client, bearer, "key-1").status_code == 201

    def test_without_a_key_every_request_acts(self, client, parts, bearer):
        """No key, no promise."""
        register(client, bearer)
        register(client, bearer)
        assert count(parts) == 2

    @pytest.mark.parametrize("key", ["a" * 256, "with space", "塞".encode()])
    def test_a_malformed_key_is_refused(self, client, parts, bearer, key):
        """Keys are one to 255 printable characters."""
        answer = register(client, bearer, key)
        assert (answer.status_code, answer.json()["code"]) == (422, "request.key_malformed")

    def test_answers_are_kept_sealed_and_for_their_days(self, client, parts, bearer, at):
        """A secret does not lie open in the database, and after the promised days nothing is left."""
        secret = json.loads(register(client, bearer, "key-1").content)["secret"]
        with parts.db.reading() as look:
            sealed = bytes(look.connection().execute(text("SELECT sealed FROM kept_answer")).scalar_one())
        assert secret.encode() not in sealed
        with parts.db.writing() as tx:
            assert answers.forget(tx, at=at + timedelta(days=7), days=7) == 0
        with parts.db.writing() as tx:
            assert answers.forget(tx, at=at + timedelta(days=7, seconds=1), days=7) == 1
