"""Keep who succeeded whom as a holder (合并、分立、换码), and tell a body's forebears for a look-up.

In:    two bodies, how and since when one is the other's successor, by which document
Out:   a row; for a look-up the marks of all forebears, each with its kind and day

Order: one succession at a time, so that no two make a circle; a record that was wrong is withdrawn, never changed.
Trust: the hub's operator records what the company register says; people have no successors here.
"""

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import bindparam, select
from sqlmodel import col
from sqlmodel import select as of_rows

from registry.directory.wording import whole
from registry.exchange.errors import SuccessionRefused
from registry.exchange.persons import parties
from registry.exchange.persons.parties import BODY, Known
from registry.store import ledger
from registry.store.database import Database, Reading
from registry.store.envelopes import Keyring
from registry.store.errors import NotFound
from registry.store.events import Event
from registry.store.narrow import Narrow
from registry.store.tables.persons import Party, PartySuccession

_log = logging.getLogger("registry.exchange")
DEPTH, MOST = 8, 50  # generations, and forebears in all
BASIS = 200  # characters


class SuccessionKind(StrEnum):
    """How one body came to be another's successor."""

    MERGED = "merged"  # 合并
    DIVIDED = "divided"  # 分立: the clerk sees it and judges what went to which heir
    RENUMBERED = "renumbered"  # 换码: the same body under another number


@dataclass(frozen=True, slots=True)
class Forebear:
    """A body whose certificates are looked through, too; `kind` and `since`: of the nearest succession."""

    mark: bytes
    kind: SuccessionKind
    since: date


@dataclass(frozen=True, slots=True)
class Succession:
    """A succession to record."""

    predecessor: Known
    successor: Known
    kind: SuccessionKind
    first_day: date
    basis: str

    def __post_init__(self) -> None:
        whole(self.basis, "basis", BASIS)
        if {self.predecessor.code_kind, self.successor.code_kind} != {BODY}:
            raise SuccessionRefused(reason="people")


def record(db: Database, keyring: Keyring, told: Succession, *, at: datetime) -> PartySuccession:
    """Record by the hub's operator; the same again is the row that stands."""
    with db.writing() as tx:
        tx.hold("successions")
        both = [parties.enter(tx, keyring, one, at=at) for one in (told.predecessor, told.successor)]
        row = PartySuccession(
            id=f"suc_{tx.random(10).hex()}",
            predecessor=both[0].id,
            successor=both[1].id,
            kind=told.kind.value,
            first_day=told.first_day,
            basis=told.basis,
            at=at,
        )
        standing = _standing(tx)
        for known in standing:
            if (known.predecessor, known.successor, known.kind) == (row.predecessor, row.successor, row.kind):
                return known
        require_no_circle(row, standing)
        tx.add(row)
        tx.flush()
        facts = {"predecessor": row.predecessor, "successor": row.successor, "kind": row.kind}
        rows = [row, *both]
        ledger.append(tx, Event.SUCCESSION_RECORDED, at=at, by="operator", subject=row.id, facts=facts, rows=rows)
        return row


def require_no_circle(new: PartySuccession, standing: Iterable[PartySuccession]) -> None:
    """Refuse a succession by which somebody would be its own forebear. Pure."""
    heirs: dict[str, list[str]] = {}
    for one in standing:
        heirs.setdefault(one.predecessor, []).append(one.successor)
    met, wave = set[str](), {new.successor}
    while wave:
        if new.predecessor in wave:
            raise SuccessionRefused(reason="circle")
        met |= wave
        wave = {heir for one in wave for heir in heirs.get(one, ())} - met


def withdraw(db: Database, key: str, *, at: datetime) -> PartySuccession:
    """Take back a record that was wrong; look-ups of before stay as they were."""
    with db.writing() as tx:
        row = tx.get(PartySuccession, key, with_for_update=True)
        if row is None:
            raise NotFound(kind="succession")
        if row.withdrawn_at is not None:
            raise SuccessionRefused(reason="withdrawn")
        row.withdrawn_at = at
        tx.add(row)
        ledger.append(tx, Event.SUCCESSION_WITHDRAWN, at=at, by="operator", subject=key, rows=[row])
        return row


def listing(db: Database) -> Sequence[PartySuccession]:
    """Every succession, withdrawn ones too."""
    with db.reading() as look:
        return look.exec(of_rows(PartySuccession).order_by(col(PartySuccession.at), col(PartySuccession.id))).all()


def _standing(look: Reading) -> Sequence[PartySuccession]:
    return look.exec(of_rows(PartySuccession).where(col(PartySuccession.withdrawn_at).is_(None))).all()


_HEIR = select(col(Party.id)).where(col(Party.mark) == bindparam("mark")).scalar_subquery()
_FOREBEARS = Narrow(
    select(col(Party.mark), col(PartySuccession.kind), col(PartySuccession.first_day))
    .join(Party, col(Party.id) == col(PartySuccession.predecessor))
    .where(
        col(PartySuccession.successor) == _HEIR,
        col(PartySuccession.withdrawn_at).is_(None),
        col(PartySuccession.first_day) <= bindparam("on"),
    )
    .order_by(col(PartySuccession.first_day), col(PartySuccession.id))
)


def forebears(look: Reading, mark: bytes, *, on: date) -> list[Forebear]:
    """Whose successor a body is on a day, over all generations."""
    found = dict[bytes, Forebear]()
    wave = [mark]
    for _ in range(DEPTH):
        wave = [
            one.mark for one in _parents(look, wave, on) if one.mark != mark and found.setdefault(one.mark, one) is one
        ]
        if not wave or len(found) >= MOST:
            break
    if wave:
        _log.warning(
            "a body may have more forebears than a look-up goes through: %s generations, %s bodies", DEPTH, MOST
        )
    return list(found.values())[:MOST]


def _parents(look: Reading, wave: Iterable[bytes], on: date) -> Iterator[Forebear]:
    for mark in wave:
        for row in _FOREBEARS.all(look.connection(), {"mark": mark, "on": on}):
            yield Forebear(bytes(row.mark), SuccessionKind(row.kind), row.first_day)
