"""What one measurement says: a value beside its floor, measured in the same run."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of `var/bench.json`; `target` is the largest ratio or value that is ok, None where none was set."""

    name: str
    value: float
    unit: str
    floor: float | None
    ratio: float | None
    target: float | None
    ok: bool
    conditions: str
