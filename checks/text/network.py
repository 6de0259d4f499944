"""Networks: CIDR notation, an address and its mask, and prefixes with their zeros left out."""

from __future__ import annotations

from checks.address import host as hosts
from checks.address import ipv4
from checks.address.host import INVALID, Host
from checks.text.authority import all_digits, decimal_parts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.text.endpoint import Token, WordReading

_WHOLE_OCTET = 8
_SHORT_NETWORKS = ("0/0", "10/8", "127/8", "224/4", "240/4")


def read_network(token: Token, before: str, after: str) -> WordReading | None:
    """CIDR notation, RFC 4632 §3.1 and RFC 4291 §2.3, or an address and its mask.

    Arguments:
        token: the whole.
        before: what is before its slash.
        after: what is after it.
    """
    if not all_digits(after) or len(after) > 3:
        host = _masked(before, after)
    elif len(before) <= 11 and before.count(".") < 3 and decimal_parts(before):
        host = _padded(before, int(after))
    else:
        host = _prefixed(token, before, int(after))
    return ("network", (token.endpoint(host, None, "cidr"),)) if host else None


def _prefixed(token: Token, before: str, length: int) -> Host | None:
    """``127.0.0.0/8``, ``::1/128``; a prefix that is too long makes the whole invalid."""
    host = hosts.read(before)
    if not host.version:
        return None
    if length > (32 if host.version == 4 else 128):
        return Host(token.text, INVALID, 0, -1)
    return host._replace(prefix_length=length)


def _masked(before: str, after: str) -> Host | None:
    """``127.0.0.1/255.0.0.0``."""
    value, length = ipv4.parse(before), mask_length(after)
    if value is None or length is None:
        return None
    return Host(before, hosts.IPV4, 4, value, prefix_length=length)


def mask_length(text: str) -> int | None:
    """The prefix length of a mask in dotted decimal; None where its ones are not contiguous.

    Source: RFC 4632 §5.1 (masks are contiguous); RFC 950 for the notation.
    """
    mask = ipv4.parse(text)
    if mask is None:
        return None
    inverse = mask ^ 0xFFFFFFFF
    return None if inverse & (inverse + 1) else 32 - inverse.bit_length()


def _padded(text: str, length: int) -> Host | None:
    """A network with its last zeros left out, as RFC 1918 §3 writes 172.16/12.

    ``1/2`` and ``23/11`` are no networks: the parts must hold all bits of the
    prefix and no others, and one part alone must be a known network or a /8.
    The host's text is the whole address, since ``10`` alone would mean 0.0.0.10.
    """
    count = text.count(".") + 1
    value = ipv4.parse(text + ".0" * (4 - count))
    if value is None or length > 8 * count:
        return None
    known = f"{text}/{length}" in _SHORT_NETWORKS or length == _WHOLE_OCTET
    if value & (0xFFFFFFFF >> length) and value >> 24 != 127:
        return None
    if count == 1 and not known:
        return None
    return Host(ipv4.format(value), hosts.IPV4, 4, value, prefix_length=length)
