"""registry/directory/access/clients.py, client_keys.py, public_keys.py and callers.py"""

import json
from datetime import timedelta
from itertools import count

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from joserfc import jwk
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from registry.directory.access import callers, client_keys, clients, public_keys
from registry.directory.access.callers import OPERATOR, Caller
from registry.directory.access.errors import (
    AlreadyClosed,
    ClientRefused,
    KeyUnfit,
    NotAuthenticated,
    NotPermitted,
    ScopeRefused,
    TooManyKeys,
)
from registry.directory.access.scopes import ONLY_OFFICERS, ROLES, Kind, Role, Scope
from registry.directory.authority_errors import NameRefused
from registry.store.errors import AlreadyExists, NotFound

OFFICE, OTHER_OFFICE = "11990000MB0000001X", "11990000MB0000002X"
ADMINISTRATOR = Caller(Kind.OFFICER, "off_administrator", OFFICE, ROLES[Role.ADMINISTRATOR])


class TestRegister:
    """clients.register()"""

    @pytest.mark.parametrize("name", ["   ", "示例\n系统", "\u202e示例", "示例\x07", "长" * 201])
    def test_a_name_that_cannot_be_shown_is_refused(self, world, name, at):
        """Names stand in lists and logs: no line ends, no direction marks, no blanks."""
        with pytest.raises(NameRefused):
            clients.register(world.db, authority=OFFICE, name=name, scopes=[Scope.VERIFY], by=OPERATOR, at=at)

    def test_secret_is_shown_once_and_kept_as_a_digest(self, world):
        """Neither the row nor a printed answer holds the secret."""
        made = world.client()

        assert made.secret not in made.key.material
        assert made.secret not in repr(made)
        assert made.client.id.startswith("cli_")

    def test_scopes_for_people_are_not_given_to_machines(self, world):
        """Approval and administration need a person."""
        for scope in sorted(ONLY_OFFICERS):
            with pytest.raises(ScopeRefused) as refused:
                world.client(scopes=(Scope.VERIFY, scope))
            assert refused.value.facts == {"scope": scope.value}

    def test_administrator_stays_in_its_own_authority(self, world):
        """Another authority's client is not found, whatever one does to it."""
        made = world.client(authority=OTHER_OFFICE)
        asked = {"by": ADMINISTRATOR, "at": world.at}

        for act in (
            lambda: world.client(authority=OTHER_OFFICE, by=ADMINISTRATOR),
            lambda: clients.find(world.db, made.client.id, by=ADMINISTRATOR),
            lambda: clients.find(world.db, "cli_\x00", by=ADMINISTRATOR),
            lambda: clients.close(world.db, made.client.id, **asked),
            lambda: clients.change(world.db, made.client.id, scopes=(), **asked),
            lambda: client_keys.rotate_secret(world.db, made.client.id, **asked),
            lambda: client_keys.end(world.db, made.client.id, made.key.kid, **asked),
        ):
            with pytest.raises(NotFound):
                act()
        assert clients.listing(world.db, by=ADMINISTRATOR) == []

    def test_caller_without_the_scope_may_nothing(self, world):
        """A client cannot administer clients, not even itself."""
        made = world.client()
        itself = Caller(Kind.CLIENT, made.client.id, OFFICE, frozenset({Scope.VERIFY}))

        for act in (
            lambda: world.client(by=itself),
            lambda: clients.listing(world.db, by=itself),
            lambda: clients.find(world.db, made.client.id, by=itself),
            lambda: client_keys.rotate_secret(world.db, made.client.id, by=itself, at=world.at),
        ):
            with pytest.raises(NotPermitted):
                act()

    def test_list_goes_on_where_the_page_before_ended(self, world):
        """Pages by id, none twice and none missing."""
        made = {world.client().client.id for _ in range(5)}

        first = clients.listing(world.db, by=ADMINISTRATOR, limit=3)
        rest = clients.listing(world.db, by=ADMINISTRATOR, limit=3, after=first[-1].id)

        assert {row.id for row in first + rest} == made
        assert (len(first), len(rest)) == (3, 2)


class TestJoin:
    """clients.join()"""

    def test_gives_a_line_that_works(self, world):
        """Whoever joins gets an id, a secret and the line that fetches the first token."""
        made, line = clients.join(
            world.db, authority=OFFICE, name="示例", address="https://hub.example", by=OPERATOR, at=world.at
        )

        name, secret = line.split()[2].split(":")
        assert line.endswith("https://hub.example/oauth/token")
        assert world.ask(client=name, secret=secret).scopes == {Scope.RETRIEVE, Scope.VERIFY, Scope.TRANSFER}
        assert name == made.client.id


class TestChange:
    """clients.change() and close()"""

    def test_scope_taken_away_ends_with_the_next_request(self, world):
        """A live token follows its client."""
        made = world.client()
        grant = world.ask(client=made.client.id, secret=made.secret)

        clients.change(world.db, made.client.id, scopes=(Scope.VERIFY,), by=ADMINISTRATOR, at=world.at)

        assert callers.authenticate(world.db, grant.token, at=world.at).scopes == {Scope.VERIFY}

    def test_closed_is_for_good(self, world):
        """Nothing can be done to a closed client any more."""
        made = world.client()
        clients.close(world.db, made.client.id, by=ADMINISTRATOR, at=world.at)

        for act in (clients.close, clients.change, client_keys.rotate_secret):
            with pytest.raises(AlreadyClosed):
                act(world.db, made.client.id, by=ADMINISTRATOR, at=world.at)

    def test_identity_of_a_row_cannot_be_rewritten(self, world):
        """Triggers keep whose client it is, and that it was there."""
        made = world.client()

        for statement in (
            f"UPDATE client SET authority = '{OTHER_OFFICE}'",
            "UPDATE client_key SET material = 'x'",
            "DELETE FROM client_key",
            "DELETE FROM client",
        ):
            with pytest.raises(DBAPIError, match="keeps its rows"), world.db.writing() as tx:
                tx.connection().execute(text(statement))
        assert world.ask(client=made.client.id, secret=made.secret).token


