"""What strangers' files cost: ours in the register, its seal beside pyHanko's own check, foreign and hostile ones.

Floors: pyHanko's AdES validation of the same file (with its time-stamp); pyHanko's plain validation of a foreign one.
       A foreign file is read by the same strict reader as ours, in a child that has served before; pyHanko is not
       loaded for verifying at all.
"""

import asyncio
import io
import logging
import tempfile
import time
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hub import clock, demo, demo_sheet
from hub.bench import turns, verifying
from hub.bench.figure import Figure
from hub.parts import assemble
from hub.settings import SAMPLE_KEYS, Settings
from hub.verifying.verifier import Verifier
from registry.life import registered
from verification import certificates, digests

ROUNDS = 60
WARM = 5
HIT_MS, QUICKER, FOREIGN = 1.0, 8.0, 1.3
WORST_SECONDS, WORST_BYTES = 10.0, 1 << 30


def run(*, rounds: int = ROUNDS) -> list[Figure]:
    """Measure all four."""
    logging.getLogger("pyhanko").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory() as name:
        settings = Settings(home=Path(name))
        demo.prepare(settings)
        file = next(one["file"] for one in demo_sheet.read(settings)["made"] if one["kind"] == "certificate")
        document, parts = Path(file).read_bytes(), assemble(settings)
        try:
            verifier = parts.verifier
            return [
                _hit(verifier, document, rounds),
                _seal(document, rounds),
                _foreign(verifier, rounds),
                *_hostile(verifier),
            ]
        finally:
            parts.close()


def _hit(verifier: Verifier, document: bytes, rounds: int) -> Figure:
    at = clock.now()

    def ask() -> None:
        with verifier.db.reading() as look:
            if registered.of_document(look, digests.sha256(document), at=at) is None:
                raise RuntimeError("a document of the demo is not registered")

    (ours,) = turns.medians(rounds, WARM, time.process_time, ask)
    told = f"CPU, {len(document)} bytes, digest, register and state, median of {rounds}"
    return Figure("our own PDF: register hit", ours, "ms", None, None, HIT_MS, ours <= HIT_MS, told)


def _seal(document: bytes, rounds: int) -> Figure:
    known = frozenset(
        certificates.thumbprint(certificates.read(path.read_bytes())) for path in SAMPLE_KEYS.glob("*-seal.pem")
    )
    ours, floor = turns.medians(
        rounds, WARM, time.perf_counter, lambda: verifying.quick(document, known), lambda: _ades(document)
    )
    told = f"wall, page text apart, median of {rounds}, interleaved; floor: pyHanko ades_with_time_validation"
    return Figure(
        "our own PDF: pinned seal", ours, "ms", floor, ours / floor, 1 / QUICKER, ours * QUICKER <= floor, told
    )


def _foreign(verifier: Verifier, rounds: int) -> Figure:
    document, at = _signed_elsewhere(), clock.now()
    ours, floor = turns.medians(
        rounds, WARM, time.perf_counter, lambda: verifier.file(document, at=at), lambda: _plain(document)
    )
    told = f"wall, {len(document)} bytes, whole report over the pipe, median of {rounds}; floor: pyHanko, in process"
    return Figure("a foreign PDF in the child", ours, "ms", floor, ours / floor, FOREIGN, ours <= FOREIGN * floor, told)


def _hostile(verifier: Verifier) -> list[Figure]:
    slowest, largest = 0.0, 0
    for document in _bombs():
        began = time.perf_counter()
        verifier.file(document, at=clock.now())
        slowest = max(slowest, time.perf_counter() - began)
        largest = max(largest, verifier.children.most_memory())
    told = "deep, endless, crossed, inflating and huge files, one after the other in the child; limit of the issue"
    return [
        Figure("hostile files: slowest", slowest, "s", None, None, WORST_SECONDS, slowest <= WORST_SECONDS, told),
        Figure(
            "hostile files: most memory",
            largest / 1e6,
            "MB",
            None,
            None,
            WORST_BYTES / 1e6,
            largest <= WORST_BYTES,
            told,
        ),
    ]


