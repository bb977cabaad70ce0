"""An office that can issue: a published letter, enrolled sample keys, a draft and a certificate made from one.

A file whose tests need it begins with `FURNISHED`, which clones it; `open_office` makes it in any other register.
"""

import json
import os
import secrets
from pathlib import Path

from hub import key_places
from hub.bench.unbound import unbound
from hub.parts import Parts
from hub.routes.matters_shapes import EXAMPLE
from hub.settings import Settings
from registry.directory import authority_seed, seals
from registry.directory.access import officers, tokens
from registry.directory.access.callers import OPERATOR, Caller
from registry.directory.access.limits import DEFAULT
from registry.directory.access.scopes import Kind, Scope
from registry.directory.catalog import publication
from registry.directory.catalog.folder import from_directory
from registry.directory.matters import publication as matters
from registry.directory.wording import Basis
from registry.life import drafts, issuance, status
from registry.life.contents import Contents, Filing, Paper
from registry.life.states.moves import Asked
from registry.store import key_folder
from registry.store.documents import Documents
from registry.store.key_folder import KeyFolder
from registry.store.tables.catalog import CertificateType
from signing import proof
from tests.worlds import AT, Furnishing
from verification.statement import Holder

OFFICE, LETTER = "114108000000000004", "11410000000000000T005"
FOLDER = Path(__file__).parents[2] / "registry" / "types" / "single-building-letter"
MOVE = {
    "move": "suspend",
    "reason": "investigation",
    "basis": {"title": "关于立案调查的通知", "number": None, "day": "2026-03-02"},
}
COMPANY = {"name": "示例市样例置业有限公司", "kind": "legal", "code_kind": "001", "code": "91990100MA0000001G"}


def fields():
    """The fields of the letter."""
    return json.loads((FOLDER / "sample.json").read_text(encoding="utf-8"))


def replacing(**changes):
    """The body of a request that replaces the letter: a building's area was wrong."""
    draft = {"type_code": LETTER, "holders": [COMPANY], "fields": fields() | {"floor_area": "8000.00"}} | changes
    return {"kind": "correct", "basis": MOVE["basis"], "draft": draft}


def open_office(parts):
    """Enter the demo's authorities, publish the letter and enrol the office's keys, unless that was done."""
    with parts.db.reading() as look:
        if look.get(CertificateType, LETTER) is not None:
            return
    at = parts.now()
    authority_seed.load(parts.db, authority_seed.demo(), by="operator", at=at)
    folder = unbound(from_directory(FOLDER))
    publication.publish(parts.db, parts.documents, folder, by="operator", at=at, draw=proof.draw_here)
    for purpose in (seals.Purpose.SEAL, seals.Purpose.CODE):
        place = f"file:defence-{purpose.value}"
        key = key_places.open_key(parts.settings.signing_folder, place)
        known = {"locator": place, "authority": OFFICE, "by": OPERATOR, "at": at}
        seals.enrol(parts.db, key, purpose, **known, unsafe_allow_samples=True)


def parts_of(db, folder):
    """The parts of a hub in a new folder, as tests have them; its clock stands still."""
    settings = Settings(home=folder, _env_file=None)
    key_folder.create(settings.wrapping_folder, entropy=os.urandom)
    keyring = KeyFolder(settings.wrapping_folder)
    return Parts(settings, db, Documents(settings.documents, keyring), keyring, now=lambda: AT)


FURNISHED = Furnishing("office", lambda db, folder: open_office(parts_of(db, folder)))


def officer(parts, role, authority=OFFICE):
    """The headers of a new officer with one role."""
    person = officers.Person(f"one-{role.value}-{secrets.token_hex(3)}", "示例", authority, frozenset({role}))
    made = officers.register(parts.db, parts.keyring, person, by=OPERATOR, at=parts.now()).officer
    with parts.db.writing() as tx:
        row = tx.merge(made)
        row.must_change = False
        token = tokens.for_officer(tx, row, how="test", at=parts.now(), limits=DEFAULT).token
    return {"Authorization": f"Bearer {token}"}


def draft(parts):
    """A draft that waits; what comes of it is on paper, too."""
    filing = Filing(LETTER, Contents(holders=(Holder(**COMPANY),), fields=fields(), paper=Paper()), medium="both")
    by = Caller(Kind.OFFICER, "off_somebody", OFFICE, frozenset({Scope.DRAFT}))
    return drafts.file(parts.db, parts.documents, filing, by=by, at=parts.now()).id


def certificate(parts):
    """A certificate from a draft of its own."""
    by = Caller(Kind.OFFICER, "off_another", OFFICE, frozenset({Scope.APPROVE, Scope.ISSUE}))
    made = drafts.approve(parts.db, draft(parts), by=by, at=parts.now())
    return issuance.issue(parts.db, parts.documents, parts.press, made.id, by=by, at=parts.now()).identifier


def motion(parts, identifier):
    """A motion on a certificate that waits for a second officer."""
    by = Caller(Kind.OFFICER, "off_somebody", OFFICE, frozenset({Scope.STATUS}))
    asked = Asked(move="revoke", reason="fraud", basis=Basis("示例撤销决定", None, parts.now().date()))
    return status.move(parts.db, parts.keyring, identifier, asked, by=by, at=parts.now()).motion.id


def matter(parts):
    """A service item of the office's own."""
    told = {**EXAMPLE, "code": "SL-0002"}
    return matters.publish(parts.db, parts.documents, told, by=OPERATOR, at=parts.now()).code
