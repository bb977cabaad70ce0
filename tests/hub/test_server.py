"""hub/server.py and hub/serving.py, on a hub that really runs"""

import json
import socket
import time

import httpx2
import pytest

from tests.hub.conftest import LiveHub

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
pytestmark = pytest.mark.xdist_group("live")


def open_socket(hub, head=b""):
    connection = socket.create_connection(("127.0.0.1", hub.port), timeout=10)
    connection.sendall(head)
    return connection


def drip(connection, piece, *, times, pause):
    for _ in range(times):
        connection.sendall(piece)
        time.sleep(pause)


def closed_within(connection, seconds):
    connection.settimeout(seconds)
    try:
        return connection.recv(1000) == b""
    except ConnectionError:
        return True
    except TimeoutError:
        return False


class TestPatience:
    """Slow clients."""

    @pytest.mark.parametrize(
        "head", [b"", b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow:"], ids=["silent", "half a head"]
    )
    def test_a_head_that_does_not_come_ends_its_connection(self, live_hub, head):
        """After the seconds of a head the connection is closed."""
        with open_socket(live_hub, head) as connection:
            assert closed_within(connection, 5)

    def test_a_dripping_head_is_not_kept_alive(self, live_hub):
        """A byte now and then does not wind the clock up again."""
        with open_socket(live_hub, b"GET /healthz HTTP/1.1\r\n") as connection:
            began = time.monotonic()
            with pytest.raises(ConnectionError):
                drip(connection, b"X-A: 1\r\n", times=30, pause=0.2)
            assert time.monotonic() - began < 4

    def test_a_body_that_does_not_come_ends_its_connection(self, live_hub):
        """A promised body has its seconds, too."""
        head = b"POST /oauth/token HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n"
        head += b"Content-Type: application/x-www-form-urlencoded\r\n\r\nabc"
        with open_socket(live_hub, head) as connection:
            assert closed_within(connection, 6)

    def test_a_head_of_megabytes_is_cut(self, live_hub):
        """Headers beyond 32 kB end the connection instead of filling the memory."""
        with open_socket(live_hub, b"GET /healthz HTTP/1.1\r\n") as connection, pytest.raises(ConnectionError):
            drip(connection, b"X-A: " + b"a" * 8_000 + b"\r\n", times=200, pause=0.005)

    @pytest.mark.parametrize(
        "head",
        [
            b"GET /",
            b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: ",
            b"POST /oauth/token HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nX-A: ",
        ],
        ids=["address", "header", "trailer"],
    )
    def test_a_piece_of_a_head_without_end_is_cut(self, live_hub, head):
        """An address, a header or a trailer that never ends is cut by its size, long before the clock."""
        with open_socket(live_hub, head) as connection:
            began = time.monotonic()
            with pytest.raises(ConnectionError):
                drip(connection, b"a" * 100_000, times=40, pause=0.01)
            assert time.monotonic() - began < 1.5

    def test_an_empty_line_does_not_stop_the_clock_of_a_kept_connection(self, live_hub):
        """After an answer, bytes that begin no request do not hold the connection for ever."""
        with open_socket(live_hub, b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n") as connection:
            time.sleep(0.3)
            assert b'"ok"' in connection.recv(4_000)
            connection.sendall(b"\r\n")
            assert closed_within(connection, 5)

    def test_others_are_served_beside_half_open_connections(self, live_hub):
        """Hundreds of silent sockets do not silence the hub: it answers as soon as their seconds are over."""
        idle = []
        try:
            for _ in range(200):
                idle.append(open_socket(live_hub))
            until = time.monotonic() + 10
            answered = False
            while not answered and time.monotonic() < until:
                try:
                    answered = httpx2.get(f"{live_hub.url}/healthz", timeout=2).status_code == 200
                except httpx2.HTTPError:
                    time.sleep(0.1)
            assert answered
        finally:
            for connection in idle:
                connection.close()


class TestOneAddress:
    """Connections from one remote address."""

    @pytest.fixture
    def few(self, own_demo):
        """A hub that gives one address three connections, and trusts a proxy that is not here."""
        hub = LiveHub(own_demo, HUB_CONNECTIONS_PER_ADDRESS="3", HUB_TRUSTED_PROXIES="192.0.2.1").wait()
        yield hub
        hub.stop()

    def test_one_more_is_closed_at_once_and_others_are_not_harmed(self, few):
        """The fourth is closed; when one of the three ends, its place is free; a second address has its own."""
        time.sleep(0.3)  # the connection that asked whether it is ready is closed on both sides
        held = [open_socket(few) for _ in range(3)]
        with open_socket(few) as fourth:
            assert closed_within(fourth, 2)
        with socket.create_connection(("127.0.0.1", few.port), 5, source_address=("127.0.0.2", 0)) as other:
            other.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            assert other.recv(1000).startswith(b"HTTP/1.1 200")
        held.pop().close()
        time.sleep(0.3)
        assert httpx2.get(f"{few.url}/healthz", timeout=5).status_code == 200
        for connection in held:
            connection.close()

    def test_a_trusted_proxy_has_all_it_wants(self, own_demo):
        """Behind a proxy everybody comes from its address."""
        hub = LiveHub(own_demo, HUB_CONNECTIONS_PER_ADDRESS="1", HUB_TRUSTED_PROXIES="10.0.0.0/8, 127.0.0.0/8").wait()
        held = [open_socket(hub) for _ in range(5)]
        assert httpx2.get(f"{hub.url}/healthz", timeout=5).status_code == 200
        for connection in held:
            connection.close()
        hub.stop()


class TestBodies:
    """Large and strange bodies."""

    def test_a_body_over_the_limit_is_refused_by_its_length(self, live_hub):
        """413 before the body is read."""
        answer = httpx2.post(f"{live_hub.url}/oauth/token", content=b"x" * 3_000_000, headers=FORM, timeout=10)
        assert (answer.status_code, answer.json()["code"]) == (413, "request.too_large")

    def test_a_chunked_body_over_the_limit_is_refused_too(self, live_hub):
        """A body that hides its length is counted while it comes."""

        def chunks():
            for _ in range(400):
                yield b"x" * 10_000

        answer = httpx2.post(f"{live_hub.url}/oauth/token", content=chunks(), headers=FORM, timeout=10)
        assert answer.status_code == 413


class TestLog:
    """What the process writes about its requests."""

    def test_lines_are_json_with_the_route_and_without_the_path(self, live_hub):
        """A request's line names the template, the request id and nothing the caller put into the address."""
        answer = httpx2.get(
            f"{live_hub.url}/problems/11010519491231002X?q=秘密", headers={"X-Request-Id": "look-for-me-1"}
        )
        assert answer.headers["x-request-id"] == "look-for-me-1"

        for _ in range(50):  # the line is written after the answer was sent
            lines = [json.loads(line) for line in live_hub.log.read_text().splitlines() if line.endswith("}")]
            mine = [line for line in lines if line.get("request_id") == "look-for-me-1"]
            if mine:
                break
            time.sleep(0.1)
        assert [line["route"] for line in mine] == ["/problems/{code}"]
        assert "11010519491231002X" not in live_hub.log.read_text()

    def test_counters_of_all_workers_are_one_text(self, live_hub):
        """/metrics sums up the workers."""
        for _ in range(20):
            httpx2.get(f"{live_hub.url}/healthz")
        text = httpx2.get(f"{live_hub.url}/metrics").text
        counted = [line for line in text.splitlines() if 'route="/healthz"' in line and "_count" in line]
        assert sum(float(line.split()[-1]) for line in counted) >= 20


class TestGroup:
    """--dist loadgroup"""

    def test_tests_of_the_running_hub_share_a_worker(self, request):
        """Else each worker starts a hub of its own; a group that is not kept says nothing by itself."""
        grouped = bool(getattr(request.config.option, "loadgroup", False))
        assert request.node.nodeid.endswith("@live") is grouped
