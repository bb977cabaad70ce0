"""Make tables append-only, and columns unchangeable, by triggers on both engines.

In:   a table and the columns that an update may touch (none: nothing may be updated)
Out:  the statements a migration runs
Why triggers: a constraint that Python checks is a habit; one that the database checks holds for every caller.
A superuser can drop a trigger: the ledger's digests find what was changed then.
"""

from collections.abc import Sequence


def append_only(dialect: str, table: str, columns: Sequence[str], *, erasable: Sequence[str] = ()) -> list[str]:
    """Refuse DELETE, and every UPDATE but one that sets `erasable` columns to NULL."""
    kept = [name for name in columns if name not in erasable]
    return _triggers(dialect, table, _same(dialect, kept) + [f"NEW.{name} IS NULL" for name in erasable], delete=False)


def fixed(
    dialect: str, table: str, columns: Sequence[str], *, changing: Sequence[str], delete: bool = False
) -> list[str]:
    """Refuse any UPDATE outside `changing`, and DELETE unless allowed."""
    return _triggers(dialect, table, _same(dialect, [name for name in columns if name not in changing]), delete=delete)


def refixed(dialect: str, table: str, columns: Sequence[str], *, changing: Sequence[str]) -> list[str]:
    """Fix a table anew whose columns became more."""
    verbs = ("update", "delete", *(["truncate"] if dialect == "postgresql" else []))
    where = f' ON "{table}"' if dialect == "postgresql" else ""
    gone = [f'DROP TRIGGER "{table}_no_{verb}"{where}' for verb in verbs]
    return gone + fixed(dialect, table, columns, changing=changing)


def growing(dialect: str, table: str, column: str, columns: Sequence[str]) -> list[str]:
    """Refuse DELETE, and every UPDATE but one that adds to the end of a column of bytes."""
    grown = f'substr(NEW."{column}", 1, length(OLD."{column}")) = OLD."{column}"'
    return _triggers(dialect, table, [*_same(dialect, columns), grown], delete=False)


def noted(dialect: str, table: str, key: str, *, within: str, column: str) -> list[str]:
    """Note every new row's key in a second table, whoever inserts it."""
    insert = f'INSERT INTO "{within}" ("{column}") VALUES (NEW."{key}");'  # noqa: S608 - names of our own schema
    name = f"{table}_noted"
    if dialect == "sqlite":
        return [f'CREATE TRIGGER "{name}" AFTER INSERT ON "{table}" BEGIN {insert} END']
    return [
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {insert} RETURN NULL; END $$",
        f'CREATE TRIGGER "{name}" AFTER INSERT ON "{table}" FOR EACH ROW EXECUTE FUNCTION {name}()',
    ]


def _same(dialect: str, columns: Sequence[str]) -> list[str]:
    equal = "IS" if dialect == "sqlite" else "IS NOT DISTINCT FROM"
    return [f'NEW."{name}" {equal} OLD."{name}"' for name in columns]


def _triggers(dialect: str, table: str, allowed: list[str], *, delete: bool) -> list[str]:
    condition = " AND ".join(allowed)
    make = _sqlite if dialect == "sqlite" else _postgresql
    made = make(table, "update", f"NOT ({condition})")
    return made if delete else made + make(table, "delete", "")


def _sqlite(table: str, verb: str, when: str) -> list[str]:
    clause = f"WHEN {when} " if when else ""
    return [
        f'CREATE TRIGGER "{table}_no_{verb}" BEFORE {verb.upper()} ON "{table}" {clause}'
        f"BEGIN SELECT RAISE(ABORT, '{table} keeps its rows'); END"
    ]


def _postgresql(table: str, verb: str, when: str) -> list[str]:
    clause = f"WHEN ({when}) " if when else ""
    made = [
        f'CREATE TRIGGER "{table}_no_{verb}" BEFORE {verb.upper()} ON "{table}" '
        f"FOR EACH ROW {clause}EXECUTE FUNCTION hub_keeps_rows()"
    ]
    if verb == "delete":
        made.append(
            f'CREATE TRIGGER "{table}_no_truncate" BEFORE TRUNCATE ON "{table}" '
            "FOR EACH STATEMENT EXECUTE FUNCTION hub_keeps_rows()"
        )
    return made


POSTGRESQL_FUNCTION = """
CREATE FUNCTION hub_keeps_rows() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% keeps its rows', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$
"""
