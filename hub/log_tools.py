"""What an auditor asks of a log at the command line: a proof, a range of opened entries, a look at another's."""

import json
import re
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from hub.log_monitor import Look, Monitor
from hub.parts import Parts
from hub.routes.ledger_shapes import LedgerEntryOut
from hub.settings import Settings
from registry.store import ledger
from registry.store.events import Event
from registry.store.log import checkpoints, evidence, ranges
from verification import notes
from verification.log_evidence import LogEvidence

_SEEN = {
    "first": ("✓ 首次看到，{size} 条", "✓ seen for the first time, {size} entries"),
    "same": ("✓ 没有变化，{size} 条", "✓ unchanged, {size} entries"),
    "grown": ("✓ 从 {before} 条续写到 {size} 条，前后衔接", "✓ grown from {before} to {size} entries, and continued"),
    "went-back": ("✗ 倒退：从 {before} 条退到 {size} 条", "✗ went back from {before} to {size} entries"),
    "forked": (
        "✗ 分叉：{size} 条的历史不是 {before} 条时的续写，证据已保存",
        "✗ forked: the history of {size} entries does not continue that of {before}; the evidence is kept",
    ),
    "not-signed": ("✗ 检查点没有该账本的签名：{told}", "✗ the checkpoint is not signed by the log: {told}"),
    "silent": ("? 没有回应：{told}", "? silent: {told}"),
}
_REFERENCE = re.compile(r"[0-9a-f]{64}")


def proof(parts: Parts, name: str, *, opened: bool) -> LogEvidence:
    """The evidence of an entry, named by its reference, or of a certificate's issue."""
    with parts.db.reading() as look:
        if _REFERENCE.fullmatch(name):
            return evidence.of(look, name, opened=opened)
        return evidence.of_entry(look, ledger.of_subject(look, name, Event.ISSUED), opened=opened)


def opened(parts: Parts, first: int, last: int) -> Iterator[str]:
    """Entries with salt and body, as far as they were not erased, and the checkpoint that covers them."""
    with parts.db.reading() as look:
        newest = checkpoints.published(look)
        for place, row in ranges.between(look, first, min(last, newest.size - 1)):
            yield json.dumps(LedgerEntryOut.of(place, row).model_dump(), ensure_ascii=False) + "\n"
        yield json.dumps({"checkpoint": checkpoints.text(look, newest).decode()}, ensure_ascii=False) + "\n"


def watch(
    address: str, keys: Iterable[str], folder: Path | None, *, every: int, language: str
) -> Iterator[tuple[Look, str]]:
    """Look at another log, once or again and again, and say what was seen."""
    known = [notes.read_key(line) for line in keys]
    place = folder or Settings().home / "monitored" / re.sub(r"[^a-z0-9.]+", "-", address.lower()).strip("-")
    monitor = Monitor(address, known, place)
    while True:
        look = monitor.look()
        sentence = _SEEN[look.seen.value][0 if language == "zh" else 1]
        yield look, sentence.format(size=look.size, before=look.before, told=look.told)
        if not every:
            return
        time.sleep(every)
