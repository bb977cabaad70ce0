"""Read the networks a client may call from, and name the neighbourhood of an address.

Trust: the remote address is what the hub was told by its socket or by a proxy it trusts, never a header of anybody.
"""

import ipaddress
from collections.abc import Iterable

from registry.directory.access.errors import NetworkUnfit

MOST = 20
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def written(networks: Iterable[str]) -> str:
    """Write networks as a column keeps them, or say which one is none."""
    read = []
    for position, text in enumerate(networks, 1):
        try:
            read.append(ipaddress.ip_network(text))
        except ValueError:
            raise NetworkUnfit(position=position) from None
    if len(read) > MOST:
        raise NetworkUnfit(position=MOST + 1)
    return " ".join(str(network) for network in read)


def admit(networks: str, remote: str | None) -> bool:
    """Say whether an address lies in one of a client's networks; a client without any may call from anywhere."""
    if not networks:
        return True
    address = _address(remote)
    return address is not None and any(address in ipaddress.ip_network(network) for network in networks.split())


def neighbourhood(remote: str | None) -> str:
    """Name what shares a budget: 256 neighbours (IPv4) or one site (IPv6 /56)."""
    address = _address(remote)
    if address is None:
        return "net:unknown"
    size = 24 if address.version == 4 else 56
    return f"net:{ipaddress.ip_network(f'{address}/{size}', strict=False)}"


def is_network(text: str) -> bool:
    """Say whether a text names an address or a network."""
    try:
        ipaddress.ip_network(text)
    except ValueError:
        return False
    return True


def source(remote: str | None) -> str:
    """Name where connections come from: one address (IPv4), or one subnet (IPv6 /64), whose owner has all of it."""
    address = _address(remote)
    if address is None or address.version == 4:
        return str(address)
    return str(ipaddress.ip_network(f"{address}/64", strict=False))


def _address(remote: str | None) -> Address | None:
    try:
        address = ipaddress.ip_address((remote or "").partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address
