"""Audit this hub's database and tell it in sentences that whoever mends the database understands.

In:    the hub, checkpoints kept outside: those of its own folder, and files that were carried away; witnesses' keys
Out:   a report; its lines in Chinese or English, the first wrong row first
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from hub import log_keeping
from hub.parts import Parts
from hub.texts.reader import filled
from registry.store import ledger
from registry.store.log.audit import protected, whole
from registry.store.log.audit.report import Finding, Report
from verification import entries, notes
from verification.errors import Refusal

SHOWN = 20


def run(parts: Parts, carried: Iterable[Path], witnesses: Iterable[str] = ()) -> Report:
    """Audit everything; only a witness whose keys the auditor brings counts, since settings are the operator's."""
    own = parts.settings.checkpoint_folder
    kept = {path.name: path.read_bytes() for path in sorted(own.glob("[!.]*"))} if own.is_dir() else {}
    kept |= {str(path): path.read_bytes() for path in carried}
    seen_by = [notes.read_key(line) for line in witnesses]
    return whole.audit(parts.db, log_keeping.keys(parts), kept=kept, witnesses=seen_by)


def lines(parts: Parts, report: Report, language: str) -> Iterator[str]:
    """What people read."""
    if report.sound:
        yield "✓ " + _say(language, "sound", _sums(report))
    else:
        yield "✗ " + _say(language, "wrong", {"found": sum(report.counted.values())})
        yield from _told(parts, report, language)
    for name in ("waiting", "erased"):
        if count := getattr(report, name):
            yield "  " + _say(language, name, {name: count})
    if report.witnesses:
        yield "  ✓ " + _say(
            language, "witnessed", {"names": "、".join(report.witnesses), "size": max(report.witnesses.values())}
        )
    yield from ("  ! " + _say(language, f"hidden.{name}", {}) for name in report.hidden())


def open_tables(language: str) -> dict[str, str]:
    """The tables that are not compared, and why."""
    return {name: zh if language == "zh" else en for name, (zh, en) in protected.OPEN.items()}


def _told(parts: Parts, report: Report, language: str) -> Iterator[str]:
    for place, one in enumerate(report.findings[:SHOWN]):
        yield f"  {'→' if place == 0 else ' '} {_sentence(one, language)}  [{one.code}]"
        act = _act(parts, one) if place == 0 else None
        if act is not None:
            yield "    " + _say(language, "act", act)


def _sentence(one: Finding, language: str) -> str:
    return _say(language, one.code, {**one.facts, "table": one.table, "key": one.key})


def _act(parts: Parts, one: Finding) -> dict[str, Any] | None:
    """The act that wrote a row last, where its entry can still be read."""
    if not one.code.startswith("row.") or "entry" not in one.facts:
        return None
    try:
        with parts.db.reading() as look:
            row = ledger.find(look, str(one.facts["entry"]))
        entry = entries.from_bytes(row.body or b"")
    except Refusal:
        return None
    at = entry.at.isoformat(timespec="seconds")
    return {"event": entry.event, "at": at, "actor": entry.actor, "entry": str(one.facts["entry"])[:16]}


def _sums(report: Report) -> dict[str, int]:
    rows = {name: count for name, count in report.compared.items() if name not in protected.LOG}
    told = report.compared
    return {
        "entries": told["ledger_entry"],
        "rows": sum(rows.values()),
        "tables": len(rows),
        "checkpoints": told["log_checkpoint"],
    }


def _say(language: str, code: str, facts: Mapping[str, str | int]) -> str:
    return filled(_sentences(language)[code], facts)


@cache
def _sentences(language: str) -> Mapping[str, str]:
    text = files("hub.texts").joinpath(f"audit_{language}.toml").read_text(encoding="utf-8")
    read: dict[str, str] = tomllib.loads(text)
    return read
