"""The wire shape of a report: `verification/schemas/report-1.json` in the API's description."""

from typing import Any

from pydantic import Field

from hub.wire import Out


class CheckOut(Out):
    """One numbered check."""

    number: int = Field(examples=[1])
    name: str = Field(examples=["readable"])
    axis: str = Field(examples=["readable"])
    outcome: str = Field(examples=["PASSED"], description="PASSED, FAILED or UNKNOWN")
    reason: str = Field(examples=["readable.ok"], description="stable code")
    zh: str
    en: str
    evidence: dict[str, Any]


class ReportOut(Out):
    """What one verification found; axes are never folded into one word."""

    format: str = Field(examples=["report/1"])
    document: str = Field(description="digest of the bytes that were judged")
    at: str
    policy: str
    accepted: bool
    claimed: dict[str, Any] | None = Field(description="what the file says of itself; true only if accepted")
    axes: dict[str, str]
    checks: list[CheckOut]
