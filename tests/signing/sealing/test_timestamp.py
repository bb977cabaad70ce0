"""Time-stamps: what the own authority says, what it declines, and what is believed of one outside."""

from dataclasses import replace
from datetime import timedelta

import pytest
from asn1crypto import algos, core, tsp
from hypothesis import given, settings
from hypothesis import strategies as st

from signing.errors import KeyExpired, KeyNotForThis, TimeStampDeclined, TimeStampUnavailable, TimeStampWrong
from signing.timestamp import EXAMPLE_POLICY, LARGEST_QUERY, Authority
from signing.timestamp_outside import Outside
from verification.pdf import stamp

from .conftest import AT, Entropy, certificate, sample

REASONS = [
    *("sha1", "short", "long", "policy", "extension", "negative-nonce", "huge-nonce", "version"),
    *("nothing", "noise", "rest", "oversize", "indefinite"),
]
SIZES = {"sha1": 20, "sha256": 32, "sha384": 48, "sha512": 64}


def query(algorithm: str = "sha256", size: int | None = None, **members: object) -> bytes:
    """A request as a client of another make writes it."""
    asked = {
        "version": "v1",
        "message_imprint": {
            "hash_algorithm": algos.DigestAlgorithm({"algorithm": algorithm}),
            "hashed_message": bytes(SIZES[algorithm] if size is None else size),
        },
        **members,
    }
    return tsp.TimeStampReq(asked).dump()


class Declined(core.Sequence):
    """A response without a token, which asn1crypto's own form does not foresee (RFC 3161 §2.4.2)."""

    _fields = [("status", tsp.PKIStatusInfo)]  # noqa: RUF012 - asn1crypto's way


def declined(data: bytes) -> set[str]:
    """Why there is no token."""
    status = Declined.load(data, strict=True)["status"]
    assert status["status"].native == "rejection"
    return status["fail_info"].native


def response(data: bytes) -> tsp.TimeStampResp:
    """The response as an outside library reads it."""
    return tsp.TimeStampResp.load(data, strict=True)


def said(token: tsp.ContentInfo) -> tsp.TSTInfo:
    """What a token says."""
    return token["content"]["encap_content_info"]["content"].parsed


@pytest.fixture
def authority() -> Authority:
    """The sample authority."""
    return Authority(sample("tsa"), entropy=Entropy())


class TestStamp:
    """Authority.stamp()"""

    def test_our_verifier_believes_it(self, authority):
        """The token is over these bytes, at this time, by this authority."""
        found = stamp.read(authority.stamp(b"signature", at=AT), b"signature")

        assert found.at == AT
        assert found.token.signer == certificate("tsa")

    def test_says_what_it_must(self, authority):
        """Policy, accuracy, name; a serial number of 128 random bits; no nonce where none was asked for."""
        one, other = (said(tsp.ContentInfo.load(authority.stamp(b"x", at=AT))) for _ in range(2))

        assert one["policy"].native == EXAMPLE_POLICY
        assert one["accuracy"]["seconds"].native == 1
        assert one["nonce"].native is None
        assert one["tsa"].chosen.native["common_name"].startswith("时间戳服务")
        assert one["serial_number"].native == int.from_bytes(Entropy()(16))
        assert one["serial_number"].native != other["serial_number"].native

    def test_fits_into_what_was_announced(self, authority):
        """A seal reserves room before it knows the token."""
        sizes = {len(authority.stamp(bytes([n]), at=AT)) for n in range(60)}

        assert max(sizes) <= authority.largest <= max(sizes) + 10

    def test_an_expired_authority_is_silent(self, authority):
        """Nobody would believe the token."""
        with pytest.raises(KeyExpired):
            authority.stamp(b"x", at=AT.replace(year=2061))

    def test_a_seal_key_stamps_no_time(self):
        """The right to time-stamp stands in the certificate."""
        with pytest.raises(KeyNotForThis):
            Authority(sample("planning-seal"), entropy=Entropy()).stamp(b"x", at=AT)


