"""Causes of a connection to localhost that took the wrong one of 127.0.0.1 and ::1."""

from __future__ import annotations

from checks.causes import announced, servers
from checks.causes.base import Clue, Rule
from checks.causes.connect import CONNECT, REFUSED, tried_every
from checks.causes.situation import because_of
from checks.causes.steps import connect as steps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from checks.causes.base import Because
    from checks.causes.situation import Situation
    from checks.text.endpoint import Endpoint

_BOTH = ("python", "curl", "browser", "java", "dotnet", "ruby", "php", "libpq")
"""Clients that try each address of a name, or IPv4 first."""


def _is_ipv6(situation: Situation) -> Iterator[Clue]:
    listener = announced.listens(situation)
    if listener is not None and _only(listener, 4) and situation.address in ("", "::1"):
        yield Clue(60, because_of(listener, "the server listens on IPv4 only"))
    if situation.error.name not in REFUSED:
        return
    if tried_every(situation):
        yield Clue(18, situation.at_endpoint("the IPv6 address of localhost"))
    elif situation.address == "::1":
        yield Clue(70, situation.at_endpoint("the IPv6 address of localhost"))
        if situation.failed_beside(4) is not None:
            yield Clue(-45)
        if situation.port in (80, 443) and situation.client == "node":
            yield Clue(-30)
    elif situation.is_loopback and not situation.address:
        yield Clue(8 if situation.client in _BOTH else 22, _name(situation))


def _name(situation: Situation) -> Because | None:
    return situation.at_endpoint("the name may give ::1 first")


def _only(listener: Endpoint, version: int) -> bool:
    return announced.takes(listener, version) and not announced.takes(listener, 10 - version)


def _is_ipv4(situation: Situation) -> Iterator[Clue]:
    listener = announced.listens(situation)
    if listener is not None and situation.address.startswith("127."):
        if _only(listener, 6):
            yield Clue(60, because_of(listener, "the server listens on ::1 only"))
        elif announced.takes(listener, 4):
            return
    if not situation.address.startswith("127.") or situation.beside(6) is not None:
        return
    if situation.named("EADDRNOTAVAIL"):
        return
    yield Clue(11, situation.at_endpoint("the IPv4 address, and the server may use ::1"))
    if situation.client == "browser" and "localhost" not in situation.low:
        yield Clue(12, situation.at_endpoint("the page uses 127.0.0.1, not localhost"))
    node = situation.client == "node"
    name = situation.words(r"\blocalhost(?::\d{1,5})?\b", "the text has the name localhost")
    if name and situation.port != 80:
        yield Clue(44 if node else 14, name)
    some, alone = servers.dev_servers(situation)
    if some and _speaks_http(situation):
        says = "development servers often listen on ::1, as localhost"
        yield Clue((36 if node else 12) if alone else 6, situation.at_endpoint(says))
    served = {port for port, _ in announced.served(situation)}
    if served:
        yield Clue(15 if situation.port in served else -40)
    if servers.is_backing(situation):
        yield Clue(-8)


def _speaks_http(situation: Situation) -> bool:
    """Whether the port may be a development server's: no pod's, no upstream of another kind."""
    scheme = situation.endpoint.scheme if situation.endpoint else None
    return scheme in (None, "http", "https", "ws", "wss") and not situation.has(
        "pod-forward", "pod"
    )


def _is_slow(situation: Situation) -> Iterator[Clue]:
    yield from situation.marked({"localhost-slow": 85})


def _no_zone(situation: Situation) -> Iterator[Clue]:
    endpoint = situation.endpoint
    host = endpoint.host if endpoint else None
    if host is not None and host.version == 6 and host.scope == "link" and host.zone is None:
        yield Clue(90, situation.at_endpoint("a link-local address without its interface"))


RULES: tuple[Rule, ...] = (
    Rule(
        key="localhost-is-ipv6",
        says="{server} listens only on 127.0.0.1, but {client} used ::1 for localhost.",
        page="troubleshooting/localhost-or-127/",
        steps=steps.use_ipv4,
        errors=(*REFUSED, "ETIMEDOUT"),
        operations=CONNECT,
        look=_is_ipv6,
        finding="C309",
        confirmed_by=("C309", "C317"),
        ruled_out_by=("C301", "C302"),
    ),
    Rule(
        key="server-only-on-ipv6",
        says="{server} listens only on ::1, but {client} connected to 127.0.0.1.",
        page="troubleshooting/localhost-or-127/#see-which-address-it-is",
        steps=steps.use_ipv6,
        errors=REFUSED,
        operations=CONNECT,
        look=_is_ipv4,
        finding="C309",
        confirmed_by=("C309",),
        ruled_out_by=("C301", "C302"),
    ),
    Rule(
        key="windows-localhost-slow",
        says="On Windows, the refusal of ::1 takes about 2 s before the client tries 127.0.0.1.",
        page="troubleshooting/localhost-or-127/#slow-on-windows",
        steps=steps.both_versions,
        errors=("", "ETIMEDOUT"),
        look=_is_slow,
        finding="C317",
        confirmed_by=("C317", "C309"),
    ),
    Rule(
        key="link-local-without-zone",
        says="A link-local IPv6 address needs the name of its interface.",
        page="loopback/ipv6/",
        steps=steps.zone,
        errors=("EINVAL", "EHOSTUNREACH", "ENETUNREACH", "ETIMEDOUT", "ERR_ADDRESS_INVALID"),
        operations=CONNECT,
        look=_no_zone,
        finding="A105",
    ),
)
