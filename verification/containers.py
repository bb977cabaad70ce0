"""Read and lay out an evidence container (ASiC-E): named files, one list of their digests, one signature over the list.

    mimetype    cover.pdf    words/…    proofs/…    items/…    META-INF/ASiCManifest001.xml    …/signature001.p7s

In:    the container, from anyone
Out:   its files by their digests, what is said in it, the list and the signature; or a refusal that names the reason

Order: what the directory says is judged before a byte is unpacked; a file is never longer than was said. Items and
       cover are digested piece by piece and not kept: a container of gigabytes is judged in little memory.
Trust: nothing is written to a disk. Names are of one alphabet, each once; nothing is encrypted; what unpacks beyond a
       hundred times its size is a bomb. The list is not parsed: it is written again and must be the same bytes.
Spec:  ETSI EN 319 162-1 (ASiC-E with CAdES)
"""

import base64
import hashlib
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO

from verification import digests
from verification.errors import CheckFailed

MIMETYPE = b"application/vnd.etsi.asic-e+zip"
LIST, SIGNATURE = "META-INF/ASiCManifest001.xml", "META-INF/signature001.p7s"
MOST_FILES, LARGEST, RATIO, HARMLESS = 1_000, 8 << 30, 100, 1 << 20
KEPT = 32 << 20  # bytes of all that is read whole
NAME = re.compile(r"(?:[a-z]{1,20}/)?[0-9A-Za-z][0-9A-Za-z_-]{0,99}\.[a-z0-9]{2,5}")
_FRAME, _SAYING = {"mimetype", LIST, SIGNATURE}, ("words/", "own/", "proofs/")
_MEDIA = {
    "pdf": "application/pdf", "json": "application/json", "jws": "application/jose", "png": "image/png",
    "jpg": "image/jpeg", "tif": "image/tiff", "ofd": "application/ofd",
}  # fmt: skip
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<asic:ASiCManifest xmlns:asic="http://uri.etsi.org/02918/v1.2.1#" '
    'xmlns:ds="http://www.w3.org/2000/09/xmldsig#">'
    f'<asic:SigReference URI="{SIGNATURE}" MimeType="application/pkcs7-signature"/>'
)
_FILE = (
    '<asic:DataObjectReference URI="{name}" MimeType="{media}">'
    '<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/>'
    "<ds:DigestValue>{digest}</ds:DigestValue></asic:DataObjectReference>"
)


@dataclass(frozen=True, slots=True)
class Container:
    """A container as it lies there: digests by name, the files that say something. Only its form is checked."""

    named: Mapping[str, str]
    files: Mapping[str, bytes]
    listed: bytes
    signature: bytes


def list_of(found: Mapping[str, str]) -> bytes:
    """The list of some files by their digests, in the order of their names: one spelling for everybody."""
    rows = [_FILE.format(name=name, media=media_type(name), digest=_encoded(found[name])) for name in sorted(found)]
    return "".join([_HEAD, *rows, "</asic:ASiCManifest>\n"]).encode()


def _encoded(digest: str) -> str:
    return base64.b64encode(bytes.fromhex(digest.partition(":")[2])).decode()


def media_type(name: str) -> str:
    """What a file is said to be, by its name."""
    return _MEDIA.get(name.rpartition(".")[2], "application/octet-stream")


def opened(file: BinaryIO) -> Container:
    """The container in a file."""
    try:
        with zipfile.ZipFile(file) as archive:
            told = archive.infolist()
            _require_form(archive, told)
            read = {one.filename: _read(archive, one) for one in told}
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError, ValueError, RuntimeError, OSError):
        raise CheckFailed(reason="not_a_bundle") from None
    files = {name: content for name, (_, content) in read.items() if content is not None}
    if files.pop("mimetype") != MIMETYPE or not {LIST, SIGNATURE} <= files.keys():
        raise CheckFailed(reason="not_a_bundle")
    named = {name: digest for name, (digest, _) in read.items() if name not in _FRAME}
    return Container(named, files, files.pop(LIST), files.pop(SIGNATURE))


def _require_form(archive: zipfile.ZipFile, told: list[zipfile.ZipInfo]) -> None:
    names = [one.filename for one in told]
    if not told or len(told) > MOST_FILES or sum(one.file_size for one in told) > LARGEST:
        raise CheckFailed(reason="too_large")
    if sum(one.file_size for one in told if _says_something(one.filename)) > KEPT:
        raise CheckFailed(reason="too_large")
    if names[0] != "mimetype" or told[0].compress_type != zipfile.ZIP_STORED or archive.comment:
        raise CheckFailed(reason="not_a_bundle")
    if len(set(names)) != len(names) or not all(map(_is_named, names)):
        raise CheckFailed(reason="strange_names")
    if any(one.file_size > HARMLESS and one.file_size > RATIO * max(1, one.compress_size) for one in told):
        raise CheckFailed(reason="bomb")
    if min(one.header_offset for one in told) != 0 or any(one.flag_bits & 1 for one in told):
        raise CheckFailed(reason="not_a_bundle")


def _is_named(name: str) -> bool:
    return name in _FRAME or NAME.fullmatch(name) is not None


def _says_something(name: str) -> bool:
    return name in _FRAME or name.startswith(_SAYING)


def _read(archive: zipfile.ZipFile, one: zipfile.ZipInfo) -> tuple[str, bytes | None]:
    """The digest of a file; and what it says, if it says something."""
    if one.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise CheckFailed(reason="not_a_bundle")
    found, size, kept = hashlib.sha256(), 0, bytearray() if _says_something(one.filename) else None
    with archive.open(one) as file:
        while piece := file.read(digests.PIECE):
            size += len(piece)
            found.update(piece)
            if kept is not None:
                kept += piece
    if size != one.file_size:
        raise CheckFailed(reason="not_a_bundle")
    return f"sha256:{found.hexdigest()}", None if kept is None else bytes(kept)
