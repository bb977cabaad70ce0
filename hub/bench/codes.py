"""What checking a QR code costs: alone beside its bare signature, over HTTP beside a handler that does nothing.

Floors: one ECDSA verification with the same key; an empty plain `def` handler of the same application and server.
       Each pair is measured in turn. The server is a process of its own; one connection is kept open, as phones do.
"""

import http.client
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from hub import clock, demo, demo_sheet
from hub.bench import turns
from hub.bench.figure import Figure
from hub.parts import assemble
from hub.settings import Settings
from verification import code_token, picture, public_keys
from verification.code_token import Token
from verification.trust_list import TrustList

ROUNDS = 3000
REQUESTS = 600
WARM = 50
ALONE, OVER_HTTP = 0.35, 0.25  # of the floor's rate
_ROOT = Path(__file__).resolve().parents[2]


def run(*, rounds: int = ROUNDS, requests: int = REQUESTS) -> list[Figure]:
    """Measure both."""
    with tempfile.TemporaryDirectory() as name:
        settings = Settings(home=Path(name))
        demo.prepare(settings)
        file = next(one["file"] for one in demo_sheet.read(settings)["made"] if one["kind"] == "certificate")
        (text,) = picture.codes(Path(file).read_bytes())
        return [_alone(settings, text, rounds), _over_http(settings, text, requests)]


def serve(home: str) -> None:
    """Serve the hub with one more handler, on a free port that is told on standard output."""
    import socket

    from uvicorn import Server

    from hub import server
    from hub.app import build_app

    settings = Settings(home=Path(home), port=0)
    app = build_app(assemble(settings))

    @app.get("/empty")
    def empty() -> dict[str, str]:
        return {}

    with socket.create_server(("127.0.0.1", 0)) as listening:
        sys.stdout.write(f"{listening.getsockname()[1]}\n")
        sys.stdout.flush()
        Server(server.config(app, settings)).run(sockets=[listening])


def _alone(settings: Settings, text: str, rounds: int) -> Figure:
    parts, at = assemble(settings), clock.now()
    trust = parts.verifier.trusting.current(at=at).list
    parts.close()
    token = code_token.read(text)
    bare = _bare(token, trust)

    def check() -> None:
        code_token.signer(code_token.read(text), trust, at=at)

    ours, floor = turns.medians(rounds, WARM, time.process_time, check, bare, unit=turns.MICRO)
    told = f"{len(text)} characters, CPU, median of {rounds}, interleaved; floor: one ECDSA P-256 verification"
    return _figure("QR token check", ours, floor, ALONE, told)


def _bare(token: Token, trust: TrustList) -> Callable[[], object]:
    """One verification with the key that signed a code."""
    key = public_keys.of_certificate(trust.code_keys(token.envelope.kid)[0][1].certificate)
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise RuntimeError("code keys are P-256")
    raw, algorithm = token.envelope.signature, ec.ECDSA(hashes.SHA256())
    signature = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    return lambda: key.verify(signature, token.envelope.signed, algorithm)


def _over_http(settings: Settings, text: str, requests: int) -> Figure:
    body = json.dumps({"code": text}).encode()
    with _served(settings) as port:
        line = http.client.HTTPConnection("127.0.0.1", port)

        def ask(method: str, path: str, sent: bytes | None = None) -> None:
            line.request(method, path, sent, {"Content-Type": "application/json"})
            answer = line.getresponse()
            if answer.status != 200 or not answer.read():
                raise RuntimeError(f"{path} answers {answer.status}")

        ours, floor = turns.medians(
            requests,
            WARM,
            time.perf_counter,
            lambda: ask("POST", "/v1/verifications", body),
            lambda: ask("GET", "/empty"),
            unit=turns.MICRO,
        )
        line.close()
    told = f"wall, one connection, register and status read, median of {requests}, interleaved; floor: an empty handler"
    return _figure("QR code over HTTP", ours, floor, OVER_HTTP, told)


@contextmanager
def _served(settings: Settings) -> Iterator[int]:
    program = f"from hub.bench import codes; codes.serve({str(settings.home)!r})"
    command = [sys.executable, "-c", program]
    running = subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.PIPE, text=True)  # noqa: S603
    try:
        port = int(running.stdout.readline()) if running.stdout else 0
        yield port
    finally:
        running.terminate()
        running.communicate()


def _figure(name: str, ours: float, floor: float, share: float, told: str) -> Figure:
    return Figure(name, ours, "µs", floor, ours / floor, 1 / share, ours * share <= floor, told)
