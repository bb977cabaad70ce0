"""Make the QR code of a certificate: sign its few facts, spell them as a link, draw the symbol.

In:    a statement, the short reference, status place and facts the page shows; an authority's code key; the host
Out:   the link a phone's camera opens, the text for programs, the symbol as SVG

Order: check the key → sign → read back with our own reader; a code that cannot be read is never printed.
Why:   zxing-cpp draws a code of this size twenty times faster than the pure-Python libraries, and packs the link's
       upper-case characters by itself.
Spec:  verification/code_token.py
"""

import hashlib
import math
import re
import zlib
from collections.abc import Mapping
from datetime import datetime

import zxingcpp

from signing.errors import CodeRefused
from signing.keys import RawKey, Use, require
from verification import base45, code_token, cose
from verification.code_token import DIGEST, Claims, Fact, Stated, StatusPlace
from verification.errors import CodeTokenRefused
from verification.statement import Statement

_HOST = re.compile(r"[a-z0-9.-]{1,253}(:[0-9]{1,5})?")
QUIET = 4  # modules of white around the symbol
_WHITE = b"\xff"
LONGEST = 720  # characters of a link: all fit version 17, whose 93 modules are 46.5 mm on paper


def claims(
    statement: Statement,
    *,
    written: bytes,
    reference: str,
    status: StatusPlace,
    facts: Mapping[int, Stated],
    at: datetime,
    key: RawKey,
) -> Claims:
    """What a certificate's code says of a statement and its bytes; it ends with the certificate, or with the key."""
    if key.certificate is None:
        raise RuntimeError("a code key without a certificate reached claims()")
    last = key.certificate.not_valid_after_utc
    ends = statement.validity.ends()
    return Claims(
        issuer=(statement.decider or statement.issuer).code,
        reference=reference,
        issued_at=at.replace(microsecond=0),
        expires_at=last if ends is None else min(ends, last),
        status=status,
        digest=hashlib.sha256(written).digest()[:DIGEST],
        validity=statement.validity,
        facts={int(Fact.TYPE): statement.type.partition("@")[0], **facts},
    )


def sign(key: RawKey, claimed: Claims, *, at: datetime) -> bytes:
    """The signed token, compressed where that makes it smaller."""
    require(key, Use.CODE, at=at)
    kid = bytes.fromhex(key.key_id.removeprefix("sha256:"))[: cose.KID]
    protected, payload = cose.header(kid), claimed.payload()
    token = cose.assembled(protected, payload, key.sign(cose.signing_input(protected, payload)))
    smaller = zlib.compress(token, 9)
    packed = smaller if len(smaller) < len(token) else token
    _read_back(text(packed), claimed)
    return packed


def text(token: bytes) -> str:
    """The token for programs and files."""
    return code_token.PREFIX + base45.encode(token)


def link(token: bytes, *, host: str, reference: str) -> str:
    """The token as a phone's camera opens it, in the characters a QR code packs tightest."""
    if not _HOST.fullmatch(host):
        raise CodeRefused(reason="host")
    found = f"HTTPS://{host.upper()}/V/{reference}#{code_token.escaped(base45.encode(token))}"
    try:
        code_token.read(found)
    except CodeTokenRefused as refused:
        raise CodeRefused(reason=str(refused.facts["reason"])) from None
    return found


def fits(content: str) -> bool:
    """Whether the symbol of a link is one that a page has room for."""
    return len(content) <= LONGEST


def svg(content: str, *, level: str = "M") -> bytes:
    """The symbol of a text: one path, one unit a module, four modules of white around it."""
    if not fits(content):
        raise CodeRefused(reason="too-long")
    try:
        drawn = zxingcpp.create_barcode(content, zxingcpp.BarcodeFormat.QRCode, ec_level=level)
    except ValueError:
        raise CodeRefused(reason="too-long") from None
    modules = memoryview(drawn.to_image(scale=1, add_quiet_zones=False))  # type: ignore[arg-type]  # a buffer, says its code
    size = int(math.sqrt(modules.nbytes))
    black = modules.tobytes()
    path = "".join(_row(black[number * size : (number + 1) * size], number) for number in range(size))
    side = size + 2 * QUIET
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges">'
        f'<rect width="{side}" height="{side}" fill="#fff"/><path d="{path}"/></svg>'
    ).encode()


def _row(modules: bytes, number: int) -> str:
    """The black runs of one row; white modules stand between them."""
    drawn, at = [], QUIET
    for run in modules.split(_WHITE):
        if run:
            drawn.append(f"M{at} {number + QUIET}h{len(run)}v1H{at}z")
        at += len(run) + 1
    return "".join(drawn)


def _read_back(written: str, claimed: Claims) -> None:
    try:
        found = code_token.read(written).claims
    except CodeTokenRefused as refused:
        raise CodeRefused(reason=str(refused.facts["reason"])) from None
    if found.payload() != claimed.payload():
        raise CodeRefused(reason="other-claims")
