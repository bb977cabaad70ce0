"""Record who represents a company or is a child's guardian, as the company or civil register says, and end it."""

from pathlib import Path
from typing import Annotated

import typer

from hub.commands.output import AsJson, tell

app = typer.Typer(name="mandates", help="委托 · Who acts for whom", no_args_is_help=True)


@app.command()
def record(
    file: Annotated[Path, typer.Argument(help="JSON: principal, agent, kind, powers, first_day, last_day")],
    as_json: AsJson = False,
) -> None:
    """登记 · Record a mandate from a file: names and numbers do not stand on a command line."""
    from hub import clock
    from hub.founding import open_hub
    from hub.routes.holders_shapes import MandateOut, mandate_of
    from hub.settings import Settings
    from registry.exchange.persons import mandates

    told = mandate_of(file.read_bytes())
    with open_hub(Settings()) as parts:
        row = mandates.record(parts.db, parts.keyring, **told.read(), at=clock.now())
    tell(MandateOut.of(row).model_dump(mode="json"), f"✓ {row.id}  {row.kind}  {row.powers}", as_json=as_json)


@app.command()
def end(
    mandate: Annotated[str, typer.Argument(help="its id, as it was told when it was recorded")], as_json: AsJson = False
) -> None:
    """终止 · End any mandate now: tokens under it count no more at the next request."""
    from hub import clock
    from hub.founding import open_hub
    from hub.routes.holders_shapes import MandateOut
    from hub.settings import Settings
    from registry.exchange.persons import mandates

    with open_hub(Settings()) as parts:
        row = mandates.close(parts.db, mandate, at=clock.now())
    tell(MandateOut.of(row).model_dump(mode="json"), f"✓ {row.id}  {row.ended_at}", as_json=as_json)
