"""What can be sent to be verified, and the wire shape of a report: `verification/schemas/report-1.json`."""

from typing import Annotated, Any

from pydantic import Discriminator, Field, Tag

from hub.wire import In, Out


class CodeIn(In):
    """The text of a QR code, one on a page or one that a holder shows."""

    code: str = Field(
        min_length=1,
        max_length=5_000,
        description="everything the code says, link and token",
        examples=["HTTPS://HUB.EXAMPLE/V/ABCD#LX1…"],
    )


class FactsIn(In):
    """Facts without a document: all of them agree with what is registered, or nothing is told."""

    identifier: str = Field(min_length=1, max_length=100, examples=["1.2.156.3005.2.…"])
    facts: dict[Annotated[str, Field(max_length=60)], Annotated[str, Field(max_length=500)] | int] = Field(
        min_length=1,
        max_length=12,
        description="`holder`, `number`, `valid_to`, … or a field of the type",
        examples=[{"holder": "示例市样例置业有限公司"}],
    )


def _kind(sent: Any) -> str:  # noqa: ANN401 - raw input, before any shape
    return "code?" if isinstance(sent, dict) and "code" in sent else "facts?"


AskedIn = Annotated[Annotated[CodeIn, Tag("code?")] | Annotated[FactsIn, Tag("facts?")], Discriminator(_kind)]
BODY = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["file"],
                "properties": {
                    "file": {
                        "type": "string",
                        "format": "binary",
                        "examples": ["@certificate.pdf"],
                        "description": "a PDF, or a photo, scan or screenshot of a QR code; at most 10 MB",
                    }
                },
            }
        },
        "application/json": {"schema": {"oneOf": [CodeIn.model_json_schema(), FactsIn.model_json_schema()]}},
    },
}


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
    subject: str = Field(examples=["file"], description="what was verified: file, code, facts, receipt, copy")
    document: str = Field(description="digest of the bytes that were judged")
    at: str
    policy: str
    accepted: bool
    headline: HeadlineOut
    indication: str = Field(description="of the signature alone, in the words of EN 319 102-1")
    subindication: str | None
    claimed: dict[str, Any] | None = Field(description="what the file says of itself; true only if accepted")
    code: dict[str, Any] | None = Field(description="what a code says of itself; true only if accepted")
    receipt: dict[str, Any] | None = Field(description="what a look-up's receipt says; true only if accepted")
    annotated: dict[str, Any] | None = Field(description="what an annotated copy says; true only if accepted")
    axes: dict[str, str]
    checks: list[CheckOut]
