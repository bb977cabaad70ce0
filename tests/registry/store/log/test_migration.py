"""The migration that brings the log to a register that has acts already."""

from importlib.resources import files

from alembic import command
from alembic.config import Config
from sqlalchemy import text

from registry.store import schema
from registry.store.database import Database
from registry.store.events import Event
from tests.registry.store.log.desk import AT, act, seen, sequencer
from verification import entries
from verification.entries import Entry

BEFORE = "0006"  # the schema that had no log


def test_acts_of_the_past_get_their_places(empty_url):
    """Commitments and subjects are computed from what the entries hold; all of them wait for a place."""
    db = Database(empty_url)
    _upgrade(db, BEFORE)
    old = [_entry(number) for number in range(3)]
    with db.writing() as tx:
        for row in old:
            columns = ", ".join(row)
            tx.connection().execute(
                text(f"INSERT INTO ledger_entry ({columns}) VALUES ({', '.join(f':{name}' for name in row)})"), row
            )
    schema.upgrade(db)
    new = act(db)
    sequencer(db).turn(at=AT)

    assert seen(db)[1] == [*(row["leaf"].hex() for row in old), *new]
    with db.reading() as look:
        found = look.connection().execute(text("SELECT subject FROM ledger_entry ORDER BY id")).scalars().all()
    assert found == ["old-0", "old-1", "old-2", "act-0"]
    db.close()


def _upgrade(db, revision):
    with db.writing() as tx:
        config = Config(attributes={"connection": tx.connection()})
        config.set_main_option("script_location", str(files("registry.store").joinpath("migrations")))
        command.upgrade(config, revision)


def _entry(number):
    salt = bytes([number]) * 16
    body = Entry(Event.DRAFTED.value, AT, "off_a", f"old-{number}", {}, ()).to_bytes()
    leaf = entries.leaf_hash(entries.commitment(salt, body))
    return {"leaf": leaf, "event": "drafted", "at": "2026-03-02T01:30:00.000000Z", "salt": salt, "body": body}
