"""Print the newest checkpoint on one page, to be signed for, filed and found again without this hub.

Out:   a PDF/A page: name, size, root, times, witnesses, and a code that holds the checkpoint under its first signature
Why:   paper in somebody else's safe is a copy nobody can change; the code's text is what `--checkpoint FILE` takes.
"""

import base64
from collections.abc import Iterator
from importlib.resources import files

from hub.parts import Parts
from registry.store.log import checkpoints, cosignatures
from registry.store.tables.log import LogCheckpoint
from signing import codes, page
from verification import notes
from verification.legal_dates import SHANGHAI

_NONE = [("尚无见证方或时间戳", "no witness or time-stamp yet")]
_HOW = (
    "扫描二维码，把其中的文字原样存为文件，运行：hub log audit --checkpoint 文件。历史若被改写或截短，审计会指出。",
    "Scan the code, save its text unchanged as a file, run: hub log audit --checkpoint FILE. A history that was"
    " rewritten or cut short is found.",
    "条数与根也可以用眼核对。 Size and root can be compared by eye as well.",
)


def printed(parts: Parts) -> bytes:
    """The page of the newest checkpoint."""
    with parts.db.reading() as look:
        row = checkpoints.published(look)
        seen = cosignatures.of_size(look, row.size)
    template = page.Template({"page.typ": files("hub.pages").joinpath("checkpoint.typ").read_bytes()})
    face = {
        "title": "公开账本检查点",
        "english": "Checkpoint of the public log",
        "rows": [list(one) for one in _rows(row)],
        "witnessed": "见证方与时间戳 Witnesses and time-stamps",
        "witnesses": [list(one) for one in seen.items() or _NONE],
        "how": list(_HOW),
    }
    return page.render(template, face=face, parts=page.Parts(qr_svg=codes.svg(short(row))), at=parts.now())


def short(row: LogCheckpoint) -> str:
    """The checkpoint under its first signature alone: as much as a code can hold."""
    whole = notes.read(row.note.encode())
    return f"{whole.text}\n{whole.signatures[0].line()}"


def _rows(row: LogCheckpoint) -> Iterator[tuple[str, str]]:
    yield "名称 Name", checkpoints.named(row)
    yield "条数 Entries", str(row.size)
    yield "根 Root", _spaced(base64.b64encode(bytes(row.root)).decode())
    yield "签署时间 Signed at", row.at.astimezone(SHANGHAI).isoformat(sep=" ", timespec="seconds")


def _spaced(text: str) -> str:
    """In groups of four, so that an eye keeps its place."""
    return " ".join(text[place : place + 4] for place in range(0, len(text), 4))
