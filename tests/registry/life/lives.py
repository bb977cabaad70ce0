"""What must hold of a certificate's acts, head and ledger entries, whatever was done to it; and copies to try on."""

from itertools import pairwise

from sqlalchemy import func
from sqlmodel import select

from registry.life.states import cases, lifecycle, standing
from registry.life.states.lifecycle import Aspect
from registry.life.status_lists import publishing as status_publishing
from registry.store import ledger
from registry.store.tables.ledger import LedgerEntry
from registry.store.tables.life import Certificate, Draft
from registry.store.tables.status import CertificateStatus, StatusAct
from verification import entries
from verification.codes import identifier
from verification.evidence import State as Listed


def copied(world, row, number, *, version=None, **changes):
    """The same certificate again, under another serial, or as another version of its own."""
    with world.db.writing() as tx:
        draft = tx.get_one(Draft, row.draft)
        tx.add(Draft(**draft.model_dump() | {"id": f"drf_{number:020}"}))
        tx.flush()
        before = identifier.parse(row.identifier)
        serial = before.serial if version else f"{number:020}"
        name = identifier.make(before.type_code, issuer=before.issuer, serial=serial, version=version or 1).text
        own = {
            "identifier": name, "draft": f"drf_{number:020}", "number": str(number), "request_key": None,
            "status_index": number, "reference": f"{number:010}",
        }  # fmt: skip
        made = Certificate(**row.model_dump() | own | changes)
        tx.add(made)
    return made


def acts(world, row):
    """The acts on a certificate, in their sequence."""
    wanted = select(StatusAct).where(StatusAct.certificate == row.identifier).order_by(StatusAct.sequence)
    with world.db.reading() as look:
        return list(look.exec(wanted))


def whole(world, row, *, at, since=0):
    """Sequence without gaps, table obeyed, head and list as the fold says, one ledger entry for each act."""
    found = acts(world, row)
    assert [act.sequence for act in found] == list(range(1, len(found) + 1))
    _table(world, row, found)
    with world.db.reading() as look:
        here = standing.now(look, row, at=at)
        head = look.get(CertificateStatus, row.identifier)
        listed = status_publishing.states(look, row.status_list, at=at).states.get(row.status_index, Listed.VALID)
        told = [(salt, entry) for salt, entry in _told(look, since) if entry.subject == row.identifier]
    _head(found, head)
    assert (listed is Listed.VALID) == (here.state in {"waiting", "valid", "expired"})
    assert [(one.facts["sequence"], one.facts["move"], one.facts["to"]) for _, one in told] == [
        (act.sequence, act.move, act.becomes) for act in found
    ]
    _digests(found, head, told)
    return here


def _table(world, row, found):
    """Each act led out of a state, for a reason, by an organ and from a time that the table knows."""
    with world.db.reading() as look:
        category = cases.category(look, row)
    for act in found:
        move = lifecycle.table().moves[act.move]
        assert act.came_from in move.came_from
        assert category in move.categories
        assert (act.role in move.organs, act.reason in move.reasons, act.effect in move.effects) == (True, True, True)
    for one, after in pairwise(found):
        assert one.at <= after.at


def _head(found, head):
    if not found:
        assert head is None
        return
    filed = standing.in_order(found, Aspect.FILE)
    assert (head.sequence, head.state) == (len(found), standing.state_after(standing.in_order(found)))
    assert head.file == (filed[-1].becomes if filed else "kept")


def _digests(found, head, told):
    """The newest entry guards act and head as they stand now."""
    if found:
        salt, entry = told[-1]
        guarded = {row.table: row.digest for row in entry.rows}
        assert guarded["status_act"] == ledger.guarded(found[-1], salt).digest
        assert guarded["certificate_status"] == ledger.guarded(head, salt).digest


def newest(world):
    """The number of the newest ledger entry."""
    with world.db.reading() as look:
        return look.exec(select(func.max(LedgerEntry.id))).one()


def _told(look, since):
    here = (LedgerEntry.event == "status-changed", LedgerEntry.id > since)
    wanted = select(LedgerEntry.salt, LedgerEntry.body).where(*here).order_by(LedgerEntry.id)
    return [(salt, entries.from_bytes(body)) for salt, body in look.exec(wanted)]
