"""All measurements by name, run one after the other; the last results lie in var/bench.json."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path

from hub.bench import (
    codes,
    cold_start,
    crowded,
    documents,
    handing,
    issuing,
    ledger,
    moving,
    retrieving,
    retrieving_growth,
    sealing,
    serving,
    strangers,
    verifying,
)
from hub.bench.figure import Figure
from hub.errors import NoSuchMeasurement

ALL: Mapping[str, Callable[[], list[Figure]]] = {
    "codes": codes.run,
    "cold-start": cold_start.run,
    "crowded": crowded.run,
    "documents": documents.run,
    "handing": handing.run,
    "issuing": issuing.run,
    "ledger": ledger.run,
    "moving": moving.run,
    "retrieving": retrieving.run,
    "retrieving-growth": retrieving_growth.run,
    "sealing": sealing.run,
    "serving": serving.run,
    "strangers": strangers.run,
    "verifying": verifying.run,
}


def run(home: Path, name: str = "") -> list[Figure]:
    """Run one measurement or all, and keep what they gave."""
    if name and name not in ALL:
        raise NoSuchMeasurement(known=", ".join(ALL))
    chosen = [ALL[name]] if name else list(ALL.values())
    figures = [figure for measure in chosen for figure in measure()]
    home.mkdir(parents=True, exist_ok=True)
    written = json.dumps([asdict(figure) for figure in figures], ensure_ascii=False, indent=1)
    (home / "bench.json").write_text(written + "\n", encoding="utf-8")
    return figures
