"""Draw faces with one template under limits: JSON on standard input, what went wrong with each on output."""

import base64
import json
import resource
import sys
from datetime import datetime

from signing import page
from signing.errors import SigningError, TemplateFails
from signing.glyphs import Face
from signing.page import ENTRY, Template

MEMORY = 2 << 30
CPU_SECONDS = 20
PAGES = 200


def main() -> None:
    """Limit this process, draw, answer."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    asked = json.load(sys.stdin)
    template = Template({name: base64.b64decode(content) for name, content in asked["files"].items()})
    at = datetime.fromisoformat(asked["at"])
    json.dump([_drawn(template, face, at) for face in asked["faces"]], sys.stdout)


def _drawn(template: Template, face: Face, at: datetime) -> dict[str, object] | None:
    from pypdfium2 import PdfDocument

    try:
        drawn = page.render(template, face=face, at=at)
        if len(PdfDocument(drawn)) > PAGES:
            raise TemplateFails(file=ENTRY, line=0, reason=f"more than {PAGES} pages")
    except SigningError as refusal:
        return {"refusal": type(refusal).__name__, "facts": refusal.facts}
    return None


if __name__ == "__main__":
    main()
