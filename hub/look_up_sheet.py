"""Print a look-up on A4 for the case file (调用核验单), instead of the papers that nobody had to bring.

In:    a look-up of the own authority, its receipt
Out:   a PDF/A page that says what the receipt says and carries it inside

Trust: the page is drawn from the signed receipt alone; who doubts it takes the receipt out of the file and checks that.
       What no font shows is a geta mark on the page, and whole in the receipt.
"""

from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import Any

from hub.parts import Parts
from registry.directory.matters import reading as matters
from registry.exchange.records import Record
from registry.life.states import lifecycle
from signing import glyphs, page
from verification.legal_dates import SHANGHAI

TITLE, ATTACHED = "电子证照调用核验单", "receipt.jws"
_MODES = {"verify": "仅核验", "data": "取信息", "copy": "加注件", "original": "原件"}
_REASONS = {"nothing_found": "未查到", "not_valid": "查到而不能用", "too_old": "已超期限"}
_SUCCEEDED = {"merged": "合并", "divided": "分立", "renumbered": "换码"}
_HEADING = ("材料 Material", "证照 Certificate", "状态 State", "调用内容 Shown")
_HOW = (
    "本单由附在文件内的回执 receipt.jws 生成，以回执的签名为准。This sheet is drawn from the receipt inside this file.",
    "核验 check: pdfdetach -saveall FILE ; hub verify receipt.jws --trust trust-list.jws",
)


def printed(parts: Parts, found: Record) -> bytes:
    """The sheet of a look-up."""
    told = found.receipt.content
    row = found.row
    with parts.db.reading() as look:
        matter = matters.shown(look, row.matter, version=row.matter_version).matter
        kinds = matters.type_names(look, {str(one["type"]).partition("@")[0] for one in _rows(told, "results")})
    titles = {one.code: one.title.zh for one in matter.told.materials}
    face = {
        "title": TITLE,
        "english": "Record of a look-up of electronic certificates",
        "rows": [list(pair) for pair in _head(told, found)],
        "heading": list(_HEADING),
        "results": [list(cells) for cells in _results(told, titles, {code: name.zh for code, name in kinds.items()})],
        "how": list(_HOW),
        "foot": row.id,
    }
    receipt = page.Attachment(
        name=ATTACHED, content=found.token.encode(), media_type="application/jose", description="Receipt"
    )
    template = page.Template({page.ENTRY: files("hub.pages").joinpath("sheet.typ").read_bytes()})
    told_face = glyphs.stood_in(face)
    return page.render(template, face=told_face, parts=page.Parts(title=TITLE, attachments=(receipt,)), at=row.at)


def _head(told: Mapping[str, Any], found: Record) -> Iterator[tuple[str, str]]:
    office, operator = told["authority"], told["operator"]
    yield "调用编号 No.", found.row.id
    yield "时间 At", found.row.at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
    yield "调用机构 Office", f"{office['name']}（{office['code']}）"
    yield "经办人 Operator", f"{operator['name']}（{operator['account']}）"
    yield "事项 Item", f"{told['title']}（{told['matter']}）"
    yield "办件编号 Case", f"{told['case']}{'' if told['case_known'] else '（未登记 not registered）'}"
    yield "用途 Purpose", told["purpose"]
    yield "依据 Basis", _basis(told["basis"])
    yield "查询对象 About", _about(told["about"])
    yield "账本条目 Ledger", found.receipt.entry
    yield "回执摘要 Digest", found.receipt.digest


def _basis(told: Mapping[str, Any]) -> str:
    if told["kind"] == "grant":
        return f"持证主体授权 grant {told['grant']}"
    return "；".join(f"《{one['title']}》{one['article']}" for one in told["statutes"]) or "法定职责 statutory"


def _about(told: Mapping[str, Any]) -> str:
    people = [f"{one['name']}（{one['code']}）" for one in told.get("holders", ())]
    return "；".join([*people, *(str(value) for name, value in told.items() if name != "holders")])


def _results(
    told: Mapping[str, Any], titles: Mapping[str, str], kinds: Mapping[str, str]
) -> Iterator[tuple[str, str, str, str]]:
    states = lifecycle.table().states
    for one in _rows(told, "results"):
        kind = kinds.get(str(one["type"]).partition("@")[0], str(one["type"]))
        named = [kind, *(str(one[name]) for name in ("number", "identifier") if one[name])]
        state = "\n".join([states[str(one["state"])][0] if one["state"] else "有 holds", *_stands(one)])
        shown = "、".join([_MODES[str(one["mode"])], *map(str, one["fields"])])
        yield titles.get(str(one["material"]), str(one["material"])), "\n".join(named), state, shown
    for one in _rows(told, "missing"):
        yield titles.get(str(one["material"]), str(one["material"])), "—", _REASONS[str(one["reason"])], "—"


def _stands(one: Mapping[str, Any]) -> Iterator[str]:
    """By which other name or body the certificate was found."""
    if "renamed" in one:
        yield f"持证主体更名 renamed {one['renamed']}"
    if "succeeded" in one:
        told = one["succeeded"]
        yield f"持证主体{_SUCCEEDED[told['kind']]} succeeded {told['since']}"


def _rows(told: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    return list(told[name])
