"""Write down what a look-up was: who, what about whom, for which matter and case, and what was shown of what.

In:    the decided look-up and what was found
Out:   the receipt's content; the answer for the office, which alone holds the values

Order: values are digested with a salt that only the answer has, so that a receipt can be shown to anybody.
Trust: no value of a field is in a receipt, and of holders a masked name.
Spec:  verification/receipts.py names the members
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from registry.directory.matters.materials import BasisKind, Mode
from registry.directory.matters.reading import Matter
from registry.exchange import allowances, disclosing, masking
from registry.exchange.allowances import Allowed, Asked
from registry.exchange.finding.about import About
from registry.exchange.finding.search import NOBODY, Answer, Candidate
from verification import canonical, digests, receipts
from verification.canonical import Json

SALT = 16  # bytes


@dataclass(frozen=True, slots=True)
class Shown:
    """One certificate in a look-up: what the office is answered, and what the receipt says of it."""

    identifier: str
    material: str
    mode: Mode
    used: int
    answer: dict[str, Json]
    receipt: dict[str, Json]


@dataclass(frozen=True, slots=True)
class Act:
    """A look-up: who asked what under which matter, whether its case is registered, and when."""

    id: str
    matter: Matter
    asked: Asked
    who: Mapping[str, Json]
    known: bool
    at: datetime


def show(allowed: Allowed, one: Candidate, random: Callable[[int], bytes]) -> Shown:
    """What a material shows of a certificate."""
    row, told, material = one.row, one.told, allowed.material
    head: dict[str, Json] = {"material": material.code, "mode": allowed.mode.value, "type": _type(one)}
    if allowed.mode is Mode.VERIFY:  # that there is one that satisfies, and nothing of it
        answer: dict[str, Json] = {**head, "holds": True}
        named: dict[str, Json] = dict.fromkeys(("state", "identifier", "issuer", "number", "values"))
        return Shown(row.identifier, material.code, allowed.mode, row.used, answer,
                     {**head, **named, "statement": row.statement, "fields": []})  # fmt: skip
    names = allowed.fields(row.type_code)
    fields, salt = disclosing.fields(told, names), random(SALT)
    known: dict[str, Json] = {"identifier": row.identifier, "number": row.number, "state": one.state}
    stands: dict[str, Json] = {"renamed": _day(one.renamed.renamed), "succeeded": _succeeded(one)}
    values = digests.sha256(salt + canonical.encode(fields))
    answer = {
        **head,
        **known,
        "issuer": told["issuer"],
        **told["dates"],
        "statement": row.statement,
        **stands,
        "fields": fields,
        "form": disclosing.form(told, allowed.fills, names),
        "salt": salt.hex(),
    }
    receipt: dict[str, Json] = {**head, **known, "issuer": row.issuer, "statement": row.statement}
    receipt |= {name: value for name, value in stands.items() if value is not None}
    return Shown(row.identifier, material.code, allowed.mode, row.used, answer,
                 {**receipt, "fields": list(fields), "values": values})  # fmt: skip


def missing(found: Answer, mode: Mode) -> dict[str, Json]:
    """Why a material is not satisfied; where nothing but a yes is shown, a no has no reason."""
    judged = found.missing if allowances.shows(mode, Mode.DATA) else NOBODY
    told: dict[str, Json] = {"material": found.material.code, "reason": judged.reason.value}
    return told if judged.state is None else {**told, "state": judged.state}


def content(act: Act, shown: Sequence[Shown], lacking: Sequence[Mapping[str, Json]]) -> bytes:
    """The canonical bytes of a receipt's content."""
    matter, asked = act.matter, act.asked
    told: dict[str, Any] = {
        "id": act.id,
        "at": receipts.written(act.at),
        **act.who,
        "about": about(asked.about),
        "matter": matter.reference,
        "title": matter.told.title.zh,
        "scenario": asked.scenario,
        "case": asked.case_number,
        "case_known": act.known,
        "purpose": asked.purpose,
        "basis": basis(asked, matter),
        "results": [one.receipt for one in shown],
        "missing": [{"material": one["material"], "reason": one["reason"]} for one in lacking],
    }
    return canonical.encode(told)


def about(asked: About) -> dict[str, Json]:
    """Whom or what it was about, people by masked names and numbers."""
    told: dict[str, Json] = {
        name: value
        for name in ("project", "building", "identifier", "number", "issuer")
        if (value := getattr(asked, name)) is not None
    }
    if asked.holders:
        told["holders"] = [
            {"name": masking.name(one.name), "code_kind": one.code_kind, "code": masking.code(one.spelled[1])}
            for one in asked.holders
        ]
    return told


def basis(asked: Asked, matter: Matter) -> dict[str, Json]:
    """On what ground, with the statutes the matter names for the materials."""
    if asked.basis.kind is BasisKind.GRANT:
        return {"kind": asked.basis.kind.value, "grant": asked.basis.grant}
    found = [matter.material(code) for code in asked.materials]
    named = dict.fromkeys(one.statute for one in found if one is not None and one.statute is not None)
    return {"kind": asked.basis.kind.value, "statutes": [{"title": title, "article": part} for title, part in named]}


def _type(one: Candidate) -> str:
    return f"{one.row.type_code}@{one.row.type_version}"


def _succeeded(one: Candidate) -> dict[str, Json] | None:
    found = one.succeeded
    return None if found is None else {"kind": found.kind.value, "since": found.since.isoformat()}


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
