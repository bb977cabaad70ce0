"""Take a large file in pieces: begun, sent on from where a line broke, then kept as a material."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import Field

from hub.callers import require
from hub.deps import Db, Keys, Now, Sent
from hub.once import Claimed, once
from hub.wire import In, Out
from registry.directory.access.callers import Caller
from registry.directory.access.scopes import Scope
from registry.exchange.transfers import uploads

router = APIRouter(prefix="/v1/uploads", tags=["uploads"])
Office = Annotated[Caller, require(Scope.TRANSFER)]
Start = Annotated[int, Path(ge=0, lt=uploads.LARGEST)]
_BODY = {
    "content": {
        "application/octet-stream": {"schema": {"type": "string", "format": "binary", "examples": ["%PDF-1.7 …"]}}
    },
    "required": True,
}


class UploadIn(In):
    """How large the file is."""

    size: int = Field(ge=1, le=uploads.LARGEST, description="bytes", examples=[24_117_248])


class UploadOut(Out):
    """How much of a file came."""

    id: str
    size: int
    received: int = Field(description="where the next piece begins")
    at: datetime
    piece: int = Field(uploads.PIECE, description="bytes that a piece has at most")


@router.post("", status_code=201, summary="Begin to send a file in pieces", response_model=UploadOut)
@once(201)
def begin(*, asked: UploadIn, by: Office, db: Db, now: Now, claim: Claimed) -> UploadOut:
    """It has a day; then `POST /v1/materials` with `upload` makes a material of it."""
    return UploadOut.model_validate(uploads.begin(db, asked.size, by=by, at=now))


@router.get("/{upload}", summary="How much of it came")
def find(upload: str, by: Office, db: Db, now: Now) -> UploadOut:
    """Where to go on."""
    return UploadOut.model_validate(uploads.find(db, upload, by=by, at=now))


@router.put("/{upload}/pieces/{start}", summary="Send a piece", openapi_extra={"requestBody": _BODY})
def take(*, upload: str, start: Start, sent: Sent, by: Office, db: Db, keyring: Keys, now: Now) -> UploadOut:
    """The bytes from `start` on. The same piece again changes nothing; 409 says where to go on."""
    return UploadOut.model_validate(uploads.take(db, keyring, upload, start, sent, by=by, at=now))
