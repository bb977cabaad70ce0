"""Answer with what shows that an act stands in the log, as a JSON object or as a proof file (C2SP tlog-proof).

Accept: text/plain    the proof file; 409 while the act waits for its place
otherwise             the object; its proof is null until then
"""

from typing import Annotated, Any

from fastapi import Header, Response

from registry.store.log import proofs
from verification.log_evidence import MEDIA_TYPE, LogEvidence

Accepted = Annotated[str, Header(alias="accept", max_length=500, include_in_schema=False)]
_HEADERS = {"Cache-Control": "private, no-cache", "Vary": "Accept"}
_TEXT = "text/plain"

PROOFS: dict[int | str, dict[str, Any]] = {
    200: {"content": {MEDIA_TYPE: {"schema": {"type": "object"}}, _TEXT: {"schema": {"type": "string"}}}}
}


def answer(found: LogEvidence, accepted: str) -> Response:
    """Give evidence in the form that was asked for."""
    kinds = [kind.partition(";")[0].strip() for kind in accepted.split(",")]
    if _TEXT in kinds and "*/*" not in kinds[: kinds.index(_TEXT)]:
        return Response(proofs.file(found), media_type=_TEXT, headers=_HEADERS)
    return Response(found.to_bytes(), media_type=MEDIA_TYPE, headers=_HEADERS)
