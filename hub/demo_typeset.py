"""Make for the demo what other programs make: a letter out of an office's word processor, a document sealed elsewhere.

In:    a scene's filing, its type, which says where the document comes from
Out:   the filing with its finished page; or with the digest of a document that another platform has sealed

Order: the platform's document is looked at as anything from outside is, and what passed and what did not is filed.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from hub import key_places, platform_client, pressing
from hub.demo_scenes import Scene
from hub.parts import Parts
from registry.directory.authorities import reading
from registry.directory.catalog.definition import Definition
from registry.life.completion import OUTSIDE
from registry.life.contents import Filing, Outside
from registry.life.orders import BODY
from signing import holdings, page
from signing.seal import Sealer
from verification import digests, verify
from verification.report import Report
from verification.trusted import Roots

PLATFORM, SEAL = "示例省工程规划平台", "file:planning-seal"
LETTER = """
#set page(paper: "a4", margin: (x: 28mm, top: 37mm, bottom: 35mm))
#set text(font: "Noto Serif SC", size: 16pt)
#set par(leading: 14pt, spacing: 14pt)
#let said = json(bytes(sys.inputs.face))
#align(center, text(size: 22pt, said.title))
#align(center, said.number)
#v(8mm)
#said.holder：
#for line in said.lines { par(first-line-indent: (amount: 2em, all: true), line) }
#v(12mm)
#align(right)[#said.issuer \\ #said.date]
"""


def completed(parts: Parts, scene: Scene, filing: Filing, kind: Definition) -> Filing:
    """The filing with what its type expects to come from elsewhere; a type that is drawn here expects nothing."""
    makers: dict[str, Callable[[bytes], Filing]] = {
        BODY: lambda letter: replace(filing, body=letter),
        OUTSIDE: lambda letter: _sealed_elsewhere(parts, filing, letter, at=scene.at),
    }
    way = makers.get(kind.document)
    if way is None:
        return filing
    with parts.db.reading() as look:
        issuer = reading.name_on(look, scene.authority, on=scene.day).wording.name
    return way(_letter(scene, filing, kind.name_zh, issuer))


def _letter(scene: Scene, filing: Filing, title: str, issuer: str) -> bytes:
    """One page, as a word processor would give it."""
    said = filing.contents.fields
    area = Decimal(str(said["floor_area"]))
    lines = (
        f"{said['project_name']}（{said['project_code']}），建筑面积{area:,.2f}平方米。",
        f"经核查，结论为：{said['conclusion']}。",
    )
    day = f"{scene.day.year}年{scene.day.month}月{scene.day.day}日"
    face = {"title": title, "number": scene.number or "", "holder": scene.holder.name, "lines": lines}
    template = page.Template({page.ENTRY: LETTER.encode()})
    return page.render(template, face={**face, "issuer": issuer, "date": day}, at=scene.at)


def _sealed_elsewhere(parts: Parts, filing: Filing, letter: bytes, *, at: datetime) -> Filing:
    """The platform's seal over the letter; it knows nothing of statements."""
    means = replace(pressing.means(parts.settings, parts.db, at=at), self_check=lambda _document, _at: ())
    key = key_places.open_key(parts.settings.signing_folder, SEAL)
    document = Sealer(key, means).apply(letter, at=at).document
    passed, open_ones = platform_client.checks(_looked_at(parts, document, at=at).plain())
    told = Outside(digests.sha256(document), PLATFORM, filing.contents.number, passed, open_ones)
    return replace(filing, contents=replace(filing.contents, outside=told))


def _looked_at(parts: Parts, document: bytes, *, at: datetime) -> Report:
    return verify.verify(document, trust=Roots(holdings.read(parts.settings.signing_folder).roots), at=at)
