"""Say what became of a certificate's paper."""

from typing import Annotated

import typer

from hub.commands.output import AsJson, tell

_MEDIA = {"electronic": "电子", "paper": "纸质", "both": "同步"}


def paper(
    certificate: Annotated[str, typer.Argument(help="证照标识 · identifier")],
    state: Annotated[str, typer.Argument(help="delivered | returned | lost · left out: only looked at")] = "",
    as_json: AsJson = False,
) -> None:
    """纸质证照 · On what a certificate was issued, and the delivery, return or loss of its paper."""
    from hub.founding import open_hub
    from hub.routes.papers_shapes import PaperOut
    from hub.settings import Settings
    from registry.directory.access.callers import OPERATOR
    from registry.life import paper as papers

    with open_hub(Settings()) as parts:
        if state:
            papers.change(parts.db, certificate, papers.read(state), by=OPERATOR, at=parts.now())
        found = PaperOut.of(*papers.record(parts.db, certificate, by=OPERATOR))
    told = found.model_dump(mode="json")
    tell(told, f"{_MEDIA[found.medium]}  {found.blank_number or ''}  {found.state or ''}", as_json=as_json)
