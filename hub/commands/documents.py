"""Look after the sealed documents: sweep what no row names, read everything anew."""

from typing import Annotated

import typer

from hub.commands.output import AsJson, tell, tell_table

app = typer.Typer(help="文件 · The sealed documents", no_args_is_help=True)


@app.command()
def sweep(
    most: Annotated[bool, typer.Option(help="remove even when most objects look like orphans")] = False,
    as_json: AsJson = False,
) -> None:
    """清理 · Remove objects that no row names and that are older than a day."""
    from dataclasses import asdict

    from hub.founding import open_hub
    from hub.settings import Settings
    from registry.store import orphans

    with open_hub(Settings()) as parts:
        swept = orphans.sweep(parts.db, parts.documents, at=parts.now(), by="operator", most=most)
    text = f"✓ {swept.orphans} removed ({swept.bytes} bytes), {swept.spared} young, {len(swept.missing)} missing"
    tell(asdict(swept), text, as_json=as_json)


@app.command()
def scrub(as_json: AsJson = False) -> None:
    """巡检 · Read every document and compare its digest; exit 1 when one is not what it was."""
    from rich.progress import track

    from hub.founding import open_hub
    from hub.settings import Settings
    from registry.store import orphans

    with open_hub(Settings()) as parts:
        found = orphans.scrub(parts.db, parts.documents)
        told = [one for one in (found if as_json else track(found, description="scrub")) if one.fault]
    rows = [{"digest": one.digest, "fault": one.fault} for one in told]
    tell_table(rows, title=f"{len(rows)} damaged", as_json=as_json)
    raise typer.Exit(int(bool(rows)))
