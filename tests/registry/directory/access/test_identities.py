"""registry/directory/sign_ins.py: officers whom an OpenID provider knows"""

import pytest

from registry.directory.access import accounts, callers, officers, public_keys, sign_ins
from registry.directory.access.callers import OPERATOR
from registry.directory.access.errors import GrantRefused
from registry.directory.access.officers import Person
from registry.directory.access.scopes import Role

OFFICE = "11990000MB0000001X"


class TestExchange:
    """sign_ins.exchange()"""

    @pytest.fixture
    def identity(self, world, signing_keys, hand):
        """An officer whom a provider knows, the provider's key, and a hand that writes its tokens."""
        person = Person("wang.wu", "示例人员", OFFICE, frozenset({Role.CASEWORKER}))
        officer = officers.register_identity(
            world.db, person, issuer="https://id.example", subject="u-1", by=OPERATOR, at=world.at
        )
        key = public_keys.from_jwk(signing_keys["RS256"].as_dict(private=False))
        provider = sign_ins.Provider("https://id.example", "hub")

        def write(header=None, **changed):
            honest = {"iss": "https://id.example", "sub": "u-1", "aud": "hub"}
            content = hand.claims("u-1", world.at, **(honest | changed))
            return hand.signed(signing_keys["RS256"], "RS256", content, kid="k1", header=header)

        def exchange(token):
            return sign_ins.exchange(world.db, token, {"k1": key}.get, provider=provider, at=world.at)

        return officer, write, exchange

    def test_identity_token_gives_a_token_once(self, world, identity):
        """The provider's word is good once; other members of its header do not matter."""
        officer, write, exchange = identity
        token = write(header={"x5t": "abc"})

        grant = exchange(token)

        assert callers.authenticate(world.db, grant.token, at=world.at).id == officer.id
        with pytest.raises(GrantRefused):
            exchange(token)

    @pytest.mark.parametrize(
        "changed",
        [
            {"iss": "https://other.example"},
            {"aud": "other"},
            {"aud": ["hub", "other"]},
            {"aud": ["hub", "other"], "azp": "other"},
            {"azp": "other"},
            {"sub": "u-2"},
            {"sub": None},
            {"exp": None},
            {"exp": 1},
            {"iat": 4_000_000_000, "exp": 4_000_000_100},
            {"header": {"typ": "at+jwt"}},
            {"header": {"jwk": {"kty": "RSA"}}},
            {"header": {"kid": "k2"}},
            {"header": {"alg": "PS256"}},
        ],
    )
    def test_anything_else_is_refused(self, world, identity, changed):
        """Another issuer, audience, person, time, type or key: refused and recorded."""
        _, write, exchange = identity

        with pytest.raises(GrantRefused):
            exchange(write(**changed))

        assert world.events()[-1] == "sign-in-refused"

    def test_token_for_several_parties_names_us(self, world, identity):
        """The control: several audiences are fine when the token says that it was made for us."""
        _, write, exchange = identity

        assert exchange(write(aud=["hub", "other"], azp="hub")).token

    def test_disabled_officer_is_refused(self, world, identity):
        """The provider's word does not open a closed account."""
        officer, write, exchange = identity
        accounts.disable(world.db, officer.id, by=OPERATOR, at=world.at)

        with pytest.raises(GrantRefused):
            exchange(write())
