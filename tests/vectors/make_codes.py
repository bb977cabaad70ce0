"""Keep QR codes honest and forged, with what every verifier must say of them: `python -m tests.vectors.make_codes`.

Out:   codes/codes.json: a signed trust list with its root, signed status lists, and for each code its text, the time,
       the list at hand, and the headline with the reason that decided it

Signatures are drawn with fresh randomness, so texts that are there are kept; what is expected is written each time.
"""

import base64
import json
import sys
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509

from signing import jws, status_lists
from tests.verification import desk, forged_codes
from tests.verification.forged_codes import DAY, FORGED, LINK, TEXT, UNSIGNED, URI, claiming
from verification import certificates, status_list, trust, trust_list_text, values
from verification.evidence import State
from verification.trust_list import TrustList
from verification.verify_code import verify_code

HERE = Path(__file__).parent / "codes"
FILE = HERE / "codes.json"
NOBODY, VALID, ENDED, STALE = None, "valid", "ended", "stale"
_YEAR = timedelta(days=365)


def main(*, anew: bool) -> None:
    """Make what is missing, then write what is expected."""
    HERE.mkdir(exist_ok=True)
    kept = {} if anew or not FILE.exists() else json.loads(FILE.read_text(encoding="utf-8"))
    beside = kept.get("beside") or _beside()
    rows = {row["name"]: row for row in kept.get("codes", ())}
    made = [_row(name, rows.get(name, {}).get("text", text), at, status) for name, text, at, status in _codes()]
    told = {"beside": beside, "codes": [row | expected(row, beside) for row in made]}
    FILE.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def listed(beside: dict) -> TrustList:
    """The trust list, opened."""
    root = certificates.read(base64.b64decode(beside["root"]))
    return trust.open_list(beside["trust"], roots=[root], at=desk.AT, unsafe_allow_samples=True).list


def expected(row: dict, beside: dict) -> dict:
    """What a verifier must say of a code."""
    at = datetime.fromisoformat(row["at"])
    token = row["status"] and base64.b64decode(beside["status"][row["status"]])
    status = token and status_list.read(token, listed(beside), at=at)
    plain = verify_code(row["text"], trust=listed(beside), status=status or None, at=at).plain()
    return {"headline": plain["headline"]["code"], "because": plain["headline"]["because"]}


def _beside() -> dict:
    authorities = (desk.authority("defence"), desk.authority("planning", types=()))
    payload = trust_list_text.to_bytes(desk.trust(*authorities))
    token = jws.sign(desk.key("trust-list"), payload, trust.TYPE, chain=[desk.certificate("trust-list")])
    return {
        "root": _base64(_der(desk.certificate("root"))),
        "trust": token,
        "status": {
            VALID: _base64(_status({})),
            ENDED: _base64(_status({4711: State.REVOKED})),
            "suspended": _base64(_status({4711: State.SUSPENDED})),
            "replaced": _base64(_status({4711: State.SUPERSEDED})),
            STALE: _base64(_status({}, at=desk.AT - 2 * DAY)),
        },
    }


def _codes():
    for name, text in {"honest": LINK, "honest, for programs": TEXT}.items():
        yield from ((f"{name}: {status}", text, desk.AT, status) for status in (NOBODY, VALID, ENDED, STALE))
    yield from ((f"honest: {name}", LINK, desk.AT, name) for name in ("suspended", "replaced"))
    yield "before it was made", LINK, desk.AT - DAY, NOBODY
    yield "after its time", LINK, desk.AT + 30 * _YEAR, NOBODY
    yield "its first day is to come", claiming(f11=30_000), desk.AT, NOBODY
    yield "its last day is gone", claiming(f12=20_000), desk.AT, NOBODY
    yield "its list is another's", claiming(c65535=forged_codes.status(uri=URI + "9")), desk.AT, VALID
    yield "a type it may not issue", claiming(f1="11410000000000000X001@1"), desk.AT, NOBODY
    yield from ((name, text, desk.AT, NOBODY) for name, (text, _) in {**FORGED, **UNSIGNED}.items())


def _row(name: str, text: str, at: datetime, status: str | None) -> dict:
    return {"name": name, "text": text, "at": values.written(at), "status": status}


def _status(states: dict, *, at: datetime = desk.AT) -> bytes:
    code = desk.authority("defence").code
    return status_lists.sign(desk.key("defence-code"), states, uri=URI, issuer=code, at=at, lasts=DAY, ttl=DAY / 24)


def _der(certificate: x509.Certificate) -> bytes:
    return certificates.der(certificate)


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


if __name__ == "__main__":
    main(anew="--anew" in sys.argv)
