"""The demo's story: a project is approved, permitted, and its first building gets its letter, without a sheet of paper.

Every step is the real one: keys are enrolled, officers draft and approve, other departments' systems send approved
orders, and each certificate is drawn, sealed, checked and kept as in production, with sample keys and fictional names.

Order: the story runs over a year, and every act happens on its own day (demo_scenes.py): the office is renamed between
       its approval and its letter, the developer between its two licences, under the same codes.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time

from hub import demo_asking, demo_typeset, key_places
from hub.demo_people import ESTATE, HOUSING, SHELTER, Login
from hub.demo_scenes import APPROVAL, ASKED, BEGINNING, LETTER, MARKET, OPINION, PERMIT, SCENES, Scene
from hub.parts import Parts
from registry.directory import seals
from registry.directory.access.callers import OPERATOR, Caller
from registry.directory.access.scopes import ROLES, Kind, Role, Scope
from registry.directory.authorities import reading
from registry.directory.catalog import content, shipped
from registry.directory.catalog.content import TypeContent
from registry.directory.matters.materials import Words
from registry.directory.projects import seed
from registry.directory.seals import Purpose
from registry.directory.wording import Basis
from registry.life import drafts, intents, issuance, status
from registry.life.contents import Approval, Contents, Filing, Replaces
from registry.life.intents import Request
from registry.life.press import Press
from registry.life.states import lifecycle, standing
from registry.life.states.moves import Asked
from registry.store.tables.life import Certificate

KEYS = {SHELTER: "defence", HOUSING: "housing", ESTATE: "planning", MARKET: "market"}
HUB_KEY = "file:hub-seal"
TERMS = {"business-licence": "长期"}  # where the type has several


@dataclass(frozen=True, slots=True)
class Cast:
    """Who acts."""

    drafter: Login
    approver: Login


@dataclass(frozen=True, slots=True)
class Told:
    """What happened on a day, in Chinese and English, and the certificate that came of it, or what was found."""

    scene: Scene
    body: str
    row: Certificate | None
    found: Words | None = None

    @property
    def words(self) -> Words:
        """The day in two languages."""
        zh, en = self.scene.told
        return Words(zh, en) if self.found is None else Words(f"{zh}：{self.found.zh}", f"{en}: {self.found.en}")


@dataclass(frozen=True, slots=True)
class Answer:
    """How a certificate stood at the end of a day, in the register's word and in two languages."""

    identifier: str
    day: str
    state: str
    zh: str
    en: str


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


def _enrol_own(parts: Parts, *, at: datetime) -> None:
    """Enrol the hub's own key: it speaks for an authority whose code key has ended."""
    key = key_places.open_key(parts.settings.signing_folder, HUB_KEY)
    seals.enrol(
        parts.db, key, Purpose.HUB, locator=HUB_KEY, authority=None, by=OPERATOR, at=at, unsafe_allow_samples=True
    )


def beginning(at: datetime) -> datetime:
    """When the register was founded; on a machine whose clock is behind that, now."""
    return min(at, Scene(BEGINNING, SHELTER, ("", "")).at)


def tell(parts: Parts, press: Press, cast: Cast, *, at: datetime, scenes: Iterable[Scene] = SCENES) -> Iterator[Told]:
    """Tell the story up to now, scene after scene; what an earlier telling issued or moved is not done again."""
    enrol_keys(parts, at=beginning(at))
    _enrol_own(parts, at=beginning(at))
    seed.load(parts.db, seed.demo(), by=OPERATOR, at=beginning(at))
    newest: dict[str, Certificate] = {}
    for scene in scenes:
        when = min(at, scene.at)
        with parts.db.reading() as look:
            body = reading.name_on(look, scene.authority, on=scene.day).wording.name
        row = _played(parts, press, scene, cast, newest, at=when)
        if row is not None:
            newest[scene.slug] = row
        found = None if scene.asks is None else demo_asking.ask(parts, scene, scene.asks, at=when)
        yield Told(scene, body, row, found)


def asked(parts: Parts, told: Iterable[Told], *, at: datetime) -> list[Answer]:
    """How the certificate that was suspended and replaced stood on three days."""
    moved = [one.row.identifier for one in told if one.scene.slug == PERMIT and one.row][1]
    found = []
    with parts.db.reading() as look:
        for day in ASKED:
            then = min(at, datetime.combine(day, time(15, 59), UTC))  # the end of the day in Asia/Shanghai
            state = standing.now(look, moved, at=then).state
            found.append(Answer(moved, day.isoformat(), state.value, *lifecycle.table().states[state.value]))
    return found


