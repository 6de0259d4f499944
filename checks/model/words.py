"""The fixed words that every room shares: the contract's name, severities, systems, transports,
and how to write a place.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

SCHEMA = "checks/1"
"""The JSON contract, its name and version: what each document says of itself."""

TCP = "tcp"
UDP = "udp"

SEVERITIES = ("ok", "info", "notice", "warning", "error")
"""Of a finding, each worse than the one before."""

READING_ORDER = ("error", "warning", "notice", "ok", "info")
"""What a reader wants first: what is wrong, then what is well, then what is merely so."""

SYSTEMS = {
    "linux": "Linux",
    "macos": "macOS",
    "windows": "Windows",
    "freebsd": "FreeBSD",
    "openbsd": "OpenBSD",
    "netbsd": "NetBSD",
    "solaris": "Solaris",
    "chromium": "Chromium",
}
"""How each system writes its own name, by its key in tables and evidence; the common ones first.

Chromium is among them because it numbers errors as a system does.
"""

TOOLS = ("ip", "iptables", "lsof", "nft", "ss", "sudo", "systemctl", "ufw")
"""Programs that commands for Linux begin with, and that not every Linux has."""

_RANK = {severity: rank for rank, severity in enumerate(SEVERITIES)}
_PLATFORMS = {"darwin": "macos", "win32": "windows", "cygwin": "windows", "sunos5": "solaris"}


def rank(severity: str) -> int:
    """Return how bad a severity is, 0 for ``ok``."""
    return _RANK[severity]


def worst(severities: Iterable[str]) -> str:
    """Return the worst of some severities; ``ok`` where there are none."""
    return max(severities, key=rank, default="ok")


def system(key: str) -> str:
    """Return how a system writes its own name; the key itself where it is not known."""
    return SYSTEMS.get(key, key)


def system_of(platform: str) -> str:
    """Return the key of a system.

    Arguments:
        platform: as Python names it: ``darwin``, ``freebsd14``.
    """
    return _PLATFORMS.get(platform, platform.rstrip("0123456789.").lower())


def bracketed(address: str) -> str:
    """Return an address as it stands before a port: IPv6 in brackets (RFC 3986 §3.2.2)."""
    return f"[{address}]" if ":" in address else address


def at(address: str, port: int | str) -> str:
    """Return an endpoint as URLs write it: ``127.0.0.1:62893``, ``[::1]:62893``."""
    return f"{bracketed(address)}:{port}"


PROXY_VARIABLES = (
    "http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY",
    "no_proxy", "NO_PROXY", "NODE_USE_ENV_PROXY",
)  # fmt: skip
"""What clients of HTTP read of the environment (:mod:`checks.rules.proxies`)."""
