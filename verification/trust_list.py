"""What a trust list says: which authorities there are, with which seals and codes, and what each may issue since when.

In:    a day, a time, a certificate's name
Out:   the authority as it was on that day; a key's standing at that time; whose key it is

Order: an old certificate is judged by the rules of its day, so every fact here is dated and none is ever removed.
Trust: a list is believed after `trust.open_list` only. Seals are trusted because they are listed, not by their issuer.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property

from cryptography import x509

from verification import certificates
from verification.legal_dates import Validity, legal_date
from verification.public_keys import PublicKey

KID = 8  # bytes of a certificate's digest that a QR code has room for


class Standing(StrEnum):
    """What a key's signature made at a time is worth."""

    USABLE = "usable"
    OUTSIDE = "outside"
    SUSPENDED = "suspended"
    DISTRUSTED = "distrusted"


@dataclass(frozen=True, slots=True)
class Suspension:
    """A time during which a key was out of use; no end: it still is."""

    first: datetime
    until: datetime | None

    def covers(self, at: datetime) -> bool:
        """Whether the key was out of use at a time."""
        return self.first <= at and (self.until is None or at < self.until)


@dataclass(frozen=True, slots=True)
class ListedKey:
    """A certificate that is trusted for one task, on certain days."""

    certificate: x509.Certificate
    validity: Validity
    suspensions: tuple[Suspension, ...] = ()
    distrusted_after: datetime | None = None

    @property
    def thumbprint(self) -> str:
        """The certificate's name."""
        return certificates.thumbprint(self.certificate)

    def standing(self, at: datetime) -> Standing:
        """What a signature proven to have been made at a time is worth."""
        if self.distrusted_after is not None and at > self.distrusted_after:
            return Standing.DISTRUSTED
        if any(suspension.covers(at) for suspension in self.suspensions):
            return Standing.SUSPENDED
        certified = self.certificate.not_valid_before_utc <= at <= self.certificate.not_valid_after_utc
        return Standing.USABLE if certified and self.validity.holds_on(legal_date(at)) else Standing.OUTSIDE


@dataclass(frozen=True, slots=True)
class LogKey:
    """A key of the transparency log, under the log's own name (origin)."""

    origin: str
    public_key: PublicKey
    validity: Validity


@dataclass(frozen=True, slots=True)
class Name:
    """What an authority was called, on which days."""

    text: str
    validity: Validity


@dataclass(frozen=True, slots=True)
class Successor:
    """Who took over an authority's tasks, from which day."""

    code: str
    since: date


@dataclass(frozen=True, slots=True)
class Entitlement:
    """What an authority may issue: types (a code, or its beginning and `*`), where, which grade, when, for whom."""

    types: tuple[str, ...]
    region: str | None
    grade: str | None
    validity: Validity
    in_name_of: str | None
    basis: str

    def covers(self, type_code: str, *, region: str | None = None, grade: str | None = None) -> bool:
        """Whether a type (there, of that grade) is covered; what the entitlement leaves open covers all."""
        return (
            any(_matches(pattern, type_code) for pattern in self.types)
            and (self.region is None or (region is not None and lies_in(region, self.region)))
            and self.grade in (None, grade)
        )


@dataclass(frozen=True, slots=True)
class Authority:
    """An authority through all its days; name-plates (加挂牌子): second names under which it may issue, too."""

    code: str
    names: tuple[Name, ...]
    nameplates: tuple[Name, ...]
    region: str
    successors: tuple[Successor, ...]
    seals: tuple[ListedKey, ...]
    code_keys: tuple[ListedKey, ...]
    may_issue: tuple[Entitlement, ...]
    own_keys: tuple[ListedKey, ...] = ()  # kept by the authority itself: no hub can sign with them


@dataclass(frozen=True, slots=True)
class AuthorityOn:
    """An authority as it was on one day."""

    code: str
    name: str
    nameplates: tuple[str, ...]
    region: str
    successors: tuple[Successor, ...]
    seals: tuple[ListedKey, ...]
    code_keys: tuple[ListedKey, ...]
    may_issue: tuple[Entitlement, ...]

    def issues_as(self, name: str) -> bool:
        """Whether a certificate could name it so: by its own name, or by a name-plate of that day."""
        return name == self.name or name in self.nameplates

    def entitlement(self, type_code: str, *, region: str | None = None, grade: str | None = None) -> Entitlement | None:
        """What entitled it to issue a type on that day; none: nothing did."""
        found = (one for one in self.may_issue if one.covers(type_code, region=region, grade=grade))
        return next(found, None)


