"""What an audit found: wrong rows in order, what was compared, and what nobody can see from inside.

Out:   findings, the first one first; none: every row is the one that was written
Spec:  codes are stable names; the sentences are in hub/texts/audit_*.toml
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import TypeAlias

Facts: TypeAlias = Mapping[str, str | int]
MOST = 100  # findings of one kind that are told one by one


@dataclass(frozen=True, slots=True)
class Finding:
    """One row that is not what was written: what is wrong, in which table, under which key."""

    code: str
    table: str
    key: str
    facts: Facts = field(default_factory=dict)


@dataclass(slots=True)
class Report:
    """One audit."""

    findings: list[Finding] = field(default_factory=list)
    counted: Counter[str] = field(default_factory=Counter)
    compared: Counter[str] = field(default_factory=Counter)
    erased: int = 0
    waiting: int = 0
    size: int = 0
    witnesses: dict[str, int] = field(default_factory=dict)  # whose keys are known, and the size each vouched for last
    outside: tuple[str, ...] = ()

    def note(self, code: str, table: str, key: object, **facts: str | int) -> None:
        """Add a finding; beyond a hundred of a kind they are only counted."""
        self.counted[code] += 1
        if self.counted[code] <= MOST:
            self.findings.append(Finding(code, table, str(key), facts))

    @property
    def sound(self) -> bool:
        """Whether everything is as it was written."""
        return not self.findings

    @property
    def first(self) -> Finding | None:
        """The first wrong row."""
        return next(iter(self.findings), None)

    def hidden(self) -> Iterator[str]:
        """What an operator could still hide from an audit that was given only this."""
        if not self.outside:
            yield "tail"
        if not self.witnesses:
            yield "split"

    def plain(self) -> dict[str, object]:
        """The members as JSON."""
        return {
            "sound": self.sound,
            "size": self.size,
            "waiting": self.waiting,
            "erased": self.erased,
            "compared": dict(self.compared),
            "findings": [asdict(one) for one in self.findings],
            "counted": dict(self.counted),
            "witnesses": dict(self.witnesses),
            "outside": list(self.outside),
            "hidden": list(self.hidden()),
        }
