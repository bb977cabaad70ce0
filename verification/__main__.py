"""Verify files from the command line: `python -m verification FILE… --trust ROOT.PEM|LIST`.

In:    sealed PDFs, or text files with a QR code's content; roots (PEM), a signed trust list, or both; the clock
Out:   a report for each, for people or as JSON lines; exit 0 accepted, 1 rejected, 2 unreadable or wrong usage

Trust: a list given together with roots is checked against them; a list given alone is taken as it is, because
       whoever gives it trusts it. Nothing is fetched.
"""

import argparse
import os
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias

from cryptography import x509

from verification import report
from verification.errors import Refusal
from verification.evidence import Evidence
from verification.report import Axis, Outcome, Policy, Report
from verification.trust_list import TrustList
from verification.trusted import Roots, Trust

ACCEPTED, REJECTED, UNREADABLE = 0, 1, 2
_POLICIES = {"offline": (report.OFFLINE, report.CODE), "strict": (report.STRICT, report.CODE_STRICT)}
_MARKS = {Outcome.PASSED: "✓", Outcome.FAILED: "✗", Outcome.UNKNOWN: "?"}
_VERDICTS = {True: {"zh": "接受", "en": "ACCEPTED"}, False: {"zh": "不接受", "en": "REJECTED"}}
_Beside: TypeAlias = tuple[bytes | None, bytes | None]  # a status list, a proof from the log
_LARGEST_CODE = 8192  # bytes of a text file that may hold a QR code's content
_LARGEST_FILE = 64 << 20  # bytes; `opened` says what is too large


def main(arguments: Sequence[str]) -> int:
    """Verify each file; the worst outcome is the exit code."""
    asked = _parser().parse_args(arguments)
    try:
        at = _time(asked.at)
        trust = _trust([Path(name).read_bytes() for name in asked.trust], at=at)
        status = asked.status and Path(asked.status).read_bytes()
        proof = asked.evidence and Path(asked.evidence).read_bytes()
        return max([_one(name, trust, (status, proof), asked, at=at) for name in asked.files])
    except (Refusal, OSError, ValueError) as refused:
        sys.stderr.write(f"verification: {refused}\n")
        return UNREADABLE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m verification", description="Verify sealed PDFs and QR codes.")
    parser.add_argument("files", nargs="+", metavar="FILE", help="a PDF, or a text file with a QR code's content")
    parser.add_argument("--trust", action="append", required=True, help="root certificates (PEM) or a trust list")
    parser.add_argument("--status", help="a status list, for QR codes")
    parser.add_argument("--evidence", help="a proof from the log (.tlog-proof) of the certificate's issue")
    parser.add_argument("--policy", choices=sorted(_POLICIES), default="offline")
    parser.add_argument("--at", help="judge as of this time (RFC 3339), not now")
    parser.add_argument("--json", action="store_true", help="one report a line")
    language = "zh" if os.environ.get("LC_ALL", os.environ.get("LANG", "")).startswith("zh") else "en"
    parser.add_argument("--language", choices=("zh", "en"), default=language)
    return parser


def _one(name: str, trust: Trust, beside: _Beside, asked: argparse.Namespace, *, at: datetime) -> int:
    with Path(name).open("rb") as file:
        document = file.read(_LARGEST_FILE)
    found = _report(document, trust, beside, _POLICIES[asked.policy], at=at)
    sys.stdout.write(_as_json(name, found) if asked.json else _as_text(name, found, asked.language))
    if found.axis(Axis.READABLE) is Outcome.FAILED:
        return UNREADABLE
    return ACCEPTED if found.accepted() else REJECTED


def _report(document: bytes, trust: Trust, beside: _Beside, policies: tuple[Policy, Policy], *, at: datetime) -> Report:
    status, proof = beside
    head = document[:_LARGEST_CODE].lstrip()[:8].upper()
    if len(document) <= _LARGEST_CODE and head.startswith((b"LX1:", b"HTTPS://")):
        from verification import status_list, verify_code

        listed = status_list.read(status, trust, at=at) if status and isinstance(trust, TrustList) else None
        text = document.decode("utf-8", errors="replace").strip()
        return verify_code.verify_code(text, trust=trust, status=listed, at=at, policy=policies[1])
    from verification import verify

    return verify.verify(document, trust=trust, evidence=Evidence(log=proof), at=at, policy=policies[0])


def _trust(given: Iterable[bytes], *, at: datetime) -> Trust:
    roots, lists = [], []
    for data in given:
        if b"-----BEGIN CERTIFICATE-----" in data:
            roots += x509.load_pem_x509_certificates(data)
        else:
            lists.append(data.decode("ascii", errors="replace").strip() if data[:1] != b"{" else data)
    if not lists:
        return Roots(tuple(roots))
    if len(lists) > 1:
        raise ValueError("one trust list, please")
    return _listed(lists[0], roots, at=at)


def _listed(given: str | bytes, roots: Sequence[x509.Certificate], *, at: datetime) -> TrustList:
    from verification import jws, trust, trust_list_text

    if isinstance(given, bytes):
        return trust_list_text.from_bytes(given)
    if not roots:
        return trust_list_text.from_bytes(jws.unverified_payload(given, limit=trust.LIMIT))
    opened = trust.open_list(given, roots=roots, at=at, unsafe_allow_samples=True)
    if opened.stale:
        sys.stderr.write("verification: the trust list is out of date\n")
    return opened.list


def _time(given: str | None) -> datetime:
    if given is None:
        return datetime.now(UTC)
    found = datetime.fromisoformat(given)
    if found.utcoffset() is None:
        raise ValueError("--at needs a time with its zone, such as 2026-03-01T08:00:00Z")
    return found.astimezone(UTC)


def _as_json(name: str, found: Report) -> str:
    import json

    return json.dumps({"file": Path(name).name, **found.plain()}, ensure_ascii=False) + "\n"


def _as_text(name: str, found: Report, language: str) -> str:
    lines = [f"{_VERDICTS[found.accepted()][language]}  {Path(name).name}"]
    for check, plain in zip(found.checks, (one.plain() for one in found.checks), strict=True):
        lines.append(f"  {_MARKS[check.outcome]} {check.step.number:>2}  {plain[language]}  [{check.code}]")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
