"""Name every refusal of the hub itself: start, requests, callers."""

from verification.errors import Refusal


class HubError(Refusal):
    """The hub declines."""

    code = "hub.error"


class NotReadyForProduction(HubError):
    """A production start was asked for, and something about the settings forbids it."""

    code = "hub.not_ready_for_production"

    def __init__(self, problems: tuple[str, ...]) -> None:
        self.problems = problems
        super().__init__(problems="; ".join(problems))


class NotInitialised(HubError):
    """There is no register here yet."""

    code = "hub.not_initialised"


class RequestRefused(HubError):
    """The request cannot be read."""

    code = "request.malformed"


class RequestTooLarge(HubError):
    """The body is larger than this address accepts."""

    code = "request.too_large"


class RequestInvalid(HubError):
    """Fields of the request are missing, wrong or unknown."""

    code = "request.invalid"


class NoSuchAddress(HubError):
    """Nothing answers at this address."""

    code = "request.no_such_address"


class NoSuchMethod(HubError):
    """The address exists and does not take this method."""

    code = "request.no_such_method"


class CursorRefused(HubError):
    """The page cursor was not given out by this hub."""

    code = "request.cursor"


class KeyReused(HubError):
    """The Idempotency-Key was used before, for another request."""

    code = "request.key_reused"


class WorkbookRefused(HubError):
    """A workbook cannot be read (facts: reason, and what it is about)."""

    code = "workbook.refused"


class KeyRefused(HubError):
    """The Idempotency-Key is not 1 to 255 printable characters."""

    code = "request.key_malformed"


class VerifierBusy(HubError):
    """More files wait to be verified than may wait here."""

    code = "verifications.busy"


class OurMistake(HubError):
    """Something went wrong on our side; the request id finds it in the log."""

    code = "hub.our_mistake"


class NoSuchMeasurement(HubError):
    """`hub bench` was asked for a name it does not know."""

    code = "hub.no_such_measurement"


class DemoOnly(HubError):
    """The demo was asked for in production mode."""

    code = "hub.demo_only"
