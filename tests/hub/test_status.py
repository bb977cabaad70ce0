"""GET /v1/status/{list}"""

from dataclasses import replace
from datetime import timedelta

import pypdfium2
import pytest
import zxingcpp
from sqlalchemy import func
from sqlmodel import select
from starlette.testclient import TestClient

from hub import key_places
from hub.trust_publishing import publish_trust_list
from registry.directory import seals, trust_lists
from registry.directory.access.callers import OPERATOR
from registry.directory.seals import Purpose
from registry.life import completion, issuance
from registry.life.status_lists.publishing import StatusLists
from registry.store.tables.ledger import LedgerEntry
from registry.store.tables.life import Certificate
from signing import holdings
from signing.errors import TimeStampUnavailable
from tests.hub import office
from tests.hub.conftest import app_of
from verification import code_token, status_list, trust, verify_code
from verification.evidence import State
from verification.report import Outcome, Step

pytestmark = pytest.mark.furnished(office.FURNISHED)


class Silent:
    """A press whose time-stamp authority does not answer."""

    def __init__(self, press):
        self.check = press.check

    def make(self, order, *, at):
        raise TimeStampUnavailable(reason="silent")


def leave_lying(parts):
    """An intent whose document could not be made."""
    press = parts.press
    parts.__dict__["press"] = Silent(press)
    with pytest.raises(TimeStampUnavailable):
        office.certificate(parts)
    parts.__dict__["press"] = press
    with parts.db.reading() as look:
        return look.exec(select(Certificate).where(Certificate.state == "sealing")).one()


class Desk:
    """A hub that can issue, and a clock that a test moves."""

    def __init__(self, parts):
        self.at = parts.now()
        self.parts = replace(parts, now=lambda: self.at)
        office.open_office(self.parts)
        publish_trust_list(self.parts, by="operator")
        self.http = TestClient(app_of(self.parts), raise_server_exceptions=False)

    def row(self, identifier):
        with self.parts.db.reading() as look:
            return look.get_one(Certificate, identifier)

    def issue(self):
        return self.row(office.certificate(self.parts))

    def leave_lying(self):
        """An intent whose document could not be made."""
        return leave_lying(self.parts)

    def trust(self):
        with self.parts.db.reading() as look:
            signed = trust_lists.current(look).signed
        roots = holdings.read(self.parts.settings.signing_folder).roots
        return trust.open_list(signed, roots=roots, at=self.at, unsafe_allow_samples=True).list

    def list(self, number=1):
        answer = self.http.get(f"/v1/status/{number}")
        assert (answer.status_code, answer.headers["content-type"]) == (200, status_list.TYPE), answer.text
        return status_list.read(answer.content, self.trust(), at=self.at)

    def state(self, row):
        return self.list(row.status_list).seen(row.status_index).state

    def code(self, row):
        """The code as a phone reads it from the issued page."""
        with self.parts.db.reading() as look:
            document = self.parts.documents.get(look, row.document)
        image = pypdfium2.PdfDocument(document)[0].render(scale=150 / 72, grayscale=True)
        pixels = memoryview(image.buffer).cast("B")[: image.stride * image.height]
        return zxingcpp.read_barcode(pixels.cast("B", (image.height, image.stride))).text


@pytest.fixture
def desk(parts):
    return Desk(parts)


