"""The demo's story: a project is approved, permitted, and its first building gets its letter, without a sheet of paper.

Every step is the real one: keys are enrolled, officers draft and approve, other departments' systems send approved
orders, and each certificate is drawn, sealed, checked and kept as in production, with sample keys and fictional names.

Order: the story runs over a year, and every act happens on its own day: the office is renamed between its approval and
       its letter, the developer between its two licences, under the same codes.
"""

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time

from hub import key_places
from hub.demo_people import ESTATE, HOUSING, SHELTER, Login
from hub.parts import Parts
from registry.directory import seals
from registry.directory.access.callers import OPERATOR, Caller
from registry.directory.access.scopes import ROLES, Kind, Role, Scope
from registry.directory.authorities import reading
from registry.directory.catalog import shipped
from registry.directory.projects import seed
from registry.directory.seals import Purpose
from registry.life import drafts, intents, issuance
from registry.life.contents import Approval, Contents, Filing
from registry.life.intents import Request
from registry.life.press import Press
from registry.store.tables.life import Certificate
from verification.statement import Holder

MARKET = "11410800000000043H"
KEYS = {SHELTER: "defence", HOUSING: "housing", ESTATE: "planning", MARKET: "market"}
BEGINNING = date(2025, 3, 3)
DEVELOPER = Holder("示例置业有限公司", "legal", "001", "91990100MA0000001G")
RENAMED = replace(DEVELOPER, name="示例城建置业有限公司")
TERMS = {"business-licence": "长期"}  # where the type has several
APPROVAL, LETTER = "shelter-build-approval", "single-building-letter"


@dataclass(frozen=True, slots=True)
class Cast:
    """Who acts."""

    drafter: Login
    approver: Login


@dataclass(frozen=True, slots=True)
class Scene:
    """A day of the story: one certificate, or (without a type) something that is told only."""

    day: date
    authority: str
    told: tuple[str, str]
    slug: str = ""
    holder: Holder = DEVELOPER

    @property
    def at(self) -> datetime:
        """Ten in the morning."""
        return datetime.combine(self.day, time(2), UTC)


@dataclass(frozen=True, slots=True)
class Told:
    """What happened on a day, in Chinese and English, and the certificate that came of it."""

    scene: Scene
    body: str
    row: Certificate | None


SCENES = (
    Scene(date(2025, 3, 11), MARKET, ("开发企业领取营业执照", "the developer's business licence"), "business-licence"),
    Scene(
        date(2025, 3, 26),
        ESTATE,
        (
            "规划许可：1#、2#楼下为普通地下室，3#、5#楼下为防空地下室",
            "1#, 2# over ordinary basements, 3#, 5# over the shelter",
        ),
        "planning-permit",
    ),
    Scene(
        date(2025, 4, 2),
        SHELTER,
        (
            "报建审批：应建6,240.00平方米，修建5,100.00，易地建设1,140.00",
            "6,240.00 m² of shelter due: 5,100.00 built, 1,140.00 paid",
        ),
        APPROVAL,
    ),
    Scene(date(2025, 5, 20), HOUSING, ("施工许可", "construction permit"), "construction-permit"),
    Scene(date(2025, 7, 1), SHELTER, ("机构更名，代码不变", "the office is renamed; its code stays")),
    Scene(
        date(2025, 9, 15),
        MARKET,
        ("开发企业更名换照，统一社会信用代码不变", "the developer is renamed under the same code"),
        "business-licence",
        RENAMED,
    ),
    Scene(date(2026, 3, 2), SHELTER, ("同意1#楼竣工验收备案的函（单体）", "the letter for 1# alone"), LETTER, RENAMED),
    Scene(date(2026, 3, 20), ESTATE, ("不动产登记", "real-estate title"), "real-estate-title", RENAMED),
)


