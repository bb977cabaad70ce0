"""GET /v and the browser's verifier: pages, modules, root"""

import re
from importlib.resources import files

import pytest

from hub import pages
from tests.verification import desk

MODULES = sorted(one.name for one in files(pages).joinpath("verifier").iterdir() if one.name.endswith(".mjs"))


class TestFieldCheck:
    """GET /v"""

    @pytest.mark.parametrize("path", ["/v", "/V"])
    def test_is_a_page_of_this_host_alone(self, client, path):
        """No script but its own, nothing inline, and labels for who cannot see."""
        answer = client.get(path)
        assert answer.status_code == 200
        assert "script-src 'self'" in answer.headers["content-security-policy"]
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert len(re.findall(r"<script[^>]+></script>", answer.text)) == answer.text.count("<script") == 2
        assert answer.text.count("<label for=") == 2


class TestModules:
    """GET /verifier/{name}"""

    @pytest.mark.parametrize("name", MODULES)
    def test_each_is_a_small_plain_module(self, client, name):
        """Short enough to be read; nothing from elsewhere, nothing that runs text as code or writes text as page."""
        answer = client.get(f"/verifier/{name}")
        assert answer.headers["content-type"].startswith("text/javascript")
        assert answer.text.count("\n") <= 300
        imported = re.findall(r"from '([^']+)'", answer.text)
        assert all(re.fullmatch(r"\./[a-z]+\.mjs", one) and one[2:] in MODULES for one in imported)
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function", answer.text)

    def test_all_of_them_are_small(self):
        """What a phone loads before it can check a code."""
        sizes = [len(files(pages).joinpath("verifier", name).read_bytes()) for name in MODULES]
        assert sum(sizes) < 40_000

    @pytest.mark.parametrize("name", ["absent.mjs", "..%2Fapp.py", "page.html", "PAGE.mjs", "%00.mjs"])
    def test_nothing_else_is_given(self, client, name):
        """Only what lies in that one folder."""
        assert client.get(f"/verifier/{name}").status_code in (400, 404)

    def test_the_root_is_the_one_that_lists_lead_to(self, client):
        """As DER."""
        assert client.get("/verifier/root").content == desk.certificate("root").public_bytes(desk.DER)
