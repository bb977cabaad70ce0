"""registry/directory/access/tokens.py and callers.py: tokens that count, and those that do not any more"""

from datetime import timedelta

import pytest

from registry.directory.access import callers, tokens
from registry.directory.access.errors import NotAuthenticated, TooManyTries
from registry.directory.access.limits import Limits


class TestAuthenticate:
    """callers.authenticate() and tokens.revoke()"""

    @pytest.mark.parametrize("bearer", ["", "x", "hubt_", "hubt_" + "A" * 43, "hubt_" + "A" * 44, "\x00", "\ud800"])
    def test_what_was_never_given_out_is_nobody(self, world, bearer):
        """Any text that is no token gets the one refusal."""
        with pytest.raises(NotAuthenticated) as refused:
            callers.authenticate(world.db, bearer, at=world.at)
        assert refused.value.facts == {}

    def test_revoked_token_is_nobody_and_revoking_twice_is_no_error(self, world):
        """Whoever holds a token may end it; an unknown one is left alone."""
        made = world.client()
        grant = world.ask(client=made.client.id, secret=made.secret)

        for bearer in (grant.token, grant.token, "hubt_unknown", "\ud800"):
            tokens.revoke(world.db, bearer, at=world.at)

        with pytest.raises(NotAuthenticated):
            callers.authenticate(world.db, grant.token, at=world.at)
        assert world.events().count("token-revoked") == 1

    def test_revoking_what_nobody_gave_out_spends_the_networks_budget(self, world):
        """A stranger's flood of made-up tokens ends in a wait; whoever ends a live token is never asked to wait."""
        made = world.client()
        grant = world.ask(client=made.client.id, secret=made.secret)
        known = {"at": world.at, "remote": "192.0.2.7", "limits": Limits(network_requests=2)}

        for _ in range(2):
            tokens.revoke(world.db, "hubt_unknown", **known)
        with pytest.raises(TooManyTries):
            tokens.revoke(world.db, "hubt_unknown", **known)
        tokens.revoke(world.db, "hubt_unknown", **known | {"remote": "198.51.100.7"})
        tokens.revoke(world.db, grant.token, **known)

        assert (world.events().count("token-revoked"), world.events().count("budget-empty")) == (1, 1)

    def test_old_tokens_are_swept(self, world):
        """A week after its end a token leaves no row."""
        made = world.client()
        grant = world.ask(client=made.client.id, secret=made.secret)

        tokens.sweep(world.db, at=world.at + timedelta(days=8))

        tokens.revoke(world.db, grant.token, at=world.at)
        assert "token-revoked" not in world.events()
