"""Found a register: the wrapping key, the schema, the first authority and its first administrator.

Order: keys before schema before people, each step harmless to repeat, so that a founding cut short is simply begun
       again; the last step succeeds only once.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from hub import clock
from hub.errors import NotReadyForProduction
from hub.parts import Parts, assemble
from hub.production import problems as production_problems
from hub.settings import Settings
from registry.directory.access import officers, one_time_codes, passwords
from registry.directory.access.callers import OPERATOR
from registry.directory.authorities import record
from registry.store import key_folder, schema
from registry.store.database import Database
from registry.store.key_folder import KeyFolder
from verification.legal_dates import legal_date

PRODUCT = "licence-hub"


@dataclass(frozen=True, slots=True)
class Founder:
    """The first authority and its first administrator."""

    authority_code: str
    authority_name: str
    level: str
    division: str
    division_name: str
    login: str
    password: str = field(repr=False)


def open_database(settings: Settings) -> Database:
    """Open the database that the settings name, making the embedded one's folder."""
    if settings.database.startswith("sqlite:///"):
        settings.home.mkdir(parents=True, exist_ok=True)
    return Database(settings.database)


@contextmanager
def open_hub(settings: Settings) -> Iterator[Parts]:
    """Open an initialised hub for one command."""
    parts = assemble(settings)
    try:
        yield parts
    finally:
        parts.close()


def prepare(settings: Settings) -> tuple[Database, KeyFolder]:
    """Make wrapping key and schema; both stay as they are when they exist."""
    settings.home.mkdir(parents=True, exist_ok=True)
    key_folder.create(settings.wrapping_folder, entropy=os.urandom)
    db = open_database(settings)
    schema.upgrade(db)
    return db, KeyFolder(settings.wrapping_folder)


def found(settings: Settings, founder: Founder) -> str:
    """Found the register; give the address of the administrator's one-time codes, shown this once."""
    if wrong := production_problems(settings):
        raise NotReadyForProduction(wrong)
    db, keys = prepare(settings)
    officers.require_none(db)
    passwords.require_fit(founder.password, login=founder.login)
    now = clock.now()
    first = record.First(
        founder.authority_code,
        founder.authority_name,
        founder.level,
        founder.division,
        founder.division_name,
        legal_date(now),
    )
    record.found(db, first, by=OPERATOR.id, at=now)
    enrolled = officers.register_first(
        db,
        keys,
        login=founder.login,
        name=founder.login,
        authority=founder.authority_code,
        password=founder.password,
        at=now,
    )
    db.close()
    return one_time_codes.address(enrolled.seed, login=founder.login, product=PRODUCT)


def enrolment_text(address: str) -> str:
    """Draw the one-time codes' address as a QR code for the administrator's phone."""
    import io

    from qrcode import QRCode

    code = QRCode(border=2)
    code.add_data(address)
    drawn = io.StringIO()
    code.print_ascii(out=drawn, invert=True)
    return f"请用验证器应用扫描 · scan with an authenticator app:\n{drawn.getvalue()}\n{address}\n"
