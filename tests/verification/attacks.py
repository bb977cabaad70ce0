"""Attacks on a sealed certificate, each built from an honest one: the bytes a forger could hand in."""

import hashlib
import io
import re
import zipfile
from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.writer import copy_into_new_writer

from signing import cms, der, forms, key_files, timestamp
from signing.cms import SIGNATURE_ID, Template
from tests.verification import desk
from verification import certificates
from verification.pdf import byte_range, security_store
from verification.pdf.security_store import Store

SHA1 = der.sequence(der.oid("1.3.14.3.2.26"))
SHA256 = der.sequence(der.oid("2.16.840.1.101.3.4.2.1"))
DATA = der.oid(cms.DATA)


def split() -> tuple[bytes, Store]:
    """The honest file: what the seal covers, and the store behind it."""
    end, store = security_store.divided(desk.good())
    assert store is not None
    return desk.good()[:end], store


def flipped(place: int, document: bytes | None = None) -> bytes:
    """One bit changed."""
    changed = bytearray(document or desk.good())
    changed[place] ^= 1
    return bytes(changed)


def zipped() -> bytes:
    """A small archive."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("index.html", "other")
    return written.getvalue()


def updated(change) -> bytes:
    """The honest file with an incremental update."""
    writer = IncrementalPdfFileWriter(io.BytesIO(desk.good()))
    change(writer)
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()


def other_title(writer) -> None:
    """The title of /Info."""
    writer.set_info(generic.DictionaryObject({generic.pdf_name("/Title"): generic.pdf_string("other")}))


def other_metadata(writer) -> None:
    """The XMP packet."""
    writer.root["/Metadata"] = writer.add_object(generic.StreamObject(stream_data=b"<x/>"))
    writer.update_root()


def annotated(writer) -> None:
    """A text put over the page (evil annotation)."""
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    note = {"/Type": "/Annot", "/Subtype": "/FreeText"}
    made = generic.DictionaryObject({generic.pdf_name(k): generic.pdf_name(v) for k, v in note.items()})
    made[generic.pdf_name("/Contents")] = generic.pdf_string("other")
    page["/Annots"] = generic.ArrayObject([*page.get("/Annots", []), writer.add_object(made)])
    writer.update_container(page)


def replaced(writer) -> None:
    """Another page content (shadow attack: replace)."""
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    page["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b"BT ET"))
    writer.update_container(page)


def page_removed(writer) -> None:
    """No page left."""
    pages = writer.root["/Pages"]
    pages["/Kids"], pages["/Count"] = generic.ArrayObject(), generic.NumberObject(0)
    writer.update_container(pages)


def field_added(writer) -> None:
    """A form field (sneaky signature)."""
    field = generic.DictionaryObject({generic.pdf_name("/FT"): generic.pdf_name("/Tx")})
    form = writer.root["/AcroForm"]
    form["/Fields"].append(writer.add_object(field))
    writer.update_container(form["/Fields"])


def foreign_store(writer) -> None:
    """A security store of somebody else's."""
    writer.root["/DSS"] = writer.add_object(generic.DictionaryObject())
    writer.update_root()


def renumbered(numbers: str) -> bytes:
    """The byte range with other numbers, everything else in place."""
    found = re.search(rb"/ByteRange \[[0-9 ]+\]", desk.good())
    assert found is not None
    return desk.good().replace(found[0], b"/ByteRange [%s]" % numbers.encode().ljust(len(found[0]) - 13), 1)


def numbers() -> tuple[int, int, int, int]:
    """The honest byte range."""
    return byte_range.only(desk.good()).numbers


def refilled(filled) -> bytes:
    """The hole filled otherwise."""
    sealed, store = split()
    place = byte_range.only(sealed)
    inside = sealed[place.hole + 1 : place.resumes - 1]
    changed = filled(inside)
    assert len(changed) == len(inside)
    return security_store.append(sealed[: place.hole + 1] + changed + sealed[place.resumes - 1 :], store)


def contents(document: bytes) -> bytes:
    """The hex in a document's hole."""
    place = byte_range.only(document)
    return document[place.hole + 1 : place.resumes - 1]


