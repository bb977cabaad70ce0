"""hub/settings.py, and the production start"""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from hub.production import problems as production_problems
from hub.settings import Settings

ROOT = Path(__file__).resolve().parents[2]


def settings(**given):
    return Settings(_env_file=None, **given)


class TestSettings:
    """Settings()"""

    def test_everything_has_an_embedded_default(self, tmp_path, monkeypatch):
        """Nothing need be set for a first start."""
        for name in [n for n in os.environ if n.startswith("HUB_")]:
            monkeypatch.delenv(name)
        found = settings(home=tmp_path)
        assert found.database == f"sqlite:///{tmp_path}/hub.sqlite"
        assert found.address == "http://127.0.0.1:8000"
        assert production_problems(found) == ()

    def test_are_frozen(self):
        """What was read at the start stays."""
        with pytest.raises(ValidationError):
            settings().port = 1

    @pytest.mark.parametrize(
        ("name", "value"), [("port", 70000), ("mode", "staging"), ("answer_days", 6), ("body_limit", 0)]
    )
    def test_nonsense_is_refused(self, name, value):
        """A value that cannot work is not accepted."""
        with pytest.raises(ValidationError):
            settings(**{name: value})


class TestProduction:
    """HUB_MODE=production"""

    @pytest.mark.parametrize(
        ("given", "told"),
        [
            ({"oidc_issuer": "http://login.example", "oidc_audience": "hub"}, "HUB_OIDC_ISSUER"),
            ({"oidc_issuer": "https://login.example"}, "HUB_OIDC_AUDIENCE"),
            ({"public_url": "https://"}, "HUB_PUBLIC_URL"),
            ({"public_url": "https://hub.example", "signing_keys": Path("/nowhere/at/all")}, "names no folder"),
        ],
    )
    def test_half_settings_are_named(self, given, told):
        """An address without TLS or host, a provider without our name there, a folder that is not there."""
        assert told in "\n".join(production_problems(settings(mode="production", **given)))

    def test_every_default_that_only_a_demo_may_have_is_named(self):
        """All of them at once, so that one start tells everything."""
        told = "\n".join(production_problems(settings(mode="production")))
        for name in (
            "HUB_PUBLIC_URL",
            "HUB_DATABASE_URL",
            "HUB_DOCUMENTS_URL",
            "HUB_WRAPPING_KEYS",
            "HUB_SIGNING_KEYS",
        ):
            assert name in told

    def test_a_start_refuses_and_says_why(self, tmp_path):
        """`hub serve` ends with exit code 1 and the reasons, before any port opens."""
        environment = {k: v for k, v in os.environ.items() if not k.startswith("HUB_")}
        environment |= {"HUB_MODE": "production", "HUB_HOME": str(tmp_path), "LANG": "C.UTF-8"}
        done = subprocess.run(
            [sys.executable, "-m", "hub", "serve"],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 1
        assert "HUB_SIGNING_KEYS" in done.stderr
        assert "Traceback" not in done.stderr
        assert list(tmp_path.iterdir()) == []

    def test_copied_sample_keys_are_found_by_what_they_say(self, tmp_path):
        """Sample keys under another path are still sample keys."""
        for sample in (ROOT / "keys_sample").glob("*.pem"):
            (tmp_path / sample.name).write_bytes(sample.read_bytes())
        whole = {
            "mode": "production",
            "public_url": "https://hub.example.org",
            "database_url": f"sqlite:///{tmp_path}/none.sqlite",
            "documents_url": "s3://bucket/documents",
            "wrapping_keys": tmp_path,
            "signing_keys": tmp_path,
        }
        assert any("sample" in told for told in production_problems(settings(**whole)))
