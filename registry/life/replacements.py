"""Let one certificate take another's place: change, correct, renew, reissue; same serial, the next version.

In:    a draft whose contents name the certificate it replaces, why, and on which document
Out:   at the intent: the next version's identifier, and a row that keeps a second replacement out; at the completion,
       in the same transaction: the old one is replaced, now or from the day on which the new one begins

Order: asked when the draft is filed, again at the intent, and a last time when the new one becomes valid: if the old
       one was moved to its end meanwhile, the new one is void.
Trust: what differs is told by places, never by what stood there.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlmodel import select

from registry.directory.catalog import fields
from registry.directory.catalog.content import TypeContent
from registry.life import differences, stating
from registry.life.contents import Contents, Replaces
from registry.life.states import acts, cases, lifecycle, organs, standing
from registry.life.states.acts import Deed, Who, Words
from registry.life.states.errors import (
    BeingReplaced,
    NothingDiffers,
    NotIssued,
    OtherType,
    PredecessorMoved,
    ReplacementDiffers,
    StatusRefused,
)
from registry.life.states.lifecycle import Case, Effect, Organ, Wanted
from registry.life.states.moves import Decided
from registry.store import statements
from registry.store.database import Reading, Writing
from registry.store.envelopes import Keyring
from registry.store.errors import NotFound
from registry.store.tables.life import Certificate
from registry.store.tables.status import Replacement, StatusAct
from verification import statement
from verification.codes import identifier
from verification.codes.identifier import CertificateIdentifier
from verification.legal_dates import Validity, begins, legal_date
from verification.statement import Relation, Statement

MOVE, RELATION = "replace", "replaces"
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Old:
    """The certificate that is to be replaced, with the acts on it and what it states."""

    row: Certificate
    acts: Sequence[StatusAct]
    said: Statement


def check(
    look: Reading, keyring: Keyring, content: TypeContent, given: Contents, *, authority: str, at: datetime
) -> None:
    """Refuse a draft whose replacement could not be."""
    if given.replaces is None:
        return
    old = _old(look, keyring, given.replaces, authority, at=at)
    _require(look, old, content, dated(given, old, at=at), at=at)


def require_own(look: Reading, given: Contents, authority: str, *, at: datetime) -> None:
    """Refuse another's certificate as one that never was."""
    if given.replaces is not None:
        _own(look, given.replaces, authority, at=at)


def prepare(
    tx: Writing, keyring: Keyring, content: TypeContent, given: Contents, *, authority: str, at: datetime
) -> tuple[Contents, Old | None]:
    """What is to be stated, with the days of the old one and a relation to it, and the old one itself."""
    if given.replaces is None:
        return given, None
    old = _old(tx, keyring, given.replaces, authority, at=at)
    given = dated(given, old, at=at)
    _require(tx, old, content, given, at=at)
    link = Relation(RELATION, "certificate", old.row.identifier)
    if RELATION in content.definition.relations and link not in given.relations:
        given = replace(given, relations=(*given.relations, link))
    return given, old


def dated(given: Contents, old: Old, *, at: datetime) -> Contents:
    """The contents with a first day: the old one's; a renewal begins when the old one ends, or today. Pure."""
    if given.valid_from is not None or given.replaces is None:
        return given
    last = old.row.valid_to
    if given.replaces.kind != "renew":
        return replace(given, valid_from=old.row.valid_from)
    today = legal_date(at)
    return replace(given, valid_from=today if last is None else max(today, last + _DAY))


def identify(tx: Reading, old: Old, *, type_code: str, issuer: str) -> CertificateIdentifier:
    """The identifier of the next version: the same serial, one higher than any that was ever given."""
    before = identifier.parse(old.row.identifier)
    found = identifier.make(type_code, issuer=issuer, serial=before.serial, version=before.version).next_version()
    while tx.get(Certificate, found.text) is not None:
        found = found.next_version()
    return found


def open_link(tx: Writing, row: Certificate, old: Old | None, given: Contents, said: Statement) -> list[Replacement]:
    """Write that a certificate is to take another's place; the second one to do so is kept out by the database."""
    if old is None or given.replaces is None:
        return []
    changed = differences.of(old.said, holders=said.holders, fields=said.fields, validity=said.validity)
    link = Replacement(
        successor=row.identifier,
        certificate=old.row.identifier,
        kind=given.replaces.kind,
        changed=json.dumps(_short(changed), ensure_ascii=False),
        state="open",
        at=row.at,
    )
    tx.add(link)
    tx.flush()
    return [link]


def is_later_version(row: Certificate) -> bool:
    """Whether a certificate took or is to take another's place. Pure."""
    return identifier.parse(row.identifier).version > 1


