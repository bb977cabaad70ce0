"""The life of a certificate as one table: its states, and who may move it from where to where, on what ground.

In:    lifecycle.toml, which law or a province may change; what somebody wants to do, and how things stand
Out:   the move, if the table allows it; or the first reason why not

Order: 未生效, 有效 and 过期 come and go with the days of validity; everything else is an act.
       What is over (撤回 撤销 吊销 注销 作废 变更失效) stays over: 注销 may follow, a judgment may restore it.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from registry.life.states.errors import (
    BasisMissing,
    EffectRefused,
    MoveNotAllowed,
    MoveNotForCategory,
    MoveUnknown,
    ReasonRefused,
    WrongOrgan,
)


class State(StrEnum):
    """Where the legal act stands. Codes are public names."""

    WAITING = "waiting"  # 未生效
    VALID = "valid"  # 有效
    SUSPENDED = "suspended"  # 暂扣
    EXPIRED = "expired"  # 过期
    REPLACED = "replaced"  # 变更失效
    WITHDRAWN = "withdrawn"  # 撤回
    REVOKED = "revoked"  # 撤销
    PENALISED = "penalised"  # 吊销
    CANCELLED = "cancelled"  # 注销
    ANNULLED = "annulled"  # 作废

    @property
    def over(self) -> bool:
        """Whether it is over for good, unless a reconsideration or a judgment says otherwise."""
        return self not in {State.WAITING, State.VALID, State.SUSPENDED, State.EXPIRED}


class FileState(StrEnum):
    """Where the file stands, whatever became of the legal act."""

    MAKING = "making"
    KEPT = "kept"
    ELSEWHERE = "elsewhere"
    WITHDRAWN = "withdrawn"
    VOID = "void"


class Aspect(StrEnum):
    """What a move moves."""

    ACT = "act"
    FILE = "file"


class Category(StrEnum):
    """What kind of act a certificate is, as far as its life goes."""

    LICENCE = "licence"  # 许可
    LETTER = "letter"  # 函
    PROOF = "proof"  # 证明
    REPORT = "report"  # 报告


class Organ(StrEnum):
    """What an authority is to a certificate."""

    ISSUER = "issuer"
    SUPERIOR = "superior"


class Effect(StrEnum):
    """From when a move counts: from today or a day past, from a day to come, or from the beginning."""

    NOW = "now"
    LATER = "later"
    ORIGIN = "origin"


BEFORE = "before"  # what a move becomes that only takes another back


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a move is made; `came_from`: only out of these states."""

    code: str
    zh: str
    en: str
    law: str | None
    came_from: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class Move:
    """A row of the table."""

    code: str
    zh: str
    en: str
    aspect: Aspect
    came_from: frozenset[str]
    becomes: str
    categories: frozenset[Category]
    organs: frozenset[Organ]
    effects: frozenset[Effect]
    four_eyes: bool
    by_issue: bool
    document: bool
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Everything lifecycle.toml says."""

    moves: Mapping[str, Move]
    reasons: Mapping[str, Reason]
    states: Mapping[str, tuple[str, str]]
    file_states: Mapping[str, tuple[str, str]]
    endings: Mapping[str, Category]
    kinds: Mapping[str, Category]
    leads: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants to do."""

    move: str
    reason: str
    effect: Effect
    has_basis: bool


@dataclass(frozen=True, slots=True)
class Case:
    """How things stand where a move would begin: the legal act, its file, what it is, and who is asking."""

    state: State
    file: FileState
    category: Category
    organ: Organ


@cache
def table() -> Table:
    """The table as shipped; a mistake in it stops the program here."""
    told = tomllib.loads(files("registry.life.states").joinpath("lifecycle.toml").read_text(encoding="utf-8"))
    reasons = {code: _reason(code, one) for code, one in told["reasons"].items()}
    moves = {one["code"]: _move(one) for one in told["moves"]}
    for move in moves.values():
        if unknown := set(move.reasons) - set(reasons):
            raise RuntimeError(f"lifecycle.toml: {move.code} names unknown reasons {sorted(unknown)}")
    return Table(
        MappingProxyType(moves),
        MappingProxyType(reasons),
        {State(code).value: (one["zh"], one["en"]) for code, one in told["states"].items()},
        {FileState(code).value: (one["zh"], one["en"]) for code, one in told["file_states"].items()},
        {text: Category(one) for text, one in told["categories"]["endings"].items()},
        {text: Category(one) for text, one in told["categories"]["kinds"].items()},
        tuple(told["expiry"]["leads"]),
    )


