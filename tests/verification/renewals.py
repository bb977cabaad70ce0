"""Copies that an archive renewed, and what a forger could hand in instead."""

import secrets
from datetime import datetime, timedelta
from functools import cache

from signing import cms, ocsp, renewing, status_answers, timestamp
from signing.renewing import Renewer
from tests.verification import attacks, desk
from verification.pdf import renewal
from verification.pdf.security_store import Store


def renewer(at: datetime, *, stamper: timestamp.Authority | None = None) -> Renewer:
    """Who renews at a time, with status answers of that hour."""
    shared, issuing = desk.means(), desk.certificate("issuing")
    responder = ocsp.Responder(desk.key("ocsp"), issuing, lambda _: ocsp.GOOD, lasts=timedelta(days=1))
    answers = status_answers.Answers()
    about = desk.certificate("ocsp")
    answers.keep(status_answers.read(responder.answer(about, at=at), about, issuing, at=at))
    return Renewer(
        stamper=stamper or shared.stamper, answers=answers, lists=shared.lists, roots=shared.roots, between=[issuing]
    )


@cache
def renewed(times: int = 1, *, document: bytes | None = None, at: datetime = desk.AT) -> bytes:
    """The honest file as an archive has it after some renewals, an hour between them."""
    before = document or desk.good()
    for number in range(times):
        before = renewer(at).apply(before, at=at + timedelta(minutes=number))
    return before


def by_stranger() -> bytes:
    """Renewed by an authority that is not listed."""
    authority = timestamp.Authority(desk.key("tsa"), entropy=secrets.token_bytes)
    authority._template = cms.Template(attacks.stranger(), content_type=timestamp.TOKEN)
    return renewer(desk.AT, stamper=authority).apply(desk.good(), at=desk.AT)


def filled(token, added: Store | None = None) -> bytes:
    """The form of a renewal, with whatever token is made of what it should cover."""
    prepared, place = renewal.prepare(desk.good(), added or Store(), 3000)
    covered = prepared[: place.hole] + prepared[place.resumes :]
    return renewal.fill(prepared, place, token(covered))


def into_the_past() -> bytes:
    """A second renewal that is older than the first."""
    first = renewer(desk.AT).apply(desk.good(), at=desk.AT)
    return renewer(desk.AT).apply(first, at=desk.AT - timedelta(minutes=1))


def tomorrow() -> bytes:
    """A renewal from tomorrow."""
    return renewer(desk.AT).apply(desk.good(), at=desk.AT + timedelta(hours=20))


def with_another_page() -> bytes:
    """A renewal whose revision holds one object more than it should: the page's content, written anew."""
    whole = renewed()
    place = whole.index(b"\n>>\nendobj\n", len(desk.good())) + len(b"\n>>\nendobj\n")
    return whole[:place] + b"4 0 obj\n<<\n/Length 4\n>>\nstream\nq Q \nendstream\nendobj\n" + whole[place:]


def over_an_update() -> bytes:
    """A real renewal of a file somebody had changed."""
    changed = attacks.updated(attacks.annotated)
    try:
        return renewed(document=changed)
    except renewing.NotPdf:
        return changed


KEPT = {"a renewed copy": renewed, "a copy renewed three times": lambda: renewed(3)}
FORGED = {
    "renewed by a stranger": (by_stranger, "certified.foreign_renewal"),
    "renewed with a token over something else": (
        lambda: filled(lambda _: desk.stamped(b"other")),
        "certified.foreign_renewal",
    ),
    "renewed with a seal for a token": (
        lambda: filled(lambda covered: cms.Template(desk.key("defence-seal")).of_content(covered[:64])),
        "certified.foreign_renewal",
    ),
    "renewed into the past": (into_the_past, "certified.foreign_renewal"),
    "renewed tomorrow": (tomorrow, "certified.foreign_renewal"),
    "a certificate smuggled into a renewal": (
        lambda: filled(desk.stamped, Store((desk.certificate("market-seal").public_bytes(desk.DER),))),
        "certified.foreign_store",
    ),
    "another page inside a renewal": (with_another_page, "single.several"),
    "a change renewed": (over_an_update, "whole.updated"),
    "bytes behind a renewal": (lambda: renewed() + b"\n", "single.several"),
}
