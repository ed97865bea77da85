"""Which addresses of the internet a document may send us to: public unicast ones, and nothing of this machine or its neighbours.

The table is our own, from IANA's special-purpose registries (RFC 6890 and its updates, read in 2026), as `ipaddress.is_global` differs between
versions of Python. Addresses that carry another inside (mapped, 6to4, NAT64, Teredo) are refused as a whole: where they lead is not ours to guess.
"""

import ipaddress
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

_REFUSED_4 = [
    IPv4Network(block)
    for block in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # carrier-grade NAT
        "127.0.0.0/8",  # loopback
        "169.254.0.0/16",  # link-local, cloud metadata
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # AMT
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarking
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
]
_GLOBAL_6 = IPv6Network("2000::/3")
_REFUSED_6 = [
    IPv6Network(block)
    for block in (
        "2001::/23",  # protocol assignments, Teredo among them
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4
        "3fff::/20",  # documentation
        "2620:4f:8000::/48",  # AS112
    )
]


def is_public(address: str) -> bool:
    """Whether an IP address, as the resolver gives it (a scope id may follow "%"), is one that we connect to."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(parsed, IPv4Address):
        return not any(parsed in block for block in _REFUSED_4)
    return _is_public_6(parsed)


def _is_public_6(address: IPv6Address) -> bool:
    """Global unicast is 2000::/3 alone; what lies outside (mapped, NAT64, unique local, link-local, multicast) is refused with it."""
    return address in _GLOBAL_6 and not any(address in block for block in _REFUSED_6)
