"""Draw a stranger's template in a process of its own, which may fail without harm.

In:    a template nobody has vouched for, the faces to try it with
Out:   nothing, or the refusal that drawing gave; what takes too much memory, time or pages is `TemplateFails`

Why:   the compiler runs as fast as it can into any memory or recursion a template asks for, and takes its process
       with it. A template that was proved once is drawn in-process from then on.
"""

import base64
import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from signing import errors, page
from signing.errors import SigningError, TemplateFails
from signing.glyphs import Face
from signing.page import ENTRY, Template

WALL_SECONDS = 40
Draw = Callable[..., list[SigningError | None]]  # template, faces, at=
_ROOT = Path(__file__).resolve().parent.parent
_TOO_MUCH = "drawing it takes more memory, time or pages than a certificate may"


def draw(template: Template, faces: Sequence[Face], *, at: datetime) -> list[SigningError | None]:
    """Draw each face; say for each what was wrong with it."""
    files = {name: base64.b64encode(content).decode() for name, content in template.files.items()}
    asked = json.dumps({"files": files, "faces": faces, "at": at.isoformat()}).encode()
    command = [sys.executable, "-m", "signing.proof_child"]
    try:
        done = subprocess.run(  # noqa: S603 - our own module; the template goes in as data
            command, input=asked, cwd=_ROOT, capture_output=True, timeout=WALL_SECONDS, check=True
        )
        told = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError):
        return [TemplateFails(file=ENTRY, line=0, reason=_TOO_MUCH)]
    return [None if one is None else _refusal(one["refusal"], one["facts"]) for one in told]


def draw_here(template: Template, faces: Sequence[Face], *, at: datetime) -> list[SigningError | None]:
    """The same in this process, for templates that come with the product."""
    found: list[SigningError | None] = []
    for face in faces:
        try:
            page.render(template, face=face, at=at)
        except SigningError as refusal:
            found.append(refusal)
        else:
            found.append(None)
    return found


def _refusal(name: str, facts: dict[str, str | int]) -> SigningError:
    found: SigningError = getattr(errors, name)(**facts)
    return found
