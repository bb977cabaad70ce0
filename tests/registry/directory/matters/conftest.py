"""A small matter, complete and right, that tests change in one place at a time."""

import copy
from datetime import date, timedelta

import pytest
from sqlmodel import select

from registry.directory.access.callers import Caller
from registry.directory.access.scopes import Kind, Scope
from registry.directory.matters import publication, reading
from registry.store.tables.ledger import LedgerEntry
from tests import worlds
from verification import entries

HOUSING, SHELTER = "11410800000000027U", "114108000000000004"
PERMIT, LETTER, OPINION = "11410000000001038X001", "11410000000000000T005", "11410000000000000T006"
CODE = f"{HOUSING}3411099009000"
CLERK = Caller(Kind.OFFICER, "off_chief", HOUSING, frozenset({Scope.CATALOG_ADMIN}))
DAY = date(2026, 3, 2)
HAND_IN = (("materials", 0, "obtained"), "hand-in")


def words(text):
    return {"zh": text, "en": text}


SMALL = {
    "code": CODE,
    "basic_code": "411099009000",
    "local_codes": ["SL-0001"],
    "authority": HOUSING,
    "title": words("示例事项"),
    "kind": "matter",
    "first_day": "2026-01-01",
    "subject": "project",
    "scenarios": [{"code": "default", "title": words("通用")}, {"code": "housing", "title": words("住宅")}],
    "form": [
        {"name": "permit", "title": words("许可证号"), "kind": "text"},
        {"name": "area", "title": words("面积"), "kind": "decimal"},
    ],
    "limits": [
        {
            "name": "small",
            "title": words("2000平方米以下"),
            "value": "2000.00",
            "unit": "m²",
            "compare": "le",
            "applies_to": "area",
            "effect": words("免收"),
        }
    ],
    "materials": [
        {
            "code": "permit",
            "title": words("施工许可证"),
            "necessity": "required",
            "satisfied_by": [{"type": PERMIT, "fields": ["project_name", "contractor"]}],
            "mode": "data",
            "basis": ["statutory", "grant"],
            "statute": {"title": "示例条例", "article": "第七条"},
            "obtained": "look-up",
            "fills": {"permit": "number"},
        },
        {"code": "report", "title": words("报告"), "necessity": "required", "obtained": "hand-in"},
    ],
}


def small(*changes, **tops):
    """The small matter with a value exchanged at each path, or taken away where the value is `...`."""
    told = copy.deepcopy(SMALL) | tops
    for path, value in changes:
        *front, last = path
        place = told
        for step in front:
            place = place[step]
        if value is ...:
            del place[last]
        else:
            place[last] = value
    return told


@pytest.fixture
def documents(tmp_path):
    """The documents of the furnished world."""
    return worlds.documents(tmp_path)


@pytest.fixture
def publish(db, documents, at):
    """Publish a document, the small matter unless another is given."""

    def run(told=None, *, by=CLERK, later=0, library=None):
        return publication.publish(
            db, documents, told or small(), by=by, at=at + timedelta(days=later), library=library
        )

    return run


def acts(db, subject=CODE):
    """What the ledger tells about a matter."""
    with db.reading() as look:
        rows = look.exec(select(LedgerEntry).where(LedgerEntry.subject == subject).order_by(LedgerEntry.id))
        return [entries.from_bytes(row.body) for row in rows]


def current(db, code=CODE, on=DAY):
    """The version of a matter under which a case is handled on a day."""
    with db.reading() as look:
        return reading.current(look, code, on=on)
