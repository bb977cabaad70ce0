"""Translate states into other platforms' codes and back; the words are data, vocabularies.toml.

Out:   a code and its text for every state
In:    a state; or a refusal where the foreign code does not say enough and an officer has to judge
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from registry.life.states.errors import ForeignStateUnclear
from registry.life.states.lifecycle import State


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """One platform's words."""

    out: Mapping[State, tuple[str, str]]
    inward: Mapping[str, State | None]


def names() -> tuple[str, ...]:
    """The platforms whose words are known."""
    return tuple(_all())


def outward(name: str, state: State) -> dict[str, str]:
    """A platform's code and text for a state."""
    code, text = _all()[name].out[state]
    return {"code": code, "text": text}


def inward(name: str, code: str) -> State:
    """The state that a platform's code means."""
    found = _all()[name].inward.get(code)
    if found is None:
        raise ForeignStateUnclear(vocabulary=name, code=code[:20])
    return found


@cache
def _all() -> dict[str, Vocabulary]:
    told = tomllib.loads(files("registry.life.states").joinpath("vocabularies.toml").read_text(encoding="utf-8"))
    return {name: _read(one) for name, one in told.items()}


def _read(told: Mapping[str, Mapping[str, str]]) -> Vocabulary:
    out = {state: (told["out"][state.value][0], told["out"][state.value][1]) for state in State}
    return Vocabulary(out, {code: State(word) if word else None for code, word in told["in"].items()})
