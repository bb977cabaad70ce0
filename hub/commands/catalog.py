"""List, check, publish and withdraw certificate types; make one from a base picture."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from hub.commands.output import AsJson, language, tell, tell_refusal, tell_table

if TYPE_CHECKING:
    from registry.directory.catalog_errors import Defective
    from registry.directory.findings import Finding

app = typer.Typer(
    name="catalog", help="证照目录 · Certificate and material types, and their packages", no_args_is_help=True
)
BY = "operator"
Code = Annotated[str, typer.Argument(help="证照类型代码 type code, 21 characters")]
Folder = Annotated[Path, typer.Argument(exists=True, file_okay=False, help="证照类型文件夹 type folder")]
Day = Annotated[datetime, typer.Option(formats=["%Y-%m-%d"])]


@app.command("list")
def list_(
    usable: Annotated[bool, typer.Option("--usable", help="only types whose whole stock is entered")] = False,
    as_json: AsJson = False,
) -> None:
    """列出 · List all types with their latest version."""
    from hub.founding import open_hub
    from hub.settings import Settings
    from registry.directory.catalog import listing

    with open_hub(Settings()) as parts, parts.db.reading() as look:
        found = listing.page(look, limit=100_000, usable=usable)
    rows = [
        {
            "code": each.type.code,
            "version": each.version.version,
            "name": each.version.name_zh,
            "category": each.version.category,
            "definer": each.version.definer_name,
            "per_mille": each.coverage.per_mille if each.coverage else None,
            "withdrawn_at": each.type.withdrawn_at,
        }
        for each in found
    ]
    tell_table(rows, title="证照目录 catalog", as_json=as_json)


@app.command()
def show(
    code: Code,
    version: Annotated[int, typer.Option(help="版本 version; the latest when left out")] = 0,
    out: Annotated[Path | None, typer.Option(help="write the version's files into this new folder")] = None,
    as_json: AsJson = False,
) -> None:
    """查看 · Show what a version of a type says; `--out` gives its files back."""
    from hub.founding import open_hub
    from hub.routes.catalog_shapes import version_out
    from hub.settings import Settings
    from registry.directory.catalog import listing

    with open_hub(Settings()) as parts, parts.db.reading() as look:
        entry = listing.entry(look, code, version or None)
        said = listing.contents(look, parts.documents, code, entry.version.version)
    told = version_out(entry, said).model_dump(mode="json")
    fields = [f"  {each.disclosure.value}  {each.name}  {each.title}" for each in said.schema.fields]
    text = "\n".join([f"{code}@{entry.version.version}  {entry.version.name_zh}", *fields])
    if out:
        write(out, said.folder.files)
    tell(told, text, as_json=as_json)


@app.command()
def check(folder: Folder, as_json: AsJson = False) -> None:
    """检查 · Check a type folder: definition, fields, page with sample and longest values, fonts. Exit 1 on defects."""
    from hub import clock
    from registry.directory.catalog.folder import from_directory
    from registry.directory.catalog.lint import lint

    found = lint(from_directory(folder), at=clock.now())
    tell([told(each) for each in found], "\n".join(map(line, found)) or "✓ 没有发现问题 no defects", as_json=as_json)
    raise typer.Exit(1 if found else 0)


@app.command()
def publish(folder: Folder, as_json: AsJson = False) -> None:
    """发布 · Publish a folder as the next version of its type; the same files again change nothing."""
    from hub.founding import open_hub
    from hub.settings import Settings
    from registry.directory.catalog import publication
    from registry.directory.catalog.folder import from_directory
    from registry.directory.catalog_errors import Defective

    with open_hub(Settings()) as parts:
        try:
            done = publication.publish(parts.db, parts.documents, from_directory(folder), by=BY, at=parts.now())
        except Defective as refusal:
            refuse(refusal)
    answer = {"code": done.code, "version": done.version, "digest": done.digest, "new": done.new}
    tell(answer, f"✓ {done.code}@{done.version}" + ("" if done.new else "  没有变化 unchanged"), as_json=as_json)


@app.command()
def withdraw(code: Code, as_json: AsJson = False) -> None:
    """停用 · Issue nothing more under a type; what there is stays readable."""
    from hub.founding import open_hub
    from hub.settings import Settings
    from registry.directory.catalog import publication

    with open_hub(Settings()) as parts:
        publication.withdraw(parts.db, code, by=BY, at=parts.now())
    tell({"code": code}, f"✓ {code} 已停用 withdrawn", as_json=as_json)


@app.command()
def restore(code: Code, as_json: AsJson = False) -> None:
    """恢复 · Take a withdrawal back."""
    from hub.founding import open_hub
    from hub.settings import Settings
    from registry.directory.catalog import publication

    with open_hub(Settings()) as parts:
        publication.restore(parts.db, code, by=BY, at=parts.now())
    tell({"code": code}, f"✓ {code} 已恢复 restored", as_json=as_json)


@app.command()
def coverage(
    code: Code,
    stock: Annotated[int, typer.Option(help="存量 how many there are")],
    entered: Annotated[int, typer.Option(help="已录入 how many are entered")],
    first_day: Day,
    last_day: Day,
    as_json: AsJson = False,
) -> None:
    """存量 · Tell how much of a type's existing stock is entered, and from when to when."""
    from hub.founding import open_hub
    from hub.settings import Settings
    from registry.directory.catalog import coverage as figures
    from verification.legal_dates import legal_date

    with open_hub(Settings()) as parts:
        today = legal_date(parts.now())
        given = figures.Figures(stock, entered, first_day.date(), last_day.date(), today)
        figures.tell(parts.db, code, given, by=BY, at=parts.now())
    tell({"code": code, "per_mille": given.per_mille}, f"✓ {code} {given.per_mille}‰", as_json=as_json)


