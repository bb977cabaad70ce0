"""How long tokens live and how often one may try; the hub fills this from its settings, tests and tools from here."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Limits:
    """Lifetimes and budgets of callers."""

    client_token: timedelta = timedelta(minutes=10)  # a stolen one is soon worthless, and renewing costs one request
    officer_token: timedelta = timedelta(hours=8)  # a working day
    officer_idle: timedelta = timedelta(minutes=30)  # a desk that was left
    client_requests: int = 60  # token requests per minute and client
    network_requests: int = 60  # token requests and sign-ins per minute and remote network
    subject_requests: int = 10  # sign-ins per minute and login


DEFAULT = Limits()
MINUTE = timedelta(minutes=1)
