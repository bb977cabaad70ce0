"""Check the demo's letter as anybody would, and one in which somebody changed a byte.

In:    the demo's sheet: the letter's file, the signed trust list beside it, the sample root
Out:   a verdict for each, with the sentence that decided it; the changed file lies beside the honest one
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from hub.settings import SAMPLE_KEYS
from verification import certificates, trust, verify
from verification.report import Report

CHANGED = "changed"  # a folder beside the honest files


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of one file."""

    file: str
    accepted: bool
    code: str
    zh: str
    en: str


def check(told: dict[str, Any], *, at: datetime) -> list[Verdict]:
    """The letter as it was issued, and changed."""
    honest = Path(next(day["made"]["file"] for day in reversed(told["story"]) if _is_letter(day)))
    listed = Path(next(one["file"] for one in told["made"] if one["kind"] == "trust list"))
    roots = [certificates.read((SAMPLE_KEYS / "root.pem").read_bytes())]
    opened = trust.open_list(listed.read_text("ascii"), roots=roots, at=at, unsafe_allow_samples=True)
    changed = honest.parent / CHANGED / honest.name
    changed.parent.mkdir(exist_ok=True)
    changed.write_bytes(_changed(honest.read_bytes()))
    return [_verdict(path, verify.verify(path.read_bytes(), trust=opened.list, at=at)) for path in (honest, changed)]


def _is_letter(day: dict[str, Any]) -> bool:
    return day["made"] is not None and "函" in (day["number"] or "")


def _changed(document: bytes) -> bytes:
    """One bit of one byte, in the middle of what the page shows."""
    place = len(document) // 3
    return document[:place] + bytes([document[place] ^ 1]) + document[place + 1 :]


def _verdict(path: Path, report: Report) -> Verdict:
    headline, decisive = report.headline(), report.decisive()
    code = headline.code if decisive is None else decisive.code
    return Verdict(str(path), report.accepted(), code, headline.sentence("zh", "file"), headline.sentence("en", "file"))
