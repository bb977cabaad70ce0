"""Read the demo's sheet: what was made, where to go, with which logins."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from hub.settings import Settings

FILE = "demo.json"


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
    yield f"\n  {len(told['made'])} things made; everything for scripts is in {told['file']}\n"
