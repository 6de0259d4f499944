"""Causes where another program connects for the client: forwards, proxies, brokers, systemd.

Also the clients whose own setting leads them to the wrong place: kubectl, MySQL's client,
the debuggers of Chrome.
"""

from __future__ import annotations

import re

from checks.causes import servers
from checks.causes.base import Clue, Rule
from checks.causes.connect import CONNECT, REFUSED, SILENT
from checks.causes.situation import because_of
from checks.causes.steps import forwarding as steps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from checks.causes.situation import Situation
    from checks.findings.base import Fix
    from checks.text.endpoint import Endpoint

_PROXY_PORTS = (1080, 1087, 3128, 7890, 7897, 8118, 8888, 8889, 10808, 10809, 20171)
"""Default ports of proxies on one's own machine: Squid, Clash, V2Ray, Privoxy, Fiddler, Charles."""


_DUMP, _KEY = 1500, 80
"""So far from an error its request is told; so many characters before a URL tell what it is."""
_ASKED = re.compile(
    r"(?:\b(?:url|uri|baseurl|requesturl|base_url)['\"]?\s?[:=]\s?['\"`]?|\brequest to "
    r"|\b(?:curl|wget)\b(?: -{1,2}\w[\w-]{0,20}| [a-z]{3,7}){0,4} ['\"]?)$",
    re.ASCII,
)
"""Words before the URL of a request: a key of an HTTP client's dump, a command."""
_PROXY_ERRORS = (
    "ERR_PROXY_CONNECTION_FAILED", "ERR_TUNNEL_CONNECTION_FAILED", "ERR_SOCKS_CONNECTION_FAILED",
    "ERR_CONNECT_FAIL", "HTTP_407", "WSL_LOCALHOST_PROXY",
)  # fmt: skip
"""Errors that only a request to a proxy can end with."""


def _far_end(situation: Situation) -> Iterator[Clue]:
    yield from situation.marked({"ssh-channel": 90, "pod-forward": 90, "tunnel-origin": 44})


def _forbidden(situation: Situation) -> Iterator[Clue]:
    yield from situation.marked({"ssh-forbidden": 90})


def _streamlocal(situation: Situation) -> Iterator[Clue]:
    if situation.error.name in (
        "",
        "ECONNRESET",
        "ECONNREFUSED",
        "EACCES",
        "ERR_CONNECTION_CLOSED",
    ):
        yield from situation.marked({"ssh-streamlocal": 80})


def _gateway_ports(situation: Situation) -> Iterator[Clue]:
    if not situation.has("ssh-remote-forward"):
        return
    yield from situation.marked({"ssh-remote-forward": 40})
    for one in situation.classification.endpoints:
        if (
            one.host
            and one.host.loopback
            and one.role in (None, "listener")
            and _is_row(situation, one)
        ):
            yield Clue(50, because_of(one, "the forward listens only on loopback"))
            return


def _is_row(situation: Situation, endpoint: Endpoint) -> bool:
    low = situation.low
    first = low.rfind("\n", 0, endpoint.span[0]) + 1
    last = low.find("\n", endpoint.span[1])
    return "listen" in low[first : len(low) if last < 0 else last]


def _proxy(situation: Situation) -> Iterator[Clue]:
    role = situation.endpoint.role if situation.endpoint else None
    if role == "proxy":
        yield Clue(70, situation.at_endpoint("the text names this address as the proxy"))
    name = situation.error.name
    failed = name or situation.words(r"cannot|could not|unable|fail|abort|refus|timed out", "")
    if failed:
        yield from situation.marked({"proxy": 76 if name in (*REFUSED, *SILENT) or role else 66})
    yield from situation.marked({"proxy-answered": 95})
    if name in _PROXY_ERRORS:
        yield Clue(90, situation.at_error("the client used a proxy"))
    if name not in (*REFUSED, *SILENT) or situation.has("proxy"):
        return
    wanted = _wanted(situation) or _requested(situation)
    told = situation.is_loopback or situation.client in ("git", "node", "curl", "python", "go")
    if wanted is not None and told and _port(wanted) != situation.port:
        says = "the client wanted this host, so the address that refused is a proxy"
        yield Clue(72, because_of(wanted, says))
    elif situation.port in _PROXY_PORTS and situation.is_loopback:
        yield Clue(14, situation.at_endpoint("a default port of proxies"))
    elif situation.client == "git" and not situation.is_loopback:
        yield Clue(
            30,
            situation.at_endpoint("in many networks git reaches the internet only through a proxy"),
        )


