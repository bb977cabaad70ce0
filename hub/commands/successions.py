"""Record which body succeeded which as a holder, as the company register says; list; take back what was wrong."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hub.commands.output import AsJson, tell, tell_table

if TYPE_CHECKING:
    from registry.store.tables.persons import PartySuccession

app = typer.Typer(
    name="successions", help="主体承继 · Mergers, divisions, new numbers of holders", no_args_is_help=True
)


@app.command()
def record(
    file: Annotated[
        Path,
        typer.Argument(exists=True, dir_okay=False, help="JSON: predecessor, successor, kind, first_day, basis"),
    ],
    as_json: AsJson = False,
) -> None:
    """登记 · Record a succession from a file: names and numbers do not stand on a command line."""
    from hub.founding import open_hub
    from hub.settings import Settings
    from hub.succession_file import read
    from registry.exchange.persons import successions

    told = read(file.read_bytes())
    with open_hub(Settings()) as parts:
        row = successions.record(parts.db, parts.keyring, told, at=parts.now())
    tell(_told(row), f"✓ {row.id}  {row.kind}  {row.first_day}", as_json=as_json)


@app.command("list")
def listing(as_json: AsJson = False) -> None:
    """列表 · List all successions, withdrawn ones too."""
    from hub.founding import open_hub
    from hub.settings import Settings
    from registry.exchange.persons import successions

    with open_hub(Settings()) as parts:
        rows = [_told(row) for row in successions.listing(parts.db)]
    tell_table(rows, title="主体承继 · successions", as_json=as_json)


@app.command()
def withdraw(succession: Annotated[str, typer.Argument(help="its id, suc_…")], as_json: AsJson = False) -> None:
    """撤回 · Take back a record that was wrong, from the next look-up on."""
    from hub.founding import open_hub
    from hub.settings import Settings
    from registry.exchange.persons import successions

    with open_hub(Settings()) as parts:
        row = successions.withdraw(parts.db, succession, at=parts.now())
    tell(_told(row), f"✓ {row.id} 已撤回 · withdrawn", as_json=as_json)


def _told(row: "PartySuccession") -> dict[str, Any]:
    names = ("id", "predecessor", "successor", "kind", "first_day", "basis", "withdrawn_at")
    return {name: getattr(row, name) for name in names}
