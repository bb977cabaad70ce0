"""Whom or what a look-up is about: holders, a project with its building, an identifier, an office's own number.

Order: exactly one of these leads to certificates; holders named beside it must be the certificate's holders, too.
       Beside a project they lead to what is about no project but about them alone (a business licence).
"""

from dataclasses import dataclass, field

from registry.exchange.errors import AboutUnclear


@dataclass(frozen=True, slots=True)
class Named:
    """A holder as an office names one: name and number must both fit."""

    name: str
    code_kind: str
    code: str

    @property
    def spelled(self) -> tuple[str, str]:
        """The number in the spelling under which it is kept."""
        return self.code_kind, self.code.strip().upper()


@dataclass(frozen=True, slots=True)
class About:
    """Whom or what."""

    holders: tuple[Named, ...] = ()
    project: str | None = None
    building: str | None = None  # its name, its unit code or its id
    identifier: str | None = None
    number: str | None = None
    issuer: str | None = None
    shown: str | None = field(default=None, repr=False)  # a code as its holder showed it

    def __post_init__(self) -> None:
        leads = sum(one is not None for one in (self.project, self.identifier, self.number, self.shown))
        if leads > 1 or not (leads or self.holders):
            raise AboutUnclear
        if self.shown is not None and self.holders:
            raise AboutUnclear  # the code says whose it is
        if (self.building is not None and self.project is None) or (self.number is None) != (self.issuer is None):
            raise AboutUnclear
