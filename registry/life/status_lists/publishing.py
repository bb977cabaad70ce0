"""Publish the state of an authority's certificates as signed status lists, cheaply enough for every phone that asks.

In:    the number of a list, as codes carry it; the authority's code key where it lies
Out:   the list as of now, signed; kept and given again for half a minute, or until the register says otherwise

Order: an authority whose code key has ended is spoken for by the hub's own key: silence would read as "not known".
       The ledger's end is looked at before the states, so what changes in between is seen at the next look.
Why:   a void intent is REVOKED: nobody was given its certificate, yet a code may have been drawn before it was voided.
       An unfinished one is SUSPENDED: it holds for nobody, and may still come to hold. A place nobody has reads VALID,
       so that a list does not tell how many certificates there are; so do 未生效 and 过期, which the dates tell.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import ColumnElement, literal_column
from sqlmodel import col, select

from registry.directory import seals
from registry.directory.seal_errors import NotEnrolled
from registry.directory.seals import Purpose
from registry.life.states import standing
from registry.life.states.lifecycle import State as Legal
from registry.life.status_lists import places as status_places
from registry.store.database import Database, Reading
from registry.store.errors import NotFound
from registry.store.tables.ledger import LedgerEntry
from registry.store.tables.life import Certificate, StatusListNumber
from registry.store.tables.status import CertificateStatus
from signing import status_lists
from signing.errors import KeyExpired
from signing.keys import RawKey
from verification import digests
from verification.errors import Refusal
from verification.evidence import State

TTL = timedelta(seconds=30)  # a reader may keep it as long as we do: a minute in all
LASTS = timedelta(days=1)
PAUSE = timedelta(milliseconds=250)  # the register is asked no more often, and a move is seen within a second
_UNMADE = {"void": State.REVOKED, "sealing": State.SUSPENDED}
_LISTED = {  # what comes and goes with the days is told by the statement's dates; what is not named here is over
    **dict.fromkeys((Legal.VALID, Legal.WAITING, Legal.EXPIRED), State.VALID),
    Legal.SUSPENDED: State.SUSPENDED,
    Legal.REPLACED: State.SUPERSEDED,
}
_HOLDS: ColumnElement[str] = literal_column("'valid'")  # spelled out, so that an index over the others alone can serve
_LAST_NUMBER = 2**31 - 1
_TAIL = 64  # PostgreSQL numbers entries before they commit: a late one shows among the last ones, not at the end


@dataclass(frozen=True, slots=True)
class Published:
    """A signed list, its digest, and when it was true."""

    token: bytes
    digest: str
    at: datetime


@dataclass(frozen=True, slots=True)
class _Kept:
    published: Published
    listed: "Listed"
    mark: tuple[int | None, ...]
    seen_at: datetime

    def still(self, mark: tuple[int | None, ...], at: datetime) -> bool:
        """Whether nothing was done since, and nothing that was ordered has come due."""
        return self.mark == mark and (self.listed.until is None or at < self.listed.until)


@dataclass(frozen=True, slots=True)
class Listed:
    """What holds for nobody, by its place in a list; `until`: when an order for later changes that."""

    states: Mapping[int, State]
    until: datetime | None


class StatusLists:
    """The lists of a hub; safe to use from several threads, and in several workers that know nothing of each other."""

    def __init__(self, db: Database, open_key: Callable[[str], RawKey], *, address: str) -> None:
        self._db, self._open = db, open_key
        self._address = address.rstrip("/")
        self._kept: dict[int, _Kept] = {}
        self._keys: dict[tuple[str, str], RawKey] = {}
        self._lock = threading.Lock()

    def current(self, number: int, *, at: datetime) -> Published:
        """The list as of now, or as of a moment ago."""
        kept = self._kept.get(number)
        if kept is None:
            with self._db.reading() as look:
                authority(look, number)  # numbers nobody has never wait for those that are being signed
        elif _young(kept.seen_at, PAUSE, at):
            return kept.published
        with self._lock:
            return self._looked(number, at)

    def _looked(self, number: int, at: datetime) -> Published:
        kept = self._kept.get(number)
        if kept is not None and _young(kept.seen_at, PAUSE, at):
            return kept.published  # another thread looked while this one waited
        with self._db.reading() as look:
            signer, mark = authority(look, number), _mark(look)
            found = kept.listed if kept is not None and kept.still(mark, at) else states(look, number, at=at)
        if kept is not None and found.states == kept.listed.states and _young(kept.published.at, TTL, at):
            published = kept.published
        else:
            published = self._signed(number, signer, found.states, at)
        self._kept[number] = _Kept(published, found, mark, at)
        return published

    def _signed(self, number: int, signer: str, found: Mapping[int, State], at: datetime) -> Published:
        uri = f"{self._address}/v1/status/{number}"
        told = partial(
            status_lists.sign,
            states=found,
            uri=uri,
            issuer=signer,
            at=at,
            lasts=LASTS,
            ttl=TTL,
            size=status_places.SIZE,
        )
        try:
            token = told(self._key(Purpose.CODE, signer))
        except (NotEnrolled, KeyExpired) as ended:
            token = told(self._hubs_own(ended))
        return Published(token, digests.sha256(token), at)

    def _hubs_own(self, ended: Refusal) -> RawKey:
        """The hub's own key, which the trust list names for this; without one, the refusal that led here."""
        try:
            return self._key(Purpose.HUB, None)
        except NotEnrolled:
            raise ended from None

    def _key(self, purpose: Purpose, authority: str | None) -> RawKey:
        with self._db.reading() as look:
            row = seals.current(look, purpose, authority)
        name = (row.locator, row.thumbprint)
        if name not in self._keys:
            self._keys[name] = seals.same(self._open(row.locator), row)
        return self._keys[name]