def category(name: str, kind: str) -> Category:
    """What kind of act a type issues, by the genre its name ends in, else by the catalogue's category."""
    told = table()
    for ending, found in told.endings.items():
        if name.endswith(ending):
            return found
    return told.kinds[kind]


def known(code: str) -> Move:
    """A move that somebody may ask for."""
    move = table().moves.get(code)
    if move is None or move.by_issue:
        raise MoveUnknown(move=code, expected=" ".join(_open()))
    return move


def decide(wanted: Wanted, case: Case) -> Move:
    """The move, if this organ may make it here, for this reason and from that time on."""
    move = known(wanted.move)
    require(move, wanted, case)
    return move


def require(move: Move, wanted: Wanted, case: Case) -> None:
    """The same for a move that only an issue makes."""
    if case.category not in move.categories:
        raise MoveNotForCategory(move=move.code, called=move.zh, category=case.category.value)
    if case.organ not in move.organs:
        raise WrongOrgan(move=move.code, called=move.zh, organ=case.organ.value, expected=" ".join(sorted(move.organs)))
    state = case.state if move.aspect is Aspect.ACT else case.file
    if state not in move.came_from:
        told = {"move": move.code, "called": move.zh, "state": state.value, "named": _named(move, state)}
        raise MoveNotAllowed(**told, expected="、".join(_named(move, one) for one in sorted(move.came_from)))
    _require_ground(move, wanted, state)
    if wanted.effect not in move.effects:
        told = {"move": move.code, "called": move.zh, "effect": wanted.effect.value}
        raise EffectRefused(**told, expected=" ".join(sorted(move.effects)))


def allowed(case: Case) -> tuple[Move, ...]:
    """What this organ may do here, in the order of the table."""
    found = []
    for move in table().moves.values():
        state = case.state if move.aspect is Aspect.ACT else case.file
        if not move.by_issue and case.category in move.categories and case.organ in move.organs:
            found += [move] if state in move.came_from else []
    return tuple(found)


def reasons_from(move: Move, state: str) -> tuple[str, ...]:
    """The reasons a move may have out of a state."""
    reasons = table().reasons
    return tuple(code for code in move.reasons if (reasons[code].came_from or {state}) >= {state})


def _require_ground(move: Move, wanted: Wanted, state: str) -> None:
    fit = reasons_from(move, state)
    if wanted.reason not in fit:
        told = {"move": move.code, "called": move.zh, "named": _named(move, state)}
        raise ReasonRefused(**told, expected=" ".join(fit))
    if move.document and not wanted.has_basis:
        raise BasisMissing(move=move.code, called=move.zh)


def _named(move: Move, state: str) -> str:
    """A state's legal name, and its code."""
    names = table().states if move.aspect is Aspect.ACT else table().file_states
    return f"{names[state][0]} {state}"


def _open() -> list[str]:
    return [move.code for move in table().moves.values() if not move.by_issue]


def _reason(code: str, told: Mapping[str, Any]) -> Reason:
    came_from = frozenset(State(one).value for one in told["from"]) if "from" in told else None
    return Reason(code, told["zh"], told["en"], told.get("law"), came_from)


def _move(told: Mapping[str, Any]) -> Move:
    aspect = Aspect(told.get("aspect", "act"))
    read: type[State] | type[FileState] = State if aspect is Aspect.ACT else FileState
    return Move(
        code=told["code"],
        zh=told["zh"],
        en=told["en"],
        aspect=aspect,
        came_from=frozenset(read(one).value for one in told["from"]),
        becomes=told["becomes"] if told["becomes"] == BEFORE else read(told["becomes"]).value,
        categories=frozenset(Category(one) for one in told["categories"]),
        organs=frozenset(Organ(one) for one in told["organs"]),
        effects=frozenset(Effect(one) for one in told["effects"]),
        four_eyes=told["four_eyes"],
        by_issue=told.get("by_issue", False),
        document=told.get("basis", "document") == "document",
        reasons=tuple(told["reasons"]),
    )
