"""The whole command line, put together: every noun's commands under their names."""

import typer

from hub.commands import (
    api,
    authorities,
    bench,
    cases,
    catalog_packages,
    clients,
    demo,
    doctor,
    documents,
    init,
    issue,
    keys,
    log,
    mandates,
    matters,
    migrate,
    officers,
    own_keys,
    paper,
    projects,
    seal,
    serve,
    status,
    successions,
    trust,
    verify,
)

app = typer.Typer(
    name="hub",
    help="电子证照共享枢纽 · Electronic licence and material exchange hub",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
COMMANDS = (
    serve.serve, init.init, migrate.migrate, doctor.doctor, demo.demo, issue.issue, bench.bench, api.api, paper.paper,
)  # fmt: skip
for command in COMMANDS:
    app.command()(command)
app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})(verify.verify)
for name, noun in (
    ("trust", trust),
    ("keys", keys),
    ("log", log),
    ("documents", documents),
    ("clients", clients),
    ("officers", officers),
    ("seal", seal),
    ("status", status),
):
    app.add_typer(noun.app, name=name)
app.add_typer(authorities.app)
app.add_typer(catalog_packages.app)
app.add_typer(projects.app)
app.add_typer(matters.app)
app.add_typer(cases.app)
app.add_typer(mandates.app)
app.add_typer(successions.app)
app.add_typer(own_keys.app)
