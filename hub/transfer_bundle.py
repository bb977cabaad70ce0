"""Put the evidence of a transfer into one file (ASiC-E): what both parties said, proofs, what was taken, a cover.

In:    a transfer of the own office
Out:   a container that verifies without any hub: `hub verify FILE.asice --trust LIST`

Order: the reading is an entry in the ledger before anything is read; then one item in memory at a time.
Trust: sealed by the hub; what counts of the transfer are the parties' own words inside.
"""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from datetime import datetime
from importlib.resources import files
from typing import Any, BinaryIO, cast

from hub import key_places, pressing
from hub.parts import Parts
from registry.directory import seals, trust_lists
from registry.directory.access.callers import Caller
from registry.directory.seals import Purpose
from registry.exchange.transfers import boxes
from registry.exchange.transfers.boxes import Held
from registry.store import ledger
from registry.store.database import Database, Reading
from registry.store.events import Event
from registry.store.log import evidence
from registry.store.tables.documents import Document
from signing import glyphs, page
from signing.container import Writer
from verification import handovers, jws
from verification.legal_dates import SHANGHAI
from verification.receipts import Receipt

MEDIA = "application/vnd.etsi.asic-e+zip"
IN_MEMORY, PIECE = 8 << 20, 1 << 16
_TITLE = "材料流转凭证"
_HEADING = ("项 Item", "名称 Title", "结果 Outcome", "摘要 Digest")
_OUTCOMES = {"pending": "待处理 pending", "accepted": "接收 accepted", "refused": "退回 refused"}
_ACTS = {"received": "签收 received", "settled": "办结 settled", "withdrawn": "撤回 withdrawn"}
_HOW = (
    "本件为封面；以 words 文件夹内双方签署的凭据为准。This is a cover; what the parties signed is in the folder words.",
    "核验 check: hub verify FILE.asice --trust trust-list.jws",
)
_SUFFIXES = {
    "application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg", "image/tiff": "tif", "application/ofd": "ofd",
}  # fmt: skip


def written(parts: Parts, db: Database, key: str, *, by: Caller, at: datetime) -> BinaryIO:
    """The container, at its beginning; whoever takes it closes it."""
    with db.writing() as tx:
        row = boxes.found(tx, key, by=by)
        ledger.append(tx, Event.TRANSFER_READ, at=at, by=by.id, subject=row.id, facts={"part": "bundle"})
    means = pressing.means(parts.settings, parts.db, at=at)
    with ExitStack() as refused, db.reading() as look:
        made = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the stack closes it, or `pieces`
        out = cast("BinaryIO", refused.enter_context(made))
        writer = Writer(out, at=at.astimezone(SHANGHAI))
        for name, content in _files(look, parts, boxes.whole(look, parts.keyring, boxes.found(look, key, by=by))):
            writer.add(name, content)
            del content  # it would lie beside the next one
        place = seals.current(look, Purpose.HUB, None)
        signer = seals.same(key_places.open_key(parts.settings.signing_folder, place.locator), place)
        writer.close(signer, means.stamper, at=at, above=means.between)
        refused.pop_all()  # `pieces` closes it
    out.seek(0)
    return out


def pieces(out: BinaryIO) -> Iterator[bytes]:
    """The container piece by piece; it is closed at its end."""
    with out:
        while piece := out.read(PIECE):
            yield piece


def _files(look: Reading, parts: Parts, held: Held) -> Iterator[tuple[str, bytes]]:
    said = handovers.manifest(jws.unverified_payload(held.manifest, limit=handovers.LIMIT))
    yield "cover.pdf", _cover(parts, held, said)
    yield "words/manifest.jws", held.manifest.encode()
    yield "proofs/manifest.json", evidence.of(look, held.row.entry).to_bytes()
    for row, token in held.answers:
        yield f"words/{row.act}.jws", token.encode()
        yield f"proofs/{row.act}.json", evidence.of(look, row.entry).to_bytes()
    for act, token in sorted(held.own.items()):
        yield f"own/{act}.jws", token.encode()
    yield "trust-list.jws", trust_lists.current(look).signed.encode()
    for one in held.items:
        if one.outcome == "accepted":
            form = look.get_one(Document, one.document).media_type
            yield f"items/{one.place:04}.{_SUFFIXES.get(form, 'bin')}", parts.documents.get(look, one.document)


def _cover(parts: Parts, held: Held, said: Receipt) -> bytes:
    told: Mapping[str, Any] = said.content
    reasons = _reasons(held)
    outcomes = {one.place: f"{_OUTCOMES[one.outcome]}{reasons.get(one.place, '')}" for one in held.items}
    face = glyphs.stood_in(
        {
            "title": _TITLE,
            "english": "Record of a transfer between offices",
            "rows": [[name, value] for name, value in _head(told, held)],
            "heading": list(_HEADING),
            "results": [
                [str(one["place"]), one["title"], outcomes[one["place"]], one["document"]] for one in told["items"]
            ],
            "how": list(_HOW),
            "foot": str(told["number"]),
        }
    )
    template = page.Template({page.ENTRY: files("hub.pages").joinpath("sheet.typ").read_bytes()})
    return page.render(template, face=face, parts=page.Parts(title=_TITLE), at=held.row.at)


def _reasons(held: Held) -> dict[int, str]:
    """Why items came back."""
    tokens = [token for row, token in held.answers if row.act == "settled"]
    said = [handovers.answer(jws.unverified_payload(token, limit=handovers.LIMIT)).content for token in tokens]
    rows = [one for each in said for one in cast("list[dict[str, Any]]", each["items"])]
    return {one["place"]: f"\n{one['reason']}" for one in rows if one["reason"]}


def _head(told: Mapping[str, Any], held: Held) -> Iterator[tuple[str, str]]:
    yield "编号 No.", str(told["number"])
    for label, name in (("移交机构 From", "sender"), ("接收机构 To", "receiver")):
        yield label, f"{told[name]['name']}（{told[name]['code']}）"
    yield "办件编号 Case", str(told["case"])
    yield "事由 Purpose", str(told["purpose"])
    yield "依据 Basis", str(told["basis"])
    yield "办理期限 Until", str(told["deadline"])
    yield "移交时间 At", held.row.at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
    for row, _ in held.answers:
        yield _ACTS[row.act], row.at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
    yield "账本条目 Ledger", held.row.entry
