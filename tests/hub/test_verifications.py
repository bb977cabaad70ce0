"""POST /v1/verifications and `hub verify`, on the demo's certificates"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from starlette.testclient import TestClient

from hub import clock, demo_sheet
from hub.app import build_app
from hub.parts import assemble
from hub.settings import Settings
from tests.hub.conftest import copied
from tests.verification import renewals

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = json.loads((ROOT / "verification/schemas/report-1.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def told(demo_home, tmp_path_factory):
    """The demo, and what it tells scripts."""
    home = copied(demo_home, tmp_path_factory.mktemp("verifications") / "demo")
    settings = Settings(home=home, _env_file=None)
    return settings, demo_sheet.read(settings)


@pytest.fixture(scope="module")
def hub(told):
    with TestClient(build_app(assemble(told[0])), raise_server_exceptions=False) as caller:
        yield caller


@pytest.fixture(scope="module")
def letter(told):
    """The letter for the single building: its identifier and its file."""
    made = [one for one in told[1]["made"] if one["kind"] == "certificate"][-1]
    return made["identifier"], Path(made["file"])


def verify(hub, content, name="x.pdf"):
    answer = hub.post("/v1/verifications", files={"file": (name, content, "application/pdf")})
    assert answer.status_code == 200, answer.text
    report = answer.json()
    assert list(Draft202012Validator(SCHEMA).iter_errors(report)) == []
    return report


def reasons(report):
    return {check["reason"] for check in report["checks"] if check["outcome"] == "FAILED"}


class TestVerifications:
    """POST /v1/verifications"""

    def test_what_the_register_issued_is_said_to_be_so(self, hub, letter):
        """Readable, intact, sealed by an entitled authority, agreeing with register and page, valid now."""
        report = verify(hub, letter[1].read_bytes())
        assert report["accepted"]
        assert report["claimed"]["identifier"] == letter[0]
        assert {
            axis: report["axes"][axis] for axis in ("readable", "intact", "sealed", "register", "status")
        } == dict.fromkeys(("readable", "intact", "sealed", "register", "status"), "PASSED")

    def test_a_copy_that_an_archive_renewed_is_the_issued_file(self, hub, letter):
        """The register never saw its bytes, and knows the file inside."""
        at = clock.now()
        copy = renewals.renewer(at).apply(letter[1].read_bytes(), at=at)
        report = verify(hub, copy)

        assert report["accepted"]
        assert report["axes"]["register"] == "PASSED"
        assert report["headline"]["code"] == verify(hub, letter[1].read_bytes())["headline"]["code"]

    @pytest.mark.parametrize("place", [100, 20_000, -40_000, -2])
    def test_one_changed_byte_is_refused_with_its_reason(self, hub, letter, place):
        """Wherever the byte lies."""
        content = bytearray(letter[1].read_bytes())
        content[place] ^= 1
        report = verify(hub, bytes(content))
        assert not report["accepted"]
        assert reasons(report)

    def test_a_re_save_is_not_the_issued_file_though_the_certificate_exists(self, hub, letter):
        """Bytes appended behind the end: the certificate is registered, this file is not it."""
        report = verify(hub, letter[1].read_bytes() + b"\n% kept by somebody\n")
        assert not report["accepted"]
        assert report["axes"]["register"] != "PASSED"

    @pytest.mark.parametrize(
        "content",
        [b"", b"%PDF-1.7", b"\x00" * 5000, b"PK\x03\x04" + b"a" * 100, "你好".encode(), b"%PDF-1.7\n" + b"[" * 200_000],
        ids=["empty", "head only", "zeros", "zip", "text", "deep"],
    )
    def test_whatever_comes_in_the_answer_is_a_report(self, hub, content):
        """Never a fault, never a yes."""
        report = verify(hub, content)
        assert not report["accepted"]
        assert report["axes"]["readable"] != "PASSED"

    def test_too_large_is_refused_unread(self, hub):
        """A body over the limit is 413."""
        assert hub.post("/v1/verifications", files={"file": ("x.pdf", b"x" * 15_000_000)}).status_code == 413

    def test_no_file_is_said_to_be_missing(self, hub):
        """A form without the file names the field."""
        answer = hub.post("/v1/verifications", data={"other": "x"})
        assert (answer.status_code, answer.json()["code"]) == (422, "request.invalid")


class TestHubVerify:
    """hub verify"""

    def run(self, *arguments):
        environment = {k: v for k, v in os.environ.items() if not k.startswith("HUB_")}
        return subprocess.run(
            [sys.executable, "-m", "hub", "verify", *arguments],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def test_accepts_offline_with_the_trust_list(self, told, hub, letter, tmp_path):
        """With the signed list, the right to issue is checked too."""
        listed = tmp_path / "trust.jws"
        listed.write_text(hub.get("/v1/trust").text)
        done = self.run(str(letter[1]), "--trust", str(listed), "--trust", str(ROOT / "keys_sample/root.pem"), "--json")
        report = json.loads(done.stdout)
        assert done.returncode == 0
        assert {c["name"]: c["outcome"] for c in report["checks"]}["entitled"] == "PASSED"
        assert report["at"][:10] == clock.now().date().isoformat()

    def test_tells_rejected_and_unreadable_apart(self, letter, tmp_path):
        """Exit 1 for a changed file, 2 for what is no file of this kind, and the worst of many."""
        changed, junk = tmp_path / "changed.pdf", tmp_path / "junk.pdf"
        content = bytearray(letter[1].read_bytes())
        content[30_000] ^= 1
        changed.write_bytes(content)
        junk.write_bytes(b"no pdf at all, but longer than a code may be" * 300)
        assert self.run(str(letter[1])).returncode == 0
        assert self.run(str(changed)).returncode == 1
        assert self.run(str(letter[1]), str(junk)).returncode == 2
        assert self.run(str(tmp_path / "absent.pdf")).returncode == 2
        assert self.run(str(letter[1]), "--policy", "strict").returncode == 1
