"""Write the first question a newly joined system may ask, ready to paste: what of a case need not be handed in.

In:    the address of the hub, the system's credentials, the first matter of its authority, a project of the register
Out:   two lines for a shell: one fetches a token, the next asks; without a matter the second asks for the catalogue
"""

import json
import shlex

_FIRST = """TOKEN=$(curl -s -u {client}:{secret} -d grant_type=client_credentials {address}/oauth/token | {read})"""
_READ = """python3 -c 'import json, sys; print(json.load(sys.stdin)["access_token"])'"""


def lines(address: str, *, client: str, secret: str, matter: str | None, project: str | None) -> str:
    """The two lines. Pure."""
    token = _FIRST.format(client=client, secret=secret, address=address, read=_READ)
    if matter is None:
        return f"{token}\ncurl {address}/v1/matters"
    body = shlex.quote(json.dumps(_asked(matter, project or "PROJECT"), ensure_ascii=False))
    sent = '-H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json"'
    return f"{token}\ncurl {sent} -d {body} {address}/v1/checklists"


def _asked(matter: str, project: str) -> dict[str, object]:
    return {
        "matter": matter,
        "case_number": "TEST-0001",
        "purpose": "接入测试",
        "operator": {"account": "test", "name": "接入测试"},
        "basis": {"kind": "statutory"},
        "about": {"project": project},
    }
