"""Everything a handler can ask for, in one list."""

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


def _parts(request: Request) -> Parts:
    parts: Parts = request.app.state.parts
    return parts


def _db(request: Request) -> Database:
    return _parts(request).db


def _documents(request: Request) -> Documents:
    return _parts(request).documents


def _keyring(request: Request) -> Keyring:
    return _parts(request).keyring


def _now(request: Request) -> datetime:
    """One request has one now."""
    if not hasattr(request.state, "now"):
        request.state.now = _parts(request).now()
    now: datetime = request.state.now
    return now


def _language(request: Request) -> Language:
    return preferred(request.headers.get("accept-language", ""))


def _fonts(request: Request) -> tuple[Path, ...]:
    return _parts(request).settings.font_folders


def _press(request: Request) -> Press:
    return _parts(request).press


PartsOf = Annotated[Parts, Depends(_parts)]
Db = Annotated[Database, Depends(_db)]
Kept = Annotated[Documents, Depends(_documents)]
Keys = Annotated[Keyring, Depends(_keyring)]
Makes = Annotated[Press, Depends(_press)]
Fonts = Annotated[tuple[Path, ...], Depends(_fonts)]
Now = Annotated[datetime, Depends(_now)]
Speaks = Annotated[Language, Depends(_language)]
