"""What a type folder is: a handful of files that together say everything about a certificate type.

In:    a folder on disk, with the library its page may import lying beside it
Out:   names and bytes; one digest over all of them
Trust: names and sizes are checked before anything in a file is read.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from registry.directory.findings import Finding
from signing.page import ENTRY, FILE_NAME, Template
from verification import canonical, digests

DEFINITION, FIELDS, SAMPLE, LONGEST = "definition.toml", "fields.json", "sample.json", "longest.json"
PAGE = ENTRY
LIBRARY = "_lib"
NEEDED = (DEFINITION, FIELDS, SAMPLE, LONGEST)
MOST_FILES, LARGEST, LARGEST_TEXT = 30, 8 << 20, 256 << 10  # files; bytes of all; bytes of a text file


@dataclass(frozen=True, slots=True)
class TypeFolder:
    """The files of one type by their names inside the folder."""

    files: Mapping[str, bytes]

    def __post_init__(self) -> None:
        object.__setattr__(self, "files", MappingProxyType(dict(self.files)))

    def manifest(self) -> dict[str, str]:
        """Every file's digest."""
        return {name: digests.sha256(content) for name, content in sorted(self.files.items())}

    def digest(self) -> str:
        """The digest that stands for all files."""
        return manifest_digest(self.manifest())

    def template(self) -> Template:
        """The part of the folder that draws the page."""
        return Template({name: content for name, content in self.files.items() if FILE_NAME.fullmatch(name)})


def manifest_digest(manifest: Mapping[str, str]) -> str:
    """The digest that stands for files of these names and digests."""
    return digests.sha256(canonical.encode(dict(manifest)))


def from_directory(path: Path) -> TypeFolder:
    """Read a folder from disk; what its page imports from the library beside it comes along."""
    own = {file.relative_to(path).as_posix(): file.read_bytes() for file in _files(path)}
    return with_library(own, library(path.parent))


def with_library(own: Mapping[str, bytes], shared: Mapping[str, bytes]) -> TypeFolder:
    """A folder together with the library files that its page imports by their names."""
    page = own.get(PAGE, b"")
    return TypeFolder({name: content for name, content in shared.items() if f'"{name}"'.encode() in page} | dict(own))


def library(types: Path) -> dict[str, bytes]:
    """The library that lies among type folders."""
    return {file.name: file.read_bytes() for file in _files(types / LIBRARY)}


def code(given: TypeFolder) -> str:
    """The type code a folder claims, without checking anything else; empty when it cannot be read."""
    try:
        claimed = tomllib.loads(given.files[DEFINITION].decode()).get("code", "")
    except (KeyError, ValueError, RecursionError):
        return ""
    return claimed if isinstance(claimed, str) else ""


def defects(folder: TypeFolder) -> list[Finding]:
    """What is wrong with the files as files."""
    found = [Finding("", "type.file_missing", {}, name) for name in NEEDED if name not in folder.files]
    found += [Finding("", "type.file_unknown", {}, name[:100]) for name in folder.files if not _known(name)]
    found += [Finding("", "type.picture_not_text", {}, name) for name in folder.files if _is_binary(folder, name)]
    large = [name for name, content in folder.files.items() if _is_text(name) and len(content) > LARGEST_TEXT]
    found += [Finding("", "type.file_too_large", {"limit": LARGEST_TEXT}, name) for name in large]
    if len(folder.files) > MOST_FILES or sum(map(len, folder.files.values())) > LARGEST:
        found.append(Finding("", "type.folder_too_large", {"files": MOST_FILES, "limit": LARGEST}))
    return found


def _known(name: str) -> bool:
    return len(name) <= 100 and (name in NEEDED or FILE_NAME.fullmatch(name) is not None)


def _is_binary(folder: TypeFolder, name: str) -> bool:
    """Whether a picture is bytes: the compiler takes text only, so pixels travel inside an SVG (picture_base.py)."""
    try:
        folder.files[name].decode()
    except UnicodeDecodeError:
        return not _is_text(name)
    return False


def _is_text(name: str) -> bool:
    return name.endswith((".toml", ".json", ".typ"))


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return []
    found = sorted(file for file in path.rglob("*") if file.is_file() and not file.is_symlink())
    return [file for file in found if not any(part.startswith((".", "__")) for part in file.relative_to(path).parts)]
