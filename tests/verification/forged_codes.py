"""An honest QR code, and the table of forged ones with the reason for which each is refused."""

import zlib
from datetime import timedelta

from signing import codes
from tests.vectors import make_statements
from tests.verification import desk
from verification import base45, cbor, code_token, cose, status_list
from verification.code_token import FACTS, Fact, StatusPlace

LETTER = make_statements.letter()
REFERENCE = "7K2M9Q4XWD"
URI = "https://hub.sample.invalid/v1/status/3"
PLACE = StatusPlace(4711, URI)
DAY = timedelta(days=1)
KEY = desk.key("defence-code")
CLAIMS = codes.claims(
    LETTER,
    written=LETTER.to_bytes(),
    reference=REFERENCE,
    status=PLACE,
    facts={Fact.NUMBER: LETTER.number, Fact.HOLDER: LETTER.holders[0].name},
    at=desk.AT,
    key=KEY,
)
TOKEN = codes.sign(KEY, CLAIMS, at=desk.AT)
LINK = codes.link(TOKEN, host="hub.sample.invalid", reference=REFERENCE)
TEXT = codes.text(TOKEN)


def plain():
    """The claims as a map."""
    return cbor.decode(CLAIMS.payload())


def packed(envelope):
    return code_token.PREFIX + base45.encode(envelope)


def signed(payload, *, key=KEY, kid=None, header=None, unprotected=None, signature=None):
    """An envelope with one part made otherwise."""
    named = bytes.fromhex(key.key_id.removeprefix("sha256:"))[:8] if kid is None else kid
    protected = cose.header(named) if header is None else cbor.encode(header)
    made = cose.assembled(protected, payload, key.sign(cose.signing_input(protected, payload)))
    parts = cbor.decode(made).parts
    parts[1] = unprotected or {}
    parts[3] = parts[3] if signature is None else signature
    return cbor.encode(cbor.Signed(parts))


def claiming(**changes):
    """The honest claims with some changed, rightly signed: `f1` is fact 1, `None` takes a claim away."""
    claims = plain()
    for name, value in changes.items():
        place = claims[FACTS] if name.startswith("f") else claims
        number = int(name[1:])
        if value is None:
            del place[number]
        else:
            place[number] = value
    return packed(signed(cbor.encode(claims)))


def status(**changes):
    return {"status_list": {"idx": 1, "uri": URI, **changes}}


