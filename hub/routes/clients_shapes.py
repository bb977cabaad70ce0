"""What clients look like on the wire."""

import json
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Self

from pydantic import AwareDatetime, Field

from hub.wire import In, Out
from registry.directory.access import public_keys
from registry.directory.access.clients import Registered
from registry.directory.access.public_keys import PublicKey
from registry.directory.access.scopes import Scope
from registry.store.tables.access import Client, ClientKey

Scopes = list[Scope]
Certificates = list[Annotated[str, Field(max_length=16_384, description="PEM")]]
Instant = Annotated[AwareDatetime, Field(ge=datetime(2000, 1, 1, tzinfo=UTC), lt=datetime(2200, 1, 1, tzinfo=UTC))]


_RFC_7517 = {
    "kty": "EC",
    "crv": "P-256",
    "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
    "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
}


class KeyIn(In):
    """A public key: a JWK, or PEM text."""

    jwk: dict[str, Any] | None = Field(None, description="public part only", examples=[_RFC_7517])
    pem: str | None = Field(None, max_length=8192)
    kid: str | None = Field(None, max_length=64, description="default: the RFC 7638 thumbprint")
    not_before: Instant | None = None
    not_after: Instant | None = None

    def read(self) -> PublicKey:
        """The key itself."""
        return public_keys.from_text(self.pem if self.pem is not None else json.dumps(self.jwk))


class _Bounded(In):
    """What bounds a client."""

    def bounds(self) -> dict[str, Any]:
        """The scopes, networks and certificates that were named."""
        return {name: getattr(self, name) for name in ("scopes", "networks", "certificates")}


class ClientIn(_Bounded):
    """A client to register."""

    name: str = Field(min_length=1, max_length=200, examples=["示例市政务服务系统"])
    authority: str = Field(
        min_length=18, max_length=18, description="统一社会信用代码", examples=["114108000000000004"]
    )
    scopes: Scopes = Field(max_length=30, examples=[["retrieve", "verify"]])
    networks: list[str] = Field([], max_length=20, examples=[["192.0.2.0/24"]], description="empty: from anywhere")
    certificates: Certificates = Field([], max_length=4, description="empty: no certificate needs to be shown")
    key: KeyIn | None = Field(None, description="null: a secret is drawn and shown once")


class ClientChange(_Bounded):
    """What changes about a client; null leaves it as it is."""

    scopes: Scopes | None = Field(None, max_length=30, examples=[["verify"]])
    networks: list[str] | None = Field(None, max_length=20, examples=[["192.0.2.0/24"]])
    certificates: Certificates | None = Field(None, max_length=4, description="empty: none needs to be shown any more")


class RotationIn(In):
    """How long the old secret stays good."""

    overlap_hours: int = Field(0, ge=0, le=720, examples=[24])

    def overlap(self) -> timedelta:
        """The same as a time."""
        return timedelta(hours=self.overlap_hours)


class KeyOut(Out):
    """A key or secret, without anything secret."""

    kid: str
    algorithm: str
    not_before: datetime
    not_after: datetime | None


class SecretOut(KeyOut):
    """A new secret: shown now and never again."""

    secret: str = Field(repr=False)

    @classmethod
    def of(cls, made: tuple[ClientKey, str]) -> Self:
        """A drawn secret as its owner sees it."""
        return cls(secret=made[1], **KeyOut.model_validate(made[0]).model_dump())


class ClientOut(Out):
    """A client."""

    id: str
    name: str
    authority: str
    scopes: list[str]
    networks: list[str]
    certificates: list[str] = Field(description="SHA-256 thumbprints (x5t#S256) of the TLS certificates it is bound to")
    registered_at: datetime
    closed_at: datetime | None
    used_at: datetime | None
    keys: list[KeyOut] = Field([], description="in a list of clients, none")
    secret: str | None = Field(None, repr=False, description="only in the answer that registers the client")

    @classmethod
    def of(cls, row: Client, keys: list[ClientKey] | None = None, secret: str | None = None) -> Self:
        """A client as its administrator sees it."""
        return cls(
            id=row.id,
            name=row.name,
            authority=row.authority,
            scopes=row.scopes.split(),
            networks=row.networks.split(),
            certificates=(row.certificates or "").split(),
            registered_at=row.at,
            closed_at=row.closed_at,
            used_at=row.used_at,
            keys=[KeyOut.model_validate(key) for key in keys or ()],
            secret=secret,
        )

    @classmethod
    def registered(cls, made: Registered) -> Self:
        """A new client with what is shown this once."""
        return cls.of(made.client, [made.key], made.secret)
