"""Put QR codes and the browser's verifier before outside judges: `python -m tests.conformance.codes`.

Out:   one line for each judge; exit 1 if one of them disagrees, 2 if one of them is not here

The judges are Node (the modules on the frozen codes), zbarimg (codes drawn, blurred, turned, darkened, small, on a page
at 150 dpi) and headless Chromium (the page behind a code, on a demo hub of its own).
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from hub import demo, demo_sheet
from hub.settings import Settings
from tests.verification import pictures
from tests.verification.forged_codes import LINK
from tests.verification.test_picture import WORSE
from verification import base45, code_token, cose, picture

ROOT = Path(__file__).resolve().parents[2]
NEEDED = ("node", "zbarimg", "chromium")
GENUINE, CHANGED = "二维码真实，所指证照有效", "二维码不成立，请勿采信"


def tell(line: str) -> None:
    """Say it to whoever started this."""
    sys.stdout.write(line + "\n")


def main() -> int:
    """Ask each judge, tell."""
    missing = [name for name in NEEDED if shutil.which(name) is None]
    if missing:
        tell(f"these judges are not on this machine: {', '.join(missing)}")
        return 2
    with tempfile.TemporaryDirectory() as name:
        wrong = [*node(), *zbar(Path(name)), *chromium(Path(name))]
    tell("\n".join(wrong) or "all judges agree")
    return int(bool(wrong))


def node() -> Iterator[str]:
    """The modules say of every frozen code what the manifest says."""
    done = subprocess.run(["node", ROOT / "tests/conformance/codes.mjs"], capture_output=True, text=True, check=False)
    tell(f"node\t{done.stdout.strip()}")
    if done.returncode:
        yield f"node: {done.stdout[-500:]}{done.stderr[-500:]}"


def zbar(folder: Path) -> Iterator[str]:
    """Another decoder reads what ours draws, however badly it is seen."""
    for name, build in WORSE.items():
        path = folder / "code.pgm"
        path.write_bytes(pictures.pgm(build()))
        yield from _decoded(name, path, LINK)


def _decoded(name: str, path: Path, wanted: str) -> Iterator[str]:
    done = subprocess.run(["zbarimg", "-q", "--raw", path], capture_output=True, text=True, check=False)
    agreed = done.stdout.rstrip("\n") == wanted
    tell(f"zbarimg\t{name}\t{'ok' if agreed else 'not read'}")
    if not agreed:
        yield f"zbarimg does not read: {name}"


def chromium(folder: Path) -> Iterator[str]:
    """The page behind a code says what the code is worth; changed, it says so, too."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = Settings(home=folder / "hub", port=port, _env_file=None)
    demo.prepare(settings)
    file = next(one["file"] for one in demo_sheet.read(settings)["made"] if one["kind"] == "certificate")
    document = Path(file).read_bytes()
    (text,) = picture.codes(document)
    yield from _on_paper(folder, document, text)
    host, path, token = re.fullmatch(r"HTTPS?://([^/]+)(/V/\w+)#(.*)", text, re.IGNORECASE).groups()
    environment = {**os.environ, "HUB_HOME": str(settings.home), "HUB_PORT": str(port)}
    served = subprocess.Popen(
        [sys.executable, "-m", "hub", "serve"], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL
    )
    try:
        _wait(port)
        for wanted, fragment in ((GENUINE, token), (CHANGED, _other(text))):
            yield from _shown(f"http://127.0.0.1:{port}{path}#{fragment}", wanted, host)
    finally:
        served.terminate()
        served.wait()


def _on_paper(folder: Path, document: bytes, text: str) -> Iterator[str]:
    page = pypdfium2.PdfDocument(document)[0].render(scale=150 / 72, grayscale=True)
    view, path = memoryview(page.buffer).cast("B"), folder / "page.pgm"
    rows = [bytes(view[row * page.stride : row * page.stride + page.width]) for row in range(page.height)]
    path.write_bytes(pictures.pgm(rows))
    yield from _decoded("the page at 150 dpi", path, text)


def _other(text: str) -> str:
    """The same claims under a signature that is none."""
    envelope = code_token.read(text).envelope
    forged = cose.assembled(cose.header(envelope.kid), envelope.payload, encode_dss_signature(5, 7))
    return code_token.escaped(base45.encode(forged))


def _shown(address: str, wanted: str, host: str) -> Iterator[str]:
    options = ("--headless=new", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=8000", "--dump-dom")
    done = subprocess.run(["chromium", *options, address], capture_output=True, text=True, check=False, timeout=120)
    agreed = wanted in done.stdout
    tell(f"chromium\t{wanted}\t{'ok' if agreed else 'not shown'} ({host})")
    if not agreed:
        yield f"chromium does not show {wanted}: {done.stdout[-2000:]}"


def _wait(port: int) -> None:
    for _ in range(240):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2).close()
            return
        except OSError:
            time.sleep(0.5)
    raise TimeoutError("the demo hub does not answer")


if __name__ == "__main__":
    sys.exit(main())
