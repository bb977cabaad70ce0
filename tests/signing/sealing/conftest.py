"""The world of sealing: sample keys, an authority and a responder over them, and a page worth sealing."""

import hashlib
import io
import itertools
import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from pyhanko.pdf_utils.reader import PdfFileReader

from signing import key_files, page
from signing.key_files import FileKey
from signing.ocsp import GOOD, Responder, Standing
from signing.seal import STRICT, Means, Sealed, Sealer, StatusPolicy, Without
from signing.status_answers import Answers, read, read_list
from signing.timestamp import Authority, TimeStamper
from verification import certificates

KEYS = Path(__file__).parents[3] / "keys_sample"
TYPES = Path(__file__).parents[3] / "registry" / "types"
AT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LETTER = b'#import "official.typ": *\n#show: letter\n#title()\n#addressee()\n#argument(listed("paragraphs"))'
FACE = {
    "letterhead": "示例市国防动员办公室",
    "title": "关于同意1#住宅楼竣工验收备案的函",
    "number": "示人防函〔2026〕3号",
    "addressee": "示例市样例置业有限公司：",
    "paragraphs": ["现函复如下：", "特此函复。"],
    "issuer": "示例市国防动员办公室",
    "date": "2026年3月1日",
    "identifier": "1.2.156.3005.2.11410000000000000T005.11410000000000000T.1.001.0",
}


def sample(name: str) -> FileKey:
    """A sample key with its certificate."""
    return key_files.load(KEYS / f"{name}.key", certificates_at=KEYS / f"{name}.pem")


def certificate(name: str) -> x509.Certificate:
    """A sample certificate."""
    return certificates.read((KEYS / f"{name}.pem").read_bytes())


class Entropy:
    """Random bytes that come out the same in every run, and never twice."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)

    def __call__(self, size: int) -> bytes:
        return hashlib.shake_128(next(self._numbers).to_bytes(8)).digest(size)


@dataclass
class World:
    """Everything a seal needs; a test changes one thing."""

    at: datetime = AT
    standing: dict[int, Standing] = field(default_factory=dict)
    lasts: timedelta = timedelta(hours=12)
    checked: list[bytes] = field(default_factory=list)
    failing: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.root, self.issuing = certificate("root"), certificate("issuing")
        self.authority = Authority(sample("tsa"), entropy=Entropy())
        self.answers = Answers()

    @property
    def responder(self) -> Responder:
        """The sample CA's delegated responder."""
        return Responder(sample("ocsp"), self.issuing, lambda serial: self.standing.get(serial, GOOD), lasts=self.lasts)

    def answer(self, about: x509.Certificate, *, at: datetime | None = None) -> None:
        """Fetch and keep a status answer."""
        at = at or self.at
        self.answers.keep(read(self.responder.answer(about, at=at), about, self.issuing, at=at))

    def means(self, *, stamper: TimeStamper | None = None) -> Means:
        """What the seals share."""
        return Means(
            stamper=stamper or self.authority,
            answers=self.answers,
            lists=[read_list((KEYS / "root.crl").read_bytes(), self.root, at=self.at)],
            roots=[self.root],
            between=[self.issuing],
            self_check=self.self_check,
        )

    def self_check(self, document: bytes, at: datetime) -> tuple[str, ...]:
        """A check that remembers what it saw."""
        self.checked.append(document)
        return self.failing

    def sealer(self, name: str = "planning-seal") -> Sealer:
        """The seal of a sample authority, with a fresh status answer."""
        key = sample(name)
        self.answer(certificate(name))
        return Sealer(key, self.means())

    def seal(self, document: bytes, name: str = "planning-seal", policy: StatusPolicy = STRICT) -> Sealed:
        """A document sealed now."""
        return self.sealer(name).apply(document, at=self.at, policy=policy)

    def later(self, by: timedelta) -> "World":
        """The same world, some time later, without status answers."""
        return replace(self, at=self.at + by)


@pytest.fixture
def world() -> World:
    """A fresh world."""
    return World()


@pytest.fixture(scope="session")
def letter() -> bytes:
    """A rendered letter with its statement inside."""
    statement = page.Attachment(
        name="statement.json",
        content=json.dumps({"示例": 1}, ensure_ascii=False).encode(),
        media_type="application/json",
        description="statement",
    )
    library = (TYPES / "_lib" / "official.typ").read_bytes()
    template = page.Template({"page.typ": LETTER, "official.typ": library})
    parts = page.Parts(seal_name="示例市国防动员办公室", attachments=(statement,), sample=True)
    return page.render(template, face=FACE, parts=parts, at=AT)


@pytest.fixture(scope="session")
def sealed_letter(letter: bytes) -> Sealed:
    """The same letter, sealed in the sample world."""
    return World().seal(letter)


@pytest.fixture(scope="session")
def short_lived() -> FileKey:
    """A seal whose certificate ends in 2030, issued by the sample CA; its key is derived from a constant."""
    private = ec.derive_private_key(int.from_bytes(hashlib.sha256(b"short-lived sample").digest()), ec.SECP256R1())
    issuer = load_pem_private_key((KEYS / "issuing.key").read_bytes(), None)
    model = certificate("planning-seal")
    builder = x509.CertificateBuilder(
        issuer_name=model.issuer,
        subject_name=model.subject,
        public_key=private.public_key(),
        serial_number=4711,
        not_valid_before=datetime(2025, 1, 1, tzinfo=UTC),
        not_valid_after=datetime(2030, 1, 1, tzinfo=UTC),
        extensions=[one for one in model.extensions if not isinstance(one.value, x509.SubjectKeyIdentifier)],
    )
    made = builder.sign(issuer, hashes.SHA384(), ecdsa_deterministic=True)
    return FileKey(private, (made,), name="short-lived", checked="")


def opened(document: bytes) -> PdfFileReader:
    """The PDF as pyHanko reads it, strictly."""
    return PdfFileReader(io.BytesIO(document))


def lowered(world: World, letter: bytes) -> Sealed:
    """The letter sealed while no status answer was at hand, by a type that accepts less."""
    sealer = Sealer(sample("planning-seal"), world.means())
    return sealer.apply(letter, at=AT, policy=StatusPolicy(without=Without.LOWER))
