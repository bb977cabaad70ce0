"""What keeping a document costs, beside the least that any such store must do.

Floors: put: AES-256-GCM under a fresh key, one file written and fsynced. get: one file read, SHA-256 of it. Ours and
       floor are taken in turn, round by round, and the medians compared. The row's part is shown beside them.
"""

import hashlib
import os
import secrets
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hub.bench.figure import Figure
from registry.store import key_folder, schema
from registry.store.database import Database
from registry.store.documents import Documents, Kept

SIZE = 130_000  # bytes: a sealed certificate of two pages
ROUNDS = 300
WARM = 20
TARGET = 1.5
_AT = datetime(2026, 1, 1, tzinfo=UTC)


def run(*, rounds: int = ROUNDS) -> list[Figure]:
    """Measure put and get, and get with its row."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        key_folder.create(folder / "keys", entropy=secrets.token_bytes)
        documents = Documents(folder / "documents", key_folder.KeyFolder(folder / "keys"))
        db = Database(f"sqlite:///{folder / 'hub.sqlite'}")
        schema.upgrade(db)
        try:
            return [_put(documents, folder, rounds), *_gets(db, documents, folder, rounds)]
        finally:
            db.close()


def _put(documents: Documents, folder: Path, rounds: int) -> Figure:
    fresh = iter([secrets.token_bytes(SIZE) for _ in range(2 * (rounds + WARM))])
    bare = folder / "bare"
    bare.mkdir()
    ours, floor = _medians(
        rounds, lambda _n: documents.put(next(fresh)), lambda n: _bare_put(bare / str(n), next(fresh))
    )
    return _figure(
        "document put",
        ours,
        floor,
        rounds,
        "file and folder fsynced at once; floor: AES-GCM + write + fsync of the file alone",
    )


def _gets(db: Database, documents: Documents, folder: Path, rounds: int) -> list[Figure]:
    kept = [documents.put(secrets.token_bytes(SIZE)) for _ in range(16)]
    with db.writing() as tx:
        for one in kept:
            documents.record(tx, one, at=_AT)
    plain = [_plain_file(documents, one, folder / f"plain{n}") for n, one in enumerate(kept)]
    with db.reading() as look:
        ours, rows, floor = _medians(
            rounds,
            lambda n: documents.read(kept[n % 16]),
            lambda n: documents.get(look, kept[n % 16].digest),
            lambda n: hashlib.sha256(plain[n % 16].read_bytes()).digest(),
        )
    told = "decrypted and digest checked; floor: read + SHA-256, warm page cache"
    alone = _figure("document get", ours, floor, rounds, told)
    whole = Figure("document get, row included", rows * 1e6, "µs", floor * 1e6, rows / floor, None, True, told)
    return [alone, whole]


def _medians(rounds: int, *measured: Callable[[int], object]) -> list[float]:
    taken: list[list[float]] = [[] for _ in measured]
    for n in range(rounds + WARM):
        for one, times in zip(measured, taken, strict=True):
            began = time.perf_counter()
            one(n)
            times.append(time.perf_counter() - began)
    return [statistics.median(times[WARM:]) for times in taken]


def _figure(name: str, ours: float, floor: float, rounds: int, told: str) -> Figure:
    ratio = ours / floor
    conditions = f"{SIZE} bytes, median of {rounds}, interleaved; {told}"
    return Figure(name, ours * 1e6, "µs", floor * 1e6, ratio, TARGET, ratio <= TARGET, conditions)


def _bare_put(path: Path, plain: bytes) -> None:
    nonce = secrets.token_bytes(12)
    sealed = nonce + AESGCM(secrets.token_bytes(32)).encrypt(nonce, plain, b"bare")
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    os.write(handle, sealed)
    os.fsync(handle)
    os.close(handle)


def _plain_file(documents: Documents, kept: Kept, path: Path) -> Path:
    path.write_bytes(documents.read(kept))
    return path
