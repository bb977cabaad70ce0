"""A superuser with SQL: no triggers, no foreign keys, no checks; one random edit at a time."""

import random
from dataclasses import dataclass

from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError

from registry.store.log.audit import protected
from verification.merkle import HASH

EDITS = ("change", "change", "change", "delete", "insert", "exchange", "cut")


@dataclass(frozen=True)
class Edit:
    """What was done, and the row by which the audit has to name it."""

    kind: str
    table: str
    keys: tuple[str, ...]
    told: str = ""


class Superuser:
    """Somebody with every right in the database."""

    def __init__(self, url, seed):
        self.engine = create_engine(url)
        self.sqlite = self.engine.dialect.name == "sqlite"
        self.chance = random.Random(seed)
        self.tables = [*protected.guarded(), *(t for t in protected.known() if t.name in protected.LOG)]

    def disarm(self, connection):
        """Drop whatever is in the way."""
        if not self.sqlite:
            connection.execute(text("SET session_replication_role = replica"))
            return
        connection.exec_driver_sql("PRAGMA foreign_keys=0")
        connection.exec_driver_sql("PRAGMA ignore_check_constraints=1")
        for (name,) in connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
            connection.execute(text(f'DROP TRIGGER "{name}"'))

    def edit(self):
        """One edit that the database took."""
        while True:
            with self.engine.connect() as connection:
                if not self.sqlite:
                    connection.execute(text("SELECT 1"))
                self.disarm(connection)
                try:
                    done = self._try(connection)
                except IntegrityError:
                    done = None
                if done is not None:
                    connection.commit()
                    return done
                connection.rollback()

    def _try(self, connection):
        kind = self.chance.choice(EDITS)
        if kind == "cut":
            return self._cut(connection)
        table = self.chance.choice(self.tables)
        rows = connection.execute(table.select()).mappings().all()
        if not rows:
            return None
        row = self.chance.choice(rows)
        return getattr(self, f"_{kind}")(connection, table, row, rows)

    def _change(self, connection, table, row, _rows):
        logged = [c for c in table.columns if c.info.get("logged", True)]
        column = self.chance.choice(logged)
        before = row[column.name]
        value = self._other(before)
        if value == before:
            return None
        connection.execute(table.update().where(*self._is(table, row)).values({column.name: value}))
        return Edit(
            "change", table.name, self._keys(table, row, {**row, column.name: value}), f"{column.name}={value!r}"
        )

    def _delete(self, connection, table, row, _rows):
        connection.execute(table.delete().where(*self._is(table, row)))
        return Edit("delete", table.name, self._keys(table, row))

    def _insert(self, connection, table, row, _rows):
        new = dict(row)
        for column in table.columns:
            unique = column.primary_key or column.unique or any(column.name in index.columns for index in table.indexes)
            if unique or column.name in {"leaf", "number", "status_index", "reference"}:
                new[column.name] = self._other(row[column.name])
        connection.execute(table.insert().values(new))
        return Edit("insert", table.name, self._keys(table, new))

    def _exchange(self, connection, table, row, rows):
        """Exchange all values but the keys of two rows: the order of the past."""
        other = self.chance.choice(rows)
        free = [c.name for c in table.columns if not c.primary_key and c.info.get("logged", True)]
        if not free or all(row[name] == other[name] for name in free):
            return None
        connection.execute(table.delete().where(*self._is(table, row)))
        connection.execute(table.update().where(*self._is(table, other)).values({n: row[n] for n in free}))
        connection.execute(table.insert().values({**row, **{n: other[n] for n in free}}))
        return Edit("exchange", table.name, self._keys(table, row, other))

    def _cut(self, connection):
        """The last entries vanish with their places, and the tree is cut to fit: only a copy outside knows."""
        size = connection.execute(text("SELECT count(*) FROM log_place")).scalar_one()
        kept = self.chance.randrange(max(1, size - 20), size)
        connection.execute(
            text("DELETE FROM ledger_entry WHERE id IN (SELECT entry FROM log_place WHERE place >= :n)"), {"n": kept}
        )
        connection.execute(text("DELETE FROM log_place WHERE place >= :n"), {"n": kept})
        connection.execute(text("DELETE FROM log_checkpoint WHERE size > :n"), {"n": kept})
        level = 0
        while True:
            width = kept >> (8 * level)
            rows = connection.execute(text("SELECT number, hashes FROM log_tile WHERE level = :l"), {"l": level}).all()
            if not rows:
                return Edit("cut", "log_checkpoint", (str(size),))
            for number, hashes in rows:
                left = max(0, min(256, width - number * 256)) * HASH
                here = {"l": level, "n": number, "h": bytes(hashes)[:left]}
                connection.execute(text("DELETE FROM log_tile WHERE level = :l AND number = :n"), here)
                if left:
                    connection.execute(text("INSERT INTO log_tile (level, number, hashes) VALUES (:l, :n, :h)"), here)
            level += 1

    def _other(self, value):
        """Another value of the same kind."""
        from datetime import date, datetime, timedelta

        if isinstance(value, bool):
            return not value
        if isinstance(value, int):
            return value + self.chance.choice([-1, 1, 2, 1000])
        if isinstance(value, bytes):
            place = self.chance.randrange(len(value)) if value else 0
            return value[:place] + bytes([value[place] ^ (1 << self.chance.randrange(8))]) + value[place + 1 :]
        if isinstance(value, datetime):
            return value + timedelta(microseconds=self.chance.choice([1, 1000000, 86400000000]))
        if isinstance(value, date):
            return value + timedelta(days=self.chance.choice([-1, 1, 365]))
        if value is None:
            return None
        place = self.chance.randrange(len(value)) if value else 0
        return value[:place] + self.chance.choice("0123456789ABCXYZ") + value[place + 1 :]

    def _is(self, table, row):
        return [column == row[column.name] for column in table.primary_key]

    def _keys(self, table, *rows):
        from registry.store.columns import plain

        names = [column.name for column in table.primary_key]
        return tuple("/".join(str(plain(row[name])) for name in names) for row in rows)
