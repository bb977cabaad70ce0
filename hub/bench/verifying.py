"""What verifying one of our own documents costs: in a cold process, beside importing pyHanko's validation; and warm.

Floor: an interpreter that imports `pyhanko.sign.validation` and does nothing with it. Program and floor are started
       in turn, and the medians of their wall times compared.
Warm:  CPU time of the full report as the command makes it; and of the quick check, which asks one thing: is this
       file, to its last byte, what a key we know has sealed. It opens no PDF reader and follows no path.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from cryptography import x509

from hub import clock, demo
from hub.bench import turns
from hub.bench.figure import Figure
from hub.settings import SAMPLE_KEYS, Settings
from verification import certificates, verify
from verification.pdf import byte_range, cms, security_store
from verification.trusted import Roots

ROUNDS = 9  # starts of a process
WARM_ROUNDS = 60
WARM = 5
TARGET = 0.6  # of the floor
_ROOT = Path(__file__).resolve().parents[2]
_ANCHORS = SAMPLE_KEYS / "root.pem"


def run(*, rounds: int = ROUNDS, warm_rounds: int = WARM_ROUNDS) -> list[Figure]:
    """Measure the command in a cold process, and report and quick check in this one."""
    with tempfile.TemporaryDirectory() as name:
        demo.prepare(Settings(home=Path(name)))
        file = min((Path(name) / "demo").glob("*.pdf"))
        return [_cold(file, rounds), *_warm(file.read_bytes(), warm_rounds)]


def quick(document: bytes, known: frozenset[str]) -> bool:
    """Say whether a file is, to its last byte, what one of the certificates known by their thumbprints has sealed."""
    place = byte_range.only(document)
    end, _ = security_store.apparent(document)
    sealed = document[:end]
    byte_range.require_whole(sealed, place)
    seal = cms.read(byte_range.contents(sealed, place))
    seal.require_digest(place.digest(sealed, seal.digest_algorithm)).require_signature()
    return certificates.thumbprint(seal.signer) in known


def _cold(file: Path, rounds: int) -> Figure:
    command = ("-m", "hub", "verify", str(file), "--trust", str(_ANCHORS))
    ours, floor = turns.medians(
        rounds,
        1,
        time.perf_counter,
        lambda: _started(*command),
        lambda: _started("-c", "import pyhanko.sign.validation"),
    )
    told = f"median of {rounds}, interleaved, warm byte code; floor: import pyhanko.sign.validation"
    return Figure(
        "hub verify, cold process", ours, "ms", floor, ours / floor, TARGET, ours <= TARGET * floor, f"wall, {told}"
    )


def _warm(document: bytes, rounds: int) -> list[Figure]:
    roots, at = Roots((certificates.read(_ANCHORS.read_bytes()),)), clock.now()
    known = frozenset(certificates.thumbprint(one) for one in _seals())
    if not verify.verify(document, trust=roots, at=at).accepted() or not quick(document, known):
        raise RuntimeError("a document of the demo is not accepted")
    report, brief = turns.medians(
        rounds,
        WARM,
        time.process_time,
        lambda: verify.verify(document, trust=roots, at=at),
        lambda: quick(document, known),
    )
    told = f"{len(document)} bytes, in process, warm, CPU, median of {rounds}, interleaved"
    return [
        Figure("verify, full report", report, "ms", None, None, None, True, told),
        Figure("verify, quick check", brief, "ms", report, brief / report, None, True, f"{told}; floor: the report"),
    ]


def _seals() -> list[x509.Certificate]:
    return [certificates.read(path.read_bytes()) for path in sorted(SAMPLE_KEYS.glob("*-seal.pem"))]


def _started(*arguments: str) -> None:
    subprocess.run([sys.executable, *arguments], cwd=_ROOT, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
