"""Everything that stops a seal, and what happens when a partner is silent."""

import io
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils import writer as pdf_writer
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader

from signing import embed
from signing.errors import (
    CertificateWithdrawn,
    KeyExpired,
    KeyNotForThis,
    NotPdf,
    PdfEncrypted,
    PdfSigned,
    PdfTooLarge,
    SealBroken,
    SigningError,
    StatusAnswerAwaited,
    StatusAnswerMissing,
    TimeStampUnavailable,
)
from signing.ocsp import UNKNOWN, Standing, State
from signing.seal import Sealer, StatusPolicy, Without
from signing.timestamp_outside import Outside
from signing.validation_data import Level
from verification import certificates
from verification.errors import CertificateRefused
from verification.pdf import security_store

from .conftest import AT, MINUTE, Entropy, World, certificate, lowered, sample
from .judge import judged


class TestInput:
    """What is refused before the key is used."""

    def refused(self, world: World, document: bytes, error: type[SigningError]) -> SigningError:
        """The refusal; nothing reached the check of what was signed."""
        with pytest.raises(error) as refusal:
            world.seal(document)
        assert world.checked == []
        return refusal.value

    @pytest.mark.parametrize(
        "document",
        [
            b"",
            b"%PDF-1.7\n",
            b"PK\x03\x04" + b"0" * 100,
            b" %PDF-1.7\n",
            "是一份文件".encode(),
            b"%PDF-1.7\n" + b"<<" * 9999,
        ],
        ids=["nothing", "header", "zip", "prefix", "text", "nested"],
    )
    def test_what_is_no_pdf(self, world, document):
        """Other formats and broken files are one refusal."""
        self.refused(world, document, NotPdf)

    @pytest.mark.parametrize("part", [0.3, 0.9, 0.99])
    def test_a_cut_off_pdf(self, world, letter, part):
        """A file that was not transferred whole is not sealed."""
        self.refused(world, letter[: int(len(letter) * part)], NotPdf)

    def test_a_pdf_without_a_page(self, world):
        """There is nothing to see."""
        out = io.BytesIO()
        pdf_writer.PdfFileWriter().write(out)

        self.refused(world, out.getvalue(), NotPdf)

    def test_an_encrypted_pdf(self, world, letter):
        """Nobody could read what is sealed."""
        copy = pdf_writer.copy_into_new_writer(PdfFileReader(io.BytesIO(letter)))
        copy.encrypt(owner_pass="secret", user_pass="")
        out = io.BytesIO()
        copy.write(out)

        self.refused(world, out.getvalue(), PdfEncrypted)

    def test_a_sealed_pdf(self, world, sealed_letter):
        """A certification is the first signature, and the only one."""
        self.refused(world, sealed_letter.document, PdfSigned)

    def test_a_pdf_with_a_store(self, world, letter):
        """Validation data stand behind a seal, not before it."""
        update = IncrementalPdfFileWriter(io.BytesIO(letter + b"\n"))
        update.root["/DSS"] = update.add_object(pdf_writer.generic.DictionaryObject())
        update.update_root()
        out = io.BytesIO()
        update.write(out)

        self.refused(world, out.getvalue(), PdfSigned)

    def test_a_pdf_that_is_too_large(self, world, letter):
        """The limit is told with the size that was found."""
        sealer = Sealer(sample("planning-seal"), replace(world.means(), largest=1000))

        with pytest.raises(PdfTooLarge) as refused:
            sealer.apply(letter, at=AT)

        assert refused.value.facts == {"found": len(letter), "largest": 1000}

    @settings(max_examples=80, deadline=None)
    @given(place=st.integers(0, 60_000), noise=st.binary(min_size=1, max_size=40))
    def test_a_damaged_pdf_gives_a_seal_or_a_refusal(self, letter, place, noise):
        """Nothing else leaves the room, whatever the reader stumbles over."""
        place = place % len(letter)
        damaged = letter[:place] + noise + letter[place + len(noise) :]

        try:
            embed.opened(damaged)
        except SigningError:
            assert damaged != letter


