"""Read the demo's sheet and tell it: the story day by day, where to go, with which logins, where the files lie."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from hub.settings import DEMO_IDENTITY, Settings

FILE, TRUST_LIST = "demo.json", "trust-list.jws"


def is_prepared(settings: Settings) -> bool:
    """Say whether the demo is complete."""
    return (settings.home / FILE).is_file()


def read(settings: Settings) -> dict[str, Any]:
    """Read what the demo wrote for scripts."""
    told: dict[str, Any] = json.loads((settings.home / FILE).read_text(encoding="utf-8"))
    return told


def welcome(settings: Settings) -> str:
    """Say where to go and with which logins."""
    told = read(settings)
    return "\n".join(_lines(told))


def story(told: Mapping[str, Any], language: str) -> None:
    """Print the story as a table."""
    from rich.console import Console
    from rich.table import Table

    table = Table(title="示例花园一期 · one project, from its approval to the document over all its buildings")
    for name in ("日期 day", "机构 authority", "经过 what happened", "持证主体 holder", "编号 number"):
        table.add_column(name, overflow="fold")
    for day in told["story"]:
        table.add_row(day["day"], day["body"], day[language], day["holder"] or "", day["number"] or "")
    Console().print(table)
    asked = Table(
        title=f"2025-06-12 的施工许可各日状态 · how the second version stood: {told['states'][0]['identifier']}"
    )
    for name in ("日期 day", "状态 state"):
        asked.add_column(name)
    for one in told["states"]:
        asked.add_row(one["day"], one[language])
    Console().print(asked)


def _lines(told: Mapping[str, Any]) -> Iterator[str]:
    address = told["address"]
    yield f"\n  电子证照共享枢纽 · 演示 demo    {address}\n"
    yield f"  目录 catalogue   curl {address}/v1/catalog"
    client = next(client for client in told["clients"] if client["secret"])
    pair = f"{client['id']}:{client['secret']}"
    yield f"  令牌 token       curl -u {pair} -d grant_type=client_credentials {address}/oauth/token"
    yield "\n  经办人 officers (password, one-time code seed)"
    for login in told["officers"]:
        yield f"    {login['login']:<20} {login['password']}  {login['totp_seed']}  {login['authority_name']}"
    if told.get("holders"):  # a demo of an earlier version has none
        yield f"\n  持证人 holders  {address}{DEMO_IDENTITY}  (no password)"
    yield from (f"    {one['subject']:<20} {one['name']}  {one['zh']} · {one['en']}" for one in told.get("holders", ()))
    yield "\n  文件 files"
    yield from (f"    {one['file']}  {one['identifier']}" for one in told["made"] if one["file"])
    yield f"\n  {len(told['made'])} things made; everything for scripts is in {told['file']}\n"
