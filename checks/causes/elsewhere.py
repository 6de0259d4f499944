"""Causes of a connection to localhost where localhost is another machine than the server's.

A container, WSL, a virtual machine, a phone and a far shell have a loopback of their own.
"""

from __future__ import annotations

import re

from checks.causes import announced, servers
from checks.causes.base import Clue, Rule
from checks.causes.connect import CONNECT, REFUSED, SILENT
from checks.causes.situation import because_of
from checks.causes.steps import elsewhere as steps
from checks.causes.steps.connect import other_machine

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from checks.causes.situation import Situation
    from checks.findings.base import Fix

ENDED = ("ECONNRESET", "ERR_EMPTY_RESPONSE", "ERR_CONNECTION_CLOSED", "PR_END_OF_FILE_ERROR")
"""Errors of a connection that came about and was ended at once."""

_TLS = (443, 6443, 8443, 9200)
"""Ports whose servers speak TLS, and end what is not."""

_CONTAINER = {
    "compose": 62, "pid-1": 55, "container-host": 50, "container-shell": 50, "alpine": 50,
    "docker-build": 58,
    "nginx-worker": 40, "container-path": 40, "ci-container": 36,
    "gateway-client": 30, "docker-exec": 30, "image-python": 24, "docker-word": 14, "pod": 24,
}  # fmt: skip
"""Marks of a client in a container, and what each is worth."""

_OUTSIDE = ("browser", "kubectl", "git", "redis-cli", "ssh")
"""Clients that people run on the host."""


def _in_container(situation: Situation) -> Iterator[Clue]:
    if not situation.may_be_loopback:
        return
    yield Clue(12, situation.at_endpoint("in a container, this means the container itself"))
    if situation.error.name == "EADDRNOTAVAIL":
        if not situation.is_loopback or situation.address.startswith("127."):
            return
        yield Clue(
            50,
            situation.at_endpoint(
                "localhost as ::1, which containers before Docker Engine 26.0 often lack"
            ),
        )
    elif situation.named("EADDRNOTAVAIL") or _no_v6(situation):
        yield Clue(
            60,
            situation.words(*_NO_V6)
            or situation.at_error("the loopback interface here has no ::1"),
        )
    yield from situation.marked(_CONTAINER)
    if not situation.has("compose"):
        yield from situation.marked({"compose-name": 30})
    if servers.is_backing(situation) and situation.client not in _OUTSIDE:
        yield Clue(9, situation.at_endpoint("such a server often runs in another container"))
    yield from _runs_here(situation)
    yield from situation.marked({"kafka-bootstrap": 40})
    if situation.client in _OUTSIDE or _publishes(situation):
        yield Clue(-45)
    elif situation.has("docker-run"):
        yield from situation.marked({"docker-run": 48})


def _runs_here(situation: Situation) -> Iterator[Clue]:
    """Where the text has a listener that the client should have met, the client is elsewhere."""
    listener = announced.listens(situation)
    if listener is None or situation.error.name not in REFUSED:
        return
    version = 6 if situation.address == "::1" else 4
    if announced.takes(listener, version):
        says = "the server listens on this port, so the client may run elsewhere"
        yield Clue(12, because_of(listener, says))


_NO_V6 = (
    r"::1[^\n]{0,80}(?:cannot assign requested address|address not available)"
    r"|(?:cannot assign requested address|address not available)[^\n]{0,12}\n[^\n]{0,80}::1",
    "no ::1 here, as in containers before Docker Engine 26.0",
)


def _no_v6(situation: Situation) -> bool:
    return "::1" in situation.low and situation.words(*_NO_V6) is not None


def _publishes(situation: Situation) -> bool:
    """Whether the text publishes the very port: then the server is in the container."""
    port = situation.port
    return port is not None and any(
        port in (outer, inner) for outer, inner, _ in announced.published(situation)
    )


def _in_pod(situation: Situation) -> bool:
    return situation.has("pod") and not situation.has("compose")


def _container_steps(situation: Situation) -> tuple[Fix, ...]:
    return steps.in_pod(situation) if _in_pod(situation) else steps.name_the_service(situation)


