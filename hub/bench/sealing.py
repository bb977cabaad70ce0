"""What sealing a finished page costs, beside pyHanko's documented way of making the same.

Ours:  embed + CMS + time-stamp + validation data (B-LT), key and template loaded once, a self-check that accepts all.
Floor: `signers.sign_pdf` with a `SimpleSigner` of the same key and `embed_validation_info`, given our own time-stamps
       and the same status data; beside it the bare B-B signature. All are taken in turn, round by round, in CPU time
       of this process, and the medians compared.
"""

import logging
import secrets
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509

import keys_sample
from hub.bench import sealing_documented
from hub.bench.figure import Figure
from registry.directory.catalog import content, lint, shipped
from signing import key_files, page, status_answers
from signing.key_files import FileKey
from signing.ocsp import GOOD, Responder
from signing.seal import Means, Sealer
from signing.timestamp import Authority
from verification import certificates

ROUNDS = 20
WARM = 3
TARGET = 0.1  # of the floor
LARGEST = 8.0  # ms
TYPE = "single-building-letter"
_KEYS = Path(keys_sample.__file__).parent
_AT = datetime(2026, 1, 1, tzinfo=UTC)


def run(*, rounds: int = ROUNDS) -> list[Figure]:
    """Measure a seal with an ECDSA P-256 and with an RSA-3072 key."""
    logging.getLogger("pyhanko").setLevel(logging.ERROR)
    drawn = _page()
    return [*_figures("P-256", "planning-seal", drawn, rounds), *_figures("RSA-3072", "housing-seal", drawn, rounds)]


def _figures(kind: str, name: str, drawn: bytes, rounds: int) -> list[Figure]:
    sealer, answers = _sealer(name)
    documented = sealing_documented.Documented(_KEYS, name, drawn, answers, at=_AT)
    ours, same, bare = _medians(rounds, lambda: sealer.apply(drawn, at=_AT), documented.b_lt, documented.b_b)
    told = f"{len(drawn)} bytes, CPU, median of {rounds}, interleaved; floor: pyHanko SimpleSigner"
    ok = ours <= LARGEST and ours <= TARGET * same
    return [
        Figure(f"seal a page, {kind}, B-LT", ours, "ms", same, ours / same, TARGET, ok, f"{told}, B-LT"),
        Figure(f"seal a page, {kind}, B-LT beside B-B", ours, "ms", bare, ours / bare, None, True, f"{told}, B-B"),
    ]


def _page() -> bytes:
    folder = dict(shipped.folders())[TYPE]
    face = lint.example(content.read(folder), "sample.json")
    return page.render(folder.template(), face=face, parts=page.Parts(seal_name="示例市国防动员办公室"), at=_AT)


def _sealer(name: str) -> tuple[Sealer, bytes]:
    root, issuing, about = (_certificate(one) for one in ("root", "issuing", name))
    responder = Responder(_key("ocsp"), issuing, lambda _: GOOD, lasts=timedelta(hours=12))
    answer = status_answers.read(responder.answer(about, at=_AT), about, issuing, at=_AT)
    answers = status_answers.Answers()
    answers.keep(answer)
    means = Means(
        stamper=Authority(_key("tsa"), entropy=secrets.token_bytes),
        answers=answers,
        lists=[status_answers.read_list((_KEYS / "root.crl").read_bytes(), root, at=_AT)],
        roots=[root],
        between=[issuing],
        self_check=lambda document, at: (),
    )
    return Sealer(_key(name), means), answer.data


def _certificate(name: str) -> x509.Certificate:
    return certificates.read((_KEYS / f"{name}.pem").read_bytes())


def _key(name: str) -> FileKey:
    return key_files.load(_KEYS / f"{name}.key", certificates_at=_KEYS / f"{name}.pem")


def _medians(rounds: int, *measured: Callable[[], object]) -> list[float]:
    taken: list[list[float]] = [[] for _ in measured]
    for _ in range(rounds + WARM):
        for one, times in zip(measured, taken, strict=True):
            began = time.process_time()
            one()
            times.append((time.process_time() - began) * 1e3)
    return [statistics.median(times[WARM:]) for times in taken]
