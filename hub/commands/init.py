"""Found a register: keys, schema, first authority, first administrator."""

import sys
from typing import Annotated

import typer

from hub.commands.output import AsJson, tell

Asked = Annotated[str, typer.Option(prompt=True)]


def init(
    authority_code: Annotated[str, typer.Option(prompt="机构统一社会信用代码 authority's USCC")],
    authority_name: Annotated[str, typer.Option(prompt="机构名称 authority's name")],
    level: Annotated[str, typer.Option(prompt="级别 level (national province city county township other)")],
    division: Annotated[str, typer.Option(prompt="行政区划代码 division code")],
    division_name: Annotated[str, typer.Option(prompt="行政区划名称 division's name")],
    login: Annotated[str, typer.Option(prompt="管理员登录名 administrator's login")],
    password_stdin: Annotated[bool, typer.Option(help="read the password from standard input")] = False,
    as_json: AsJson = False,
) -> None:
    """初始化 · Found the register here: wrapping key, schema, first authority and administrator. Once only."""
    from hub import founding
    from hub.settings import Settings

    password = _password(password_stdin)
    founder = founding.Founder(authority_code, authority_name, level, division, division_name, login, password)
    address = founding.found(Settings(), founder)
    tell({"login": login, "totp": address}, founding.enrolment_text(address), as_json=as_json)


def _password(from_input: bool) -> str:
    if from_input:
        return sys.stdin.readline().rstrip("\n")
    asked: str = typer.prompt("密码 password", hide_input=True, confirmation_prompt=True)
    return asked
