"""Let a holder grant an authority a look (授权), see its grants and withdraw them; let a look-up use one.

In:    what the holder grants: to whom, for which matter, which certificate or type, once or until when
Order: a look-up sees first whether a grant opens anything, and uses it in its own transaction: a withdrawal or another
       use that came between is met there, under the row's lock; a single grant that opened nothing stays unused.
Trust: a grant opens nothing a matter does not ask for, and only certificates that bear the granting party's number.
       What an agent granted is the principal's and stays when the agent leaves.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from sqlmodel import col, select

from registry.directory.authorities import reading
from registry.directory.matter_errors import MatterNotFound
from registry.directory.matters import reading as matters
from registry.exchange import narrowing
from registry.exchange.errors import GrantOpensNothing, GrantOver, GrantRefused, GrantUnknown
from registry.exchange.persons.signed_in import Holder
from registry.store import ledger
from registry.store.database import Database, Reading, Writing
from registry.store.errors import NotFound
from registry.store.events import Event
from registry.store.tables.grants import HolderGrant
from registry.store.tables.life import CertificateHolder
from registry.store.tables.persons import Party
from verification.legal_dates import legal_date

LONGEST = timedelta(days=366)
_KIND = "grant"


@dataclass(frozen=True, slots=True)
class Given:
    """What a holder grants; `certificate`, `type_code`, `fields` left out: whatever the matter asks for."""

    authority: str
    until: datetime
    matter: str | None = None
    certificate: str | None = None
    type_code: str | None = None
    single: bool = True
    fields: tuple[str, ...] | None = None


class Stood(Protocol):
    """A certificate as a look-up finds it."""

    @property
    def identifier(self) -> str:
        """Its identifier."""

    @property
    def type_code(self) -> str:
        """Its type."""


@dataclass(frozen=True, slots=True)
class Opening:
    """What a grant opens: to a look-up, once it was found to count."""

    grant: str
    mark: bytes
    certificate: str | None
    type_code: str | None
    fields: tuple[str, ...] | None = None

    def covers(self, one: Stood) -> bool:
        """Whether it is about this certificate, if that is the granting party's."""
        return self.certificate in (None, one.identifier) and self.type_code in (None, one.type_code)


def give(db: Database, given: Given, *, by: Holder, at: datetime) -> HolderGrant:
    """Grant."""
    by.require_power(_KIND)
    if not at < given.until <= at + LONGEST or (given.certificate and given.type_code):
        raise GrantRefused
    with db.writing() as tx:
        require_scene(tx, given.authority, given.matter, at=at)
        _require_open(tx, given, at=at)
        if given.certificate is not None and not owns(tx, by.mark, given.certificate):
            raise NotFound(kind="certificate")
        made = row(tx, given, party=by.party, giver=by.id, at=at)
        tx.add(made)
        facts = {"party": made.party, "authority": made.authority, "uses": "single" if made.single else "period"}
        ledger.append(tx, Event.GRANTED, at=at, by=by.id, subject=made.id, facts=facts, rows=[made])
        return made


def require_scene(look: Reading, authority: str, matter: str | None, *, at: datetime) -> None:
    """Refuse an authority that is not there, and a matter that is not its own."""
    reading.get(look, authority)
    if matter and matters.current(look, matter, on=legal_date(at)).told.authority != authority:
        raise MatterNotFound(kind="matter")


def _require_open(look: Reading, given: Given, *, at: datetime) -> None:
    """Refuse field names under which the matter would see nothing: more likely a slip than a wish."""
    if given.fields is None or given.matter is None:
        return
    told = matters.current(look, given.matter, on=legal_date(at)).told
    asked = {name for one in told.materials for by in one.satisfied_by for name in by.fields}
    if not narrowing.both(asked, given.fields):
        raise GrantOpensNothing


def owns(look: Reading, mark: bytes, certificate: str) -> bool:
    """Whether a certificate bears a party's number."""
    return certificate in _own(look, [mark], [certificate])


def withdraw(db: Database, key: str, *, by: Holder, at: datetime) -> HolderGrant:
    """Take a grant back now; what was looked up before stays looked up."""
    by.require_power(_KIND)
    with db.writing() as tx:
        row = tx.get(HolderGrant, key, with_for_update=True)
        if row is None or row.party != by.party:
            raise NotFound(kind=_KIND)
        if reason := over(row, at=at):
            raise GrantOver(reason=reason)
        row.withdrawn_at = at
        tx.add(row)
        ledger.append(tx, Event.GRANT_WITHDRAWN, at=at, by=by.id, subject=row.id, rows=[row])
        return row


def page(db: Database, *, by: Holder, after: tuple[str] | None = None, limit: int = 50) -> Sequence[HolderGrant]:
    """The party's grants."""
    wanted = select(HolderGrant).where(HolderGrant.party == by.party, col(HolderGrant.id) > (after or ("",))[0])
    with db.reading() as look:
        return look.exec(wanted.order_by(col(HolderGrant.id)).limit(limit)).all()


def opening(look: Reading, key: str | None, *, authority: str, matter: str, at: datetime) -> Opening:
    """What a grant opens to an authority's look-up under a matter, or a refusal."""
    row = None if key is None else look.get(HolderGrant, key)
    if row is None or row.authority != authority:
        raise GrantUnknown
    if reason := over(row, at=at) or (None if row.matter in (None, matter) else "matter"):
        raise GrantOver(reason=reason)
    mark = look.get_one(Party, row.party).mark
    return Opening(row.id, mark, row.certificate, row.type_code, narrowing.read(row.fields))


def use(tx: Writing, key: str, act: str, *, at: datetime) -> list[HolderGrant]:
    """Use a grant for a look-up, in its transaction; the rows that changed."""
    row = tx.get(HolderGrant, key, with_for_update=True, populate_existing=True)
    if row is None:
        raise GrantUnknown
    if reason := over(row, at=at):
        raise GrantOver(reason=reason)
    if not row.single:
        return []
    row.used_by = act
    tx.add(row)
    return [row]


def over(row: HolderGrant, *, at: datetime) -> str | None:
    """Why a grant opens nothing any more. Pure."""
    if row.withdrawn_at is not None:
        return "withdrawn"
    if row.used_by is not None:
        return "used"
    return "expired" if at >= row.until else None


One = TypeVar("One", bound=Stood)


def within(look: Reading, opened: Opening, found: Sequence[One], *, heir_of: Sequence[bytes] = ()) -> list[One]:
    """Of some certificates those that a grant opens: the granting party's, and those of bodies it succeeded."""
    covered = [one for one in found if opened.covers(one)]
    own = _own(look, [opened.mark, *heir_of], [one.identifier for one in covered])
    return [one for one in covered if one.identifier in own]


def _own(look: Reading, marks: Sequence[bytes], certificates: Sequence[str]) -> frozenset[str]:
    here = (col(CertificateHolder.mark).in_(marks), col(CertificateHolder.certificate).in_(certificates))
    return frozenset(look.exec(select(CertificateHolder.certificate).where(*here)).all())


def row(tx: Writing, given: Given, *, party: str, giver: str, at: datetime) -> HolderGrant:
    """A fresh grant; the act that makes it names its row."""
    return HolderGrant(
        id=f"gra_{tx.random(10).hex()}",
        party=party,
        giver=giver,
        authority=given.authority,
        matter=given.matter,
        certificate=given.certificate,
        type_code=given.type_code,
        fields=None if given.fields is None else " ".join(given.fields),
        single=given.single,
        at=at,
        until=given.until,
    )