class TestList:
    """What a reader of codes gets"""

    def test_says_of_a_printed_code_that_it_holds(self, desk):
        """The code on the page names the list's address and its place; the list is its authority's, and says valid."""
        row = desk.issue()
        place = code_token.read(desk.code(row)).claims.status
        listed = desk.list(row.status_list)

        assert (place.uri, place.index) == (listed.uri, row.status_index)
        assert place.uri == f"{desk.parts.settings.address}/v1/status/{row.status_list}"
        assert (listed.issuer, listed.seen(place.index).state) == (office.OFFICE, State.VALID)
        assert listed.ttl <= timedelta(seconds=60)
        assert listed.expires_at - listed.issued_at == timedelta(days=1)

        report = verify_code.verify_code(desk.code(row), trust=desk.trust(), status=listed, at=desk.at)
        assert {one.outcome for one in report.checks if one.step in {Step.SEALED, Step.STATUS}} == {Outcome.PASSED}

    def test_what_is_not_finished_holds_for_nobody(self, desk):
        """Suspended while it may still come to hold; valid when it is finished; revoked for ever when it is voided."""
        finished = desk.leave_lying()
        assert desk.state(finished) is State.SUSPENDED
        desk.at += timedelta(minutes=3)
        given = desk.parts.db, desk.parts.documents, desk.parts.press
        issuance.resume(*given, by="doctor", at=desk.at)
        assert desk.state(finished) is State.VALID

        voided = desk.leave_lying()
        completion.void(desk.parts.db, voided.identifier, "test", by="doctor", at=desk.at)
        desk.at += timedelta(seconds=1)
        assert (desk.state(voided), desk.state(finished)) == (State.REVOKED, State.VALID)

    @pytest.mark.parametrize("number", ["0", "2", "-1", "9" * 30])
    def test_unknown(self, desk, number):
        """A list nobody has is not found, however large its number."""
        desk.issue()
        assert desk.http.get(f"/v1/status/{number}").status_code == 404

    def test_not_a_number(self, desk):
        """It is told so."""
        assert desk.http.get("/v1/status/abc").status_code == 422

    def test_the_hub_speaks_for_an_authority_whose_key_has_ended(self, desk):
        """No successor, no next key: its lists stay signed, by the hub's own key, which the trust list names for it."""
        row, code = desk.issue(), Purpose.CODE
        key = key_places.open_key(desk.parts.settings.signing_folder, "file:hub-seal")
        own = {"locator": "file:hub-seal", "authority": None, "by": OPERATOR, "at": desk.at}
        seals.enrol(desk.parts.db, key, Purpose.HUB, **own, unsafe_allow_samples=True)
        ended = next(one for one in seals.listing(desk.parts.db, by=OPERATOR) if one.purpose == code)
        printed = desk.code(row)
        seals.end(desk.parts.db, ended.id, by=OPERATOR, at=desk.at)
        publish_trust_list(desk.parts, by="operator")
        desk.at += timedelta(minutes=1)
        listed = desk.list(row.status_list)

        assert (listed.issuer, listed.seen(row.status_index).state) == (office.OFFICE, State.VALID)
        report = verify_code.verify_code(printed, trust=desk.trust(), status=listed, at=desk.at)
        assert {one.outcome for one in report.checks if one.step in {Step.SEALED, Step.STATUS}} == {Outcome.PASSED}

    def test_without_a_key_nobody_signs(self, desk):
        """The authority's code key was ended and the hub has none: told to try later, never an unsigned list."""
        row = desk.issue()
        key = next(one for one in seals.listing(desk.parts.db, by=OPERATOR) if one.purpose == "code")
        seals.end(desk.parts.db, key.id, by=OPERATOR, at=desk.at)
        answer = desk.http.get(f"/v1/status/{row.status_list}")
        assert (answer.status_code, answer.json()["code"]) == (503, "enrolment.missing")


class TestKeeping:
    """How often a list is made"""

    def test_the_same_bytes_until_something_changes(self, desk):
        """Kept for half a minute; who has it already is told so without its bytes; then it is dated anew."""
        row = desk.issue()
        path = f"/v1/status/{row.status_list}"
        first = desk.http.get(path)
        desk.at += timedelta(seconds=29)
        again = desk.http.get(path, headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        desk.at += timedelta(seconds=1)
        assert desk.http.get(path, headers={"If-None-Match": first.headers["etag"]}).status_code == 200
        assert desk.list().issued_at == desk.at

    def test_a_change_is_seen_within_a_second_by_every_worker(self, desk):
        """Another worker's act counts, though this one kept the list."""
        row = desk.leave_lying()
        parts = desk.parts
        other = StatusLists(parts.db, parts.status_lists._open, address=parts.settings.address)
        before = desk.state(row), other.current(1, at=desk.at).token
        completion.void(parts.db, row.identifier, "test", by="doctor", at=desk.at)
        desk.at += timedelta(seconds=1)

        assert (before[0], desk.state(row)) == (State.SUSPENDED, State.REVOKED)
        seen = status_list.read(other.current(1, at=desk.at).token, desk.trust(), at=desk.at)
        assert seen.seen(row.status_index).state is State.REVOKED

    def test_an_act_elsewhere_changes_no_list(self, desk):
        """A busy register does not make every phone load the list anew."""
        row = desk.issue()
        first = desk.http.get(f"/v1/status/{row.status_list}").content
        office.draft(desk.parts)
        desk.at += timedelta(seconds=2)
        assert desk.http.get(f"/v1/status/{row.status_list}").content == first

    def test_an_act_that_commits_late_is_seen(self, desk):
        """On PostgreSQL an entry may get its number first and commit last; the list does not overlook it."""
        row, db = desk.leave_lying(), desk.parts.db
        with db.writing() as tx:
            newest = tx.exec(select(func.max(LedgerEntry.id))).one()
            tx.add(LedgerEntry(id=newest + 10, leaf=bytes(32), commitment=bytes(32), event="drafted", at=desk.at))
        assert desk.state(row) is State.SUSPENDED
        completion.void(db, row.identifier, "test", by="doctor", at=desk.at)
        desk.at += timedelta(seconds=1)
        assert desk.state(row) is State.REVOKED
