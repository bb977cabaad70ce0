"""A small issuing desk for tests: real pages, real seals of the sample keys, and a trust list that knows them."""

import io
import json
import secrets
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter

from keys_sample.profiles import BODIES
from signing import cms, embed, key_files, ocsp, page, seal, status_answers, timestamp
from signing.key_files import FileKey
from tests.vectors import make_statements
from verification import certificates
from verification.legal_dates import Validity
from verification.statement import Statement
from verification.trust_list import Authority, Entitlement, ListedKey, Name, TrustList
from verification.trusted import Roots

DER = Encoding.DER
KEYS = Path(__file__).parents[2] / "keys_sample"
AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
LATER = AT + timedelta(days=30)
OFFICE = make_statements.OFFICE
SINCE = Validity(date(2020, 1, 1), None)
SOURCE = b"""
#let face = json(bytes(sys.inputs.face))
#set text(font: "Noto Serif SC")
#set page(footer: [#face.number \xe2\x80\x94 #context counter(page).display() \xe2\x80\x94])
= #face.title
#for paragraph in face.paragraphs [#paragraph #parbreak()]
#for row in face.table [#row.join("  ") #parbreak()]
#face.date
"""


@cache
def key(name: str) -> FileKey:
    """A sample key."""
    return key_files.load(KEYS / f"{name}.key", certificates_at=KEYS / f"{name}.pem")


@cache
def certificate(name: str) -> x509.Certificate:
    """A sample certificate."""
    return certificates.read((KEYS / f"{name}.pem").read_bytes())


ROOTS = Roots((certificate("root"),))


def listed(name: str, **changes: object) -> ListedKey:
    """A sample certificate as a trust list has it."""
    return ListedKey(certificate(name), **{"validity": SINCE, **changes})


def authority(slug: str, *, types: tuple[str, ...] = (f"{make_statements.TYPE}*",), **changes: object) -> Authority:
    """A sample authority that may issue some types."""
    body = BODIES[slug]
    rights = (Entitlement(types, None, None, SINCE, None, "basis"),) if types else ()
    parts = {
        "names": (Name(body.name, SINCE),),
        "nameplates": (),
        "region": "410800",
        "successors": (),
        "seals": (listed(f"{slug}-seal"),),
        "code_keys": (listed(f"{slug}-code"),),
        "may_issue": rights,
    }
    return Authority(code=body.code, **{**parts, **changes})


def trust(*authorities: Authority, **changes: object) -> TrustList:
    """A trust list of these authorities; of the defence office, if none is named."""
    parts = {
        "sequence": 1,
        "issued_at": AT,
        "next_update": LATER,
        "previous": None,
        "status_base": "https://hub.sample.invalid/v1/status/",
        "authorities": authorities or (authority("defence"),),
        "issuers": (certificate("issuing"),),
        "tsa": (listed("tsa"),),
        "ocsp": (listed("ocsp"),),
        "status_keys": (),
        "log_keys": (),
    }
    return TrustList(**{**parts, **changes})


def attached(content: bytes, name: str = "statement.json") -> page.Attachment:
    """A file inside the page."""
    return page.Attachment(name=name, content=content, media_type="application/json", description="statement")


def drawn(
    statement: Statement | None = None, *, face: dict | None = None, files: tuple[page.Attachment, ...] | None = None
) -> bytes:
    """The page of a statement, before it is sealed."""
    content = (statement or make_statements.letter()).to_bytes()
    shown = face or json.loads(content)["face"]
    inside = (attached(content),) if files is None else files
    return page.render(page.Template({"page.typ": SOURCE}), face=shown, parts=page.Parts(attachments=inside), at=AT)


@cache
def means() -> seal.Means:
    """What the sample seals share; our own check is left to the tests."""
    root, issuing = certificate("root"), certificate("issuing")
    responder = ocsp.Responder(key("ocsp"), issuing, lambda _: ocsp.GOOD, lasts=timedelta(days=1))
    answers = status_answers.Answers()
    for name in (*(f"{slug}-seal" for slug in BODIES), "ocsp"):
        one = certificate(name)
        answers.keep(status_answers.read(responder.answer(one, at=AT), one, issuing, at=AT))
    return seal.Means(
        stamper=timestamp.Authority(key("tsa"), entropy=secrets.token_bytes),
        answers=answers,
        lists=[status_answers.read_list((KEYS / "root.crl").read_bytes(), root, at=AT)],
        roots=[root],
        between=[issuing],
        self_check=lambda _document, _at: [],
    )


def sealed(document: bytes, name: str = "defence-seal") -> bytes:
    """A document sealed as the product seals: B-LT."""
    return seal.Sealer(key(name), means()).apply(document, at=AT).document


@cache
def good() -> bytes:
    """A certificate as it is issued; its seal, whose length is by chance, leaves room in its hole as most do."""
    return next(one for one in (sealed(drawn()) for _ in range(64)) if b"00>\n/ByteRange" in one)


def face() -> dict:
    """What the honest page prints."""
    return json.loads(make_statements.letter().to_bytes())["face"]


def approved(*, permission: int = 0, pades: bool = True) -> bytes:
    """The honest page under pyHanko's own signature: not certified (0), or certified with some changes permitted."""
    signer = signers.SimpleSigner.load(
        str(KEYS / "defence-seal.key"), str(KEYS / "defence-seal.pem"), ca_chain_files=(str(KEYS / "issuing.pem"),)
    )
    plan = signers.PdfSignatureMetadata(
        field_name="Seal",
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES if pades else SigSeedSubFilter.ADOBE_PKCS7_DETACHED,
        certify=permission > 0,
        docmdp_permissions=MDPPerm(permission or 1),
    )
    writer = IncrementalPdfFileWriter(io.BytesIO(drawn()))
    return signers.PdfSigner(plan, signer=signer).sign_pdf(writer).getvalue()


def embedded(document: bytes, signer, *, reserve: int = 6000) -> bytes:
    """A document with whatever the signer makes of its digest, and nothing behind it."""
    return embed.embed(embed.opened(document), signer, hash_name="sha256", reserve=reserve, at=AT)


def stamped(signature: bytes) -> bytes:
    """A time-stamp token over a signature."""
    return means().stamper.stamp(signature, at=AT)


def template(name: str = "defence-seal") -> cms.Template:
    """The signatures of a sample key."""
    return cms.Template(key(name))
