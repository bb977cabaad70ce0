"""Read authorities with their history: one, a page of them, the tree on a day, and who answers for one today.

Order: an act locks its authorities first, in the order of their codes, so that two acts on one body follow each
       other on PostgreSQL as they do on SQLite, and the second sees what the first wrote.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row as Found
from sqlalchemy import Select, bindparam, inspect
from sqlalchemy import select as columns
from sqlmodel import col, select

from registry.directory.authorities import succession
from registry.directory.authorities.history import Level, Name, Place, Plate, Record
from registry.directory.authority_errors import NobodyAnswers
from registry.directory.wording import Basis, Wording
from registry.store.database import Reading, Writing
from registry.store.errors import NotFound
from registry.store.tables.authorities import Authority, AuthorityName, AuthorityPlace, NamePlate, Succession
from registry.store.tables.base import Row


@dataclass(frozen=True, slots=True)
class Node:
    """An authority's place in the tree of a day; the highest have depth 0."""

    record: Record
    depth: int


@dataclass(frozen=True, slots=True)
class Answering:
    """Who has an authority's duties on a day, and the steps by which they came there."""

    authority: str
    steps: tuple[Succession, ...]


def get(look: Reading, code: str) -> Record:
    """One authority, whether it still exists or not."""
    return records(look, [code])[code]


def records(look: Reading, codes: Iterable[str]) -> dict[str, Record]:
    """Some authorities by their codes, in the order asked; an unknown one is refused."""
    wanted = list(dict.fromkeys(codes))
    found = _load(look, wanted)
    for code in wanted:
        if code not in found:
            raise NotFound(kind="authority")
    return {code: found[code] for code in wanted}


def find(
    look: Reading, *, after: str = "", limit: int = 50, level: Level | None = None, open_on: date | None = None
) -> Sequence[Record]:
    """A page of authorities by code, all of them or those that exist on a day."""
    wanted = select(Authority.code).where(Authority.code > after)
    if level is not None:
        wanted = wanted.where(Authority.level == level.value)
    if open_on is not None:
        over = col(Authority.ended_on)
        wanted = wanted.where(Authority.first_day <= open_on, over.is_(None) | (over > open_on))
    codes = look.exec(wanted.order_by(col(Authority.code)).limit(limit)).all()
    return list(records(look, codes).values())


def begun(look: Reading, *, on: date) -> Sequence[Record]:
    """All authorities that exist on a day or existed before it, by their codes."""
    return [record for record in _load(look, None).values() if record.first_day <= on]


def name_on(look: Reading, code: str, *, on: date) -> Name:
    """What an authority was called on a day."""
    return get(look, code).name_on(on)


def successors(look: Reading, code: str) -> Sequence[Succession]:
    """Who took over from an authority, in order of time."""
    wanted = select(Succession).where(Succession.predecessor == get(look, code).code)
    return look.exec(wanted.order_by(col(Succession.first_day), col(Succession.scope))).all()


def predecessors(look: Reading, code: str) -> Sequence[Succession]:
    """Whose duties an authority took over, in order of time."""
    wanted = select(Succession).where(Succession.successor == get(look, code).code)
    return look.exec(wanted.order_by(col(Succession.first_day), col(Succession.predecessor))).all()


def answers_for(
    look: Reading, code: str, *, on: date, type_code: str | None = None, since: date | None = None
) -> Answering:
    """Who answers on a day for what an authority issued (`since`: when), or a refusal if nobody does."""
    links: dict[str, Sequence[Succession]] = {}
    waiting = [code]
    while waiting:
        links[waiting[0]] = successors(look, waiting[0])
        waiting = [*waiting[1:], *(step.successor for step in links[waiting[0]] if step.successor not in links)]
    steps = succession.follow(links, code, on=on, type_code=type_code, since=since)
    last = get(look, steps[-1].successor if steps else code)
    if last.ended_on is not None and last.ended_on <= on:
        raise NobodyAnswers(authority=last.code, ended_on=last.ended_on.isoformat())
    return Answering(last.code, steps)