def _bombs() -> Iterator[bytes]:
    """Files that cost a careless reader much."""
    inflating = zlib.compress(bytes(1 << 26), 9)
    twice = zlib.compress(inflating * 40, 9)
    pages = b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj "
    page = pages + b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 %d %d]/Contents 4 0 R>>endobj "
    start = b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj "
    stream = b"4 0 obj<</Length %d/Filter%s>>stream\n%s\nendstream endobj trailer<</Root 1 0 R>>"
    yield start + page % (9, 9) + stream % (len(inflating), b"/FlateDecode", inflating)
    yield start + page % (9, 9) + stream % (len(twice), b"[/FlateDecode/FlateDecode]", twice)
    yield start + page % (99999999, 99999999) + stream % (1, b"/FlateDecode", b"x")
    yield b"%PDF-1.7\n" + b"[" * 5_000_000
    yield b"%PDF-1.7\n" + b"1 0 obj<</A 1 0 R>>endobj " * 300_000
    yield b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[2 0 R]/Count 9999999>>endobj"
    yield b"%PDF-1.7\n" + b"q BT " * 1_900_000
    yield (
        b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR\0\0\x1f\x40\0\0\x1f\x40\x08\x02\0\0\0" + bytes(4) + _idat(bytes(1 << 27))
    )


def _idat(rows: bytes) -> bytes:
    packed = zlib.compress(rows, 9)
    return len(packed).to_bytes(4) + b"IDAT" + packed + bytes(4)


def _signed_elsewhere() -> bytes:
    """A page that pyHanko signed for somebody nobody here knows."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import signers

    from signing import page

    drawn = page.render(page.Template({"page.typ": b"= Elsewhere"}), face={}, parts=page.Parts(), at=clock.now())
    key = str(SAMPLE_KEYS / "market-seal.key"), str(SAMPLE_KEYS / "market-seal.pem")
    plan = signers.PdfSignatureMetadata(field_name="Other", md_algorithm="sha256")
    signer: Any = signers.SimpleSigner.load(*key)  # type: ignore[no-untyped-call]
    signed = signers.PdfSigner(plan, signer=signer).sign_pdf(IncrementalPdfFileWriter(io.BytesIO(drawn)))
    return bytes(signed.getbuffer())


def _plain(document: bytes) -> None:
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    context = ValidationContext(trust_roots=[_certificate("root")], other_certs=[_certificate("issuing")])
    if not validate_pdf_signature(_signature(document), context).intact:
        raise RuntimeError("pyHanko does not take the foreign file")


def _ades(document: bytes) -> None:
    from pyhanko.sign.ades.report import AdESPassed
    from pyhanko.sign.validation import ades
    from pyhanko.sign.validation.policy_decl import SignatureValidationSpec
    from pyhanko_certvalidator.context import CertValidationPolicySpec
    from pyhanko_certvalidator.policy_decl import NO_REVOCATION, CertRevTrustPolicy
    from pyhanko_certvalidator.registry import SimpleTrustManager

    manager = SimpleTrustManager.build(trust_roots=[_certificate("root")])
    policy = CertValidationPolicySpec(manager, CertRevTrustPolicy(NO_REVOCATION))
    signature = _signature(document)
    found = asyncio.run(
        ades.ades_with_time_validation(
            signature.signed_data, SignatureValidationSpec(policy), raw_digest=signature.compute_digest()
        )
    )
    if found.ades_subindic is not AdESPassed.OK:
        raise RuntimeError(f"pyHanko says {found.ades_subindic} of a document of the demo")


def _signature(document: bytes) -> Any:  # noqa: ANN401 - pyHanko has no types
    from pyhanko.pdf_utils.reader import PdfFileReader

    return PdfFileReader(io.BytesIO(document)).embedded_signatures[0]


def _certificate(name: str) -> Any:  # noqa: ANN401 - pyHanko has no types
    from asn1crypto import pem, x509  # type: ignore[import-untyped]

    _, _, der = pem.unarmor((SAMPLE_KEYS / f"{name}.pem").read_bytes())
    return x509.Certificate.load(der)
