"""Put our log before the programs of the Go project: `python -m tests.conformance.log`.

In:    a fresh register with some thousand acts; Go (any version of the last years) on this machine
Out:   one line of agreement; exit 1 if Go disagrees, 2 if it is not here

The judges are golang.org/x/mod/sumdb/note (checkpoints) and …/tlog (tiles, inclusion, consistency). Go fetches them.
"""

import base64
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from registry.store import schema
from registry.store.database import Database
from registry.store.log import checkpoints, serving, tiling
from tests.registry.store.log.desk import AT, KNOWN, act, sequencer
from verification import tiles

HERE = Path(__file__).parent / "golog"
OLDER, NEWER, INDEX = 700, 70_000, 513


def main() -> int:
    """Make a log, lay it out as a client sees it, judge."""
    if shutil.which("go") is None:
        tell("Go is not on this machine")
        return 2
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lay_out(folder)
        judge = folder / "golog"
        built = subprocess.run(["go", "build", "-o", judge, "."], cwd=HERE, capture_output=True, text=True, check=False)
        if built.returncode:
            tell(f"the Go judge cannot be built: {built.stderr[-500:]}")
            return 2
        judged = subprocess.run([judge, folder], capture_output=True, text=True, check=False)
        tell(judged.stdout + judged.stderr)
        return judged.returncode


def lay_out(folder: Path) -> None:
    """Everything a client of the log fetches."""
    db = Database(f"sqlite:///{folder / 'hub.sqlite'}")
    schema.upgrade(db)
    references = act(db, OLDER)
    worker = sequencer(db)
    worker.turn(at=AT)
    (folder / "older").write_bytes(newest(db))
    references += act(db, NEWER - OLDER)
    while worker.turn(at=AT):
        pass
    (folder / "checkpoint").write_bytes(newest(db))
    (folder / "key").write_text(KNOWN[0].text() + "\n")
    with db.reading() as look:
        tree = tiling.tree(look, NEWER)
        given = {"index": INDEX, "leaf": coded(bytes.fromhex(references[INDEX]))}
        given |= {"inclusion": [*map(coded, tree.inclusion(INDEX))]}
        given |= {"consistency": [*map(coded, tree.consistency(OLDER))]}
        (folder / "proof.json").write_text(json.dumps(given))
        for level, number in every(NEWER):
            width = tiles.width(NEWER, level, number)
            path = folder / "tile" / str(level) / tiles.path(number, width)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(serving.tile(look, level, tiles.path(number, width)))
    db.close()


def every(size: int):
    """Every tile of a tree."""
    level = 0
    while size >> (8 * level):
        yield from (
            (level, number) for number in range((size >> (8 * level)) // 256 + 1) if tiles.width(size, level, number)
        )
        level += 1


def newest(db: Database) -> bytes:
    """The published checkpoint."""
    with db.reading() as look:
        return checkpoints.text(look, checkpoints.published(look))


def coded(value: bytes) -> str:
    """A hash in base64."""
    return base64.b64encode(value).decode()


def tell(line: str) -> None:
    """Say it to whoever started this."""
    sys.stdout.write(line.rstrip() + "\n")


if __name__ == "__main__":
    sys.exit(main())
