"""Which addresses of networks belong to the public internet."""

from __future__ import annotations

import ipaddress

PORTS = frozenset({80, 443, 8443})
# Public as far as the address book of the internet says, and yet ways to somewhere else.
TUNNELS = tuple(
    ipaddress.ip_network(text)
    for text in ("64:ff9b::/96", "64:ff9b:1::/48", "2001::/32", "2002::/16", "fec0::/10")
)


def is_public(text: str) -> bool:
    """Tell whether an IP address belongs to the public internet."""
    address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(str(address.ipv4_mapped))
        if any(address in network for network in TUNNELS):
            return False
    return address.is_global and not address.is_multicast
