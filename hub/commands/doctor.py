"""Examine a hub and say what is wrong with it; finish what was left unfinished."""

from typing import Annotated

import typer

from hub.commands.output import AsJson, tell_table

Repair = Annotated[bool, typer.Option("--repair", help="先完成中断的签发 · first finish certificates left unfinished")]


def doctor(repair: Repair = False, as_json: AsJson = False) -> None:
    """体检 · Examine settings, database, documents, keys and fonts; exit 1 when something is broken."""
    from hub.examination import Finding, State, examine
    from hub.repairing import repair as repaired
    from hub.settings import Settings

    def row(finding: Finding) -> dict[str, str]:
        return {"check": finding.check, "state": finding.state.value, "told": finding.told}

    findings = [*(repaired(Settings()) if repair else ()), *examine(Settings())]
    tell_table([row(finding) for finding in findings], title="hub doctor", as_json=as_json)
    raise typer.Exit(int(any(finding.state is State.BROKEN for finding in findings)))
