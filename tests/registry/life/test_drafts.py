"""registry/life/drafts.py, inbox.py, paper.py: what a clerk and an approver do"""

from dataclasses import replace

import pytest
from sqlalchemy import text

from registry.directory.access.callers import Caller
from registry.directory.access.errors import NotPermitted
from registry.directory.access.scopes import Kind, Role, Scope
from registry.directory.authority_errors import NotEntitledInRegion, NotEntitledToType
from registry.life import drafts, inbox, paper
from registry.life.contents import Paper
from registry.life.drafts import State
from registry.life.errors import BlankTaken, DraftDecided, DraftDefective, OwnDraft, PaperRefused
from registry.store import key_folder, rotation
from registry.store.errors import NotFound
from registry.store.tables.life import PaperRecord
from signing.errors import NotPdf
from tests.registry.life.conftest import (
    APPROVER,
    BODY,
    COMPANY,
    DRAFTER,
    OTHER_OFFICE,
    REGISTRAR,
    STRANGER,
    body_type,
    filing,
    officer,
    rows,
    values,
)
from verification.statement import Holder, Relation

PERSON = Holder("样本某甲", "natural", "111", "11010519491231002X")


def file(world, given=None, by=DRAFTER):
    return drafts.file(world.db, world.documents, given or filing(), by=by, at=world.at)


def defects(world, given):
    with pytest.raises(DraftDefective) as refused:
        file(world, given)
    return {(row["pointer"], row["code"]) for row in refused.value.errors}


class TestFile:
    """drafts.file()"""

    def test_waits_for_another(self, world):
        """A draft is submitted, under the latest version of its type and in the authority's own region."""
        draft = file(world)

        assert (draft.state, draft.type_version, draft.region, draft.by) == ("submitted", 1, "990100", DRAFTER.id)

    def test_every_defect_at_once(self, world):
        """All that is wrong is told in one answer, with its place."""
        fields = values() | {"floor_area": "32400", "extra": "x"}
        del fields["basis"]
        holder = replace(COMPANY, code="91990100MA0000001X")
        wrong = filing(
            fields=fields,
            holders=(holder,),
            term="3年",
            number="示人防函〔2026〕9号",
            relations=(Relation("covers", "estate-unit", "a b"),),
            case_number="件 1",
            paper=Paper(),
        )

        assert defects(world, wrong) >= {
            ("/fields/floor_area", "value.wrong_form"),
            ("/fields/extra", "value.unknown"),
            ("/fields/basis", "value.missing"),
            ("/holders/0/code", "code.wrong_check_digit"),
            ("/term", "value.not_listed"),
            ("/number", "number.not_manual"),
            ("/relations/0/kind", "value.not_listed"),
            ("/relations/0/target", "value.wrong_form"),
            ("/case_number", "value.wrong_form"),
            ("/paper", "paper.medium_differs"),
        }

    @pytest.mark.parametrize(
        ("changes", "told"),
        [
            ({"holders": ()}, ("/holders", "holder.count")),
            ({"relations": (Relation("replaces", "certificate", "1.2.3"),)}, ("/relations/0", "relation.unfounded")),
            ({"holders": (PERSON,)}, ("/holders", "holder.kind_refused")),
            ({"holders": (replace(COMPANY, code_kind=None),)}, ("/holders/0/code_kind", "holder.code_halved")),
            ({"holders": (replace(COMPANY, name=" 示例"),)}, ("/holders/0/name", "value.wrong_form")),
            ({"body": b"%PDF-"}, ("/body", "document.way_differs")),
        ],
    )
    def test_one_defect(self, world, changes, told):
        """Each rule has its own code and place."""
        assert told in defects(world, filing(**changes))

    def test_body_must_be_a_pdf(self, world):
        """What is not a PDF is refused when it is handed in."""
        world.publish(body_type())
        with pytest.raises(NotPdf):
            file(world, filing(BODY, body=b"PK\x03\x04"))
        assert ("/body", "value.missing") in defects(world, filing(BODY))

    def test_entitlement(self, world):
        """Nobody files for what the authority may not issue, or not there."""
        with pytest.raises(NotEntitledToType):
            file(world, by=officer("x", Role.DRAFTER, authority=OTHER_OFFICE))
        with pytest.raises(NotEntitledInRegion):
            file(world, filing(region="110000"))

    def test_nothing_personal_lies_in_clear(self, world):
        """No column of any table holds a holder's name, code or a field's value."""
        draft = file(world)
        drafts.refuse(world.db, world.keyring, draft.id, reason="联系人样本甲电话有误", by=APPROVER, at=world.at)
        world.issue()
        with world.db.reading() as look:
            for table in ("draft", "draft_refusal", "certificate", "certificate_holder", "statement", "ledger_entry"):
                for row in look.connection().execute(text(f'SELECT * FROM "{table}"')):
                    told = " ".join(one.hex() if isinstance(one, bytes) else str(one) for one in row)
                    for secret in ("样例置业", COMPANY.code, "样本甲", "示例花园"):
                        assert secret not in told
                        assert secret.encode().hex() not in told

    def test_survives_a_rotation_of_the_wrapping_keys(self, world):
        """Drafts, refusals and the holders' secret follow the new key, and the old one can go."""
        draft = file(world)
        drafts.refuse(world.db, world.keyring, draft.id, reason="重复", by=APPROVER, at=world.at)
        world.issue()
        old = world.keyring.current().id
        key_folder.add(world.keyring.folder, entropy=lambda size: bytes(range(size)))
        rotation.rotate(world.db, world.keyring, at=world.at, by="operator")
        rotation.drop(world.db, world.keyring, old, at=world.at, by="operator")

        read = inbox.find(world.db, world.keyring, draft.id, by=APPROVER)
        assert (read.contents.holders, read.reason) == ((COMPANY,), "重复")


