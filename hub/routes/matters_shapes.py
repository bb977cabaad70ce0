"""What service items look like on the wire."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated

from pydantic import Field, JsonValue

from hub.wire import In, Out
from registry.directory.matters import bundles, labels
from registry.directory.matters.labels import Label
from registry.directory.matters.materials import Material, Words
from registry.directory.matters.publication import Published
from registry.directory.matters.reading import Entry, Matter

EXAMPLE: JsonValue = {
    "code": "SL-0001",
    "authority": "114108000000000004",
    "title": {"zh": "示例事项", "en": "Example item"},
    "kind": "matter",
    "first_day": "2026-01-01",
    "subject": "project",
    "materials": [
        {
            "code": "application",
            "title": {"zh": "申请书", "en": "Application"},
            "necessity": "required",
            "obtained": "hand-in",
        }
    ],
}
Code = Annotated[str, Field(examples=["11410800000000027U3411017002000"])]


class WordsOut(Out):
    """The same in two languages."""

    zh: str
    en: str


class LabelOut(Out):
    """How a material is obtained, and what may stand in for it whatever the label says."""

    material: str = Field(examples=["construction-permit"])
    title: WordsOut
    label: Label = Field(examples=["免提交"])
    label_en: str
    alternatives: list[Label]


class MatterEntryOut(Out):
    """A service item as lists show it, with the label of each material."""

    code: Code
    version: int
    authority: str
    title: WordsOut
    kind: str = Field(examples=["matter"])
    first_day: date
    last_day: date | None
    library: str | None = Field(description="the library whose item this mirrors")
    published_at: datetime
    withdrawn_at: datetime | None
    labels: list[LabelOut]


class JointOut(Out):
    """A material that a bundle asks for once, and the members that need it."""

    title: WordsOut
    label: Label
    label_en: str
    types: list[str]
    asked_by: list[dict[str, str]] = Field(examples=[[{"matter": "SL-0001", "material": "application"}]])


class FormFieldOut(Out):
    """A field of a form."""

    name: str
    title: WordsOut
    kind: str


class BundleOut(Out):
    """What the members of a bundle ask for together."""

    members: list[MatterEntryOut]
    form: list[FormFieldOut]
    materials: list[JointOut]


class MatterPastOut(Out):
    """A version, the day from which it counts, and when it was published."""

    version: int
    digest: str
    first_day: date
    last_day: date | None
    published_at: datetime


class ServiceItemOut(Out):
    """A service item: how it stands, its whole document, the names of the types it uses, all its versions."""

    entry: MatterEntryOut
    digest: str
    document: dict[str, JsonValue]
    types: dict[str, WordsOut] = Field(description="what the certificate types are called")
    bundle: BundleOut | None
    versions: list[MatterPastOut]


class MatterIn(In):
    """The document of a service item."""

    document: dict[str, JsonValue] = Field(examples=[EXAMPLE])


class MatterPublishedOut(Out):
    """The version a service item has after a publication, and the labels that changed."""

    code: Code
    version: int
    digest: str
    changed_labels: list[dict[str, str | None]]


def entry_out(found: Entry) -> MatterEntryOut:
    """Show an entry."""
    told = found.matter.told
    return MatterEntryOut(
        code=told.code,
        version=found.matter.version,
        authority=told.authority,
        title=words_out(told.title),
        kind="bundle" if told.bundle else "matter",
        first_day=told.first_day,
        last_day=told.last_day,
        library=found.row.origin,
        published_at=found.at,
        withdrawn_at=found.row.withdrawn_at,
        labels=[_label(one) for one in told.materials],
    )


def bundle_out(members: Sequence[Entry]) -> BundleOut:
    """Show what members ask for together."""
    matters: list[Matter] = [one.matter for one in members]
    return BundleOut(
        members=[entry_out(one) for one in members],
        form=[FormFieldOut.model_validate(one) for one in bundles.form(matters)],
        materials=[_joint(one) for one in bundles.materials(matters, "default")],
    )


def names_out(found: Mapping[str, Words]) -> dict[str, WordsOut]:
    """Show the names of types."""
    return {code: words_out(name) for code, name in found.items()}


def published_out(done: Published) -> MatterPublishedOut:
    """Show what a publication did."""
    changed = [{"material": one.material, "before": one.before, "after": one.after} for one in done.labels]
    return MatterPublishedOut(code=done.code, version=done.version, digest=done.digest, changed_labels=changed)


def words_out(told: Words) -> WordsOut:
    """Show words."""
    return WordsOut(zh=told.zh, en=told.en)


def _label(one: Material) -> LabelOut:
    found = labels.label(one)
    return LabelOut(
        material=one.code,
        title=words_out(one.title),
        label=found,
        label_en=labels.ENGLISH[found],
        alternatives=list(labels.alternatives(one)),
    )


def _joint(one: bundles.Joint) -> JointOut:
    return JointOut(
        title=words_out(one.first.title),
        label=one.label,
        label_en=labels.ENGLISH[one.label],
        types=sorted(by.type for by in one.first.satisfied_by),
        asked_by=[{"matter": each.matter, "material": each.material.code} for each in one.asked],
    )
