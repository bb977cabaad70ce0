"""Every forged assertion we know of, against registry/directory/{token_requests,assertions,jose}.py"""

import base64
import hashlib
import hmac
import json

import pytest
from joserfc import jwe, jwk

from registry.directory.access.errors import ClientRefused

OURS = "https://hub.example/oauth/token"


class TestForgeries:
    """Every way known to us of making an assertion that should not count."""

    @pytest.fixture
    def target(self, world, signing_keys):
        """A client with an ES256 key, another with an RS256 key, and a stranger's key."""
        return world.client(key=signing_keys["ES256"]), world.client(key=signing_keys["RS256"])

    def test_none_is_accepted(self, world, signing_keys, hand, target):
        """0 of all forgeries give a token, and each refusal stands in the ledger."""
        made = target[0]
        table = {
            **_forged_headers(world, signing_keys, hand, *target),
            **_forged_claims(world, signing_keys, hand, made),
        }
        table |= _forged_shapes(world, signing_keys, hand, made)
        accepted = []

        for name, text in table.items():
            for client in (made.client.id, None):
                try:
                    world.ask(client=client, assertion=text)
                    accepted.append(name)
                except ClientRefused:
                    pass

        assert len(table) >= 80
        assert accepted == []
        assert world.events().count("token-refused") == 2 * len(table)
        assert "token-issued" not in world.events()


def _forged_headers(world, keys, hand, made, other):
    key, kid, client = keys["ES256"], made.key.kid, made.client.id
    honest = hand.claims(client, world.at)
    stranger = jwk.ECKey.generate_key("P-256")
    public = key.as_dict(private=False)

    def with_header(**header):
        return hand.signed(key, "ES256", hand.claims(client, world.at), kid=kid, header=header)

    rsa_pem = keys["RS256"].as_pem()
    table = {
        "none": hand.raw({"alg": "none", "kid": kid}, honest, b"\0"),
        "None": hand.raw({"alg": "None", "kid": kid}, honest),
        "no algorithm": hand.raw({"kid": kid}, honest),
        "HS256 with the JWK": _hmac(hand, {"alg": "HS256", "kid": kid}, honest, json.dumps(public).encode()),
        "HS256 with the PEM": _hmac(hand, {"alg": "HS256", "kid": kid}, honest, key.as_pem()),
        "HS256 with an RSA key's PEM": _hmac(
            hand, {"alg": "HS256", "kid": other.key.kid}, hand.claims(other.client.id, world.at), rsa_pem
        ),
        "algorithm of another key": hand.signed(keys["RS256"], "RS256", honest, kid=kid),
        "PS256 with an RS256 key": hand.signed(
            jwk.RSAKey.import_key(keys["RS256"].as_dict(private=True)),
            "PS256",
            hand.claims(other.client.id, world.at),
            kid=other.key.kid,
        ),
        "list as algorithm": hand.raw({"alg": ["ES256"], "kid": kid}, honest),
        "algorithm named falsely": hand.signed(key, "ES256", honest, kid=kid, header={"alg": "HS256"}),
        "algorithm none over a signature": hand.signed(key, "ES256", honest, kid=kid, header={"alg": "none"}),
        "unknown kid": hand.signed(key, "ES256", honest, kid="other"),
        "no kid": hand.raw({"alg": "ES256"}, honest),
        "kid is a path": hand.signed(key, "ES256", honest, kid="../../dev/null"),
        "kid is a query": hand.signed(key, "ES256", honest, kid="x' OR '1'='1"),
        "kid is a list": hand.raw({"alg": "ES256", "kid": [kid]}, honest),
        "other client's key": hand.signed(keys["RS256"], "RS256", honest, kid=other.key.kid),
        "stranger's key": hand.signed(stranger, "ES256", honest, kid=kid),
        "crit": with_header(crit=["exp"], exp=1),
        "embedded jwk": hand.signed(
            stranger, "ES256", honest, kid=kid, header={"jwk": stranger.as_dict(private=False)}
        ),
        "embedded jwk, own key": with_header(jwk=public),
        "jku": with_header(jku="https://evil.example/keys"),
        "x5u": with_header(x5u="https://evil.example/cert"),
        "x5c": with_header(x5c=["MIIB"]),
        "unknown header member": with_header(extra="1"),
        "typ of something else": with_header(typ="at+jwt"),
        "typ is a number": hand.raw({"alg": "ES256", "kid": kid, "typ": 7}, honest),
        "zip": with_header(zip="DEF"),
    }
    unencoded = hand.raw({"alg": "ES256", "kid": kid, "b64": False, "crit": ["b64"]}, honest)
    return table | {
        "b64 false": unencoded,
        "b64 without crit": hand.raw({"alg": "ES256", "kid": kid, "b64": False}, honest),
    }


