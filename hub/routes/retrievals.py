"""Look certificates of other offices up, under a matter and a case; read the receipts of what was looked up."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from hub import look_up_sheet
from hub.callers import require
from hub.deps import Db, Keys, Now, PartsOf
from hub.once import Claimed, once
from hub.own import private
from hub.routes.retrievals_shapes import (
    AnnotatedCopyIn,
    AnnotatedCopyOut,
    LookUpRecordOut,
    RetrievalIn,
    RetrievalOut,
    RetrievalRow,
)
from hub.straight import Straight
from hub.wire import Cursor, Limit, Page, cursor, position
from registry.directory.access.callers import Caller
from registry.directory.access.scopes import Scope
from registry.exchange import records, scanned

router = APIRouter(prefix="/v1/retrievals", tags=["retrievals"])
busy = APIRouter(prefix="/v1/retrievals", tags=["retrievals"], route_class=Straight)

_PDF = "application/pdf"
_EVIDENCE = "application/vnd.hub.log-evidence+json"
Office = Annotated[Caller, require(Scope.RETRIEVE)]
Case = Annotated[str | None, Query(max_length=64, description="of one case only")]


@busy.post("", status_code=201, summary="Look certificates up", response_model=RetrievalOut)
@once(201)
def retrieve(*, asked: RetrievalIn, by: Office, db: Db, parts: PartsOf, now: Now, claim: Claimed) -> bytes:
    """Name a matter, a case, a purpose, an operator and a basis; get the matter's fields, and a signed receipt."""
    return scanned.retrieve(parts.look_ups, db, parts.keyring, asked.read(), by=by, at=now).to_bytes()


@router.get("", summary="Look-ups of the own authority")
def page(by: Office, db: Db, case_number: Case = None, limit: Limit = 50, after: Cursor = "") -> Page[RetrievalRow]:
    """In the order they were made."""
    rows = records.page(db, by=by, case=case_number, after=position(after, str, str), limit=limit)
    last = cursor(rows[-1].at.isoformat(), rows[-1].id) if len(rows) == limit else None
    return Page(items=[RetrievalRow.of(row) for row in rows], next=last)


@router.get("/{retrieval}", summary="One look-up of the own authority")
def find(retrieval: str, by: Office, db: Db, keyring: Keys) -> LookUpRecordOut:
    """What its receipt says; the values that were shown are not kept."""
    return LookUpRecordOut.read(records.find(db, keyring, retrieval, by=by))


@router.get("/{retrieval}/receipt", summary="Its receipt", response_class=Response)
def receipt(retrieval: str, by: Office, db: Db, keyring: Keys) -> Response:
    """The receipt as it was signed, to be filed instead of the paper: `hub verify receipt.jws --trust LIST`."""
    found = records.find(db, keyring, retrieval, by=by)
    return private(found.token.encode(), found.row.content, media_type="application/jose")


@router.get("/{retrieval}/sheet", summary="It on paper, for the case file", response_class=Response)
def sheet(retrieval: str, by: Office, parts: PartsOf) -> Response:
    """One page (PDF/A) that says what the receipt says, with the receipt inside: 调用核验单."""
    found = records.find(parts.db, parts.keyring, retrieval, by=by)
    return Response(
        look_up_sheet.printed(parts, found), media_type=_PDF, headers={"Cache-Control": "private, no-cache"}
    )


@router.post("/{retrieval}/copies", status_code=201, summary="Make an annotated copy", response_model=AnnotatedCopyOut)
@once(201)
def copy(
    *, retrieval: str, asked: AnnotatedCopyIn, by: Office, db: Db, parts: PartsOf, now: Now, claim: Claimed
) -> AnnotatedCopyOut:
    """Of a certificate found in mode `copy`, while the look-up lives: its fields, marked, sealed by the hub."""
    made = parts.copier.make(db, retrieval, asked.certificate, until=asked.until, by=by, at=now)
    return AnnotatedCopyOut.model_validate(made)


@router.get("/{retrieval}/copies/{certificate}", summary="That copy", response_class=Response)
def copied(retrieval: str, certificate: str, by: Office, db: Db, parts: PartsOf) -> Response:
    """The copy as it was sealed (加注件): `hub verify` says whose copy it is and how the original stands."""
    return private(*parts.copier.find(db, retrieval, certificate, by=by), media_type=_PDF)


@router.get("/{retrieval}/evidence", summary="What shows that it stands in the public log", response_class=Response)
def evidence(retrieval: str, by: Office, db: Db) -> Response:
    """The entry and, a second later, its proof: `hub verify receipt.jws --trust LIST --evidence FILE`."""
    found = records.evidence_of(db, retrieval, by=by)
    return Response(found.to_bytes(), media_type=_EVIDENCE, headers={"Cache-Control": "private, no-cache"})
