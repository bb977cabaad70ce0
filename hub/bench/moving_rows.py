"""Fill a register with copies of one of its certificates, in the engine itself: a million in a minute.

Every hundredth copy was suspended before, so that heads and lists are not empty. Copies share their statement, and
their drafts hold nothing.
"""

from hub.demo_people import SHELTER
from registry.store.database import Writing
from registry.store.tables.base import Row
from registry.store.tables.life import Certificate, Draft
from registry.store.tables.status import CertificateStatus

EVERY = 100
_FIRST = 2_000_000  # places in a status list that no certificate was given
_ONE = f"SELECT * FROM certificate WHERE state = 'valid' AND authority = '{SHELTER}' ORDER BY at DESC LIMIT 1"  # noqa: S608


def identifier(number: int) -> str:
    """What a copy is called."""
    return f"1.2.156.3005.2.BENCH.{number:020}.001.X"


def fill(tx: Writing, size: int) -> None:
    """Copy the office's newest certificate so many times."""
    lite = tx.get_bind().dialect.name == "sqlite"
    pad = "substr('00000000000000000000' || n, -20)" if lite else "right('00000000000000000000' || n, 20)"
    short = "substr('0000000000' || n, -10)" if lite else "right('0000000000' || n, 10)"
    name, draft = f"'1.2.156.3005.2.BENCH.' || {pad} || '.001.X'", f"'drf_b' || {pad}"
    empty = "x'00'" if lite else "'\\x00'::bytea"
    place = f"n + {_FIRST}"
    drafts = {"id": draft, "sealed": empty, "key_id": "NULL", "wrapped_key": "NULL", "body": "NULL"}
    rows = {"identifier": name, "draft": draft, "number": "'B' || n", "reference": short, "status_index": place}
    heads = {"certificate": name, "status_index": place, "sequence": "1", "state": "'suspended'", "file": "'kept'"}
    _copy(tx, Draft, drafts, "SELECT d.* FROM draft d JOIN one ON one.draft = d.id", size)
    _copy(tx, Certificate, {**rows, "request_key": "NULL", "request": "NULL"}, "SELECT * FROM one", size)
    _copy(
        tx,
        CertificateStatus,
        {**heads, "settled_at": "s.at"},
        "SELECT * FROM one",
        size,
        only=f"WHERE n / {EVERY} * {EVERY} = n",
    )


def _copy(tx: Writing, kind: type[Row], own: dict[str, str], sample: str, size: int, *, only: str = "") -> None:
    names = list(kind.model_fields)
    columns = ", ".join(f'"{name}"' for name in names)
    values = ", ".join(own.get(name, f's."{name}"') for name in names)
    numbers = f"numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {size})"  # noqa: S608
    source = f"WITH RECURSIVE one AS ({_ONE}), {numbers} SELECT {values} FROM ({sample}) s, numbers {only}"  # noqa: S608
    tx.connection().exec_driver_sql(f'INSERT INTO "{kind.__tablename__}" ({columns}) {source}')
