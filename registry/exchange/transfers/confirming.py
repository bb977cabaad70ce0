"""Take a word of a transfer that its party signed once more, outside the hub, with a key of its own.

In:    a token with exactly the payload that stands signed here, of the caller's own word
Out:   the token kept beside it: from then on the word proves something against this hub, too

Order: each word once; a second token for it changes nothing. The entry names the token and the key.
Trust: what is signed was written by the hub and is compared byte for byte; the key is a registered one, and was when
       the word was said: verifiers judge it at that time.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509

from registry.directory import own_keys
from registry.directory.access.callers import Caller
from registry.exchange.transfer_errors import OwnWordRefused
from registry.exchange.transfers import boxes
from registry.exchange.transfers.boxes import OWN, Held
from registry.store import ledger, once
from registry.store.database import Database, Reading
from registry.store.envelopes import Keyring, seal
from registry.store.events import Event
from registry.store.tables.transfers import OwnKey, Transfer, TransferConfirmation
from verification import digests, handovers, jws
from verification.errors import TokenRefused
from verification.legal_dates import legal_date


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it stands signed here."""

    act: str
    typ: str
    payload: bytes
    at: datetime


def confirm(db: Database, keyring: Keyring, key: str, token: str, *, by: Caller, at: datetime) -> Transfer:
    """Keep the party's own signature of one of its words."""
    with db.writing() as tx:
        row = boxes.found(tx, key, by=by)
        word = _meant(boxes.whole(tx, keyring, row), token, by)
        signer = _signer(tx, token, word, by=by, at=at)
        name = f"{row.id}-{word.act}"
        wrapped, sealed = seal(keyring, token.encode(), kind=OWN, name=name, random=tx.random)
        made = TransferConfirmation(
            id=name,
            transfer=row.id,
            act=word.act,
            own_key=signer.id or 0,
            by=by.id,
            at=at,
            content=digests.sha256(token.encode()),
            sealed=sealed,
            key_id=wrapped.key_id,
            wrapped_key=wrapped.key,
        )
        if once.insert(tx, made):
            facts: dict[str, str | int] = {"act": word.act, "token": made.content, "key": signer.thumbprint}
            ledger.append(tx, Event.TRANSFER_CONFIRMED, at=at, by=by.id, subject=row.id, facts=facts, rows=[made])
        return row


def _meant(held: Held, token: str, by: Caller) -> Word:
    try:
        payload = jws.unverified_payload(token, limit=handovers.LIMIT)
    except TokenRefused:
        raise OwnWordRefused(reason="form") from None
    for word in _words(held, by):
        if word.payload == payload:
            return word
    raise OwnWordRefused(reason="other-word")


def _words(held: Held, by: Caller) -> Iterator[Word]:
    """What the caller's office said."""
    if by.authority == held.row.sender:
        said = jws.unverified_payload(held.manifest, limit=handovers.LIMIT)
        yield Word("manifest", handovers.MANIFEST_TYPE, said, held.row.at)
    for row, token in held.answers:
        party = held.row.sender if row.act == handovers.WITHDRAWN else held.row.receiver
        if by.authority == party:
            said = jws.unverified_payload(token, limit=handovers.LIMIT)
            yield Word(row.act, handovers.ANSWER_TYPE, said, row.at)


def _signer(look: Reading, token: str, word: Word, *, by: Caller, at: datetime) -> OwnKey:
    for key in own_keys.of_authority(look, by.authority):
        certificate = x509.load_der_x509_certificate(key.certificate)
        try:
            jws.verify(token, certificate, typ=word.typ, limit=handovers.LIMIT)
        except TokenRefused:
            continue
        if legal_date(word.at) < legal_date(key.at) or word.at < certificate.not_valid_before_utc:
            raise OwnWordRefused(reason="key-later")
        if key.ended_at is not None or at > certificate.not_valid_after_utc:
            raise OwnWordRefused(reason="key-ended")
        return key
    raise OwnWordRefused(reason="key")
