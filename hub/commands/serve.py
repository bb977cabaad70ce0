"""Serve the hub over HTTP."""

from typing import Annotated

import typer


def serve(
    workers: Annotated[int, typer.Option(min=1, max=64, help="worker processes")] = 1,
) -> None:
    """启动服务 · Serve over HTTP; in demo mode an empty place is filled with the demo first."""
    from hub.serving import run
    from hub.settings import Settings

    run(Settings(), workers=workers)
