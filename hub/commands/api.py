"""Write the API reference from the code."""

import typer


def api() -> None:
    """接口说明 · Print the API reference as Markdown; docs/api.md is what this printed."""
    from hub.app import described
    from hub.reference import markdown

    typer.echo(markdown(described()), nl=False)
