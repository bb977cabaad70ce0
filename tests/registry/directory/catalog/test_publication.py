"""registry/directory/catalog/publication.py, listing.py, coverage.py, shipped.py"""

import threading
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from registry.directory.catalog import coverage, listing, publication, shipped
from registry.directory.catalog.coverage import Figures
from registry.directory.catalog.shipped import Outcome
from registry.directory.catalog_errors import (
    CoverageRefused,
    PublishedMeanwhile,
    TypeNotFound,
    TypeRefused,
    TypeWithdrawn,
)
from registry.store.tables.catalog import CertificateType, CertificateTypeVersion
from registry.store.tables.documents import Document
from registry.store.tables.ledger import LedgerEntry
from signing import proof
from verification import entries

CODE = "11410000000000000T901"
FIGURES = Figures(200, 150, date(2015, 1, 1), date(2026, 2, 1), date(2026, 3, 1))


def publish(db, documents, folder, at):
    return publication.publish(db, documents, folder, by="officer:1", at=at, draw=proof.draw_here)


def acts(db):
    with db.reading() as look:
        return [entries.from_bytes(row.body) for row in look.exec(select(LedgerEntry).order_by(LedgerEntry.id))]


class TestPublish:
    """publication.publish()"""

    def test_first_version(self, db, documents, small, at):
        """A new type is version 1, in the ledger with the digest of its files and with every row it wrote."""
        answer = publish(db, documents, small.folder(), at)

        assert (answer.code, answer.version, answer.new) == (CODE, 1, True)
        (act,) = acts(db)
        assert (act.event, act.subject, dict(act.facts)) == (
            "type-published",
            CODE,
            {"version": 1, "digest": small.folder().digest()},
        )
        assert sorted({row.table for row in act.rows}) == [
            "certificate_type",
            "certificate_type_file",
            "certificate_type_version",
            "document",
        ]

    def test_same_bytes_again(self, db, documents, small, at):
        """Publishing what is published answers the version there is, and writes nothing."""
        publish(db, documents, small.folder(), at)

        answer = publish(db, documents, small.folder(), at + timedelta(days=1))

        assert (answer.version, answer.new, len(acts(db))) == (1, False, 1)

    def test_changed_bytes_are_the_next_version(self, db, documents, small, at):
        """The old version stays readable as it was; the newest is the one to issue under."""
        publish(db, documents, small.folder(), at)
        changed = small.folder(page=small.page + "#lorem(3)")

        assert publish(db, documents, changed, at).version == 2

        with db.reading() as look:
            assert listing.files(look, documents, CODE, 1) == small.folder()
            assert listing.template(look, documents, CODE, 2).files["page.typ"] == changed.files["page.typ"]
            assert listing.for_issue(look, CODE).version == 2
            assert [version for version, _ in listing.history(look, CODE)] == [2, 1]

    def test_going_back_is_a_version_of_its_own(self, db, documents, small, at):
        """Old bytes after newer ones are version 3: history is not rewound."""
        publish(db, documents, small.folder(), at)
        publish(db, documents, small.folder(page=small.page + " "), at)

        assert publish(db, documents, small.folder(), at).version == 3

    def test_defective_folder(self, db, documents, small, at):
        """Nothing is written of a folder with defects, and all defects are told."""
        wrong = small.definition.replace("four-eyes", "none").replace("永久", "5年")

        with pytest.raises(TypeRefused) as refused:
            publish(db, documents, small.folder(definition=wrong), at)

        assert [error["pointer"] for error in refused.value.errors] == ["/approval", "/retention"]
        with db.reading() as look:
            assert look.exec(select(CertificateType)).all() == look.exec(select(Document)).all() == []

    def test_two_at_once(self, db, documents, small, at):
        """Two workers that publish the same type leave one version 1; nobody sees half of it."""
        ready, answers = threading.Barrier(2), []

        def run():
            ready.wait()
            try:
                answers.append(publish(db, documents, small.folder(), at).new)
            except PublishedMeanwhile:
                answers.append(False)

        workers = [threading.Thread(target=run) for _ in range(2)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()

        assert sorted(answers) == [False, True]
        with db.reading() as look:
            assert [row.version for row in look.exec(select(CertificateTypeVersion))] == [1]

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE certificate_type_version SET digest = 'x'",
            "UPDATE certificate_type_version SET name_zh = 'x'",
            "DELETE FROM certificate_type_version",
            "UPDATE certificate_type_file SET name = 'x'",
            "DELETE FROM certificate_type_file",
            "DELETE FROM certificate_type",
            "UPDATE certificate_type SET code = '11410000000000000T902'",
        ],
    )
    def test_published_stays_published(self, db, documents, small, at, statement):
        """The database itself refuses to change what was published."""
        publish(db, documents, small.folder(), at)

        with pytest.raises(DBAPIError, match="keeps its rows"), db.writing() as tx:
            tx.connection().execute(text(statement))


