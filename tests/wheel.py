"""Build the wheel, install it alone beside the locked requirements, and ask the installed program to work.

Run by `make wheel`: what is missing from the package (templates, fonts, migrations, sample keys) shows here.
"""

import json
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NEEDED = (
    "hub/texts/problems_zh.toml",
    "hub/pages/front.html",
    "verification/texts/checks_zh.toml",
    "registry/directory/divisions.toml",
    "registry/store/migrations/versions/s0001_ledger_documents.py",
    "registry/types/single-building-letter/page.typ",
    "registry/types/_lib/official.typ",
    "signing/fonts/OFL.txt",
    "verification/schemas/statement-1.json",
    "keys_sample/README.md",
)


def main() -> None:
    """Build, install, run."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, str(ROOT))
        wheel = next(place.glob("*.whl"))
        missing = set(NEEDED) - set(zipfile.ZipFile(wheel).namelist())
        if missing:
            sys.exit(f"the wheel lacks {sorted(missing)}")
        site = place / "site"
        run(sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-index", "--target", str(site), str(wheel))
        told = run(sys.executable, "-m", "hub", "demo", "--json", cwd=place, path=site)
        made = json.loads(told)["made"]
        print(f"wheel {wheel.name}: installed alone, its demo made {len(made)} things")


def run(*command: str, cwd: Path = ROOT, path: Path | None = None) -> str:
    """Run one command and give what it printed; its failure is ours."""
    environment = os.environ | ({"PYTHONPATH": str(path), "PYTHONSAFEPATH": "1"} if path else {})
    done = subprocess.run(command, cwd=cwd, env=environment, check=False, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(command)}\n{done.stdout}\n{done.stderr}")
    return done.stdout


if __name__ == "__main__":
    main()
