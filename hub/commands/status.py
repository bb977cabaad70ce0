"""Show how a certificate stands or stood, and move it, on the hub's own machine."""

from typing import Annotated

import typer

from hub.commands.output import AsJson, tell

app = typer.Typer(help="证照状态 · How a certificate stands, and moves on it", no_args_is_help=True)
Identifier = Annotated[str, typer.Argument(help="电子证照标识")]
Authority = Annotated[str, typer.Option(help="代表的机构，缺省为签发机构 · for whom; default: the issuer")]


@app.command()
def show(
    identifier: Identifier,
    at: Annotated[str, typer.Option(help="某日或某时刻 · a day or an instant; default: now")] = "",
    authority: Authority = "",
    as_json: AsJson = False,
) -> None:
    """查询 · How it stands, how it stood on a day as known then and as judged today, what may be done now."""
    from hub import operator_status
    from hub.founding import open_hub
    from hub.settings import Settings

    with open_hub(Settings()) as parts:
        found = operator_status.ask(parts, identifier, about=at, authority=authority)
    tell(found.model_dump(mode="json"), operator_status.lines(found), as_json=as_json)


@app.command()
def move(
    identifier: Identifier,
    move: Annotated[str, typer.Argument(help="suspend, restore, withdraw, revoke, penalise, cancel, annul, …")],
    reason: Annotated[str, typer.Option(help="理由代码，见 show · its code, see show")],
    title: Annotated[str, typer.Option(help="依据文书 · the document it rests on")] = "",
    number: Annotated[str, typer.Option(help="文书编号 · its number")] = "",
    day: Annotated[str, typer.Option(help="文书日期 · its day, YYYY-MM-DD")] = "",
    effective: Annotated[str, typer.Option(help="生效日期，缺省为现在 · from which day; default: now")] = "",
    from_beginning: Annotated[bool, typer.Option("--from-beginning", help="自始 · from the beginning")] = False,
    drafted_by: Annotated[str, typer.Option(help="经办人 · who proposed it, where four eyes are needed")] = "",
    approved_by: Annotated[str, typer.Option(help="审批人 · who approved it")] = "",
    after: Annotated[int, typer.Option(help="所见的最近变动序号 · the newest act you have seen")] = -1,
    authority: Authority = "",
    as_json: AsJson = False,
) -> None:
    """变动 · Suspend, restore, withdraw, revoke … a certificate for an authority."""
    from hub import operator_status
    from hub.founding import open_hub
    from hub.settings import Settings

    told = {
        "move": move, "reason": reason, "effective_on": effective or None, "from_beginning": from_beginning,
        "after": None if after < 0 else after,
    }  # fmt: skip
    basis = {"title": title, "number": number or None, "day": day} if title or day else None
    approval = {"drafted_by": drafted_by, "approved_by": approved_by} if drafted_by or approved_by else None
    with open_hub(Settings()) as parts:
        done = operator_status.move(
            parts, identifier, told | {"basis": basis, "approval": approval}, authority=authority
        )
    text = f"✓ {done.standing.zh} {done.standing.state}  #{done.standing.sequence}"
    tell(done.model_dump(mode="json"), text, as_json=as_json)