def _own_loopback(situation: Situation) -> Iterator[Clue]:
    ended = situation.error.name in ENDED
    if not situation.may_be_loopback:
        return
    if ended:
        yield Clue(
            24, situation.at_error("a relay accepts a connection and ends it at once like this")
        )
    known = ended or situation.port is not None or situation.has("browser")
    for outer, inner, because in announced.published(situation) if known else ():
        asked = (outer, inner, None) if ended else (outer, inner)
        if situation.port in asked or situation.has("browser"):
            worth = 44 if situation.port in _TLS else 58
            yield Clue(worth if ended else 30, because)
            break
    if ended:
        yield from situation.marked({"docker-word": 25, "docker-run": 15, "docker-exec": 10})
    if situation.error.name not in REFUSED:
        yield from situation.marked({"jdwp": 34})


def _other_loopback(situation: Situation) -> Iterator[Clue]:
    """The program of another container or of a pod, asked by its own address."""
    if situation.error.name not in REFUSED or situation.may_be_loopback:
        return
    if situation.is_private and situation.has("pod"):
        yield Clue(44, situation.at_endpoint("the pod refused, as when its program listens on"
                                             " 127.0.0.1"))  # fmt: skip
    elif servers.may_be_container(situation):
        yield Clue(22, situation.at_endpoint("the name or address is a container's, which refused"))


def _in_container_only(situation: Situation) -> Iterator[Clue]:
    yield from _own_loopback(situation)
    yield from _other_loopback(situation)


def _unpublished(situation: Situation) -> Iterator[Clue]:
    if not situation.may_be_loopback:
        return
    hidden = announced.exposed(situation)
    if hidden:
        yield Clue(60, hidden)
    if situation.has("docker-run") and not any(announced.published(situation)):
        outside = situation.client in (*_OUTSIDE, "curl") or situation.has("browser")
        host_network = re.search(r"--net(?:work)?[ =]host", situation.low)
        if outside and not host_network:
            yield from situation.marked({"docker-run": 66})
        elif not host_network:
            yield from situation.marked({"docker-run": 20})


def _toolbox(situation: Situation) -> Iterator[Clue]:
    if not situation.may_be_loopback:
        return
    yield from situation.marked({"toolbox": 68})
    if situation.error.name in REFUSED and situation.is_loopback:
        for outer, _, because in announced.published(situation):
            if outer == situation.port and "->" in because.text:
                yield Clue(24, because)
                break


def _host_only(situation: Situation) -> Iterator[Clue]:
    silent = situation.error.name in SILENT
    if situation.name_kind == "host-alias":
        says = "this name means the host of the container, and it was resolved"
        yield Clue(44 if silent else 80, situation.at_endpoint(says))
    elif situation.is_bridge and situation.address.endswith(".1"):
        says = "the host's address on Docker's bridge"
        yield Clue(34 if silent else 62, situation.at_endpoint(says))
    elif situation.error.endpoint is not None and not situation.is_loopback:
        return
    elif situation.words(r"host\.(?:docker|containers|minikube)\.internal", ""):
        told = situation.words(
            r"host\.(?:docker|containers|minikube)\.internal(?::\d{1,5})?",
            "the client connects to the host of its container",
        )
        yield Clue(66, told)


def _phone(situation: Situation) -> Iterator[Clue]:
    if not situation.may_be_loopback and not situation.has("dart"):
        return
    if situation.has("dart"):
        desktop = situation.system in ("windows", "macos")
        yield from situation.marked({"dart": 30 if desktop else 76})
    if not situation.may_be_loopback:
        return
    yield from situation.marked({"android": 70, "react-native": 56})
    if not situation.has("android"):
        yield from situation.marked({"okhttp": 46})
    yield from situation.marked({"ios": 36})


_ON_WINDOWS = (
    r"\bfrom (?:my |the )?windows\b|\b(?:in|on) (?:my |the )?windows(?: host| side| 1[01])?,? i"
    r" (?:get|see|run|open|try|have)\b|\bwindows (?:host|side|browser)\b"
    r"|\b(?:run(?:s|ning)?|open(?:s|ed|ing)?|start(?:s|ed|ing)?|us(?:es?|ed|ing))"
    r" [^\n.]{2,40} (?:in|on) windows\b",
    "the client runs on Windows, outside of WSL",
)


def _wsl_browser(situation: Situation) -> Iterator[Clue]:
    if not situation.may_be_loopback:
        return
    browser = situation.has("browser")
    if situation.has("wsl"):
        outside = situation.words(*_ON_WINDOWS)
        yield from situation.marked({"wsl": 66 if browser or outside else 28})
        if outside:
            yield Clue(8, outside)
    elif browser:
        path = situation.words(r"/[\w/.-]{0,40}callback\b", "a login that returns to this machine")
        if path:
            yield Clue(30, path)
        yield Clue(9)


