"""Verify whatever is brought: a sealed PDF, a receipt, a transfer's evidence, a QR code's text, a picture of one.

In:    bytes from anyone; who is trusted, what is known beside them
Out:   a report, whatever came in

Order: receipt → code's text → picture → PDF; one with neither seal nor statement is looked at again, for a code on it.
Trust: pictures and PDFs are read by native code: a server calls this in a child process with limits.
Why:   what judges codes and receipts is loaded when one comes: a file is judged in a fresh process by people who wait.
"""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import BinaryIO

from verification import digests, report, steps, verify
from verification.errors import CheckFailed
from verification.evidence import NOTHING, Evidence, Witness, silent
from verification.report import (
    BUNDLE,
    BUNDLE_STRICT,
    CODE,
    CODE_TEXT,
    OFFLINE,
    RECEIPT,
    RECEIPT_STRICT,
    STRICT,
    Policy,
    Report,
    Step,
)
from verification.status_list import StatusList
from verification.trusted import Trust

_LARGEST = 64 << 20  # bytes of a file; `opened` says what is too large
_LONGEST_TEXT = 8192  # bytes of a text file that may hold a code
_CODE = re.compile(r"LX[1P]:.|https://[^/\s]+/v/[0-9A-Z]+#.", re.IGNORECASE)
_RECEIPT = re.compile(rb"\s*eyJ[\w-]+\.[\w-]+\.[\w-]+\s*$", re.ASCII)  # a compact token
_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")  # the decoder is loaded when one comes
_CONTAINER = b"PK\x03\x04"
_NOTHING_INSIDE = ("single.none", "statement.none")


@dataclass(frozen=True, slots=True)
class Means:
    """Who is trusted, what is known, and which policies judge."""

    trust: Trust
    status: StatusList | None = None
    evidence: Evidence = NOTHING
    of_identifier: Witness = silent
    of_reference: Witness = silent
    file: Policy = OFFLINE
    code: Policy = CODE


def judge(data: bytes, means: Means, *, at: datetime) -> Report:
    """The report on some bytes."""
    if _RECEIPT.match(data) and _short_enough(data):
        return receipt(data.decode("ascii", errors="replace").strip(), means, at=at)
    text = _text(data)
    if text is not None:
        return code(text, means, at=at)
    if data.startswith(_CONTAINER):
        return bundle(io.BytesIO(data), means, at=at)
    if data.startswith(_PICTURES):
        return _pictured(data, means, at=at)
    found = _sealed(data, means, at=at)
    if means.status is not None and found.claimed is not None:
        return _with_status(data, found, means, at=at)
    bare = (found.check(Step.SINGLE).code, found.check(Step.STATEMENT).code) == _NOTHING_INSIDE
    return (_scanned(data, means, at=at) if bare else None) or found


def judge_file(file: BinaryIO, means: Means, *, at: datetime) -> Report:
    """The report on a file; a transfer's evidence is read piece by piece, anything else whole, up to a limit."""
    if not file.seekable():  # a pipe
        return judge(file.read(_LARGEST), means, at=at)
    lead = file.read(len(_CONTAINER))
    file.seek(0)
    return bundle(file, means, at=at) if lead == _CONTAINER else judge(file.read(_LARGEST), means, at=at)


def code(text: str, means: Means, *, at: datetime) -> Report:
    """The report on a code's text, a page's or one that a holder shows."""
    from verification import shown_code, verify_code, verify_shown

    if text.startswith(shown_code.PREFIX):
        return verify_shown.verify_shown(text, trust=means.trust, at=at)
    return verify_code.verify_code(
        text,
        trust=means.trust,
        status=means.status,
        evidence=means.evidence,
        witness=means.of_reference,
        at=at,
        policy=means.code,
    )


def receipt(text: str, means: Means, *, at: datetime) -> Report:
    """The report on a look-up's receipt."""
    from verification import verify_receipt

    strict = means.file.name == STRICT.name
    policy = RECEIPT_STRICT if strict else RECEIPT
    log = means.evidence.log
    return verify_receipt.verify_receipt(text, trust=means.trust, evidence=log, at=at, policy=policy)


def bundle(file: BinaryIO, means: Means, *, at: datetime) -> Report:
    """The report on the evidence of a transfer."""
    from verification import verify_bundle

    policy = BUNDLE_STRICT if means.file.name == STRICT.name else BUNDLE
    return verify_bundle.verify_bundle(file, trust=means.trust, at=at, policy=policy)


def _short_enough(data: bytes) -> bool:
    from verification import receipt_kinds

    return len(data) <= receipt_kinds.LIMIT


def _sealed(data: bytes, means: Means, *, at: datetime) -> Report:
    return verify.verify(
        data, trust=means.trust, evidence=means.evidence, witness=means.of_identifier, at=at, policy=means.file
    )


def _with_status(data: bytes, found: Report, means: Means, *, at: datetime) -> Report:
    """The same file, with what a status list says at the place that the code on its own page names."""
    from verification import verify_code

    digest = "" if found.claimed is None else found.claimed.digest()
    for text in _texts(data):
        seen = verify_code.listed(text, digest, means.status, means.trust, at=at)
        if seen is not None:
            return _sealed(data, replace(means, evidence=replace(means.evidence, state=seen)), at=at)
    return found


def _texts(data: bytes) -> tuple[str, ...]:
    from verification import picture

    try:
        return picture.codes(data)
    except Exception:  # a page that cannot be drawn shows no code
        return ()


def _text(data: bytes) -> str | None:
    if len(data) > _LONGEST_TEXT:
        return None
    text = data.decode("utf-8", errors="replace").strip()
    return text if _CODE.match(text) else None


def _pictured(data: bytes, means: Means, *, at: datetime) -> Report:
    from verification import picture

    try:
        return _only(data, picture.codes(data), means, at=at)
    except CheckFailed as refused:
        return _unread(data, str(refused.facts["reason"]), means, at=at)
    except Exception:
        return _unread(data, "broken", means, at=at)


def _scanned(data: bytes, means: Means, *, at: datetime) -> Report | None:
    found = [text for text in _texts(data) if _CODE.match(text)]
    return _only(data, found, means, at=at) if found else None


def _only(data: bytes, texts: Sequence[str], means: Means, *, at: datetime) -> Report:
    found = [text for text in texts if _CODE.match(text)]
    if len(found) != 1:
        return _unread(data, "several_codes" if found else "no_code", means, at=at)
    return replace(code(found[0], means, at=at), document=digests.sha256(data))


def _unread(data: bytes, reason: str, means: Means, *, at: datetime) -> Report:
    from verification import verify_code

    checks = steps.unreadable(verify_code.TAKEN, reason)
    return report.Report(digests.sha256(data), at, means.code, checks, subject=CODE_TEXT)