def _proxy_steps(situation: Situation) -> tuple[Fix, ...]:
    """Where the proxy itself cannot be reached, it is what is wrong; else go past it."""
    failed = (*REFUSED, *SILENT, "ERR_PROXY_CONNECTION_FAILED", "ERR_SOCKS_CONNECTION_FAILED")
    if situation.error.name in failed and not situation.has("proxy-answered"):
        return steps.unset_proxy(situation)
    return steps.no_proxy(situation)


def _wanted(situation: Situation) -> Endpoint | None:
    """A URL of another host on the error's own line, before the refused address.

    Before a usual port of proxies also on the line above.
    """
    own = situation.endpoint
    if own is None:
        return None
    low = situation.low
    first = low.rfind("\n", 0, own.span[0]) + 1
    if situation.port in _PROXY_PORTS:  # apt has the name a line above
        first = low.rfind("\n", 0, max(0, first - 1)) + 1
    for other in situation.others("target", None, "link"):
        host = other.host
        if (
            host is not None
            and other.scheme in ("http", "https")
            and not host.loopback
            and first <= other.span[0] < own.span[0]
            and (host.version or (host.kind == "name" and "." in host.text))
        ):
            return other
    return None


def _requested(situation: Situation) -> Endpoint | None:
    """The URL of the request, in the dump of an error or in the command above it.

    Its port is another than the refused one, so no name server led the client there.
    """
    own, low = situation.endpoint, situation.low
    if (
        own is None
        or servers.is_backing(situation)
        or re.search(r"\bproxy['\"]?: ?(?:false|null|none)\b", low)
    ):
        return None
    at = situation.error.span[0]
    for other in situation.others("target", None, "link"):
        host, first = other.host, other.span[0]
        if (
            other.scheme in ("http", "https")
            and host is not None
            and not host.loopback
            and host.kind != "wildcard"
            and abs(first - at) < _DUMP
            and _port(other) != situation.port
            and _ASKED.search(low[max(0, first - _KEY) : first])
            and not _error_between(situation, first)
        ):
            return other
    return None


def _error_between(situation: Situation, place: int) -> bool:
    """Whether an error of another endpoint is between the error and a place of the text."""
    low, high = sorted((situation.error.span[0], place))
    own = situation.error.endpoint
    return any(
        low < one.span[0] < high and one.endpoint not in (None, own)
        for one in situation.classification.errors
    )


def _port(endpoint: Endpoint) -> int | None:
    return endpoint.port.number if endpoint.port else None


def _hot_reload(situation: Situation) -> Iterator[Clue]:
    told = situation.words(r"\bhmr\b|websocket|connection lost|sockjs|ng-cli-ws", "")
    yield from situation.marked({"hot-reload": 60 if told else 8})
    if situation.has("hot-reload"):
        yield from situation.marked({"websocket": 30})


def _advertised(situation: Situation) -> Iterator[Clue]:
    if not situation.has("kafka-bootstrap"):
        yield from situation.marked({"kafka-node": 85})
    if situation.port in (9092, 9093, 29092, 9094) and situation.is_loopback:
        yield Clue(16, situation.at_endpoint("Kafka's port: a broker gives its clients an address"))


def _systemd_socket(situation: Situation) -> Iterator[Clue]:
    yield from situation.marked({"systemd-socket": 74})


def _kubeconfig(situation: Situation) -> Iterator[Clue]:
    if not situation.is_loopback or situation.port not in (8080, 80):
        return
    yield from situation.marked({"kubectl": 85, "kubernetes-fallback": 85})


def _is_socket(situation: Situation) -> Iterator[Clue]:
    low = situation.low
    if "mysql" in low or "mariadb" in low or "2002" in low:
        yield from situation.marked({"unix-socket": 85})


def _profile_open(situation: Situation) -> Iterator[Clue]:
    if not situation.may_be_loopback:
        return
    if situation.port is not None and 9220 <= situation.port <= 9224:
        yield Clue(56, situation.at_endpoint("Chrome's debug port by default"))
        yield from situation.marked({"devtools-client": 20})
    elif situation.error.name in REFUSED:
        yield from situation.marked({"devtools-client": 36})


