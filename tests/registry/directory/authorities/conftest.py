"""A small country: two divisions, bodies that exist since 2010, and hands to change them."""

from dataclasses import dataclass
from datetime import date, datetime
from threading import Barrier, Thread

import pytest
from sqlmodel import select

from registry.directory import division_lists
from registry.directory.authorities import nameplates, reading, record, successions
from registry.directory.authorities.history import Level, Name, Place, Plate
from registry.directory.authorities.succession import Heir, Kind
from registry.directory.wording import Basis, Wording
from registry.store.database import Database
from registry.store.tables.ledger import LedgerEntry
from verification import entries

PROVINCE, CITY, OTHER, COUNTY = "11990000000000019A", "11990100000000019F", "11990100000000027A", "11990123000000019R"
SINCE = date(2010, 3, 1)
BASIS = Basis("关于设置示例机构的通知", "示政〔2010〕1号", date(2010, 2, 1))
DIVISIONS = [
    {"code": "990000", "name": "示例省"},
    {"code": "990100", "name": "示例市"},
    {"code": "990123", "name": "示例县"},
]


@dataclass
class Country:
    """One register with divisions."""

    db: Database
    at: datetime

    @property
    def signed(self):
        """Who acts, and when."""
        return {"by": "officer-1", "at": self.at}

    def register(
        self, code=CITY, name="示例市人民防空办公室", level=Level.CITY, since=SINCE, region="990100", parent=None
    ):
        """Register a body with one name and one place."""
        names = [Name(Wording(name, None, "示人防"), since, BASIS)]
        places = [Place(region, since, BASIS, parent)]
        return record.register(self.db, code, level=level, names=names, places=places, **self.signed)

    def rename(self, name, day, code=CITY):
        """Give a body a new name."""
        return record.rename(self.db, code, Name(Wording(name), day, BASIS), **self.signed)

    def close(self, day, code=CITY):
        """Close a body."""
        return record.close(self.db, code, ended_on=day, basis=BASIS, **self.signed)

    def plate(self, name, first, last=None, issues=True, code=CITY):
        """Put up a second name."""
        return nameplates.add_nameplate(self.db, code, Plate(Wording(name), issues, first, BASIS, last), **self.signed)

    def succeed(self, code, kind, day, *heirs):
        """Pass duties on; heirs are codes or (code, scope)."""
        named = [Heir(heir) if isinstance(heir, str) else Heir(*heir) for heir in heirs]
        return successions.succeed(self.db, code, Kind(kind), named, on=day, basis=BASIS, **self.signed)

    def get(self, code=CITY):
        """Read a body."""
        with self.db.reading() as look:
            return reading.get(look, code)

    def answers(self, code, day, **more):
        """Who answers for a body."""
        with self.db.reading() as look:
            return reading.answers_for(look, code, on=day, **more).authority

    def events(self):
        """The ledger's entries since the divisions were listed."""
        with self.db.reading() as look:
            bodies = [row.body for row in look.exec(select(LedgerEntry).order_by(LedgerEntry.id))]
        return [entry for entry in map(entries.from_bytes, bodies) if entry.event != "divisions-listed"]


@pytest.fixture
def country(db, at):
    """Divisions, and nobody yet."""
    division_lists.load(db, DIVISIONS, by="hub", at=at)
    return Country(db, at)


@pytest.fixture
def together(database_url):
    """Run acts at the same moment, each with a database of its own; answer what each came to."""

    def run_all(*acts):
        start, told = Barrier(len(acts)), [None] * len(acts)

        def run(place, act):
            db = Database(database_url)
            start.wait()
            try:
                told[place] = act(db)
            except Exception as error:
                told[place] = error
            db.close()

        threads = [Thread(target=run, args=pair) for pair in enumerate(acts)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        return told

    return run_all
