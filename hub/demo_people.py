"""The demo's officers and systems: fictional, with passwords that everybody may know.

Each is enrolled as a real one would be: an officer's first password is drawn and then changed, a system joins with
a secret or with a key of its own.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime

from hub import key_files_made
from hub.settings import Settings
from registry.directory.access import accounts, clients, officers, public_keys
from registry.directory.access.callers import OPERATOR, Caller
from registry.directory.access.scopes import Kind, Role, Scope
from registry.directory.authorities import reading
from registry.store.database import Database
from registry.store.key_folder import KeyFolder


@dataclass(frozen=True, slots=True)
class Login:
    """An officer of the demo."""

    login: str
    name: str
    authority: str
    roles: tuple[str, ...]
    password: str
    totp_seed: str = ""
    id: str = ""
    authority_name: str = ""


@dataclass(frozen=True, slots=True)
class System:
    """A connected system of the demo."""

    name: str
    authority: str
    scopes: tuple[str, ...]
    with_key: bool = False
    id: str = ""
    secret: str | None = None
    key_file: str | None = None


SHELTER, HOUSING, ESTATE = "114108000000000004", "11410800000000027U", "11410800000000035N"

LOGINS = (
    Login("demo-admin", "示例管理员", SHELTER, ("hub-administrator",), "shili-guanli-2026"),
    Login("demo-drafter", "示例经办甲", SHELTER, ("drafter", "registrar"), "shili-jingban-2026"),
    Login("demo-approver", "示例审批乙", SHELTER, ("approver",), "shili-shenpi-2026"),
    Login("demo-housing", "示例窗口丙", HOUSING, ("caseworker", "administrator"), "shili-chuangkou-2026"),
    Login("demo-auditor", "示例审计丁", SHELTER, ("auditor",), "shili-shenji-2026"),
)
SYSTEMS = (
    System("示例市人防审批系统", SHELTER, ("draft", "issue", "status", "verify")),
    System("示例市竣工备案系统", HOUSING, ("retrieve", "verify", "transfer")),
    System("示例市不动产登记系统", ESTATE, ("retrieve", "verify", "transfer"), with_key=True),
)


def enrol(db: Database, keys: KeyFolder, wanted: Login, *, at: datetime, told_on: date) -> Login:
    """Enrol an officer, or set one up anew whose enrolment was cut short, and tell its office by the name of a day."""
    with db.reading() as look:
        before = officers.named(look, wanted.login)
        name = reading.name_on(look, wanted.authority, on=told_on).wording.name
    if before is not None:
        done = accounts.reset(db, keys, before.id, by=OPERATOR, at=at)
    else:
        roles = frozenset(Role(role) for role in wanted.roles)
        person = officers.Person(wanted.login, wanted.name, wanted.authority, roles)
        done = officers.register(db, keys, person, by=OPERATOR, at=at)
    officer = done.officer
    own = Caller(Kind.OFFICER, officer.id, officer.authority, frozenset(), must_change=True)
    accounts.change_password(db, old=done.password, new=wanted.password, by=own, at=at)
    return replace(wanted, totp_seed=done.seed, id=officer.id, authority_name=name)


def join(db: Database, wanted: System, settings: Settings, *, at: datetime) -> System:
    """Let a system join, closing one of the same name that an interrupted preparation left."""
    for before in _named(db, wanted):
        clients.close(db, before, by=OPERATOR, at=at)
    granted = frozenset(Scope(scope) for scope in wanted.scopes)
    place = settings.home / "keys" / "clients" / f"{wanted.authority}.pem"
    key_file = key_files_made.new(place) if wanted.with_key else None
    key = None if key_file is None else public_keys.from_text(key_file.with_suffix(".pub").read_text())
    made = clients.register(
        db, authority=wanted.authority, name=wanted.name, scopes=granted, by=OPERATOR, at=at, key=key
    )
    path = None if key_file is None else str(key_file)
    return replace(wanted, id=made.client.id, secret=made.secret, key_file=path, scopes=tuple(sorted(granted)))


def _named(db: Database, wanted: System) -> list[str]:
    found = clients.listing(db, by=OPERATOR, limit=200)
    return [client.id for client in found if client.name == wanted.name and client.closed_at is None]
