"""registry/directory/catalog/exports.py, imports.py"""

import io
import json
import shutil
import zipfile
from datetime import timedelta

import pytest
from sqlmodel import select

from registry.directory.catalog import exports, imports, listing, package_file, publication
from registry.directory.catalog.package_file import Travelling
from registry.directory.catalog_errors import (
    AcknowledgementRefused,
    PackageChainBroken,
    PackageOlder,
    PackageRefused,
    SignerWrong,
    TypeFromElsewhere,
    TypeOurs,
    TypeRefused,
    VersionDiffers,
)
from registry.store.database import Database
from registry.store.tables.catalog import CertificateType, TypePackage
from registry.store.tables.ledger import LedgerEntry
from signing import proof
from verification import canonical, entries

PROVINCE, CITY, OTHER = "11410000000000000T", "114101000000000010", "114102000000000010"
CODE = "11410000000000000T901"


@pytest.fixture
def lower(sqlite_house, tmp_path):
    """A city's own database."""
    shutil.copy(sqlite_house, tmp_path / "city.sqlite")
    city = Database(f"sqlite:///{tmp_path / 'city.sqlite'}")
    yield city
    city.close()


@pytest.fixture
def send(db, documents, keys, at):
    """Export versions at the province."""

    def export(*versions, code=CODE):
        wanted = [(code, version) for version in versions]
        return exports.export(
            db, documents, wanted, publisher=PROVINCE, sign=keys.sign(PROVINCE), by="officer:1", at=at
        )

    return export


@pytest.fixture
def take(lower, documents, keys, at):
    """Import a package at the city."""

    def import_(data, at=at):
        return imports.import_package(
            lower,
            documents,
            data,
            verify=keys.verify,
            importer=CITY,
            sign=keys.sign(CITY),
            by="officer:2",
            at=at,
            draw=proof.draw_here,
        )

    return import_


def publish(db, documents, folder, at):
    return publication.publish(db, documents, folder, by="officer:1", at=at, draw=proof.draw_here)


class TestExport:
    """exports.export()"""

    def test_same_contents_are_the_same_package(self, db, documents, small, at, send):
        """Asking twice gives the same bytes; other contents are the next package, which names the one before."""
        publish(db, documents, small.folder(), at)
        first, again = send(1), send(1)
        publish(db, documents, small.folder(page=small.page + " "), at)
        second = send(1, 2)

        assert first == again
        manifests = [json.loads(zipfile.ZipFile(io.BytesIO(data)).read("manifest.json")) for data in (first, second)]
        assert [manifest["number"] for manifest in manifests] == [1, 2]
        with db.reading() as look:
            rows = look.exec(select(TypePackage).order_by(TypePackage.number)).all()
        assert manifests[1]["previous"] == rows[0].digest


