"""The proxy variables of the environment that the check runs in, without their passwords."""

from __future__ import annotations

import os

from checks.model.words import PROXY_VARIABLES
from checks.rules.places import place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_LONGEST = 500  # characters of a list of exclusions that are kept
_LISTS = ("no_proxy", "NO_PROXY")
_SWITCH = "NODE_USE_ENV_PROXY"
_NOT_PROXIES = (*_LISTS, _SWITCH)


def variables(environment: Mapping[str, str] = os.environ) -> tuple[tuple[str, str], ...]:
    """Return the variables that name a proxy or exclude hosts, in the order of their table.

    Arguments:
        environment: by name. Windows has each in both cases.

    Returns:
        pairs of name and value, a proxy without user and password; none where no proxy is named.
    """
    found = {name: environment[name] for name in PROXY_VARIABLES if name in environment}
    if not any(found[name].strip() for name in found if name not in _NOT_PROXIES):
        return ()
    return tuple((name, _shown(name, value)) for name, value in found.items())


def _shown(name: str, value: str) -> str:
    if name in _LISTS:
        return "".join(char for char in value[:_LONGEST] if char.isprintable())
    if name == _SWITCH:
        return "1" if value == "1" else "0"
    return without_credentials(value)


def without_credentials(value: str) -> str:
    """Return a proxy as a report may show it: without user, password, path and query.

    Arguments:
        value: of a variable: ``http://ann:secret@proxy.example:3128/``.

    Returns:
        ``http://proxy.example:3128``; "" of an empty value, ``?`` of one that is no host.
    """
    if not value.strip():
        return ""
    scheme, found, rest = value.strip().partition("://")
    if not found:
        scheme, rest = "", scheme
    rest = rest.rpartition("@")[2]
    host, port = _authority(rest)
    if not host:
        return "?"
    shown = f"{host}:{port}" if port else host
    known = scheme.isascii() and scheme.isalnum() and len(scheme) < 10
    return f"{scheme.lower()}://{shown}" if known else shown


def _authority(text: str) -> tuple[str, str]:
    """Host and port at the beginning of a text; "" for what has other characters."""
    if text[:1] == "[":
        host, _, rest = text[1:].partition("]")
        host = f"[{host}]" if place(host).version == 6 else ""
    else:
        end = next((at for at, char in enumerate(text) if char in ":/?#"), len(text))
        host, rest = text[:end], text[end:]
        plain = host.replace("-", "").replace(".", "").replace("_", "")
        host = host if plain.isascii() and plain.isalnum() and len(host) < 254 else ""
    port = rest[1:6] if rest[:1] == ":" else ""
    digits = port.partition("/")[0]
    return host, digits if digits.isascii() and digits.isdecimal() else ""
