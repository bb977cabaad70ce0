"""Mutual TLS behind a proxy: whose word counts about the certificate a caller showed"""

import base64
from urllib.parse import quote

import httpx2
import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from tests import small_ca
from tests.hub.conftest import LiveHub
from tests.hub.test_commands import hub, told

HOUSING = "11410800000000027U"
pytestmark = pytest.mark.xdist_group("live")


def headers(one):
    """The certificate as RFC 9440 and as nginx write it."""
    encoded = base64.b64encode(one.certificate.public_bytes(Encoding.DER)).decode()
    return f":{encoded}:", quote(one.certificate.public_bytes(Encoding.PEM))


def token(live, made, *shown):
    """What the token endpoint answers."""
    return httpx2.post(
        f"{live.url}/oauth/token",
        data={"grant_type": "client_credentials"},
        auth=(made["id"], made["secret"]),
        headers=[("Client-Cert", one) for one in shown],
    )


@pytest.fixture
def bound(own_demo, tmp_path):
    """A system that is bound to a certificate, and that."""
    own = small_ca.root()
    path = tmp_path / "client.pem"
    path.write_bytes(own.certificate.public_bytes(Encoding.PEM))
    made = told(hub(own_demo, "clients", "join", "--authority", HOUSING, "--name", "示例系统", "--json"))
    row = told(hub(own_demo, "clients", "bind", made["id"], "--certificate", str(path), "--json"))
    assert len(row["certificates"]) == 43
    return made, own


def test_a_trusted_proxys_word_counts_in_both_spellings(own_demo, bound):
    """For the token and for each use of it; no certificate, another, broken ones and two are none."""
    made, own = bound
    live = LiveHub(own_demo).wait()  # it believes its own machine, unless told otherwise
    try:
        for shown in headers(own):
            given = token(live, made, shown).json()["access_token"]
            bearer = {"Authorization": f"Bearer {given}"}
            assert httpx2.get(f"{live.url}/v1/me", headers=bearer | {"Client-Cert": shown}).status_code == 200
            assert httpx2.get(f"{live.url}/v1/me", headers=bearer).status_code == 401
        wrong = [(), (headers(small_ca.root("b"))[0],), (headers(own)[0], headers(own)[0])]
        wrong += [(one,) for one in ("", ":", "::", ":%%:", "x", "%2D", headers(own)[0][:-20], headers(own)[1][:-40])]
        assert [token(live, made, *one).status_code for one in wrong] == [401] * len(wrong)
        assert told(hub(own_demo, "clients", "bind", made["id"], "--json"))["certificates"] is None
        assert token(live, made).status_code == 200
    finally:
        live.stop()


def test_nobody_elses_word_counts(own_demo, bound):
    """Who is no proxy of ours may send the header, and has shown nothing by it."""
    made, own = bound
    live = LiveHub(own_demo, HUB_TRUSTED_PROXIES="192.0.2.1").wait()
    try:
        for shown in headers(own):
            assert token(live, made, shown).status_code == 401
    finally:
        live.stop()
