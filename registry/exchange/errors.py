"""Name every refusal of the exchange: cases, look-ups, grants, presentations.

Trust: what was not found, is not the asker's to know, or does not fit the name that was given answers alike; facts
       name codes, modes and days, never a person.
"""

from registry.store.errors import RegistryError


class ExchangeError(RegistryError):
    """The exchange declines."""

    code = "exchange.refused"


class CaseFileRefused(ExchangeError):
    """A file of cases cannot be read at all (facts: reason, limit)."""

    code = "case.file_refused"


class CaseDiffers(ExchangeError):
    """The case is registered for another matter."""

    code = "case.differs"


class CaseUnknown(ExchangeError):
    """The case is not registered, and this authority looks nothing up without it."""

    code = "case.unknown"


class CaseClosed(ExchangeError):
    """The case is over, so nothing more is looked up for it."""

    code = "case.closed"
