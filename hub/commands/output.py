"""How commands speak: one sentence or table for people, one JSON value for scripts."""

import json
import os
import sys
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer

from verification.errors import Refusal

AsJson = Annotated[bool, typer.Option("--json", help="JSON for scripts instead of text")]


def language() -> str:
    """Choose the language of a terminal: English where the locale says so, Chinese otherwise."""
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "en" if locale.lower().startswith("en") else "zh"


def tell(value: object, text: str, *, as_json: bool) -> None:
    """Print a result."""
    typer.echo(json.dumps(value, ensure_ascii=False, default=str) if as_json else text)


def tell_table(rows: Sequence[Mapping[str, Any]], *, title: str, as_json: bool) -> None:
    """Print rows as a table whose columns are the first row's names."""
    if as_json:
        tell(list(rows), "", as_json=True)
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title)
    for name in rows[0] if rows else ():
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*("" if value is None else str(value) for value in row.values()))
    Console().print(table)


def tell_refusal(refusal: Refusal) -> None:
    """Print why something was declined, to standard error; as JSON when the command was asked for JSON."""
    from hub.texts.reader import Language, say

    sentence = say(refusal.code, Language(language()), refusal.facts)
    if "--json" in sys.argv:
        typer.echo(
            json.dumps({"code": refusal.code, "title": sentence, "facts": refusal.facts}, ensure_ascii=False), err=True
        )
    else:
        typer.secho(f"✗ {sentence}", fg="red", err=True)
        typer.secho(f"  {refusal.code}", dim=True, err=True)