@dataclass(frozen=True)  # no slots: what is looked up for every code is kept in the instance
class TrustList:
    """One version of the list; `previous` is the digest of the version before it."""

    sequence: int
    issued_at: datetime
    next_update: datetime
    previous: str | None
    status_base: str
    authorities: tuple[Authority, ...]
    issuers: tuple[x509.Certificate, ...]
    tsa: tuple[ListedKey, ...]
    ocsp: tuple[ListedKey, ...]
    status_keys: tuple[ListedKey, ...]
    log_keys: tuple[LogKey, ...]

    def is_stale(self, at: datetime) -> bool:
        """Whether a newer version should have come by now; what the list says stays signed and true of its time."""
        return at >= self.next_update

    def authority(self, code: str) -> Authority | None:
        """An authority through all its days."""
        return next((one for one in self.authorities if one.code == code), None)

    def entry_on(self, code: str, day: date) -> AuthorityOn | None:
        """An authority as it was on a day; none: not listed, or without a name on that day."""
        found = self.authority(code)
        name = found and next((name.text for name in found.names if name.validity.holds_on(day)), None)
        if not found or not name:
            return None
        return AuthorityOn(
            code=code,
            name=name,
            nameplates=tuple(plate.text for plate in found.nameplates if plate.validity.holds_on(day)),
            region=found.region,
            successors=tuple(one for one in found.successors if one.since <= day),
            seals=tuple(key for key in found.seals if key.validity.holds_on(day)),
            code_keys=tuple(key for key in found.code_keys if key.validity.holds_on(day)),
            may_issue=tuple(one for one in found.may_issue if one.validity.holds_on(day)),
        )

    def seal(self, thumbprint: str) -> tuple[Authority, ListedKey] | None:
        """Whose seal a certificate is."""
        found = ((one, key) for one in self.authorities for key in one.seals if key.thumbprint == thumbprint)
        return next(found, None)

    def code_keys(self, kid: bytes) -> tuple[tuple[Authority, ListedKey], ...]:
        """Whose code keys begin with a short key id; two may, so the signature decides."""
        return self._code_keys.get(kid, ())

    @cached_property
    def _code_keys(self) -> Mapping[bytes, tuple[tuple[Authority, ListedKey], ...]]:
        found: dict[bytes, tuple[tuple[Authority, ListedKey], ...]] = {}
        for one in self.authorities:
            for key in one.code_keys:
                kid = bytes.fromhex(key.thumbprint.partition(":")[2])[:KID]
                found[kid] = (*found.get(kid, ()), (one, key))
        return found

    def hub_keys(self, kid: bytes) -> tuple[ListedKey, ...]:
        """The hub's own keys of a short key id: they may sign the status list of any authority listed here."""
        wanted = f"sha256:{kid.hex()}"
        return tuple(key for key in self.status_keys if len(kid) == KID and key.thumbprint.startswith(wanted))

    def certificates(self) -> Iterator[x509.Certificate]:
        """Every certificate of the list."""
        yield from self.issuers
        for keys in (
            self.tsa,
            self.ocsp,
            self.status_keys,
            *(keys for one in self.authorities for keys in (one.seals, one.code_keys, one.own_keys)),
        ):
            yield from (key.certificate for key in keys)


def lies_in(region: str, wide: str) -> bool:
    """Whether a division lies in another, by their codes: 410802 lies in 410800 and in 410000."""
    stem = wide
    for size, digits in ((12, 3), (9, 3), (6, 2), (4, 2)):
        if len(stem) == size and stem.endswith("0" * digits):
            stem = stem[:-digits]
    return region.startswith(stem)


def _matches(pattern: str, type_code: str) -> bool:
    if pattern.endswith("*"):
        return type_code.startswith(pattern[:-1])
    return type_code == pattern
