"""Status answers of a CA outside: a real responder on this machine, the job that asks it, what sealing makes of it"""

import os
import threading
from dataclasses import replace
from datetime import timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID
from sqlmodel import select

from hub import examination, status_fetching
from hub.settings import SAMPLE_KEYS
from registry.directory import authority_seed
from registry.life import completion
from registry.store.tables.status_answers import KeptStatus
from signing import holdings
from signing.errors import CertificateWithdrawn, StatusAnswerAwaited
from signing.ocsp import GOOD, Reason, Responder, Standing, State
from signing.timestamp import Authority
from tests import small_ca
from tests.hub import office
from verification import certificates

HOUR = timedelta(hours=1)


class Outside:
    """A responder behind a small HTTP server; a test says how it behaves."""

    def __init__(self, at):
        self.at, self.standing, self.asked, self.listed, self.silent = at, GOOD, 0, 0, False
        self.withdrawn = ()
        self.lasts, self.held = timedelta(hours=12), holdings.read(SAMPLE_KEYS)
        self.key = self.held.key("ocsp")
        self.stamper = Authority(self.held.key("tsa"), entropy=os.urandom)
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                outer.asked += 1
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if outer.silent:
                    self.send_error(503)
                    return
                stamping = self.headers["Content-Type"] == "application/timestamp-query"
                answer = outer.stamper.respond(body, at=outer.at) if stamping else outer.answer(body)
                self.send_response(200)
                self.send_header("Content-Type", "application/ocsp-response")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def do_GET(self):
                outer.listed += 1
                if outer.silent:
                    self.send_error(503)
                    return
                answer = outer.list()
                self.send_response(200)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, question):
        responder = Responder(self.key, self.held.issuers[0], lambda _: self.standing, lasts=self.lasts)
        return responder.respond(question, at=self.at)

    def list(self):
        """The root's list, as its own CA publishes it."""
        root = self.held.roots[0]
        made = x509.CertificateRevocationListBuilder().issuer_name(root.subject)
        made = made.last_update(self.at - HOUR).next_update(self.at + HOUR)
        for one in self.withdrawn:
            entry = x509.RevokedCertificateBuilder().serial_number(one.serial_number).revocation_date(self.at - HOUR)
            made = made.add_revoked_certificate(entry.build())
        key = load_pem_private_key((SAMPLE_KEYS / "root.key").read_bytes(), None)
        return made.sign(key, hashes.SHA384()).public_bytes(Encoding.DER)


@pytest.fixture
def outside(at):
    made = Outside(at)
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def hub(parts, outside, tmp_path):
    """A hub whose folder has no responder of its own: everything comes from outside."""
    folder = tmp_path / "signing"
    folder.mkdir()
    for path in SAMPLE_KEYS.iterdir():
        if path.suffix in {".pem", ".key", ".crl", ".pub"} and path.name != "ocsp.key":
            (folder / path.name).write_bytes(path.read_bytes())
    settings = parts.settings.model_copy(update={"signing_keys": folder, "ocsp": {"issuing": outside.address}})
    made = replace(parts, settings=settings)
    authority_seed.load(made.db, authority_seed.demo(), by="operator", at=made.now())
    office.open_office(made)
    return made


@pytest.fixture
def listing(hub, outside):
    """The same without a list in its folder: the root's is fetched, too."""
    (hub.settings.signing_folder / "root.crl").unlink()
    return replace(hub, settings=hub.settings.model_copy(update={"crl": {"root": outside.address}}))


def later(hub, outside, passed):
    """The same hub and responder some time later."""
    outside.at = outside.at + passed
    now = outside.at
    return replace(hub, now=lambda: now)


def issued(hub):
    """A certificate, issued by a worker that has nothing in memory."""
    with hub.db.reading() as look:
        return completion.get(look, office.certificate(replace(hub)))


def rows(hub):
    with hub.db.reading() as look:
        return list(look.exec(select(KeptStatus)))


def by_stranger(outside, stranger, question):
    """A well-formed answer about what was asked, signed by somebody our CA does not know."""
    serial = ocsp.load_der_ocsp_request(question).serial_number
    folder = [certificates.read(path.read_bytes()) for path in SAMPLE_KEYS.glob("*.pem")]
    about = next(one for one in folder if one.serial_number == serial)
    made = ocsp.OCSPResponseBuilder().add_response(
        cert=about, issuer=outside.held.issuers[0], algorithm=hashes.SHA256(), cert_status=ocsp.OCSPCertStatus.GOOD,
        this_update=outside.at, next_update=outside.at + HOUR, revocation_time=None, revocation_reason=None,
    )  # fmt: skip
    made = made.responder_id(ocsp.OCSPResponderEncoding.NAME, stranger.certificate).certificates([stranger.certificate])
    return made.sign(stranger.private, hashes.SHA256()).public_bytes(Encoding.DER)


def finding(hub):
    return examination.status_answers(hub.settings, hub.db, hub.now())


