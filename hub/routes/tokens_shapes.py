"""What token requests and answers look like on the wire."""

from typing import Self

from pydantic import Field

from hub.wire import In, Out
from registry.directory.access.callers import Caller
from registry.directory.access.sign_ins import Attempt
from registry.directory.access.tokens import Grant


class SignIn(In):
    """What an officer types."""

    login: str = Field(min_length=1, max_length=64, examples=["zhang.san"])
    password: str = Field(min_length=1, max_length=200, repr=False, examples=["…"])
    totp: str = Field(min_length=6, max_length=6, repr=False, description="six digits", examples=["123456"])

    def attempt(self, remote: str | None) -> Attempt:
        """The same for the register."""
        return Attempt(self.login, self.password, self.totp, remote)


class OauthToken(Out):
    """A token as RFC 6749 §5.1 says it."""

    access_token: str = Field(repr=False)
    token_type: str = Field(examples=["Bearer"])
    expires_in: int = Field(examples=[600], description="seconds")
    scope: str = Field(examples=["retrieve verify"])
    issued_token_type: str | None = Field(None, description="for token exchange (RFC 8693 §2.2.1)")


class OfficerToken(Out):
    """An officer's token."""

    token: str = Field(repr=False)
    expires_in: int = Field(examples=[28800], description="seconds; sooner when it is not used")
    scopes: list[str] = Field(examples=[["draft", "issue"]])
    must_change: bool = Field(description="true: nothing but the change of the password is possible yet")

    @classmethod
    def of(cls, grant: Grant) -> Self:
        """A grant as the officer sees it."""
        return cls(
            token=grant.token,
            expires_in=grant.seconds,
            scopes=sorted(scope.value for scope in grant.scopes),
            must_change=grant.must_change,
        )


class CallerOut(Out):
    """Who calls."""

    kind: str = Field(examples=["client"])
    id: str = Field(examples=["cli_1f…"])
    authority: str
    scopes: list[str]
    must_change: bool

    @classmethod
    def of(cls, caller: Caller) -> Self:
        """A caller as it sees itself."""
        return cls(
            kind=caller.kind.value,
            id=caller.id,
            authority=caller.authority,
            scopes=sorted(scope.value for scope in caller.scopes),
            must_change=caller.must_change,
        )
