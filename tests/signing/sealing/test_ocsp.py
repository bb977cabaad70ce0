"""Status answers: what the responder says, and what is believed of an answer."""

from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from cryptography.x509 import ocsp
from hypothesis import given, settings
from hypothesis import strategies as st

from signing.errors import KeyExpired, KeyNotForThis, StatusAnswerMissing, StatusAnswerWrong
from signing.ocsp import GOOD, UNKNOWN, Reason, Responder, Standing, State
from signing.status_answers import Answers, fetch, read, read_list

from .conftest import AT, KEYS, certificate, sample

HOUR = timedelta(hours=1)
SHA1 = hashes.SHA1()
SEAL = certificate("planning-seal")
ISSUING = certificate("issuing")
REVOKED = Standing(State.REVOKED, AT - HOUR, Reason.KEY_COMPROMISE)


def asked(about: x509.Certificate = SEAL, issuer: x509.Certificate = ISSUING, *, by=SHA1, nonce=b"") -> bytes:
    """A request as another client writes it."""
    builder = ocsp.OCSPRequestBuilder().add_certificate(about, issuer, by)
    if nonce:
        builder = builder.add_extension(x509.OCSPNonce(nonce), critical=False)
    return builder.build().public_bytes(Encoding.DER)


class TestRespond:
    """Responder.respond()"""

    @pytest.mark.parametrize("by", [hashes.SHA1(), hashes.SHA256(), hashes.SHA384(), hashes.SHA512()])
    def test_answers_in_the_hash_it_was_asked_in(self, world, by):
        """A client finds its own certificate identifier again, signed by the delegate."""
        found = ocsp.load_der_ocsp_response(world.responder.respond(asked(by=by), at=AT))

        assert found.certificate_status is ocsp.OCSPCertStatus.GOOD
        assert (found.serial_number, found.hash_algorithm.name) == (SEAL.serial_number, by.name)
        assert (found.this_update_utc, found.next_update_utc) == (AT, AT + timedelta(hours=12))
        assert read(world.responder.respond(asked(by=by), at=AT), SEAL, ISSUING, at=AT).standing == GOOD

    def test_tells_since_when_and_why_one_is_revoked(self, world):
        """Revocation time and reason travel in the answer."""
        world.standing[SEAL.serial_number] = REVOKED

        found = ocsp.load_der_ocsp_response(world.responder.respond(asked(), at=AT))

        assert found.certificate_status is ocsp.OCSPCertStatus.REVOKED
        assert found.revocation_time_utc == AT - HOUR
        assert found.revocation_reason is x509.ReasonFlags.key_compromise

    def test_an_unnamed_reason_is_not_written(self, world):
        """RFC 5280 §5.3.1: unspecified stays unsaid."""
        world.standing[SEAL.serial_number] = Standing(State.REVOKED, AT)

        found = ocsp.load_der_ocsp_response(world.responder.respond(asked(), at=AT))

        assert found.revocation_reason is None

    def test_a_number_it_never_gave_out_is_unknown(self, world):
        """Unknown is not good."""
        world.standing[SEAL.serial_number] = UNKNOWN

        found = ocsp.load_der_ocsp_response(world.responder.respond(asked(), at=AT))

        assert found.certificate_status is ocsp.OCSPCertStatus.UNKNOWN

    @pytest.mark.parametrize(("nonce", "back"), [(b"", []), (b"n" * 32, [b"n" * 32])])
    def test_gives_a_nonce_back(self, world, nonce, back):
        """A nonce is optional, and answered as it came."""
        found = ocsp.load_der_ocsp_response(world.responder.respond(asked(nonce=nonce), at=AT))

        assert [one.value.nonce for one in found.extensions] == back

    def test_a_foreign_issuer_is_not_answered_for(self, world):
        """The responder speaks for one CA."""
        found = ocsp.load_der_ocsp_response(
            world.responder.respond(asked(certificate("tsa"), certificate("root")), at=AT)
        )

        assert found.response_status is ocsp.OCSPResponseStatus.UNAUTHORIZED

    @settings(max_examples=60, deadline=None)
    @given(st.binary(max_size=60), st.integers(0, 60))
    def test_garbage_is_always_answered(self, noise, place):
        """No request brings the responder down; none makes it say revoked."""
        own = Responder(sample("ocsp"), ISSUING, lambda serial: GOOD, lasts=HOUR)
        sent = asked(nonce=b"nonce")

        found = ocsp.load_der_ocsp_response(own.respond(sent[:place] + noise + sent[place + len(noise) :], at=AT))

        if found.response_status is ocsp.OCSPResponseStatus.SUCCESSFUL:
            assert found.certificate_status is ocsp.OCSPCertStatus.GOOD
        else:
            assert found.response_status in (
                ocsp.OCSPResponseStatus.MALFORMED_REQUEST,
                ocsp.OCSPResponseStatus.UNAUTHORIZED,
            )

    @pytest.mark.parametrize("sent", [b"", asked() + b"\0", asked(nonce=b"n" * 129), asked() * 200])
    def test_malformed_requests_are_named_so(self, world, sent):
        """Nothing is signed for them."""
        found = ocsp.load_der_ocsp_response(world.responder.respond(sent, at=AT))

        assert found.response_status is ocsp.OCSPResponseStatus.MALFORMED_REQUEST

    def test_an_expired_delegate_is_silent(self, world):
        """Nobody would believe the answer."""
        with pytest.raises(KeyExpired):
            world.responder.respond(asked(), at=AT.replace(year=2061))

    @pytest.mark.parametrize("name", ["tsa", "root"])
    def test_only_a_delegate_of_the_issuer_answers(self, name):
        """RFC 6960 §4.2.2.2: the delegation comes from the issuer itself."""
        with pytest.raises(KeyNotForThis):
            Responder(sample(name), ISSUING, lambda serial: GOOD, lasts=HOUR)

    def test_a_seal_key_answers_nothing(self):
        """The right to answer stands in the certificate."""
        with pytest.raises(KeyNotForThis):
            Responder(sample("market-seal"), ISSUING, lambda serial: GOOD, lasts=HOUR).respond(asked(), at=AT)


