"""Start the server: settings checked, demo prepared, counters shared, workers run.

Order: what may refuse the start refuses before the port opens; rendering, signing and jobs load when first needed.
"""

import os
import shutil

import typer

from hub import logs, server
from hub.app import build_app
from hub.parts import assemble
from hub.settings import Mode, Settings


def run(settings: Settings, *, workers: int) -> None:
    """Serve until told to stop."""
    logs.configure(settings.log_level)
    server.raise_descriptor_limit()
    if settings.mode is Mode.DEMO:
        _prepare_demo(settings)
    parts = assemble(settings)
    if workers == 1:
        import uvicorn

        uvicorn.Server(server.config(build_app(parts), settings)).run()
        return
    parts.close()
    _run_many(settings, workers)


def _prepare_demo(settings: Settings) -> None:
    from hub import demo

    if not demo.is_prepared(settings):
        typer.echo("正在准备演示数据 · preparing the demo …")
        demo.prepare(settings)
    typer.echo(demo.welcome(settings))


def _run_many(settings: Settings, workers: int) -> None:
    from uvicorn.supervisors import Multiprocess

    counters = settings.home / "metrics"
    shutil.rmtree(counters, ignore_errors=True)
    counters.mkdir(parents=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(counters.resolve())
    config = server.config("hub.app:from_environment", settings, workers=workers)
    Multiprocess(config, sockets=[config.bind_socket()]).run()