def authority(look: Reading, number: int) -> str:
    """Whose list it is."""
    row = look.get(StatusListNumber, number) if 0 < number <= _LAST_NUMBER else None
    if row is None:
        raise NotFound(kind="status list")
    return row.authority


def states(look: Reading, number: int, *, at: datetime) -> Listed:
    """What holds for nobody at a time, by its place in a list."""
    wanted = select(Certificate.status_index, Certificate.state)
    here = (Certificate.status_list == number, col(Certificate.state) != _HOLDS)
    unmade = {index: _UNMADE[state] for index, state in look.exec(wanted.where(*here))}
    moved = select(CertificateStatus.status_index, CertificateStatus.state)
    mine, settled = CertificateStatus.status_list == number, col(CertificateStatus.settled_at) <= at
    told = {index: _listed(Legal(state)) for index, state in look.exec(moved.where(mine, settled))}
    coming, until = _unsettled(look, number, at)
    held = {**unmade, **told, **coming}
    return Listed({index: state for index, state in held.items() if state is not State.VALID}, until)


def _unsettled(look: Reading, number: int, at: datetime) -> tuple[dict[int, State], datetime | None]:
    """Where something is ordered for later, the acts themselves are asked; few certificates are among these."""
    mine, coming = CertificateStatus.status_list == number, col(CertificateStatus.settled_at) > at
    found = {}
    turns = []
    for head in look.exec(select(CertificateStatus).where(mine, coming)):
        seen = standing.now(look, head.certificate, at=at)
        found[head.status_index] = _listed(seen.state)
        turns.append(seen.until or head.settled_at)
    return found, min(turns, default=None)


def _listed(state: Legal) -> State:
    return _LISTED.get(state, State.REVOKED)


def _mark(look: Reading) -> tuple[int | None, ...]:
    """What is different after every act."""
    number = col(LedgerEntry.id)
    return tuple(look.exec(select(number).order_by(number.desc()).limit(_TAIL)))


def _young(since: datetime, most: timedelta, at: datetime) -> bool:
    return timedelta() <= at - since < most
