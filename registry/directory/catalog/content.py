"""Read a type folder's definition and fields, or say everything that is wrong with them.

In:    a type folder
Out:   its definition and its fields
Trust: JSON is read without repeated keys and without fractions, so that every reader sees the same document.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from registry.directory.catalog import definition, folder, schema
from registry.directory.catalog.definition import Definition
from registry.directory.catalog.folder import TypeFolder
from registry.directory.catalog.schema import FieldSchema
from registry.directory.catalog_errors import TypeRefused
from registry.directory.findings import Finding
from verification import canonical
from verification.canonical import Json
from verification.errors import NotCanonical


@dataclass(frozen=True, slots=True)
class TypeContent:
    """What a folder says, with the folder itself."""

    definition: Definition
    schema: FieldSchema
    folder: TypeFolder


def read(given: TypeFolder) -> TypeContent:
    """The content of a folder; one refusal names all its defects."""
    content, found = examine(given)
    if content is None:
        raise TypeRefused(tuple(found))
    return content


def examine(given: TypeFolder) -> tuple[TypeContent | None, list[Finding]]:
    """The content, or the defects that stand in the way of reading it."""
    if found := folder.defects(given):
        return None, found
    tables, found = definition.parse(given.files[folder.DEFINITION])
    found = [finding.within(folder.DEFINITION) for finding in found]
    document, wrong = json_of(given, folder.FIELDS)
    found += wrong or [finding.within(folder.FIELDS) for finding in schema.defects(document)]
    if found or tables is None:
        return None, found
    told = definition.make(tables)
    if told.document == "rendered" and folder.PAGE not in given.files:
        return None, [Finding("", "type.file_missing", {}, folder.PAGE)]
    return TypeContent(told, schema.read(document), given), []


def json_of(given: TypeFolder, name: str) -> tuple[Json, list[Finding]]:
    """A JSON file of the folder, or what is wrong with it."""
    try:
        value = json.loads(given.files[name], object_pairs_hook=_unique, parse_constant=_refuse)
        return canonical.plain(value), []
    except NotCanonical as refusal:
        return None, [Finding("", "type.not_json", refusal.facts, name)]
    except json.JSONDecodeError as error:
        return None, [Finding("", "type.not_json", {"reason": "not-json", "line": error.lineno}, name)]
    except (ValueError, RecursionError):
        return None, [Finding("", "type.not_json", {"reason": "not-json"}, name)]


def _unique(pairs: list[tuple[str, Any]]) -> Mapping[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise NotCanonical(reason="repeated-key", path="$..")
    return found


def _refuse(_word: str) -> NoReturn:
    raise NotCanonical(reason="fraction", path="$..")
