"""Issue one certificate on the hub's own machine, for an authority: from an order in a file, or from an approved draft."""

from pathlib import Path
from typing import Annotated

import typer

from hub.commands.output import AsJson, tell


def issue(
    order: Annotated[
        Path | None,
        typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="JSON: authority, order, approval"),
    ] = None,
    draft: Annotated[str, typer.Option(help="已批准的制证申请 · an approved draft instead of a file")] = "",
    authority: Annotated[str, typer.Option(help="统一社会信用代码 · for whom; wins over the file's")] = "",
    key: Annotated[str, typer.Option(help="幂等键 · the same key and file give the same certificate again")] = "",
    out: Annotated[
        Path | None, typer.Option(help="写出 PDF · write the PDF to this new file or into this folder")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """签发 · Issue a certificate from FILE (an approved order) or from --draft; print identifier, number, level."""
    from hub import issuing_here
    from hub.founding import open_hub
    from hub.settings import Settings

    if (order is None) == (not draft):
        raise typer.BadParameter("给出 FILE 或 --draft 之一 · give either FILE or --draft", param_hint="FILE")
    if out is not None and not (out.is_dir() or (out.parent.is_dir() and not out.exists())):
        raise typer.BadParameter("文件已存在或文件夹不存在 · exists already, or no such folder", param_hint="--out")
    asked = issuing_here.of_draft(draft, authority) if order is None else issuing_here.of_file(order, authority)
    with open_hub(Settings()) as parts:
        made = issuing_here.issue(parts, asked, key=key or None)
        told = issuing_here.told(made)
        lines = [f"✓ {made.identifier}", f"  文号 number {made.number or '—'}", f"  等级 level {made.level or '—'}"]
        if out is not None:
            told["file"] = str(issuing_here.write(parts, made, out))
            lines.append(f"  {told['file']}")
    tell(told, "\n".join(lines), as_json=as_json)