def _played(
    parts: Parts, press: Press, scene: Scene, cast: Cast, newest: Mapping[str, Certificate], *, at: datetime
) -> Certificate | None:
    """What comes of a scene; a move makes no certificate."""
    if scene.move is not None:
        _move(parts, scene, newest[scene.slug], scene.move, at=at)
    if scene.move is not None or not scene.slug:
        return None
    kind = content.read(dict(shipped.folders())[scene.slug])
    filing = demo_typeset.completed(parts, scene, _filing(scene, kind, newest), kind.definition)
    if scene.authority == SHELTER:
        return _by_officers(parts, press, scene, cast, filing, at=at)
    return _by_system(parts, press, scene, filing, at=at)


def _move(parts: Parts, scene: Scene, row: Certificate, asked: tuple[str, str], *, at: datetime) -> None:
    """The department's own system moves its certificate, unless an earlier telling did."""
    with parts.db.reading() as look:
        if asked[0] in {act.move for act in standing.acts_of(look, row.identifier)}:
            return
    system = Caller(Kind.CLIENT, f"demo-{scene.slug}", scene.authority, frozenset({Scope.STATUS}))
    status.move(
        parts.db,
        parts.keyring,
        row.identifier,
        Asked(move=asked[0], reason=asked[1], basis=_basis(scene)),
        by=system,
        at=at,
    )


def _by_system(parts: Parts, press: Press, scene: Scene, filing: Filing, *, at: datetime) -> Certificate:
    """Another department's system sends what its own officers have drafted and approved."""
    system = Caller(Kind.CLIENT, f"demo-{scene.slug}", scene.authority, frozenset({Scope.ISSUE}))
    sent = replace(filing, contents=replace(filing.contents, approval=Approval("示例经办", "示例审批")))
    request = Request(system.id, f"demo-{scene.day}", filing.type_code)
    return issuance.issue(parts.db, parts.documents, press, sent, by=system, at=at, request=request)


def _by_officers(parts: Parts, press: Press, scene: Scene, cast: Cast, filing: Filing, *, at: datetime) -> Certificate:
    """One officer drafts, another approves, the first one issues."""
    drafter, approver = _caller(cast.drafter), _caller(cast.approver)
    request = Request(drafter.id, f"demo-{scene.slug}", scene.slug)
    with parts.db.reading() as look:
        before = intents.of_request(look, request)
    if before is not None:
        return issuance.finish(parts.db, parts.documents, press, before, by=drafter.id, at=at)
    draft = drafts.file(parts.db, parts.documents, filing, by=drafter, at=at)
    drafts.approve(parts.db, draft.id, by=approver, at=at)
    return issuance.issue(parts.db, parts.documents, press, draft.id, by=drafter, at=at, request=request)


def _filing(scene: Scene, kind: TypeContent, newest: Mapping[str, Certificate]) -> Filing:
    sample = json.loads(kind.folder.files["sample.json"])
    fields = {**sample, **scene.says, **_rests_on(scene, newest.get(APPROVAL))}
    replaces = scene.replaces and Replaces(newest[scene.slug].identifier, scene.replaces, _basis(scene))
    contents = Contents(
        holders=(scene.holder,),
        fields=fields,
        term=TERMS.get(scene.slug),
        number=scene.number,
        replaces=replaces or None,
    )
    return Filing(kind.definition.code, contents, case_number=f"DEMO-{scene.day}")


def _rests_on(scene: Scene, approval: Certificate | None) -> Mapping[str, str]:
    """What letter and project document say of the approval; only the letter names its date."""
    if approval is None or scene.slug not in {LETTER, OPINION}:
        return {}
    said = {"approval_number": approval.number or ""}
    return said | ({"approval_date": approval.issued_on.isoformat()} if scene.slug == LETTER else {})


def _basis(scene: Scene) -> Basis:
    return Basis(f"示例决定（{scene.told[0][:20]}）", None, scene.day)


def _caller(login: Login) -> Caller:
    rights = frozenset(scope for role in login.roles for scope in ROLES[Role(role)])
    return Caller(Kind.OFFICER, login.id, login.authority, rights)