class TestDecide:
    """drafts.approve(), refuse(), withdraw()"""

    def test_another_approves(self, world):
        """Four eyes are two people."""
        row = drafts.approve(world.db, file(world).id, by=APPROVER, at=world.at)

        assert (row.state, row.decided_by) == ("approved", APPROVER.id)

    def test_own_draft(self, world):
        """Whoever filed it does not decide, whatever roles they have."""
        draft = file(world, by=APPROVER)
        with pytest.raises(OwnDraft):
            drafts.approve(world.db, draft.id, by=APPROVER, at=world.at)
        with pytest.raises(OwnDraft):
            drafts.refuse(world.db, world.keyring, draft.id, reason="x", by=APPROVER, at=world.at)

    def test_decided_once(self, world):
        """A second decision is refused, and the first one stands."""
        draft = file(world)
        drafts.refuse(world.db, world.keyring, draft.id, reason="面积不符", by=APPROVER, at=world.at)
        with pytest.raises(DraftDecided) as refused:
            drafts.approve(world.db, draft.id, by=APPROVER, at=world.at)
        assert refused.value.facts == {"draft": draft.id, "state": "refused"}
        with pytest.raises(DraftDecided):
            drafts.withdraw(world.db, draft.id, by=DRAFTER, at=world.at)

    def test_withdrawn_by_its_author_only(self, world):
        """One's own draft can be taken back, also after its approval; another's does not exist for that."""
        draft = world.approved()
        with pytest.raises(NotFound):
            drafts.withdraw(world.db, draft.id, by=APPROVER, at=world.at)
        assert drafts.withdraw(world.db, draft.id, by=DRAFTER, at=world.at).state == "withdrawn"

    def test_stranger(self, world):
        """Another authority's officer finds nothing to decide or read."""
        draft = file(world)
        with pytest.raises(NotFound):
            drafts.approve(world.db, draft.id, by=STRANGER, at=world.at)
        with pytest.raises(NotFound):
            inbox.find(world.db, world.keyring, draft.id, by=STRANGER)
        assert inbox.box(world.db, by=STRANGER) == []

    def test_without_the_scope(self, world):
        """Drafting, approving and reading are rights of their own."""
        nobody = Caller(Kind.OFFICER, "off_x", DRAFTER.authority, frozenset({Scope.VERIFY}))
        with pytest.raises(NotPermitted):
            file(world, by=nobody)
        draft = file(world)
        with pytest.raises(NotPermitted):
            drafts.approve(world.db, draft.id, by=DRAFTER, at=world.at)
        with pytest.raises(NotPermitted):
            inbox.find(world.db, world.keyring, draft.id, by=nobody)


class TestBox:
    """inbox.box()"""

    def test_pages_in_order(self, world):
        """Drafts come in the order they were filed; the next page begins after the last one seen."""
        filed = sorted(file(world).id for _ in range(3))
        first = inbox.box(world.db, by=APPROVER, state=State.SUBMITTED, limit=2)
        rest = inbox.box(world.db, by=APPROVER, after=(first[-1].at.isoformat(), first[-1].id))

        assert [row.id for row in (*first, *rest)] == filed
        assert inbox.box(world.db, by=APPROVER, state=State.APPROVED) == []


class TestPaper:
    """paper.change() and the issuing record"""

    def printed(self, world, blank):
        given = filing(medium="both", paper=Paper("window", blank))
        return world.issue(world.approved(given).id)

    def test_record_follows_the_paper(self, world):
        """Made, handed over, returned: each step only from the one before."""
        row = self.printed(world, "KB0001")
        with pytest.raises(PaperRefused):
            paper.change(world.db, row.identifier, paper.State.RETURNED, by=REGISTRAR, at=world.at)
        for state in (paper.State.DELIVERED, paper.State.LOST, paper.State.RETURNED):
            paper.change(world.db, row.identifier, state, by=REGISTRAR, at=world.at)

        assert [(one.blank_number, one.state) for one in rows(world, PaperRecord)] == [("KB0001", "returned")]

    def test_blank_is_used_once(self, world):
        """Two certificates cannot stand on one blank form."""
        self.printed(world, "KB0001")
        with pytest.raises(BlankTaken):
            self.printed(world, "KB0001")
