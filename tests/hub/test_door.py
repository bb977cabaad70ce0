"""hub/door.py, on hubs that really start"""

import json

import httpx2
import pytest

from tests.hub.conftest import LiveHub


class TestDoor:
    """The first second of a worker."""

    def test_a_refused_start_ends_the_process_and_says_why(self, tmp_path):
        """A register of another schema: exit code 1 with the code, not a hub that lives and never answers."""
        (tmp_path / "demo.json").write_text(
            json.dumps(
                {"address": "-", "file": "-", "made": [], "officers": [], "clients": [{"id": "-", "secret": "-"}]}
            )
        )
        hub = LiveHub(tmp_path)
        assert hub.process.wait(30) == 1
        assert "hub.not_initialised" in hub.log.read_text()

    def test_requests_that_come_early_are_served(self, own_demo):
        """Whoever knocks before the hub is loaded waits for it, and gets the real answer."""
        again = LiveHub(own_demo)
        answer = None
        for _ in range(400):
            try:
                answer = httpx2.get(f"{again.url}/v1/catalog", timeout=20)
                break
            except httpx2.ConnectError:
                continue
        assert answer is not None
        assert answer.status_code == 200
        assert again.stop() in {0, -15}

    @pytest.mark.parametrize("workers", ["1", "2"])
    def test_a_polite_end_is_clean(self, own_demo, workers):
        """SIGTERM ends all workers without a traceback."""
        hub = LiveHub(own_demo, "--workers", workers).wait()
        hub.stop()
        assert "Traceback" not in hub.log.read_text()