class TestImport:
    """imports.import_package()"""

    def test_types_arrive_with_their_versions(self, db, lower, documents, small, at, send, take):
        """The city has the province's version numbers and bytes, and may not change them."""
        publish(db, documents, small.folder(), at)
        publish(db, documents, small.folder(page=small.page + " "), at)

        answer = take(send(1, 2))

        assert answer.versions == ((CODE, 1), (CODE, 2))
        with lower.reading() as look:
            assert listing.entry(look, CODE).version.version == 2
            assert listing.files(look, documents, CODE, 1) == small.folder()
        with pytest.raises(TypeFromElsewhere):
            publish(lower, documents, small.folder(page=small.page + "  "), at)

    def test_acknowledgement_comes_home(self, db, documents, small, at, send, take, keys):
        """The publisher knows who took which package when; hearing it twice changes nothing."""
        publish(db, documents, small.folder(), at)
        word = take(send(1), at + timedelta(hours=1)).acknowledgement

        for later in (2, 3):
            heard = at + timedelta(hours=later)
            told = exports.acknowledge(db, word, verify=keys.verify, by="officer:1", at=heard)
        with db.reading() as look:
            assert exports.acknowledged(look, PROVINCE) == [told]
        assert (told.number, told.importer) == (1, CITY)
        assert (told.imported_at - at, told.heard_at - at) == (timedelta(hours=1), timedelta(hours=2))

    def test_same_package_again(self, db, lower, documents, small, at, send, take):
        """A package that is here already writes nothing and is acknowledged again, with the first time."""
        publish(db, documents, small.folder(), at)
        first = take(send(1))
        again = take(send(1), at + timedelta(days=1))

        assert (again.versions, again.package.at) == ((), at)
        assert (
            json.loads(again.acknowledgement)["acknowledgement"] == json.loads(first.acknowledgement)["acknowledgement"]
        )
        with lower.reading() as look:
            assert len(look.exec(select(LedgerEntry)).all()) == 1

    def test_older_package(self, db, documents, small, at, send, take):
        """Who has package 2 does not go back to package 1."""
        publish(db, documents, small.folder(), at)
        first = send(1)
        publish(db, documents, small.folder(page=small.page + " "), at)
        take(send(1, 2))

        with pytest.raises(PackageOlder) as refused:
            take(first)
        assert refused.value.facts == {"number": 1, "last": 2}

    def test_package_of_another_history(self, db, documents, small, at, send, take, keys):
        """A package that follows another first one than ours is refused."""
        publish(db, documents, small.folder(), at)
        take(send(1))
        fork = package_file.make(
            [Travelling(CODE, 2, small.folder(page=small.page + " "))],
            publisher=PROVINCE,
            number=2,
            previous="sha256:" + "0" * 64,
            made=at,
        )

        with pytest.raises(PackageChainBroken):
            take(package_file.write(fork, sign=keys.sign(PROVINCE)))

    def test_other_bytes_under_a_known_version(self, db, documents, small, at, send, take, keys):
        """A version that is here is never replaced, not even by its publisher."""
        publish(db, documents, small.folder(), at)
        first = take(send(1))
        changed = package_file.make(
            [Travelling(CODE, 1, small.folder(page=small.page + " "))],
            publisher=PROVINCE,
            number=2,
            previous=first.package.digest,
            made=at,
        )

        with pytest.raises(VersionDiffers):
            take(package_file.write(changed, sign=keys.sign(PROVINCE)))

    def test_type_of_our_own(self, db, lower, documents, small, at, send, take):
        """A type published here is adopted when the package holds exactly our latest version, and refused otherwise."""
        ours = small.folder(page=small.page + "#h(1pt)")
        publish(db, documents, small.folder(), at)
        publish(db, documents, ours, at)
        publish(lower, documents, small.folder(), at)

        take(send(1))
        with lower.reading() as look:
            assert look.get(CertificateType, CODE).origin == PROVINCE

    def test_type_of_our_own_that_differs(self, db, lower, documents, small, at, send, take):
        """What the city changed itself is not overrun."""
        publish(db, documents, small.folder(), at)
        publish(lower, documents, small.folder(), at)
        publish(lower, documents, small.folder(page=small.page + " "), at)

        with pytest.raises(TypeOurs):
            take(send(1))

    def test_type_of_a_third_publisher(self, db, documents, small, at, send, take, keys):
        """A type follows one publisher."""
        publish(db, documents, small.folder(), at)
        take(send(1))
        theirs = package_file.make(
            [Travelling(CODE, 2, small.folder(page=small.page + " "))],
            publisher=OTHER,
            number=1,
            previous=None,
            made=at,
        )

        with pytest.raises(TypeFromElsewhere):
            take(package_file.write(theirs, sign=keys.sign(OTHER)))

    def test_one_defective_type_stops_all(self, lower, documents, small, at, take, keys):
        """All or nothing: a package with one broken type leaves no trace."""
        broken = small.folder(definition=small.definition.replace("T901", "T902"), page="#undefined()")
        package = package_file.make(
            [Travelling(CODE, 1, small.folder()), Travelling("11410000000000000T902", 1, broken)],
            publisher=PROVINCE,
            number=1,
            previous=None,
            made=at,
        )

        with pytest.raises(TypeRefused):
            take(package_file.write(package, sign=keys.sign(PROVINCE)))
        with lower.reading() as look:
            assert look.exec(select(CertificateType)).all() == look.exec(select(LedgerEntry)).all() == []

    def test_code_that_is_not_the_folders(self, small, at, take, keys):
        """The manifest cannot pass one type off as another."""
        package = package_file.make(
            [Travelling("11410000000000000T902", 1, small.folder())],
            publisher=PROVINCE,
            number=1,
            previous=None,
            made=at,
        )

        with pytest.raises(PackageRefused) as refused:
            take(package_file.write(package, sign=keys.sign(PROVINCE)))
        assert refused.value.facts["reason"] == "code"

    def test_signed_by_somebody_else(self, small, at, take, keys):
        """A package counts when the publisher it names has signed it."""
        package = package_file.make(
            [Travelling(CODE, 1, small.folder())], publisher=PROVINCE, number=1, previous=None, made=at
        )

        with pytest.raises(SignerWrong):
            take(package_file.write(package, sign=keys.sign(OTHER)))

    def test_acts_are_in_both_ledgers(self, db, lower, documents, small, at, send, take, keys):
        """Export, import and acknowledgement each have their entry."""
        publish(db, documents, small.folder(), at)
        word = take(send(1)).acknowledgement
        exports.acknowledge(db, word, verify=keys.verify, by="officer:1", at=at)

        def acts(database):
            with database.reading() as look:
                rows = look.exec(select(LedgerEntry).order_by(LedgerEntry.id)).all()
            return [entries.from_bytes(row.body).event for row in rows]

        assert acts(db) == ["type-published", "types-exported", "types-acknowledged"]
        assert acts(lower) == ["types-imported"]


class TestAcknowledge:
    """exports.acknowledge()"""

    def test_of_somebody_else(self, db, documents, small, at, send, take, keys):
        """Nobody acknowledges in another's name, nor a package that was never sent."""
        publish(db, documents, small.folder(), at)
        told = json.loads(take(send(1)).acknowledgement)["acknowledgement"]

        def word(by=CITY, **change):
            body = told | change
            return canonical.encode({"acknowledgement": body, "signature": keys.sign(by)(canonical.encode(body))})

        with pytest.raises(SignerWrong):
            exports.acknowledge(db, word(by=OTHER), verify=keys.verify, by="officer:1", at=at)
        for change in ({"package": "sha256:" + "0" * 64}, {"number": 2}, {"publisher": OTHER}):
            with pytest.raises(AcknowledgementRefused):
                exports.acknowledge(db, word(**change), verify=keys.verify, by="officer:1", at=at)

    @pytest.mark.parametrize(
        "data", [b"", b"{}", b"[]", b"\xff", b'{"acknowledgement":{},"signature":"x"}', b"1" * (300 << 10)]
    )
    def test_unreadable(self, db, keys, at, data):
        """Anything else is refused by name."""
        with pytest.raises(AcknowledgementRefused):
            exports.acknowledge(db, data, verify=keys.verify, by="officer:1", at=at)
