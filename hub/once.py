"""Make a write answer once: the same Idempotency-Key and request give the same answer and a single act.

How:   the handler runs inside one transaction together with the record of its answer, so no crash can part them.
       A refusal keeps no answer: the next try is judged anew; and nothing else, unless it is one `on_record`.
"""

import functools
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, ParamSpec

from fastapi import Depends, Header, Request, Response

from hub.callers import Known
from hub.deps import Keys, Now
from hub.errors import KeyRefused, KeyReused
from hub.wire import Out
from registry.store import answers
from registry.store.answers import Answer
from registry.store.database import Database
from registry.store.envelopes import Keyring
from registry.store.errors import AlreadyClaimed, KeyUsedForAnother, RegistryError
from verification.digests import sha256

P = ParamSpec("P")
_PRINTABLE = re.compile(r"[\x21-\x7e]{1,255}")


@dataclass(frozen=True, slots=True)
class Claim:
    """What makes two requests the same one."""

    caller: str
    key: str | None
    request: str
    keyring: Keyring
    at: datetime


def claim_of(request: Request, caller: str, body: bytes, keyring: Keyring, now: datetime) -> Claim:
    """The claim of a request that was read."""
    key = request.headers.get("idempotency-key")
    if key is not None and not _PRINTABLE.fullmatch(key):
        raise KeyRefused
    asked = f"{request.method} {request.url.path}?{request.url.query}\n".encode() + body
    return Claim(caller, key, sha256(asked), keyring, now)


async def _claim(
    request: Request,
    caller: Known,
    keyring: Keys,
    now: Now,
    _idempotency_key: Annotated[
        str | None,
        Header(alias="idempotency-key", description="your own name for this request; a repeat acts once"),
    ] = None,
) -> Claim:
    return claim_of(request, caller.id, await request.body(), keyring, now)


Claimed = Annotated[Claim, Depends(_claim)]


def once(status: int = 201) -> Callable[[Callable[P, Out | bytes]], Callable[P, Response]]:
    """Wrap a handler that takes `db: Db` and `claim: Claimed` and answers with one wire model, or with its JSON."""

    def wrap(handler: Callable[P, Out | bytes]) -> Callable[P, Response]:
        @functools.wraps(handler)
        def run(*args: P.args, **asked: P.kwargs) -> Response:
            answer = _answered(handler, asked, status)
            return Response(answer.body, status_code=answer.status, media_type="application/json")

        return run

    return wrap


def _answered(handler: Callable[..., Out | bytes], asked: dict[str, Any], status: int) -> Answer:
    claim: Claim = asked["claim"]
    if claim.key is None:
        return Answer(status, _written(handler(**asked)))
    try:
        return _act_once(handler, asked, status)
    except AlreadyClaimed:
        return _act_once(handler, asked, status)
    except KeyUsedForAnother as clash:
        raise KeyReused from clash


def _act_once(handler: Callable[..., Out | bytes], asked: dict[str, Any], status: int) -> Answer:
    db: Database = asked["db"]
    claim: Claim = asked["claim"]
    key = claim.key or ""
    with db.as_one() as one, one.writing() as tx:
        kept = answers.claim(tx, claim.keyring, claim.caller, key, request=claim.request, at=claim.at)
        if kept is not None:
            return kept
        try:
            answer = Answer(status, _written(handler(**{**asked, "db": one})))
        except RegistryError as refused:
            if not refused.stays:
                raise
            answers.release(tx, claim.caller, key)
            recorded = refused
        else:
            answers.keep(tx, claim.keyring, claim.caller, key, answer)
            return answer
    raise recorded


def _written(told: Out | bytes) -> bytes:
    return told if isinstance(told, bytes) else told.model_dump_json().encode()
