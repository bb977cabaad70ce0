"""A project of a demo authority with buildings that a test changes."""

from datetime import date

import pytest

from registry.directory import authority_seed
from registry.directory.access.callers import Caller
from registry.directory.access.scopes import ROLES, Kind, Role
from registry.directory.projects import reading, record
from registry.directory.projects.history import DatedName, Since
from registry.directory.projects.record import NewBuilding
from registry.directory.wording import Basis
from tests.worlds import AT

OFFICE, OTHER = "114108000000000004", "11410800000000027U"
CODE = "2503-410199-04-01-000001"
DAY = date(2025, 3, 1)
BASIS = Basis("示例立项文件", "示发改〔2025〕3号", DAY)
SINCE = Since(DAY, BASIS)


def unit(number):
    """The unit code of a building."""
    return f"410199001001GB00001F{number:04}0000"


def registrar(authority=OFFICE):
    """Who registers."""
    return Caller(Kind.OFFICER, f"off_{authority}", authority, ROLES[Role.REGISTRAR])


BUILDINGS = [NewBuilding(f"{n}#住宅楼", "一期", unit(n)) for n in (1, 2, 3, 5)]


class Land:
    """A register with one project."""

    def __init__(self, db):
        self.db, self.at, self.by = db, AT, registrar()
        authority_seed.load(db, authority_seed.demo(), by="operator", at=AT)
        self.register()

    def register(self, code=CODE, buildings=BUILDINGS, by=None):
        """Enter a project."""
        name = DatedName("示例花园一期工程", DAY, BASIS)
        return record.register(self.db, code, name, buildings, by=by or self.by, at=self.at)

    def project(self):
        """The project as it stands."""
        with self.db.reading() as look:
            return reading.get(look, CODE)

    def id(self, name):
        """A building's id by a name of it."""
        return self.project().called(name).id


@pytest.fixture
def land(db):
    """A fresh register on either engine."""
    return Land(db)
