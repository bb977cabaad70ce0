"""The demo's own identity provider: its key, its codes and identity tokens. A production hub has none.

In:    a person chosen on its page, and what the wallet asked for
Out:   a code of one minute for one exchange; for that and the wallet's verifier an identity token
Order: the key is written when the demo is made: where that file is missing, in production, and beside a configured
       provider there is no such provider.
Trust: anybody may be anybody here. A code is bound to wallet, address and challenge, and is spent before it answers.
Spec:  OpenID Connect Core §2, §3.1; RFC 7636 (S256 alone); RFC 8252 §7.3 (an app's address is on its own machine).
"""

import base64
import hashlib
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from hub import demo_holders, key_files_made
from hub.settings import DEMO_IDENTITY, Mode, Settings
from registry.directory.access import jose, public_keys, tokens
from registry.directory.access.errors import GrantRefused, TokenRequestMalformed
from registry.directory.access.jose import Claims, Profile, Unreadable
from registry.directory.access.public_keys import PublicKey
from registry.store.database import Database
from signing import jws, key_files
from verification import canonical
from verification.canonical import Json

PATH, WALLET = DEMO_IDENTITY, "demo-wallet"
_CODE, _IDENTITY = "demo-code+jwt", "jwt"
_MINUTE, _TOKEN = 60, 300  # seconds
_OWN_MACHINE = re.compile(r"http://(127\.0\.0\.1|localhost|\[::1\])(:[0-9]{1,5})?(/[A-Za-z0-9._~/-]{0,200})?")
_CHALLENGE, _VERIFIER = re.compile(r"[A-Za-z0-9_-]{43}"), re.compile(r"[A-Za-z0-9._~-]{43,128}")
_PLAIN = re.compile(r"[\x20-\x7e]{0,500}")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a wallet asks for at the authorization endpoint."""

    redirect: str
    challenge: str
    state: str
    nonce: str

    def fields(self) -> dict[str, str]:
        """The request again, for the page's form."""
        return {
            "response_type": "code", "scope": "openid", "client_id": WALLET, "redirect_uri": self.redirect,
            "state": self.state, "nonce": self.nonce,
            "code_challenge": self.challenge, "code_challenge_method": "S256",
        }  # fmt: skip


def read(told: Mapping[str, str]) -> Asked:
    """Read a wallet's request; what is wrong is told to the person, and nobody is sent anywhere."""
    fixed = {"response_type": "code", "client_id": WALLET, "code_challenge_method": "S256"}
    wrong = [name for name, value in fixed.items() if told.get(name) != value]
    wrong += [] if "openid" in told.get("scope", "").split() else ["scope"]
    wrong += [] if _OWN_MACHINE.fullmatch(told.get("redirect_uri", "")) else ["redirect_uri"]
    wrong += [] if _CHALLENGE.fullmatch(told.get("code_challenge", "")) else ["code_challenge"]
    wrong += [name for name in ("state", "nonce") if not _PLAIN.fullmatch(told.get(name, ""))]
    if wrong:
        raise TokenRequestMalformed(reason=wrong[0])
    return Asked(told["redirect_uri"], told["code_challenge"], told.get("state", ""), told.get("nonce", ""))


class DemoProvider:
    """The provider of one demo."""

    def __init__(self, settings: Settings) -> None:
        self.issuer, self.number = f"{settings.address}{PATH}", settings.holder_oidc_number
        place = _place(settings.home)
        self._key, self._public = key_files.load(place), public_keys.from_text(place.with_suffix(".pub").read_text())

    def key(self, kid: str) -> PublicKey | None:
        """Its public key: the hub asks itself without a round trip."""
        return self._public if kid == self._key.key_id else None

    def described(self) -> dict[str, Any]:
        """Its discovery document."""
        ends = {name: f"{self.issuer}/{name}" for name in ("authorize", "token", "keys")}
        return {
            "issuer": self.issuer,
            "authorization_endpoint": ends["authorize"],
            "token_endpoint": ends["token"],
            "jwks_uri": ends["keys"],
            "response_types_supported": ["code"],
            "grant_types_supported": ["authorization_code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["ES256"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["none"],
            "scopes_supported": ["openid"],
        }

    def keys(self) -> dict[str, Any]:
        """Its published keys."""
        told = dict(self._public.key.as_dict(private=False))
        return {"keys": [told | {"kid": self._key.key_id, "alg": "ES256", "use": "sig"}]}

    def code(self, asked: Asked, subject: str, *, at: datetime) -> str:
        """A code for a person of the demo."""
        if demo_holders.find(subject) is None:
            raise TokenRequestMalformed(reason="person")
        said = {"sub": subject, "uri": asked.redirect, "challenge": asked.challenge, "nonce": asked.nonce}
        return self._signed({**said, **_times(at, _MINUTE), "jti": secrets.token_hex(16)}, _CODE)

    def identity(self, db: Database, told: Mapping[str, str], *, at: datetime) -> str:
        """The identity token for a code and its verifier, once."""
        if told.get("grant_type") != "authorization_code" or told.get("client_id") != WALLET:
            raise TokenRequestMalformed(reason="grant_type")
        claims = self._claims(told.get("code", ""))
        person = demo_holders.find(str(claims["sub"]))
        if person is None or not _answers(claims, told, at=at):
            raise GrantRefused
        name = hashlib.sha256(f"demo-code\0{claims['jti']}".encode()).digest()
        with db.writing() as tx:
            if not tokens.spend(tx, name, datetime.fromtimestamp(claims["exp"], at.tzinfo)):
                raise GrantRefused
        said = {"iss": self.issuer, "aud": WALLET, "sub": person.subject, "name": person.name}
        nonce = {"nonce": str(claims["nonce"])} if claims["nonce"] else {}
        return self._signed({**said, self.number: person.number, **nonce, **_times(at, _TOKEN)}, _IDENTITY)

    def _claims(self, code: str) -> Claims:
        try:
            return jose.verified(code, self.key, Profile((_CODE,)))
        except Unreadable:
            raise GrantRefused from None

    def _signed(self, claims: dict[str, Json], typ: str) -> str:
        return jws.sign(self._key, canonical.encode(claims), typ)


def make(home: Path) -> None:
    """Write the provider's key beside the demo's data, unless it is there."""
    if not _place(home).is_file():
        key_files_made.new(_place(home))


def find(settings: Settings) -> DemoProvider | None:
    """The provider of this hub, if it is a demo without a configured one."""
    if settings.mode is not Mode.DEMO or settings.holder_oidc_issuer or not _place(settings.home).is_file():
        return None
    return DemoProvider(settings)


def _place(home: Path) -> Path:
    return home / "keys" / "demo-identity" / "key.pem"


def _times(at: datetime, life: int) -> dict[str, Json]:
    now = int(at.timestamp())
    return {"iat": now, "exp": now + life}


def _answers(claims: Claims, told: Mapping[str, str], *, at: datetime) -> bool:
    """Whether who comes with a code is who asked for it, in time (RFC 7636 §4.6)."""
    verifier = told.get("code_verifier", "")
    if not _VERIFIER.fullmatch(verifier) or at.timestamp() >= claims["exp"]:
        return False
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    return secrets.compare_digest(digest, str(claims["challenge"])) and claims["uri"] == told.get("redirect_uri")
