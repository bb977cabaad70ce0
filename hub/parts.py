"""What a hub is made of, put together once and handed to everything that needs it.

Tests build the same parts with small real ones; nothing below the hub ever sees the settings.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from hub import clock
from hub.errors import NotInitialised, NotReadyForProduction
from hub.production import problems as production_problems
from hub.settings import Settings
from registry.directory import working_days
from registry.directory.authority_errors import HolidaysRefused
from registry.directory.working_days import Calendar
from registry.life.press import Press
from registry.store import schema
from registry.store.database import Database
from registry.store.documents import Documents
from registry.store.envelopes import Keyring
from registry.store.key_folder import KeyFolder
from registry.store.shelf import S3Access

if TYPE_CHECKING:
    from hub.verifying.verifier import Verifier
    from registry.exchange.copies.making import Maker
    from registry.exchange.retrieval import LookUps
    from registry.exchange.transfers.desk import Desk
    from registry.life.status_lists.publishing import StatusLists
    from registry.store.log.sequencer import Sequencer


@dataclass(frozen=True)
class Parts:
    """One hub's parts."""

    settings: Settings
    db: Database
    documents: Documents
    keyring: Keyring
    now: Callable[[], datetime] = clock.now

    @cached_property
    def press(self) -> Press:
        """What makes documents; signing and rendering are loaded when it is first asked for."""
        from hub import pressing

        return pressing.build(self.settings, self.db, at=self.now())

    @cached_property
    def status_lists(self) -> "StatusLists":
        """What publishes the states of certificates; one for all requests of a worker."""
        from hub import key_places
        from registry.life.status_lists.publishing import StatusLists

        return StatusLists(self.db, key_places.opener(self.settings.signing_folder), address=self.settings.address)

    @cached_property
    def look_ups(self) -> "LookUps":
        """What looks certificates up for other offices; one for all requests of a worker."""
        from hub import looking_up

        return looking_up.build(self.settings, self.documents)

    @cached_property
    def copier(self) -> "Maker":
        """What makes annotated copies under look-ups; signing and rendering are loaded when it is first asked for."""
        from hub import copying

        return copying.build(self.settings, self.db, self.documents, at=self.now())

    @cached_property
    def handovers(self) -> "Desk":
        """What hands certificates and materials from office to office; one for all requests of a worker."""
        from hub import key_places
        from hub.scanner import Scanner
        from registry.exchange.transfers.desk import Desk

        scan = Scanner(self.settings.scanner).require_clean if self.settings.scanner else None
        return Desk(self.documents, key_places.opener(self.settings.signing_folder), scan)

    @cached_property
    def calendar(self) -> Calendar:
        """By which working days are counted: the shipped years, and those of the operator's file."""
        return open_calendar(self.settings)

    @cached_property
    def verifier(self) -> "Verifier":
        """What judges what strangers bring; one, with its child processes, for all requests of a worker."""
        from hub.verifying.verifier import verifier

        return verifier(self.settings, self.db)

    @cached_property
    def sequencer(self) -> "Sequencer":
        """What brings acts into the public log; one for a worker."""
        from hub import log_keeping

        return log_keeping.sequencer(self.settings, self.db)

    def close(self) -> None:
        """Let go of what was opened."""
        if "verifier" in vars(self):
            self.verifier.end()
        self.db.close()


def assemble(settings: Settings) -> Parts:
    """Open an initialised hub; refuse one that is not there, not of this schema or not fit for production."""
    if wrong := production_problems(settings):
        raise NotReadyForProduction(wrong)
    if not settings.wrapping_folder.is_dir():
        raise NotInitialised
    db = Database(settings.database)
    schema.check(db)
    keyring = KeyFolder(settings.wrapping_folder)
    open_calendar(settings)  # a file that is wrong is told before anybody waits
    return Parts(settings, db, open_documents(settings, keyring), keyring)


def open_calendar(settings: Settings) -> Calendar:
    """Read the lists of holidays that came with this version, and the file that the settings name."""
    known = working_days.shipped()
    if settings.holidays is None:
        return known
    try:
        return known.beside(working_days.read(settings.holidays.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError):
        raise HolidaysRefused(year="-", reason="file") from None


def open_documents(settings: Settings, keyring: Keyring) -> Documents:
    """Open the store of sealed documents that the settings name."""
    secret = settings.s3_secret.get_secret_value()
    access = S3Access(settings.s3_endpoint, settings.s3_region, settings.s3_key_id, secret)
    return Documents(settings.documents, keyring, access=access)
