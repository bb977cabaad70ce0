"""Verify what anybody brings: no login, and whatever comes in, the answer is a report."""

import json
from typing import Any

from fastapi import APIRouter, Response

from hub.deps import Now, PartsOf
from hub.routes.verifications_shapes import BODY, ReportOut
from hub.verifying.asked import Asked

router = APIRouter(tags=["verifications"])
_ANSWER: dict[int | str, dict[str, Any]] = {200: {"model": ReportOut}}


@router.post(
    "/v1/verifications",
    summary="Is this certificate genuine, and does it hold?",
    responses=_ANSWER,
    response_class=Response,
    openapi_extra={"requestBody": BODY},
)
def verify(asked: Asked, parts: PartsOf, now: Now) -> Response:
    """Judge a file, a code or facts: who sealed it, is it what the register issued, does it hold. Nothing is kept."""
    report = asked.answer(parts, at=now)
    return Response(json.dumps(report, ensure_ascii=False), media_type="application/json")
