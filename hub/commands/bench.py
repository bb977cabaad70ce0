"""Measure what the product costs against a floor on this machine."""

from typing import Annotated, Any

import typer

from hub.commands.output import AsJson, tell_table


def bench(
    name: Annotated[str, typer.Argument(help="one measurement; all when left out")] = "",
    as_json: AsJson = False,
) -> None:
    """测量 · Measure, as ratios to a floor in the same run; writes var/bench.json."""
    from dataclasses import asdict

    from hub.bench import suite
    from hub.settings import Settings

    figures = suite.run(Settings().home, name)
    rows = [asdict(figure) for figure in figures]
    tell_table(rows if as_json else [_short(row) for row in rows], title="hub bench", as_json=as_json)
    raise typer.Exit(int(not all(figure.ok for figure in figures)))


def _short(row: dict[str, Any]) -> dict[str, Any]:
    """Three digits are all that a noisy machine can tell."""
    shown = {name: f"{value:.3g}" if isinstance(value, float) else value for name, value in row.items()}
    return {name: shown[name] for name in ("name", "value", "unit", "ratio", "target", "ok")}
