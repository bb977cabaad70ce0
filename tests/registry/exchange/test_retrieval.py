"""registry/exchange/retrieval.py: what an office gets, and what of it is written down"""

from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from hub.trust_publishing import publish_trust_list
from registry.directory import seals
from registry.directory.access.callers import OPERATOR
from registry.directory.matters.materials import Mode
from registry.directory.seal_errors import NotEnrolled
from registry.exchange import cases
from registry.exchange.cases import CaseState, Given
from registry.exchange.errors import CaseClosed, CaseDiffers
from registry.exchange.finding.about import About, Named
from registry.store.tables.retrievals import CertificateUse, Retrieval
from tests.registry.exchange.conftest import FEE, NEW, NOW, OFFICE, OLD, PERMIT, PROJECT, STORY
from verification import canonical, digests, jws, receipts, trust_list_text, verify_receipt

pytestmark = pytest.mark.furnished(STORY)
MATTERS_FIELDS = {"project_name", "project_code", "site_address", "surveyor", "designer", "contractor", "supervisor"}


def content(done):
    """What a receipt says."""
    return receipts.from_bytes(jws.unverified_payload(done.answer["receipt"], limit=receipts.LIMIT)).content


class TestAnswer:
    """What the office is told."""

    def test_the_matters_fields_of_what_satisfies_and_nothing_else(self, world):
        """Number, issuer, days and state name the certificate; of its fields only those that the matter needs."""
        done = world.retrieve()

        (found,) = done.answer["results"]
        row = world.certificate(PERMIT)
        assert (found["identifier"], found["number"], found["state"]) == (row.identifier, row.number, "valid")
        assert set(found["fields"]) <= MATTERS_FIELDS
        assert found["fields"]["project_code"] == PROJECT
        assert found["form"]["construction_permit"] == row.number
        assert found["statement"] == row.statement
        assert done.answer["missing"] == []

    def test_a_former_name_of_the_same_number_fits_as_renamed(self, world):
        """The register's own certificates tell since when the other name is known."""
        (found,) = world.retrieve(about=About(holders=(OLD,))).answer["results"]

        (said,) = content(world.retrieve(about=About(holders=(OLD,))))["results"]
        assert found["renamed"] == said["renamed"] == "2025-09-15"
        assert world.retrieve().answer["results"][0]["renamed"] is None
        assert "renamed" not in content(world.retrieve())["results"][0]

    @pytest.mark.parametrize(
        "about",
        [
            About(holders=(replace(NEW, name="示例他人置业有限公司"),)),
            About(holders=(replace(NEW, code="91990100MA0000009X"),)),
            About(holders=(replace(NEW, code_kind="099"),)),
            About(holders=(NEW, Named("示例甲", "111", "990101199001010015"))),
            About(identifier="1.2.156.3005.2.x"),
            About(number="示许〔2025〕1号", issuer=OFFICE.authority),
            About(project="2503-410199-04-01-999999"),
        ],
    )
    def test_unknown_and_not_fitting_answer_alike(self, world, about):
        """Nothing tells a wrong name from a number nobody has."""
        done = world.retrieve(about=about)

        assert done.answer["results"] == []
        assert done.answer["missing"] == [{"material": "construction-permit", "reason": "nothing_found"}]

    def test_every_lead_finds_the_same_certificate(self, world):
        """Holder, project, building, identifier, the issuer's number."""
        row = world.certificate(PERMIT)
        leads = [
            About(holders=(NEW,)),
            About(project=PROJECT),
            About(project=PROJECT, building="1#住宅楼"),
            About(identifier=row.identifier),
            About(number=row.number, issuer=row.issuer),
            About(identifier=row.identifier, holders=(NEW,)),
        ]

        for lead in leads:
            found = [one["identifier"] for one in world.retrieve(about=lead).answer["results"]]
            assert found == [row.identifier], lead

    def test_what_proves_something_of_a_building_has_to_name_it(self, world):
        """The letter and the project's document satisfy for 1#, the document alone for 3#, neither for another."""
        materials = ("shelter-document",)
        counts = {
            name: sorted(
                one["type"].partition("@")[0][-4:]
                for one in world.retrieve(materials=materials, about=About(project=PROJECT, building=name)).answer[
                    "results"
                ]
            )
            for name in ("1#住宅楼", "3#住宅楼", "9#住宅楼")
        }

        assert counts == {"1#住宅楼": ["T005", "T006"], "3#住宅楼": ["T006"], "9#住宅楼": []}

    def test_verify_only_discloses_nothing(self, world):
        """That there is one, and of which type; a no has no reason."""
        done = world.retrieve(materials=("applicant",))
        (found,) = done.answer["results"]

        assert found == {"material": "applicant", "mode": "verify", "type": found["type"], "holds": True}
        assert RENAMED_NAME not in str(done.answer)
        (said,) = content(done)["results"]
        assert {said[name] for name in ("identifier", "number", "issuer", "state", "values")} == {None}

    def test_less_may_be_asked_for_than_the_matter_shows(self, world):
        """An office that needs only a yes takes no values."""
        (found,) = world.retrieve(mode=Mode.VERIFY).answer["results"]
        assert "fields" not in found

    def test_several_materials_are_one_look_up(self, world):
        """Each has its results or its reason, one receipt covers them."""
        asked = ("construction-permit", "planning-permit", "applicant")
        done = world.retrieve(materials=asked, about=About(holders=(OLD,)))

        assert {one["material"] for one in done.answer["results"]} == set(asked)
        assert len(content(done)["results"]) == len(done.answer["results"])
        assert len(world.rows(Retrieval)) == 1

    def test_only_what_stands_satisfies(self, world):
        """A replaced version is told as such only where no other satisfies."""
        first = min(
            (one for one in world.rows(type(world.certificate(PERMIT))) if one.type_code == PERMIT),
            key=lambda one: one.at,
        )
        done = world.retrieve(about=About(identifier=first.identifier))

        (lacking,) = done.answer["missing"]
        assert lacking == {"material": "construction-permit", "reason": "not_valid", "state": "replaced"}

    def test_internal_fields_never_leave(self, world):
        """They never entered the statement."""
        done = world.retrieve(materials=("shelter-document",), about=About(project=PROJECT, building="1#住宅楼"))
        assert "contact" not in str(done.answer)


