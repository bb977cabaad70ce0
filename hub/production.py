"""Say what forbids a hub to serve in production; everything at once, so that one start tells it all.

Sample keys are found by what their certificates say, or by their bytes, not by where they lie.
"""

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from hub.settings import DEMO_IDENTITY, SAMPLE_KEYS, Mode, Settings

if TYPE_CHECKING:
    from cryptography import x509

_LARGEST = 1 << 20  # bytes of a key file
_BEGINS = b"-----BEGIN CERTIFICATE-----"


def problems(settings: Settings) -> tuple[str, ...]:
    """Name everything that is wrong; nothing when this is no production start or all is well."""
    if settings.mode is not Mode.PRODUCTION:
        return ()
    found = [
        ("HUB_PUBLIC_URL must be an https:// address", not _https(settings.address)),
        (
            "HUB_OIDC_ISSUER must be an https:// address",
            bool(settings.oidc_issuer) and not _https(settings.oidc_issuer),
        ),
        (
            "HUB_OIDC_AUDIENCE must be set beside HUB_OIDC_ISSUER",
            bool(settings.oidc_issuer and not settings.oidc_audience),
        ),
        (
            "HUB_HOLDER_OIDC_ISSUER must be an https:// address, with HUB_HOLDER_OIDC_AUDIENCE beside it",
            bool(settings.holder_oidc_issuer)
            and not (_https(settings.holder_oidc_issuer) and settings.holder_oidc_audience),
        ),
        ("HUB_HOLDER_OIDC_ISSUER must not be a demo's provider: there anybody is anybody", _demo_provider(settings)),
        ("HUB_DATABASE_URL must be set: a guessed database is a second truth", not settings.database_url),
        ("HUB_DOCUMENTS_URL must be set", not settings.documents_url),
        ("HUB_WRAPPING_KEYS must name the folder of the wrapping keys", settings.wrapping_keys is None),
        ("HUB_SIGNING_KEYS must name the folder of the signing keys", settings.signing_keys is None),
        ("HUB_SIGNING_KEYS names no folder", not settings.signing_folder.is_dir()),
        ("HUB_SIGNING_KEYS must not hold sample keys: anyone has them", _samples(settings.signing_folder)),
    ]
    return tuple(sentence for sentence, wrong in found if wrong)


def _demo_provider(settings: Settings) -> bool:
    """Whether holders would come from a provider as the demo has it, ours or another hub's."""
    return urlsplit(settings.holder_oidc_issuer).path.rstrip("/").lower() == DEMO_IDENTITY


def _https(address: str) -> bool:
    read = urlsplit(address)
    return read.scheme == "https" and bool(read.hostname)


def _samples(folder: Path) -> bool:
    from verification.certificates import is_sample

    log = {path.read_bytes() for path in SAMPLE_KEYS.glob("log*")}  # they have no certificates that say what they are
    for path in folder.rglob("*"):
        content = path.read_bytes() if path.is_file() and path.stat().st_size < _LARGEST else b""
        if content in log:
            return True
        if any(map(is_sample, _certificates(content))):
            return True
    return False


def _certificates(content: bytes) -> "list[x509.Certificate]":
    """Those of a file; a request, or a file that is cut off, has none: whoever uses it says so."""
    from cryptography import x509

    try:
        return x509.load_pem_x509_certificates(content) if _BEGINS in content else []
    except ValueError:
        return []