class TestRead:
    """status_answers.read()"""

    def refusal(self, data: bytes, about=SEAL, issuer=ISSUING, *, at=AT) -> str:
        """Why an answer is not believed."""
        with pytest.raises(StatusAnswerWrong) as refused:
            read(data, about, issuer, at=at)
        return str(refused.value.facts["reason"])

    def test_tells_how_a_certificate_stands(self, world):
        """Standing, times and signer come out of the answer."""
        world.standing[SEAL.serial_number] = REVOKED

        found = read(world.responder.answer(SEAL, at=AT), SEAL, ISSUING, at=AT)

        assert (found.standing.state, found.standing.since) == (State.REVOKED, AT - HOUR)
        assert found.signer == certificate("ocsp")

    def test_an_answer_about_another_certificate_is_refused(self, world):
        """A good answer cannot be passed off as another's."""
        assert self.refusal(world.responder.answer(certificate("market-seal"), at=AT)) == "other-certificate"

    def test_a_changed_answer_is_refused(self, world):
        """Revoked does not become good on the way."""
        data = world.responder.answer(SEAL, at=AT)
        place = data.index(b"20260302013000Z")

        assert self.refusal(data[:place] + b"20260302013001Z" + data[place + 15 :]) == "wrong-signature"

    @pytest.mark.parametrize("name", ["market-seal", "tsa", "root"])
    def test_a_foreign_signer_is_refused(self, name):
        """Only the issuer or its delegate speaks about its certificates, whoever else the CA knows."""
        assert self.refusal(signed_by(name)) == "foreign-signer"

    def test_the_issuer_itself_is_believed(self):
        """A CA may answer without a delegate; its key's digest names it."""
        assert read(signed_by("issuing"), SEAL, ISSUING, at=AT).signer == ISSUING

    @pytest.mark.parametrize("off", [timedelta(hours=13), -HOUR])
    def test_an_answer_for_another_time_is_refused(self, world, off):
        """Neither an expired answer nor one from the future."""
        assert self.refusal(world.responder.answer(SEAL, at=AT), at=AT + off) == "not-in-force"

    def test_an_error_status_is_no_answer(self, world):
        """The responder could not say anything."""
        assert self.refusal(world.responder.respond(b"", at=AT)) == "status-malformed_request"

    @settings(max_examples=40, deadline=None)
    @given(st.binary(max_size=200))
    def test_garbage_is_refused(self, data):
        """Whatever a server sends is one refusal."""
        assert self.refusal(data) in ("unreadable", "status-malformed_request")


