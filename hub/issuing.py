"""Tell the register by which request something is issued: issuing spans two transactions, so the intent keeps the key.

Instead of `hub.once`: an answer cannot commit beside an act that has two commits; the record is the answer.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from hub.errors import KeyReused
from hub.once import Claim
from registry.life.intents import Request
from registry.store.errors import KeyUsedForAnother


def request_of(claim: Claim) -> Request:
    """What makes two requests the same one."""
    return Request(claim.caller, claim.key, None if claim.key is None else claim.request)


@contextmanager
def reused() -> Iterator[None]:
    """Call the same key with another request what it is over HTTP."""
    try:
        yield
    except KeyUsedForAnother as clash:
        raise KeyReused from clash
