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


class HeadlineOut(Out):
    """What a report comes to, for people."""

    code: str = Field(examples=["genuine.valid"], description="stable code of the verdict")
    because: str | None = Field(description="code of the check that decided it")
    zh: str = Field(examples=["真实有效"])
    en: str = Field(examples=["Genuine and valid"])


class ReportOut(Out):
    """What one verification found; axes are never folded into one word."""

    format: str = Field(examples=["report/1"])
    subject: str = Field(examples=["file"], description="what was verified: file, code, facts")
    document: str = Field(description="digest of the bytes that were judged")
    at: str
    policy: str
    accepted: bool
    headline: HeadlineOut
    indication: str = Field(description="of the signature alone, in the words of EN 319 102-1")
    subindication: str | None
    claimed: dict[str, Any] | None = Field(description="what the file says of itself; true only if accepted")
    code: dict[str, Any] | None = Field(description="what a code says of itself; true only if accepted")
    axes: dict[str, str]
    checks: list[CheckOut]
