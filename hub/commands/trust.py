"""Publish and look at the trust list."""

from typing import Annotated

import typer

from hub.commands.output import AsJson, tell

app = typer.Typer(help="信任列表 · The signed list of who may be believed", no_args_is_help=True)


@app.command()
def publish(as_json: AsJson = False) -> None:
    """发布 · Publish a new version when anything changed or the newest one is about to run out."""
    from hub.founding import open_hub
    from hub.settings import Settings
    from hub.trust_publishing import publish_trust_list

    settings = Settings()
    with open_hub(settings) as parts:
        row = publish_trust_list(parts, by="operator")
    tell({"sequence": row.sequence, "digest": row.digest}, f"✓ {row.sequence}  {row.digest}", as_json=as_json)


@app.command()
def show(sequence: Annotated[int, typer.Argument(help="version; the newest when left out")] = 0) -> None:
    """查看 · Print a version as it was signed (a JWS)."""
    from hub.founding import open_hub
    from hub.settings import Settings
    from registry.directory import trust_lists

    with open_hub(Settings()) as parts, parts.db.reading() as look:
        row = trust_lists.version(look, sequence) if sequence else trust_lists.current(look)
    typer.echo(row.signed)
