"""A platform outside that makes documents: a real one on this machine, and what the hub registers of it"""

import base64
import json
import threading
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from sqlmodel import select

from hub.platform_client import Client
from hub.routes.certificates_shapes import OutsideOut
from hub.trust_publishing import publish_trust_list
from registry.directory import entitlements
from registry.directory.catalog import publication
from registry.directory.wording import Basis
from registry.life import certificates, drafts, issuance
from registry.life.contents import Contents, Filing
from registry.life.errors import (
    PlatformMissing,
    PlatformPending,
    PlatformRefused,
    PlatformSilent,
    PlatformWrong,
)
from registry.store.tables.life import Certificate
from tests.hub import office
from tests.registry.life.conftest import APPROVER, DRAFTER, OUTSIDE, REGISTRAR, changed
from tests.verification import desk as desks
from verification.statement import Holder

pytestmark = [
    pytest.mark.furnished(office.FURNISHED),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


class Platform:
    """Orders by identifier; a test says how far they are and what is answered."""

    def __init__(self):
        self.orders, self.submitted, self.document = {}, 0, b""
        self.state, self.answers, self.reply = "pending", True, lambda name, said: said
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_PUT(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                name = self.path.rpartition("/")[2]
                outer.submitted += name not in outer.orders
                outer.orders[name] = body
                self.tell(201, {})

            def do_GET(self):
                name = self.path.rpartition("/")[2]
                if name not in outer.orders:
                    self.tell(404, {})
                    return
                said = {"identifier": name, "state": outer.state}
                if outer.state == "done":
                    said["document"] = base64.b64encode(outer.document).decode()
                self.tell(200, outer.reply(name, said))

            def tell(self, status, said):
                body = json.dumps(said).encode()
                self.send_response(status if outer.answers else 503)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def platform():
    made = Platform()
    yield made
    made.server.shutdown()
    made.server.server_close()


class Desk:
    """An office whose letters of one type are made on the platform."""

    def __init__(self, parts, platform):
        self.at, self.platform = parts.now() + timedelta(hours=1), platform
        self.parts = replace(parts, now=lambda: self.at)
        office.open_office(self.parts)
        publish_trust_list(self.parts, by="operator")
        folder = changed(OUTSIDE, ('document = "rendered"', 'document = "outside"'))
        publication.publish(parts.db, parts.documents, folder, by="operator", at=self.at)
        grant = entitlements.Grant(OUTSIDE, "990100", self.at.date())
        basis = Basis("示例授权文件", None, self.at.date())
        entitlements.grant_entitlement(parts.db, office.OFFICE, grant, basis=basis, by="operator", at=self.at)
        self.press = self.parts.press
        self.press.platform = Client(platform.address, "", self.look, pauses=(0.0, 0.0))

    def look(self, document, at):
        """What the hub's own verifier says of a document, without a child process."""
        from signing import holdings
        from verification import trusted, verify

        roots = trusted.Roots(holdings.read(self.parts.settings.signing_folder).roots)
        return verify.verify(document, trust=roots, at=at).plain()

    def draft(self):
        filing = Filing(OUTSIDE, Contents(holders=(Holder(**office.COMPANY),), fields=office.fields()))
        made = drafts.file(self.parts.db, self.parts.documents, filing, by=DRAFTER, at=self.at)
        return drafts.approve(self.parts.db, made.id, by=APPROVER, at=self.at).id

    def issue(self, draft=None):
        given = self.parts.db, self.parts.documents, self.press, draft or self.draft()
        return issuance.issue(*given, by=REGISTRAR, at=self.at)

    def resume(self):
        self.at += timedelta(minutes=3)
        given = self.parts.db, self.parts.documents, self.press
        return issuance.resume(*given, by="housekeeping", at=self.at)

    def rows(self):
        with self.parts.db.reading() as look:
            wanted = select(Certificate).where(Certificate.type_code == OUTSIDE).order_by(Certificate.at)
            return list(look.exec(wanted))

    def sealed(self):
        """A document as a platform makes it: sealed by a seal we know, without a statement of ours."""
        return desks.sealed(desks.drawn(files=()))


@pytest.fixture
def desk(parts, platform):
    return Desk(parts, platform)


class TestPlatform:
    """Submitted, asked for, registered."""

    def test_is_submitted_once_and_registered_when_it_is_done(self, desk, platform):
        """Pending leaves the intent; the resume takes the document and keeps what was and was not verified."""
        with pytest.raises(PlatformPending):
            desk.issue()
        (row,) = desk.rows()
        assert (row.state, platform.submitted) == ("sealing", 1)
        assert platform.orders[row.identifier]["statement"]["identifier"] == row.identifier
        desk.resume()

        platform.state, platform.document = "done", desk.sealed()
        (done,) = [one for one in desk.resume() if one.identifier == row.identifier]
        (row,) = desk.rows()
        shown = OutsideOut.of(certificates.making(desk.parts.db, row).outside)
        kept, digest = certificates.document(desk.parts.db, desk.parts.documents, row.identifier, by=REGISTRAR)
        assert (done.state, platform.submitted, row.outside, kept) == ("valid", 1, digest, platform.document)
        assert shown.platform == platform.address.removeprefix("http://")
        assert {"readable", "intact", "sealed"} <= set(shown.verified)
        assert {"register", "status"} <= set(shown.not_verified)

    def test_a_refusal_voids_the_intent(self, desk, platform):
        """Its number stays with it and says why; the draft may be issued again."""
        platform.state, draft = "refused", desk.draft()
        with pytest.raises(PlatformRefused):
            desk.issue(draft)
        platform.state, platform.document = "done", desk.sealed()

        assert [(row.state, row.void_reason) for row in desk.rows()] == [("void", "platform.refused")]
        assert desk.issue(draft).state == "valid"

    def test_silence_leaves_the_intent_and_a_day_of_it_voids(self, desk, platform):
        """Nothing half-done: the same draft, or the resume, goes on with it."""
        platform.answers, draft = False, desk.draft()
        with pytest.raises(PlatformSilent):
            desk.issue(draft)
        assert [row.state for row in desk.rows()] == ["sealing"]
        desk.at += timedelta(days=1)
        desk.resume()

        assert [(row.state, row.void_reason) for row in desk.rows()] == [("void", "platform.silent")]

    @pytest.mark.parametrize(
        ("reply", "reason"),
        [
            (lambda name, said: {**said, "identifier": "1.2.3"}, "other-order"),
            (lambda name, said: {**said, "document": base64.b64encode(b"no pdf").decode()}, "no-document"),
            (lambda name, said: {**said, "document": "%%%"}, "unreadable"),
            (lambda name, said: {**said, "document": base64.b64encode(desks.good()).decode()}, "other-certificate"),
            (lambda name, said: {"identifier": name}, "unreadable"),
            (lambda name, said: [said], "unreadable"),
        ],
        ids=[
            "another order's",
            "not a document",
            "not base64",
            "another certificate's",
            "without a state",
            "no object",
        ],
    )
    def test_what_is_not_this_orders_document_is_never_registered(self, desk, platform, reply, reason):
        """The intent stays; when the platform mends itself, it is finished."""
        platform.state, platform.document, platform.reply = "done", desk.sealed(), reply
        with pytest.raises(PlatformWrong) as wrong:
            desk.issue()
        assert (wrong.value.facts["reason"], [row.outside for row in desk.rows()]) == (reason, [None])
        platform.reply = lambda name, said: said
        desk.resume()

        assert [row.state for row in desk.rows()] == ["valid"]

    def test_without_a_platform_no_number_is_taken(self, desk):
        """Told before anything is reserved."""
        desk.press.platform = None
        with pytest.raises(PlatformMissing):
            desk.issue()
        assert desk.rows() == []
