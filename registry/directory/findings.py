"""What is wrong with a submitted value or a type folder: one row per defect, all of them at once.

Out:   place (a JSON Pointer, or a file with a key in it), a stable code, facts for its sentence
Trust: facts name rules and limits, never the value that was refused.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

SHOWN = 60  # characters of a name of the caller's own that a finding repeats


@dataclass(frozen=True, slots=True)
class Finding:
    """One defect: where, by which rule, and the facts that say how to mend it."""

    place: str
    code: str
    facts: Mapping[str, str | int] = field(default_factory=dict)
    file: str = ""

    def row(self) -> dict[str, str]:
        """The finding as a row of a refusal or a report."""
        told = {name: str(value) for name, value in self.facts.items()}
        return {**told, **({"file": self.file} if self.file else {}), "pointer": self.place, "code": self.code}

    def within(self, file: str) -> "Finding":
        """The same finding, in a named file."""
        return Finding(self.place, self.code, self.facts, file)


def pointer(path: Iterable[str | int]) -> str:
    """Spell a path as a JSON Pointer (RFC 6901), foreign names short and printable."""
    return "".join(f"/{_token(str(step))}" for step in path)


def _token(step: str) -> str:
    shown = "".join(mark if mark.isprintable() else "?" for mark in step[:SHOWN])
    return shown.replace("~", "~0").replace("/", "~1")