class TestWithdraw:
    """publication.withdraw() and restore()"""

    def test_nothing_new_but_everything_readable(self, db, documents, small, at):
        """A withdrawn type issues nothing and takes no new version; what there is stays."""
        publish(db, documents, small.folder(), at)
        publication.withdraw(db, CODE, by="officer:1", at=at)
        publication.withdraw(db, CODE, by="officer:1", at=at)

        with db.reading() as look:
            with pytest.raises(TypeWithdrawn):
                listing.for_issue(look, CODE)
            assert listing.contents(look, documents, CODE, 1).definition.code == CODE
        with pytest.raises(TypeWithdrawn):
            publish(db, documents, small.folder(page=small.page + " "), at)
        assert [act.event for act in acts(db)] == ["type-published", "type-withdrawn"]

    def test_restore(self, db, documents, small, at):
        """A withdrawal can be taken back, on record."""
        publish(db, documents, small.folder(), at)
        publication.withdraw(db, CODE, by="officer:1", at=at)
        publication.restore(db, CODE, by="officer:1", at=at)

        with db.reading() as look:
            assert listing.for_issue(look, CODE).version == 1
        assert [act.event for act in acts(db)][-1] == "type-restored"

    def test_unknown_type(self, db, at):
        """What was never published is not found."""
        for act in (publication.withdraw, publication.restore):
            with pytest.raises(TypeNotFound):
                act(db, CODE, by="officer:1", at=at)


class TestListing:
    """listing.page() and its neighbours"""

    def test_pages_follow_each_other(self, db, documents, small, at):
        """Each type once, in the order of the codes, with its latest version."""
        for number in ("903", "901", "902"):
            publish(db, documents, small.folder(definition=small.definition.replace("T901", f"T{number}")), at)

        with db.reading() as look:
            first = listing.page(look, limit=2)
            rest = listing.page(look, after=first[-1].type.code, limit=2)
        assert [entry.type.code[-3:] for entry in (*first, *rest)] == ["901", "902", "903"]

    def test_unknown_type_and_version(self, db, documents, small, at):
        """An unknown type and an unknown version are answered alike."""
        publish(db, documents, small.folder(), at)

        with db.reading() as look:
            for act in (
                lambda: listing.entry(look, "x"),
                lambda: listing.entry(look, CODE, 2),
                lambda: listing.files(look, documents, CODE, 2),
                lambda: listing.history(look, "x"),
                lambda: listing.for_issue(look, "x"),
            ):
                with pytest.raises(TypeNotFound):
                    act()


class TestCoverage:
    """coverage.tell()"""

    def test_newest_figures_are_shown(self, db, documents, small, at):
        """Older figures stay on record; the catalog shows the last ones told."""
        publish(db, documents, small.folder(), at)
        coverage.tell(db, CODE, FIGURES, by="officer:1", at=at)
        coverage.tell(db, CODE, replace(FIGURES, entered=200), by="officer:1", at=at)

        with db.reading() as look:
            shown = listing.entry(look, CODE).coverage
        assert (FIGURES.complete, FIGURES.per_mille) == (False, 750)
        assert (shown.complete, shown.per_mille) == (True, 1000)
        assert replace(FIGURES, stock=100_000, entered=99_999).per_mille == 999

    def test_nothing_to_enter_is_complete(self):
        """A type without any stock has all of it entered."""
        assert replace(FIGURES, stock=0, entered=0).per_mille == 1000

    @pytest.mark.parametrize(
        "change",
        [
            {"entered": 201},
            {"entered": -1},
            {"stock": 10**13},
            {"last_day": date(2014, 1, 1)},
            {"updated_on": date(2026, 3, 3)},
        ],
    )
    def test_contradictions(self, db, documents, small, at, change):
        """Figures that cannot be are refused."""
        publish(db, documents, small.folder(), at)

        with pytest.raises(CoverageRefused):
            coverage.tell(db, CODE, replace(FIGURES, **change), by="officer:1", at=at)

    def test_unknown_type(self, db, at):
        """Figures need a type."""
        with pytest.raises(TypeNotFound):
            coverage.tell(db, CODE, FIGURES, by="officer:1", at=at)


class TestShip:
    """shipped.ship()"""

    def test_at_every_start(self, db, documents, at):
        """The first start publishes all sixteen, the second finds them there."""
        first = shipped.ship(db, documents, by="hub", at=at)
        again = shipped.ship(db, documents, by="hub", at=at)

        assert (len(first), set(first.values()), set(again.values())) == (16, {Outcome.PUBLISHED}, {Outcome.THERE})

    def test_what_an_administrator_did_stays(self, db, documents, at):
        """A changed type is left alone, and a withdrawn one stays withdrawn."""
        _, folder = next(shipped.folders())
        changed = type(folder)({**folder.files, "page.typ": folder.files["page.typ"] + b"\n"})
        code = publish(db, documents, changed, at).code
        publication.withdraw(db, code, by="officer:1", at=at)

        assert shipped.ship(db, documents, by="hub", at=at)[code] is Outcome.OTHER
        with db.reading() as look:
            assert listing.entry(look, code).type.withdrawn_at == at
