"""Publish the trust list of this hub from its settings: which key, which folder, which address."""

from hub import log_keeping
from hub.parts import Parts
from hub.settings import Mode
from registry.directory import trust_lists
from registry.directory.trust_lists import Publisher
from registry.store.tables.answers import TrustListVersion
from signing import holdings

KEY = "trust-list"


def publish_trust_list(parts: Parts, *, by: str) -> TrustListVersion:
    """Publish a new version where one is due."""
    held = holdings.read(parts.settings.signing_folder)
    demo = parts.settings.mode is Mode.DEMO
    origin = log_keeping.origin(parts)
    publisher = Publisher(held.key(KEY), held, parts.settings.address, origin, unsafe_allow_samples=demo)
    return trust_lists.publish(parts.db, publisher, at=parts.now(), by=by)
