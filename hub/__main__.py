"""The command line: `hub` and `python -m hub`.

Nothing heavy is imported before a command runs, so that `hub --help` answers at once.
"""

import os
import sys

import typer

from hub.commands import (
    api,
    authorities,
    bench,
    catalog_packages,
    clients,
    demo,
    doctor,
    documents,
    init,
    keys,
    migrate,
    officers,
    seal,
    serve,
    trust,
)
from hub.commands.output import tell_refusal

app = typer.Typer(
    name="hub",
    help="电子证照共享枢纽 · Electronic licence and material exchange hub",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (serve.serve, init.init, migrate.migrate, doctor.doctor, demo.demo, bench.bench, api.api):
    app.command()(command)
for name, noun in (
    ("trust", trust),
    ("keys", keys),
    ("documents", documents),
    ("clients", clients),
    ("officers", officers),
    ("seal", seal),
):
    app.add_typer(noun.app, name=name)
app.add_typer(authorities.app)
app.add_typer(catalog_packages.app)


def main() -> None:
    """Run one command; a refusal becomes one sentence and exit code 1, never a traceback."""
    from verification.errors import Refusal

    try:
        app()
    except Refusal as refusal:
        tell_refusal(refusal)
        sys.exit(1)
    except BrokenPipeError:
        os.close(sys.stdout.fileno())
        sys.exit(1)


if __name__ == "__main__":
    main()
