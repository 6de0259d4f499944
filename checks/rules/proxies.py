"""Which clients send a request to a proxy that a variable of the environment names.

There is no standard: each client has names of its own, and its own way to read the list of hosts
that need no proxy. A test runs curl, Wget, urllib and requests against these rules.

Sources: curl, lib/url.c (detect_proxy) and lib/noproxy.c; GNU Wget, src/retr.c (getproxy) and
src/host.c (sufmatch); CPython, Lib/urllib/request.py (getproxies_environment,
proxy_bypass_environment); requests, utils.py (should_bypass_proxies, select_proxy); Node.js manual,
"Built-in proxy support"; Go, golang.org/x/net/http/httpproxy (FromEnvironment).
"""

from __future__ import annotations

from checks.model.records import NamedTuple
from checks.rules.places import place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

NEVER = ("browsers", "Go", "Ruby")
"""Clients that never use a proxy for a loopback address. Chromium, net/docs/proxy.md, "Implicit
bypass rules"; Firefox, network.proxy.allow_hijacking_localhost; Go, as above; Ruby,
lib/uri/generic.rb (find_proxy)."""

LOCAL_HOSTS = "localhost,127.0.0.1,::1"
"""What a list of exclusions has for this machine."""

_MOST_ENTRIES = 256


class Request(NamedTuple):
    """What is requested.

    Arguments:
        scheme: ``http`` or ``https``.
        host: a name or an address without brackets, in lower case.
        port: of the URL.
        loopback: whether the host is this machine's loopback.
    """

    scheme: str
    host: str
    port: int
    loopback: bool


class Client(NamedTuple):
    """One client.

    Arguments:
        name: as a message has it.
        proxy: the proxy that it takes from the variables, for a scheme; "" where it takes none.
        exclusions: the list of exclusions that it takes from them.
        covers: whether such a list covers a request.
        wants: the variable without which it reads none of these; "" for none.
        local: whether it uses the proxy for localhost and loopback addresses.
    """

    name: str
    proxy: Callable[[Mapping[str, str], str], str]
    exclusions: Callable[[Mapping[str, str]], str]
    covers: Callable[[str, Request], bool]
    wants: str = ""
    local: bool = True


def misled(variables: Mapping[str, str], request: Request) -> dict[str, str]:
    """Return the clients that send a request to a proxy, each with that proxy.

    Arguments:
        variables: the values of those of :data:`checks.model.words.PROXY_VARIABLES` that are set.
        request: what is requested.
    """
    found = {}
    for client in CLIENTS:
        if client.wants and variables.get(client.wants) != "1":
            continue
        proxy = client.proxy(variables, request.scheme)
        if not proxy or (not client.local and _is_local(request.host)):
            continue
        listed = client.exclusions(variables)
        if not (listed and client.covers(listed, request)):
            found[client.name] = proxy
    return found


def _any(*names: str) -> Callable[[Mapping[str, str]], str]:
    """Takes the first of some variables that has a text."""
    return lambda variables: next((variables[name] for name in names if variables.get(name)), "")


def _lower_wins(variables: Mapping[str, str], name: str) -> str:
    """Takes a variable in lower case where it is set, be it empty, else that in upper case."""
    return variables.get(name, variables.get(name.upper(), ""))


def _entries(text: str, separators: str = ",") -> list[str]:
    """The entries of a list, in lower case."""
    for each in separators:
        text = text.replace(each, ",")
    return [entry.strip().lower() for entry in text.split(",")[:_MOST_ENTRIES] if entry.strip()]


def _is_local(host: str) -> bool:
    """Whether a host is written as this machine's: ``localhost`` or a loopback address."""
    return host == "localhost" or place(host).loopback


def _is_address(host: str) -> bool:
    return place(host).version != 0


def _in_network(host: str, entry: str) -> bool:
    """Whether an address is the one of an entry, or in its network (``10.0.0.0/8``)."""
    base, slash, length = entry.partition("/")
    at, network = place(host), place(base)
    if at.version == 0 or at.version != network.version:
        return False
    bits = 32 if at.version == 4 else 128
    if slash and not (length.isascii() and length.isdecimal() and int(length) <= bits):
        return False
    shift = bits - int(length) if slash else 0
    return at.value >> shift == network.value >> shift


def _ends_with(host: str, entry: str) -> bool:
    """Whether a host is an entry, or ends with it after a dot."""
    return host == entry or host.endswith(f".{entry}")