def _forged_claims(world, keys, hand, made):
    client, now = made.client.id, int(world.at.timestamp())

    def with_claims(**changed):
        content = hand.claims(client, world.at, **changed)
        return hand.signed(keys["ES256"], "ES256", content, kid=made.key.kid)

    return {
        "wrong audience": with_claims(aud="https://other.example/token"),
        "audience with somebody else": with_claims(aud=[OURS, "https://other.example"]),
        "audience nearly ours": with_claims(aud=OURS + "/"),
        "no audience": with_claims(aud=None),
        "empty audience": with_claims(aud=[]),
        "audience of numbers": with_claims(aud=[1]),
        "issuer is not subject": with_claims(iss="cli_other"),
        "subject is not issuer": with_claims(sub="cli_other"),
        "no issuer": with_claims(iss=None),
        "no subject": with_claims(sub=None),
        "subject is a list": with_claims(sub=[client]),
        "expired": with_claims(iat=now - 200, exp=now - 31),
        "issued in the future": with_claims(iat=now + 31, exp=now + 200),
        "not yet": with_claims(nbf=now + 31),
        "no expiry": with_claims(exp=None),
        "no time of issue": with_claims(iat=None),
        "lives too long": with_claims(exp=now + 301),
        "old and lives too long": with_claims(iat=now - 3600, exp=now + 60),
        "expiry is text": with_claims(exp=str(now + 60)),
        "expiry is true": with_claims(exp=True),
        "expiry is beyond numbers": with_claims(exp=10**400),
        "negative issue": with_claims(iat=-1),
        "no name": with_claims(jti=None),
        "empty name": with_claims(jti=""),
        "name too long": with_claims(jti="x" * 256),
        "name is a number": with_claims(jti=7),
    }


def _forged_shapes(world, keys, hand, made):
    key, kid, client = keys["ES256"], made.key.kid, made.client.id
    honest = hand.signed(key, "ES256", hand.claims(client, world.at), kid=kid)
    head, body, signature = honest.split(".")
    other = _part(json.dumps(hand.claims(client, world.at)).encode())
    nested = hand.signed(key, "ES256", honest.encode(), kid=kid)
    sealed = jwe.encrypt_compact(
        {"alg": "ECDH-ES", "enc": "A128GCM", "kid": kid}, b"{}", jwk.ECKey.generate_key("P-256")
    )
    return {
        "empty": "",
        "dots": "..",
        "two parts": f"{head}.{body}",
        "four parts": f"{honest}.x",
        "truncated signature": honest[:-4],
        "no signature": f"{head}.{body}.",
        "null signature": f"{head}.{body}.{_part(bytes(64))}",
        "DER signature": f"{head}.{body}.{_part(b'0D' + bytes(68))}",
        "changed body": f"{head}.{other}.{signature}",
        "padded": f"{honest}==",
        "white space": f" {honest}",
        "line break": f"{honest}\n",
        "standard base64": f"{head}.{body}.{'+/' * 43}",
        "full-width": f"{head}.{body}.\uff21\uff21\uff21\uff21",
        "half a character": "\ud800.\ud800.\ud800",
        "huge": f"{head}.{_part(b'{' + b' ' * 9_000 + b'}')}.{signature}",
        "deeply nested": hand.signed(key, "ES256", b"[" * 5_000, kid=kid),
        "deeply nested header": hand.raw(b'{"alg":' + b"[" * 5_000, {}),
        "nested JWT": nested,
        "encrypted": sealed,
        "flattened JSON": json.dumps({"protected": head, "payload": body, "signature": signature}),
        "body is a list": hand.signed(key, "ES256", b"[]", kid=kid),
        "body is not JSON": hand.signed(key, "ES256", b"\xff\xfe", kid=kid),
        "NaN": hand.signed(key, "ES256", b'{"exp": NaN}', kid=kid),
        "name twice": hand.signed(key, "ES256", b'{"sub":"%s","sub":"x"}' % client.encode(), kid=kid),
    }


def _part(content):
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def _hmac(hand, header, content, secret):
    signing_input = hand.raw(header, content).rpartition(".")[0]
    return f"{signing_input}.{_part(hmac.digest(secret, signing_input.encode(), hashlib.sha256))}"