class TestFetch:
    """status_answers.fetch()"""

    def test_asks_what_other_responders_understand(self, world):
        """The answer comes back checked; the waiting time reaches the transport."""
        waited = []

        def network(sent: bytes, seconds: float) -> bytes:
            waited.append(seconds)
            return world.responder.respond(sent, at=AT)

        assert fetch(network, SEAL, ISSUING, timeout_seconds=3.0, at=AT).standing == GOOD
        assert waited == [3.0]

    def test_silence_is_told(self):
        """A responder out of reach gives no answer, good or bad."""

        def silent(sent: bytes, seconds: float) -> bytes:
            raise TimeoutError

        with pytest.raises(StatusAnswerMissing):
            fetch(silent, SEAL, ISSUING, timeout_seconds=3.0, at=AT)


def signed_by(name: str) -> bytes:
    """A good answer about the seal, signed by somebody, as another responder writes it."""
    own = certificate(name)
    builder = ocsp.OCSPResponseBuilder().add_response(
        SEAL, ISSUING, hashes.SHA256(), ocsp.OCSPCertStatus.GOOD, AT, AT + HOUR, None, None
    )
    builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, own).certificates([own])
    private = load_pem_private_key((KEYS / f"{name}.key").read_bytes(), None)
    return builder.sign(private, own.signature_hash_algorithm).public_bytes(Encoding.DER)


class TestReadList:
    """status_answers.read_list()"""

    LIST = (KEYS / "root.crl").read_bytes()

    def test_reads_the_sample_root(self):
        """It has withdrawn nothing."""
        found = read_list(self.LIST, certificate("root"), at=AT)

        assert found.revoked == frozenset()
        assert found.this_update < AT < found.next_update

    @pytest.mark.parametrize(
        ("data", "issuer", "at", "reason"),
        [
            (LIST, "issuing", AT, "wrong-signature"),
            (LIST, "root", AT.replace(year=2061), "not-in-force"),
            (LIST, "root", AT.replace(year=2019), "not-in-force"),
            (b"", "root", AT, "unreadable"),
            (b"-----BEGIN X509 CRL-----\n", "root", AT, "unreadable"),
            (x509.load_pem_x509_crl(LIST).public_bytes(Encoding.DER)[:-1] + b"\0", "root", AT, "wrong-signature"),
        ],
        ids=["issuer", "later", "earlier", "nothing", "cut", "changed"],
    )
    def test_refuses_what_the_issuer_does_not_say_now(self, data, issuer, at, reason):
        """A list is believed if the issuer signed it and it is in force."""
        with pytest.raises(StatusAnswerWrong) as refused:
            read_list(data, certificate(issuer), at=at)

        assert refused.value.facts["reason"] == reason


class TestAnswers:
    """Answers.keep(), Answers.young()"""

    def kept(self, world, *ages: timedelta) -> Answers:
        """A keeper that was given answers of these ages, in this order."""
        answers = Answers()
        for age in ages:
            made = AT - age
            answers.keep(read(world.responder.answer(SEAL, at=made), SEAL, ISSUING, at=made))
        return answers

    def test_the_newest_wins_in_any_order(self, world):
        """A late answer does not displace a newer one."""
        found = self.kept(world, HOUR, timedelta(minutes=5), 2 * HOUR).young(SEAL, at=AT, max_age=HOUR)

        assert found.this_update == AT - timedelta(minutes=5)

    @pytest.mark.parametrize(("age", "there"), [(timedelta(0), True), (HOUR, True), (HOUR * 1.1, False)])
    def test_the_largest_age_is_kept(self, world, age, there):
        """An answer serves until it is older than the type allows."""
        assert (self.kept(world, age).young(SEAL, at=AT, max_age=HOUR) is not None) is there

    def test_an_answer_past_its_own_end_does_not_serve(self, world):
        """Whatever age a type allows, the responder's own limit holds."""
        assert self.kept(world, 13 * HOUR).young(SEAL, at=AT, max_age=timedelta(days=7)) is None

    def test_nothing_is_known_of_others(self, world):
        """An answer serves the certificate it is about."""
        assert self.kept(world, HOUR).young(certificate("market-seal"), at=AT, max_age=HOUR) is None
