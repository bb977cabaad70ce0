"""Read and lay out an evidence container (ASiC-E): named files, one list of their digests, one signature over the list.

    mimetype    cover.pdf    words/…    proofs/…    items/…    META-INF/ASiCManifest001.xml    …/signature001.p7s

In:    the container's bytes, from anyone
Out:   its files by name, with the list and the signature; or a refusal that names the reason

Order: what the directory says is judged before a byte is unpacked; a file is never longer than was said.
Trust: nothing is written to a disk. Names are of one alphabet, each once; nothing is encrypted; what unpacks beyond a
       hundred times its size is a bomb. The list is not parsed: it is written again and must be the same bytes.
Spec:  ETSI EN 319 162-1 (ASiC-E with CAdES)
"""

import base64
import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass

from verification.errors import CheckFailed

MIMETYPE = b"application/vnd.etsi.asic-e+zip"
LIST, SIGNATURE = "META-INF/ASiCManifest001.xml", "META-INF/signature001.p7s"
MOST_FILES, LARGEST, RATIO, HARMLESS = 1_000, 256 << 20, 100, 1 << 20
NAME = re.compile(r"(?:[a-z]{1,20}/)?[0-9A-Za-z][0-9A-Za-z_-]{0,99}\.[a-z0-9]{2,5}")
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
    """A container as it lies there; nothing of it is checked but its form."""

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


def opened(data: bytes) -> Container:
    """The container in some bytes."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            told = archive.infolist()
            _require_form(archive, told)
            files = {one.filename: _content(archive, one) for one in told}
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError, ValueError, RuntimeError, OSError):
        raise CheckFailed(reason="not_a_bundle") from None
    if files.pop("mimetype") != MIMETYPE or not {LIST, SIGNATURE} <= files.keys():
        raise CheckFailed(reason="not_a_bundle")
    return Container(files, files.pop(LIST), files.pop(SIGNATURE))


def _require_form(archive: zipfile.ZipFile, told: list[zipfile.ZipInfo]) -> None:
    names = [one.filename for one in told]
    if not told or len(told) > MOST_FILES or sum(one.file_size for one in told) > LARGEST:
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
    return name in {"mimetype", LIST, SIGNATURE} or NAME.fullmatch(name) is not None


def _content(archive: zipfile.ZipFile, one: zipfile.ZipInfo) -> bytes:
    if one.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise CheckFailed(reason="not_a_bundle")
    with archive.open(one) as file:
        found = file.read(one.file_size + 1)
    if len(found) != one.file_size:
        raise CheckFailed(reason="not_a_bundle")
    return found
