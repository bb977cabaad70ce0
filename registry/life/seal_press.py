"""Make the document of a certificate: draw the page or take the finished body, add the code, press the seal.

In:    an order (statement, template or body, places), the enrolled keys, what all seals share
Out:   the sealed document, the level it reached, the key that sealed it
Next:  issuance keeps it

Order: the only place in the register where keys are used. `check` refuses before a number is reserved what can be
       known then: a key that is missing, expired or not for this; no status answer where the type refuses without.
"""

import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from registry.directory import seals
from registry.directory.seals import Purpose
from registry.life.platforms import Platform
from registry.life.press import Made, Order
from registry.store.database import Database, Reading
from signing import body as bodies
from signing import codes, glyphs, page
from signing.keys import RawKey, Use, require
from signing.page import Attachment, Parts
from signing.seal import Means, Sealer, StatusPolicy, Without
from verification import certificates
from verification.code_token import Fact, Stated, StatusPlace
from verification.statement import Statement

FILE, MEDIA_TYPE = "statement.json", "application/json"
_NATURAL = "natural"


class SealPress:
    """The press of a hub: its enrolled keys, opened where they lie; safe to use from several threads."""

    def __init__(
        self,
        db: Database,
        means: Means,
        open_key: Callable[[str], RawKey],
        *,
        address: str,
        fonts: tuple[Path, ...] = (glyphs.OWN_FONTS,),
        platform: Platform | None = None,
        impression: Callable[[RawKey], bytes] = lambda _key: b"",
    ) -> None:
        self._db, self._means, self._open = db, means, open_key
        self._address = address.rstrip("/")
        self.fonts, self.platform, self._impression = fonts, platform, impression
        self._keys: dict[tuple[str, str], RawKey] = {}
        self._sealers: dict[str, Sealer] = {}
        self._lock = threading.Lock()

    def check(self, *, seal_owner: str, decider: str, without: Without, at: datetime) -> None:
        """Refuse now what would be refused later for want of a usable key, or of an answer that the type demands."""
        with self._db.reading() as look:
            seal, code = self._key(look, Purpose.SEAL, seal_owner), self._key(look, Purpose.CODE, decider)
        require(seal, Use.SEAL, at=at)
        require(code, Use.CODE, at=at)
        if without is Without.REFUSE:
            self._sealer(seal).require_answers(StatusPolicy(), at=at)

    def make(self, order: Order, *, at: datetime) -> Made:
        """The sealed document."""
        said = order.statement
        with self._db.reading() as look:
            key = self._key(look, Purpose.SEAL, (said.seal_owner or said.issuer).code)
            code = self._key(look, Purpose.CODE, (said.decider or said.issuer).code) if order.body is None else None
        document = self._drawn(order, key, code) if code else bodies.attach(order.body or b"", _attachment(order))
        sealed = self._sealer(key).apply(document, at=at, policy=StatusPolicy(without=order.without))
        return Made(sealed.document, sealed.level.value, sealed.certificate)

    def _drawn(self, order: Order, key: RawKey, code: RawKey) -> bytes:
        said = order.statement
        parts = Parts(
            title=said.title,
            qr_svg=codes.svg(self._code(order, code)),
            reference=order.reference,
            host=self._host,
            seal_name=(said.seal_owner or said.issuer).name if _sample(key) else "",
            seal_svg=self._impression(key),
            sample=_sample(key),
            attachments=(_attachment(order),),
        )
        return page.render(order.template, face=said.face, parts=parts, at=order.drawn_at, folders=self.fonts)

    def _code(self, order: Order, key: RawKey) -> str:
        """The code's link, with as many facts as fit the symbol that the page has room for."""
        said, at = order.statement, order.drawn_at
        place = StatusPlace(order.status_index, f"{self._address}/v1/status/{order.status_list}")
        for facts in _facts(said):
            claimed = codes.claims(
                said, written=order.content, reference=order.reference, status=place, facts=facts, at=at, key=key
            )
            link = codes.link(codes.sign(key, claimed, at=at), host=self._host, reference=order.reference)
            if codes.fits(link):
                break
        return link

    @property
    def _host(self) -> str:
        return self._address.partition("://")[2].lower()

    def _key(self, look: Reading, purpose: Purpose, authority: str) -> RawKey:
        row = seals.current(look, purpose, authority)
        name = (row.locator, row.thumbprint)
        with self._lock:
            if name not in self._keys:
                self._keys[name] = seals.same(self._open(row.locator), row)
            return self._keys[name]

    def _sealer(self, key: RawKey) -> Sealer:
        with self._lock:
            if key.key_id not in self._sealers:
                self._sealers[key.key_id] = Sealer(key, self._means)
            return self._sealers[key.key_id]


def _attachment(order: Order) -> Attachment:
    """The statement inside its document: one signature covers both."""
    return Attachment(name=FILE, content=order.content, media_type=MEDIA_TYPE, description="Statement")


def _facts(said: Statement) -> list[dict[int, Stated]]:
    """What a code tells offline, the fullest first; a person's name stands on the page only."""
    number: dict[int, Stated] = {} if said.number is None else {int(Fact.NUMBER): said.number}
    first = said.holders[0] if said.holders else None
    if first is None or first.kind == _NATURAL:
        return [number, {}]
    return [{**number, int(Fact.HOLDER): first.name}, number, {}]


def _sample(key: RawKey) -> bool:
    return key.certificate is not None and certificates.is_sample(key.certificate)
