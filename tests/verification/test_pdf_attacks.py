"""Tampering: every known class of attack on a sealed PDF is refused, for its own reason."""

import hashlib
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signing import cms, der
from tests.vectors import make_statements
from tests.verification import attacks, desk
from verification.pdf import security_store
from verification.pdf.security_store import Store
from verification.report import Axis, Outcome, Step
from verification.verify import verify

FIRST, SIZE, RESUMES, REST = attacks.numbers()
SHA1_DIGEST = der.attribute(der.oid("1.2.840.113549.1.9.4"), der.octets(hashlib.sha1(b"x").digest()))
DROPPED = (attacks.attribute(3, attacks.DATA),)


def seal_of(document):
    """The hex in another document's hole, for this one's."""
    return lambda inside: attacks.contents(document)[: len(inside)].ljust(len(inside), b"0")


def other_certificate():
    """A second certificate of the office, sealed as honestly."""
    return desk.sealed(desk.drawn(make_statements.people(), face={**EMPTY, "title": "x"}))


EMPTY = {"number": "", "title": "", "paragraphs": [], "table": [], "date": ""}
ATTACKS = {
    "one bit of the page": (lambda: attacks.flipped(5000), "unchanged.differs"),
    "one bit of the last line": (lambda: attacks.flipped(-5, attacks.split()[0]), "whole.not_to_end"),
    "bytes behind the end": (lambda: desk.good() + b"\n%", "whole.bytes_after"),
    "a space behind the end": (lambda: desk.good() + b" ", "whole.bytes_after"),
    "an archive behind the end": (lambda: desk.good() + attacks.zipped(), "whole.other_format"),
    "an archive before the beginning": (lambda: attacks.zipped() + desk.good(), "readable.prefix"),
    "a comment before the beginning": (lambda: b"%\n" + desk.good(), "readable.prefix"),
    "another title": (lambda: attacks.updated(attacks.other_title), "whole.updated"),
    "other metadata": (lambda: attacks.updated(attacks.other_metadata), "whole.updated"),
    "an annotation": (lambda: attacks.updated(attacks.annotated), "whole.updated"),
    "another page content": (lambda: attacks.updated(attacks.replaced), "whole.updated"),
    "a page removed": (lambda: attacks.updated(attacks.page_removed), "readable.broken"),
    "a form field": (lambda: attacks.updated(attacks.field_added), "whole.updated"),
    "somebody's security store on top": (lambda: attacks.updated(attacks.foreign_store), "whole.updated"),
    "an update without a table": (lambda: desk.good() + b"1 0 obj\n<<>>\nendobj\n", "whole.updated"),
    "a trailer alone": (lambda: desk.good() + b"trailer\n<< /Root 1 0 R >>\n", "whole.updated"),
    "range not from the start": (lambda: attacks.renumbered(f"1 {SIZE - 1} {RESUMES} {REST}"), "whole.not_from_start"),
    "range with a wider hole": (lambda: attacks.renumbered(f"0 {SIZE - 9} {RESUMES} {REST}"), "whole.hole_elsewhere"),
    "range beyond the end": (lambda: attacks.renumbered(f"0 {SIZE} {RESUMES} 99999"), "whole.range_impossible"),
    "range backwards": (lambda: attacks.renumbered(f"0 {RESUMES} {SIZE} {REST}"), "whole.range_impossible"),
    "range short of the end": (lambda: attacks.renumbered(f"0 {SIZE} {RESUMES} {REST - 9}"), "whole.updated"),
    "range negative": (lambda: attacks.renumbered(f"0 -1 {RESUMES} {REST}"), "single.unclear"),
    "range empty": (lambda: attacks.renumbered(""), "single.unclear"),
    "no range": (lambda: desk.good().replace(b"/ByteRange", b"/ByteRanje"), "single.none"),
    "two ranges": (attacks.wrapped, "single.several"),
    "the signature out of its form": (
        lambda: desk.good().replace(b"/AcroForm", b"/AkroForm"),
        "single.reader_disagrees",
    ),
    "an older revision": (lambda: desk.drawn(), "single.none"),
    "no signature in the hole": (lambda: attacks.refilled(lambda inside: b"0" * len(inside)), "form.structure"),
    "bytes behind the signature": (lambda: attacks.refilled(lambda inside: inside[:-2] + b"01"), "form.structure"),
    "the hole in lower case": (lambda: attacks.refilled(bytes.lower), "whole.hole_elsewhere"),
    "another document's seal": (lambda: attacks.refilled(seal_of(other_certificate())), "unchanged.differs"),
    "an unsigned part of the seal": (lambda: attacks.refilled(lambda inside: b"3083" + inside[4:]), "form.structure"),
    "a stranger's seal": (attacks.by_stranger, "sealed.unknown_seal"),
    "a QR code key's seal": (
        lambda: attacks.resealed(lambda digest: attacks.forged(digest, "defence-code")),
        "sealed.unknown_seal",
    ),
    "another authority's seal": (lambda: desk.sealed(desk.drawn(), "planning-seal"), "owner.other_authority"),
    "a weak digest": (
        lambda: attacks.resealed(lambda digest: attacks.forged(digest, hash_id=attacks.SHA1)),
        "form.weak_digest",
    ),
    "a seal that does not name its certificate": (
        lambda: attacks.resealed(lambda digest: attacks.forged(digest, attributes=DROPPED)),
        "form.certificate_not_named",
    ),
    "a seal that names another certificate": (
        lambda: attacks.resealed(lambda digest: attacks.forged(digest, named=bytes(32))),
        "form.certificate_reference",
    ),
    "an attribute twice": (
        lambda: attacks.resealed(lambda digest: attacks.forged(digest, attributes=DROPPED * 2)),
        "form.structure",
    ),
    "two signers": (
        lambda: attacks.resealed(lambda digest: attacks.forged(digest, signers=2)),
        "form.several_signers",
    ),
    "a certificate smuggled in": (
        lambda: attacks.resealed(lambda digest: attacks.forged(digest, carried=(desk.certificate("market-seal"),))),
        "sealed.stray_certificate",
    ),
    "an unsigned attribute": (
        lambda: attacks.resealed(
            lambda digest: attacks.forged(digest, unsigned=der.explicit(1, attacks.attribute(99, der.integer(1))))
        ),
        "form.unsigned_attribute",
    ),
    "bytes that are no seal": (lambda: attacks.resealed(lambda _: der.sequence(bytes(200))), "form.structure"),
    "a time-stamp over something else": (
        lambda: attacks.stamped_otherwise(lambda _: desk.stamped(b"other")),
        "time.stamp_broken",
    ),
    "a time-stamp that is none": (lambda: attacks.stamped_otherwise(lambda _: der.sequence(b"")), "time.stamp_broken"),
    "a time-stamp from tomorrow": (lambda: attacks.stamped_otherwise(attacks.tomorrow), "time.from_future"),
    "a time-stamp that is a seal": (
        lambda: attacks.stamped_otherwise(
            lambda signature: cms.Template(desk.key("defence-seal")).of_content(signature)
        ),
        "time.stamp_broken",
    ),
    "another statement inside": (
        lambda: desk.sealed(desk.drawn(make_statements.people(), face=desk.face())),
        "page.differs",
    ),
    "no statement inside": (lambda: desk.sealed(desk.drawn(files=())), "statement.none"),
    "something else as statement": (
        lambda: desk.sealed(desk.drawn(files=(desk.attached(b"{}"),))),
        "statement.unreadable",
    ),
    "no change forbidden": (lambda: desk.approved(), "certified.not_certified"),
    "some changes permitted": (lambda: desk.approved(permission=2), "certified.not_certified"),
    "another sub-filter": (lambda: desk.approved(pades=False), "form.other_sub_filter"),
    "encrypted": (attacks.encrypted, "readable.encrypted"),
    "not a PDF": (lambda: b"hello", "readable.not_pdf"),
    "nothing": (lambda: b"", "readable.not_pdf"),
    "a head alone": (lambda: b"%PDF-1.7\n", "readable.broken"),
}


