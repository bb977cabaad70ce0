"""Two at once, and a crash anywhere: projects, demands and status follow each other on both engines."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy import event
from sqlmodel import select

from registry.directory.access.callers import Caller
from registry.directory.access.scopes import Kind, Scope
from registry.directory.projects import absences
from registry.life import status
from registry.life.contents import Approval
from registry.life.errors import DemandsUnmet
from registry.life.states import standing
from registry.life.states.moves import Asked
from registry.store.database import Writing
from registry.store.errors import RegistryError
from registry.store.tables.ledger import LedgerEntry
from registry.store.tables.life import Certificate
from registry.store.tables.relations import CertificateRelation, CertificateSubject
from tests.registry.life.conftest import OFFICE
from tests.registry.life.relations.conftest import BASIS, NAMES, OPINION, REGISTRAR, found_in
from tests.registry.life.test_crashes import PowerCut, breaking
from verification.statement import Relation

SYSTEM = Caller(Kind.CLIENT, "cli_status", OFFICE, frozenset({Scope.STATUS}))
REVOKE = Asked(move="revoke", reason="against-procedure", basis=BASIS, approval=Approval("经办甲", "审批乙"))


def rows(site, table):
    with site.db.reading() as look:
        return list(look.exec(select(table)))


def approval(site):
    return next(row for row in rows(site, Certificate) if row.number == site.approval)


def both(*acts):
    """What two acts come to that begin at the same moment."""
    ready = threading.Barrier(len(acts))

    def run(act):
        ready.wait(30)
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        tried = [pool.submit(run, act) for act in acts]
        return [one.exception(120) or one.result() for one in tried]


def test_two_documents_at_once(site):
    """One document of the project is issued; the other's officer is told which."""
    first, other = (site.approved_of(site.filing(OPINION)) for _ in range(2))
    told = both(lambda: site.issue(first), lambda: site.issue(other))
    made = [one for one in told if isinstance(one, Certificate)]
    refused = [one for one in told if isinstance(one, DemandsUnmet)]
    assert (len(made), len(refused)) == (1, 1), told
    found = refused[0].findings[0]
    assert (found.code, found.facts["identifier"]) == ("project.documented", made[0].identifier)
    assert len(rows(site, Certificate)) == 2


def test_letter_while_the_approval_is_revoked(site):
    """Either the letter was first, or it is refused: never a letter that was decided after the revocation."""
    draft = site.approved_of(site.letter(1))
    identifier = approval(site).identifier
    told = both(
        lambda: site.issue(draft),
        lambda: status.move(site.db, site.keyring, identifier, REVOKE, by=SYSTEM, at=site.at),
    )
    with site.db.reading() as look:
        assert standing.now(look, identifier, at=site.at).state == "revoked"
        order = list(look.exec(select(LedgerEntry.event).order_by(LedgerEntry.id)))
    if isinstance(told[0], Certificate):
        assert order.index("status-changed") > len(order) - 1 - order[::-1].index("sealing")
    else:
        assert found_in(_told(told[0]))[0][1] == "approval.not_valid"
        assert len(rows(site, Certificate)) == 1


def _told(refusal):
    assert isinstance(refusal, DemandsUnmet), refusal
    return type("Told", (), {"value": refusal})


def test_letter_while_its_record_is_withdrawn(site):
    """The record and the letter follow each other, too."""
    draft, building = site.approved_of(site.letter(1)), site.building(1)
    letter, gone = both(
        lambda: site.issue(draft),
        lambda: absences.withdraw(site.db, building, reason="图纸有误", by=REGISTRAR, at=site.at),
    )
    assert not isinstance(gone, Exception)
    assert isinstance(letter, Certificate | DemandsUnmet)


def test_letter_while_the_document_is_issued(site):
    """A letter beside the project's document is consolidated by it, or came after it: none is forgotten in between."""
    letter_draft, document_draft = site.approved_of(site.letter(1)), site.approved_of(site.filing(OPINION))
    letter, document = both(lambda: site.issue(letter_draft), lambda: site.issue(document_draft))
    assert isinstance(letter, Certificate)
    if isinstance(document, DemandsUnmet):  # the letter was being sealed at that moment
        assert {found.code for found in document.findings} == {"letter.sealing"}
        document = site.issue(document_draft)
    consolidated = [one.target for one in site.said(document).relations if one.kind == "consolidates"]
    assert consolidated == ([letter.identifier] if letter.at <= document.at and consolidated else [])
    assert {row.state for row in rows(site, Certificate)} == {"valid"}


def whole(site):
    """Relations and subjects stand with their certificates as the statements tell them, and nowhere else."""
    found = {row.identifier: row for row in rows(site, Certificate)}
    told = {}
    for one in sorted(rows(site, CertificateRelation), key=lambda one: one.place):
        told.setdefault(one.certificate, []).append(Relation(one.kind, one.target_kind, one.target))
    for identifier, row in found.items():
        assert list(site.said(row).relations) == told.pop(identifier, [])
    assert told == {}
    assert {one.certificate for one in rows(site, CertificateSubject)} <= set(found)


def test_crash_at_every_write(site):
    """Whichever statement or commit of an issue fails, relations are whole or are not there."""
    drafts = iter([site.approved_of(site.filing(OPINION)) for _ in range(2)])
    draft, made = next(drafts), None
    for moment in count(1):
        here = breaking(moment)

        def statement(_connection, _cursor, text, *_, here=here):
            if text.startswith("INSERT INTO certificate_"):
                here()

        event.listen(site.db.engine, "before_cursor_execute", statement)
        event.listen(Writing, "before_commit", here)
        try:
            made = site.issue(draft)
        except (PowerCut, RegistryError):
            site.at += timedelta(minutes=3)
            site.press = site.new_press()
        finally:
            event.remove(site.db.engine, "before_cursor_execute", statement)
            event.remove(Writing, "before_commit", here)
        whole(site)
        if made is not None:
            break
    assert moment > len(NAMES)
    site.resume()
    whole(site)
    with pytest.raises(DemandsUnmet):
        site.issue(next(drafts))
