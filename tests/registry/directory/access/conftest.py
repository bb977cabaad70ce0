"""An authority with an administrator, a client and an officer, and hands to sign with."""

import base64
import json
import os
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pyotp
import pytest
from joserfc import jwk, jws  # noqa: F401 - jws registers the algorithms
from joserfc.jws import JWSRegistry
from sqlmodel import select

from registry.directory.access import clients, officers, public_keys, sign_ins, token_requests
from registry.directory.access.callers import OPERATOR
from registry.directory.access.limits import Limits
from registry.directory.access.officers import Person
from registry.directory.access.scopes import Role, Scope
from registry.directory.access.sign_ins import Attempt
from registry.directory.access.token_requests import TokenRequest
from registry.store import key_folder
from registry.store.database import Database
from registry.store.key_folder import KeyFolder
from registry.store.tables.authorities import Authority
from registry.store.tables.ledger import LedgerEntry
from verification import entries

OFFICE, OTHER_OFFICE = "11990000MB0000001X", "11990000MB0000002X"
ISSUER = "https://hub.example"
AUDIENCES = (ISSUER, f"{ISSUER}/oauth/token")
PASSWORD = "correct horse 示例 staple"
WIDE = Limits(network_requests=10_000, subject_requests=10_000, client_requests=10_000)
GRANTED = (Scope.RETRIEVE, Scope.VERIFY, Scope.TRANSFER)


@dataclass
class World:
    """One register and what one does to it from outside."""

    db: Database
    keyring: KeyFolder
    at: datetime

    def client(self, key=None, **more):
        """Register a client of the office; a key of its own, or a secret."""
        public = None if key is None else public_keys.from_jwk(key.as_dict(private=False))
        asked = {"authority": OFFICE, "name": "示例业务系统", "scopes": GRANTED, "by": OPERATOR, "at": self.at}
        return clients.register(self.db, **(asked | more), key=public)

    def ask(self, at=None, limits=WIDE, **request):
        """Ask for a token."""
        asked = TokenRequest(**({"remote": "192.0.2.7"} | request))
        return token_requests.grant(self.db, asked, audiences=AUDIENCES, at=at or self.at, limits=limits)

    def officer(self, login="zhang.san", roles=(Role.REGISTRAR,), authority=OFFICE):
        """Register an officer whose first password was changed already; give the row and the code generator."""
        person = Person(login, "示例人员", authority, frozenset(roles))
        made = officers.register(self.db, self.keyring, person, by=OPERATOR, at=self.at)
        return made, pyotp.TOTP(made.seed)

    def sign_in(self, login, password, code, at=None, limits=WIDE, remote="192.0.2.7", db=None):
        """Sign in with what was typed."""
        attempt = Attempt(login, password, code, remote)
        return sign_ins.sign_in(db or self.db, self.keyring, attempt, at=at or self.at, limits=limits)

    def entries(self):
        """Everything the ledger says, oldest first."""
        with self.db.reading() as look:
            rows = look.exec(select(LedgerEntry).order_by(LedgerEntry.id)).all()
        return [entries.from_bytes(row.body) for row in rows]

    def events(self):
        """The events of the ledger, oldest first."""
        return [entry.event for entry in self.entries()]


@pytest.fixture
def world(db, at, tmp_path):
    """A register with two authorities."""
    key_folder.create(tmp_path / "wrapping", entropy=os.urandom)
    with db.writing() as tx:
        for code in (OFFICE, OTHER_OFFICE):
            tx.add(Authority(code=code, level="city", first_day=date(2020, 1, 1), at=at))
    return World(db, KeyFolder(tmp_path / "wrapping"), at)


@pytest.fixture(scope="session")
def signing_keys():
    """One private key for each algorithm, drawn once."""
    return {
        "ES256": jwk.ECKey.generate_key("P-256"),
        "RS256": jwk.RSAKey.generate_key(2048),
        "PS256": jwk.RSAKey.import_key(jwk.RSAKey.generate_key(2048).as_dict(private=True) | {"alg": "PS256"}),
        "EdDSA": jwk.OKPKey.generate_key("Ed25519"),
    }


def claims(client, at, **changed):
    """The claims of an honest assertion, with changes; None leaves one out."""
    honest = {
        "iss": client,
        "sub": client,
        "aud": AUDIENCES[1],
        "iat": int(at.timestamp()),
        "exp": int((at + timedelta(minutes=2)).timestamp()),
        "jti": os.urandom(8).hex(),
    }
    return {name: value for name, value in (honest | changed).items() if value is not None}


def signed(key, algorithm, content, *, kid, header=None):
    """A compact text with any header, its signature made by the library that clients use."""
    head = {"alg": algorithm, "kid": kid, "typ": "JWT"} | (header or {})
    signing_input = raw(head, content).rpartition(".")[0]
    made = JWSRegistry.algorithms[{"EdDSA": "Ed25519"}.get(algorithm, algorithm)].sign(signing_input.encode(), key)
    return f"{signing_input}.{base64.urlsafe_b64encode(made).decode().rstrip('=')}"


def raw(header, payload, signature=b"x" * 64):
    """A compact text with any parts at all."""
    parts = [json.dumps(part).encode() if isinstance(part, dict) else part for part in (header, payload)]
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in [*parts, signature])


@pytest.fixture(scope="session")
def hand():
    """What tests sign with: `claims`, `signed`, `raw`."""

    class Hand:
        pass

    made = Hand()
    made.claims, made.signed, made.raw = claims, signed, raw
    return made
