"""Record how much of a type's existing stock is entered, and from when to when (可用电子证照目录清单).

In:    figures told by the issuing department on a day
Out:   a dated row; the newest one is what the catalog shows
Spec:  policy document 004 (五)5 and 003 §19: a type is usable when its whole stock has been entered
"""

from dataclasses import dataclass
from datetime import date, datetime

from registry.directory.catalog_errors import CoverageRefused, TypeNotFound
from registry.store import ledger
from registry.store.database import Database
from registry.store.events import Event
from registry.store.tables.catalog import CertificateType, CertificateTypeCoverage
from verification.legal_dates import legal_date

LARGEST = 10**12


@dataclass(frozen=True, slots=True)
class Figures:
    """Of how many certificates, issued in which days, how many are entered."""

    stock: int
    entered: int
    first_day: date
    last_day: date
    updated_on: date

    @property
    def complete(self) -> bool:
        """Whether the whole stock is entered."""
        return self.entered == self.stock

    @property
    def per_mille(self) -> int:
        """How many of a thousand are entered, rounded down so that only all of them are 1000."""
        return 1000 if self.complete else self.entered * 1000 // self.stock


def tell(db: Database, code: str, figures: Figures, *, by: str, at: datetime) -> None:
    """Record figures; older ones stay."""
    _check(figures, legal_date(at))
    with db.writing() as tx:
        if tx.get(CertificateType, code) is None:
            raise TypeNotFound(kind="certificate-type")
        row = CertificateTypeCoverage(
            code=code,
            stock=figures.stock,
            entered=figures.entered,
            first_day=figures.first_day,
            last_day=figures.last_day,
            updated_on=figures.updated_on,
            at=at,
        )
        tx.add(row)
        facts: dict[str, str | int] = {"stock": figures.stock, "entered": figures.entered}
        ledger.append(tx, Event.TYPE_COVERAGE_TOLD, at=at, by=by, subject=code, facts=facts, rows=[row])


def of(row: CertificateTypeCoverage) -> Figures:
    """The figures of a row."""
    return Figures(row.stock, row.entered, row.first_day, row.last_day, row.updated_on)


def _check(figures: Figures, today: date) -> None:
    if not 0 <= figures.entered <= figures.stock <= LARGEST:
        raise CoverageRefused(rule="0-entered-stock")
    if figures.first_day > figures.last_day:
        raise CoverageRefused(rule="first-day-last-day")
    if max(figures.updated_on, figures.last_day) > today:
        raise CoverageRefused(rule="not-after-today")