class TestAttacks:
    """verify()"""

    def test_the_untouched_file_is_genuine(self):
        """The control of this table."""
        report = verify(desk.good(), trust=desk.trust(), at=desk.AT)

        assert report.accepted()

    @pytest.mark.parametrize("name", ATTACKS)
    def test_each_is_refused_for_its_reason(self, name):
        """The first failed check names what was done, and the report can be written down."""
        build, reason = ATTACKS[name]

        report = verify(build(), trust=desk.trust(desk.authority("defence"), desk.authority("planning")), at=desk.AT)

        assert not report.accepted()
        assert report.decisive().code == reason
        assert report.plain()["accepted"] is False

    def test_a_stranger_is_refused_by_roots_too(self):
        """No path leads from the stranger to the root, whatever name it bears."""
        report = verify(attacks.by_stranger(), trust=desk.ROOTS, at=desk.AT)

        assert report.decisive().code == "sealed.unknown_issuer"

    def test_a_code_key_seals_nothing_under_roots(self):
        """A certificate for another purpose is refused although the root issued it."""
        document = attacks.resealed(
            lambda digest: attacks.forged(digest, "defence-code", carried=(desk.certificate("issuing"),))
        )

        assert verify(document, trust=desk.ROOTS, at=desk.AT).decisive().code == "sealed.other_purpose"

    def test_a_strangers_time_stamp_proves_nothing(self):
        """The seal is still the office's; when it was made stays unknown."""
        report = verify(attacks.stamped_otherwise(attacks.stamped_by_stranger), trust=desk.trust(), at=desk.AT)

        assert report.check(Step.TIME).code == "time.unknown_stamper"
        assert report.axis(Axis.SEALED) is Outcome.PASSED