class TestKeys:
    """client_keys"""

    def test_rotated_secret_overlaps_if_asked(self, world):
        """The old secret ends at once, or after the overlap."""
        made = world.client()
        _, second = client_keys.rotate_secret(
            world.db, made.client.id, by=ADMINISTRATOR, at=world.at, overlap=timedelta(hours=1)
        )
        assert world.ask(client=made.client.id, secret=made.secret).token

        _, third = client_keys.rotate_secret(world.db, made.client.id, by=ADMINISTRATOR, at=world.at)

        for dead in (made.secret, second):
            with pytest.raises(ClientRefused):
                world.ask(client=made.client.id, secret=dead)
        assert world.ask(client=made.client.id, secret=third).token

    def test_ended_key_ends_the_tokens_it_earned(self, world):
        """A stolen key's tokens go with it."""
        made = world.client()
        grant = world.ask(client=made.client.id, secret=made.secret)

        client_keys.end(world.db, made.client.id, made.key.kid, by=ADMINISTRATOR, at=world.at)

        with pytest.raises(NotAuthenticated):
            callers.authenticate(world.db, grant.token, at=world.at)

    def test_key_never_comes_back(self, world, signing_keys):
        """The id of an ended key stays taken."""
        made = world.client(key=signing_keys["ES256"])
        client_keys.end(world.db, made.client.id, made.key.kid, by=ADMINISTRATOR, at=world.at)
        public = public_keys.from_jwk(signing_keys["ES256"].as_dict(private=False))

        with pytest.raises(AlreadyExists):
            client_keys.add(world.db, made.client.id, public, by=ADMINISTRATOR, at=world.at)
        with pytest.raises(KeyUnfit, match="dates"):
            client_keys.add(world.db, made.client.id, public, by=ADMINISTRATOR, at=world.at, not_after=world.at)

    def test_most_keys_is_a_limit(self, world):
        """Nobody collects keys; an ended one makes room."""
        made = world.client()

        def add():
            public = public_keys.from_jwk(jwk.ECKey.generate_key("P-256").as_dict(private=False))
            return client_keys.add(world.db, made.client.id, public, by=ADMINISTRATOR, at=world.at)

        for _ in range(client_keys.MOST - 1):
            add()
        with pytest.raises(TooManyKeys):
            add()
        client_keys.end(world.db, made.client.id, made.key.kid, by=ADMINISTRATOR, at=world.at)
        assert add().algorithm == "ES256"


def _public_pem(key):
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def _private_pem(key):
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


_P256 = ec.generate_private_key(ec.SECP256R1())
_P384 = ec.generate_private_key(ec.SECP384R1())
_SMALL = rsa.generate_private_key(65537, 1024)
_JWK = jwk.ECKey(_P256, _P256).as_dict(private=False)


class TestPublicKeys:
    """public_keys.from_text()"""

    def test_pem_and_jwk_of_one_key_have_one_thumbprint(self):
        """However a key is written, it is the same key."""
        assert (
            public_keys.from_text(_public_pem(_P256)).thumbprint == public_keys.from_text(json.dumps(_JWK)).thumbprint
        )

    @pytest.mark.parametrize(
        ("given", "reason"),
        [
            (_private_pem(_P256), "private"),
            (json.dumps(jwk.ECKey(_P256, _P256).as_dict(private=True)), "private"),
            (json.dumps(_JWK | {"kty": "oct", "k": "c2VjcmV0"}), "kind"),
            (json.dumps(_JWK | {"use": "enc"}), "kind"),
            (json.dumps(_JWK | {"crv": "P-384"}), "kind"),
            (json.dumps(_JWK | {"alg": "HS256"}), "algorithm"),
            (json.dumps(_JWK | {"x": _JWK["y"]}), "malformed"),
            (json.dumps({"kty": "EC", "crv": "P-256"}), "malformed"),
            (json.dumps({"kty": ["EC"]}), "kind"),
            (json.dumps({"kty": "OKP", "crv": "X25519", "x": "AAAA"}), "kind"),
            (json.dumps({"kty": "OKP", "crv": "Ed25519", "x": "AAAA"}), "malformed"),
            (json.dumps({"kty": "RSA", "n": "AQAB", "e": "AQAB"}), "size"),
            (json.dumps({"kty": "RSA", "n": "_" + "A" * 2799, "e": "AQAB"}), "size"),
            (json.dumps({"kty": "RSA", "n": "_" + "A" * 341, "e": "Aw"}), "size"),
            (json.dumps({"kty": "RSA", "n": "_" + "A" * 341, "e": "_" + "A" * 341}), "size"),
            (json.dumps({"kty": "RSA", "n": 7, "e": "AQAB"}), "malformed"),
            (json.dumps(_JWK | {"alg": ["ES256"]}), "algorithm"),
            (_public_pem(_P384), "kind"),
            (_public_pem(_SMALL), "size"),
            ("-----BEGIN PUBLIC KEY-----\nnonsense\n-----END PUBLIC KEY-----", "malformed"),
            ("[" * 5_000, "malformed"),
            ("[]", "malformed"),
            ("", "malformed"),
            ("x" * 9_000, "size"),
        ],
        ids=count(),
    )
    def test_unfit_key_is_refused_by_its_reason(self, given, reason):
        """Private, symmetric, weak, huge, foreign and broken keys never enter."""
        with pytest.raises(KeyUnfit) as refused:
            public_keys.from_text(given)
        assert refused.value.facts == {"reason": reason}
