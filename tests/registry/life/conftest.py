"""The world of issuing: the demo's authorities, a letter, a licence and a typeset letter as types, sample keys."""

import os
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest
from sqlmodel import select

from hub.bench.unbound import unbound
from registry.directory import authority_seed, seals
from registry.directory.access.callers import OPERATOR, Caller
from registry.directory.access.scopes import ROLES, Kind, Role, Scope
from registry.directory.catalog import publication
from registry.directory.catalog.folder import TypeFolder, from_directory
from registry.directory.entitlements import Grant, grant_entitlement
from registry.directory.seals import Purpose
from registry.directory.wording import Basis
from registry.life import drafts, issuance
from registry.life.contents import Contents, Filing
from registry.life.intents import Request
from registry.life.seal_press import SealPress
from registry.store import key_folder
from registry.store.documents import Documents
from registry.store.key_folder import KeyFolder
from registry.store.tables.ledger import LedgerEntry
from registry.store.tables.life import Certificate
from signing import glyphs, key_files
from signing.ocsp import GOOD, Responder
from signing.seal import Means
from signing.status_answers import Answers, read, read_list
from signing.timestamp import Authority
from tests.worlds import AT, Furnishing
from verification import certificates, digests, report, verify
from verification.statement import Holder
from verification.trusted import Roots

ROOT = Path(__file__).parents[3]
KEYS, TYPES = ROOT / "keys_sample", ROOT / "registry" / "types"
OFFICE, OTHER_OFFICE = "114108000000000004", "11410800000000027U"
LETTER, BODY, OUTSIDE, SINGLE = (f"11410000000000000T{number}" for number in ("005", "905", "906", "907"))
COMPANY = Holder("示例市样例置业有限公司", "legal", "001", "91990100MA0000001G")
ADDRESS = "http://127.0.0.1:8000"
BASIS = Basis("示例授权文件", None, AT.date())


def sample(name):
    """A sample key with its certificate."""
    return key_files.load(KEYS / f"{name}.key", certificates_at=KEYS / f"{name}.pem")


def opened(locator):
    """What lies at a place of the sample folder."""
    return sample(locator.removeprefix("file:"))


def certificate(name):
    """A sample certificate."""
    return certificates.read((KEYS / f"{name}.pem").read_bytes())


def officer(name, *roles, authority=OFFICE):
    """A person of an authority."""
    scopes = frozenset(scope for role in roles for scope in ROLES[role])
    return Caller(Kind.OFFICER, f"off_{name}", authority, scopes)


DRAFTER, APPROVER = officer("drafter", Role.DRAFTER), officer("approver", Role.APPROVER, Role.DRAFTER)
REGISTRAR = officer("registrar", Role.REGISTRAR)
STRANGER = officer("stranger", Role.DRAFTER, Role.APPROVER, Role.REGISTRAR, authority=OTHER_OFFICE)
SYSTEM = Caller(Kind.CLIENT, "cli_system", OFFICE, frozenset({Scope.ISSUE, Scope.DRAFT}))


@cache
def letter():
    """The shipped letter for a single building, free of its project: what it demands of that is tested by itself."""
    return unbound(from_directory(TYPES / "single-building-letter"))


def changed(code, *changes):
    """The letter under another code, with words of its definition exchanged."""
    definition = letter().files["definition.toml"].decode().replace(LETTER, code)
    for old, new in changes:
        assert old in definition
        definition = definition.replace(old, new)
    return TypeFolder({**letter().files, "definition.toml": definition.encode()})


def body_type():
    """A letter whose page is typeset elsewhere, with numbers the office may choose."""
    begin = letter().files["definition.toml"].decode().partition("paragraphs = [")[2].partition("]\n")[0]
    return changed(
        BODY,
        ('document = "rendered"', 'document = "body"'),
        ('per = "authority-year"', 'per = "authority-year"\nmanual = true'),
        (f"paragraphs = [{begin}]\n", ""),
        ('letterhead = "{issuer_name}"\n', ""),
        ('title = "关于同意{building_name}竣工验收备案的函"\n', ""),
        ('addressee = "{holder_name}："\n', ""),
        ('issuer = "{issuer_name}"\n', ""),
        ('date = "{issue_date:date}"\n', ""),
        ('identifier = "{identifier}"\n', ""),
        ('number = "{letter_number}"', 'number = "{letter_number}"'),
    )


def values():
    """The fields of the sample letter."""
    import json

    return json.loads(letter().files["sample.json"])


def filing(type_code=LETTER, **changes):
    """A draft of the letter that is right in everything."""
    own = {name: changes.pop(name) for name in ("body", "medium", "case_number", "region", "grade") if name in changes}
    contents = Contents(holders=(COMPANY,), fields=values())
    return Filing(type_code, replace(contents, **changes), **own)


