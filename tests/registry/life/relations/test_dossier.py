"""One code finds every certificate; letters that nothing followed are listed; a building may be filed or not."""

from dataclasses import replace
from datetime import timedelta

from registry.directory.access.callers import OPERATOR
from registry.directory.projects import reading, record, regrouping
from registry.directory.projects.record import NewBuilding
from registry.directory.projects.regrouping import Regrouping
from registry.life import status
from registry.life.contents import Approval, Contents, Filing
from registry.life.relations import dossier, filing_ground, supervision, ties
from registry.life.relations.filing_ground import Proof
from registry.life.states.moves import Asked
from tests.registry.life.conftest import COMPANY, STRANGER, officer
from tests.registry.life.relations.conftest import (
    BASIS,
    CODE,
    DAY,
    OPINION,
    PERMIT,
    REGISTRAR,
    SINCE,
    TITLE,
    sample,
    shipped,
    unit,
)
from tests.registry.life.relations.test_together import REVOKE, SYSTEM


def by_others(site, slug, authority, key, **changes):
    """A certificate of another department, from its own system."""
    by = replace(officer("x", authority=authority), kind="client", scopes=SYSTEM.scopes | {"issue"})
    contents = Contents(holders=(COMPANY,), fields=sample(slug) | changes, approval=Approval("甲", "乙"))
    return site.issue(Filing(shipped(slug).definition.code, contents, case_number=key), by=by)


def ask(site, code, by=REGISTRAR, **page):
    return [(one.row.identifier, one.own) for one in dossier.find(site.db, code, by=by, at=site.at, **page)]


def test_every_department(site):
    """Project, building, unit and flat: each code finds what it should, in order; others' as identifiers only."""
    site.ship(PERMIT)
    site.ship(TITLE)
    site.join("housing", STRANGER.authority)
    site.join("planning", "11410800000000035N")
    permit = by_others(site, PERMIT, STRANGER.authority, "SL-1").identifier
    flat = unit(3)[:24] + "1201"
    title = by_others(site, TITLE, "11410800000000035N", "SL-2", estate_unit=flat).identifier
    site.at += timedelta(minutes=1)
    letter = site.make(site.letter(1)).identifier
    opinion = site.make(OPINION).identifier

    whole = ask(site, CODE)
    assert [one for one, _ in whole[1:]] == [*sorted([permit, title]), letter, opinion]
    assert dict(whole)[permit] is False
    assert dict(whole)[letter] is True
    assert [one for one, _ in ask(site, unit(1))] == [whole[0][0], letter, opinion]
    assert [one for one, _ in ask(site, flat)] == [title]
    assert title in [one for one, _ in ask(site, site.building(3))]
    assert [ask(site, CODE, limit=2, after=whole[1][0])] == [whole[2:4]]

    assert ask(site, CODE, STRANGER) == [(permit, True)]
    assert ask(site, "2503-410199-04-01-000088") == []
    assert ask(site, unit(88)) == []
    assert len(ask(site, CODE, OPERATOR)) == len(whole)


def test_aliases_and_mergers(site):
    """A new name, a new code and a merger find the old certificates, from either end."""
    letter = site.make(site.letter(1)).identifier
    approval = ask(site, CODE)[0][0]
    record.name_building(site.db, site.building(1), "1幢", first_day=DAY, by=REGISTRAR, at=site.at)
    later = replace(SINCE, first_day=site.at.date())
    asked = Regrouping([site.building(1), site.building(2)], [NewBuilding("1-2#", None, unit(12))], later)
    regrouping.regroup(site.db, CODE, asked, by=REGISTRAR, at=site.at)
    for code in (unit(1), unit(12), CODE):
        assert [one for one, _ in ask(site, code)] == [approval, letter]
    assert [one for one, _ in ask(site, unit(2))] == [approval]

    with site.db.reading() as look:
        project = reading.get(look, CODE)
        ground = filing_ground.find(look, site.documents, project, project.coded(unit(12)), at=site.at)
    assert ground is None  # a letter for 1# says nothing about the building that 1# became part of


def test_may_be_filed(site):
    """By a letter that holds, or a project document that holds; otherwise not."""

    def ground(number):
        with site.db.reading() as look:
            project = reading.get(look, CODE)
            found = filing_ground.find(look, site.documents, project, project.coded(unit(number)), at=site.at)
        return found and found.identifier

    assert ground(1) is None
    letter = site.make(site.letter(1)).identifier
    assert (ground(1), ground(3)) == (letter, None)
    opinion = site.make(OPINION).identifier
    assert (ground(1), ground(3)) == (letter, opinion)
    status.move(site.db, site.keyring, letter, REVOKE, by=SYSTEM, at=site.at)
    assert ground(1) == opinion
    assert filing_ground.ground([Proof("a", frozenset({"completion-filing"}), False)]) is None


def test_supervision(site):
    """After the months of its type a letter without a document is listed, until one that holds follows it."""
    letter = site.make(site.letter(1))
    asked = {"by": REGISTRAR}

    def late(at, **more):
        found = supervision.find(site.db, site.documents, at=at, **{**asked, **more})
        return [(one.row.identifier, one.project, one.due_on.isoformat()) for one in found]

    begun, year = site.at, site.at + timedelta(days=366)
    assert late(begun) == []
    assert late(begun + timedelta(days=364)) == []
    assert late(year) == [(letter.identifier, CODE, "2027-03-01")]
    assert late(year, by=STRANGER) == []
    assert late(year, after=("2026-03-02", letter.identifier)) == []
    suspend = Asked(move="suspend", reason="investigation", basis=BASIS)
    other = site.make(site.letter(2)).identifier
    assert {one for one, _, _ in late(year)} == {letter.identifier, other}
    opinion = site.make(OPINION)
    assert late(year) == []
    after = site.make(site.letter(2)).identifier  # beside a document that rests on the same approval nothing is owed
    assert late(year) == []
    with site.db.reading() as look:
        told = [(one.kind, one.target, one.incoming) for one in ties.of(look, letter)]
        assert told[-1] == ("consolidates", opinion.identifier, True)
        assert ties.consolidated_by(look, letter) == opinion.identifier
    status.move(site.db, site.keyring, opinion.identifier, suspend, by=SYSTEM, at=site.at)
    assert {one for one, _, _ in late(year)} == {letter.identifier, other, after}
