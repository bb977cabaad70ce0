"""Issue certificates, and read one's own: record, document, statement."""

from typing import Annotated

from fastapi import APIRouter, Response

from hub import live
from hub.callers import Known, require
from hub.deps import Db, Kept, Makes, Now
from hub.issuing import request_of, reused
from hub.once import Claimed
from hub.own import private
from hub.proving import PROOFS, Accepted, answer
from hub.routes.certificates_shapes import CertificateIn, CertificateOut, EndingOut
from hub.routes.moves_shapes import Day
from hub.wire import Cursor, Limit, Page, cursor, position
from registry.directory.access.callers import Caller
from registry.directory.access.scopes import Scope
from registry.life import certificates, expiry, issuance

router = APIRouter(prefix="/v1/certificates", tags=["certificates"])

Issuer = Annotated[Caller, require(Scope.ISSUE)]
_PDF, _JSON = "application/pdf", "application/json"


@router.post("", status_code=201, summary="Issue a certificate")
def issue(
    *, asked: CertificateIn, by: Issuer, db: Db, documents: Kept, press: Makes, now: Now, claim: Claimed
) -> CertificateOut:
    """Issue from an approved draft or an approved order; the same Idempotency-Key gives the same certificate."""
    with reused():
        made = issuance.issue(db, documents, press, asked.source(), by=by, at=now, request=request_of(claim))
    shown = CertificateOut.of(*certificates.made(db, made, at=now))
    return shown.made(certificates.making(db, made))


@router.get("", summary="Certificates of the own authority that are about to end")
def ending(
    *, by: Known, db: Db, now: Now, expiring_before: Day, limit: Limit = 50, after: Cursor = ""
) -> Page[EndingOut]:
    """Those that hold and end before a day, the next one first; renewed ones are not among them."""
    place = position(after, str, str)
    rows = expiry.ending(db, before=expiring_before, by=by, after=place, limit=limit, at=now)
    last = cursor(str(rows[-1].row.valid_to), rows[-1].row.identifier) if len(rows) == limit else None
    return Page(items=[EndingOut.of(one) for one in rows], next=last)


@router.get("/{identifier}", summary="One certificate of the own authority")
def find(identifier: str, by: live.Record, db: Db, now: Now) -> CertificateOut:
    """The record of a certificate, from its intent on, and where it stands now."""
    seen = certificates.sight(db, identifier, by=by, at=now)
    return CertificateOut.of(*seen).made(certificates.making(db, seen[0]))


@router.get("/{identifier}/document", summary="The sealed document", response_class=Response)
def document(identifier: str, by: live.Document, db: Db, documents: Kept) -> Response:
    """The document, byte for byte as it was sealed; it never changes."""
    return private(*certificates.document(db, documents, identifier, by=by), media_type=_PDF)


@router.get("/{identifier}/statement", summary="The statement", response_class=Response)
def statement(identifier: str, by: Known, db: Db, documents: Kept) -> Response:
    """The canonical bytes that the seal covers; their digest is what codes, logs and receipts carry."""
    return private(*certificates.statement(db, documents, identifier, by=by), media_type=_JSON)


@router.get(
    "/{identifier}/proof", summary="The evidence from the public log", responses=PROOFS, response_class=Response
)
def proof(identifier: str, by: live.Proof, db: Db, accept: Accepted = "") -> Response:
    """The entry of the issue, its place, the signed checkpoint that has it; `Accept: text/plain`: a `.tlog-proof`."""
    return answer(certificates.proof(db, identifier, by=by), accept)
