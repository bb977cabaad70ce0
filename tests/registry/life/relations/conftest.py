"""A site: one project with four buildings over two kinds of ground, its approval, and the types that rest on it."""

from datetime import date, timedelta
from functools import cache

import pytest

from registry.directory.access.callers import OPERATOR
from registry.directory.access.scopes import Role
from registry.directory.catalog import content, publication
from registry.directory.catalog.folder import from_directory
from registry.directory.projects import absences, reading, record
from registry.directory.projects.history import Absence, DatedName, Since
from registry.directory.projects.record import NewBuilding
from registry.directory.wording import Basis
from registry.life import drafts
from registry.life.contents import Contents, Filing
from registry.store import statements
from signing import proof
from signing.ocsp import GOOD, Responder
from signing.status_answers import read
from tests.registry.life.conftest import (
    APPROVER,
    COMPANY,
    DRAFTER,
    OFFICE,
    TYPES,
    World,
    certificate,
    officer,
)
from tests.registry.life.conftest import sample as sample_key
from tests.worlds import AT, Furnishing
from verification import canonical
from verification.statement import from_bytes

CODE, OTHER = "2503-410199-04-01-000001", "2503-410199-04-01-000002"
DAY = date(2025, 3, 1)
BASIS = Basis("示例立项文件", None, DAY)
SINCE = Since(DAY, BASIS)
APPROVAL, LETTER, OPINION, PERMIT, TITLE = (
    "shelter-build-approval",
    "single-building-letter",
    "project-acceptance-opinion",
    "construction-permit",
    "real-estate-title",
)
NAMES = {1: "1#住宅楼", 2: "2#住宅楼", 3: "3#住宅楼", 5: "5#商业综合楼"}
ABSENCE = Absence("建施-01（示例）", "示例市人防办工程科", date(2025, 4, 1))
REGISTRAR = officer("registrar", Role.REGISTRAR)


def unit(number):
    """The unit code of a building."""
    return f"410199001001GB00001F{number:04}0000"


@cache
def shipped(slug):
    """A shipped type, read."""
    return content.read(from_directory(TYPES / slug))


def sample(slug):
    """The fields of its sample."""
    return dict(canonical.decode(canonical.encode(content.json_of(shipped(slug).folder, "sample.json")[0])))


class Site(World):
    """A world with a project; building 1# and 2# stand over ordinary ground."""

    def __init__(self, db, folder):
        super().__init__(db, folder)
        for slug in (LETTER, APPROVAL, OPINION):
            self.ship(slug)
        self.project(CODE, NAMES)
        self.project(OTHER, {8: "8#楼"})
        for number in (1, 2):
            self.absence(number)
        self.approval = self.make(APPROVAL).number

    @classmethod
    def reopened(cls, db, folder):
        """The same site in another process; its approval is the first one."""
        world = super().reopened(db, folder)
        world.approval = "示人防审〔2026〕1号"
        return world

    def join(self, name, authority):
        """Let another department seal, with its sample keys and their answers."""
        self.enrol(name, authority=authority)
        issuing = certificate("issuing")
        responder = Responder(sample_key("ocsp"), issuing, lambda _: GOOD, lasts=timedelta(hours=12))
        about = certificate(f"{name}-seal")
        self.answers.keep(read(responder.answer(about, at=self.at), about, issuing, at=self.at))

    def ship(self, slug):
        """Publish a shipped type as it is."""
        publication.publish(self.db, self.documents, shipped(slug).folder, by="operator", at=AT, draw=proof.draw_here)

    def project(self, code, names):
        """Register a project with its buildings."""
        new = [NewBuilding(name, "一期", unit(number)) for number, name in names.items()]
        name = DatedName("示例花园一期工程", DAY, BASIS)
        record.register(self.db, code, name, new, authority=OFFICE, by=OPERATOR, at=AT)

    def absence(self, number):
        """Record that there is no shelter below a building."""
        absences.enter(self.db, self.building(number), ABSENCE, by=REGISTRAR, at=AT)

    def building(self, number, code=CODE):
        """The id of a building."""
        with self.db.reading() as look:
            return reading.get(look, code).coded(unit(number)).id

    def fields(self, slug, **changes):
        """The fields of a certificate that is right in everything."""
        told = sample(slug) | ({} if slug in {APPROVAL, PERMIT, TITLE} else {"approval_number": self.approval})
        return {**told, **changes}

    def filing(self, slug, *, relations=(), **changes):
        """A draft of it."""
        contents = Contents(holders=(COMPANY,), fields=self.fields(slug, **changes), relations=relations)
        return Filing(shipped(slug).definition.code, contents)

    def letter(self, number, **changes):
        """A draft of a letter for a building."""
        named = {"building_name": NAMES[number], "estate_unit": unit(number)}
        return self.filing(LETTER, **{**named, **changes})

    def make(self, source, **changes):
        """Issue a certificate of a type, or from a draft."""
        given = self.filing(source, **changes) if isinstance(source, str) else source
        draft = drafts.file(self.db, self.documents, given, by=DRAFTER, at=self.at)
        drafts.approve(self.db, draft.id, by=APPROVER, at=self.at)
        return self.issue(draft.id)

    def approved_of(self, given):
        """The id of an approved draft, to be issued later."""
        draft = drafts.file(self.db, self.documents, given, by=DRAFTER, at=self.at)
        return drafts.approve(self.db, draft.id, by=APPROVER, at=self.at).id

    def said(self, row):
        """The statement of a certificate."""
        with self.db.reading() as look:
            return from_bytes(statements.read(look, self.keyring, row.statement))


def found_in(refusal):
    """The findings of a refusal: place, code and facts."""
    return [(finding.place, finding.code, dict(finding.facts)) for finding in refusal.value.findings]


@pytest.fixture
def furnished():
    """Every database begins with this site."""
    return Furnishing("site", Site)


@pytest.fixture
def site(db, tmp_path):
    """A fresh site on either engine."""
    return Site.reopened(db, tmp_path)