class TestValidationData:
    """What may stand behind a seal."""

    def stored(self, **changes):
        sealed, store = attacks.split()
        parts = {"certificates": store.certificates, "answers": store.answers, "lists": store.lists}
        return security_store.append(sealed, Store(**{**parts, **changes}))

    def test_the_sealed_part_alone_is_genuine(self):
        """A seal without validation data is a seal; the register knows that it is not the issued file."""
        report = verify(attacks.split()[0], trust=desk.trust(), at=desk.AT)

        assert report.accepted()

    @pytest.mark.parametrize(
        "changes",
        [
            {"certificates": (der.sequence(),)},
            {"certificates": ()},
            {"answers": (der.sequence(der.enumerated(6)),)},
            {"answers": (der.sequence(der.octets(b"x")),)},
            {"lists": (der.sequence(der.octets(b"x")),)},
        ],
    )
    def test_a_store_of_anything_else_is_refused(self, changes):
        """Each piece must be sound and about this seal."""
        report = verify(self.stored(**changes), trust=desk.trust(), at=desk.AT)

        assert report.decisive().code == "certified.foreign_store"

    def test_a_certificate_that_serves_nothing_is_refused(self):
        """Nothing can be hidden in a store under the name of a certificate."""
        extra = (*attacks.split()[1].certificates, desk.certificate("market-seal").public_bytes(desk.DER))

        report = verify(self.stored(certificates=extra), trust=desk.trust(), at=desk.AT)

        assert report.decisive().code == "certified.foreign_store"

    @pytest.mark.parametrize("kind", ["certificates", "answers", "lists"])
    def test_no_bit_of_it_can_change(self, kind):
        """Every byte of a stored piece is under some signature or in the one spelling."""
        for piece in getattr(attacks.split()[1], kind):
            for place in range(0, len(piece), max(1, len(piece) // 24)):
                changed = desk.good().replace(piece, attacks.flipped(place, piece))
                assert not verify(changed, trust=desk.trust(), at=desk.AT).accepted()

    def test_a_piece_changed_in_form_is_refused(self):
        """A store is written anew in the one spelling, so the certificates' own bytes are what is judged."""
        sealed, store = attacks.split()
        changed = [attacks.flipped(-1, one) for one in store.certificates]
        for number, one in enumerate(changed):
            pieces = (*store.certificates[:number], one, *store.certificates[number + 1 :])
            report = verify(self.stored(certificates=pieces), trust=desk.trust(), at=desk.AT)
            assert report.decisive().code == "certified.foreign_store"
        assert sealed


class TestChance:
    """Bytes changed at random."""

    @settings(max_examples=150, deadline=None)
    @given(st.data())
    def test_no_change_of_a_byte_is_genuine(self, data):
        """Flip, insert or delete anywhere: never accepted, never an exception."""
        place = data.draw(st.integers(0, len(desk.good()) - 1))
        kind = data.draw(st.sampled_from(["flip", "insert", "delete"]))
        head, tail = desk.good()[:place], desk.good()[place:]
        value = data.draw(st.integers(1, 255))
        changed = {
            "flip": head + bytes([tail[0] ^ value]) + tail[1:],
            "insert": head + bytes([value]) + tail,
            "delete": head + tail[1:],
        }[kind]

        report = verify(changed, trust=desk.trust(), at=desk.AT)

        assert changed == desk.good() or not report.accepted()

    def test_no_bit_of_the_signature_can_change(self):
        """The hole has one spelling, unsigned parts included."""
        inside = attacks.contents(attacks.split()[0])
        for place in range(0, len(inside.rstrip(b"0")), 11):
            changed = attacks.refilled(lambda hexed, at=place: hexed[:at] + hexed_other(hexed, at) + hexed[at + 1 :])
            assert not verify(changed, trust=desk.trust(), at=desk.AT).accepted()

    def test_no_tag_of_the_signature_can_change(self):
        """Parts that are not signed still have one tag each."""
        inside = attacks.contents(attacks.split()[0])
        for found in re.finditer(rb"(?=(3[01]8[12]|A[01]8[12]|060B))", inside):
            at = found.start()
            changed = attacks.refilled(lambda hexed, at=at: hexed[:at] + hexed_other(hexed, at) + hexed[at + 1 :])
            assert not verify(changed, trust=desk.trust(), at=desk.AT).accepted()

    @settings(max_examples=60, deadline=None)
    @given(st.binary(max_size=400))
    def test_any_bytes_get_a_report(self, data):
        """Whatever comes in, the answer is a report."""
        assert not verify(b"%PDF-1.7\n" + data, trust=desk.trust(), at=desk.AT).accepted()


def hexed_other(hexed, at):
    """Another digit for the one at a place."""
    return b"0123456789ABCDEF"[(int(hexed[at : at + 1], 16) ^ 1) :][:1]
