"""Carry evidence to a child process and back: the same facts as JSON.

In:    evidence from the register
Out:   its members; or the evidence of such members
"""

from datetime import date, datetime
from typing import Any

from verification.evidence import Evidence, Registered, State, StateSeen
from verification.legal_dates import Validity


def plain(told: Evidence) -> dict[str, Any]:
    """The members of some evidence."""
    return {
        "registered": told.registered and _registered(told.registered),
        "state": told.state and _state(told.state),
        "log": told.log and told.log.hex(),
    }


def read(members: dict[str, Any]) -> Evidence:
    """The evidence of some members."""
    registered, state, log = members["registered"], members["state"], members["log"]
    return Evidence(
        registered=registered and Registered(**_known(registered)),
        state=state and StateSeen(**_seen(state)),
        log=log and bytes.fromhex(log),
    )


def _registered(found: Registered) -> dict[str, Any]:
    days = found.validity and [day and day.isoformat() for day in (found.validity.first, found.validity.last)]
    return {
        "statement": found.statement,
        "documents": sorted(found.documents),
        "identifier": found.identifier,
        "validity": days,
        "consolidated_by": found.consolidated_by,
    }


def _known(members: dict[str, Any]) -> dict[str, Any]:
    days = members["validity"]
    validity = days and Validity(*(day and date.fromisoformat(day) for day in days))
    return {**members, "documents": frozenset(members["documents"]), "validity": validity}


def _state(found: StateSeen) -> dict[str, Any]:
    return {
        "state": int(found.state),
        "seen_at": found.seen_at.isoformat(),
        "good_until": found.good_until and found.good_until.isoformat(),
        "successor": found.successor,
        "named": found.named,
        "since": found.since and found.since.isoformat(),
    }


def _seen(members: dict[str, Any]) -> dict[str, Any]:
    times = {name: _time(members[name]) for name in ("seen_at", "good_until", "since")}
    return {**members, **times, "state": State(members["state"])}


def _time(written: str | None) -> datetime | None:
    return written and datetime.fromisoformat(written)  # type: ignore[return-value]
