"""Compare the tree's tiles and its signed checkpoints with the entries that were walked.

In:    the leaves of the walk and those of the tiles, the log's keys, checkpoints kept outside
Out:   findings: which place, which tile, which checkpoint; who witnessed what

Trust: when an entry and the tree differ, the newest root that the log signed says which of them was changed.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy
from sqlalchemy import text
from sqlmodel import col

from registry.store.columns import plain
from registry.store.database import Reading
from registry.store.log.audit.entries_walk import PLACE, Walk, raw
from registry.store.log.audit.report import Report
from registry.store.tables.log import LogCheckpoint, LogCosignature
from verification import checkpoints, merkle, notes, stamp_lines, tiles
from verification.checkpoints import Checkpoint
from verification.checkpoints import Tree as Signed
from verification.errors import Refusal
from verification.merkle import HASH
from verification.notes import Kind, Note, NoteKey, Signature
from verification.tiles import WIDTH

TILE, CHECKPOINT, COSIGNATURE = "log_tile", "log_checkpoint", "log_cosignature"
_TILES = "SELECT level, number, hashes FROM log_tile ORDER BY level, number"
_LEAVES = "SELECT number, hashes FROM log_tile WHERE level = 0 ORDER BY number"
_CHECKPOINTS = "SELECT size, previous, root, at, note FROM log_checkpoint ORDER BY size"
_FULL = WIDTH * HASH


@dataclass(frozen=True, slots=True)
class Truth:
    """The leaves that the log signed, and the roots over them at the sizes that matter."""

    leaves: bytes
    roots: dict[int, bytes]


def leaves(look: Reading) -> bytes:
    """The leaves as the tiles have them; what is missing or too short is filled with nothing."""
    found = bytearray()
    for number, hashes in look.connection().execute(text(_LEAVES)):
        if not 0 <= number * _FULL - len(found) < _FULL * WIDTH:
            break  # a number out of any order: told as a tile
        found.extend(bytes(number * _FULL - len(found)))
        found += raw(hashes)
    return bytes(found[: len(found) // HASH * HASH])


def truth(look: Reading, walk: Walk, kept: bytes, log: Sequence[NoteKey], wanted: Iterable[int]) -> Truth:
    """Whose leaves the newest root is over: the tiles', or, if those were changed, the entries'."""
    signed = _newest(look, log)
    asked = {*wanted, *_sizes(look), *([signed.size] if signed else [])}
    found = Truth(kept, _roots(kept, asked))
    if signed is None or found.roots.get(signed.size) == signed.root:
        return found
    other = Truth(bytes(walk.leaves), _roots(bytes(walk.leaves), asked))
    return other if other.roots.get(signed.size) == signed.root else found


def compare(look: Reading, walk: Walk, right: Truth, log: Sequence[NoteKey], witnesses: Sequence[NoteKey]) -> None:
    """Places, tiles, checkpoints, cosignatures."""
    walk.report.size = len(right.leaves) // HASH
    for place in _differing(bytes(walk.leaves), right.leaves):
        if place not in walk.wrong:
            walk.report.note("place.other_entry", PLACE, place)
    _tiles(look, walk.report, right)
    _checkpoints(look, walk.report, right, log)
    _cosignatures(look, walk.report, witnesses)


def against(look: Reading, report: Report, right: Truth, log: Sequence[NoteKey], *, kept: bytes, name: str) -> None:
    """A checkpoint that was kept outside: the log has to contain it, and to know that it was signed."""
    try:
        tree = checkpoints.opened(kept, log).tree
    except Refusal as refused:
        report.note("outside.unreadable", CHECKPOINT, name, reason=str(refused.facts.get("reason", refused.code)))
        return
    report.outside = (*report.outside, name)
    if tree.size > report.size:
        report.note("outside.cut", CHECKPOINT, tree.size, size=report.size, kept=tree.size, name=name)
    elif right.roots.get(tree.size) != tree.root:
        report.note("outside.forked", CHECKPOINT, tree.size, name=name)
    elif tree.size not in _sizes(look):
        report.note("outside.forgotten", CHECKPOINT, tree.size, name=name)


def _sizes(look: Reading) -> set[int]:
    return set(look.connection().execute(text("SELECT size FROM log_checkpoint")).scalars())


def _newest(look: Reading, log: Sequence[NoteKey]) -> Signed | None:
    """The newest checkpoint that opens."""
    for note in look.connection().execute(text("SELECT note FROM log_checkpoint ORDER BY size DESC")).scalars():
        try:
            return checkpoints.opened(str(note).encode(), log).tree
        except Refusal:
            continue
    return None


def _roots(hashes: bytes, wanted: set[int]) -> dict[int, bytes]:
    tree, found = merkle.Growing(), {}
    for at in range(0, len(hashes), HASH):
        tree.add(hashes[at : at + HASH])
        if tree.size in wanted:
            found[tree.size] = tree.root()
    return found


def _differing(walked: bytes, right: bytes) -> Iterator[int]:
    for at in range(0, min(len(walked), len(right)), _FULL):
        if walked[at : at + _FULL] != right[at : at + _FULL]:
            both = zip(tiles.split(walked[at : at + _FULL]), tiles.split(right[at : at + _FULL]), strict=False)
            yield from (at // HASH + place for place, (one, other) in enumerate(both) if one != other)


def _tiles(look: Reading, report: Report, right: Truth) -> None:
    expected = dict(_expected(right.leaves))
    for level, number, hashes in look.connection().execute(text(_TILES), execution_options={"yield_per": 500}):
        report.compared[TILE] += 1
        wanted = expected.pop((level, number), None)
        if wanted is None:
            report.note("tile.extra", TILE, f"{level}/{number}")
        elif raw(hashes) != wanted:
            report.note("tile.changed", TILE, f"{level}/{number}")
    for level, number in expected:
        report.note("tile.missing", TILE, f"{level}/{number}")


def _expected(hashes: bytes) -> Iterator[tuple[tuple[int, int], bytes]]:
    level = 0
    while hashes:
        pieces = [hashes[at : at + _FULL] for at in range(0, len(hashes), _FULL)]
        yield from (((level, number), piece) for number, piece in enumerate(pieces))
        hashes = b"".join(merkle.whole(tiles.split(piece)) for piece in pieces if len(piece) == _FULL)
        level += 1


def _checkpoints(look: Reading, report: Report, right: Truth, log: Sequence[NoteKey]) -> None:
    previous = 0
    for row in look.connection().execute(text(_CHECKPOINTS)):
        report.compared[CHECKPOINT] += 1
        wrong = _wrong(row, previous, right, log)
        if wrong:
            report.note(f"checkpoint.{wrong}", CHECKPOINT, row[0])
        previous = row[0]


def _wrong(row: Sequence[Any], previous: int, right: Truth, log: Sequence[NoteKey]) -> str | None:
    size, before, root, at, note = row
    try:
        opened = checkpoints.opened(str(note).encode(), log)
    except Refusal:
        return "not_signed"
    if (opened.tree.size, opened.tree.root) != (size, raw(root)) or not _dated(opened, at):
        return "changed"
    if right.roots.get(size) != opened.tree.root:
        return "other_tree"
    return None if before == previous else "missing_before"


def _dated(opened: Checkpoint, at: object) -> bool:
    """Whether the row's time is the one that was signed with ML-DSA; Ed25519 alone signs no time."""
    stamped = [one for one in opened.note.signatures if len(one.value) == notes.SIZES[Kind.COSIGNED_ML_DSA_44]]
    return all(_instant(one.value) == (plain(at) if isinstance(at, datetime) else at) for one in stamped)


