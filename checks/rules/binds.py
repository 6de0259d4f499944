"""Which of several bound addresses takes what is sent to one: the most specific.

Sources: ip(7), ipv6(7) and RFC 3493 §5.3 for the wildcard addresses; Linux,
net/ipv4/inet_hashtables.c (compute_score), for the order.
"""

from __future__ import annotations

_WILDCARDS = {4: ("0.0.0.0", "::"), 6: ("::",)}
"""By the IP version of what is sent; an IPv6 socket may take IPv4 as well."""


def taking(address: str) -> tuple[str, ...]:
    """Return the bound addresses that may take what is sent to *address*, most specific first.

    Arguments:
        address: canonical text without zone; an IPv4-mapped one as IPv4.
    """
    return (address, *_WILDCARDS[4 if "." in address else 6])


def breadth(bound: str, version: int) -> int:
    """Return 0 for one address, 1 for all of an IP version, 2 for all of both versions.

    Arguments:
        bound: the bound address, canonical text; it takes traffic of the version.
        version: 4 or 6, of what is sent; 0 for what is no address, as a pasted report may have.
    """
    wildcards = _WILDCARDS.get(version, ())
    return 1 + wildcards.index(bound) if bound in wildcards else 0
