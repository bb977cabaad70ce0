"""Examine a hub and say what is wrong with it."""

import typer

from hub.commands.output import AsJson, tell_table


def doctor(as_json: AsJson = False) -> None:
    """体检 · Examine settings, database, documents, keys and fonts; exit 1 when something is broken."""
    from hub.examination import Finding, State, examine
    from hub.settings import Settings

    def row(finding: Finding) -> dict[str, str]:
        return {"check": finding.check, "state": finding.state.value, "told": finding.told}

    findings = examine(Settings())
    tell_table([row(finding) for finding in findings], title="hub doctor", as_json=as_json)
    raise typer.Exit(int(any(finding.state is State.BROKEN for finding in findings)))
