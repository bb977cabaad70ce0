"""registry/directory/token_requests.py, with assertions and jose below it"""

from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from registry.directory.access import callers, client_keys, clients, public_keys
from registry.directory.access.callers import OPERATOR
from registry.directory.access.errors import (
    CertificateUnfit,
    ClientRefused,
    NotAuthenticated,
    ScopeRefused,
    TooManyTries,
)
from registry.directory.access.limits import Limits
from registry.directory.access.scopes import Kind, Scope
from registry.store.database import Database
from tests import small_ca

ALGORITHMS = ("ES256", "RS256", "PS256", "EdDSA")


def der(one):
    return one.certificate.public_bytes(Encoding.DER)


def pem(one):
    return one.certificate.public_bytes(Encoding.PEM).decode()


class TestGrant:
    """token_requests.grant()"""

    def test_secret_gives_a_token_for_ten_minutes(self, world):
        """The right secret gives a token with every scope of the client, dead after its time."""
        made = world.client()

        grant = world.ask(client=made.client.id, secret=made.secret)

        caller = callers.authenticate(world.db, grant.token, at=world.at)
        assert (caller.kind, caller.id, caller.scopes) == (Kind.CLIENT, made.client.id, grant.scopes)
        assert grant.seconds == 600
        with pytest.raises(NotAuthenticated):
            callers.authenticate(world.db, grant.token, at=world.at + timedelta(minutes=10))

    @pytest.mark.parametrize("secret", ["", "hubs_", "wrong", "\ud800", "x" * 100_000])
    def test_wrong_secret_is_refused_and_recorded(self, world, secret):
        """A wrong secret gets one refusal without a reason; the ledger has it although nothing else was written."""
        made = world.client()

        with pytest.raises(ClientRefused) as refused:
            world.ask(client=made.client.id, secret=secret)

        assert refused.value.facts == {}
        assert (world.events()[-1], world.entries()[-1].subject) == ("token-refused", made.client.id)

    def test_unknown_client_is_refused_alike_and_not_named(self, world):
        """Nobody learns which ids exist, and a strange id, which may be a name, does not enter the ledger."""
        with pytest.raises(ClientRefused) as refused:
            world.ask(client="王五@example", secret="hubs_x")

        assert refused.value.facts == {}
        assert world.entries()[-1].subject == "client:unknown"

    def test_scopes_may_be_narrowed_and_never_widened(self, world):
        """A subset is given; anything more is refused by its name, and a name that is no scope is not repeated."""
        made = world.client()

        grant = world.ask(client=made.client.id, secret=made.secret, scope="verify")

        assert grant.scopes == {Scope.VERIFY}
        for asked, named in (("verify issue", "issue"), ("hub-admin", "hub-admin"), ("<b>", "?")):
            with pytest.raises(ScopeRefused) as refused:
                world.ask(client=made.client.id, secret=made.secret, scope=asked)
            assert refused.value.facts == {"scope": named}

    def test_closed_client_gets_nothing(self, world):
        """After closing, neither the secret nor a token from before counts."""
        made = world.client()
        grant = world.ask(client=made.client.id, secret=made.secret)

        clients.close(world.db, made.client.id, by=OPERATOR, at=world.at)

        with pytest.raises(NotAuthenticated):
            callers.authenticate(world.db, grant.token, at=world.at)
        with pytest.raises(ClientRefused):
            world.ask(client=made.client.id, secret=made.secret)

    def test_both_proofs_or_none_are_refused(self, world):
        """Exactly one method proves a client."""
        made = world.client()

        for proof in ({}, {"secret": made.secret, "assertion": "a.b.c"}):
            with pytest.raises(ClientRefused):
                world.ask(client=made.client.id, **proof)

    def test_networks_bind_the_client(self, world):
        """A client with networks is let in from them only, at the token and at every call."""
        made = world.client(networks=("192.0.2.0/24", "2001:db8::/32"))
        grant = world.ask(client=made.client.id, secret=made.secret, remote="::ffff:192.0.2.9")

        assert callers.authenticate(world.db, grant.token, at=world.at, remote="2001:db8::1").id == made.client.id
        for remote in ("198.51.100.1", None, "nonsense"):
            with pytest.raises(NotAuthenticated):
                callers.authenticate(world.db, grant.token, at=world.at, remote=remote)
            with pytest.raises(ClientRefused):
                world.ask(client=made.client.id, secret=made.secret, remote=remote)

    def test_certificates_bind_the_client(self, world):
        """A client with TLS certificates is let in by connections that show one, at the token and at every call."""
        own, heir, other = (small_ca.root(name) for name in ("a", "b", "c"))
        late = small_ca.root("d", last=world.at - timedelta(days=1))
        made = world.client(certificates=[pem(one) for one in (own, heir, late)])
        grants = [world.ask(client=made.client.id, secret=made.secret, certificate=der(one)) for one in (own, heir)]

        for grant in grants:
            known = callers.authenticate(world.db, grant.token, at=world.at, certificate=der(own))
            assert known.id == made.client.id
            for shown in (None, b"", b"x" * 20_000, der(other), der(late), der(own)[:-1], der(own) + b"0"):
                with pytest.raises(NotAuthenticated):
                    callers.authenticate(world.db, grant.token, at=world.at, certificate=shown)
                with pytest.raises(ClientRefused):
                    world.ask(client=made.client.id, secret=made.secret, certificate=shown)

    def test_binding_follows_at_once(self, world):
        """A token from before counts only by the certificate, and again without it when nothing binds any more."""
        own, made = small_ca.root(), world.client()
        grant = world.ask(client=made.client.id, secret=made.secret)
        asked = {"by": OPERATOR, "at": world.at}

        clients.change(world.db, made.client.id, certificates=[pem(own)], **asked)
        with pytest.raises(NotAuthenticated):
            callers.authenticate(world.db, grant.token, at=world.at)
        clients.change(world.db, made.client.id, networks=[], **asked)
        assert callers.authenticate(world.db, grant.token, at=world.at, certificate=der(own))
        clients.change(world.db, made.client.id, certificates=[], **asked)
        assert callers.authenticate(world.db, grant.token, at=world.at)

    @pytest.mark.parametrize(
        ("given", "position"), [(["x"], 1), (["ok", ""], 2), (["ok"] * 9 + ["x"], 10), (["many"] * 5, 5)]
    )
    def test_what_binds_is_a_certificate(self, world, given, position):
        """The refusal names which one is none, or the one too many."""
        known = pem(small_ca.root())
        texts = {"ok": lambda: known, "many": lambda: pem(small_ca.root())}
        with pytest.raises(CertificateUnfit) as refused:
            world.client(certificates=[texts.get(one, lambda one=one: one)() for one in given])
        assert refused.value.facts == {"position": position}

    @pytest.mark.parametrize("algorithm", ALGORITHMS)
    @pytest.mark.parametrize("named", [True, False], ids=["with client_id", "without"])
    def test_honest_assertion_of_each_algorithm_is_accepted(self, world, signing_keys, hand, algorithm, named):
        """The control of the table below: the same text without a fault gives a token."""
        made = world.client(key=signing_keys[algorithm])
        text = hand.signed(signing_keys[algorithm], algorithm, hand.claims(made.client.id, world.at), kid=made.key.kid)

        grant = world.ask(client=made.client.id if named else None, assertion=text)

        assert callers.authenticate(world.db, grant.token, at=world.at).id == made.client.id

    def test_assertion_counts_once_on_all_workers(self, world, signing_keys, hand, database_url):
        """A replay is refused here and on another worker, and its author, who holds the key, is told why."""
        made = world.client(key=signing_keys["ES256"])
        text = hand.signed(signing_keys["ES256"], "ES256", hand.claims(made.client.id, world.at), kid=made.key.kid)
        world.ask(assertion=text)
        other = Database(database_url)

        for db in (world.db, other):
            world.db, kept = db, world.db
            with pytest.raises(ClientRefused) as refused:
                world.ask(assertion=text)
            assert refused.value.facts == {"reason": "replayed"}
            world.db = kept
        other.close()

    def test_two_keys_live_side_by_side(self, world, signing_keys, hand):
        """Keys rotate without a gap: old and new sign until the old one is ended."""
        made = world.client(key=signing_keys["ES256"])
        public = public_keys.from_jwk(signing_keys["EdDSA"].as_dict(private=False))
        new = client_keys.add(world.db, made.client.id, public, by=OPERATOR, at=world.at)
        old = (signing_keys["ES256"], "ES256", made.key.kid)

        for key, algorithm, kid in (old, (signing_keys["EdDSA"], "EdDSA", new.kid)):
            world.ask(assertion=hand.signed(key, algorithm, hand.claims(made.client.id, world.at), kid=kid))
        client_keys.end(world.db, made.client.id, made.key.kid, by=OPERATOR, at=world.at)

        with pytest.raises(ClientRefused):
            world.ask(assertion=hand.signed(old[0], old[1], hand.claims(made.client.id, world.at), kid=old[2]))

    def test_key_counts_only_between_its_instants(self, world, signing_keys, hand):
        """A key for next week does not sign today."""
        made = world.client()
        public = public_keys.from_jwk(signing_keys["ES256"].as_dict(private=False))
        begins, ends = world.at + timedelta(days=7), world.at + timedelta(days=14)
        row = client_keys.add(
            world.db, made.client.id, public, by=OPERATOR, at=world.at, not_before=begins, not_after=ends
        )

        def ask(at):
            text = hand.signed(signing_keys["ES256"], "ES256", hand.claims(made.client.id, at), kid=row.kid)
            return world.ask(at=at, assertion=text)

        assert ask(begins).seconds == 600
        for at in (begins - timedelta(seconds=1), ends):
            with pytest.raises(ClientRefused):
                ask(at)


