"""Name every refusal that callers meet: who they are, what they may, how often they try.

Trust: a refused sign-in and a refused client say nothing about what was wrong, unless the caller has proved itself.
"""

from registry.store.errors import RegistryError


class AccessRefused(RegistryError):
    """The caller is not let in."""

    code = "access.refused"


class NotAuthenticated(AccessRefused):
    """There is no token, or it is unknown, expired, revoked, or its owner is closed: all alike."""

    code = "access.not_authenticated"


class NotPermitted(AccessRefused):
    """The caller is known and lacks a scope (facts: scope)."""

    code = "access.not_permitted"


class ClientRefused(AccessRefused):
    """The client's secret or assertion is not accepted (facts: reason, told only after its key was proved)."""

    code = "access.client_refused"


class GrantRefused(AccessRefused):
    """The identity token is not accepted, or nobody here has this identity."""

    code = "access.grant_refused"


class GrantUnknown(AccessRefused):
    """A token was asked for in a way this hub does not offer."""

    code = "access.grant_unknown"


class TokenRequestMalformed(AccessRefused):
    """A token request is not the form it must be (facts: reason)."""

    code = "access.token_request"


class ProviderAway(AccessRefused):
    """The OpenID provider's keys cannot be fetched."""

    code = "access.provider_away"


class ScopeRefused(AccessRefused):
    """A scope was asked for that this caller was not given (facts: scope)."""

    code = "access.scope_refused"


class SignInRefused(AccessRefused):
    """Login, password or code is wrong, or the account is not open: all alike."""

    code = "access.sign_in_refused"


class SignInLocked(AccessRefused):
    """Too many wrong tries for this login (facts: minutes until it opens again)."""

    code = "access.sign_in_locked"


class TooManyTries(AccessRefused):
    """The budget of this caller or network is spent (facts: seconds until the next try)."""

    code = "access.too_many_tries"


class AccessInvalid(AccessRefused):
    """A client or an officer cannot be registered like this."""

    code = "access.invalid"


class KeyUnfit(AccessInvalid):
    """A public key cannot be accepted (facts: reason)."""

    code = "access.key_unfit"


class NetworkUnfit(AccessInvalid):
    """A network is not written as address/prefix (facts: position)."""

    code = "access.network_unfit"


class CertificateUnfit(AccessInvalid):
    """What a client should be bound to is no certificate in PEM (facts: position)."""

    code = "access.certificate_unfit"


class LoginUnfit(AccessInvalid):
    """A login name is not of the allowed form (facts: expected)."""

    code = "access.login_unfit"


class PasswordUnfit(AccessInvalid):
    """A password is too easy to guess (facts: reason)."""

    code = "access.password_unfit"


class TooManyKeys(AccessInvalid):
    """The client has as many live keys as it may (facts: most)."""

    code = "access.too_many_keys"


class AlreadyClosed(AccessRefused):
    """The client or the officer is closed, and this cannot be done any more."""

    code = "access.closed"


class NotByOneself(AccessRefused):
    """Nobody changes the rights of the own account."""

    code = "access.not_by_oneself"


class LastAdministrator(AccessRefused):
    """Without this administrator nobody could administer the hub."""

    code = "access.last_administrator"


class RegisterNotEmpty(AccessRefused):
    """There is an officer already, so the first one cannot be made any more."""

    code = "access.register_not_empty"
