"""Which addresses of the internet a document may send us to: public unicast ones, and nothing of this machine or its neighbours.

The table is our own, from IANA's special-purpose registries (RFC 6890 and its updates, read in 2026), as `ipaddress.is_global` differs between
versions of Python. Addresses that carry another inside (mapped, 6to4, NAT64, Teredo) are refused as a whole: where they lead is not ours to guess.
"""

import ipaddress
import re
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from verify.terminal import one_line

_REFUSED_4 = [
    IPv4Network(block)
    for block in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # carrier-grade NAT
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # a cloud's own services, under a public address (Azure)
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

_REFUSED_PORTS = frozenset(
    (
        *(0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109, 110, 111, 113),
        *(115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531, 532, 540, 548, 554, 556),
        *(563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, *range(6665, 6670)),
        *(6679, 6697, 10080),
    )
)
"""Ports where no web server is, and others can be made to take a request for their own commands (WHATWG Fetch, 2.9 "Port blocking")."""
_HIGHEST_PORT = 65535

_CREDENTIALS = re.compile(r"\A((?:[a-z][a-z0-9+.-]*:)?[/\\]*)[^/]*@", re.IGNORECASE)
"""Where a name and a password stand, however the rest is misspelt: an unescaped "?" in a password is no reason to print its beginning."""
_SHOWN = 200


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


def is_web_port(port: int) -> bool:
    """Whether a port is one that we connect to."""
    return 0 < port <= _HIGHEST_PORT and port not in _REFUSED_PORTS


def shown(url: str) -> str:
    """An address for a message: on one line and not long, without its query and without the name and password that it may hold."""
    place = re.split(r"[?#]", _CREDENTIALS.sub(r"\1…@", url, count=1) if "@" in url else url, maxsplit=1)[0]
    return one_line(place if len(place) <= _SHOWN else f"{place[:_SHOWN]}…")
