"""Audit the whole database: the ledger, the log over it, and every protected row.

In:    the database, the log's keys, checkpoints that were kept outside, keys of witnesses
Out:   a report; the first finding is the first wrong row

Order: one consistent look for everything, so acts may go on meanwhile.
Trust: what a superuser changed, added, removed, exchanged or cut off is found; what is left to hide is said.
"""

from collections.abc import Mapping, Sequence

from registry.store.database import Database, Reading
from registry.store.log.audit import entries_walk, rows_check, tree_check
from registry.store.log.audit.report import Report
from registry.store.log.audit.scratch import Scratch
from verification import checkpoints, notes
from verification.errors import Refusal
from verification.merkle import HASH
from verification.notes import NoteKey


def audit(
    db: Database, log: Sequence[NoteKey], *, kept: Mapping[str, bytes] | None = None, witnesses: Sequence[NoteKey] = ()
) -> Report:
    """Compare everything with everything."""
    report, scratch, outside = Report(), Scratch(), kept or {}
    with db.reading() as look:
        _one_sight(db, look)
        tiled = tree_check.leaves(look)
        course = entries_walk.walk(look, report, scratch, most=len(tiled) // HASH)
        right = tree_check.truth(look, course, tiled, log, filter(None, map(_size, outside.values())))
        tree_check.compare(look, course, right, log, witnesses)
        for name, note in outside.items():
            tree_check.against(look, report, right, log, kept=note, name=name)
        rows_check.compare(look, report, scratch)
    scratch.close()
    return report


def _one_sight(db: Database, look: Reading) -> None:
    if db.dialect == "postgresql":
        look.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def _size(note: bytes) -> int | None:
    try:
        return checkpoints.tree_of(notes.read(note).text).size
    except Refusal:
        return None
