"""Who may call, with what, and how often: clients and their keys, officers, tokens, budgets.

Secrets are never here: bearer tokens and client secrets as SHA-256 (they are 256 random bits, so a slow hash would
add nothing but a lever for overload), passwords as argon2id, code seeds sealed with the wrapping keys.
"""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Text, UniqueConstraint
from sqlmodel import Field

from registry.store.columns import BYTES, UtcTime
from registry.store.tables.base import GUARDED, LATER, Row

UNLOGGED = {"info": {"logged": False}}


class Client(Row, table=True):
    """A connected system (接入系统) of one authority."""

    __tablename__ = "client"
    __table_args__ = ({"info": GUARDED},)

    id: str = Field(primary_key=True, max_length=40)
    authority: str = Field(max_length=18, index=True, foreign_key="authority.code")
    name: str = Field(max_length=200)
    scopes: str = Field(max_length=400)
    networks: str = Field(default="", max_length=1000)
    certificates: str | None = Field(default=None, max_length=300, sa_column_kwargs=LATER)
    at: datetime = Field(sa_type=UtcTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcTime, sa_column_kwargs=UNLOGGED)


class ClientKey(Row, table=True):
    """What proves a client: a public key (as a JWK) or the digest of a secret, between two instants."""

    __tablename__ = "client_key"
    __table_args__ = (
        CheckConstraint("algorithm IN ('secret', 'ES256', 'RS256', 'PS256', 'EdDSA')", name="algorithm_known"),
        CheckConstraint("not_after IS NULL OR not_after >= not_before", name="not_reversed"),
        {"info": GUARDED},
    )

    client: str = Field(primary_key=True, max_length=40, foreign_key="client.id")
    kid: str = Field(primary_key=True, max_length=64)
    algorithm: str = Field(max_length=6)
    material: str = Field(sa_type=Text)
    not_before: datetime = Field(sa_type=UtcTime)
    not_after: datetime | None = Field(default=None, sa_type=UtcTime)


class Officer(Row, table=True):
    """A person who works for an authority (经办人): proved by password and code, or by an OpenID provider."""

    __tablename__ = "officer"
    __table_args__ = (
        UniqueConstraint("issuer", "subject"),
        CheckConstraint("(issuer IS NULL) = (subject IS NULL)", name="subject_has_issuer"),
        CheckConstraint("(password_hash IS NULL) <> (subject IS NULL)", name="one_proof"),
        {"info": GUARDED},
    )

    id: str = Field(primary_key=True, max_length=40)
    login: str = Field(max_length=64, unique=True)
    name: str = Field(max_length=100)
    authority: str = Field(max_length=18, index=True, foreign_key="authority.code")
    roles: str = Field(max_length=200)
    password_hash: str | None = Field(default=None, max_length=200)
    must_change: bool = False
    issuer: str | None = Field(default=None, max_length=300)
    subject: str | None = Field(default=None, max_length=255)
    at: datetime = Field(sa_type=UtcTime)
    disabled_at: datetime | None = Field(default=None, sa_type=UtcTime)


class CodeSeed(Row, table=True):
    """The sealed seed of an officer's one-time codes, and the last time step that was used."""

    __tablename__ = "code_seed"
    __table_args__ = ({"info": GUARDED},)

    officer: str = Field(primary_key=True, max_length=40, foreign_key="officer.id")
    sealed: bytes = Field(sa_type=BYTES)
    key_id: str = Field(max_length=40, index=True, sa_column_kwargs=UNLOGGED)
    wrapped_key: bytes = Field(sa_type=BYTES, sa_column_kwargs=UNLOGGED)
    step: int = Field(default=0, sa_type=BigInteger, sa_column_kwargs=UNLOGGED)


class AccessToken(Row, table=True):
    """A bearer token given out, by its digest."""

    __tablename__ = "access_token"
    __table_args__ = (
        CheckConstraint("length(digest) = 32", name="digest_is_sha256"),
        CheckConstraint("(client IS NULL) <> (officer IS NULL)", name="one_owner"),
    )

    digest: bytes = Field(primary_key=True, sa_type=BYTES)
    client: str | None = Field(default=None, max_length=40, index=True, foreign_key="client.id")
    officer: str | None = Field(default=None, max_length=40, index=True, foreign_key="officer.id")
    scopes: str = Field(max_length=400)
    at: datetime = Field(sa_type=UtcTime)
    expires_at: datetime = Field(sa_type=UtcTime, index=True)
    idle_until: datetime | None = Field(default=None, sa_type=UtcTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcTime)


class SpentAssertion(Row, table=True):
    """A signed assertion that was used: it is not accepted again before it has expired."""

    __tablename__ = "spent_assertion"
    __table_args__ = (CheckConstraint("length(digest) = 32", name="digest_is_sha256"),)

    digest: bytes = Field(primary_key=True, sa_type=BYTES)
    expires_at: datetime = Field(sa_type=UtcTime, index=True)


class BudgetLevel(Row, table=True):
    """How far a budget is spent: the instant, in microseconds since 1970, at which it is whole again."""

    __tablename__ = "budget_level"

    name: str = Field(primary_key=True, max_length=120)
    whole_at: int = Field(sa_type=BigInteger, index=True)
    told: bool = False


class SignInTries(Row, table=True):
    """Wrong tries for a login, whether or not an officer has it: both are counted and locked alike."""

    __tablename__ = "sign_in_tries"

    subject: str = Field(primary_key=True, max_length=64)
    tries: int = 0
    locks: int = 0
    locked_until: datetime | None = Field(default=None, sa_type=UtcTime)
    at: datetime = Field(sa_type=UtcTime, index=True)
