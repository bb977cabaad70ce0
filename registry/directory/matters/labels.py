"""Say how a material is obtained: the 免 label that every channel shows, and the alternatives told beside it.

In:    a material; or two versions of a matter
Out:   its label; what of the labels changed from one version to the next

Order: 免提交 before 告知承诺 before 容缺 before 需提交; alternatives are told independently of the label.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from registry.directory.matters.materials import Material


class Label(StrEnum):
    """How a material is obtained. Codes are public names."""

    WAIVED = "免提交"
    COMMITMENT = "告知承诺"
    DEFERRED = "容缺"
    HAND_IN = "需提交"


ENGLISH = {
    Label.WAIVED: "not to be handed in",
    Label.COMMITMENT: "a promise stands in",
    Label.DEFERRED: "may follow later",
    Label.HAND_IN: "to be handed in",
}

CODES = {  # as the ledger names them
    Label.WAIVED: "waived",
    Label.COMMITMENT: "commitment",
    Label.DEFERRED: "deferred",
    Label.HAND_IN: "hand-in",
}


@dataclass(frozen=True, slots=True)
class Changed:
    """A label before and after; None where the material was not, or is no longer, asked for."""

    material: str
    before: Label | None
    after: Label | None

    def told(self) -> str:
        """The change as a fact of the ledger."""
        before, after = (CODES[one] if one else "none" for one in (self.before, self.after))
        return f"{self.material}:{before}>{after}"


def label(material: Material) -> Label:
    """The label of a material."""
    if material.look_up:
        return Label.WAIVED
    if material.commitment is not None:
        return Label.COMMITMENT
    return Label.HAND_IN if material.deferral is None else Label.DEFERRED


def alternatives(material: Material) -> tuple[Label, ...]:
    """What may stand in for a material beside its label, whatever that says."""
    told = [(Label.COMMITMENT, material.commitment), (Label.DEFERRED, material.deferral)]
    return tuple(one for one, there in told if there is not None and one is not label(material))


def changes(before: Sequence[Material], after: Sequence[Material]) -> Iterator[Changed]:
    """What changed of the labels, in the order of the new version, what is gone last."""
    old = {one.code: label(one) for one in before}
    new = {one.code: label(one) for one in after}
    for code in [*new, *(gone for gone in old if gone not in new)]:
        if old.get(code) != new.get(code):
            yield Changed(code, old.get(code), new.get(code))