def _cosignatures(look: Reading, report: Report, witnesses: Sequence[NoteKey]) -> None:
    kept = LogCosignature
    asked = sqlalchemy.select(col(kept.witness), col(kept.line), col(kept.at), col(LogCheckpoint.note), col(kept.size))
    joined = asked.join(LogCheckpoint, col(LogCheckpoint.size) == col(LogCosignature.size), isouter=True)
    for witness, line, at, note, seen in look.connection().execute(joined.order_by(col(LogCosignature.size))):
        report.compared[COSIGNATURE] += 1
        if not _vouches(line, at, note, witness, witnesses):
            report.note("cosignature.changed", COSIGNATURE, witness)
        elif any(one.is_of(key) for one in notes.lines(line) for key in witnesses):
            report.witnesses[witness] = seen


def _vouches(line: str, at: datetime, note: str, witness: str, known: Sequence[NoteKey]) -> bool:
    try:
        found = notes.lines(line)
        said = notes.read(str(note).encode()).text
    except (Refusal, ValueError):
        return False
    if witness == stamp_lines.name(said.partition("\n")[0]):
        return _stamped(said, found, at)
    if any(one.name != witness or plain(at) != _instant(one.value) for one in found):
        return False
    return all(checkpoints.holds(key, said, one) for one in found for key in known if one.is_of(key))


def _stamped(said: str, found: tuple[Signature, ...], at: datetime) -> bool:
    """Whether a line is a time-stamp over this text, of the time that its row says."""
    try:
        stamps = stamp_lines.read(Note(said, found))
    except Refusal:
        return False
    return len(stamps) == len(found) and all(plain(one.at) == plain(at) for one in stamps)


def _instant(value: bytes) -> object:
    return plain(datetime.fromtimestamp(int.from_bytes(value[:8]) % (1 << 36), UTC))
