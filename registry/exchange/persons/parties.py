"""Keep people and bodies that hold certificates: found by the mark of their number, told by nobody else.

In:    a name and a number, inside the act that needs the party
Out:   the party's row, and whether its name is new
Trust: the number is kept sealed; whoever reads the database finds neither names nor numbers.
"""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from registry.life import holders
from registry.store.database import Reading, Writing
from registry.store.envelopes import Keyring, Wrapped, open_sealed, seal
from registry.store.tables.life import IndexSecret
from registry.store.tables.persons import Party

_KIND = "party"
CITIZEN, BODY = "111", "001"  # 持证主体代码类型代码


@dataclass(frozen=True, slots=True)
class Known:
    """Name and number of a party."""

    name: str
    code_kind: str
    code: str


def enter(tx: Writing, keyring: Keyring, known: Known, *, at: datetime) -> Party:
    """The party with this number, made if it is new, under the name of today. The act names its row."""
    mark = mark_of(tx, keyring, known)
    wanted = select(Party).where(col(Party.mark) == mark)
    if (row := tx.exec(wanted).first()) is None:
        tx.exec(select(IndexSecret).with_for_update()).all()  # whoever is first makes it, the second finds it
        row = tx.exec(wanted).first()
    if row is not None and opened(keyring, row).name == known.name:
        return row
    key = f"pty_{tx.random(10).hex()}" if row is None else row.id
    told = json.dumps([known.name, known.code_kind, known.code.strip().upper()], ensure_ascii=False).encode()
    wrapped, sealed = seal(keyring, told, kind=_KIND, name=key, random=tx.random)
    if row is None:
        row = Party(id=key, mark=mark, sealed=sealed, key_id=wrapped.key_id, wrapped_key=wrapped.key, at=at)
    row.sealed, row.key_id, row.wrapped_key = sealed, wrapped.key_id, wrapped.key
    tx.add(row)
    tx.flush()
    return row


def mark_of(tx: Writing, keyring: Keyring, known: Known) -> bytes:
    """The mark of a number, as certificates bear it for their holders."""
    return holders.mark(holders.drawn(tx, keyring), known.code_kind, known.code)


def opened(keyring: Keyring, row: Party) -> Known:
    """Name and number of a party."""
    told = open_sealed(keyring, Wrapped(row.key_id, row.wrapped_key), row.sealed, kind=_KIND, name=row.id)
    return Known(*json.loads(told))


def called(look: Reading, keyring: Keyring, mark: bytes) -> str | None:
    """The name of today of the party with a mark."""
    row = look.exec(select(Party).where(col(Party.mark) == mark)).first()
    return None if row is None else opened(keyring, row).name


def find(look: Reading, keyring: Keyring, key: str) -> Known:
    """Name and number of the party with an id."""
    return opened(keyring, look.get_one(Party, key))
