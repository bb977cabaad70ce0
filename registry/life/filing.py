"""Judge what a draft says beside its fields: holders, dates, number, relations, the way its document comes. Pure.

In:    the type's definition, what was filed, the legal day
Out:   findings, each with its place
"""

import re
from collections.abc import Callable, Iterator
from datetime import date

from registry.directory.catalog.definition import Definition
from registry.directory.findings import Finding
from registry.life.contents import Contents, Filing, Outside, Paper
from verification import digests
from verification.codes import citizen_number, credit_code, letter_number
from verification.errors import CodeRefused
from verification.statement import Holder

KINDS = {"natural": "自然人", "legal": "法人", "other": "其他"}
MIXED = "混合"
CREDIT_CODE, CITIZEN_NUMBER = "001", "111"
REPLACES = "replaces"  # said by a replacement alone
MOST_HOLDERS, MOST_RELATIONS, LONGEST_NAME = 50, 50, 200
CHECKS = ("readable", "intact", "sealed", "time", "statement", "entitled", "register", "status")
_CASE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,63}", re.ASCII)
_BLANK = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,39}", re.ASCII)
_CODE_KIND = re.compile(r"[0-9]{3}", re.ASCII)
_TARGET = re.compile(r"[!-~]{1,200}")
_KIND = re.compile(r"[a-z][a-z0-9_-]{0,39}")


def on_filing(definition: Definition, filing: Filing, *, on: date) -> Iterator[Finding]:
    """Everything that is wrong beside the fields."""
    given = filing.contents
    yield from _holders(definition, given, on)
    yield from _dates(definition, given)
    yield from _number(definition, given)
    yield from _relations(definition, given)
    yield from _paper(filing.medium, given.paper)
    yield from _document(definition.document, filing)
    if filing.case_number is not None and not _CASE.fullmatch(filing.case_number):
        yield Finding("/case_number", "value.wrong_form", {"expected": _CASE.pattern})


def _holders(definition: Definition, given: Contents, on: date) -> Iterator[Finding]:
    if not 0 < len(given.holders) <= MOST_HOLDERS:
        yield Finding("/holders", "holder.count", {"limit": MOST_HOLDERS})
        return
    for place, holder in enumerate(given.holders):
        yield from _holder(holder, f"/holders/{place}", on)
    kinds = {KINDS.get(holder.kind, "") for holder in given.holders}
    shown = kinds.pop() if len(kinds) == 1 else MIXED
    if shown and shown not in definition.holder_kinds:
        yield Finding("/holders", "holder.kind_refused", {"expected": " ".join(definition.holder_kinds)})


def _holder(holder: Holder, place: str, on: date) -> Iterator[Finding]:
    if holder.kind not in KINDS:
        yield Finding(f"{place}/kind", "value.not_listed", {"expected": " ".join(KINDS)})
    if not 0 < len(holder.name) <= LONGEST_NAME or holder.name != holder.name.strip() or not holder.name.isprintable():
        yield Finding(f"{place}/name", "value.wrong_form", {"expected": f"1-{LONGEST_NAME}"})
    if (holder.code is None) != (holder.code_kind is None):
        yield Finding(f"{place}/code_kind", "holder.code_halved")
    elif holder.code is not None and holder.code_kind is not None:
        yield from _code(holder.code, holder.code_kind, place, on)


def _code(code: str, kind: str, place: str, on: date) -> Iterator[Finding]:
    if not _CODE_KIND.fullmatch(kind):
        yield Finding(f"{place}/code_kind", "value.wrong_form", {"expected": _CODE_KIND.pattern})
        return
    readers: dict[str, Callable[[str], object]] = {
        CREDIT_CODE: credit_code.parse,
        CITIZEN_NUMBER: lambda text: citizen_number.parse(text, on=on),
    }
    try:
        readers.get(kind, str)(code)
    except CodeRefused as refused:
        yield Finding(f"{place}/code", refused.code, refused.facts)


def _dates(definition: Definition, given: Contents) -> Iterator[Finding]:
    if given.term is None and len(definition.validity) > 1:
        yield Finding("/term", "value.missing")
    elif given.term is not None and given.term not in definition.validity:
        yield Finding("/term", "value.not_listed", {"expected": " ".join(definition.validity)})


def _number(definition: Definition, given: Contents) -> Iterator[Finding]:
    numbering = definition.numbering
    if given.number is None:
        return
    if numbering is None or not numbering.manual:
        yield Finding("/number", "number.not_manual")
    elif definition.category == "批文":
        try:
            letter_number.parse(given.number)
        except CodeRefused as refused:
            yield Finding("/number", refused.code, refused.facts)
    elif not 0 < len(given.number) <= 100 or given.number != given.number.strip() or not given.number.isprintable():
        yield Finding("/number", "value.wrong_form", {"expected": numbering.form})


def _relations(definition: Definition, given: Contents) -> Iterator[Finding]:
    if len(given.relations) > MOST_RELATIONS:
        yield Finding("/relations", "value.too_many", {"limit": MOST_RELATIONS})
        return
    for place, relation in enumerate(given.relations):
        if relation.kind not in definition.relations:
            yield Finding(f"/relations/{place}/kind", "value.not_listed", {"expected": " ".join(definition.relations)})
        elif relation.kind == REPLACES and relation.target != (given.replaces and given.replaces.certificate):
            yield Finding(f"/relations/{place}", "relation.unfounded", {"kind": REPLACES})
        if not _KIND.fullmatch(relation.target_kind):
            yield Finding(f"/relations/{place}/target_kind", "value.wrong_form", {"expected": _KIND.pattern})
        if not _TARGET.fullmatch(relation.target):
            yield Finding(f"/relations/{place}/target", "value.wrong_form", {"expected": _TARGET.pattern})


def _paper(medium: str, paper: Paper | None) -> Iterator[Finding]:
    if (medium == "electronic") != (paper is None):
        yield Finding("/paper", "paper.medium_differs", {"medium": medium})
    if paper is not None and paper.blank_number is not None and not _BLANK.fullmatch(paper.blank_number):
        yield Finding("/paper/blank_number", "value.wrong_form", {"expected": _BLANK.pattern})


def _document(way: str, filing: Filing) -> Iterator[Finding]:
    outside = filing.contents.outside
    if way == "rendered" and filing.body is not None:
        yield Finding("/body", "document.way_differs", {"way": way})
    if way == "body" and filing.body is None:
        yield Finding("/body", "value.missing")
    if way != "outside" and outside is not None:  # left out where it may stand, the document is asked of a platform
        yield Finding("/outside", "document.way_differs", {"way": way})
    if outside is not None:
        yield from _outside(outside, filing.body)


def _outside(outside: Outside, body: bytes | None) -> Iterator[Finding]:
    if not digests.SHA256.fullmatch(outside.digest):
        yield Finding("/outside/digest", "value.wrong_form", {"expected": digests.SHA256.pattern})
    elif body is not None and digests.sha256(body) != outside.digest:
        yield Finding("/outside/digest", "document.digest_differs")
    told = (*outside.verified, *outside.not_verified)
    if set(told) != set(CHECKS) or len(told) != len(CHECKS):
        yield Finding("/outside/verified", "document.checks_incomplete", {"expected": " ".join(CHECKS)})
