"""Issue one certificate on the hub's own machine, for an authority: from an order in a file, or an approved draft."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from hub.commands.output import AsJson, tell

if TYPE_CHECKING:
    from hub.parts import Parts
    from registry.directory.catalog_errors import Defective
    from registry.store.tables.life import Certificate

File = Annotated[
    Path | None,
    typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="JSON: authority, order, approval"),
]
Out = Annotated[Path | None, typer.Option(help="写出 PDF · the PDF as this new file, or into this folder")]


def issue(
    order: File = None,
    draft: Annotated[str, typer.Option(help="已批准的制证申请 · an approved draft instead of a file")] = "",
    authority: Annotated[str, typer.Option(help="统一社会信用代码 · for whom; goes before the file's")] = "",
    key: Annotated[str, typer.Option(help="幂等键 · the same key gives the same certificate again")] = "",
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """签发 · Issue a certificate from FILE (an approved order) or from --draft; print identifier, number, level."""
    from hub import operator_issuing
    from hub.founding import open_hub
    from hub.settings import Settings
    from registry.directory.catalog_errors import Defective

    _check(order, draft, out)
    try:
        if order is None:
            asked = operator_issuing.of_draft(draft, authority)
        else:
            asked = operator_issuing.of_file(order, authority)
        with open_hub(Settings()) as parts:
            made = operator_issuing.issue(parts, asked, key=key or None)
            _tell(parts, made, out, as_json=as_json)
    except Defective as refusal:
        _refuse(refusal, as_json=as_json)


def _check(order: Path | None, draft: str, out: Path | None) -> None:
    """Refuse what could not be done afterwards, before anything is issued."""
    if (order is None) == (not draft):
        raise typer.BadParameter("给出 FILE 或 --draft 之一 · give either FILE or --draft", param_hint="FILE")
    if out is not None and not (out.is_dir() or (out.parent.is_dir() and not out.exists())):
        raise typer.BadParameter(
            "文件已存在或文件夹不存在 · the file exists, or the folder does not", param_hint="--out"
        )


def _tell(parts: "Parts", made: "Certificate", out: Path | None, *, as_json: bool) -> None:
    """Tell what was issued, also when its file cannot be written."""
    from hub import operator_issuing
    from verification.errors import Refusal

    told = operator_issuing.told(parts, made)
    lines = [f"✓ {made.identifier}", f"  文号 number: {made.number or '-'}", f"  等级 level: {made.level or '-'}"]
    failed: Exception | None = None
    if out is not None:
        try:
            told["file"] = str(operator_issuing.write(parts, made, out))
            lines.append(f"  文件 file: {told['file']}")
        except (OSError, Refusal) as refusal:
            failed = refusal
    tell(told, "\n".join(lines), as_json=as_json)
    if failed is not None:
        typer.secho(f"✗ 已签发，但文件未写出 · issued, but not written to --out: {failed}", fg="red", err=True)
        raise typer.Exit(1)


def _refuse(refusal: "Defective", *, as_json: bool) -> NoReturn:
    from hub.commands import catalog

    if not as_json:
        catalog.refuse(refusal)
    told = {"code": refusal.code, "facts": refusal.facts, "errors": [catalog.told(one) for one in refusal.findings]}
    typer.echo(json.dumps(told, ensure_ascii=False), err=True)
    raise typer.Exit(1)
