"""hub/scanner.py, and materials that are shown to a scanner before they are kept"""

import base64
import socket
from contextlib import contextmanager
from dataclasses import replace
from threading import Thread

import pytest
from starlette.testclient import TestClient

from hub import examination
from hub.app import build_app
from hub.demo_people import SHELTER
from hub.scanner import PIECE, Scanner
from registry.directory.access.scopes import Scope
from registry.exchange.transfer_errors import MaterialRefused, ScannerSilent
from registry.store.tables.ledger import LedgerEntry
from registry.store.tables.transfers import OfficeMaterial
from tests.hub.handing.conftest import MATERIAL, PLAN, refused, rows
from tests.hub.test_retrievals import joined
from tests.registry.exchange.conftest import STORY, parts_of

HARMFUL = b"%PDF-harmful"


@contextmanager
def scanner(answer=None, *, path=None):
    """One that speaks clamd's protocol; of `answer`, it says nothing else."""
    server = socket.create_server(("127.0.0.1", 0)) if path is None else socket.socket(socket.AF_UNIX)
    if path is not None:
        server.bind(str(path))
        server.listen()
    seen = []

    def serve():
        while True:
            try:
                link, _ = server.accept()
            except OSError:
                return
            with link, link.makefile("rwb") as file:
                _one(file, seen, answer)

    Thread(target=serve, daemon=True).start()
    try:
        yield (f"unix:{path}" if path else f"tcp:127.0.0.1:{server.getsockname()[1]}"), seen
    finally:
        server.close()


def _one(file, seen, answer):
    command = b""
    while not command.endswith(b"\0"):
        command += file.read(1)
    content = bytearray()
    while command == b"zINSTREAM\0" and (size := int.from_bytes(file.read(4))):
        assert size <= PIECE
        content += file.read(size)
    seen.append(bytes(content))
    usual = b"stream: Demo.Test FOUND\0" if HARMFUL in content else b"stream: OK\0"
    file.write(answer if answer is not None else b"ClamAV 1.0/1\0" if command == b"zVERSION\0" else usual)
    file.flush()


class TestScanner:
    """Scanner"""

    def test_it_is_shown_the_whole_and_believed(self, tmp_path):
        """Over both kinds of sockets, piece by piece."""
        large = bytes(3 * PIECE + 5)
        with scanner() as (address, seen), scanner(path=tmp_path / "clamd") as (near, near_seen):
            for place in (address, near):
                Scanner(place).require_clean(large)
                with pytest.raises(MaterialRefused) as found:
                    Scanner(place).require_clean(large + HARMFUL)
                assert found.value.facts == {"reason": "infected"}
                assert Scanner(place).version() == "ClamAV 1.0/1"
        assert seen == near_seen == [large, large + HARMFUL, b""]

    @pytest.mark.parametrize(
        "answer",
        [b"", b"stream: OK", b"INSTREAM size limit exceeded. ERROR\0", b"OK\0", b"x" * 5000, b"stream: OK\0\0"],
    )
    def test_anything_but_a_plain_answer_is_not_clean(self, answer):
        """Cut off, an error, too long, something else."""
        with scanner(answer) as (address, _), pytest.raises(ScannerSilent):
            Scanner(address, seconds=2).require_clean(PLAN)

    @pytest.mark.parametrize("address", ["tcp:127.0.0.1:1", "unix:/no/such/socket", "nothing"])
    def test_nobody_there(self, address):
        """Is not clean either."""
        with pytest.raises(ScannerSilent):
            Scanner(address).require_clean(PLAN)

    def test_one_that_never_answers(self):
        """Is not waited for longer than that."""
        with socket.create_server(("127.0.0.1", 0)) as server, pytest.raises(ScannerSilent):
            Scanner(f"tcp:127.0.0.1:{server.getsockname()[1]}", seconds=0.2).require_clean(PLAN)


@pytest.mark.furnished(STORY)
class TestMaterials:
    """POST /v1/materials where a scanner is set"""

    @pytest.fixture
    def asked(self, db, tmp_path):
        """What a scanner at an address makes of a material."""

        def ask(address, content=PLAN):
            parts = parts_of(db, tmp_path)
            parts = replace(parts, settings=parts.settings.model_copy(update={"scanner": address}))
            http = TestClient(build_app(parts), raise_server_exceptions=False)
            told = MATERIAL | {"content": base64.b64encode(content).decode()}
            return http.post("/v1/materials", json=told, headers=joined(parts, SHELTER, Scope.TRANSFER)), parts

        return ask

    def test_clean_ones_are_kept_and_it_stands_on_record(self, asked):
        """The entry says that it was looked at."""
        with scanner() as (address, seen):
            answer, parts = asked(address)
        (entry,) = [one for one in rows(parts.db, LedgerEntry) if one.event == "material-kept"]
        assert (answer.status_code, seen) == (201, [PLAN])
        assert b'"scanned":1' in entry.body

    def test_others_are_not(self, asked):
        """Neither what is harmful, nor what nobody looked at; nothing of it lies on the shelf."""
        with scanner() as (address, _):
            harmful, parts = asked(address, HARMFUL)
        before = len(list(parts.settings.home.rglob("*")))
        silent, parts = asked("unix:/no/such/socket")

        assert refused(harmful) == (422, "material.refused")
        assert refused(silent) == (503, "material.scanner_silent")
        assert rows(parts.db, OfficeMaterial) == []
        assert len(list(parts.settings.home.rglob("*"))) == before

    def test_the_doctor_asks_it(self):
        """Its name, or that nobody answers."""
        with scanner() as (address, _):
            told = examination._asked("scanner", Scanner(address).version)
        assert (told.state, told.told) == (examination.State.SOUND, "ClamAV 1.0/1")
        assert examination._asked("scanner", Scanner("unix:/no").version).state is examination.State.BROKEN
