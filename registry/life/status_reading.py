"""Answer how a certificate stood at a time: as it was known then, and as it is judged today about then.

In:    a certificate, a day or an instant (none: now), who asks
Out:   both standings, the acts on it with the documents they rest on, and what the caller's authority may do now

Order: a day that is over is judged at its last moment, today at this moment. What was recorded later than a day was
       not known on it; a document of that day may still make it count from that day on.
Trust: read by the issuer, by who took over from it, and by the bodies above it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from registry.directory.access.callers import Caller
from registry.directory.access.errors import NotPermitted
from registry.directory.access.scopes import Scope
from registry.life import certificates, differences, known_types, replacements
from registry.life.states import acts, cases, lifecycle, standing
from registry.life.states.lifecycle import Case, Move
from registry.life.states.standing import Standing
from registry.store.database import Database, Reading
from registry.store.documents import Documents
from registry.store.tables.life import Certificate
from registry.store.tables.status import StatusAct
from verification.legal_dates import ends, legal_date

_TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Told:
    """An act with what it rests on, in words; of a replacement, which places differ and what they are called."""

    row: StatusAct
    words: Mapping[str, str | None]
    changed: tuple[str, ...] = ()
    changed_zh: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """How a certificate stood; `as_known` is None when it had not been issued by then."""

    row: Certificate
    at: datetime
    as_known: Standing | None
    as_judged: Standing
    now: Standing
    acts: Sequence[Told]
    allowed: Sequence[Move]


def ask(
    db: Database,
    documents: Documents,
    identifier: str,
    *,
    about: date | datetime | None = None,
    by: Caller,
    at: datetime,
) -> Answer:
    """How a certificate stood on a day or at an instant."""
    if by.scopes.isdisjoint(certificates.READERS):
        raise NotPermitted(scope=Scope.STATUS.value)
    with db.reading() as look:
        found = cases.find(look, identifier, by=by, at=at)
        when = moment(about, at)
        here = standing.judge(found.row, found.acts, at=at)
        return Answer(
            row=found.row,
            at=when,
            as_known=standing.on(look, found.row, at=when, known=min(when, at)),
            as_judged=standing.judge(found.row, found.acts, at=when),
            now=here,
            acts=[] if by.guest else [_told(look, documents, found.row, act) for act in found.acts],
            allowed=[] if by.guest else lifecycle.allowed(Case(here.state, here.file, found.category, found.organ)),
        )


def moment(about: date | datetime | None, at: datetime) -> datetime:
    """The instant a question is about. Pure."""
    if about is None or isinstance(about, datetime):
        return about or at
    return at if about == legal_date(at) else ends(about) - _TICK


def _told(look: Reading, documents: Documents, row: Certificate, act: StatusAct) -> Told:
    said = acts.words(documents.keyring, act)
    link = None if act.successor is None else replacements.of_successor(look, act.successor)
    if link is None:
        return Told(act, said)
    schema = known_types.content(look, documents, row.type_code, row.type_version).schema
    places = replacements.changed(link)
    return Told(act, said, places, differences.words(places, {field.name: field.title for field in schema.fields}))
