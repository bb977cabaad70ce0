"""registry/life/issuance.py: intent → key → completion"""

import json
from datetime import timedelta

import pytest

from registry.directory import entitlements
from registry.directory.authority_errors import EntitlementPast
from registry.directory.catalog import publication
from registry.directory.catalog_errors import TypeWithdrawn
from registry.life import certificates, drafts, holders
from registry.life.contents import Approval, Outside
from registry.life.errors import (
    AlreadyIssued,
    ApprovalMissing,
    ClockBehind,
    NoDocument,
    NotApproved,
    NumberTaken,
)
from registry.life.filing import CHECKS
from registry.store.errors import KeyUsedForAnother, NotFound
from registry.store.tables.life import Draft
from signing import page
from signing.errors import (
    PdfSigned,
)
from tests.conftest import AT
from tests.registry.life.conftest import (
    BASIS,
    BODY,
    DRAFTER,
    LETTER,
    OFFICE,
    OUTSIDE,
    REGISTRAR,
    SINGLE,
    STRANGER,
    SYSTEM,
    body_type,
    changed,
    events,
    filing,
    letter,
    rows,
)
from verification import digests, statement
from verification.codes import identifier
from verification.codes.letter_number import parse


def ordered(type_code=LETTER, **changes):
    """An approved order of another system."""
    approval = Approval("经办-甲", "审批-乙")
    return filing(type_code, case_number="SL-2026-0007", **({"approval": approval} | changes))


class TestIssue:
    """issuance.issue()"""

    def test_approved_draft_becomes_a_certificate(self, world):
        """Draft, approval, issue: valid, with number, identifier, level reached, and a document our verifier takes."""
        row = world.issue()

        assert (row.state, row.level, row.number) == ("valid", "B-LT", "示人防函〔2026〕1号")
        assert (row.issuer, row.issued_on.isoformat(), row.valid_to) == (OFFICE, "2026-03-02", None)
        named = identifier.parse(row.identifier)
        assert (named.type_code, named.issuer, named.version, len(named.serial)) == (LETTER, OFFICE, 1, 20)
        assert len(row.reference) == 10
        document, digest = certificates.document(world.db, world.documents, row.identifier, by=REGISTRAR)
        assert (digests.sha256(document), document[:5]) == (digest, b"%PDF-")
        content, _ = certificates.statement(world.db, world.documents, row.identifier, by=REGISTRAR)
        said = statement.from_bytes(content)
        assert (said.number, said.holders[0].name) == (row.number, "示例市样例置业有限公司")
        assert "contact" not in said.fields
        assert said.face["title"] == "关于同意1#住宅楼竣工验收备案的函"

    def test_every_step_is_in_the_ledger(self, world):
        """What was done is written in its own transaction, in order."""
        world.issue()

        assert events(world) == ["drafted", "approved", "sealing", "issued"]

    def test_numbers_run_and_nothing_repeats(self, world):
        """Each certificate has its own number, reference and status place."""
        made = [world.issue() for _ in range(3)]

        assert [row.number for row in made] == [f"示人防函〔2026〕{number}号" for number in (1, 2, 3)]
        assert len({row.reference for row in made}) == len({(r.status_list, r.status_index) for r in made}) == 3
        assert {row.status_list for row in made} == {1}

    def test_draft_is_issued_once(self, world):
        """A second issue of the same draft names the certificate that is there."""
        draft = world.approved()
        row = world.issue(draft.id)

        with pytest.raises(AlreadyIssued) as refused:
            world.issue(draft.id)
        assert refused.value.facts == {"draft": draft.id, "identifier": row.identifier}

    def test_unapproved_draft(self, world):
        """Nothing is issued that nobody approved."""
        draft = drafts.file(world.db, world.documents, filing(), by=DRAFTER, at=world.at)

        with pytest.raises(NotApproved):
            world.issue(draft.id)
        assert rows(world) == []

    def test_same_request_gives_the_same_certificate(self, world):
        """A repeat acts no second time; another request under the key is refused."""
        draft = world.approved()
        first = world.issue(draft.id, key="once")

        assert world.issue(draft.id, key="once").identifier == first.identifier
        assert len(rows(world)) == 1
        with pytest.raises(KeyUsedForAnother):
            world.issue(draft.id, key="once", digest="sha256:1")

    def test_foreign_draft(self, world):
        """Another authority's draft does not exist."""
        with pytest.raises(NotFound):
            world.issue(world.approved().id, by=STRANGER)

    def test_clock_behind_the_newest_issue(self, world):
        """A clock that went back is refused; a moment's difference between machines keeps the order."""
        first = world.issue()
        world.at -= timedelta(seconds=5)
        assert world.issue().at == first.at
        world.at -= timedelta(minutes=1)
        with pytest.raises(ClockBehind) as refused:
            world.issue()
        assert refused.value.facts == {"seconds": 65}

    def test_entitlement_that_ended_after_the_approval(self, world):
        """The right to issue is asked again on the day of issue."""
        draft = world.approved()
        with world.db.reading() as look:
            held = next(e for e in entitlements.of_authority(look, OFFICE) if e.type_code == LETTER)
        day = world.at.date()
        entitlements.end_entitlement(world.db, held.id, ended_on=day, basis=BASIS, by="operator", at=world.at)

        with pytest.raises(EntitlementPast):
            world.issue(draft.id)
        assert rows(world) == []

    def test_withdrawn_type(self, world):
        """A type withdrawn after the approval issues nothing."""
        draft = world.approved()
        publication.withdraw(world.db, LETTER, by="operator", at=world.at)

        with pytest.raises(TypeWithdrawn):
            world.issue(draft.id)
        assert rows(world, Draft)[0].state == "approved"

    def test_holder_is_found_by_code_and_by_nobody_else(self, world):
        """A code finds the authority's certificates; the column shows no code."""
        row = world.issue()
        with world.db.reading() as look:
            known = {"code_kind": "001", "code": "91990100MA0000001G"}
            found = holders.find(look, world.keyring, **known, authority=OFFICE)
            assert [one.identifier for one in found] == [row.identifier]
            assert holders.find(look, world.keyring, **known, authority="11410800000000027U") == []
            other = known | {"code": "91990100MA0000002E"}
            assert holders.find(look, world.keyring, **other, authority=OFFICE) == []


