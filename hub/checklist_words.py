"""Say to the applicant, in both languages, how each material of a checklist stands and what may stand in for it."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from hub.texts.reader import Language, filled
from registry.directory.matters.materials import Commitment, Deferral, Mode, Words
from registry.directory.working_days import Calendar
from registry.exchange.checklists import Line, MaterialStanding
from registry.life.states import lifecycle


@dataclass(frozen=True, slots=True)
class Alternative:
    """What may stand in for a material that is not there, until when, and what that binds to."""

    kind: str
    until: date
    said: Words
    text: Words | None = None
    liability: Words | None = None


def said(line: Line) -> Words:
    """How a material stands."""
    code, state = _code(line), (line.lacking or {}).get("state")
    states = lifecycle.table().states[str(state)] if state else ("", "")
    title = line.material.title
    return Words(
        _say(Language.ZH, code, {"title": title.zh, "state": states[0]}),
        _say(Language.EN, code, {"title": title.en, "state": states[1]}),
    )


def alternatives(line: Line, calendar: Calendar, *, on: date) -> list[Alternative]:
    """What the applicant may do instead of handing a material in; nothing where it is there."""
    if line.standing in {MaterialStanding.SATISFIED, MaterialStanding.ELSEWHERE}:
        return []
    promised, later = line.material.commitment, line.material.deferral
    found = [] if promised is None else [_promise(promised, calendar.after(on, promised.check_within_days))]
    return found if later is None else [*found, _later(later, calendar.after(on, later.days))]


def _promise(promised: Commitment, until: date) -> Alternative:
    return Alternative("commitment", until, _by("commitment", until), promised.text, promised.liability)


def _later(later: Deferral, until: date) -> Alternative:
    return Alternative("deferral", until, _by("deferral_held" if later.no_result_before_supply else "deferral", until))


def _by(code: str, until: date) -> Words:
    facts = {"until": until.isoformat()}
    return Words(_say(Language.ZH, code, facts), _say(Language.EN, code, facts))


def _code(line: Line) -> str:
    if line.standing is MaterialStanding.MISSING:
        return str((line.lacking or {})["reason"])
    shown = all(one["mode"] == Mode.VERIFY for one in line.found)
    return "verified" if line.standing is MaterialStanding.SATISFIED and shown else line.standing.value


def _say(language: Language, code: str, facts: Mapping[str, str]) -> str:
    return filled(_sentences(language)[code], facts)


@cache
def _sentences(language: Language) -> Mapping[str, str]:
    text = files("hub.texts").joinpath(f"checklist_{language}.toml").read_text(encoding="utf-8")
    read: dict[str, str] = tomllib.loads(text)
    return read