class TestShared:
    """What all workers see, on either engine."""

    def test_answers_are_fetched_kept_and_shared(self, hub, outside):
        """One row a certificate; a second worker, or the same one restarted, seals with what the first has fetched."""
        status_fetching.fetch(hub)
        asked = outside.asked
        status_fetching.fetch(hub)
        outside.silent = True
        row = issued(hub)

        assert (asked, outside.asked) == (len(rows(hub)), asked)
        assert row.level == "B-LT"
        assert finding(hub).state is examination.State.SOUND


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
class TestFetch:
    """status_fetching.fetch()"""

    def test_asked_anew_ahead_of_age(self, hub, outside):
        """After twenty minutes, long before the hour that a seal allows."""
        status_fetching.fetch(hub)
        first = outside.asked
        assert status_fetching.fetch(later(hub, outside, timedelta(minutes=19))) == []
        status_fetching.fetch(later(hub, outside, timedelta(minutes=2)))

        assert outside.asked == 2 * first
        assert {row.this_update for row in rows(hub)} == {outside.at}

    def test_a_silent_responder_is_told_and_what_is_there_ages(self, hub, outside):
        """Sealing goes on with the last answer for an hour, then waits; doctor says since when."""
        status_fetching.fetch(hub)
        outside.silent = True
        soon = later(hub, outside, timedelta(minutes=30))
        status_fetching.fetch(soon)
        assert {row.problem for row in rows(hub)} == {"signing.status_answer_missing"}
        assert issued(soon).level == "B-LT"
        assert finding(soon).state is examination.State.DOUBTFUL

        old = later(hub, outside, HOUR)
        with pytest.raises(StatusAnswerAwaited):
            issued(old)
        assert finding(old).state is examination.State.BROKEN

    def test_a_wrong_signer_is_not_believed(self, hub, outside):
        """A responder that our CA did not charge is nobody; what it says is not kept."""
        stranger = small_ca.root("别的CA").issue("responder", purposes=[ExtendedKeyUsageOID.OCSP_SIGNING])
        outside.answer = partial(by_stranger, outside, stranger)
        status_fetching.fetch(hub)

        assert {(row.problem, row.data) for row in rows(hub)} == {("signing.status_answer_wrong", None)}
        assert {row.reason for row in rows(hub)} == {"foreign-signer"}
        assert finding(hub).state is examination.State.BROKEN

    def test_a_stale_answer_is_not_believed(self, hub, outside):
        """One that ended before it came is thrown away, and the one before it stays."""
        status_fetching.fetch(hub)
        kept = {row.data for row in rows(hub)}
        outside.lasts = timedelta(seconds=1)
        hub = later(hub, outside, timedelta(minutes=30))
        outside.at -= timedelta(minutes=5)
        status_fetching.fetch(hub)

        assert {row.reason for row in rows(hub)} == {"not-in-force"}
        assert {row.data for row in rows(hub)} == kept

    def test_a_revoked_seal_seals_nothing_more(self, hub, outside):
        """Its answer is believed, and kept for all workers."""
        outside.standing = Standing(State.REVOKED, outside.at - HOUR, Reason.KEY_COMPROMISE)
        status_fetching.fetch(hub)

        with pytest.raises(CertificateWithdrawn):
            issued(hub)
        assert finding(hub).state is examination.State.BROKEN

    def test_a_time_stamp_authority_outside_is_asked(self, hub, outside):
        """HUB_TSA: its certificate lies in the folder, its key does not."""
        (hub.settings.signing_folder / "tsa.key").unlink()
        settings = hub.settings.model_copy(update={"tsa": outside.address})
        status_fetching.fetch(hub)
        asked = outside.asked

        assert issued(replace(hub, settings=settings)).level == "B-LT"
        assert outside.asked == asked + 1

    def test_a_list_is_fetched_from_where_a_setting_says(self, listing, outside):
        """HUB_CRL: without one in the folder, sealing rests on what was fetched; a silent address is told."""
        with pytest.raises(StatusAnswerAwaited):
            issued(listing)
        status_fetching.fetch(listing)
        assert (outside.listed, issued(listing).level, finding(listing).state) == (1, "B-LT", examination.State.SOUND)

        outside.silent = True
        soon = later(listing, outside, timedelta(minutes=30))
        status_fetching.fetch(soon)
        assert "signing.status_answer_missing" in {row.problem for row in rows(soon)}

    def test_who_is_on_the_list_seals_nothing_more(self, listing, outside):
        """A time-stamper that the root withdrew."""
        outside.withdrawn = outside.held.tsa
        status_fetching.fetch(listing)
        with pytest.raises(CertificateWithdrawn):
            issued(listing)

    @pytest.mark.parametrize("answer", [b"", b"<html>", b"0\x82\xff\xff"])
    def test_a_list_that_is_none_is_not_kept(self, listing, outside, answer):
        """Whatever an address answers, what is kept is a list of that issuer."""
        outside.list = lambda: answer
        status_fetching.fetch(listing)
        (row,) = (row for row in rows(listing) if row.kind == "list")
        assert (row.data, row.problem) == (None, "signing.status_answer_wrong")

    def test_nothing_is_asked_that_no_setting_names(self, hub, outside):
        """An address in a certificate is no address."""
        quiet = replace(hub, settings=hub.settings.model_copy(update={"ocsp": {}}))
        status_fetching.fetch(quiet)

        assert (outside.asked, rows(hub)) == (0, [])