def tree(look: Reading, *, on: date, within: str | None = None) -> Sequence[Node]:
    """The authorities of a day under those above them; with `within`, one of them and all below it."""
    open_ones = {record.code: record for record in _load(look, None).values() if record.exists_on(on)}
    below: dict[str | None, list[Record]] = defaultdict(list)
    for record in open_ones.values():
        parent = record.place_on(on).parent
        below[parent if parent in open_ones else None].append(record)
    top = below[None] if within is None else [get(look, within)]
    nodes: list[Node] = []
    waiting = [Node(record, 0) for record in reversed(top)]
    while waiting:
        node = waiting.pop()
        nodes.append(node)
        waiting += [Node(record, node.depth + 1) for record in reversed(below[node.record.code])]
    return nodes


def locked(tx: Writing, codes: Iterable[str]) -> dict[str, Record]:
    """Some authorities, held until the act's transaction ends."""
    wanted = sorted(set(codes))
    tx.exec(
        select(Authority.code).where(col(Authority.code).in_(wanted)).order_by(col(Authority.code)).with_for_update()
    )
    return records(tx, wanted)


def _asked(kind: type[Row], *order: Any) -> tuple[Select[Any], Select[Any]]:  # noqa: ANN401 - columns of any type
    """What rows are read with: all of a table, or those of some authorities; built once, for building costs as much."""
    table = inspect(kind).local_table
    wanted = columns(*table.columns).order_by(*order)
    body = table.c.code if kind is Authority else table.c.authority
    return wanted, wanted.where(body.in_(bindparam("codes", expanding=True)))


_BODIES = _asked(Authority, col(Authority.code))
_NAMES = _asked(AuthorityName, col(AuthorityName.first_day))
_PLACES = _asked(AuthorityPlace, col(AuthorityPlace.first_day))
_PLATES = _asked(NamePlate, col(NamePlate.first_day), col(NamePlate.id))


def _load(look: Reading, codes: Sequence[str] | None) -> dict[str, Record]:
    """The records of these codes, or of all; a few queries however many they are."""
    look.flush()
    some, params = codes is not None, {} if codes is None else {"codes": list(codes)}
    named, placed, plated = defaultdict(list), defaultdict(list), defaultdict(list)
    bodies, names, places, plates = (
        look.connection().execute(asked[some], params) for asked in (_BODIES, _NAMES, _PLACES, _PLATES)
    )
    for name in names:
        named[name.authority].append(_name(name))
    for place in places:
        placed[place.authority].append(_place(place))
    for plate in plates:
        plated[plate.authority].append(_plate(plate))
    return {
        body.code: _record(body, tuple(named[body.code]), tuple(placed[body.code]), tuple(plated[body.code]))
        for body in bodies
    }


def _record(body: Found[Any], names: tuple[Name, ...], places: tuple[Place, ...], plates: tuple[Plate, ...]) -> Record:
    return Record(
        code=body.code,
        level=Level(body.level),
        first_day=body.first_day,
        ended_on=body.ended_on,
        end=Basis(body.end_title, body.end_number, body.end_day) if body.end_title and body.end_day else None,
        names=names,
        places=places,
        plates=plates,
    )


def _name(row: Found[Any]) -> Name:
    return Name(Wording(row.name, row.short, row.word), row.first_day, _basis(row))


def _place(row: Found[Any]) -> Place:
    return Place(row.region, row.first_day, _basis(row), row.parent)


def _plate(row: Found[Any]) -> Plate:
    wording = Wording(row.name, row.short, row.word)
    return Plate(wording, row.issues, row.first_day, _basis(row), row.last_day, row.ended_on, row.id)


def _basis(row: Found[Any]) -> Basis:
    return Basis(row.basis_title, row.basis_number, row.basis_day)