def wrapped() -> bytes:
    """The signature carried along into a document of the forger's own (signature wrapping)."""
    return desk.good() + b"\n99 0 obj\n<< /Type /Sig /ByteRange [0 10 20 30] /Contents <00> >>\nendobj\n"


def encrypted() -> bytes:
    """An unsigned page, encrypted with an empty password."""
    writer = copy_into_new_writer(IncrementalPdfFileWriter(io.BytesIO(desk.drawn())).prev)
    writer.encrypt(owner_pass="owner", user_pass="")
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()


def forged(
    digest: bytes,
    name: str = "defence-seal",
    *,
    hash_id: bytes = SHA256,
    named: bytes | None = None,
    attributes: tuple[bytes, ...] | None = None,
    carried: tuple[x509.Certificate, ...] = (),
    unsigned: bytes = b"",
    signers: int = 1,
) -> bytes:
    """A CMS with one part made otherwise; the signature itself is always right."""
    key = desk.key(name)
    body = forms.body(key.certificate)
    issuer, serial = der.sequence(bytes(body.issuer.data)), der.integer(body.serial)
    own = hashlib.sha256(certificates.der(key.certificate)).digest()
    reference = der.sequence(der.sequence(der.sequence(der.octets(named or own))))
    said = sorted(
        attributes
        if attributes is not None
        else (
            der.attribute(der.oid("1.2.840.113549.1.9.3"), DATA),
            der.attribute(der.oid("1.2.840.113549.1.9.4"), der.octets(digest)),
            der.attribute(der.oid("1.2.840.113549.1.9.16.2.47"), reference),
        )
    )
    signature = key.sign(der.tlv(0x31, *said))
    method = SIGNATURE_ID[key.algorithm]
    one = der.sequence(
        *(der.integer(1), der.sequence(issuer, serial), hash_id, der.explicit(0, *said)),
        *(method, der.octets(signature), unsigned),
    )
    shown = der.explicit(0, *map(certificates.der, (key.certificate, *carried)))
    inner = der.sequence(
        der.integer(1), der.set_of(hash_id), der.sequence(DATA), shown, der.tlv(0x31, *[one] * signers)
    )
    return der.sequence(der.oid("1.2.840.113549.1.7.2"), der.explicit(0, inner))


def attribute(number: int, value: bytes) -> bytes:
    """A signed attribute of PKCS #9."""
    return der.attribute(der.oid(f"1.2.840.113549.1.9.{number}"), value)


def resealed(signer) -> bytes:
    """The honest page under a signature made otherwise."""
    return desk.embedded(desk.drawn(), signer)


def stamped_otherwise(stamp) -> bytes:
    """The honest page under the right seal with another time-stamp."""
    return resealed(lambda digest: desk.template().sign(digest, stamp=stamp))


def tomorrow(signature: bytes) -> bytes:
    """A time-stamp from tomorrow."""
    return desk.means().stamper.stamp(signature, at=desk.AT + timedelta(days=1))


@cache
def stranger() -> key_files.FileKey:
    """A seal that calls itself the office's and is nobody's."""
    private = ec.generate_private_key(ec.SECP256R1())
    name = desk.certificate("defence-seal").subject
    assert name.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
    made = (
        x509.CertificateBuilder(desk.certificate("issuing").subject, name, private.public_key(), 7)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2040, 1, 1, tzinfo=UTC))
        .sign(private, hashes.SHA256())
    )
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return key_files.parse(pem, name="stranger", certificates_pem=made.public_bytes(Encoding.PEM))


def by_stranger() -> bytes:
    """The honest page under the stranger's seal."""
    return resealed(lambda digest: Template(stranger()).sign(digest))


def stamped_by_stranger(signature: bytes) -> bytes:
    """A time-stamp by the stranger."""
    authority = timestamp.Authority(desk.key("tsa"), entropy=bytes)
    authority._template = Template(stranger(), content_type=timestamp.TOKEN)
    return authority.stamp(signature, at=desk.AT)