def _antivirus(situation: Situation) -> Iterator[Clue]:
    sure = "err_proxy_cert" in situation.low
    if sure or (
        situation.has("security-program") and not situation.is_excluded("security-program")
    ):
        yield from situation.marked({"security-program": 80 if sure else 56})


RULES: tuple[Rule, ...] = (
    Rule(
        key="target-behind-forward-refused",
        says="The forward works, but the server at its far end refused the connection.",
        page="uses/tunnels/#when-a-forward-fails",
        steps=steps.far_end,
        look=_far_end,
        finding="C314",
        confirmed_by=("C314",),
    ),
    Rule(
        key="ssh-forwarding-forbidden",
        says="The SSH server does not allow this forward.",
        page="uses/tunnels/#when-a-forward-fails",
        steps=steps.allow_forwarding,
        look=_forbidden,
    ),
    Rule(
        key="ssh-socket-forwarding",
        says="VS Code forwards a Unix socket, which this SSH server does not allow.",
        page="uses/tunnels/#remote-ssh",
        steps=steps.socket_forwarding,
        look=_streamlocal,
    ),
    Rule(
        key="gatewayports",
        says="The SSH server makes ssh -R listen only on the server's loopback address.",
        page="uses/tunnels/#ssh-r-my-service-on-their-loopback",
        steps=steps.gateway_ports,
        look=_gateway_ports,
        finding="E501",
        confirmed_by=("E501",),
    ),
    Rule(
        key="proxy-env",
        says="The request goes to a proxy instead of the server.",
        page="troubleshooting/proxies/",
        steps=_proxy_steps,
        look=_proxy,
    ),
    Rule(
        key="hmr-client-port",
        says="The page's hot-reload client uses the port inside the container or behind the proxy.",
        page="uses/web/#hot-reload-fails-behind-the-proxy",
        steps=steps.client_port,
        look=_hot_reload,
        errors=(
            *REFUSED,
            *SILENT,
            "ERR_CONNECTION_CLOSED",
            "ECONNRESET",
            "ERR_SSL_PROTOCOL_ERROR",
            "ERR_WEBSOCKET_HANDSHAKE",
            "ERR_FAILED",
            "",
        ),
    ),
    Rule(
        key="advertised-listener",
        says="The broker gives the client an address that leads back to the client itself.",
        page="uses/containers/#advertised-listeners",
        steps=steps.advertise,
        errors=(*REFUSED, *SILENT, ""),
        look=_advertised,
    ),
    Rule(
        key="systemd-socket-activation",
        says="systemd opens the port for the service, whose own port setting is ignored.",
        page="uses/services/#a-socket-of-systemd",
        steps=steps.socket_unit,
        look=_systemd_socket,
        errors=(*REFUSED, "EADDRINUSE", "ETIMEDOUT"),
    ),
    Rule(
        key="kubeconfig-missing",
        says="kubectl has no configuration, so it connected to {at}.",
        page="troubleshooting/kubectl/",
        steps=steps.kubeconfig,
        errors=(*REFUSED, ""),
        operations=CONNECT,
        look=_kubeconfig,
    ),
    Rule(
        key="mysql-localhost-is-socket",
        says="MySQL clients use a socket file for localhost, and that file does not exist.",
        page="uses/databases/#what-localhost-means-to-each-client",
        steps=steps.by_tcp,
        look=_is_socket,
        confirmed_by=("C325",),
        ruled_out_by=("C322", "C323", "C324", "C327"),
    ),
    Rule(
        key="devtools-profile-already-open",
        says="Chrome was already running with this profile, so it did not open the debug port.",
        page="uses/debuggers/#chrome-was-already-open",
        steps=steps.close_chrome,
        errors=(*REFUSED, "ETIMEDOUT"),
        operations=CONNECT,
        look=_profile_open,
        finding="C302",
        ruled_out_by=("C301",),
    ),
    Rule(
        key="antivirus",
        says="A security program intercepts the connection.",
        page="troubleshooting/permission/#security-programs",
        steps=steps.exclude_scanning,
        look=_antivirus,
    ),
)
