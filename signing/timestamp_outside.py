"""Ask a time-stamp authority outside, over a transport that is handed in.

In:    bytes to be time-stamped, the authority's pinned certificate, how long to wait
Out:   a token that our own verifier accepts, or a refusal that says who was silent or wrong

Order: a token is checked before it is put behind a signature; what fails the check is not kept.
Trust: the network is anybody's. Only the pinned certificate speaks, only about what was sent (nonce, digest), and
       only about now, within the tolerance.
Spec:  RFC 3161 §2.4, §3.4; RFC 5816
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NoReturn, TypeAlias

from cryptography import x509

from signing import der as written
from signing.errors import TimeStampDeclined, TimeStampUnavailable, TimeStampWrong
from signing.timestamp import Entropy, imprint
from verification import certificates, der
from verification.errors import CheckFailed, DerRefused
from verification.pdf import stamp as stamps

Transport: TypeAlias = Callable[[bytes, float], bytes]  # query, seconds → reply; OSError when nothing comes

LARGEST_REPLY = 1 << 16  # bytes
_ROOM = 1024  # bytes of a token beside its certificates
_NONCE_BYTES = 8
_AFTER_TIME = 5  # where the optional members of TSTInfo begin
_GRANTED = (b"\0", b"\1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """An authority outside; `shown` are the certificates it puts into its tokens, its own first."""

    transport: Transport
    chain: tuple[x509.Certificate, ...]
    entropy: Entropy
    timeout_seconds: float
    policy: str = ""
    tolerance: timedelta = timedelta(minutes=2)
    room: int = _ROOM

    @property
    def largest(self) -> int:
        """The most bytes that are accepted of a token: its certificates and some room."""
        return self.room + sum(len(certificates.der(one)) for one in self.chain)

    @property
    def name(self) -> str:
        """What a refusal calls it: the thumbprint of its certificate."""
        return certificates.thumbprint(self.chain[0])

    def stamp(self, data: bytes, *, at: datetime) -> bytes:
        """A token over the SHA-256 digest of the data."""
        nonce = written.integer(int.from_bytes(self.entropy(_NONCE_BYTES)))
        policy = written.oid(self.policy) if self.policy else b""
        query = written.sequence(written.integer(1), imprint(data), policy, nonce, written.TRUE)
        try:
            reply = self.transport(query, self.timeout_seconds)
        except OSError:
            raise TimeStampUnavailable(authority=self.name) from None
        try:
            token = self._granted(reply)
            self._check(stamps.read(token, data), nonce, policy, at=at)
        except (CheckFailed, DerRefused):
            self._wrong("unreadable")
        return token

    def _granted(self, reply: bytes) -> bytes:
        if len(reply) > LARGEST_REPLY:
            self._wrong("too-large")
        status, *token = der.parts(der.one(reply))
        said = der.parts(der.expect(status, der.SEQUENCE))
        if not said or said[0].content not in _GRANTED or len(token) != 1:
            raise TimeStampDeclined(authority=self.name, status=int.from_bytes(said[0].content) if said else -1)
        if len(token[0].whole) > self.largest:
            self._wrong("too-large")
        return token[0].whole

    def _check(self, found: stamps.Stamp, nonce: bytes, policy: bytes, *, at: datetime) -> None:
        if found.token.signer != self.chain[0]:
            self._wrong("other-authority")
        fields = der.parts(der.one(found.token.content or b""))
        if nonce not in [one.whole for one in fields[_AFTER_TIME:]]:
            self._wrong("other-nonce")
        if policy and fields[1].whole != policy:
            self._wrong("other-policy")
        if abs(found.at - at) > self.tolerance:
            self._wrong("other-time")

    def _wrong(self, reason: str) -> NoReturn:
        raise TimeStampWrong(authority=self.name, reason=reason) from None
