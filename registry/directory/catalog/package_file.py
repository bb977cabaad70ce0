"""Write and read the file in which types travel: a ZIP with a manifest, its signature, and files by their digests.

    manifest.json   canonical JSON: publisher, number, digest of the package before, types with their files
    manifest.jws    detached signature over the manifest's bytes
    files/<hex>     every file once, under its SHA-256

Order: signature before files; names come from the manifest only, so no member can name a place outside.
Trust: packages come from anyone. Sizes are bounded before unpacking, digests checked before use.
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from registry.directory.catalog import unpacking
from registry.directory.catalog.folder import TypeFolder
from registry.directory.catalog_errors import PackageRefused, SignerWrong
from verification import canonical, digests, members
from verification.canonical import Json
from verification.errors import FormRefused, NotCanonical

FORMAT = "types/1"
MANIFEST, SIGNATURE, FILES = "manifest.json", "manifest.jws", "files/"
LARGEST, MOST_FILES, RATIO, SMALL = 32 << 20, 1000, 100, 1 << 20
LARGEST_SIGNATURE = 96 << 10  # a JWS with the certificates of its signer
_MEMBERS = ("format", "publisher", "number", "previous", "made", "types")
_TYPE = re.compile(r"[0-9A-Z]{18}[0-9]{3}")
_AUTHORITY = re.compile(r"[0-9A-Z]{18}")
_BROKEN = (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, struct.error)
_EPOCH = (1980, 1, 1, 0, 0, 0)
AT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")


class Signs(Protocol):
    """Signs bytes with the caller's key; answers a detached JWS."""

    def __call__(self, body: bytes, /) -> str:
        """The signature over the bytes."""
        ...


class Verifies(Protocol):
    """Checks a detached JWS over bytes; answers the code of the authority whose key made it, or refuses."""

    def __call__(self, body: bytes, signature: str, /) -> str:
        """The signer's code."""
        ...


@dataclass(frozen=True, slots=True)
class Travelling:
    """One version of one type in a package."""

    code: str
    version: int
    folder: TypeFolder

    def row(self) -> dict[str, Json]:
        """How the manifest lists it."""
        return {"code": self.code, "version": self.version, "files": self.folder.manifest()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """What a package says and holds; `digest` names its manifest."""

    publisher: str
    number: int
    previous: str | None
    types: tuple[Travelling, ...]
    manifest: bytes

    @property
    def digest(self) -> str:
        """The name of the package."""
        return digests.sha256(self.manifest)


def contents_digest(types: Sequence[Travelling]) -> str:
    """The name of what a package holds, whoever packs it and whenever."""
    return digests.sha256(canonical.encode([each.row() for each in types]))


def make(types: Sequence[Travelling], *, publisher: str, number: int, previous: str | None, made: datetime) -> Package:
    """A package and its manifest."""
    manifest: dict[str, Json] = {
        "format": FORMAT,
        "publisher": publisher,
        "number": number,
        "previous": previous,
        "made": instant(made),
        "types": [each.row() for each in types],
    }
    return Package(
        publisher=publisher, number=number, previous=previous, types=tuple(types), manifest=canonical.encode(manifest)
    )


def write(package: Package, *, sign: Signs) -> bytes:
    """The file of a package; the same package and signature give the same bytes."""
    stored = {digests.sha256(content): content for each in package.types for content in each.folder.files.values()}
    held = {FILES + digest.removeprefix("sha256:"): content for digest, content in sorted(stored.items())}
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, content in {MANIFEST: package.manifest, SIGNATURE: sign(package.manifest).encode(), **held}.items():
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), content)
    return target.getvalue()


def read(data: bytes, *, verify: Verifies) -> Package:
    """The package of a file, signature and every digest checked."""
    held = _unpacked(data)
    try:
        return _package(held, verify)
    except (NotCanonical, FormRefused) as refusal:
        raise PackageRefused(reason=refusal.code, path=str(refusal.facts.get("path", "$"))) from refusal


