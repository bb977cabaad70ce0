"""Where chance begins: a seed that is printed with the commit, and taken from HUB_SEED to see a failure again."""

import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def drawn(about: str) -> int:
    """The seed of this run; a failing test prints it, a soak prints it always."""
    seed = int(os.environ.get("HUB_SEED") or int.from_bytes(os.urandom(4)))
    print(f"{about}: HUB_SEED={seed} at commit {commit()}")
    return seed


def commit() -> str:
    """The commit under test; a plus says that files differ from it."""
    asked = ["git", "describe", "--always", "--dirty=+"]
    done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"