RENAMED_NAME = NEW.name


class TestRecord:
    """What is written down."""

    def test_entry_row_uses_and_receipt_say_the_same(self, world):
        """The entry holds the digest of the receipt's content, the receipt names the entry."""
        done = world.retrieve()

        (row,), (use,), (entry,) = world.rows(Retrieval), world.rows(CertificateUse), world.events("retrieved")
        said = receipts.from_bytes(jws.unverified_payload(done.answer["receipt"], limit=receipts.LIMIT))
        assert said.entry == entry.leaf.hex() == row.entry == done.answer["entry"]
        assert said.digest == row.content
        assert f'"receipt":"{row.content}"'.encode() in entry.body
        assert (use.act, use.certificate, use.mode) == (row.id, world.certificate(PERMIT).identifier, "data")
        assert (row.case_unknown, row.found, row.matter_version) == (True, 1, 1)

    def test_the_receipt_says_who_what_why_and_shows_no_value(self, world):
        """Names of holders are masked, values stand as a salted digest that the answer opens."""
        done = world.retrieve()
        said, (found,) = content(done), done.answer["results"]
        told = str(said)

        assert said["authority"] == {"code": OFFICE.authority, "name": "示例市住房和城乡建设局"}
        assert (said["caller"], said["operator"]) == (OFFICE.id, {"account": "ck-007", "name": "示例窗口"})
        assert (said["purpose"], said["case"], said["case_known"]) == ("竣工验收备案审查", "示例〔2026〕7号", False)
        assert said["basis"]["statutes"][0]["article"] == "第七条"
        assert NEW.name not in told
        assert NEW.code not in told
        assert found["fields"]["contractor"] not in told
        salted = bytes.fromhex(found["salt"]) + canonical.encode(found["fields"])
        assert said["results"][0]["values"] == digests.sha256(salted)

    def test_a_receipt_verifies_offline(self, world):
        """With the trust list alone; strictly with the log's evidence, which comes later."""
        done = world.retrieve()
        listed = publish_trust_list(world.parts, by="hub").signed
        trust = trust_list_text.from_bytes(jws.unverified_payload(listed))

        found = verify_receipt.verify_receipt(done.answer["receipt"], trust=trust, at=NOW)
        assert found.accepted(), [check.code for check in found.checks]
        assert found.receipt["case"] == "示例〔2026〕7号"

    def test_a_look_up_that_found_nothing_has_a_receipt_too(self, world):
        """Who looked, for what: a no is filed like a yes."""
        done = world.retrieve(about=About(project="2503-410199-04-01-999999"))

        assert content(done)["missing"] == [{"material": "construction-permit", "reason": "nothing_found"}]
        assert [row.found for row in world.rows(Retrieval)] == [0]

    def test_the_ledger_holds_no_person_and_no_purpose(self, world):
        """Codes and digests only; the row's own purpose and operator are sealed."""
        world.retrieve()
        (row,), (entry,) = world.rows(Retrieval), world.events("retrieved")
        for word in ("竣工验收备案审查", "示例窗口", NEW.name, NEW.code, "ck-007"):
            assert word.encode() not in entry.body
            assert word.encode() not in row.sealed

    @pytest.mark.parametrize("table", ["ledger_entry", "retrieval", "certificate_use"])
    def test_what_cannot_be_written_down_is_not_disclosed(self, world, table):
        """Whichever of its rows the database refuses: no answer, no row, no entry."""
        refuse = {
            "sqlite": [f"CREATE TRIGGER full BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'no'); END"],
            "postgresql": [
                "CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$",
                f"CREATE TRIGGER full_up BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION no()",
            ],
        }
        with world.db.writing() as tx:
            for statement in refuse[world.db.dialect]:
                tx.connection().execute(text(statement))

        with pytest.raises(DBAPIError):
            world.retrieve()
        assert world.rows(Retrieval) == world.rows(CertificateUse) == world.events("retrieved") == []

    def test_without_a_key_for_receipts_nothing_is_looked_up(self, world):
        """A look-up without a receipt is not made."""
        for row in seals.listing(world.db, by=OPERATOR):
            if row.purpose == "hub":
                seals.end(world.db, row.id, by=OPERATOR, at=NOW)
        with pytest.raises(NotEnrolled):
            world.retrieve()
        assert world.rows(Retrieval) == []


class TestCase:
    """For which case."""

    def test_a_registered_case_is_not_flagged(self, world):
        """It is open and of this matter."""
        cases.register(world.db, Given("示例〔2026〕7号", asked_matter()), by=OFFICE, at=NOW)
        done = world.retrieve()
        assert (done.answer["case_unknown"], content(done)["case_known"]) == (False, True)

    def test_a_closed_case_and_another_matters_case_are_refused(self, world):
        """Purpose and case belong together."""
        cases.register(world.db, Given("A", state=CaseState.CLOSED), by=OFFICE, at=NOW)
        cases.register(world.db, Given("B", FEE), by=OFFICE, at=NOW)
        with pytest.raises(CaseClosed):
            world.retrieve(case_number="A")
        with pytest.raises(CaseDiffers):
            world.retrieve(case_number="B")
        assert world.rows(Retrieval) == []


def asked_matter():
    return "11410800000000027U3411017002000"
