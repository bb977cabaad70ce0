"""Measure several things in turn, round by round, so that whatever else the machine does meets them alike."""

import statistics
from collections.abc import Callable

MILLI, MICRO = 1e3, 1e6


def medians(
    rounds: int, warm: int, ticks: Callable[[], float], *measured: Callable[[], object], unit: float = MILLI
) -> list[float]:
    """The median of each, in units of a second, after the rounds that only warm up."""
    taken: list[list[float]] = [[] for _ in measured]
    for _ in range(rounds + warm):
        for one, times in zip(measured, taken, strict=True):
            began = ticks()
            one()
            times.append((ticks() - began) * unit)
    return [statistics.median(times[warm:]) for times in taken]
