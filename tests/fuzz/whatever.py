"""Throw bytes at the verifier for as long as wanted: never an exception, never a yes to what is not the issued file.

    python -m tests.fuzz.seeds DIR        (with the project's own environment)
    python -m venv DIR/venv && DIR/venv/bin/pip install atheris cryptography pypdfium2 zxing-cpp
    DIR/venv/bin/python tests/fuzz/whatever.py DIR -max_total_time=600 DIR/corpus DIR/seeds

Atheris has an environment of its own, because it is needed nowhere else; the result of the last long run is in
docs/verification.md.
"""

import sys
from datetime import UTC, datetime
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).parents[2]))
with atheris.instrument_imports(include=["verification"]):
    from verification import brought, picture, trust_list_text
    from verification.brought import Means

LOADED = picture  # before the run, and instrumented
AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
FOLDER = Path(sys.argv[1])
TRUST = trust_list_text.from_bytes((FOLDER / "trust.json").read_bytes())
GOOD = (FOLDER / "good.pdf").read_bytes()


def one(data: bytes) -> None:
    """One input."""
    report = brought.judge(data, Means(TRUST), at=AT)
    report.plain()
    # the sealed part without its validation data is sealed, too: the register tells that it is not the issued file
    if report.accepted() and report.subject == "file" and not GOOD.startswith(data):
        raise AssertionError("accepted")
    if report.accepted() and report.subject == "code" and report.code_claims["reference"] != "7K2M9Q4XWD":
        raise AssertionError("accepted another code")


if __name__ == "__main__":
    atheris.Setup([sys.argv[0], *sys.argv[2:]], one)
    atheris.Fuzz()
