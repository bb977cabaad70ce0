"""Publish who may be believed for what: a signed, numbered list made from the register and the keys at hand.

In:    authorities, their histories and entitlements; certificates by their owners; the trust-list key
Out:   a new version when anything about it changed or it is about to run out; every version stays fetchable

Order: read the register → write the next version → sign → keep, all in one transaction, so two publishers cannot
       give one number twice.
Trust: who holds the trust-list key decides what verifiers believe; the root charged it with that alone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from cryptography import x509
from sqlmodel import col, select

from registry.directory import entitlements, own_keys, seals
from registry.directory.authorities import reading
from registry.directory.authorities.history import Record
from registry.directory.seals import Purpose
from registry.store import ledger
from registry.store.database import Database, Reading, Writing
from registry.store.errors import NotFound
from registry.store.events import Event
from registry.store.tables.answers import TrustListVersion
from registry.store.tables.authorities import EVERYTHING
from registry.store.tables.life import EnrolledKey
from registry.store.tables.transfers import OwnKey
from signing import trust as lists
from signing.holdings import Holdings
from signing.keys import RawKey
from verification import digests, jws, public_keys, trust, trust_list_text
from verification.legal_dates import Validity, legal_date
from verification.public_keys import Algorithm
from verification.trust import OpenedList
from verification.trust_list import Authority, Entitlement, ListedKey, LogKey, Name, Successor, TrustList

LASTS = timedelta(days=30)
RENEWED = timedelta(days=23)  # a list is made anew a week before verifiers would call the old one stale


@dataclass(frozen=True, slots=True)
class Publisher:
    """What publishing needs beside the register."""

    key: RawKey
    holdings: Holdings
    address: str
    origin: str = "hub/log"
    unsafe_allow_samples: bool = False


def publish(db: Database, publisher: Publisher, *, at: datetime, by: str) -> TrustListVersion:
    """Publish the list as it must read now; the newest version when that one says the same and is fresh."""
    with db.writing() as tx:
        tx.hold("trust-list")
        newest = _newest(tx)
        known = None if newest is None else _open(newest, publisher, at)
        content = lists.following(_content(tx, publisher, at), known, at=at, lasts=LASTS)
        if newest is not None and known is not None and not _differs(content, known, at):
            return newest
        roots, samples = publisher.holdings.roots, publisher.unsafe_allow_samples
        token = lists.sign(content, publisher.key, roots=roots, at=at, known=known, unsafe_allow_samples=samples)
        return _keep(tx, content, token, at=at, by=by)


def current(look: Reading) -> TrustListVersion:
    """The newest version."""
    newest = _newest(look)
    if newest is None:
        raise NotFound(kind="trust list")
    return newest


def version(look: Reading, sequence: int) -> TrustListVersion:
    """One version by its number."""
    found = look.get(TrustListVersion, sequence)
    if found is None:
        raise NotFound(kind="trust list")
    return found


def _newest(look: Reading) -> TrustListVersion | None:
    return look.exec(select(TrustListVersion).order_by(col(TrustListVersion.sequence).desc()).limit(1)).first()


def _open(row: TrustListVersion, publisher: Publisher, at: datetime) -> OpenedList:
    samples = publisher.unsafe_allow_samples
    return trust.open_list(row.signed, roots=publisher.holdings.roots, at=at, unsafe_allow_samples=samples)


def _differs(content: TrustList, known: OpenedList, at: datetime) -> bool:
    before = known.list
    same = replace(
        content,
        sequence=before.sequence,
        previous=before.previous,
        issued_at=before.issued_at,
        next_update=before.next_update,
    )
    return trust_list_text.to_bytes(same) != trust_list_text.to_bytes(before) or at >= before.issued_at + RENEWED


def _keep(tx: Writing, content: TrustList, token: str, *, at: datetime, by: str) -> TrustListVersion:
    digest = digests.sha256(jws.unverified_payload(token))
    row = TrustListVersion(sequence=content.sequence, digest=digest, signed=token, at=at)
    tx.add(row)
    facts: dict[str, str | int] = {"sequence": content.sequence, "digest": digest}
    ledger.append(tx, Event.TRUST_LIST_PUBLISHED, at=at, by=by, subject="trust-list", facts=facts, rows=[row])
    return row


def _content(look: Reading, publisher: Publisher, at: datetime) -> TrustList:
    held, today = publisher.holdings, legal_date(at)
    listed = [_authority(look, record) for record in reading.begun(look, on=today)]
    return replace(
        lists.draft(f"{publisher.address}/v1/status/", at=at, lasts=LASTS),
        authorities=tuple(listed),
        issuers=held.issuers,
        tsa=tuple(map(_always, held.tsa)),
        ocsp=tuple(map(_always, held.ocsp)),
        status_keys=tuple(_of(look, None, Purpose.HUB)),
        log_keys=tuple(LogKey(publisher.origin, key, Validity(None, None)) for _, key in held.logs),
    )


def _authority(look: Reading, record: Record) -> Authority:
    return Authority(
        code=record.code,
        names=tuple(_names(record)),
        nameplates=tuple(_nameplates(record)),
        region=record.places[-1].region,
        successors=tuple(Successor(step.successor, step.first_day) for step in reading.successors(look, record.code)),
        seals=tuple(_of(look, record.code, Purpose.SEAL)),
        code_keys=tuple(_of(look, record.code, Purpose.CODE)),
        may_issue=tuple(_entitled(look, record.code)),
        own_keys=tuple(map(_listed, own_keys.of_authority(look, record.code))),
    )


def _names(record: Record) -> Sequence[Name]:
    starts: list[date | None] = [name.first_day for name in record.names[1:]]
    ends = [_before(day) for day in [*starts, record.ended_on]]
    return [
        Name(name.wording.name, Validity(name.first_day, end)) for name, end in zip(record.names, ends, strict=True)
    ]


def _nameplates(record: Record) -> Iterator[Name]:
    """The second names under which it may issue, as long as the plate hangs and the body exists."""
    for plate in record.plates:
        held = _held(plate.first_day, plate.last_day, _before(plate.ended_on), _before(record.ended_on))
        if plate.issues and held is not None:
            yield Name(plate.wording.name, held)


def _entitled(look: Reading, code: str) -> Iterator[Entitlement]:
    for row in entitlements.of_authority(look, code):
        held = _held(row.first_day, row.last_day, _before(row.ended_on))
        if held is not None:
            yield Entitlement(
                types=(row.type_code,),
                region=row.region,
                grade=None if row.grade == EVERYTHING else row.grade,
                validity=held,
                in_name_of=row.principal,
                basis=row.basis_number or row.basis_title,
            )


def _of(look: Reading, authority: str | None, purpose: Purpose) -> Sequence[ListedKey]:
    """The keys enrolled for a body (none: the hub itself), each from its first day of use to its last."""
    found = [_listed(row) for row in seals.of_authority(look, authority, purpose)]
    return [key for key in found if purpose is not Purpose.HUB or _signs_status(key.certificate)]


def _listed(row: EnrolledKey | OwnKey) -> ListedKey:
    return ListedKey(x509.load_der_x509_certificate(row.certificate), Validity(legal_date(row.at), _last(row)))


def _signs_status(certificate: x509.Certificate) -> bool:
    return public_keys.algorithm(certificate.public_key()) is Algorithm.ES256


def _last(row: EnrolledKey | OwnKey) -> date | None:
    return None if row.ended_at is None else legal_date(row.ended_at)


def _always(certificate: x509.Certificate) -> ListedKey:
    return ListedKey(certificate, Validity(None, None))


def _before(day: date | None) -> date | None:
    return None if day is None else day - timedelta(days=1)


def _held(first: date, *lasts: date | None) -> Validity | None:
    """From the first day to the earliest last one; what was taken back before it began held on no day."""
    last = min((day for day in lasts if day is not None), default=None)
    return None if last is not None and last < first else Validity(first, last)
