"""Start the server: settings checked, demo prepared, counters shared, workers run.

Order: what the settings forbid refuses before the port opens; a register that is missing or of another schema ends
the start a moment later, with the same sentence. Rendering, signing and jobs load behind the open port.
"""

import os
import shutil

import typer

from hub import demo_sheet, logs, production, server
from hub.door import Door, load
from hub.errors import NotInitialised, NotReadyForProduction
from hub.settings import Mode, Settings


def run(settings: Settings, *, workers: int) -> None:
    """Serve until told to stop."""
    logs.configure(settings.log_level)
    server.raise_descriptor_limit()
    _check(settings)
    if settings.mode is Mode.DEMO:
        _prepare_demo(settings)
    if workers > 1:
        _run_many(settings, workers)
    else:
        _run_one(settings)


def _check(settings: Settings) -> None:
    if wrong := production.problems(settings):
        raise NotReadyForProduction(wrong)
    if settings.mode is Mode.PRODUCTION and not settings.wrapping_folder.is_dir():
        raise NotInitialised


def _prepare_demo(settings: Settings) -> None:
    if not demo_sheet.is_prepared(settings):
        from hub import demo

        typer.echo("正在准备演示数据 · preparing the demo …")
        demo.prepare(settings)
    typer.echo(demo_sheet.welcome(settings))


def _run_one(settings: Settings) -> None:
    from uvicorn import Server

    door = Door(lambda: load(settings), give_up=lambda: setattr(running, "should_exit", True))
    running = Server(server.config(door, settings))
    running.run()
    if door.refusal is not None:
        raise door.refusal


def _run_many(settings: Settings, workers: int) -> None:
    from uvicorn.supervisors import Multiprocess

    load(settings).state.parts.close()  # a start that is refused is refused here, not in every worker for ever
    counters = settings.home / "metrics"
    shutil.rmtree(counters, ignore_errors=True)
    counters.mkdir(parents=True)
    if not settings.verifying_children:
        os.environ["HUB_VERIFYING_CHILDREN"] = str(max(1, (os.cpu_count() or 1) // workers))
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(counters.resolve())
    config = server.config("hub.door:from_environment", settings, workers=workers)
    Multiprocess(config, sockets=[config.bind_socket()]).run()
