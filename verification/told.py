"""Tell people and programs what was found: a report as lines or as JSON, a bar while many files are read.

Out:   text; the bar only on a terminal, only when it takes longer than a second
"""

import json
import sys
from collections import Counter

from verification.report import Outcome, Report
from verification.sentences import Language

_MARKS = {Outcome.PASSED: "✓", Outcome.FAILED: "✗", Outcome.UNKNOWN: "?"}
_VERDICTS = {True: {"zh": "接受", "en": "ACCEPTED"}, False: {"zh": "不接受", "en": "REJECTED"}}
_COUNTS = {
    "zh": "共 {files} 个文件：接受 {accepted}，不接受 {rejected}，无法读取 {unreadable}",
    "en": "{files} files: {accepted} accepted, {rejected} rejected, {unreadable} unreadable",
}
_BAR = 30


def as_json(name: str, found: Report) -> str:
    """One line for programs."""
    return json.dumps({"file": name, **found.plain()}, ensure_ascii=False) + "\n"


def as_text(name: str, found: Report, language: Language) -> str:
    """The verdict, the headline, and each check with its code."""
    headline = found.headline().sentence(language, found.subject)
    lines = [f"{_VERDICTS[found.accepted()][language]}  {name}", f"  {headline}"]
    for check in found.checks:
        sentence = str(check.plain()[language])
        lines.append(f"  {_MARKS[check.outcome]} {check.step.number:>2}  {sentence}  [{check.code}]")
    return "\n".join(lines) + "\n"


def summary(codes: Counter[int], language: Language) -> str:
    """How many of each."""
    counted = {"accepted": codes[0], "rejected": codes[1], "unreadable": codes[2]}
    return _COUNTS[language].format(files=codes.total(), **counted) + "\n"


def bar(done: int, of: int, name: str) -> None:
    """Draw how far it is, over what was drawn before."""
    full = _BAR * done // max(1, of)
    sys.stderr.write(f"\r\x1b[K[{'█' * full}{'·' * (_BAR - full)}] {done}/{of} {name[-40:]}")
    sys.stderr.flush()


def clear() -> None:
    """Take the bar away."""
    sys.stderr.write("\r\x1b[K")