def complete(tx: Writing, keyring: Keyring, row: Certificate, given: Contents, *, by: str, at: datetime) -> None:
    """Move the old one in the transaction in which the new one becomes valid."""
    link = tx.get(Replacement, row.identifier)
    if link is None or given.replaces is None:
        return
    before = tx.get_one(Certificate, link.certificate)
    known = standing.acts_of(tx, before.identifier)
    at = max(at, known[-1].at if known else at)
    decided = _decided(tx, before, known, link, row, at=at)
    link.state = "done"
    tx.add(link)
    who = Who(row.authority, Organ.ISSUER, by)
    deed = Deed(decided, Words(given.replaces.basis), who, (link,))
    acts.record(tx, keyring, before, known, deed, at=at)


def void(tx: Writing, row: Certificate) -> list[Replacement]:
    """Let another one take the place after all."""
    link = tx.get(Replacement, row.identifier) if is_later_version(row) else None
    if link is None:
        return []
    link.state = "void"
    tx.add(link)
    return [link]


def of_successor(look: Reading, successor: str) -> Replacement | None:
    """What a certificate took or is to take the place of."""
    return look.get(Replacement, successor)


def changed(link: Replacement) -> tuple[str, ...]:
    """The places that differ. Pure."""
    return tuple(json.loads(link.changed))


def _old(look: Reading, keyring: Keyring, asked: Replaces, authority: str, *, at: datetime) -> Old:
    row = _own(look, asked, authority, at=at)
    said = statement.from_bytes(statements.read(look, keyring, row.statement))
    return Old(row, standing.acts_of(look, row.identifier), said)


def _own(look: Reading, asked: Replaces, authority: str, *, at: datetime) -> Certificate:
    row = look.exec(select(Certificate).where(Certificate.identifier == asked.certificate)).first()
    if row is None or organs.role(look, row, authority, on=legal_date(at)) is not Organ.ISSUER:
        raise NotFound(kind=cases.KIND)
    if row.state != "valid":
        raise NotIssued(identifier=row.identifier, state=row.state)
    return row


def _require(look: Reading, old: Old, content: TypeContent, given: Contents, *, at: datetime) -> None:
    asked, row = given.replaces, old.row
    if asked is None:
        raise RuntimeError("asked without a certificate to replace")
    if content.definition.code != row.type_code:
        raise OtherType(type=row.type_code)
    under_way = select(Replacement).where(Replacement.certificate == row.identifier, Replacement.state == "open")
    ordered = [act.successor for act in standing.in_order(old.acts) if act.successor and act.effective_from > at]
    if (link := look.exec(under_way).first()) is not None or ordered:
        raise BeingReplaced(identifier=row.identifier, successor=link.successor if link else ordered[-1] or "")
    validity = stating.validity_of(content, given, on=legal_date(at))
    _wanted(look, row, old.acts, asked.kind, validity.first, at=at)
    stated = fields.part(content.schema, given.fields).stated
    places = differences.of(old.said, holders=given.holders, fields=stated, validity=validity)
    _require_kind(asked.kind, places, old.said.validity, validity)


def _require_kind(kind: str, places: Sequence[str], before: Validity, after: Validity) -> None:
    """What may and what must differ by the kind of replacement. Pure."""
    content = differences.of_contents(places)
    if kind in {"change", "correct"} and not content:
        raise NothingDiffers(kind=kind)
    if kind == "reissue" and places:
        raise ReplacementDiffers(kind=kind, place=places[0])
    if kind == "renew":
        if content:
            raise ReplacementDiffers(kind=kind, place=content[0])
        if before.last is None or (after.last is not None and after.last <= before.last):
            raise NothingDiffers(kind=kind)


def _wanted(
    look: Reading, row: Certificate, known: Sequence[StatusAct], kind: str, first: date | None, *, at: datetime
) -> tuple[Effect, datetime, str]:
    """From when the old one is replaced, and out of which state, if the table allows it."""
    start = at if first is None else max(at, begins(first))
    effect = Effect.LATER if start > at else Effect.NOW
    here = standing.judge(row, known, at=start)
    case = Case(here.state, here.file, cases.category(look, row), Organ.ISSUER)
    move = lifecycle.table().moves[MOVE]
    lifecycle.require(move, Wanted(MOVE, kind, effect, has_basis=True), case)
    return effect, start, here.state.value


def _decided(
    look: Reading, old: Certificate, known: Sequence[StatusAct], link: Replacement, new: Certificate, *, at: datetime
) -> Decided:
    try:
        effect, start, came_from = _wanted(look, old, known, link.kind, new.valid_from, at=at)
    except StatusRefused as refused:
        raise PredecessorMoved(identifier=old.identifier, reason=refused.code) from refused
    move = lifecycle.table().moves[MOVE]
    return Decided(move, link.kind, effect, start, came_from, move.becomes, successor=new.identifier)


def _short(places: Sequence[str]) -> list[str]:
    """As many places as the column holds."""
    found = list(places)
    while len(json.dumps(found, ensure_ascii=False)) > 3900:
        found.pop()
    return found
