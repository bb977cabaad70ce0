"""Administer officers (经办人) over HTTP."""

from typing import Annotated

from fastapi import APIRouter

from hub.callers import Known, require
from hub.deps import Db, Keys, Now
from hub.once import Claimed, once
from hub.routes.officers_shapes import EnrolledOut, OfficerIn, OfficerOut, PasswordIn, RolesIn
from hub.wire import Cursor, Limit, Page, cursor, position
from registry.directory.access import accounts, officers
from registry.directory.access.callers import Caller
from registry.directory.access.scopes import Scope

router = APIRouter(prefix="/v1/officers", tags=["officers"])

Administrator = Annotated[Caller, require(Scope.OFFICER_ADMIN)]


@router.post("", status_code=201, summary="Register an officer", response_model=EnrolledOut)
@once(201)
def register(*, asked: OfficerIn, by: Administrator, db: Db, keyring: Keys, now: Now, claim: Claimed) -> EnrolledOut:
    """Register an officer of the own authority; first password and code seed are shown once."""
    return EnrolledOut.enrolled(officers.register(db, keyring, asked.person(), by=by, at=now))


@router.get("", summary="List officers")
def listing(by: Administrator, db: Db, limit: Limit = 50, after: Cursor = "") -> Page[OfficerOut]:
    """Officers of the own authority, disabled ones too."""
    rows = officers.listing(db, by=by, after=(position(after, str) or ("",))[0], limit=limit)
    return Page(items=[OfficerOut.of(row) for row in rows], next=cursor(rows[-1].id) if len(rows) == limit else None)


# Not kept for repeats: a wrong old password must be counted even though the request is refused.
@router.post("/me/password", summary="Change the own password")
def change_password(asked: PasswordIn, by: Known, db: Db, now: Now) -> OfficerOut:
    """Set the own password; every token of the account ends, this one too."""
    return OfficerOut.of(accounts.change_password(db, old=asked.old, new=asked.new, by=by, at=now))


@router.get("/{officer_id}", summary="One officer")
def find(officer_id: str, by: Known, db: Db) -> OfficerOut:
    """The own account, or one of the own authority for its administrators."""
    return OfficerOut.of(officers.find(db, officer_id, by=by))


@router.put("/{officer_id}/roles", summary="Give an officer other roles", response_model=OfficerOut)
@once(200)
def change_roles(*, officer_id: str, asked: RolesIn, by: Administrator, db: Db, now: Now, claim: Claimed) -> OfficerOut:
    """Give an officer other roles; rights taken away end at once."""
    return OfficerOut.of(accounts.change_roles(db, officer_id, roles=asked.roles, by=by, at=now))


@router.post("/{officer_id}/disable", summary="Close an account", response_model=OfficerOut)
@once(200)
def disable(officer_id: str, by: Administrator, db: Db, now: Now, claim: Claimed) -> OfficerOut:
    """Close an account with all its tokens."""
    return OfficerOut.of(accounts.disable(db, officer_id, by=by, at=now))


@router.post("/{officer_id}/enable", summary="Open an account again", response_model=OfficerOut)
@once(200)
def enable(officer_id: str, by: Administrator, db: Db, now: Now, claim: Claimed) -> OfficerOut:
    """Open an account again; old tokens stay ended."""
    return OfficerOut.of(accounts.enable(db, officer_id, by=by, at=now))


@router.post("/{officer_id}/unlock", summary="Open a locked login", response_model=OfficerOut)
@once(200)
def unlock(officer_id: str, by: Administrator, db: Db, now: Now, claim: Claimed) -> OfficerOut:
    """Open a login that wrong tries have locked."""
    return OfficerOut.of(accounts.unlock(db, officer_id, by=by, at=now))


@router.post("/{officer_id}/reset", summary="New password and codes", response_model=EnrolledOut)
@once(200)
def reset(*, officer_id: str, by: Administrator, db: Db, keyring: Keys, now: Now, claim: Claimed) -> EnrolledOut:
    """Draw a new first password and code seed for somebody who lost them."""
    return EnrolledOut.enrolled(accounts.reset(db, keyring, officer_id, by=by, at=now))
