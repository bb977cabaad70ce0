"""Keep a sealed PDF and every class of attack on it as files: `python -m tests.vectors.make_pdfs [--anew]`.

Out:   pdfs/*.pdf, pdfs/trust.json (whom to trust), pdfs/manifest.json: for each file its class and the report that any
       verifier should come to at 2026-03-02T02:00:00Z

Signatures are drawn with fresh randomness, so a file that is there is kept as it is, and only a missing one is made;
the manifest is written from the table of attacks each time. Attacks live in tests/verification.
"""

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path

from tests.verification import desk
from tests.verification.renewals import FORGED, KEPT
from tests.verification.shadows import MORE
from tests.verification.test_pdf_attacks import ATTACKS
from verification import trust_list_text
from verification.report import Report
from verification.verify import verify

HERE = Path(__file__).parent / "pdfs"
GOOD = "the issued file"
REFUSED = ATTACKS | MORE | FORGED


def classes() -> dict[str, Callable[[], bytes]]:
    """The honest file, an archive's copies of it, and every attack, by name."""
    return {GOOD: desk.good, **KEPT, **{name: build for name, (build, _) in REFUSED.items()}}


def file_name(name: str) -> str:
    """A class's file."""
    return re.sub("[^a-z0-9]+", "-", name.lower()).strip("-") + ".pdf"


def judged(document: bytes) -> Report:
    """The report that is expected."""
    trust = trust_list_text.from_bytes((HERE / "trust.json").read_bytes())
    return verify(document, trust=trust, at=desk.AT)


def expected(name: str, report: Report) -> dict[str, object]:
    """What the manifest says of a file."""
    plain, against = report.plain(), report.decisive()
    return {
        "file": file_name(name),
        "class": name,
        "accepted": report.accepted(),
        "headline": report.headline().code,
        "because": None if against is None else against.code,
        "indication": plain["indication"],
        "subindication": plain["subindication"],
        "checks": [check.code for check in report.checks],
    }


def main(*, anew: bool) -> None:
    """Make what is missing, then write the manifest."""
    HERE.mkdir(exist_ok=True)
    trust = trust_list_text.to_bytes(desk.trust(desk.authority("defence"), desk.authority("planning")))
    (HERE / "trust.json").write_bytes(trust)
    for name, build in classes().items():
        path = HERE / file_name(name)
        if anew or not path.exists():
            path.write_bytes(build())
    rows = [expected(name, judged((HERE / file_name(name)).read_bytes())) for name in classes()]
    manifest = {"at": "2026-03-02T02:00:00Z", "trust": "trust.json", "policy": "offline", "files": rows}
    (HERE / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(anew="--anew" in sys.argv)
