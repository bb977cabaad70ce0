"""Give an officer a seed for one-time codes, and accept each code once.

In:    the officer's id, a six-digit code, now
Out:   the time step the code belongs to
Order: the step is written by compare-and-swap in the transaction that gives the token, so that of two equal codes
       sent at once only one passes.
Trust: seeds are sealed with the wrapping keys; the database alone cannot make a code.
Spec:  RFC 6238, 30 seconds, six digits; one step either way for clocks that differ (§5.2), never a step twice.
"""

import base64
import re
from datetime import datetime

import pyotp
from pyotp.exceptions import OTPVerificationError
from sqlalchemy import update
from sqlmodel import col

from registry.store.database import Reading, Writing
from registry.store.envelopes import Keyring, Wrapped, open_sealed, seal
from registry.store.tables.access import CodeSeed

_KIND = "code-seed"
_SEED = 20  # bytes: the size of the HMAC-SHA-1 block's output, as RFC 4226 §4 recommends
_SIX_DIGITS = re.compile(r"[0-9]{6}", re.ASCII)


def draw(tx: Writing, keyring: Keyring, officer: str) -> tuple[CodeSeed, str]:
    """Draw a seed; give the row to keep and the seed to show once, in base32."""
    seed = tx.random(_SEED)
    wrapped, sealed = seal(keyring, seed, kind=_KIND, name=officer, random=tx.random)
    row = CodeSeed(officer=officer, sealed=sealed, key_id=wrapped.key_id, wrapped_key=wrapped.key)
    return row, _shown(seed)


def redraw(tx: Writing, keyring: Keyring, row: CodeSeed) -> str:
    """Replace a seed that was lost; codes of the old one end here."""
    fresh, shown = draw(tx, keyring, row.officer)
    row.sealed, row.key_id, row.wrapped_key = fresh.sealed, fresh.key_id, fresh.wrapped_key
    return shown


def address(seed: str, *, login: str, product: str) -> str:
    """Write the otpauth:// address that an authenticator reads from a QR code."""
    return pyotp.TOTP(seed).provisioning_uri(name=login, issuer_name=product)


def step(look: Reading, keyring: Keyring, officer: str, code: str, *, at: datetime) -> int | None:
    """Say which step a code belongs to; None when it is wrong, out of time or used already."""
    row = look.get(CodeSeed, officer)
    if row is None or not _SIX_DIGITS.fullmatch(code):
        return None
    seed = open_sealed(keyring, Wrapped(row.key_id, row.wrapped_key), row.sealed, kind=_KIND, name=officer)
    try:
        found = pyotp.TOTP(_shown(seed)).verify_and_get_timecode(code, for_time=at, valid_window=1)
    except OTPVerificationError:
        return None
    return found if found > row.step else None


def use(tx: Writing, officer: str, found: int) -> bool:
    """Use a step up; False when it, or a later one, was used meanwhile."""
    swap = update(CodeSeed).where(col(CodeSeed.officer) == officer, col(CodeSeed.step) < found).values(step=found)
    return tx.connection().execute(swap).rowcount == 1


def _shown(seed: bytes) -> str:
    return base64.b32encode(seed).decode()
