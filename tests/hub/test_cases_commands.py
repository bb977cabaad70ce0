"""hub cases: files, case systems that are asked, look-ups that wait"""

import json
import subprocess
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.hub.conftest import LiveHub
from tests.hub.test_commands import hub, told

HOUSING = "11410800000000027U"
TABLE = "办件编号,状态\n示例〔2026〕1号,在办\n示例〔2026〕2号,办结\n,在办\n"


def load(home, source, *more):
    return told(hub(home, "cases", "import", str(source), "--authority", HOUSING, *map(str, more), "--json"))


@contextmanager
def case_system(answer, status=200, headers=()):
    """A case system that gives one answer and notes what it was asked."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.headers.get("Authorization"))
            self.send_response(status)
            for name, value in headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *words):
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/cases.csv", asked
    finally:
        server.shutdown()
        server.server_close()


class TestImport:
    """hub cases import"""

    @pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
    def test_a_file_as_spreadsheets_write_it(self, own_demo, tmp_path, encoding):
        """Good lines are registered though one is bad; the same file again changes nothing."""
        path = tmp_path / "cases.csv"
        path.write_bytes(TABLE.encode(encoding))

        first, again = load(own_demo, path), load(own_demo, path)

        assert (first["lines"], first["registered"], again["registered"], again["unchanged"]) == (3, 2, 0, 2)
        assert [(one["line"], one["code"]) for one in first["refused"]] == [(4, "case.number_refused")]

    def test_a_case_system_is_asked_with_its_token(self, own_demo, tmp_path):
        """The table at an address counts like one in a file."""
        token = tmp_path / "token"
        token.write_text("demo-token\n")
        with case_system(TABLE.encode()) as (address, asked):
            done = load(own_demo, address, "--token-file", token)

        assert (done["registered"], asked) == (2, ["Bearer demo-token"])

    @pytest.mark.parametrize(
        ("status", "headers"), [(500, ()), (404, ()), (302, [("Location", "http://127.0.0.1:1/")])]
    )
    def test_a_case_system_that_fails_registers_nothing(self, own_demo, status, headers):
        """An error and a way elsewhere are no tables."""
        with case_system(TABLE.encode(), status, headers) as (address, asked):
            done = hub(own_demo, "cases", "import", address, "--authority", HOUSING, "--json")

        assert (done.returncode, json.loads(done.stderr)["code"], len(asked)) == (1, "case.source_silent", 1)

    @pytest.mark.parametrize(
        "address", ["http://cases.example/cases.csv", "ftp://cases.example/c", "http://127.0.0.1.example/c"]
    )
    def test_no_token_is_sent_in_the_open(self, own_demo, address):
        """Over the network by https only."""
        assert hub(own_demo, "cases", "import", address, "--authority", HOUSING).returncode == 2

    def test_a_slip_is_named(self, own_demo, tmp_path):
        """A file that is not there, one that is too large, an authority nobody knows."""
        path = tmp_path / "cases.csv"
        path.write_text(TABLE)
        large = tmp_path / "large.csv"
        with large.open("wb") as file:
            file.truncate((8 << 20) + 1)

        assert hub(own_demo, "cases", "import", str(tmp_path / "none"), "--authority", HOUSING).returncode == 2
        for source, authority, code in (
            (large, HOUSING, "case.file_refused"),
            (path, "11410800000000099X", "registry.not_found"),
        ):
            done = hub(own_demo, "cases", "import", str(source), "--authority", authority, "--json")
            assert (done.returncode, json.loads(done.stderr)["code"]) == (1, code)


class TestUnknown:
    """hub cases unknown"""

    def test_what_waits_is_listed_until_its_case_comes(self, own_demo, tmp_path):
        """The demo's counter looked up for cases that no case system has told of."""
        words = ("cases", "unknown", "--authority", HOUSING)
        before = told(hub(own_demo, *words, "--json"))
        path = tmp_path / "cases.csv"
        path.write_text("number\n" + "".join(f"{one['case']}\n" for one in before))
        load(own_demo, path)

        assert before
        assert {one["matter"][:18] for one in before} == {HOUSING}
        assert told(hub(own_demo, *words, "--json")) == []
        assert hub(own_demo, *words).returncode == 0


def test_who_joins_pastes_two_lines_and_is_answered(own_demo):
    """`hub clients join` in one terminal; what it printed, pasted into another, tells a case of the demo."""
    live = LiveHub(own_demo).wait()
    try:
        made = told(
            hub(
                own_demo,
                "clients",
                "join",
                "--authority",
                HOUSING,
                "--name",
                "示例系统",
                "--json",
                HUB_PORT=str(live.port),
            )
        )
        done = subprocess.run(
            ["bash", "-euc", made["first_question"]], capture_output=True, text=True, check=False, timeout=60
        )
    finally:
        live.stop()

    answer = json.loads(done.stdout)
    assert done.returncode == 0, done.stderr
    assert {line["standing"] for line in answer["materials"]} > {"satisfied"}
