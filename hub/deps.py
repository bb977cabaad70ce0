"""Everything a handler can ask for, in one list.

What waits for nothing is `async`, so that the framework asks it at once; plain functions cost a thread's turn each.
"""

from datetime import datetime
from pathlib import Path
from typing import Annotated

from fastapi import Depends, Request

from hub.parts import Parts
from hub.texts.reader import Language, preferred
from registry.life.press import Press
from registry.store.database import Database
from registry.store.documents import Documents
from registry.store.envelopes import Keyring


def _of(request: Request) -> Parts:
    parts: Parts = request.app.state.parts
    return parts


async def _parts(request: Request) -> Parts:
    return _of(request)


async def _db(request: Request) -> Database:
    return _of(request).db


async def _documents(request: Request) -> Documents:
    return _of(request).documents


async def _keyring(request: Request) -> Keyring:
    return _of(request).keyring


async def _now(request: Request) -> datetime:
    """One request has one now."""
    if not hasattr(request.state, "now"):
        request.state.now = _of(request).now()
    now: datetime = request.state.now
    return now


async def _language(request: Request) -> Language:
    return preferred(request.headers.get("accept-language", ""))


async def _fonts(request: Request) -> tuple[Path, ...]:
    return _of(request).settings.font_folders


async def _sent(request: Request) -> bytes:
    return await request.body()


def _press(request: Request) -> Press:
    return _of(request).press


PartsOf = Annotated[Parts, Depends(_parts)]
Db = Annotated[Database, Depends(_db)]
Kept = Annotated[Documents, Depends(_documents)]
Keys = Annotated[Keyring, Depends(_keyring)]
Makes = Annotated[Press, Depends(_press)]
Fonts = Annotated[tuple[Path, ...], Depends(_fonts)]
Sent = Annotated[bytes, Depends(_sent)]  # a body as it came, of whatever kind
Now = Annotated[datetime, Depends(_now)]
Speaks = Annotated[Language, Depends(_language)]
