"""Check a type folder as `hub catalog check` and every publication do: all defects, each with file and place.

In:    a type folder, the time
Out:   findings; none means that certificates of the type can be issued, printed and read

Order: what can be read is judged first; the page is drawn last, with the sample and with the longest allowed values.
Trust: a folder comes from anyone; it is drawn in a process of its own (signing/proof.py), in a closed world.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

from registry.directory import faces
from registry.directory.catalog import content, fields, folder, project_rules
from registry.directory.catalog.content import TypeContent
from registry.directory.catalog.folder import TypeFolder
from registry.directory.catalog.schema import Field
from registry.directory.catalog_errors import FaceRefused
from registry.directory.faces import Printed, Value
from registry.directory.findings import Finding, pointer
from signing import proof
from signing.glyphs import Face
from signing.proof import Draw
from verification.canonical import Json
from verification.codes import identifier
from verification.errors import Refusal
from verification.legal_dates import legal_date

_HOLDER, _ISSUER = 60, 40  # characters of the longest names a page must hold
_DAY, _LAST = date(2026, 12, 31), date(2046, 12, 31)


def lint(given: TypeFolder, *, at: datetime, draw: Draw = proof.draw) -> list[Finding]:
    """Every defect of the folder; a template that nobody vouched for is drawn in a process of its own."""
    read, found = content.examine(given)
    if read is None:
        return found
    found = [*_face(read), *_project(read)]
    for name in (folder.SAMPLE, folder.LONGEST):
        found += _values(read, name, at=at)
    found += _at_limits(read)
    if found or read.definition.document != "rendered":
        return found
    return list(_drawn(read, draw, at=at))


def _face(read: TypeContent) -> Iterator[Finding]:
    names = _names(read.schema.fields)
    for asked in faces.placeholders(read.definition.face):
        place = f"/face/{asked.place}"
        own = names.get(asked.each, {}) if asked.each else {**dict.fromkeys(faces.RESERVED), **names[""]}
        top = asked.name.partition(".")[0]
        if top not in own and not (asked.each and asked.name == faces.ROW):
            yield Finding(place, "face.name_unknown", {"place": asked.place, "name": asked.name}, folder.DEFINITION)
        elif (field := own.get(top)) is not None and _hidden(read, asked):
            facts = {"place": asked.place, "name": asked.name, "disclosure": field.disclosure.value}
            yield Finding(place, "face.name_internal", facts, folder.DEFINITION)
        elif field is not None and _may_lack(field, asked):
            yield Finding(place, "face.default_missing", {"name": asked.name}, folder.DEFINITION)


def _project(read: TypeContent) -> Iterator[Finding]:
    told = read.definition
    found = project_rules.defects(told.project, told.relations, read.schema.fields) if told.project else ()
    yield from (finding.within(folder.DEFINITION) for finding in found)


def _names(found: Sequence[Field]) -> dict[str, dict[str, Field | None]]:
    """The fields by the list they stand in; a list of plain texts has the one member `value`."""
    names: dict[str, dict[str, Field | None]] = {"": {field.name: field for field in found}}
    for field in found:
        names[field.path] = {inner.name: inner for inner in field.inner} or {"value": None}
    return names


def _hidden(read: TypeContent, asked: faces.Placeholder) -> bool:
    path = f"{asked.each}.{asked.name}" if asked.each else asked.name
    steps = path.split(".")
    return any(".".join(steps[:count]) in read.schema.internal() for count in range(1, len(steps) + 1))


def _may_lack(field: Field, asked: faces.Placeholder) -> bool:
    return not field.required and asked.default is None and asked.form != "until" and field.kind != "array"


def _values(read: TypeContent, name: str, *, at: datetime) -> list[Finding]:
    values, found = content.json_of(read.folder, name)
    wrong = found or list(fields.findings(read.schema, values, on=legal_date(at)))
    return [finding.within(name) for finding in wrong]


def _at_limits(read: TypeContent) -> Iterator[Finding]:
    values, _ = content.json_of(read.folder, folder.LONGEST)
    yield from _short(read.schema.document, values, ())


def _short(node: Json, value: Json, path: tuple[str | int, ...]) -> Iterator[Finding]:
    if not isinstance(node, Mapping):
        return
    if isinstance(value, Mapping):
        inner = node.get("properties")
        for name, below in inner.items() if isinstance(inner, Mapping) else ():
            yield from _short(below, value.get(name), (*path, name))
    elif isinstance(value, list):
        yield from _below(node, "maxItems", len(value), path)
        for place, member in enumerate(value):
            yield from _short(node.get("items"), member, (*path, place))
    elif isinstance(value, str) and not {"format", "pattern", "enum"} & set(node):
        yield from _below(node, "maxLength", len(value), path)
    elif value is None and node.get("disclosure") in ("公开", "共享"):
        yield Finding(pointer(path), "type.longest_lacks", {}, folder.LONGEST)


def _below(node: Mapping[str, Json], keyword: str, found: int, path: tuple[str | int, ...]) -> Iterator[Finding]:
    limit = node.get(keyword)
    if isinstance(limit, int) and found < limit:
        yield Finding(pointer(path), "type.longest_short", {"found": found, "expected": limit}, folder.LONGEST)


def _drawn(read: TypeContent, draw: Draw, *, at: datetime) -> Iterator[Finding]:
    shown: dict[str, Face] = {}
    for name in (folder.SAMPLE, folder.LONGEST):
        try:
            shown[name] = example(read, name)
        except FaceRefused as refusal:
            yield _finding(name, refusal)
    refusals = draw(read.folder.template(), list(shown.values()), at=at)
    yield from (_finding(name, refusal) for name, refusal in zip(shown, refusals, strict=False) if refusal)


def _finding(name: str, refusal: Refusal) -> Finding:
    return Finding("", refusal.code, {**refusal.facts, "values": name}, str(refusal.facts.get("file", name)))


def example(read: TypeContent, name: str) -> dict[str, Printed]:
    """The face of a certificate with the values of a sample file."""
    values, _ = content.json_of(read.folder, name)
    if not isinstance(values, Mapping):
        raise RuntimeError("an example is drawn only after its values were found right")
    stated = fields.printable(read.schema, fields.part(read.schema, values).stated)
    reserved = _reserved(read, longest=name == folder.LONGEST)
    return faces.fill(read.definition.face, {**reserved, **stated}, internal=read.schema.internal())


def _reserved(read: TypeContent, *, longest: bool) -> dict[str, Value]:
    told = read.definition
    named = identifier.make(told.code, issuer=told.definer.code, serial="SAMPLE".ljust(32 if longest else 10, "0"))
    number = 999_999 if longest else 1
    return {
        "letter_number": told.numbering.text(year=2026, number=number) if told.numbering else named.text,
        "identifier": named.text,
        "title": told.name_zh,
        "issuer_name": told.definer.name.ljust(_ISSUER, "样") if longest else told.definer.name,
        "issuer_code": told.definer.code,
        "holder_name": "示例样本单位".ljust(_HOLDER, "样") if longest else "示例样本单位",
        "holder_code": told.definer.code,
        "issue_date": _DAY,
        "valid_from": _DAY,
        "valid_to": _LAST if longest else None,
    }