class TestRespond:
    """Authority.respond()"""

    @pytest.mark.parametrize("algorithm", ["sha256", "sha384", "sha512"])
    def test_grants_a_token_over_what_was_sent(self, authority, algorithm):
        """Imprint and nonce come back as they were sent."""
        asked = query(algorithm, nonce=1 << 63, cert_req=True, req_policy=EXAMPLE_POLICY)

        found = response(authority.respond(asked, at=AT))

        assert found["status"]["status"].native == "granted"
        told = said(found["time_stamp_token"])
        assert told["message_imprint"].dump() == tsp.TimeStampReq.load(asked)["message_imprint"].dump()
        assert (told["nonce"].native, told["gen_time"].native) == (1 << 63, AT)

    @pytest.mark.parametrize(("wanted", "shown"), [(True, 1), (False, 0)])
    def test_shows_its_certificate_if_asked(self, authority, wanted, shown):
        """RFC 3161 §2.4.1: certReq."""
        found = response(authority.respond(query(cert_req=wanted), at=AT))

        assert len(found["time_stamp_token"]["content"]["certificates"]) == shown

    @pytest.mark.parametrize(
        ("asked", "failure"),
        [
            (query("sha1"), "bad_alg"),
            (query("sha256", 31), "bad_data_format"),
            (query("sha512", 32), "bad_data_format"),
            (query(req_policy="1.2.3.4"), "unaccepted_policy"),
            (query(extensions=[{"extn_id": "1.2.3.4", "extn_value": b"x"}]), "unaccepted_extensions"),
            (query(nonce=-1), "bad_request"),
            (query(nonce=1 << 300), "bad_request"),
            (query().replace(b"\x02\x01\x01", b"\x02\x01\x02", 1), "bad_request"),
            (b"", "bad_data_format"),
            (b"0" * 100, "bad_data_format"),
            (query() + b"\0", "bad_data_format"),
            (query(nonce=1 << 8 * LARGEST_QUERY), "bad_data_format"),
            (b"\x30\x80" + query()[2:] + b"\0\0", "bad_data_format"),
        ],
        ids=REASONS,
    )
    def test_declines_with_the_reason(self, authority, asked, failure):
        """A client learns what was wrong, in the protocol's own words, and gets no token."""
        assert declined(authority.respond(asked, at=AT)) == {failure}

    @settings(max_examples=60, deadline=None)
    @given(st.binary(max_size=80), st.integers(0, 60))
    def test_garbage_is_always_answered(self, noise, place):
        """No request brings the authority down."""
        own = Authority(sample("tsa"), entropy=Entropy())
        asked = query(nonce=5)

        answered = own.respond(asked[:place] + noise + asked[place + len(noise) :], at=AT)

        assert len(answered) > 300 or declined(answered)


class TestOutside:
    """Outside.stamp()"""

    def outside(self, transport, **changes: object) -> Outside:
        """A client whose network is a function."""
        client = Outside(transport=transport, chain=(certificate("tsa"),), entropy=Entropy(), timeout_seconds=5.0)
        return replace(client, **changes)

    def test_believes_the_pinned_authority(self, authority):
        """A token over the data, of the right policy, comes back; the waiting time reaches the transport."""
        waited = []
        client = self.outside(
            lambda asked, seconds: waited.append(seconds) or authority.respond(asked, at=AT), policy=EXAMPLE_POLICY
        )

        token = client.stamp(b"signature", at=AT)

        assert stamp.read(token, b"signature").at == AT
        assert len(token) <= client.largest
        assert waited == [5.0]

    @pytest.mark.parametrize("failure", [TimeoutError, ConnectionRefusedError, OSError])
    def test_silence_is_told(self, failure):
        """What the network does is one refusal that can be tried again."""

        def silent(asked: bytes, seconds: float) -> bytes:
            raise failure

        with pytest.raises(TimeStampUnavailable):
            self.outside(silent).stamp(b"x", at=AT)

    @pytest.mark.parametrize("reply", [b"", b"<html>busy</html>", b"0" * (1 << 17), bytes.fromhex("30053003020100")])
    def test_an_unreadable_reply_is_refused(self, reply):
        """A captive portal is no authority."""
        with pytest.raises((TimeStampWrong, TimeStampDeclined)):
            self.outside(lambda asked, seconds: reply).stamp(b"x", at=AT)

    def test_a_declined_request_is_told(self, authority):
        """The authority may have another policy than the one that is wanted."""
        with pytest.raises(TimeStampDeclined) as refused:
            self.outside(lambda asked, _: authority.respond(asked, at=AT), policy="1.2.3").stamp(b"x", at=AT)

        assert refused.value.facts["status"] == 2

    def test_a_token_over_something_else_is_refused(self, authority):
        """The network swaps the request."""
        with pytest.raises(TimeStampWrong) as refused:
            self.outside(lambda asked, _: authority.respond(query(cert_req=True), at=AT)).stamp(b"x", at=AT)

        assert refused.value.facts["reason"] == "unreadable"

    def test_an_old_token_is_refused(self, authority):
        """The network repeats an earlier answer about the same data: its nonce is another."""
        kept = []

        def repeating(asked: bytes, seconds: float) -> bytes:
            kept.append(authority.respond(asked, at=AT))
            return kept[0]

        client = self.outside(repeating)
        client.stamp(b"x", at=AT)
        with pytest.raises(TimeStampWrong) as refused:
            client.stamp(b"x", at=AT)

        assert refused.value.facts["reason"] == "other-nonce"

    @pytest.mark.parametrize("off", [timedelta(minutes=-5), timedelta(minutes=5)])
    def test_another_time_is_refused(self, authority, off):
        """One of the two clocks is wrong, and nobody can say which."""
        with pytest.raises(TimeStampWrong) as refused:
            self.outside(lambda asked, _: authority.respond(asked, at=AT + off)).stamp(b"x", at=AT)

        assert refused.value.facts["reason"] == "other-time"

    def test_another_authority_is_refused(self, authority):
        """Only the pinned certificate speaks, whatever root stands above the other."""
        with pytest.raises(TimeStampWrong) as refused:
            self.outside(lambda asked, _: authority.respond(asked, at=AT), chain=(certificate("ocsp"),)).stamp(
                b"x", at=AT
            )

        assert refused.value.facts["reason"] == "other-authority"

    def test_a_token_larger_than_its_room_is_refused(self, authority):
        """The room in the PDF was measured for the pinned authority."""
        with pytest.raises(TimeStampWrong) as refused:
            self.outside(lambda asked, _: authority.respond(asked, at=AT), room=0).stamp(b"x", at=AT)

        assert refused.value.facts["reason"] == "too-large"
