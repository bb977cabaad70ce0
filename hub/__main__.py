"""The command line: `hub` and `python -m hub`.

Nothing heavy is imported before a command runs, so that `hub --help` answers at once; `hub verify` loads the verifier
and nothing else, because it must work, quickly, where there is no hub at all.
"""

import os
import sys
from pathlib import Path

_SAMPLES = Path(__file__).resolve().parent.parent / "keys_sample"


def main() -> None:
    """Run one command; a refusal becomes one sentence and exit code 1, never a traceback."""
    if sys.argv[1:2] == ["verify"]:
        sys.exit(_verify(sys.argv[2:]))
    from hub.commands.line import app
    from hub.commands.output import tell_refusal
    from verification.errors import Refusal

    try:
        app()
    except Refusal as refusal:
        tell_refusal(refusal)
        sys.exit(1)
    except BrokenPipeError:
        os.close(sys.stdout.fileno())
        sys.exit(1)


def _verify(arguments: list[str]) -> int:
    """Verify files; without --trust, against the root certificate of this hub's signing keys."""
    from verification.__main__ import main as verify

    if "--help" in arguments or "-h" in arguments or any(word.split("=")[0] == "--trust" for word in arguments):
        return verify(arguments)
    folder = Path(os.environ.get("HUB_SIGNING_KEYS") or _SAMPLES)
    return verify([*arguments, "--trust", str(folder / "root.pem")])


if __name__ == "__main__":
    main()
