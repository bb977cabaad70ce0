"""The README's way of an office that hands something over, line by line as it stands there, at a hub that runs"""

import os
import re
import subprocess

import pytest

from tests.hub.conftest import ROOT, LiveHub

pytestmark = pytest.mark.xdist_group("live")


def test_the_readmes_walk(own_demo):
    """Two systems join, one hands over, the other takes one and refuses one; the evidence is accepted."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    part = re.search(r"## An office hands something over\n(.*?)\n## ", readme, re.DOTALL)[1]
    walk = "\n".join(re.findall(r"```\n(.*?)```", part, re.DOTALL))
    live = LiveHub(own_demo).wait()
    told = walk.replace("http://127.0.0.1:8000", live.url).replace("var/", f"{own_demo}/")
    settings = {"HUB_HOME": str(own_demo), "HUB_PORT": str(live.port), "LC_ALL": "C.UTF-8"}
    try:
        done = subprocess.run(
            ["bash", "-euc", told], capture_output=True, text=True, cwd=ROOT, check=False, timeout=120,
            env=os.environ | settings,
        )  # fmt: skip
    finally:
        live.stop()

    assert done.returncode == 0, done.stdout + done.stderr
    assert "received" in done.stdout
    assert "settled" in done.stdout
    assert "ACCEPTED" in done.stdout
    assert "1 of these words under keys that the offices keep themselves" in done.stdout
