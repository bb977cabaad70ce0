"""Draw a page with the compiler alone and sign it with nothing but a key: the floor that `issuing` is compared with.

In:    an order as the press gets it; a code key for the QR code
Out:   a drawing with everything the compiler wants, made ready beforehand; the PDF; one signature

Order: written without our own page module, so that the floor does not rise when that grows slower; a test holds the
       two to the same bytes.
"""

import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import typst
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from registry.life.press import Order
from signing import codes, glyphs, page
from signing.keys import RawKey
from verification.code_token import Fact, StatusPlace

ATTACHMENT = {
    "file": "attached.0",
    "name": "statement.json",
    "media_type": "application/json",
    "description": "Statement",
    "relationship": "data",
}


@dataclass(frozen=True, slots=True)
class Drawing:
    """The files and inputs of one page, and the QR code among them."""

    code: bytes
    files: Mapping[str, bytes]
    inputs: Mapping[str, str]
    at: datetime


class Bare:
    """The compiler with its fonts loaded, and a key in memory."""

    def __init__(self, code_key: RawKey, host: str) -> None:
        self._code_key, self._host = code_key, host
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._fonts = typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(glyphs.OWN_FONTS)]
        )

    def ready(self, order: Order) -> Drawing:
        """Everything the compiler wants for the page of an order, its QR code drawn."""
        said = order.statement
        words = {"title": said.title, "reference": order.reference, "host": self._host}
        parts = {**words, "seal_name": (said.seal_owner or said.issuer).name, "sample": True, "seal": ""}
        code = codes.svg(self._link(order))
        given: dict[str, Any] = {
            "face": said.plain()["face"],
            "order": {"title": said.title, "attachments": [ATTACHMENT]},
            "parts": {**parts, "qr": code.decode()},
        }
        files = {**order.template.files, ATTACHMENT["file"]: order.content, "main.typ": page.FRAME}
        inputs = {name: json.dumps(value, ensure_ascii=False) for name, value in given.items()}
        return Drawing(code, files, inputs, order.drawn_at)

    def _link(self, order: Order) -> str:
        said = order.statement
        claimed = codes.claims(
            said,
            written=order.content,
            reference=order.reference,
            status=StatusPlace(order.status_index, f"http://{self._host}/v1/status/{order.status_list}"),
            facts={int(Fact.NUMBER): said.number or "", int(Fact.HOLDER): said.holders[0].name},
            at=order.drawn_at,
            key=self._code_key,
        )
        token = codes.sign(self._code_key, claimed, at=order.drawn_at)
        return codes.link(token, host=self._host, reference=order.reference)

    def draw(self, drawing: Drawing) -> bytes:
        """The PDF."""
        with tempfile.TemporaryDirectory() as empty:
            compiler = typst.Compiler(  # type: ignore[type-var]  # the stub knows no table of files
                dict(drawing.files),
                root=empty,
                font_paths=self._fonts,
                ignore_system_fonts=True,
                sys_inputs=dict(drawing.inputs),
            )
            moment = int(drawing.at.timestamp())
            drawn = compiler.compile(format="pdf", pdf_standards=page.STANDARD, timestamp=moment)
        if not isinstance(drawn, bytes):
            raise RuntimeError("the compiler answered no bytes")
        return drawn

    def draw_and_sign(self, drawing: Drawing) -> bytes:
        """One signature over the PDF."""
        return self._key.sign(self.draw(drawing), ec.ECDSA(hashes.SHA256()))