class TestOrders:
    """Orders of machines."""

    def test_approved_order_is_issued_at_once(self, world):
        """A system with the scope posts what its own people drafted and approved."""
        row = world.issue(ordered(), by=SYSTEM, key="k1")

        assert row.state == "valid"
        assert world.issue(ordered(), by=SYSTEM, key="k1").identifier == row.identifier
        draft = rows(world, Draft)[0]
        assert (draft.origin, draft.state, draft.case_number) == ("client", "used", "SL-2026-0007")

    @pytest.mark.parametrize(
        ("order", "expected"),
        [
            (filing(approval=Approval("甲", "乙")), "case_number"),
            (ordered(approval=None), "approval"),
            (ordered(approval=Approval("甲", "甲 ")), "two_persons"),
        ],
    )
    def test_order_nobody_stands_for(self, world, order, expected):
        """Case number, drafter and another approver are told, or nothing happens."""
        with pytest.raises(ApprovalMissing) as refused:
            world.issue(order, by=SYSTEM)
        assert refused.value.facts == {"expected": expected}
        assert rows(world) == []

    def test_officer_posts_no_order(self, world):
        """A person uses a draft, so that another person sees it."""
        with pytest.raises(ApprovalMissing):
            world.issue(ordered(), by=REGISTRAR)


class TestWays:
    """The three ways to a document."""

    def test_typeset_body_is_sealed_with_its_statement(self, world):
        """A finished PDF keeps its pages, gets the statement and the seal; its number was chosen by the office."""
        world.publish(body_type())
        pdf = drawn("示人防函〔2026〕77号")
        row = world.issue(world.approved(filing(BODY, body=pdf, number="示人防函〔2026〕77号")).id)

        document, _ = certificates.document(world.db, world.documents, row.identifier, by=REGISTRAR)
        assert (row.number, row.state, document.startswith(pdf)) == ("示人防函〔2026〕77号", "valid", True)

    def test_chosen_number_that_is_taken(self, world):
        """A number the office chose twice is refused by name; the counter steps over chosen ones."""
        world.publish(body_type())
        pdf = drawn("示人防函〔2026〕1号")
        world.issue(world.approved(filing(BODY, body=pdf, number="示人防函〔2026〕1号")).id)

        with pytest.raises(NumberTaken):
            world.issue(world.approved(filing(BODY, body=pdf, number="示人防函〔2026〕1号")).id)
        assert world.issue().number == "示人防函〔2026〕2号"

    def test_sealed_body_is_refused_when_it_is_filed(self, world):
        """What bears a signature already is not sealed over."""
        world.publish(body_type())
        document, _ = certificates.document(world.db, world.documents, world.issue().identifier, by=REGISTRAR)

        with pytest.raises(PdfSigned):
            world.approved(filing(BODY, body=document))

    def test_outside_document_is_registered_by_digest(self, world):
        """A document sealed elsewhere is on record by its digest, with what was verified; nothing is sealed here."""
        world.publish(changed(OUTSIDE, ('document = "rendered"', 'document = "outside"')))
        told = Outside(digests.sha256(b"%PDF-x"), "示例市电子印章平台", "X1", CHECKS[:2], CHECKS[2:])
        row = world.issue(world.approved(filing(OUTSIDE, outside=told)).id)

        assert (row.state, row.outside, row.level, row.document) == ("valid", told.digest, None, None)
        with pytest.raises(NoDocument):
            certificates.document(world.db, world.documents, row.identifier, by=REGISTRAR)

    def test_single_approval(self, world):
        """A type for which one pair of eyes is enough is approved as it is filed."""
        world.publish(changed(SINGLE, ('approval = "four-eyes"', 'approval = "single"')))
        draft = drafts.file(world.db, world.documents, filing(SINGLE), by=DRAFTER, at=world.at)

        assert (draft.state, world.issue(draft.id).state) == ("approved", "valid")


def drawn(number):
    """A letter as a word processor would give it: the number is on its page."""
    source = '#set text(font: "Noto Serif SC")\n#json(bytes(sys.inputs.face)).number'
    return page.render(page.Template({"page.typ": source.encode()}), face={"number": number}, at=AT)


def test_rare_character_is_told_with_the_draft(world):
    """A character no font has is named with its place before anybody approves."""
    fields = json.loads(letter().files["sample.json"]) | {"building_name": "1#\U0003134a楼"}
    with pytest.raises(drafts.DraftDefective) as refused:
        drafts.file(world.db, world.documents, filing(fields=fields), by=DRAFTER, at=world.at)
    assert refused.value.errors[0]["code"] == "signing.glyph_missing"
    assert refused.value.errors[0]["character"] == "U+3134A"


def test_number_is_a_letter_number(world):
    """What is given out reads as the standard writes it."""
    assert parse(world.issue().number).number == 1
