"""Measure what the product costs against a floor on this machine."""

from typing import Annotated

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
    tell_table([asdict(figure) for figure in figures], title="hub bench", as_json=as_json)
    raise typer.Exit(int(not all(figure.ok for figure in figures)))
