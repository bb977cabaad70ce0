"""Open the database for reading or for writing; nobody else opens, commits or rolls back.

Promise: when `writing()` ends without an error, everything written in it is durable and visible, or nothing is.
Order:   SQLite writers take the write lock at BEGIN, so two of them wait instead of failing half-way.
Trust:   the database is trusted for what it returns; the ledger shows afterwards who changed it behind our back.
"""

import secrets
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, QueuePool, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError, TimeoutError
from sqlmodel import Session

from registry.store import safety
from registry.store.errors import DatabaseAway, DatabaseBusy, RegistryError, StorageFull

BUSY_SECONDS = 15
_QUIET = {"hide_parameters": True}  # an error's text goes to the log, and rows hold names


class Reading(Session):
    """A look at the database that cannot change it.

    The transaction is the connection's own: most looks are narrow statements and need nothing of a session, whose
    bookkeeping costs as much as the statements. Objects that are asked for join that transaction.
    """

    _linked: Connection | None = None

    def __init__(self, engine: Engine, *, autoflush: bool = True) -> None:
        super().__init__(autoflush=autoflush, expire_on_commit=False)
        self._engine = engine

    def get_bind(self, *_asked: Any, **_more: Any) -> Connection:  # noqa: ANN401 - the session's own signature
        """What objects are loaded through."""
        return self._own()

    def connection(self, bind_arguments: Any = None, execution_options: Any = None) -> Connection:  # noqa: ANN401
        """The connection of this transaction; options are for whoever asks first."""
        return self._own(**execution_options or {})

    def close(self) -> None:
        """Undo what was not committed, and give the connection back."""
        super().close()
        if self._linked is not None:
            self._linked.close()
            self._linked = None

    def _own(self, **options: Any) -> Connection:  # noqa: ANN401 - the engine's own options
        if self._linked is None:
            self._linked = self._engine.connect()
            if options:
                self._linked.execution_options(**options)
            self._linked.begin()
        return self._linked


class Writing(Reading):
    """A transaction: what is added here commits together, or not at all."""

    def random(self, size: int) -> bytes:
        """Give fresh random bytes (salts, references)."""
        source: Callable[[int], bytes] = self.info["entropy"]
        return source(size)

    def commit(self) -> None:
        """Write what waits in the session, then commit the connection's transaction."""
        super().commit()
        if self._linked is not None:
            self._linked.commit()

    def hold(self, name: str) -> None:
        """Wait for whoever holds this name, then hold it to the transaction's end; SQLite has one writer anyhow."""
        if self.get_bind().dialect.name == "postgresql":
            self.connection().execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": name})


class Database:
    """One SQLite file or one PostgreSQL database, by URL."""

    def __init__(self, url: str, *, entropy: Callable[[int], bytes] = secrets.token_bytes, pool_size: int = 10) -> None:
        self.url = make_url(url)
        self._entropy = entropy
        self.engine = _engine(url, pool_size)
        self._reader = self.engine.execution_options(hub_reads=True, postgresql_readonly=True)

    @property
    def dialect(self) -> str:
        """Say which engine this is: sqlite or postgresql."""
        return self.engine.dialect.name

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        """Look, in one consistent snapshot on SQLite and statement by statement on PostgreSQL."""
        with _named_refusals(), Reading(self._reader, autoflush=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Writing]:
        """Write; commit at the end, undo on any error."""
        with _named_refusals(), Writing(self.engine) as session:
            session.info["entropy"] = self._entropy
            yield session
            session.commit()

    @contextmanager
    def as_one(self) -> Iterator["Database"]:
        """Give a database on which several operations make one transaction (a kept answer beside its act)."""
        with self.writing() as tx:
            yield _Joined(self, tx)

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()


class _Joined(Database):
    """A database whose every opening joins one transaction that somebody else commits."""

    def __init__(self, whole: Database, tx: Writing) -> None:
        self.url, self.engine, self._reader, self._entropy = whole.url, whole.engine, whole._reader, whole._entropy
        self.tx = tx

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        self.tx.flush()
        yield self.tx

    @contextmanager
    def writing(self) -> Iterator[Writing]:
        yield self.tx
        self.tx.flush()


def _engine(url: str, pool_size: int) -> Engine:
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(url, pool_size=pool_size, max_overflow=pool_size, pool_pre_ping=True, **_QUIET)
    waits = {"timeout": BUSY_SECONDS}
    engine = create_engine(
        url, poolclass=QueuePool, pool_size=pool_size, max_overflow=pool_size, connect_args=waits, **_QUIET
    )
    event.listen(engine, "connect", safety.prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _begin_sqlite(connection: Connection) -> None:
    reads = connection.get_execution_options().get("hub_reads", False)
    if connection.info.get("hub_reads") != reads:  # the connection keeps it from one transaction to the next
        _straight(connection, f"PRAGMA query_only={int(reads)}")
        connection.info["hub_reads"] = reads
    _straight(connection, "BEGIN" if reads else "BEGIN IMMEDIATE")


def _straight(connection: Connection, statement: str) -> None:
    """Say it to the driver itself: it answers nothing, and every transaction says it."""
    driver: Any = connection.connection.driver_connection
    try:
        driver.execute(statement)
    except sqlite3.OperationalError as refused:
        raise OperationalError(statement, None, refused, hide_parameters=True) from refused


@contextmanager
def _named_refusals() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        named = _refusal(error)
        if named is None:
            raise
        raise named from error
    except TimeoutError as error:  # every connection of this worker is at work
        raise DatabaseBusy from error


def _refusal(error: DBAPIError) -> RegistryError | None:
    told = str(error.orig).lower()
    state = getattr(error.orig, "sqlstate", None) or ""
    if "disk is full" in told or "disk i/o error" in told or state == "53100":
        return StorageFull()
    if "database is locked" in told or state in {"55P03", "57014", "40001", "40P01"}:
        return DatabaseBusy()
    if isinstance(error, OperationalError) and getattr(error.orig, "sqlstate", "") is None:
        return DatabaseAway()  # PostgreSQL was not reached: nobody there gave a state
    if error.connection_invalidated or "unable to open database" in told or state[:2] in {"08", "57"}:
        return DatabaseAway()
    return None


def answers(db: Database) -> bool:
    """Ask the database for a one; False when it does not answer."""
    try:
        with db.reading() as look:
            return bool(look.connection().execute(text("SELECT 1")).scalar_one())
    except (DatabaseAway, DatabaseBusy, StorageFull, DBAPIError):
        return False