def instant(at: datetime) -> str:
    """An instant as packages and acknowledgements write it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def authority(value: Json, path: str) -> str:
    """The code of an authority."""
    return members.text(value, path, form=_AUTHORITY)


def whole(value: Json, path: str) -> int:
    """A number counted from 1."""
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 999_999:
        raise PackageRefused(reason="number", path=path)
    return value


def type_code(value: Json, path: str) -> str:
    """The code of a type."""
    return members.text(value, path, form=_TYPE)


def digest_text(value: Json, path: str) -> str:
    """A SHA-256 digest."""
    return members.text(value, path, form=digests.SHA256)


def _unpacked(data: bytes) -> Mapping[str, bytes]:
    if len(data) > LARGEST:
        raise PackageRefused(reason="too-large")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return {info.filename: unpacking.member(archive, info) for info in _bounded(archive.infolist(), len(data))}
    except (*_BROKEN, RuntimeError, ValueError) as error:  # an encrypted member, an offset before the file
        raise PackageRefused(reason="not-zip") from error


def _bounded(listed: Sequence[zipfile.ZipInfo], size: int) -> Sequence[zipfile.ZipInfo]:
    if len({info.filename for info in listed}) < len(listed):
        raise PackageRefused(reason="repeated-name")
    if len(listed) > MOST_FILES:
        raise PackageRefused(reason="too-many-files")
    total = sum(info.file_size for info in listed)
    if total > LARGEST or (total > SMALL and total > RATIO * size):
        raise PackageRefused(reason="bomb")
    return listed


def _package(held: Mapping[str, bytes], verify: Verifies) -> Package:
    manifest = _member(held, MANIFEST)
    signature = _member(held, SIGNATURE)[:LARGEST_SIGNATURE].decode("ascii", errors="replace")
    found = _manifest(manifest)
    publisher = authority(found["publisher"], "$.publisher")
    if verify(manifest, signature) != publisher:
        raise SignerWrong(named=publisher)
    types = members.rows(found["types"], "$.types", lambda row, path: _type(held, row, path))
    _nothing_more(held, types)
    return Package(
        publisher=publisher,
        number=whole(found["number"], "$.number"),
        previous=members.optional(found["previous"], "$.previous", digest_text),
        types=types,
        manifest=manifest,
    )


def _manifest(content: bytes) -> Mapping[str, Json]:
    value = canonical.decode(content)
    members.require_format(value, FORMAT)
    found = members.members(value, "$", _MEMBERS)
    members.text(found["made"], "$.made", form=AT)
    return found


def _type(held: Mapping[str, bytes], row: Json, path: str) -> Travelling:
    found = members.members(row, path, ("code", "version", "files"))
    named = members.mapping(found["files"], f"{path}.files")
    files = {name: _file(held, digest_text(value, f"{path}.files")) for name, value in named.items()}
    return Travelling(type_code(found["code"], f"{path}.code"), whole(found["version"], path), TypeFolder(files))


def _file(held: Mapping[str, bytes], digest: str) -> bytes:
    content = _member(held, FILES + digest.removeprefix("sha256:"))
    if digests.sha256(content) != digest:
        raise PackageRefused(reason="digest")
    return content


def _member(held: Mapping[str, bytes], name: str) -> bytes:
    if name not in held:
        raise PackageRefused(reason="file-missing", file=name)
    return held[name]


def _nothing_more(held: Mapping[str, bytes], types: Sequence[Travelling]) -> None:
    named = {FILES + digest.removeprefix("sha256:") for each in types for digest in each.folder.manifest().values()}
    if set(held) - named - {MANIFEST, SIGNATURE}:
        raise PackageRefused(reason="file-unknown")
    if len({(each.code, each.version) for each in types}) < len(types) or not types:
        raise PackageRefused(reason="types")
