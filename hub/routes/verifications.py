"""Verify what anybody brings: no login, and whatever comes in, the answer is a report."""

from typing import Annotated, Any

from fastapi import APIRouter, File, UploadFile

from hub.deps import Now, PartsOf
from hub.routes.verifications_shapes import ReportOut
from hub.verifying import verifier

router = APIRouter(tags=["verifications"])
Sent = Annotated[UploadFile, File(description="the PDF as it was given out, at most 10 MB")]


@router.post("/v1/verifications", summary="Is this certificate genuine?", response_model=ReportOut)
def verify(file: Sent, parts: PartsOf, now: Now) -> dict[str, Any]:
    """Judge a file: who sealed it, whether it is what the register issued, and why not. Nothing of it is kept."""
    return verifier(parts).report(file.file.read(), at=now)
