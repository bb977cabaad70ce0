"""Verify files from the command line: `python -m verification FILE|FOLDER… --trust ROOT.PEM|LIST`.

In:    sealed PDFs, receipts, pictures of QR codes, text files with one, folders of these; whom to trust; the clock
Out:   a report for each, for people or as JSON lines; exit 0 accepted, 1 rejected, 2 unreadable or wrong usage

Needs this folder alone, and `cryptography`, `pypdfium2` (and `zxing-cpp` for pictures).
Trust: nothing is fetched.
"""

import argparse
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from verification import brought, given, told
from verification.brought import Means
from verification.errors import Refusal
from verification.report import Axis, Outcome, Report

ACCEPTED, REJECTED, UNREADABLE = 0, 1, 2
KINDS = {".pdf", ".png", ".jpg", ".jpeg", ".txt", ".jws", ".asice"}  # what is looked at in a folder
_PATIENCE = 1.0  # seconds before a bar is drawn


def main(arguments: Sequence[str]) -> int:
    """Verify each file; the worst outcome is the exit code."""
    asked = _parser().parse_args(arguments)
    try:
        at = _time(asked.at)
        beside = given.means(asked.trust, [*asked.evidence, *asked.status], asked.policy, at=at)
        files = [found for name in asked.files for found in _files(Path(name))]
        return _all(files, beside, asked, at=at)
    except (Refusal, OSError, ValueError) as refused:
        sys.stderr.write(f"verification: {refused}\n")
        return UNREADABLE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m verification", description="Verify sealed PDFs and QR codes.")
    parser.add_argument("files", nargs="+", metavar="FILE", help="a PDF, a receipt, a QR code, a folder")
    parser.add_argument("--trust", action="append", required=True, help="root certificates (PEM) or a trust list")
    parser.add_argument(
        "--evidence", action="append", default=[], help="a proof from the log (.tlog-proof), or a status list"
    )
    parser.add_argument("--status", action="append", default=[], help="a status list")
    parser.add_argument("--policy", choices=sorted(given.POLICIES), default="offline")
    parser.add_argument("--at", help="judge as of this time (RFC 3339), not now")
    parser.add_argument("--json", action="store_true", help="one report a line")
    language = "zh" if os.environ.get("LC_ALL", os.environ.get("LANG", "")).startswith("zh") else "en"
    parser.add_argument("--language", choices=("zh", "en"), default=language)
    return parser


def _files(name: Path) -> Iterator[tuple[str, Path]]:
    """A file by its name; a folder's files by their place in it."""
    if not name.is_dir():
        yield name.name, name
        return
    found = sorted(path for path in name.rglob("*") if path.suffix.lower() in KINDS and path.is_file())
    if not found:
        raise ValueError(f"nothing to verify in {name}")
    yield from ((str(path.relative_to(name)), path) for path in found)


def _all(files: Sequence[tuple[str, Path]], beside: Means, asked: argparse.Namespace, *, at: datetime) -> int:
    codes: Counter[int] = Counter()
    began, drawing = time.monotonic(), len(files) > 1 and sys.stderr.isatty()
    for number, (name, path) in enumerate(files):
        drawn = drawing and time.monotonic() - began > _PATIENCE
        if drawn:
            told.bar(number, len(files), name)
        codes[_one(name, path, beside, asked, at=at)] += 1
        if drawn:
            told.clear()
    if len(files) > 1 and not asked.json:
        sys.stdout.write(told.summary(codes, asked.language))
    return max(codes)


def _one(name: str, path: Path, beside: Means, asked: argparse.Namespace, *, at: datetime) -> int:
    """One file's report is told; a file that is not there spoils no batch."""
    try:
        with path.open("rb") as file:
            found = brought.judge_file(file, beside, at=at)
    except OSError as missing:
        sys.stderr.write(f"verification: {missing}\n")
        return UNREADABLE
    sys.stdout.write(told.as_json(name, found) if asked.json else told.as_text(name, found, asked.language))
    return _code(found)


def _code(found: Report) -> int:
    if found.axis(Axis.READABLE) is Outcome.FAILED:
        return UNREADABLE
    return ACCEPTED if found.accepted() else REJECTED


def _time(given_at: str | None) -> datetime:
    if given_at is None:
        return datetime.now(UTC)
    found = datetime.fromisoformat(given_at)
    if found.utcoffset() is None:
        raise ValueError("--at needs a time with its zone, such as 2026-03-01T08:00:00Z")
    return found.astimezone(UTC)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