@app.command()
def form(out: Annotated[Path, typer.Argument(help="XLSX file to write")], as_json: AsJson = False) -> None:
    """空白表 · Write the empty table of fields that goes with a base picture."""
    from registry.directory.catalog import picture_sheet

    write_new(out, picture_sheet.form())
    tell({"path": str(out)}, f"✓ {out}", as_json=as_json)


@app.command("from-picture")
def from_picture(
    picture: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="底图 PNG, JPEG or SVG")],
    table: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="字段表 XLSX")],
    out: Annotated[Path, typer.Argument(help="new type folder")],
    as_json: AsJson = False,
) -> None:
    """底图制模板 · Make a type folder from a base picture and a table of fields, without writing Typst."""
    from hub import clock
    from registry.directory.catalog import picture as pictures
    from registry.directory.catalog_errors import Defective

    try:
        made = pictures.from_picture(picture.read_bytes(), table.read_bytes(), at=clock.now())
    except Defective as refusal:
        refuse(refusal)
    write(out, made.files)
    tell({"path": str(out)}, f"✓ {out}", as_json=as_json)


def refuse(refusal: "Defective") -> NoReturn:
    """Print a refusal with each of its defects, and end with exit code 1."""
    tell_refusal(refusal)
    for each in refusal.findings:
        typer.secho(f"  {line(each)}", err=True)
    raise typer.Exit(1)


def told(finding: "Finding") -> dict[str, str]:
    """A defect for scripts."""
    return {**finding.row(), "title": _sentence(finding)}


def line(finding: "Finding") -> str:
    """A defect for people."""
    return f"✗ {' '.join(filter(None, (finding.file, finding.place)))}  {_sentence(finding)}"


def write(out: Path, held: Mapping[str, bytes]) -> None:
    """Write files into a folder that must be new or empty."""
    out.mkdir(parents=True, exist_ok=True)
    if any(out.iterdir()):
        raise typer.BadParameter(f"{out} 不是空文件夹 is not empty")
    for name, content in held.items():
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_bytes(content)


def write_new(out: Path, content: bytes) -> None:
    """Write a file that must not exist yet."""
    try:
        with out.open("xb") as file:
            file.write(content)
    except FileExistsError:
        raise typer.BadParameter(f"{out} 已存在 exists") from None


def _sentence(finding: "Finding") -> str:
    from hub.texts.reader import Language, say

    return say(finding.code, Language(language()), finding.facts)
