"""Keep an office's materials (电子材料), list them, give them back."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from hub.callers import require
from hub.deps import Db, Kept, Keys, Now, PartsOf
from hub.once import Claimed, once
from hub.own import private
from hub.routes.materials_shapes import MaterialIn, MaterialOut
from hub.wire import Cursor, Limit, Page, cursor, position
from registry.directory.access.callers import Caller
from registry.directory.access.scopes import Scope
from registry.exchange.transfers import materials

router = APIRouter(prefix="/v1/materials", tags=["materials"])
Office = Annotated[Caller, require(Scope.TRANSFER)]
Case = Annotated[str | None, Query(max_length=64, description="of one case only")]


@router.post("", status_code=201, summary="Keep a material", response_model=MaterialOut)
@once(201)
def keep(*, asked: MaterialIn, by: Office, db: Db, parts: PartsOf, now: Now, claim: Claimed) -> MaterialOut:
    """PDF, OFD, pictures, office documents, as they are; nothing else of them is read than what they are."""
    return MaterialOut.of(parts.handovers.keep(db, asked.read(), by=by, at=now, upload=asked.upload))


@router.get("", summary="Materials of the own office")
def page(
    by: Office, db: Db, keyring: Keys, case_number: Case = None, *, limit: Limit = 50, after: Cursor = ""
) -> Page[MaterialOut]:
    """In the order they came; or those of a case."""
    rows = materials.page(db, keyring, by=by, case=case_number, after=position(after, str, str), limit=limit)
    last = cursor(rows[-1].row.at.isoformat(), rows[-1].row.id) if len(rows) == limit else None
    return Page(items=[MaterialOut.of(one) for one in rows], next=last)


@router.get("/{material}", summary="One material")
def find(material: str, by: Office, db: Db, keyring: Keys) -> MaterialOut:
    """What it is and where it comes from."""
    return MaterialOut.of(materials.find(db, keyring, material, by=by))


@router.get("/{material}/content", summary="Its bytes", response_class=Response)
def content(material: str, by: Office, db: Db, documents: Kept) -> Response:
    """The file, byte for byte as it was given."""
    data, form, digest = materials.content(db, documents, material, by=by)
    return private(data, digest, media_type=form)