class World:
    """A register with sample keys; a test changes one thing."""

    def __init__(self, db, folder):
        key_folder.create(folder / "keys", entropy=os.urandom)
        self.open(db, folder)
        authority_seed.load(db, authority_seed.demo(), by="operator", at=AT)
        self.publish(letter())
        self.enrol("defence")

    def open(self, db, folder):
        """Take up a folder and a database."""
        self.db, self.at, self.folder = db, AT, folder
        self.keyring = KeyFolder(folder / "keys")
        self.documents = Documents(folder / "documents", self.keyring)
        self.answers = Answers()
        self.press = self.new_press()

    @classmethod
    def reopened(cls, db, folder):
        """The same world in another process."""
        world = cls.__new__(cls)
        world.open(db, folder)
        return world

    def publish(self, folder):
        """Publish a type, and entitle the office to it."""
        code = publication.publish(self.db, self.documents, folder, by="operator", at=AT).code
        if code != LETTER:
            grant = Grant(code, "990100", AT.date())
            grant_entitlement(self.db, OFFICE, grant, basis=BASIS, by="operator", at=AT)

    def enrol(self, name, authority=OFFICE):
        """Enrol a sample seal and code key."""
        for purpose in (Purpose.SEAL, Purpose.CODE):
            place = f"{name}-{purpose.value}"
            seals.enrol(
                self.db,
                sample(place),
                purpose,
                locator=f"file:{place}",
                authority=authority,
                by=OPERATOR,
                at=AT,
                unsafe_allow_samples=True,
            )

    def new_press(self, *, stamper=None, open_key=opened, answered=True, fonts=(glyphs.OWN_FONTS,)):
        """A press over the sample keys with fresh status answers, and our own verifier behind the seal."""
        root, issuing = certificate("root"), certificate("issuing")
        responder = Responder(sample("ocsp"), issuing, lambda _: GOOD, lasts=timedelta(hours=12))
        if answered:
            about = certificate("defence-seal")
            self.answers.keep(read(responder.answer(about, at=self.at), about, issuing, at=self.at))
        means = Means(
            stamper=stamper or Authority(sample("tsa"), entropy=os.urandom),
            answers=self.answers,
            lists=[read_list((KEYS / "root.crl").read_bytes(), root, at=self.at)],
            roots=[root],
            between=[issuing],
            self_check=self_check,
        )
        return SealPress(self.db, means, open_key, address=ADDRESS, fonts=fonts)

    def approved(self, given=None):
        """A draft that another officer approved."""
        draft = drafts.file(self.db, self.documents, given or filing(), by=DRAFTER, at=self.at)
        return drafts.approve(self.db, draft.id, by=APPROVER, at=self.at)

    def issue(self, source=None, *, key=None, by=REGISTRAR, press=None, documents=None, digest="sha256:0"):
        """Issue now."""
        source = source or self.approved().id
        request = Request(by.id, key, digest if key else None)
        keeper = documents or self.documents
        return issuance.issue(self.db, keeper, press or self.press, source, by=by, at=self.at, request=request)

    def resume(self, *, press=None, documents=None, **limits):
        """Finish what was left lying."""
        keeper = documents or self.documents
        return issuance.resume(self.db, keeper, press or self.press, by="doctor", at=self.at, **limits)


def self_check(document, at):
    """Our own verifier's failures on a sealed document."""
    roots = Roots((certificate("root"),))
    found = verify.verify(document, trust=roots, at=at, policy=report.SELF_CHECK)
    return (
        () if found.accepted() else [check.code for check in found.checks if check.outcome == "FAILED"] or ["unknown"]
    )


def rows(world, table=Certificate):
    """The rows of a table."""
    with world.db.reading() as look:
        return list(look.exec(select(table)))


def whole(world, acknowledged=()):
    """Everything is valid or void, nothing is lost, nothing is twice, every document reads as it was signed."""
    found = rows(world)
    assert {row.state for row in found} <= {"valid", "void"}
    valid = [row for row in found if row.state == "valid"]
    assert set(acknowledged) <= {row.identifier for row in valid}
    numbers = [int(row.number.partition("〕")[2].removesuffix("号")) for row in found]
    assert sorted(numbers) == list(range(1, len(numbers) + 1))
    assert len({row.reference for row in found}) == len({row.status_index for row in found}) == len(found)
    with world.db.reading() as look:
        for row in valid:
            assert digests.sha256(world.documents.get(look, row.document)) == row.document


def events(world):
    """What the ledger tells of issuing, in order."""
    with world.db.reading() as look:
        told = list(look.exec(select(LedgerEntry.event).order_by(LedgerEntry.id)))
    return [event for event in told if event in {"drafted", "approved", "sealing", "issued", "voided"}]


@pytest.fixture
def furnished():
    """Every database begins with this world."""
    return Furnishing("life", World)


@pytest.fixture
def world(db, tmp_path):
    """A fresh world on either engine."""
    return World.reopened(db, tmp_path)
