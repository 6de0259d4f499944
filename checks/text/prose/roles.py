"""Whose end each endpoint of a text is: asked, listening, the client's own, the caller's, ...

A role is given only where the text tells it: by the key or the arrow that the endpoint is
written with, by the words around it, by its scheme. The client's own port is never the
service, and a link to documentation is nobody's end.
"""

from __future__ import annotations

import re

from checks.address import host as hosts
from checks.text.prose import cues

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.text.endpoint import Endpoint

_ARROW = re.compile(r"[\"']?\s?(?:->|>|-->|=>|\u2192|\u279c)\s?[\"']?")
_LIST = re.compile(r"[\"'\])\s]{0,3}(?:,|/|\(|;|and|or|\|)[\"'(\[\s]{0,3}")
_REQUEST_AFTER = re.compile(r"(?: - \S{1,64})?(?: \[[^\]\n]{1,40}\])?(?: -)? \"[A-Z]{3,10} ")
_LINKED = re.compile(r"(?:^|[./-])(?:docs?|help|errors?|wiki|issues?|man|faq|fwlink|guides?)\b")
_OPENING = re.compile(r":? Flags \[S(?P<answer>\.)?[EW]{0,2}\]")
"""The first packet of a connection, which its client sends, and the answer: tcpdump(8)."""

_SERVER_NAME = re.compile(r"\bclient: [0-9a-fA-F.:]{2,45}, server: \Z")
"""nginx names the client, and then the server block by its name: ngx_http_request.c."""

_WEB = frozenset(("http", "https"))
_PROXY_SCHEMES = frozenset(("socks", "socks4", "socks4a", "socks5", "socks5h"))
_PUBLIC = ("domain", "special-use")
_NEARBY = (".arpa", ".internal", ".invalid", ".lan", ".local", ".localdomain", ".test")
"""Ends of names that no page of the internet has; ``example.org`` is written for one."""
_FIRST_FREE = 1024
_GUESSED = (None, "target", "listener", "peer", "resolver")
"""Roles of words, which an arrow outweighs."""
_FIRST_EPHEMERAL = 32768
"""The lowest port that a system in wide use gives to clients (Linux, net/ipv4/af_inet.c)."""


def with_roles(text: str, endpoints: tuple[Endpoint, ...]) -> tuple[Endpoint, ...]:
    """Give each endpoint the role that the text tells, where it has none yet.

    Arguments:
        text: the whole.
        endpoints: in its order; a role that one has already is left.
    """
    marked: list[Endpoint] = []
    for endpoint in endpoints:
        left = marked[-1] if marked else None
        if left is not None:
            left, endpoint = _beside_left(text, left, endpoint)
            marked[-1] = left
        if endpoint.role is None:
            endpoint = endpoint._replace(role=_alone(text, endpoint, left))
        marked.append(endpoint)
    return _with_proxies(tuple(marked))


def _with_proxies(marked: tuple[Endpoint, ...]) -> tuple[Endpoint, ...]:
    """What a setting names as a proxy is one where the same text says that it was asked."""
    proxies = {_where(one) for one in marked if one.role == "proxy" and one.port}
    if not proxies:
        return marked
    return tuple(
        one._replace(role="proxy") if one.role == "target" and _where(one) in proxies else one
        for one in marked
    )


def _where(endpoint: Endpoint) -> tuple[str, int | None]:
    host = endpoint.host.text if endpoint.host else ""
    return host, endpoint.port.number if endpoint.port else None


def _beside_left(text: str, left: Endpoint, right: Endpoint) -> tuple[Endpoint, Endpoint]:
    """Two endpoints, with the roles that an arrow or a comma between them gives."""
    gap = right.span[0] - left.span[1]
    if gap > 8:
        return left, right
    if _ARROW.fullmatch(text, left.span[1], right.span[0]):
        return _arrow(text, left, right)
    if left.role and not right.role and _LIST.fullmatch(text, left.span[1], right.span[0]):
        return left, right._replace(role=left.role) if not _is_link(text, right) else right
    return left, right


def _arrow(text: str, left: Endpoint, right: Endpoint) -> tuple[Endpoint, Endpoint]:
    """``127.0.0.1:8080->127.0.0.1:53422``: the side with the higher port is the client.

    So Go prints the two ends of a connection, and lsof and tcpdump a row. Where URLs are
    on both sides, or the line tells of forwarding, the left end passes on to the right one.
    """
    before = text[max(0, left.span[0] - 60) : left.span[0]].lower()
    roles: tuple[str | None, str | None]
    if left.scheme or right.scheme or "forward" in before or "dial" in before:
        roles = ("local" if "dial" in before else "listener", "target")
    elif opening := _OPENING.match(text, right.span[1]):
        roles = ("listener", "peer") if opening["answer"] else ("local", "target")
    else:
        roles = _ends(left, right)
    left_role, right_role = roles
    return (
        left._replace(role=left_role) if left_role and left.role in _GUESSED else left,
        right._replace(role=right_role) if right_role and not right.role else right,
    )


