"""Take an office's cases from a file or from its case system, and list the look-ups whose case never came."""

import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hub.commands.output import AsJson, language, tell, tell_table

if TYPE_CHECKING:
    from hub.parts import Parts
    from registry.directory.access.callers import Caller

app = typer.Typer(name="cases", help="办件 · Cases that look-ups are made for", no_args_is_help=True)

Authority = Annotated[str, typer.Option(help="统一社会信用代码 · whose cases they are")]
MOST = 8 << 20  # bytes of a file
SECONDS = 60
_ADDRESS = re.compile(r"[a-z]+://", re.IGNORECASE)
_SAFE = re.compile(r"https://|http://(127\.0\.0\.1|localhost|\[::1\])(:[0-9]+)?/", re.IGNORECASE)  # or this machine


@app.command("import")
def import_(
    source: Annotated[str, typer.Argument(help="文件或网址 · a CSV file (UTF-8 or GB18030), or the address it is at")],
    authority: Authority,
    token: Annotated[
        typer.FileText | None, typer.Option("--token-file", help="访问令牌文件 · bearer token for the address")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """导入 · Register the cases of a file, or pull them; a bad line stops no good one, a file twice changes nothing."""
    from hub.founding import open_hub
    from hub.settings import Settings
    from hub.texts.reader import Language, say
    from registry.exchange import case_files

    content = _pulled(source, token.read(4097).strip() if token else "") if _ADDRESS.match(source) else _read(source)
    with open_hub(Settings()) as parts:
        found = case_files.enter(parts.db, content, by=_office(parts, authority), at=parts.now())
    counted = Counter(one.outcome for one in found)
    refused = [
        {"line": one.line, "code": each.code, "title": say(each.code, Language(language()), each.facts)}
        for one in found
        for each in one.findings
    ]
    lines = [f"  {one['line']}: {one['title']}" for one in refused]
    summary = (
        f"✓ 登记 registered {counted['registered']} · 未变 unchanged {counted['unchanged']} · "
        f"未收 refused {counted['refused']}"
    )
    names = ("registered", "unchanged")
    told = {"lines": len(found)} | {name: counted[name] for name in names} | {"refused": refused}
    tell(told, "\n".join([summary, *lines]), as_json=as_json)


@app.command()
def unknown(
    authority: Authority,
    overdue: Annotated[bool, typer.Option("--overdue", help="只列逾期 · those past their day only")] = False,
    as_json: AsJson = False,
) -> None:
    """待补登 · List the look-ups whose case is still not registered, the oldest first."""
    from hub.founding import open_hub
    from hub.settings import Settings
    from registry.exchange import reconciling

    found = list[reconciling.Unreconciled]()
    with open_hub(Settings()) as parts:
        by = _office(parts, authority)
        after: tuple[str, str] | None = None
        while page := reconciling.page(parts.db, parts.calendar, by=by, at=parts.now(), after=after, limit=200):
            found += page
            after = (page[-1].row.at.isoformat(), page[-1].row.id)
    rows: list[dict[str, Any]] = [
        {"case": one.row.case_number, "retrieval": one.row.id, "matter": one.row.matter, "at": one.row.at,
         "due_on": one.due_on, "overdue": one.overdue}
        for one in found
        if one.overdue or not overdue
    ]  # fmt: skip
    tell_table(rows, title="待补登的办件 · look-ups that wait for their case", as_json=as_json)


def _office(parts: "Parts", code: str) -> "Caller":
    """The operator, acting for an authority that is there."""
    from dataclasses import replace

    from registry.directory.access.callers import OPERATOR
    from registry.directory.authorities import reading

    with parts.db.reading() as look:
        reading.get(look, code)
    return replace(OPERATOR, authority=code)


def _read(source: str) -> bytes:
    from registry.exchange import case_files
    from registry.exchange.errors import CaseFileRefused

    path = Path(source)
    if not path.is_file():
        raise typer.BadParameter(f"没有这个文件 · no such file: {source}", param_hint="SOURCE")
    if path.stat().st_size > MOST:
        raise CaseFileRefused(reason="size", limit=case_files.MOST)
    return path.read_bytes()


def _pulled(address: str, token: str) -> bytes:
    from hub import outbound
    from registry.exchange.errors import CaseSourceSilent

    if not _SAFE.match(address):
        raise typer.BadParameter(f"只接受 https 地址 · an https address, please: {address}", param_hint="SOURCE")
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        return outbound.ask_well("GET", address, headers=headers, seconds=SECONDS, largest=MOST)
    except outbound.NoAnswer as silent:
        raise CaseSourceSilent(reason=str(silent)) from None
