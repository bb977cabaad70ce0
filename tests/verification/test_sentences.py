"""What a report says: every reason in both languages, with the same facts."""

import ast
import re
from pathlib import Path

import verification
from verification import sentences
from verification.report import Step

ROOT = Path(verification.__file__).parent
SOURCES = [
    *(ROOT / "pdf").glob("*.py"),
    *(ROOT / f"{name}.py" for name in ("agreement", "renewed", "steps", "trusted")),
    *ROOT.glob("verify*.py"),
]


def reasons():
    """Every reason that is spelt in the code."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                named = [one.value for one in node.keywords if one.arg == "reason"]
                refused = node.args[:1] if getattr(node.func, "id", "") == "_refuse" else []
                yield from (one.value for one in (*named, *refused) if isinstance(one, ast.Constant))


class TestSentences:
    """texts/checks_*.toml"""

    def test_both_languages_know_the_same_codes(self):
        """In the same order, with the same facts."""
        zh, en = sentences.known("zh"), sentences.known("en")

        assert list(zh) == list(en)
        assert [set(re.findall(r"{(\w+)}", one)) for one in zh.values()] == [
            set(re.findall(r"{(\w+)}", one)) for one in en.values()
        ]

    def test_every_code_is_of_a_step(self):
        """A code is a step's name and a reason; every step can pass or be unknown, and be not reached."""
        steps = {step.value for step in Step}
        codes = sentences.known("zh")

        assert {code.partition(".")[0] for code in codes} == steps
        assert {f"{step}.not_reached" for step in steps} <= set(codes)

    def test_every_reason_of_the_code_has_a_sentence(self):
        """A reason that is spelt somewhere is said somewhere."""
        said = {code.partition(".")[2] for code in sentences.known("zh")}
        internal = {"trailing-bytes", "length", "other-members"}  # of DER, told as `structure`

        assert set(reasons()) - said - internal == set()