HEADER = {1: -7, 4: bytes.fromhex(KEY.key_id.removeprefix("sha256:"))[:8]}
FORGED = {
    "no code": ("hello", "not-a-code"),
    "another scheme": (LINK.replace("HTTPS", "HTTP"), "not-a-code"),
    "user in the host": (LINK.replace("//", "//A@"), "not-a-code"),
    "another prefix": ("HC1:" + TEXT[4:], "not-a-code"),
    "lower-case reference": (LINK.replace(REFERENCE, REFERENCE.lower()), "other-reference"),
    "another reference": (LINK.replace(REFERENCE, "7K2M9Q4XWE"), "other-reference"),
    "no token": (LINK.partition("#")[0] + "#", "not-a-code"),
    "another escape": (LINK + "%41", "escape"),
    "a bare space": (LINK.replace("#", "# "), "escape"),
    "far too long": (TEXT + "0" * 5000, "too-long"),
    "not base45": (TEXT + "a", "base45"),
    "base45 cut": (TEXT[:-1], "base45"),
    "base45 group too large": (TEXT[:-3] + ":::", "base45"),
    "cut short": (packed(signed(CLAIMS.payload())[:-1]), "cut-short"),
    "bytes behind": (packed(signed(CLAIMS.payload()) + b"\0"), "trailing-bytes"),
    "zlib with bytes behind": (packed(zlib.compress(signed(CLAIMS.payload()), 9) + b"\0"), "zlib"),
    "zlib cut": (packed(b"\x78\xda" + b"\1"), "zlib"),
    "zlib bomb": (packed(zlib.compress(bytes(1 << 20), 9)), "too-large"),
    "no tag": (packed(cbor.encode(cbor.decode(signed(CLAIMS.payload())).parts)), "not-an-envelope"),
    "another tag": (packed(b"\xd1" + signed(CLAIMS.payload())[1:]), "tag"),
    "an unprotected header": (packed(signed(CLAIMS.payload(), unprotected={1: -7})), "not-an-envelope"),
    "no algorithm": (packed(signed(CLAIMS.payload(), header={4: HEADER[4]})), "header"),
    "algorithm none": (packed(signed(CLAIMS.payload(), header={**HEADER, 1: 0})), "header"),
    "algorithm HMAC": (packed(signed(CLAIMS.payload(), header={**HEADER, 1: 5})), "header"),
    "algorithm EdDSA": (packed(signed(CLAIMS.payload(), header={**HEADER, 1: -8})), "header"),
    "a certificate in the header": (packed(signed(CLAIMS.payload(), header={**HEADER, 33: b"x"})), "header"),
    "a critical header": (packed(signed(CLAIMS.payload(), header={**HEADER, 2: [99]})), "header"),
    "a status list's type": (packed(signed(CLAIMS.payload(), header={**HEADER, 16: status_list.TYPE})), "header"),
    "no key id": (packed(signed(CLAIMS.payload(), header={1: -7})), "key-id"),
    "a short key id": (packed(signed(CLAIMS.payload(), header={1: -7, 4: b"x"})), "key-id"),
    "a short signature": (packed(signed(CLAIMS.payload(), signature=bytes(63))), "signature-length"),
    "a missing claim": (claiming(c6=None), "claims"),
    "an unknown claim": (claiming(c2="x"), "claims"),
    "a claim under text": (packed(signed(cbor.encode(plain() | {"iss": "x"}))), "claims"),
    "claims that are a list": (packed(signed(cbor.encode([1]))), "claims"),
    "a claim twice": (packed(signed(b"\xa2\x01\x61a\x01\x61b")), "key-order"),
    "claims out of order": (packed(signed(b"\xa2\x04\x61a\x01\x61b")), "key-order"),
    "a long number": (packed(signed(b"\xa1\x18\x01\x61a")), "longer-than-needed"),
    "indefinite length": (packed(signed(b"\xbf\x01\x61a\xff")), "indefinite"),
    "a fraction": (packed(signed(b"\xa1\x01\xf9\x3c\x00")), "simple"),
    "too deep": (packed(signed(b"\x81" * 20 + b"\x01")), "too-deep"),
    "an issuer that is no code": (claiming(c1="x"), "claims"),
    "a reference that is text": (claiming(c7="7K2M9Q4XWD"), "claims"),
    "a reference of other characters": (claiming(c7=b"7k2m9q4xwd"), "claims"),
    "a time that is text": (claiming(c6="now"), "time"),
    "a time before 1970": (claiming(c6=-1), "time"),
    "a time beyond all": (claiming(c4=1 << 60), "time"),
    "a time that is true": (claiming(c6=True), "time"),
    "a day beyond all": (claiming(f11=1 << 40), "time"),
    "days reversed": (claiming(f11=20000, f12=19000), "time"),
    "no status place": (claiming(c65535={}), "status"),
    "a negative index": (claiming(c65535=status(idx=-1)), "status"),
    "another scheme for status": (claiming(c65535=status(uri="file:///x")), "status"),
    "more in the status place": (claiming(c65535=status(x=1)), "status"),
    "no digest": (claiming(f15=None), "digest"),
    "a short digest": (claiming(f15=bytes(8)), "digest"),
    "a fact beyond the list": (claiming(f99="x"), "facts"),
    "an empty fact": (claiming(f2=""), "facts"),
    "a fact of bytes": (claiming(f2=b"x"), "facts"),
}
PLANNING = desk.key("planning-code")
UNSIGNED = {
    "a changed fact": (packed(signed(CLAIMS.payload(), signature=bytes(range(64)))), "wrong-signature"),
    "a signature of zeros": (packed(signed(CLAIMS.payload(), signature=bytes(64))), "wrong-signature"),
    "another's key under this name": (packed(signed(CLAIMS.payload(), key=PLANNING, kid=HEADER[4])), "wrong-signature"),
    "an unknown key": (packed(signed(CLAIMS.payload(), key=desk.key("market-code"))), "unknown-key"),
    "a seal's key": (packed(signed(CLAIMS.payload(), key=desk.key("defence-seal"))), "unknown-key"),
    "another authority's key": (packed(signed(CLAIMS.payload(), key=PLANNING)), "other-issuer"),
}
