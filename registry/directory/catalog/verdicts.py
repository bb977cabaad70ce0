"""Name what a JSON Schema validator found: its errors become findings with codes of ours.

Trust: a validator's message repeats the refused value; a finding never does.
"""

from collections.abc import Iterator
from typing import cast

from jsonschema.exceptions import ValidationError

from registry.directory.findings import Finding, pointer
from verification.errors import Refusal

_RULES = {
    "type": ("value.wrong_type", "expected"),
    "maxLength": ("value.too_long", "limit"),
    "minLength": ("value.too_short", "limit"),
    "maxItems": ("value.too_many", "limit"),
    "minItems": ("value.too_few", "limit"),
    "uniqueItems": ("value.repeated", "expected"),
    "minimum": ("value.too_small", "limit"),
    "maximum": ("value.too_large", "limit"),
    "enum": ("value.not_listed", "expected"),
    "pattern": ("value.wrong_form", "expected"),
}
_EXPECTED = {"date": "2026-03-01", "decimal-2": "6240.00"}


def findings(error: ValidationError) -> Iterator[Finding]:
    """The findings of one error: one, or one for each field that is missing or unknown."""
    path = tuple(error.absolute_path)
    rule, limit = str(error.validator), cast("object", error.validator_value)
    if rule == "required":
        # The validator reports each missing name by itself, and names it only in its message.
        missing = (name for name in cast("list[str]", limit) if error.message.startswith(repr(name)))
        yield from (Finding(pointer((*path, name)), "value.missing") for name in missing)
    elif rule == "additionalProperties":
        known = cast("dict[str, dict[str, object]]", error.schema)["properties"]
        extra = sorted(set(cast("dict[str, object]", error.instance)) - set(known))
        yield from (Finding(pointer((*path, name)), "value.unknown") for name in extra)
    elif rule == "format":
        yield _ill_formed(pointer(path), str(limit), error.cause)
    else:
        code, fact = _RULES[rule]
        yield Finding(pointer(path), code, {fact: _told(limit)})


def _told(limit: object) -> str | int:
    if isinstance(limit, int) and not isinstance(limit, bool):
        return limit
    return " ".join(map(str, limit))[:300] if isinstance(limit, list) else str(limit)[:300]


def _ill_formed(place: str, form: str, cause: BaseException | None) -> Finding:
    if isinstance(cause, Refusal):
        return Finding(place, cause.code, {"form": form, **cause.facts})
    return Finding(place, "value.wrong_form", {"expected": _EXPECTED.get(form, form)})
