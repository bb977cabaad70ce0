"""Collect the counters of all worker processes into one text.

Several workers share the folder named by PROMETHEUS_MULTIPROC_DIR, which `hub serve` sets before they start.
"""

import ipaddress
import os
from collections.abc import Sequence

from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest, multiprocess
from pydantic import IPvAnyNetwork

MEDIA_TYPE = CONTENT_TYPE_LATEST


def text() -> bytes:
    """Write the counters in Prometheus' text form."""
    if not os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        return generate_latest(REGISTRY)
    shared = CollectorRegistry()
    multiprocess.MultiProcessCollector(shared)  # type: ignore[no-untyped-call]
    return generate_latest(shared)


def may_read(remote: str, networks: Sequence[IPvAnyNetwork]) -> bool:
    """Say whether an address belongs to the operators."""
    try:
        address = ipaddress.ip_address(remote)
    except ValueError:
        return False
    return any(address in network for network in networks if network.version == address.version)
