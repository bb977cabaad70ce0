"""The demo's story: a project is approved, permitted, and its first building gets its letter, without a sheet of paper.

Every step is the real one: keys are enrolled, officers draft and approve, other departments' systems send approved
orders, and each certificate is drawn, sealed, checked and kept as in production, with sample keys and fictional names.
"""

import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from hub import key_places
from hub.demo_people import ESTATE, HOUSING, SHELTER, Login
from hub.parts import Parts
from registry.directory import seals
from registry.directory.access.callers import OPERATOR, Caller
from registry.directory.access.scopes import ROLES, Kind, Role, Scope
from registry.directory.catalog import shipped
from registry.directory.seals import Purpose
from registry.life import drafts, intents, issuance
from registry.life.contents import Approval, Contents, Filing
from registry.life.intents import Request
from registry.life.press import Press
from registry.store.tables.life import Certificate
from verification.statement import Holder

MARKET = "11410800000000043H"
KEYS = {SHELTER: "defence", HOUSING: "housing", ESTATE: "planning", MARKET: "market"}
DEVELOPER = Holder("示例置业有限公司", "legal", "001", "91990100MA0000001G")
TERMS = {"business-licence": "长期"}  # where the type has several
BY_OFFICERS = ("shelter-build-approval", "single-building-letter")
BY_SYSTEMS = (
    ("business-licence", MARKET),
    ("planning-permit", ESTATE),
    ("construction-permit", HOUSING),
    ("real-estate-title", ESTATE),
)


@dataclass(frozen=True, slots=True)
class Cast:
    """Who acts."""

    drafter: Login
    approver: Login


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


def tell(parts: Parts, press: Press, cast: Cast, *, at: datetime) -> Iterator[Certificate]:
    """Tell the story, one certificate after the other; what an earlier telling issued is not issued again."""
    enrol_keys(parts, at=at)
    for slug, authority in BY_SYSTEMS:
        yield _by_system(parts, press, slug, authority, at=at)
    for slug in BY_OFFICERS:
        yield _by_officers(parts, press, slug, cast, at=at)


def _by_system(parts: Parts, press: Press, slug: str, authority: str, *, at: datetime) -> Certificate:
    """Another department's system sends what its own officers have drafted and approved."""
    system = Caller(Kind.CLIENT, f"demo-{slug}", authority, frozenset({Scope.ISSUE}))
    filing = _filing(slug, approval=Approval("示例经办", "示例审批"))
    request = Request(system.id, "demo", filing.type_code)
    return issuance.issue(parts.db, parts.documents, press, filing, by=system, at=at, request=request)


def _by_officers(parts: Parts, press: Press, slug: str, cast: Cast, *, at: datetime) -> Certificate:
    """One officer drafts, another approves, the first one issues."""
    drafter, approver = _caller(cast.drafter), _caller(cast.approver)
    request = Request(drafter.id, f"demo-{slug}", slug)
    with parts.db.reading() as look:
        before = intents.of_request(look, request)
    if before is not None:
        return issuance.finish(parts.db, parts.documents, press, before, by=drafter.id, at=at)
    draft = drafts.file(parts.db, parts.documents, _filing(slug), by=drafter, at=at)
    drafts.approve(parts.db, draft.id, by=approver, at=at)
    return issuance.issue(parts.db, parts.documents, press, draft.id, by=drafter, at=at, request=request)


def _filing(slug: str, *, approval: Approval | None = None) -> Filing:
    folder = dict(shipped.folders())[slug]
    fields = json.loads(folder.files["sample.json"])
    code: str = tomllib.loads(folder.files["definition.toml"].decode())["code"]
    contents = Contents(holders=(DEVELOPER,), fields=fields, approval=approval, term=TERMS.get(slug))
    return Filing(code, contents, case_number=f"DEMO-{slug}")


def _caller(login: Login) -> Caller:
    rights = frozenset(scope for role in login.roles for scope in ROLES[Role(role)])
    return Caller(Kind.OFFICER, login.id, login.authority, rights)
