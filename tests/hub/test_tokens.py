"""Seals in a token: `hub seal enrol pkcs11:NAME`, issuing with it, and what an operator is told when it is not there

SoftHSM2 (Debian: softhsm2) stands for the token. A machine that has none says so, and there the tests prove what can
be proved without: that a token whose library is missing is refused by name, and that nothing is enrolled or issued.
"""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from hub import key_places
from hub.settings import SAMPLE_KEYS
from registry.life import issuance
from registry.store.tables.life import Certificate
from signing.errors import KeyUnusable
from tests import worlds
from tests.hub import office
from verification import public_keys

pytestmark = [
    pytest.mark.furnished(worlds.AUTHORITIES),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]

ROOT = Path(__file__).resolve().parents[2]
HOUSING = "11410800000000027U"
PLACES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so")
LIBRARY = next((path for path in PLACES if Path(path).exists()), None)
UNREACHABLE, BROKEN = "signing.key_unreachable", "signing.key_broken"
TOKEN, PIN, ABSENT = "seals", "1234", "/nowhere/libtoken.so"
SEALS = {"in-token": "defence-seal", "in-token-rsa": "housing-seal"}


@pytest.fixture(scope="module")
def token(tmp_path_factory):
    """A token with a P-256 and an RSA seal in it; None where the machine has no SoftHSM2."""
    if LIBRARY is None or shutil.which("softhsm2-util") is None:
        print("SoftHSM2 is not on this machine: only refusals are proved")
        return None
    home = tmp_path_factory.mktemp("token")
    conf = home / "softhsm2.conf"
    conf.write_text(f"directories.tokendir = {home / 'tokens'}\n")
    (home / "tokens").mkdir()
    os.environ["SOFTHSM2_CONF"] = str(conf)  # read once, when the library is loaded
    softhsm("--init-token", "--free", "--so-pin", "5678", "--label", TOKEN)
    for number, name in enumerate(SEALS.values(), 1):
        key = str(SAMPLE_KEYS / f"{name}.key")
        softhsm("--import", key, "--id", f"0{number}", "--label", name, "--token", TOKEN)
    return home / "tokens"


def softhsm(*order):
    """An order to SoftHSM's own tool."""
    subprocess.run(["softhsm2-util", "--pin", PIN, *order], check=True, capture_output=True)


@pytest.fixture
def hub(parts, token, database_url, tmp_path, monkeypatch):
    """A hub whose folder names two keys in the token."""
    folder = tmp_path / "signing"
    shutil.copytree(SAMPLE_KEYS, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    for name, seal in SEALS.items():
        place(folder, name)
        shutil.copy(folder / f"{seal}.pem", folder / f"{name}.pem")
    monkeypatch.setenv("HUB_HOME", str(parts.settings.home))
    monkeypatch.setenv("HUB_DATABASE_URL", database_url)
    monkeypatch.setenv("HUB_SIGNING_KEYS", str(folder))
    return replace(parts, settings=parts.settings.model_copy(update={"signing_keys": folder}))


def place(folder, name, *, pin=PIN, token=TOKEN):
    """Name a key in the token, and its PIN."""
    named = {"library": LIBRARY or ABSENT, "token": token, "key": SEALS[name]}
    (folder / f"{name}.toml").write_text("".join(f'{one} = "{value}"\n' for one, value in named.items()))
    secret = folder / f"{name}.pin"
    secret.write_text(pin)
    secret.chmod(0o600)


def seal(*words):
    """`hub seal …` as an operator types it: a process that nobody has logged in from before."""
    done = subprocess.run(
        [sys.executable, "-m", "hub", "seal", *words, "--json"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return json.loads(done.stdout if done.returncode == 0 else done.stderr)


def enrol(name, authority):
    """`hub seal enrol pkcs11:NAME`."""
    return seal("enrol", f"pkcs11:{name}", "--authority", authority)


def certificates(hub):
    """The certificates of the register."""
    with hub.db.reading() as look:
        return list(look.exec(select(Certificate)))


class TestEnrol:
    """hub seal enrol pkcs11:NAME"""

    def test_p256_and_rsa_are_enrolled_where_they_lie(self, hub, token):
        """The key is opened once and proves that it belongs to its certificate; the secret stays in the token."""
        told = [enrol("in-token", office.OFFICE), enrol("in-token-rsa", HOUSING)]
        if token is None:
            assert [one["code"] for one in told] == ["signing.key_unreachable"] * 2
            return

        assert [one["place"] for one in told] == ["pkcs11:in-token", "pkcs11:in-token-rsa"]
        for name in SEALS:
            key = key_places.open_key(hub.settings.signing_folder, f"pkcs11:{name}")
            assert public_keys.verify(key.public_key, key.sign(b"data"), b"data")
            key.close()

    @pytest.mark.parametrize(
        ("change", "code", "without"),
        [
            (lambda folder: place(folder, "in-token", pin="9999"), "signing.key_pin_wrong", UNREACHABLE),
            (lambda folder: place(folder, "in-token", token="elsewhere"), "signing.key_missing", UNREACHABLE),
            (lambda folder: shutil.copy(folder / "planning-seal.pem", folder / "in-token.pem"), BROKEN, UNREACHABLE),
            (lambda folder: (folder / "in-token.pin").chmod(0o644), BROKEN, UNREACHABLE),
            (lambda folder: (folder / "in-token.toml").unlink(), "signing.key_missing", "signing.key_missing"),
        ],
        ids=["wrong PIN", "missing token", "certificate of another", "PIN for all to read", "not named"],
    )
    def test_what_is_wrong_is_told_and_nothing_is_enrolled(self, hub, token, change, code, without):
        """Each by its own code; without a token in the machine it is the token's library that is missing."""
        change(hub.settings.signing_folder)

        assert enrol("in-token", office.OFFICE)["code"] == (without if token is None else code)
        assert certificates(hub) == []


class TestIssue:
    """Issuing with a seal in a token."""

    def test_unplugged_midway_and_put_back(self, hub, token):
        """The token seals at B-LT; while it is away an intent stays, and is finished when it is there again."""
        office.open_office(hub)
        told = enrol("in-token", office.OFFICE)
        if token is None:
            assert told["code"] == UNREACHABLE
            return
        office.certificate(hub)
        gone = token.rename(token.with_name("unplugged"))
        try:
            with pytest.raises(KeyUnusable):
                office.certificate(hub)
        finally:
            gone.rename(token)
        (done,) = issuance.resume(hub.db, hub.documents, hub.press, by="doctor", at=hub.now(), older_than=timedelta())
        assert done.state == "valid", done
        if len(certificates(hub)) == 1:  # it was away before a number was taken
            office.certificate(hub)

        assert [(row.state, row.level, row.number[-2:]) for row in certificates(hub)] == [
            ("valid", "B-LT", "1号"),
            ("valid", "B-LT", "2号"),
        ]
