"""The proxy variables of the environment that the check runs in."""

from __future__ import annotations

import os

from checks.rules import proxies

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_LONGEST = 500  # characters of a list of exclusions that are kept
_LISTS = ("no_proxy", "NO_PROXY")


def variables(environment: Mapping[str, str] = os.environ) -> tuple[tuple[str, str], ...]:
    """Return the variables that name a proxy or exclude hosts, in the order of their table.

    Arguments:
        environment: by name. Windows has each in both cases.

    Returns:
        pairs of name and value, a proxy without user and password; none where no proxy is named.
    """
    found = {name: environment[name] for name in proxies.VARIABLES if name in environment}
    named = (name for name in found if name not in _LISTS and name.lower().endswith("_proxy"))
    if not any(found[name].strip() for name in named if name != "NODE_USE_ENV_PROXY"):
        return ()
    return tuple((name, _shown(name, value)) for name, value in found.items())


def _shown(name: str, value: str) -> str:
    if name in _LISTS:
        return "".join(char for char in value[:_LONGEST] if char.isprintable())
    if name == "NODE_USE_ENV_PROXY":
        return "1" if value == "1" else "0"
    return proxies.without_credentials(value)
