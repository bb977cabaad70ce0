"""Show the log to an auditor with a browser: its name, size and root, its keys, who witnesses it, how to check.

Trust: a page proves nothing; it says what to fetch and with which keys to check it.
"""

import base64
from html import escape
from importlib.resources import files

from hub import log_keeping, witnesses
from hub.parts import Parts
from registry.store.log import checkpoints, cosignatures

_NONE = '<tr><td colspan="2">尚无外部见证方 · <span lang="en">no foreign witness</span></td></tr>'


def page(parts: Parts) -> str:
    """The page."""
    with parts.db.reading() as look:
        newest = checkpoints.newest(look)
        seen = {} if newest is None else cosignatures.of_size(look, newest.size)
    told = {
        "origin": log_keeping.origin(parts),
        "address": parts.settings.address,
        "size": "0" if newest is None else str(newest.size),
        "root": "–" if newest is None else base64.b64encode(bytes(newest.root)).decode(),
        "at": "–" if newest is None else newest.at.isoformat(timespec="seconds"),
        "keys": "\n".join(key.text() for key in log_keeping.keys(parts)),
    }
    text = files("hub.pages").joinpath("log.html").read_text(encoding="utf-8")
    for name, value in told.items():
        text = text.replace(f"{{{name}}}", escape(value))
    names = [one.name for one in witnesses.configured(parts)]
    return text.replace("{witnesses}", "".join(_row(name, seen.get(name)) for name in names) or _NONE)


def _row(name: str, at: str | None) -> str:
    told = "尚未联署 · not yet" if at is None else at
    return f"<tr><td>{escape(name)}</td><td>{escape(told)}</td></tr>"