class TestBudget:
    """The budgets of token requests."""

    def test_guessing_stops_and_an_honest_neighbour_goes_on(self, world):
        """A guesser's network gets its tries and no more, told once to the ledger; who proves itself gets its token."""
        made = world.client()
        limits = Limits(network_requests=3)
        for _ in range(3):
            with pytest.raises(ClientRefused):
                world.ask(client=made.client.id, secret="x", limits=limits)

        for _ in range(5):
            with pytest.raises(TooManyTries):
                world.ask(client=made.client.id, secret="x", limits=limits, remote="192.0.2.200")

        assert world.events().count("budget-empty") == 1
        assert world.ask(client=made.client.id, secret=made.secret, limits=limits, remote="192.0.2.200").token

    def test_client_has_its_own_budget_wherever_it_calls_from(self, world):
        """One client cannot draw tokens without end; a stranger who knows its id does not spend its budget."""
        made = world.client()
        limits = Limits(client_requests=2, network_requests=1_000)
        for _ in range(10):
            with pytest.raises(ClientRefused):
                world.ask(client=made.client.id, secret="x", limits=limits)

        world.ask(client=made.client.id, secret=made.secret, limits=limits)
        world.ask(client=made.client.id, secret=made.secret, limits=limits, remote="198.51.100.1")

        with pytest.raises(TooManyTries) as refused:
            world.ask(client=made.client.id, secret=made.secret, limits=limits, remote="203.0.113.1")
        assert refused.value.facts == {"seconds": 30}
