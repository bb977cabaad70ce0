"""Make the annotated copy of a certificate that a look-up found, once, and give it again as often as it is asked for.

In:    a look-up of the caller's authority that lives, a certificate it found in a mode that shows copies, a last day
Out:   the copy's record and bytes; the use stands in the ledger

Order: drawn and sealed first, then record and entry in one transaction; a crash in between leaves an object that the
       sweep takes. Of two at once one is kept, and both get that.
Trust: the copy shows what the matter's material allows, out of the statement; the statement itself stays here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from importlib.resources import files
from pathlib import Path

from sqlmodel import select

from registry.directory.access.callers import Caller
from registry.directory.access.scopes import Scope
from registry.directory.authorities import reading as authorities
from registry.directory.matters import reading as matters
from registry.directory.matters.materials import Material, Mode
from registry.exchange import allowances, live, narrowing, records
from registry.exchange.allowances import Allowed
from registry.exchange.copies import face
from registry.exchange.copies.face import Bounds
from registry.exchange.errors import CopyUntil, NotLive
from registry.life import known_types
from registry.store import ledger, once, statements
from registry.store.database import Database, Reading
from registry.store.documents import Documents, Kept
from registry.store.errors import NotFound
from registry.store.events import Event
from registry.store.tables.copies import AnnotatedCopy
from registry.store.tables.grants import HolderGrant
from registry.store.tables.life import Certificate
from registry.store.tables.retrievals import CertificateUse, Retrieval
from signing import glyphs, page
from verification import copies
from verification.copies import Copy, Named
from verification.legal_dates import legal_date
from verification.receipts import Receipt

KIND = "copy"
USUAL, LONGEST = timedelta(days=30), timedelta(days=366)
Seal = Callable[[bytes, datetime], bytes]


class _Raced(Exception):
    """Somebody else made this copy first."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What a copy is made from."""

    certificate: Certificate
    use: CertificateUse
    receipt: Receipt
    matter: str


@dataclass(frozen=True, slots=True)
class Maker:
    """What copies are made with: the hub's documents, its seal, the fonts."""

    documents: Documents
    seal: Seal
    fonts: tuple[Path, ...] = (glyphs.OWN_FONTS,)

    def make(
        self, db: Database, key: str, identifier: str, *, until: date | None, by: Caller, at: datetime
    ) -> AnnotatedCopy:
        """The copy of a certificate under a look-up; one that is there already is answered as it stands."""
        by.require(Scope.RETRIEVE)
        last = _last(until, at)
        with db.reading() as look:
            ground = _ground(look, self.documents, key, identifier, by=by, at=at)
            known = look.get(AnnotatedCopy, (key, identifier))
            drawn = None if known else self._drawn(look, ground, last, by=by, at=at)
        if known is not None or drawn is None:
            return known or self._absent()
        kept = self.documents.put(self.seal(drawn, at))
        row = AnnotatedCopy(act=key, certificate=identifier, document=kept.digest, until=last, by=by.id, at=at)
        try:
            self._keep(db, row, kept)
        except _Raced:
            with db.reading() as look:
                return look.get_one(AnnotatedCopy, (key, identifier))
        return row

    def _keep(self, db: Database, row: AnnotatedCopy, kept: Kept) -> None:
        told: dict[str, str | int] = {"certificate": row.certificate, "copy": row.document}
        told |= {"until": row.until.isoformat()}
        with db.writing() as tx:
            self.documents.record(tx, kept, at=row.at)
            if not once.insert(tx, row):
                raise _Raced
            ledger.append(tx, Event.COPIED, at=row.at, by=row.by, subject=row.act, facts=told, rows=[row])

    def find(self, db: Database, key: str, identifier: str, *, by: Caller) -> tuple[bytes, str]:
        """A copy that was made, byte for byte, and its digest."""
        by.require(Scope.RETRIEVE)
        with db.reading() as look:
            records.found(look, key, by=by)
            row = look.get(AnnotatedCopy, (key, identifier))
            if row is None:
                raise NotFound(kind=KIND)
            return self.documents.get(look, row.document), row.document

    def _drawn(self, look: Reading, ground: Ground, until: date, *, by: Caller, at: datetime) -> bytes:
        row, said = ground.certificate, ground.receipt.content
        told = statements.opened_of(look, self.documents.keyring, row.statement)
        kind = known_types.content(look, self.documents, row.type_code, row.type_version)
        office = authorities.name_on(look, by.authority, on=legal_date(at)).wording.name
        matter = matters.shown(
            look, ground.matter.partition("@")[0], version=int(ground.matter.partition("@")[2])
        ).matter
        material = matter.material(ground.use.material)
        allowed = None if material is None else _allowed(look, ground, material)
        names = () if allowed is None else allowed.fields(row.type_code)
        bounds = Bounds(office, str(said["purpose"]), until)
        printed = face.of(
            told, kind.schema.fields, names, bounds, row.statement, named=allowed is not None and allowed.named
        )
        made = Copy(
            of=row.identifier, type=f"{row.type_code}@{row.type_version}", title=told["title"], statement=row.statement,
            issuer=Named(**told["issuer"]), maker=Named(by.authority, office), matter=ground.matter,
            purpose=bounds.purpose, look_up=ground.use.act, made=at, until=until, fields=tuple(names), face=printed,
        )  # fmt: skip
        return self._page(made, at=at)

    def _page(self, made: Copy, *, at: datetime) -> bytes:
        template = page.Template({page.ENTRY: files("registry.exchange.copies").joinpath("page.typ").read_bytes()})
        inside = page.Attachment(
            name=copies.FILE, content=made.to_bytes(), media_type="application/json", description="Annotated copy"
        )
        parts = page.Parts(title=f"{made.title}（加注件）", attachments=(inside,))
        return page.render(template, face=made.face, parts=parts, at=at, folders=self.fonts)

    def _absent(self) -> AnnotatedCopy:
        raise NotFound(kind=KIND)


def _allowed(look: Reading, ground: Ground, material: Material) -> Allowed:
    """What a copy shows: what the matter asks for, less what a holder's grant leaves out."""
    act = look.get_one(Retrieval, ground.use.act)
    granted = None if act.grant_id is None else narrowing.read(look.get_one(HolderGrant, act.grant_id).fields)
    return Allowed(material, Mode.COPY, granted)


def _last(until: date | None, at: datetime) -> date:
    today = legal_date(at)
    last = until or today + USUAL
    if not today <= last <= today + LONGEST:
        raise CopyUntil(limit=LONGEST.days)
    return last


def _ground(look: Reading, documents: Documents, key: str, identifier: str, *, by: Caller, at: datetime) -> Ground:
    """The look-up, the certificate and the use, if a copy may be made of it now."""
    live.require(look, key, by=by, at=at)
    row = look.get(Certificate, identifier)
    wanted = select(CertificateUse).where(CertificateUse.act == key, CertificateUse.certificate == identifier)
    uses = [one for one in look.exec(wanted) if allowances.shows(Mode(one.mode), Mode.COPY)]
    if row is None or not uses:
        raise NotLive
    found = records.read(documents.keyring, records.found(look, key, by=by))
    return Ground(row, uses[0], found.receipt, str(found.receipt.content["matter"]))