def _curl(text: str, request: Request) -> bool:
    """``*`` alone; an address or a network (since 7.86.0); the end of a name."""
    if text.strip() == "*":
        return True
    entries = _entries(text, " ")
    if _is_address(request.host):
        return any(_in_network(request.host, entry) for entry in entries)
    host = request.host.rstrip(".")
    return any(_ends_with(host, entry.strip(".")) for entry in entries)


def _wget(text: str, request: Request) -> bool:
    """The end of a host after a dot, also of an address; no star and no network.

    Only blanks behind a comma are skipped: src/utils.c (sepstring).
    """
    first, *rest = text.split(",")
    entries = [each for each in (first, *(one.lstrip() for one in rest)) if each]
    return any(
        _ends_with(request.host, entry) or (entry[0] == "." and request.host.endswith(entry))
        for entry in entries
    )


def _urllib(text: str, request: Request) -> bool:
    """``*`` alone; the end of a host, with or without port. An IPv6 address has its brackets."""
    if text == "*":
        return True
    host = f"[{request.host}]" if ":" in request.host else request.host
    entries = [entry.lstrip(".") for entry in _entries(text)]
    return any(
        _ends_with(host, entry) or _ends_with(f"{host}:{request.port}", entry)
        for entry in entries
        if entry
    )


def _requests(text: str, request: Request) -> bool:
    """``*`` alone; an IPv4 address or network; the end of a host, of a name with or without port.

    As of 2.34, where the end of a name has a dot before it.
    """
    host, entries = request.host, _entries(text.replace(" ", ""))
    if text == "*" or any(_ends_with(host, entry.lstrip(".")) for entry in entries):
        return True
    if place(host).version == 4:
        return any(_in_network(host, entry) for entry in entries)
    return any(_ends_with(f"{host}:{request.port}", entry.lstrip(".")) for entry in entries)


def _node(text: str, request: Request) -> bool:
    """``*``, the very host, with or without its port, or ``.name`` and ``*.name`` for its end."""
    host = request.host
    names = (host, f"[{host}]") if ":" in host else (host, f"{host}:{request.port}")
    return any(
        entry == "*"
        or entry in names
        or (entry[:1] in ".*" and host.endswith("." + entry.lstrip("*").lstrip(".")))
        for entry in _entries(text)
    )


def _go(text: str, request: Request) -> bool:
    """``*``, an address, a network, a name and the names below it."""
    entries = _entries(text)
    if "*" in entries:
        return True
    if _is_address(request.host):
        return any(_in_network(request.host, entry) for entry in entries)
    return any(
        request.host.endswith(entry) if entry[0] == "." else _ends_with(request.host, entry)
        for entry in entries
    )


def _proxy_of_curl(variables: Mapping[str, str], scheme: str) -> str:
    """HTTP_PROXY may be the header "Proxy" of a CGI script's caller, so curl does not read it."""
    upper = ("HTTPS_PROXY",) if scheme == "https" else ()
    return _any(f"{scheme}_proxy", *upper, "all_proxy", "ALL_PROXY")(variables)


def _proxy_of_requests(variables: Mapping[str, str], scheme: str) -> str:
    own = _lower_wins(variables, f"{scheme}_proxy")
    return own or _lower_wins(variables, "all_proxy")


CLIENTS = (
    Client("curl", _proxy_of_curl, _any("no_proxy", "NO_PROXY"), _curl),
    Client("Wget", lambda known, scheme: known.get(f"{scheme}_proxy", ""), _any("no_proxy"), _wget),
    Client(
        "Python's urllib",
        lambda known, scheme: _lower_wins(known, f"{scheme}_proxy"),
        lambda known: _lower_wins(known, "no_proxy"),
        _urllib,
    ),
    Client("requests", _proxy_of_requests, _any("no_proxy", "NO_PROXY"), _requests),
    Client(
        "Node.js",
        lambda known, scheme: _any(f"{scheme}_proxy", f"{scheme.upper()}_PROXY")(known),
        _any("no_proxy", "NO_PROXY"),
        _node,
        wants="NODE_USE_ENV_PROXY",
    ),
    Client(
        "Go",
        lambda known, scheme: _any(f"{scheme.upper()}_PROXY", f"{scheme}_proxy")(known),
        _any("NO_PROXY", "no_proxy"),
        _go,
        local=False,
    ),
)
"""In the order in which a message names them."""
