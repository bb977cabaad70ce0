"""Take apart what was sent to be verified: a file in a form, or JSON with a code's text or with facts.

In:    a request's body, of any kind
Out:   one question, which knows how it is answered
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, TypeAlias

from fastapi import Depends, Request
from fastapi.exceptions import RequestValidationError
from pydantic import TypeAdapter, ValidationError
from starlette.datastructures import UploadFile

from hub.callers import remote
from hub.errors import RequestTooLarge
from hub.parts import Parts
from hub.routes.verifications_shapes import AskedIn, CodeIn, FactsIn

LARGEST = 10_000_000  # bytes of a file
_JSON: TypeAdapter[CodeIn | FactsIn] = TypeAdapter(AskedIn)


@dataclass(frozen=True, slots=True)
class FileAsked:
    """A file, whatever it is."""

    content: bytes

    def answer(self, parts: Parts, *, at: datetime) -> dict[str, Any]:
        """The report."""
        return parts.verifier.file(self.content, at=at)


@dataclass(frozen=True, slots=True)
class CodeAsked:
    """The text of a QR code."""

    text: str

    def answer(self, parts: Parts, *, at: datetime) -> dict[str, Any]:
        """The report."""
        return parts.verifier.code(self.text, at=at)


@dataclass(frozen=True, slots=True)
class FactsAsked:
    """Facts without a document, and the network they come from."""

    identifier: str
    facts: dict[str, str | int]
    remote: str | None

    def answer(self, parts: Parts, *, at: datetime) -> dict[str, Any]:
        """The report."""
        from hub.verifying import facts

        return facts.judge(parts.db, parts.keyring, self.identifier, self.facts, remote=self.remote, at=at)


Question: TypeAlias = FileAsked | CodeAsked | FactsAsked


async def _question(request: Request) -> Question:
    if request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        return await _file(request)
    try:
        found = _JSON.validate_json(await request.body())
    except ValidationError as wrong:
        raise RequestValidationError(_placed(wrong)) from None
    if isinstance(found, CodeIn):
        return CodeAsked(found.code)
    return FactsAsked(found.identifier, found.facts, remote(request))


async def _file(request: Request) -> FileAsked:
    async with request.form(max_files=1, max_fields=4) as form:
        sent = form.get("file")
        if not isinstance(sent, UploadFile):
            raise RequestValidationError([{"type": "missing", "loc": ("body", "file"), "msg": "", "input": None}])
        if (sent.size or 0) > LARGEST:
            raise RequestTooLarge
        return FileAsked(await sent.read())


def _placed(wrong: ValidationError) -> list[dict[str, Any]]:
    """The same errors without the name of the shape that was tried."""
    found = wrong.errors(include_url=False, include_context=False, include_input=False)
    return [
        {**one, "loc": ("body", *(part for part in one["loc"] if part not in ("code?", "facts?")))} for one in found
    ]


Asked = Annotated[Question, Depends(_question)]
