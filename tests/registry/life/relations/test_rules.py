"""Projects and issuing together: what is judged when a draft is filed, and again in the intent."""

import pytest
from sqlmodel import select

from registry.directory.projects import absences
from registry.life.errors import DemandsUnmet, DraftDefective
from registry.store.tables.life import Certificate, Draft
from registry.store.tables.relations import CertificateRelation, CertificateSubject
from tests.registry.life.relations.conftest import CODE, NAMES, OPINION, REGISTRAR, found_in, unit
from verification.codes import identifier
from verification.statement import Relation


def rows(site, table):
    with site.db.reading() as look:
        return list(look.exec(select(table)))


def test_letter_then_document(site):
    """A letter for 1#, then the document over all four: it covers them and consolidates the letter, which stays."""
    letter = site.make(site.letter(1))
    made = site.make(OPINION)
    approval = next(row for row in rows(site, Certificate) if row.number == site.approval)
    rests = Relation("derives-from", "certificate", approval.identifier)
    assert site.said(letter).relations == (rests,)
    covers = [Relation("covers", "estate-unit", unit(number)) for number in NAMES]
    assert site.said(made).relations == (*covers, Relation("consolidates", "certificate", letter.identifier), rests)
    assert [one.target for one in rows(site, CertificateRelation) if one.certificate == made.identifier] == [
        one.target for one in site.said(made).relations
    ]
    about = {(one.kind, one.code) for one in rows(site, CertificateSubject) if one.certificate == letter.identifier}
    assert {("project", CODE), ("unit", unit(1)), ("structure", unit(1))} < about
    assert {row.state for row in rows(site, Certificate)} == {"valid"}

    with pytest.raises(DraftDefective) as told:
        site.make(OPINION)
    assert found_in(told) == [("/fields/project_code", "project.documented", {"identifier": made.identifier})]


def test_refused_draft_leaves_nothing(site):
    """A letter for a building over the shelter, or with another project's unit code, is no draft."""
    before = len(rows(site, Draft))
    for given, code in (
        (site.letter(3), "building.no_absence"),
        (site.filing("single-building-letter", estate_unit=unit(8)), "building.other_project"),
        (site.filing("single-building-letter", approval_number="示人防审〔2026〕99号"), "approval.unknown"),
        (site.filing("single-building-letter", project_code="2503-410199-04-01-000077"), "project.unknown"),
    ):
        with pytest.raises(DraftDefective) as told:
            site.make(given)
        assert {found for _, found, _ in found_in(told)} == {code}
    assert len(rows(site, Draft)) == before


def test_a_relation_names_something_that_is_there(site):
    """What the drafter relates to was issued here, or is an office's that is not registered here; a code is one."""
    approval = rows(site, Certificate)[0]
    known = identifier.parse(approval.identifier)
    astray = identifier.make(known.type_code, issuer=known.issuer, serial="A" * 20).text
    foreign = identifier.make(known.type_code, issuer="911100001000012564", serial="A" * 20).text
    for target, told in (
        (astray, ("/relations/0/target", "relation.target_unknown", {"identifier": astray})),
        (f"{astray[:-1]}{'A' if astray[-1] != 'A' else 'B'}", ("/relations/0/target", "code.wrong_check_digit")),
    ):
        with pytest.raises(DraftDefective) as refused:
            site.make(site.letter(1, relations=(Relation("derives-from", "certificate", target),)))
        assert found_in(refused)[0][: len(told)] == told
    made = site.make(site.letter(1, relations=(Relation("derives-from", "certificate", foreign),)))
    assert [one.target for one in site.said(made).relations] == [foreign, approval.identifier]


def test_record_withdrawn_meanwhile(site):
    """The truth is asked in the intent: nothing is reserved, and the draft may be issued when it is right again."""
    draft = site.approved_of(site.letter(1))
    absences.withdraw(site.db, site.building(1), reason="图纸有误", by=REGISTRAR, at=site.at)
    before = len(rows(site, Certificate))
    with pytest.raises(DemandsUnmet) as told:
        site.issue(draft)
    assert {code for _, code, _ in found_in(told)} == {"building.no_absence"}
    assert len(rows(site, Certificate)) == before
    site.absence(1)
    assert site.issue(draft).number == "示人防函〔2026〕1号"


def test_letter_issued_meanwhile(site):
    """A letter that was issued after the document was drafted is consolidated all the same."""
    draft = site.approved_of(site.filing(OPINION))
    letter = site.make(site.letter(2))
    told = site.said(site.issue(draft)).relations
    assert [one.target for one in told if one.kind == "consolidates"] == [letter.identifier]