def enrol_keys(parts: Parts, *, at: datetime) -> None:
    """Enrol the sample keys of the demo's authorities."""
    for authority, name in KEYS.items():
        for purpose in (Purpose.SEAL, Purpose.CODE):
            locator = f"file:{name}-{purpose.value}"
            key = key_places.open_key(parts.settings.signing_folder, locator)
            seals.enrol(
                parts.db, key, purpose, locator=locator, authority=authority, by=OPERATOR, at=at,
                unsafe_allow_samples=True,
            )  # fmt: skip


def beginning(at: datetime) -> datetime:
    """When the register was founded; on a machine whose clock is behind that, now."""
    return min(at, Scene(BEGINNING, SHELTER, ("", "")).at)


def tell(parts: Parts, press: Press, cast: Cast, *, at: datetime) -> Iterator[Told]:
    """Tell the story up to now, scene after scene; what an earlier telling issued is not issued again."""
    enrol_keys(parts, at=beginning(at))
    seed.load(parts.db, seed.demo(), by=OPERATOR, at=beginning(at))
    approval: Certificate | None = None
    for scene in SCENES:
        when = min(at, scene.at)
        with parts.db.reading() as look:
            body = reading.name_on(look, scene.authority, on=scene.day).wording.name
        row = _played(parts, press, scene, cast, _says(scene, approval), at=when) if scene.slug else None
        approval = row if scene.slug == APPROVAL else approval
        yield Told(scene, body, row)


def _says(scene: Scene, approval: Certificate | None) -> Mapping[str, str]:
    """What a scene's certificate says of the one before it."""
    if scene.holder is RENAMED and scene.slug == "business-licence":
        return {"former_names": DEVELOPER.name}
    if scene.slug != LETTER or approval is None:
        return {}
    return {"approval_number": approval.number or "", "approval_date": approval.issued_on.isoformat()}


def _played(
    parts: Parts, press: Press, scene: Scene, cast: Cast, says: Mapping[str, str], *, at: datetime
) -> Certificate:
    if scene.authority == SHELTER:
        return _by_officers(parts, press, scene, cast, says, at=at)
    return _by_system(parts, press, scene, says, at=at)


def _by_system(parts: Parts, press: Press, scene: Scene, says: Mapping[str, str], *, at: datetime) -> Certificate:
    """Another department's system sends what its own officers have drafted and approved."""
    system = Caller(Kind.CLIENT, f"demo-{scene.slug}", scene.authority, frozenset({Scope.ISSUE}))
    filing = _filing(scene, says, approval=Approval("示例经办", "示例审批"))
    request = Request(system.id, f"demo-{scene.day}", filing.type_code)
    return issuance.issue(parts.db, parts.documents, press, filing, by=system, at=at, request=request)


def _by_officers(
    parts: Parts, press: Press, scene: Scene, cast: Cast, says: Mapping[str, str], *, at: datetime
) -> Certificate:
    """One officer drafts, another approves, the first one issues."""
    drafter, approver = _caller(cast.drafter), _caller(cast.approver)
    request = Request(drafter.id, f"demo-{scene.slug}", scene.slug)
    with parts.db.reading() as look:
        before = intents.of_request(look, request)
    if before is not None:
        return issuance.finish(parts.db, parts.documents, press, before, by=drafter.id, at=at)
    draft = drafts.file(parts.db, parts.documents, _filing(scene, says), by=drafter, at=at)
    drafts.approve(parts.db, draft.id, by=approver, at=at)
    return issuance.issue(parts.db, parts.documents, press, draft.id, by=drafter, at=at, request=request)


def _filing(scene: Scene, says: Mapping[str, str], *, approval: Approval | None = None) -> Filing:
    folder = dict(shipped.folders())[scene.slug]
    fields = {**json.loads(folder.files["sample.json"]), **says}
    code: str = tomllib.loads(folder.files["definition.toml"].decode())["code"]
    contents = Contents(holders=(scene.holder,), fields=fields, approval=approval, term=TERMS.get(scene.slug))
    return Filing(code, contents, case_number=f"DEMO-{scene.day}")


def _caller(login: Login) -> Caller:
    rights = frozenset(scope for role in login.roles for scope in ROLES[Role(role)])
    return Caller(Kind.OFFICER, login.id, login.authority, rights)
