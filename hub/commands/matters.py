"""List matters, take them from files and give them out, mirror a library's, list which licences they use."""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hub.commands.catalog import write_new
from hub.commands.output import AsJson, tell, tell_table

if TYPE_CHECKING:
    from registry.directory.matters.taking import Taken

app = typer.Typer(name="matters", help="政务服务事项 · Service items and what satisfies them", no_args_is_help=True)
Given = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="JSON (one document or a list), or XLSX")]
_NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,39}")


def _named(text: str | None) -> str | None:
    """The ledger keeps a library's name, and codes are all it takes."""
    if text is not None and not _NAME.fullmatch(text):
        raise typer.BadParameter(f"{text!r} ≠ {_NAME.pattern}")
    return text


Library = Annotated[
    str | None,
    typer.Option(
        callback=_named, help="镜像自哪个事项库（代码） code of the library whose word this is; it stays read-only"
    ),
]
New = Annotated[Path, typer.Argument(help="file to write: .json or .xlsx")]
MOST = 10_000


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """列出 · List the matters of today."""
    from hub.founding import open_hub
    from hub.settings import Settings
    from registry.directory.matters import labels, reading
    from verification.legal_dates import legal_date

    with open_hub(Settings()) as parts, parts.db.reading() as look:
        found = reading.page(look, on=legal_date(parts.now()), limit=MOST)
    rows = [
        {
            "code": one.matter.code,
            "version": one.matter.version,
            "title": one.matter.told.title.zh,
            "authority": one.matter.told.authority,
            "library": one.row.origin,
            "materials": len(one.matter.told.materials),
            "waived": sum(labels.label(each) is labels.Label.WAIVED for each in one.matter.told.materials),
            "withdrawn_at": one.row.withdrawn_at,
        }
        for one in found
    ]
    tell_table(rows, title="政务服务事项 matters", as_json=as_json)


@app.command()
def diff(file: Given, library: Library = None, as_json: AsJson = False) -> None:
    """比对 · Show what a file would change, and change nothing."""
    _show(_taken(file, library, write=False), as_json=as_json, done=False)


@app.command("import")
def import_(file: Given, library: Library = None, as_json: AsJson = False) -> None:
    """导入 · Publish what a file says as the next versions; what says nothing new changes nothing."""
    _show(_taken(file, library, write=True), as_json=as_json, done=True)


@app.command()
def export(
    out: New,
    codes: Annotated[list[str] | None, typer.Option("--matter", help="事项编码 code; all when left out")] = None,
    as_json: AsJson = False,
) -> None:
    """导出 · Write matters into a file that can be edited and imported again."""
    from hub.founding import open_hub
    from hub.settings import Settings
    from registry.directory.matters import reading
    from verification.legal_dates import legal_date

    with open_hub(Settings()) as parts, parts.db.reading() as look:
        on = legal_date(parts.now())
        wanted = codes or [one.matter.code for one in reading.page(look, on=on, limit=MOST)]
        found = [json.loads(reading.document(look, code, reading.shown(look, code).matter.version)) for code in wanted]
    write_new(out, _written(out, found))
    tell({"path": str(out), "matters": len(found)}, f"✓ {out}: {len(found)}", as_json=as_json)


@app.command()
def uses(
    out: Annotated[Path | None, typer.Option("--out", help="write an XLSX file")] = None, as_json: AsJson = False
) -> None:
    """四电应用清单 · List which electronic licence serves which material of which matter."""
    from hub import matter_uses
    from hub.founding import open_hub
    from hub.settings import Settings
    from verification.legal_dates import legal_date

    with open_hub(Settings()) as parts, parts.db.reading() as look:
        found = matter_uses.rows(look, on=legal_date(parts.now()))
    if out is None:
        tell_table(found, title="四电应用清单 uses", as_json=as_json)
        return
    write_new(out, matter_uses.workbook(found))
    tell({"path": str(out), "rows": len(found)}, f"✓ {out}: {len(found)}", as_json=as_json)


def _taken(file: Path, library: str | None, *, write: bool) -> "list[Taken]":
    from hub.founding import open_hub
    from hub.settings import Settings
    from registry.directory.access.callers import OPERATOR
    from registry.directory.matters import taking

    told = _read(file)
    with open_hub(Settings()) as parts:
        return [
            taking.take(parts.db, parts.documents, one, library=library, by=OPERATOR, at=parts.now(), write=write)
            for one in taking.in_order(told)
        ]


def _read(file: Path) -> list[Mapping[str, Any]]:
    from hub import matter_files
    from hub.errors import WorkbookRefused

    data = file.read_bytes()
    if file.suffix.lower() == ".xlsx":
        return list(matter_files.read(data))
    try:
        told = json.loads(data)
    except (ValueError, RecursionError):
        raise WorkbookRefused(reason="not-json") from None
    found = told if isinstance(told, list) else [told]
    if not all(isinstance(one, dict) for one in found):
        raise WorkbookRefused(reason="not-json")
    return found


def _written(out: Path, found: Sequence[Mapping[str, Any]]) -> bytes:
    from hub import matter_files

    if out.suffix.lower() == ".xlsx":
        return matter_files.write(found)
    return (json.dumps(found, ensure_ascii=False, indent=1) + "\n").encode()


def _show(found: "Sequence[Taken]", *, as_json: bool, done: bool) -> None:
    lines = []
    for one in found:
        state = "=" if not one.changes else "✓" if done else "~"
        lines.append(f"{state} {one.code}@{one.version}")
        lines += [f"    {each.place}: {_short(each.before)} → {_short(each.after)}" for each in one.changes]
    told = [
        {
            "code": one.code,
            "version": one.version,
            "new": one.new,
            "changes": [{"place": each.place, "before": each.before, "after": each.after} for each in one.changes],
        }
        for one in found
    ]
    tell(told, "\n".join(lines), as_json=as_json)


def _short(value: Any) -> str:  # noqa: ANN401 - JSON of any kind
    text = "-" if value is None else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else text[:57] + "…"
