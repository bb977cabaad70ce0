"""Move a certificate: suspend, restore, withdraw, revoke, penalise, cancel, annul, reinstate, rescind; its file, too.

In:    a certificate, what is asked, who asks; for moves of four eyes, a second officer who confirms
Out:   an act in force, or ordered for its day; or a motion that waits for the second officer
Next:  status lists, the page behind a code, verification and every look-up read it at once

Order: loaded, decided and written in one transaction; of two at once the second is told what the first did.
Trust: whose certificate it is, is settled by what the caller's authority is to it, not by who sees it.
"""

from dataclasses import dataclass
from datetime import datetime

from registry.directory.access.callers import Caller
from registry.directory.access.scopes import Kind, Scope
from registry.life import intents, status_motions
from registry.life.errors import ApprovalMissing
from registry.life.states import acts, cases, moves, standing
from registry.life.states.acts import Deed, Who, Words
from registry.life.states.cases import Found
from registry.life.states.moves import Asked
from registry.life.states.standing import Standing
from registry.store.database import Database, Writing
from registry.store.envelopes import Keyring
from registry.store.tables.status import StatusAct, StatusMotion


@dataclass(frozen=True, slots=True)
class Moved:
    """What came of it: the act and where the certificate stands, or the motion that waits."""

    standing: Standing
    act: StatusAct | None = None
    motion: StatusMotion | None = None


def move(db: Database, keyring: Keyring, identifier: str, asked: Asked, *, by: Caller, at: datetime) -> Moved:
    """Move a certificate of the own authority, or of one below it."""
    by.require(Scope.STATUS)
    with db.writing() as tx:
        found = cases.find(tx, identifier, by=by, at=at)
        at = intents.clock(found.acts[-1].at if found.acts else None, at)
        decided = moves.decide(found, asked, at=at)
        if decided.move.four_eyes and by.kind is Kind.OFFICER:
            here = standing.judge(found.row, found.acts, at=at)
            return Moved(here, motion=status_motions.propose(tx, keyring, found, asked, by=by, at=at))
        if decided.move.four_eyes:
            _require_two(asked)
        deed = Deed(decided, _words(asked), Who(by.authority, found.organ, by.id))
        return _done(tx, keyring, found, deed, at=at)


def confirm(db: Database, keyring: Keyring, motion: str, *, by: Caller, at: datetime) -> Moved:
    """Confirm another's motion: the move is made, if the certificate still stands as it did."""
    by.require(Scope.APPROVE)
    with db.writing() as tx:
        row = status_motions.decide(tx, motion, "confirmed", by=by, at=at)
        asked = status_motions.asked(keyring, row)
        found = cases.find(tx, row.certificate, by=by, at=at)
        at = intents.clock(found.acts[-1].at if found.acts else None, at)
        decided = moves.decide(found, asked, at=at)
        deed = Deed(decided, _words(asked), Who(by.authority, found.organ, row.by, by.id), (row,))
        return _done(tx, keyring, found, deed, at=at)


def _done(tx: Writing, keyring: Keyring, found: Found, deed: Deed, *, at: datetime) -> Moved:
    act = acts.record(tx, keyring, found.row, found.acts, deed, at=at)
    return Moved(standing.judge(found.row, [*found.acts, act], at=at), act)


def _words(asked: Asked) -> Words:
    return Words(asked.basis, asked.note, asked.approval)


def _require_two(asked: Asked) -> None:
    """A system or the operator names the two persons who decided."""
    told = asked.approval
    if told is None:
        raise ApprovalMissing(expected="approval")
    if told.drafted_by.strip() == told.approved_by.strip():
        raise ApprovalMissing(expected="two_persons")
