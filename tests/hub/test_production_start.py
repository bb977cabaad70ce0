"""A first production start with own keys, typed as an operator types it: from nothing to a verified certificate"""

import json
from datetime import UTC, datetime

import httpx2
import pyotp
import pytest
from typer.testing import CliRunner

from hub.commands.line import app
from signing.errors import KeyExists
from tests.hub.conftest import ROOT, LiveHub
from tests.hub.own_ca import Ca
from verification.legal_dates import legal_date

pytestmark = pytest.mark.xdist_group("live")
OWN = "114108000000000004"
TYPE, REGION = "11410000000000000T010", "410800000000"
REQUESTS = {
    "bureau-seal": ("seal",), "bureau-code": ("code",), "hub": ("hub",), "tsa": ("tsa",), "ocsp": ("ocsp",),
    "trust-list": ("trust-list",),
}  # fmt: skip
HOLDER = {"name": "示例市样例设计院有限公司", "kind": "legal", "code_kind": "001", "code": "91990100MA0000001G"}
IMPRESSION = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 42 42"><circle cx="21" cy="21" r="20" fill="#c00"/></svg>'
)


class Machine:
    """The operator's machine."""

    def __init__(self, folder):
        self.folder, self.signing = folder, folder / "signing"
        self.settings = {
            "HUB_MODE": "production",
            "HUB_PUBLIC_URL": "https://hub.invalid",
            "HUB_DATABASE_URL": f"sqlite:///{folder / 'hub.sqlite'}",
            "HUB_DOCUMENTS_URL": str(folder / "documents"),
            "HUB_WRAPPING_KEYS": str(folder / "wrapping"),
            "HUB_SIGNING_KEYS": str(self.signing),
        }
        (folder / "documents").mkdir()

    def hub(self, *words, stdin=None, code=0):
        """Run a command; what it prints as JSON."""
        told = self.settings | {"HUB_HOME": str(self.folder / "home")}
        done = CliRunner().invoke(app, [*map(str, words), "--json"], env=told, input=stdin)
        assert done.exit_code == code, done.output
        return json.loads(done.stdout) if code == 0 or done.stdout else done.exception

    def keys(self):
        """Every key, and its certificate from the operator's own CA."""
        for name, words in REQUESTS.items():
            self.hub("keys", "new", *words, "--name", name, "--organisation", "甲市样例局", "--code", OWN)
        self.hub("keys", "new", "log")
        ca = Ca(self.signing)
        for name in REQUESTS:
            ca.certify(name)
        (self.signing / "bureau-seal.svg").write_text(IMPRESSION, encoding="utf-8")

    def founded(self):
        """The register, its first administrator and the enrolled keys; what a phone scans."""
        first = ("--authority-code", OWN, "--authority-name", "甲市样例局", "--level", "city")
        place = ("--division", REGION, "--division-name", "甲市", "--login", "chief", "--password-stdin")
        address = self.hub("init", *first, *place, stdin="Shili-Kouling-2026-abc\n")["totp"]
        for key, more in (("bureau-seal", ()), ("bureau-code", ("--use", "code"))):
            self.hub("seal", "enrol", f"file:{key}", "--authority", OWN, *more)
        self.hub("seal", "enrol", "file:hub", "--use", "hub")
        self.hub("catalog", "publish", ROOT / "registry/types/qualification")
        return pyotp.parse_uri(address)


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


class TestStart:
    """hub keys new → init → seal enrol → catalog publish → trust publish → doctor → serve → issue → verify"""

    def test_from_nothing_to_a_verified_certificate(self, machine):
        """Every command the README names, with no sample key; the PDF holds under the operator's own root."""
        machine.keys()
        assert {one["state"] for one in machine.hub("doctor", code=1) if one["check"] == "signing keys"} == {"sound"}
        codes = machine.founded()
        hub = LiveHub(machine.folder / "home", **machine.settings).wait(60)
        try:
            signed_in = {"login": "chief", "password": "Shili-Kouling-2026-abc", "totp": codes.now()}
            answer = httpx2.post(f"{hub.url}/v1/officers/token", json=signed_in)
            assert answer.status_code == 200, answer.text
            token = answer.json()["token"]
            today = legal_date(datetime.now(UTC)).isoformat()
            right = {
                "type_code": TYPE, "region": REGION, "first_day": today,
                "basis": {"title": "示例授权文件", "number": None, "day": today},
            }  # fmt: skip
            path, shown = f"{hub.url}/v1/authorities/{OWN}/entitlements", {"Authorization": f"Bearer {token}"}
            granted = httpx2.post(path, json=right, headers=shown)
            assert granted.status_code == 201, granted.text
            machine.hub("trust", "publish")
            assert {one["state"] for one in machine.hub("doctor")} == {"sound"}
            self.issued(machine)
        finally:
            hub.stop()
        assert "Traceback" not in hub.log.read_text(encoding="utf-8")

    @staticmethod
    def issued(machine):
        fields = json.loads((ROOT / "registry/types/qualification/sample.json").read_text(encoding="utf-8"))
        order = {"type_code": TYPE, "holders": [HOLDER], "fields": fields, "case_number": "A-1", "term": "5年"}
        approval = {"drafted_by": "经办甲", "approved_by": "审批乙"}
        file = machine.folder / "order.json"
        told = {"authority": OWN, "order": order, "approval": approval}
        file.write_text(json.dumps(told), encoding="utf-8")
        made = machine.hub("issue", file, "--key", "first", "--out", machine.folder / "made.pdf")
        assert made["level"] == "B-LT"
        report = machine.hub("verify", machine.folder / "made.pdf", "--trust", machine.signing / "root.pem")
        assert report["accepted"], report

    def test_keys_are_never_written_over(self, machine):
        """A second request under the same name is refused, and the first key is as it was."""
        words = ("keys", "new", "seal", "--organisation", "甲市样例局", "--code", OWN)
        machine.hub(*words)
        key = machine.signing / "seal.key"
        before, mode = key.read_bytes(), key.stat().st_mode & 0o777
        assert isinstance(machine.hub(*words, code=1), KeyExists)
        assert (key.read_bytes(), mode) == (before, 0o600)
