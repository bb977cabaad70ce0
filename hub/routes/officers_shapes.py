"""What officers look like on the wire."""

from datetime import datetime
from typing import Self

from pydantic import Field

from hub.founding import PRODUCT
from hub.wire import In, Out
from registry.directory.access import one_time_codes
from registry.directory.access.officers import Enrolled, Person
from registry.directory.access.scopes import Role
from registry.store.tables.access import Officer


class OfficerIn(In):
    """An officer to register."""

    login: str = Field(min_length=2, max_length=63, examples=["zhang.san"])
    name: str = Field(min_length=1, max_length=100, examples=["示例张三"])
    authority: str = Field(
        min_length=18, max_length=18, description="统一社会信用代码", examples=["114108000000000004"]
    )
    roles: list[Role] = Field(max_length=20, examples=[["registrar"]])

    def person(self) -> Person:
        """The same for the register."""
        return Person(self.login, self.name, self.authority, frozenset(self.roles))


class RolesIn(In):
    """The roles an officer has from now on."""

    roles: list[Role] = Field(max_length=20, examples=[["caseworker", "archivist"]])


class PasswordIn(In):
    """The own password, old and new."""

    old: str = Field(min_length=1, max_length=200, repr=False, examples=["…"])
    new: str = Field(min_length=1, max_length=200, repr=False, examples=["…"])


class OfficerOut(Out):
    """An officer."""

    id: str
    login: str
    name: str
    authority: str
    roles: list[str]
    signs_in_by: str = Field(examples=["password"], description="`password` or `identity`")
    registered_at: datetime
    disabled_at: datetime | None

    @classmethod
    def of(cls, row: Officer) -> Self:
        """An officer as its administrator sees it."""
        return cls(**_members(row))


class EnrolledOut(OfficerOut):
    """A new or reset account, with what is shown this once."""

    password: str = Field(repr=False, description="first password; must be changed at the first sign-in")
    totp: str = Field(repr=False, description="otpauth:// address for the authenticator app")

    @classmethod
    def enrolled(cls, made: Enrolled) -> Self:
        """An enrolment as its administrator sees it."""
        address = one_time_codes.address(made.seed, login=made.officer.login, product=PRODUCT)
        return cls(password=made.password, totp=address, **_members(made.officer))


def _members(row: Officer) -> dict[str, object]:
    return {
        "id": row.id,
        "login": row.login,
        "name": row.name,
        "authority": row.authority,
        "roles": row.roles.split(),
        "signs_in_by": "password" if row.subject is None else "identity",
        "registered_at": row.at,
        "disabled_at": row.disabled_at,
    }