def _ends(left: Endpoint, right: Endpoint) -> tuple[str | None, str | None]:
    """The roles of both ends of a connection by their ports."""
    if left.port is None or right.port is None or left.host is None or right.host is None:
        return None, None
    near, far = left.port.number or 0, right.port.number or 0
    if far == 0:
        return "listener", None
    if far > near:
        return "listener", "peer"
    return "local", "resolver" if far == 53 else "target"


def _alone(text: str, endpoint: Endpoint, left: Endpoint | None) -> str | None:
    """The role of an endpoint that none of its neighbours tells."""
    first, last = endpoint.span
    if endpoint.scheme in _PROXY_SCHEMES:
        return "proxy"
    if endpoint.host is not None and _REQUEST_AFTER.match(text, last) and not endpoint.scheme:
        return "peer"
    if _is_link(text, endpoint):
        return "link"
    if endpoint.form == "port" and endpoint.port is not None:
        first = last - len(endpoint.port.text)  # "listening on 3000" is all of it the endpoint
    if cues.is_failed_proxy(text, first, last):
        return "proxy"
    return cues.right_behind(text, last) or _by_words(text, endpoint, left, first)


def _by_words(text: str, endpoint: Endpoint, left: Endpoint | None, first: int) -> str | None:
    """What the words before the endpoint tell, then those behind it, then its own kind."""
    last = endpoint.span[1]
    if text[max(0, first - 5) : first] == "@tcp(":  # Go's data source names
        return "target"
    if text[max(0, first - 1) : first] == "@" and "dig" in text[max(0, first - 60) : first].lower():
        return "resolver"
    if _SERVER_NAME.search(text, max(0, first - 64), first):
        return None
    near = cues.before(text, first, url=endpoint.scheme is not None)
    if near == "peer" and _is_remote_service(text, endpoint):
        near = "target"
    if near == "link" and not _is_public_page(endpoint):
        near = None
    if near == "target" and left is not None and _stands_for(text, left, endpoint):
        return "proxy"
    if near in (None, "target") and "#" in endpoint.text and not endpoint.scheme:
        return "resolver"  # dig, dnsmasq and BIND write a port so
    if near is not None:
        return near or None
    return cues.behind(text, last) or _by_kind(endpoint) or _by_lines(text, endpoint)


def _is_remote_service(text: str, endpoint: Endpoint) -> bool:
    """Whether a "remote address" is the server's: its port is none that clients get.

    So is what closed the connection of ssh: ``Connection closed by 192.0.2.7 port 22``, and
    the name behind ``client:`` in a setting: a log has the caller's address there.
    """
    number = endpoint.port.number if endpoint.port else None
    if number is None or number >= _FIRST_EPHEMERAL:
        return False
    before = text[max(0, endpoint.span[0] - 24) : endpoint.span[0]].lower()
    if number < _FIRST_FREE and before.endswith(("closed by ", "reset by ")):
        return True
    if "remote" in before or "raddr" in before:
        return True
    named = endpoint.host is not None and endpoint.host.kind == hosts.NAME
    return named and before.endswith(("client: ", "client=", "client = "))


def _is_public_page(endpoint: Endpoint) -> bool:
    """A URL of the web with a name that is not of this machine or its network."""
    host = endpoint.host
    if endpoint.scheme not in _WEB or host is None or host.kind != hosts.NAME:
        return False
    if "." not in host.text:
        return False
    known = hosts.name_of(host.text)
    return known is not None and known.kind in _PUBLIC and not known.text.endswith(_NEARBY)


def _is_link(text: str, endpoint: Endpoint) -> bool:
    """A page that is only mentioned: documentation, and what no word near it asks for."""
    if not _is_public_page(endpoint):
        return False
    first, _ = endpoint.span
    if text[max(0, first - 1) : first] == "(" or _LINKED.search(endpoint.text.lower()):
        return True
    near = cues.before(text, first, url=True, words=cues.NEAR)
    return near is None or near == "link"


def _stands_for(text: str, left: Endpoint, endpoint: Endpoint) -> bool:
    """Whether an address of this machine was asked in place of a page elsewhere: a proxy.

    git and curl name both in one line: ``unable to access 'https://...': Failed to connect
    to 127.0.0.1 port 1080``. With the page's own port the name may mean this machine.
    """
    host, wanted = endpoint.host, left.host
    if host is None or wanted is None or not host.loopback or left.role != "target":
        return False
    if not _is_public_page(left):
        return False
    same = left.port and endpoint.port and left.port.number == endpoint.port.number
    return not same and "\n" not in text[left.span[1] : endpoint.span[0]]


def _by_kind(endpoint: Endpoint) -> str | None:
    """A wildcard address is a listener's; a URL is what somebody asks for."""
    host = endpoint.host
    if host is None:
        return None
    wildcard = host.kind == hosts.WILDCARD or (host.version != 0 and host.value == 0)
    if wildcard and endpoint.port is not None:
        return "listener"
    return "target" if endpoint.scheme else None


def _by_lines(text: str, endpoint: Endpoint) -> str | None:
    """What the lines around tell of the operation, for an endpoint with a port."""
    first, last = endpoint.span
    return cues.beside(text, first, last) if endpoint.port is not None else None
