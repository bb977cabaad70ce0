"""Publish the types that come with the product.

In:    the folders of registry/types
Out:   for each: published now, there already, or left alone because somebody changed, withdrew or imported it

Order: safe to run at every start and by several workers at once; what an administrator did is never undone.
"""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from importlib.resources import files
from pathlib import Path

from sqlmodel import select

from registry.directory.catalog import folder, publication
from registry.directory.catalog.folder import DEFINITION, TypeFolder
from registry.directory.catalog_errors import PublishedMeanwhile
from registry.store.database import Database
from registry.store.documents import Documents
from registry.store.tables.catalog import CertificateTypeVersion
from signing import proof


class Outcome(StrEnum):
    """What became of a shipped type."""

    PUBLISHED = "published"
    THERE = "there"
    OTHER = "other"  # another content stands in the catalog: `hub catalog publish` replaces it deliberately


def ship(db: Database, documents: Documents, *, by: str, at: datetime) -> dict[str, Outcome]:
    """Publish every shipped type that the catalog does not have; answer by type code."""
    return {folder.code(given): _ship(db, documents, given, by=by, at=at) for _, given in folders()}


def folders() -> Iterator[tuple[str, TypeFolder]]:
    """The shipped folders by their names."""
    for path in sorted(root().iterdir()):
        if (path / DEFINITION).is_file():
            yield path.name, folder.from_directory(path)


def root() -> Path:
    """Where the shipped folders and their library lie."""
    return Path(str(files("registry").joinpath("types")))


def _ship(db: Database, documents: Documents, given: TypeFolder, *, by: str, at: datetime) -> Outcome:
    code = folder.code(given)
    with db.reading() as look:
        known = set(look.exec(select(CertificateTypeVersion.digest).where(CertificateTypeVersion.code == code)))
    if known:
        return Outcome.THERE if given.digest() in known else Outcome.OTHER
    try:
        publication.publish(db, documents, given, by=by, at=at, draw=proof.draw_here)
    except PublishedMeanwhile:
        return Outcome.THERE  # another worker shipped it at the same moment
    return Outcome.PUBLISHED
