"""What a certificate type asks for: its fields, their titles, forms, limits and disclosure classes.

In:    the document of fields.json (JSON Schema 2020-12, narrowed to the keywords of KEYWORDS)
Out:   fields in the order of the file; or every defect of the document by its place

Trust: schemas also come in packages from elsewhere. No references, no alternatives, no numbers with fractions, every
       value bounded, patterns without repetition of repetitions: checking a value costs no more than reading it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import prod
from typing import cast

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError

from registry.directory.findings import Finding, pointer
from verification.canonical import Json

DIALECT = "https://json-schema.org/draft/2020-12/schema"
LONGEST, MOST, DEEPEST = 20_000, 1_000, 4  # characters of a text, members of a list, levels of fields


class Disclosure(StrEnum):
    """Who may ever see a field; each class is stricter than the one before."""

    PUBLIC = "公开"
    SHARED = "共享"
    INTERNAL = "内部"
    FORBIDDEN = "禁止录入"


FORMATS = (
    *("credit-code", "citizen-number", "project-code", "estate-unit", "letter-number", "division-code"),
    *("date", "decimal-2", "identifier"),
)
STRICTNESS = list(Disclosure)
_ALL = {"type", "title", "title_en", "description", "disclosure", "element"}
KEYWORDS = {
    "object": {"properties", "required", "additionalProperties", "$schema", "$id"},
    "array": {"items", "minItems", "maxItems", "uniqueItems"},
    "string": {"minLength", "maxLength", "enum", "pattern", "format"},
    "integer": {"minimum", "maximum", "enum"},
    "boolean": set(),
}
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_ATOM = r"(?:\\[dw.()\-]|\[\^?[^\[\]]{1,60}\]|[^\\\[\](){}^$.*+?|])"
_PIECE = rf"{_ATOM}(?:\{{[0-9]{{1,3}}(?:,[0-9]{{1,3}})?\}}|\?)?"
_PATTERN = re.compile(rf"\^(?:{_PIECE}|\((?:{_PIECE}){{1,20}}(?:\|(?:{_PIECE}){{1,20}}){{0,9}}\)){{1,40}}\$")
_CHOICES = re.compile(r"\{([0-9]+),([0-9]+)\}|\?|\|")
WAYS = 10_000  # in which a pattern may try to fit a text


@dataclass(frozen=True, slots=True)
class Field:
    """One field: `path` names it from the top (`buildings.area`), `inner` are the fields of its members."""

    path: str
    name: str
    title: str
    title_en: str
    disclosure: Disclosure
    kind: str
    form: str | None
    element: str | None
    required: bool
    inner: tuple["Field", ...]


@dataclass(frozen=True, slots=True)
class FieldSchema:
    """A document without defects, and its fields; made by `read`."""

    document: Mapping[str, Json]
    fields: tuple[Field, ...]

    def internal(self) -> frozenset[str]:
        """The paths of all fields that no page may print."""
        return frozenset(found.path for found in every(self.fields) if found.disclosure in STRICTNESS[2:])

    def internal_count(self) -> int:
        """How many fields stay in the register."""
        return sum(found.disclosure is Disclosure.INTERNAL for found in every(self.fields))


def read(document: Json) -> FieldSchema:
    """The fields of a document that `defects` finds nothing in."""
    whole = _mapping(document)
    return FieldSchema(whole, tuple(_fields(whole, "", Disclosure.PUBLIC)))


def every(fields: tuple[Field, ...]) -> Iterator[Field]:
    """All fields and, after each, those within it."""
    for found in fields:
        yield found
        yield from every(found.inner)


def defects(document: Json) -> list[Finding]:
    """Everything that is wrong with a document."""
    if not isinstance(document, Mapping) or document.get("type") != "object":
        return [Finding("", "schema.not_object", {"expected": "type: object"})]
    found = [*_node(document, ())]
    return found or [*_meta(document)]


def _meta(document: Mapping[str, Json]) -> Iterator[Finding]:
    if document.get("$schema", DIALECT) != DIALECT:
        yield Finding("/$schema", "schema.dialect", {"expected": DIALECT})
    try:
        Draft202012Validator.check_schema(dict(document))
    except SchemaError as error:
        yield Finding(pointer(error.absolute_path), "schema.invalid", {"rule": str(error.validator)})


def _node(node: Json, path: tuple[str | int, ...]) -> Iterator[Finding]:
    place = pointer(path)
    whole = _mapping(node)
    kind = whole.get("type")
    if not isinstance(node, Mapping) or not isinstance(kind, str) or kind not in KEYWORDS:
        yield Finding(place, "schema.type", {"expected": " ".join(KEYWORDS)})
        return
    for keyword in sorted(set(whole) - _ALL - KEYWORDS[kind]):
        yield Finding(pointer((*path, keyword)), "schema.keyword", {"type": kind})
    if "enum" in whole and not _listed(whole["enum"], str if kind == "string" else int):
        yield Finding(f"{place}/enum", "schema.enum", {"type": kind})
    yield from _BOUNDS[kind](whole, place)
    yield from _inner(whole, kind, path)


def _inner(node: Mapping[str, Json], kind: str, path: tuple[str | int, ...]) -> Iterator[Finding]:
    if sum(step in ("properties", "items") for step in path) >= DEEPEST:
        yield Finding(pointer(path), "schema.too_deep", {"limit": DEEPEST})
        return
    if kind == "array":
        yield from _node(node.get("items"), (*path, "items"))
    for name, inner in _mapping(node.get("properties")).items():
        yield from _property(name, _mapping(inner), (*path, "properties", name))
        yield from _node(inner, (*path, "properties", name))


def _property(name: str, node: Mapping[str, Json], path: tuple[str | int, ...]) -> Iterator[Finding]:
    if not _NAME.fullmatch(name):
        yield Finding(pointer(path), "schema.name", {"expected": _NAME.pattern})
    for keyword in ("title", "title_en"):
        if not isinstance(node.get(keyword), str) or not str(node[keyword]).strip():
            yield Finding(pointer((*path, keyword)), "schema.title_missing")
    if (node.get("disclosure") if len(path) == 2 else node.get("disclosure", "公开")) not in STRICTNESS:
        yield Finding(pointer((*path, "disclosure")), "schema.disclosure", {"expected": " ".join(Disclosure)})


def _object(node: Mapping[str, Json], place: str) -> Iterator[Finding]:
    if node.get("additionalProperties") is not False:
        yield Finding(f"{place}/additionalProperties", "schema.open_object")
    if not _mapping(node.get("properties")):
        yield Finding(f"{place}/properties", "schema.no_properties")
    for name in _texts(node.get("required")):
        if name not in _mapping(node.get("properties")):
            yield Finding(f"{place}/required", "schema.required_unknown", {"name": name})


def _array(node: Mapping[str, Json], place: str) -> Iterator[Finding]:
    if not _within(node.get("maxItems"), MOST):
        yield Finding(f"{place}/maxItems", "schema.unbounded", {"keyword": "maxItems", "limit": MOST})


def _string(node: Mapping[str, Json], place: str) -> Iterator[Finding]:
    form, pattern = node.get("format"), node.get("pattern")
    if form is not None and form not in FORMATS:
        yield Finding(f"{place}/format", "schema.format", {"expected": " ".join(FORMATS)})
    fixed = form in FORMATS or "enum" in node
    if not _within(node.get("maxLength"), LONGEST) and not (fixed and "maxLength" not in node):
        yield Finding(f"{place}/maxLength", "schema.unbounded", {"keyword": "maxLength", "limit": LONGEST})
    if pattern is not None and not _plain(pattern):
        yield Finding(f"{place}/pattern", "schema.pattern", {"expected": r"^[A-Z]{2}\d{1,8}$"})


def _integer(node: Mapping[str, Json], place: str) -> Iterator[Finding]:
    for keyword in ("minimum", "maximum"):
        found = node.get(keyword)
        if "enum" not in node and (not isinstance(found, int) or abs(found) > 2**53 - 1):
            yield Finding(f"{place}/{keyword}", "schema.unbounded", {"keyword": keyword, "limit": 2**53 - 1})


def _boolean(_node: Mapping[str, Json], _place: str) -> Iterator[Finding]:
    return iter(())


_BOUNDS = {"object": _object, "array": _array, "string": _string, "integer": _integer, "boolean": _boolean}


def _plain(pattern: Json) -> bool:
    if not isinstance(pattern, str) or len(pattern) > 200 or not _PATTERN.fullmatch(pattern):
        return False
    try:
        re.compile(pattern)
    except re.error:
        return False
    return _ways(re.sub(r"\\.|\[[^\]]*\]", "x", pattern)) <= WAYS


def _ways(bare: str) -> int:
    spans = (int(last) - int(first) + 1 if last else 2 for first, last in _CHOICES.findall(bare))
    return prod(spans)


def _within(value: Json, limit: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value <= limit


def _listed(value: Json, kind: type) -> bool:
    return isinstance(value, list) and 0 < len(value) <= MOST and all(type(choice) is kind for choice in value)


def _fields(node: Mapping[str, Json], front: str, outer: Disclosure) -> Iterator[Field]:
    required = _texts(node.get("required"))
    for name, given in _mapping(node.get("properties")).items():
        inner = _mapping(given)
        asked = Disclosure(str(inner.get("disclosure", outer)))
        disclosure = max(asked, outer, key=STRICTNESS.index)
        members = _mapping(inner.get("items")) if inner["type"] == "array" else inner
        yield Field(
            path=front + name,
            name=name,
            title=str(inner["title"]),
            title_en=str(inner["title_en"]),
            disclosure=disclosure,
            kind=str(inner["type"]),
            form=cast("str | None", inner.get("format")),
            element=cast("str | None", inner.get("element")),
            required=name in required,
            inner=tuple(_fields(members, f"{front}{name}.", disclosure)),
        )


def _mapping(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, Mapping) else {}


def _texts(value: Json) -> list[str]:
    return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []
