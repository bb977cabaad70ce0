"""Issue on the hub's own machine: the operator stands for an authority, as one of its systems would.

In:    a file with `authority`, `order` and `approval` as POST /v1/certificates takes them; or the id of a draft
Out:   the certificate, and its PDF where it was asked for

Trust: the operator is no officer: an order needs a case number, and two named persons where its type needs four eyes.
"""

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError
from pydantic_core import ErrorDetails

from hub.errors import RequestRefused, RequestTooLarge
from hub.parts import Parts
from hub.routes.certificates_shapes import CertificateIn, CertificateOut
from registry.directory.access.callers import OPERATOR, Caller
from registry.directory.access.scopes import Scope
from registry.directory.findings import Finding, pointer
from registry.life import certificates, issuance
from registry.life.contents import Filing
from registry.life.errors import DraftDefective
from registry.life.intents import Request
from registry.store.tables.life import Certificate
from verification import digests

LARGEST = 14_500_000  # bytes: a document of 10 MB in base64, as over HTTP
_CODES = {"missing": "field.missing", "extra_forbidden": "field.extra_forbidden"}


class OrderFile(CertificateIn):
    """What a file says."""

    authority: str = Field("", max_length=18)

    def for_whom(self, authority: str) -> str:
        """The authority that was named on the command line, else the file's."""
        code = authority or self.authority
        if not code:
            raise DraftDefective((Finding("/authority", "field.missing"),))
        return code


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be issued, by whom it is answered for, and a digest of the question."""

    source: str | Filing
    by: Caller
    digest: str


def of_draft(draft: str, authority: str) -> Asked:
    """An approved draft; with an authority, only one of its own."""
    return Asked(draft, _stands_for(authority) if authority else OPERATOR, digests.sha256(draft.encode()))


def of_file(path: Path, authority: str) -> Asked:
    """An order in a file, refused by the place of what is wrong with it."""
    if path.stat().st_size > LARGEST:
        raise RequestTooLarge
    content = path.read_bytes()
    try:
        read = OrderFile.model_validate_json(content)
    except ValidationError as wrong:
        raise _refusal(wrong) from None
    code = read.for_whom(authority)
    return Asked(read.source(), _stands_for(code), digests.sha256(f"{code}\n".encode() + content))


def issue(parts: Parts, asked: Asked, *, key: str | None) -> Certificate:
    """Issue it; the same key with the same question gives the same certificate."""
    request = Request(asked.by.id, key, asked.digest if key else None)
    given = parts.db, parts.documents, parts.press, asked.source
    return issuance.issue(*given, by=asked.by, at=parts.now(), request=request)


def told(parts: Parts, made: Certificate) -> dict[str, Any]:
    """The record, as over HTTP."""
    shown = CertificateOut.of(*certificates.made(parts.db, made, at=parts.now()))
    return shown.made(certificates.making(parts.db, made)).model_dump(mode="json")


def write(parts: Parts, made: Certificate, out: Path) -> Path:
    """Write the document to a new file, or into a folder under the certificate's reference."""
    content, _ = certificates.document(parts.db, parts.documents, made.identifier, by=OPERATOR)
    path = out / f"{made.reference}.pdf" if out.is_dir() else out
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)  # holds a person's data
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    return path


def _stands_for(authority: str) -> Caller:
    return replace(OPERATOR, authority=authority, scopes=frozenset({Scope.DRAFT, Scope.ISSUE}))


def _refusal(wrong: ValidationError) -> RequestRefused | DraftDefective:
    found = wrong.errors(include_url=False, include_context=False, include_input=False)
    if found[0]["type"] == "json_invalid":
        return RequestRefused()
    return DraftDefective(tuple(_finding(one) for one in found))


def _finding(one: ErrorDetails) -> Finding:
    return Finding(pointer(one["loc"]), _CODES.get(one["type"], "field.wrong"))