class TestKey:
    """The key is asked for its right, its dates and its path."""

    @pytest.mark.parametrize("name", ["tsa", "ocsp", "trust-list"])
    def test_a_key_for_something_else(self, world, letter, name):
        """What a certificate is for stands in it."""
        with pytest.raises(KeyNotForThis):
            Sealer(sample(name), world.means()).apply(letter, at=AT)

    def test_an_expired_key(self, world, letter, short_lived):
        """After its certificate has ended a seal is dead."""
        with pytest.raises(KeyExpired):
            Sealer(short_lived, world.means()).apply(letter, at=AT.replace(year=2031))

    def test_a_key_of_a_foreign_root(self, world, letter):
        """A seal that our own verifiers would not trust is not used."""
        means = replace(world.means(), roots=[certificate("planning-seal")])

        with pytest.raises(CertificateRefused):
            Sealer(sample("market-seal"), means).apply(letter, at=AT)

    @pytest.mark.parametrize("standing", [Standing(State.REVOKED, AT), UNKNOWN], ids=["revoked", "unknown"])
    def test_a_withdrawn_certificate(self, world, letter, standing):
        """Revoked and never issued are both the end, under every policy."""
        world.standing[certificate("planning-seal").serial_number] = standing

        for without in Without:
            with pytest.raises(CertificateWithdrawn):
                world.seal(letter, policy=StatusPolicy(without=without))
        assert world.checked == []


class TestStatus:
    """No young status answer is at hand: the type decides."""

    @pytest.mark.parametrize(
        ("without", "error"), [(Without.REFUSE, StatusAnswerMissing), (Without.WAIT, StatusAnswerAwaited)]
    )
    def test_refuse_and_wait_use_no_key(self, world, letter, without, error):
        """The clerk is told, or the order waits; nothing was signed."""
        with pytest.raises(error) as refused:
            Sealer(sample("planning-seal"), world.means()).apply(letter, at=AT, policy=StatusPolicy(without=without))

        assert refused.value.facts["certificate"] == certificates.thumbprint(certificate("planning-seal"))
        assert world.checked == []

    def test_lower_is_recorded_as_lower(self, world, letter):
        """The letter is time-stamped, carries no half store, and says B-T."""
        sealed = lowered(world, letter)

        assert sealed.level is Level.B_T
        assert security_store.divided(sealed.document) == (len(sealed.document), None)

    def test_an_answer_that_is_too_old_is_none(self, world, letter):
        """The largest age is the type's."""
        sealer = world.sealer()

        with pytest.raises(StatusAnswerMissing):
            sealer.apply(letter, at=AT + 11 * MINUTE, policy=StatusPolicy(max_age=10 * MINUTE))

    def test_without_the_list_of_the_root_the_level_is_lower(self, world, letter):
        """Every certificate of both paths needs its word, not only the seal's."""
        world.answer(certificate("planning-seal"))
        means = replace(world.means(), lists=[])

        with pytest.raises(StatusAnswerMissing):
            Sealer(sample("planning-seal"), means).apply(letter, at=AT)
        policy = StatusPolicy(without=Without.LOWER)
        assert Sealer(sample("planning-seal"), means).apply(letter, at=AT, policy=policy).level is Level.B_T


class TestPartners:
    """Time-stamper and self-check."""

    def test_a_silent_time_stamper_stops_the_seal(self, world, letter):
        """There is no seal without a time-stamp."""

        def silent(asked: bytes, seconds: float) -> bytes:
            raise TimeoutError

        world.answer(certificate("planning-seal"))
        outside = Outside(transport=silent, chain=(certificate("tsa"),), entropy=Entropy(), timeout_seconds=1.0)

        with pytest.raises(TimeStampUnavailable):
            Sealer(sample("planning-seal"), world.means(stamper=outside)).apply(letter, at=AT)
        assert world.checked == []

    def test_an_outside_time_stamper_serves_as_well(self, world, letter):
        """The same letter, stamped over the network, passes the same judge."""
        world.answer(certificate("planning-seal"))
        outside = Outside(
            transport=lambda asked, _: world.authority.respond(asked, at=AT),
            chain=(certificate("tsa"),),
            entropy=Entropy(),
            timeout_seconds=1.0,
        )

        sealed = Sealer(sample("planning-seal"), world.means(stamper=outside)).apply(letter, at=AT)

        assert judged(sealed.document, at=AT + MINUTE) == ("OK", True)

    def test_what_fails_our_own_check_is_thrown_away(self, world, letter):
        """Sign, then check what was signed; the names of the failed checks are told."""
        world.failing = ("intact", "trusted")

        with pytest.raises(SealBroken) as refused:
            world.seal(letter)

        assert refused.value.facts == {"failed": "intact, trusted"}

    def test_the_check_sees_what_is_handed_out(self, world, letter):
        """Not one byte is added after the check."""
        sealed = world.seal(letter)

        assert world.checked == [sealed.document]

    def test_fractions_of_a_second_do_not_count(self, world, letter):
        """/M and time-stamp say the same second."""
        sealed = world.sealer().apply(letter, at=AT.replace(microsecond=999_999))

        assert sealed.at == AT
        assert b"(D\\07220260302013000Z)" in sealed.document
