"""Verify files without a server and without a database."""

import typer


def verify(context: typer.Context) -> None:
    """核验 · Verify sealed PDFs and QR codes offline: FILE… [--trust PEM|LIST] [--policy offline|strict] [--json]."""
    from verification.__main__ import main

    raise typer.Exit(main(context.args))
