"""The world of looking up: the demo's story told to its end, its matters, and offices that look certificates up."""

import os
from datetime import UTC, datetime

import pytest
from sqlmodel import select

from hub import demo_people, demo_story, key_places
from hub.demo_people import HOUSING, SHELTER
from hub.demo_scenes import DEVELOPER, RENAMED, SCENES
from hub.parts import Parts
from hub.settings import Settings
from registry.directory import authority_seed
from registry.directory.access.callers import OPERATOR, Caller
from registry.directory.access.scopes import Kind, Scope
from registry.directory.catalog import shipped as types
from registry.directory.matters import shipped as matters
from registry.directory.matters.materials import BasisKind
from registry.exchange.allowances import Asked, Basis, Operator
from registry.exchange.finding.about import About, Named
from registry.exchange.retrieval import LookUps
from registry.store import key_folder
from registry.store.documents import Documents
from registry.store.key_folder import KeyFolder
from registry.store.tables.ledger import LedgerEntry
from registry.store.tables.life import Certificate
from tests.worlds import AT, Furnishing

NOW = datetime(2026, 5, 6, 2, tzinfo=UTC)
FILING, REGISTRATION, FEE = (
    "11410800000000027U3411017002000",
    "11410800000000035N3410715003000",
    "1141080000000000043410134003000",
)
PERMIT, LETTER, OPINION, LICENCE = (
    "11410000000001038X001",
    "11410000000000000T005",
    "11410000000000000T006",
    "114100000000010116001",
)
PROJECT = "2503-410199-04-01-000001"
OFFICE = Caller(Kind.CLIENT, "cli_housing", HOUSING, frozenset({Scope.RETRIEVE}))
ELSEWHERE = Caller(Kind.CLIENT, "cli_shelter", SHELTER, frozenset({Scope.RETRIEVE}))
OLD = Named(DEVELOPER.name, "001", DEVELOPER.code)
NEW = Named(RENAMED.name, "001", RENAMED.code)


def parts_of(db, folder, at=NOW):
    """The parts of a hub whose files lie in a folder."""
    settings = Settings(home=folder, _env_file=None)
    keyring = KeyFolder(settings.wrapping_folder)
    return Parts(settings, db, Documents(settings.documents, keyring), keyring, now=lambda: at)


def tell(db, folder):
    """Tell the demo's story to its end."""
    key_folder.create(folder / "keys" / "wrapping", entropy=os.urandom)
    parts = parts_of(db, folder)
    authority_seed.load(db, authority_seed.demo(), by="hub", at=AT)
    types.ship(db, parts.documents, by="hub", at=AT)
    matters.ship(db, parts.documents, by=OPERATOR, at=AT)
    logins = [demo_people.enrol(db, parts.keyring, one, at=AT, told_on=AT.date()) for one in demo_people.LOGINS[1:3]]
    unasked = [scene for scene in SCENES if scene.asks is None]  # nobody has looked anything up yet
    list(demo_story.tell(parts, parts.press, demo_story.Cast(*logins), at=NOW, scenes=unasked))


STORY = Furnishing("story", tell)


class World:
    """A register that knows the story, and an office that looks up."""

    def __init__(self, db, folder):
        self.db, self.at = db, NOW
        self.parts = parts_of(db, folder)
        self.keyring, self.documents = self.parts.keyring, self.parts.documents
        self.look_ups = LookUps(self.documents, key_places.opener(self.parts.settings.signing_folder))

    def retrieve(self, by=OFFICE, at=None, **changes):
        """Look up for the filing, one thing changed."""
        return self.look_ups.retrieve(self.db, asked(**changes), by=by, at=at or self.at)

    def rows(self, table):
        """The rows of a table."""
        with self.db.reading() as look:
            return list(look.exec(select(table)))

    def events(self, event):
        """The bodies of the ledger's entries of an event."""
        with self.db.reading() as look:
            wanted = select(LedgerEntry).where(LedgerEntry.event == event).order_by(LedgerEntry.id)
            return list(look.exec(wanted))

    def certificate(self, type_code):
        """The newest certificate of a type."""
        return max((one for one in self.rows(Certificate) if one.type_code == type_code), key=lambda one: one.at)


def asked(**changes):
    """A look-up that is right in everything."""
    told = {
        "matter": FILING,
        "case_number": "示例〔2026〕7号",
        "purpose": "竣工验收备案审查",
        "materials": ("construction-permit",),
        "about": About(holders=(NEW,)),
        "basis": Basis(BasisKind.STATUTORY),
        "operator": Operator("ck-007", "示例窗口"),
    }
    return Asked(**told | changes)


@pytest.fixture
def world(db, tmp_path):
    """A fresh world on either engine; it needs the mark `furnished(STORY)`."""
    return World(db, tmp_path)
