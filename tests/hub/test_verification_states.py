"""POST /v1/verifications after a certificate's life went on: what a file and its code are worth now"""

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from hub import demo_sheet
from hub.app import build_app
from hub.parts import assemble
from hub.settings import Settings
from verification import picture


@pytest.fixture(scope="module")
def parts(demo_home):
    found = assemble(Settings(home=demo_home, _env_file=None))
    yield found
    found.close()


@pytest.fixture(scope="module")
def judged(parts):
    """The demo's certificates by identifier: what is said of each file, and of the code on it."""
    found = {}
    with TestClient(build_app(parts), raise_server_exceptions=False) as hub:
        for one in demo_sheet.read(parts.settings)["made"]:
            document = Path(one["file"]).read_bytes() if one["kind"] == "certificate" and one["file"] else b""
            for text in picture.codes(document) if document else ():
                file = hub.post("/v1/verifications", files={"file": ("x.pdf", document)}).json()
                found[one["identifier"]] = (file, hub.post("/v1/verifications", json={"code": text}).json())
    return found


class TestStates:
    """What the register knows reaches file and code alike"""

    def test_file_and_code_agree_about_every_certificate(self, judged):
        """The same headline for both, and accepted only where it holds."""
        assert len(judged) > 5
        for file, code in judged.values():
            assert file["headline"]["code"] == code["headline"]["code"]
            assert file["accepted"] is code["accepted"] is (file["headline"]["code"] == "genuine.valid")

    def test_what_was_replaced_is_genuine_and_names_what_took_its_place(self, judged):
        """State, since when, successor: each version leads to the next, the last one holds."""
        replaced = {
            name: file for name, (file, _) in judged.items() if file["headline"]["because"] == "status.replaced"
        }
        assert replaced
        for report in replaced.values():
            evidence = next(check["evidence"] for check in report["checks"] if check["name"] == "status")
            assert report["headline"]["code"] == "genuine.not_valid"
            assert evidence["since"] in report["headline"]["zh"]
            assert evidence["successor"] in report["headline"]["zh"]
            assert evidence["successor"] in judged