def _wsl_client(situation: Situation) -> Iterator[Clue]:
    if situation.may_be_loopback:
        outside = situation.has("browser") or situation.words(*_ON_WINDOWS)
        yield from situation.marked({"wsl": 34 if outside else 68})


def _other_machine(situation: Situation) -> Iterator[Clue]:
    if not situation.may_be_loopback:
        return
    yield Clue(10, situation.at_endpoint("this means the machine where the client runs"))
    yield from _runs_here(situation)
    browser = situation.has("browser")
    yield from situation.marked({"notebook": 44, "virtual-machine": 24})
    yield from situation.marked({"remote-shell": 46 if browser else 22})
    for other in situation.others("origin"):
        host = other.host
        if host is not None and not host.loopback:
            yield Clue(40, situation.at_endpoint("the page came from another machine"))
            break


RULES: tuple[Rule, ...] = (
    Rule(
        key="client-in-container",
        says="The client runs in a container, where localhost means that container.",
        page="uses/containers/#localhost-inside-a-container",
        steps=_container_steps,
        errors=(*REFUSED, "EADDRNOTAVAIL"),
        operations=CONNECT,
        look=_in_container,
    ),
    Rule(
        key="bound-to-loopback-in-container",
        says="The program in the container listens only on the container's 127.0.0.1.",
        page="uses/containers/#from-the-host-to-the-container",
        steps=steps.listen_in_container,
        errors=(*REFUSED, *ENDED, "ERR_SSL_PROTOCOL_ERROR", ""),
        operations=CONNECT,
        look=_in_container_only,
        finding="C314",
        confirmed_by=("C314",),
        ruled_out_by=("C302",),
    ),
    Rule(
        key="port-not-published",
        says="The container's port is not published on this machine.",
        page="uses/containers/#publish-a-port",
        steps=steps.publish,
        errors=REFUSED,
        operations=CONNECT,
        look=_unpublished,
        finding="C302",
        ruled_out_by=("C301", "C314"),
    ),
    Rule(
        key="docker-toolbox-vm",
        says="The port is published on Docker's virtual machine, not on localhost.",
        page="uses/containers/#docker-toolbox",
        steps=steps.machine_ip,
        errors=(*REFUSED, "ETIMEDOUT"),
        operations=CONNECT,
        look=_toolbox,
        ruled_out_by=("C301",),
    ),
    Rule(
        key="host-service-loopback-only",
        says="{server} listens only on the host's 127.0.0.1, which Linux containers cannot reach.",
        page="uses/containers/#from-the-container-to-the-host",
        steps=steps.host_listens,
        errors=(*REFUSED, *SILENT),
        operations=CONNECT,
        look=_host_only,
        finding="E501",
        confirmed_by=("E501",),
        ruled_out_by=("E502",),
    ),
    Rule(
        key="emulator-localhost",
        says="The client runs on a phone or emulator, where localhost means that device.",
        page="uses/devices/#localhost-on-the-device",
        steps=steps.in_emulator,
        errors=(*REFUSED, "ETIMEDOUT", ""),
        operations=CONNECT,
        look=_phone,
    ),
    Rule(
        key="wsl-localhost-forwarding",
        says="Windows does not forward localhost to the server in WSL 2.",
        page="uses/wsl/#windows-cannot-reach-a-server-in-wsl",
        steps=steps.forward_from_windows,
        errors=(*REFUSED, "ETIMEDOUT"),
        operations=CONNECT,
        look=_wsl_browser,
        ruled_out_by=("C301",),
    ),
    Rule(
        key="wsl-host-is-other-machine",
        says="The client runs in WSL 2, where localhost means Linux, not Windows.",
        page="uses/wsl/#wsl-cannot-reach-a-server-on-windows",
        steps=steps.ask_windows,
        errors=(*REFUSED, "ETIMEDOUT"),
        operations=CONNECT,
        look=_wsl_client,
        ruled_out_by=("C301",),
    ),
    Rule(
        key="server-on-other-machine",
        says="{server} runs on another machine, and 127.0.0.1 always means the client's own.",
        page="troubleshooting/elsewhere/#localhost-is-another-machine",
        steps=other_machine,
        errors=REFUSED,
        operations=CONNECT,
        look=_other_machine,
        ruled_out_by=("C301",),
    ),
    Rule(
        key="debugger-client-in-container",
        says="Xdebug in the container looks for the IDE at the wrong address.",
        page="uses/debuggers/#a-program-in-a-container-or-on-a-server",
        steps=steps.xdebug_host,
        marks={"xdebug": 100},
    ),
)
