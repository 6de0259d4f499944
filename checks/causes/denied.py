"""Causes of a port that the system did not give: not allowed, reserved, not this machine's."""

from __future__ import annotations

from checks.causes.base import Clue, Rule
from checks.causes.bind import BIND, WEB_PORTS, binds
from checks.causes.steps import bind as steps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from checks.causes.situation import Situation

_WINDOWS_PORTS = frozenset((80, 135, 139, 443, 445, 808, 2869, 3389, 5040, 5357, 5985, 8172, 47001))
"""Ports of Windows itself: "Service overview and network port requirements for Windows"."""
_IN_USE = "EADDRINUSE"
_DENIED = ("EACCES", "EPERM")
_NO_ADDRESS = ("EADDRNOTAVAIL", "EAFNOSUPPORT")
_FIRST_UNPRIVILEGED = 1024


def _docker_host(situation: Situation) -> Iterator[Clue]:
    """Docker Desktop's failure without a reason: whose port it is tells the rest."""
    if not situation.has("docker-expose"):
        return
    if situation.asked_port in _WINDOWS_PORTS and situation.system in (None, "windows"):
        yield from situation.marked({"docker-expose": 100})


def _may_bind(situation: Situation) -> bool:
    """Whether a denial with nothing else to tell may be one of a port."""
    error = situation.error
    return error.operation is None and situation.endpoint is None and "connect" not in situation.low


def _excluded(situation: Situation) -> Iterator[Clue]:
    port = situation.asked_port
    bare = _may_bind(situation) and not binds(situation)
    if bare and situation.system not in ("linux", "macos"):
        yield Clue(10)
    if not binds(situation) or situation.system in ("linux", "macos") or _is_low(port):
        return
    if situation.has("web-server") and situation.system != "windows":
        return
    says = "Windows denies a port above 1023 if it is in a reserved range"
    sure = 85 if port else 40 if situation.system == "windows" else 10
    yield Clue(sure, situation.at_error(says))


def _is_low(port: int | None) -> bool:
    return port is not None and 0 < port < _FIRST_UNPRIVILEGED


def _privileged(situation: Situation) -> Iterator[Clue]:
    if _may_bind(situation) and situation.system != "windows":
        yield Clue(12)
    if not binds(situation) or situation.system == "windows":
        return
    if _is_low(situation.asked_port):
        sure = 70 if situation.error.name in _DENIED else 48
        yield Clue(sure, situation.at_endpoint("a port below 1024"))
    elif situation.error.name not in _DENIED:
        return
    elif not situation.asked_port:
        yield Clue(20, situation.at_error("the system denied a port"))


def _windows_service(situation: Situation) -> Iterator[Clue]:
    name, port = situation.error.name, situation.asked_port
    if name not in (*_DENIED, _IN_USE) or not binds(situation):
        return
    if situation.system == "windows":
        yield from _on_windows(situation, name, port)
    elif port in WEB_PORTS and situation.system is None and name == "EACCES":
        yield Clue(
            60 if situation.has("wsl") else 12,
            situation.at_endpoint("the port of IIS, the web server of Windows"),
        )


def _on_windows(situation: Situation, name: str, port: int | None) -> Iterator[Clue]:
    if name == "EACCES" and _is_low(port):
        yield Clue(85, situation.at_error("Windows prints this about a port that a service uses"))
    elif port in _WINDOWS_PORTS:
        yield Clue(60, situation.at_endpoint("a port that a Windows service opens"))


def _exclusive(situation: Situation) -> Iterator[Clue]:
    """Another program's exclusive socket gives 10013 as well."""
    if binds(situation) and situation.system == "windows" and not _is_low(situation.asked_port):
        yield Clue(12)


def _selinux_port(situation: Situation) -> Iterator[Clue]:
    port = situation.asked_port
    if not binds(situation) or not port or _is_low(port) or situation.system == "windows":
        return
    if situation.has("web-server"):
        yield from situation.marked({"web-server": 70})


def _sandbox(situation: Situation) -> Iterator[Clue]:
    if situation.error.name == "EPERM" and binds(situation):
        yield Clue(50, situation.at_error("the system denied the socket itself, not the port"))
    elif situation.error.operation == "socket" and situation.error.name in _DENIED:
        yield Clue(60, situation.at_error("the system denied the socket itself, not the port"))
    if situation.has("sandbox") and situation.error.name in _DENIED:
        yield from situation.marked({"sandbox": 60})


def _no_ipv6(situation: Situation) -> Iterator[Clue]:
    points = _ipv6_points(situation)
    if not binds(situation):  # a message without an operation may be of either
        may_be = not situation.error.operation and "connect" not in situation.low
        points = points // 2 if may_be else 0
    if points:
        says = "this machine does not have this IPv6 address, or has no IPv6"
        yield Clue(points, situation.at_error(says))


def _ipv6_points(situation: Situation) -> int:
    """How much an error and its address speak for a machine without IPv6."""
    if situation.error.name not in _NO_ADDRESS:
        return 0
    if situation.error.name == "EAFNOSUPPORT" or situation.address in ("::1", "::"):
        return 85
    if not situation.host and situation.client == "java":
        return 20  # a JVM that is told no address listens on all, which no address forbids
    return 60 if situation.host.lower() in ("", "localhost") else 0


def _not_local(situation: Situation) -> Iterator[Clue]:
    if not binds(situation):
        return
    if not situation.host:
        java = situation.client == "java"
        says = "a program without an address in its settings listens on all of them"
        yield Clue(60, situation.at_error(says)) if java else Clue(30)
    elif not situation.is_loopback and situation.address not in ("::", "0.0.0.0"):
        yield Clue(85, situation.at_endpoint("the program's settings have this listen address"))
    elif situation.address.startswith("127.") and situation.address != "127.0.0.1":
        yield Clue(
            70, situation.at_endpoint("macOS has only 127.0.0.1 until you add other addresses")
        )


def _descriptors(situation: Situation) -> Iterator[Clue]:
    whole = situation.error.name == "ENFILE"
    says = (
        "the whole machine has reached its limit of open files"
        if whole
        else "the program has reached its limit of open files"
    )
    yield Clue(80, situation.at_error(says))


_PAGE = "troubleshooting/in-use/"
_PERMISSION = "troubleshooting/permission/"

RULES: tuple[Rule, ...] = (
    Rule(
        key="winnat-excluded-range",
        says="Windows reserves a range of ports that includes this one.",
        page=f"{_PERMISSION}#windows-10013",
        steps=steps.excluded_range,
        errors=("EACCES",),
        operations=BIND,
        look=_excluded,
        finding="B407",
        confirmed_by=("B407",),
        ruled_out_by=("B401", "B402"),
    ),
    Rule(
        key="exclusive-listener",
        says="Another program uses the port exclusively.",
        page=f"{_PERMISSION}#windows-10013",
        steps=steps.other_service,
        errors=("EACCES",),
        operations=BIND,
        look=_exclusive,
        finding="B402",
    ),
    Rule(
        key="privileged-port",
        says="The program does not have the privilege to listen on a port below 1024.",
        page=f"{_PERMISSION}#which-ports-need-a-privilege",
        steps=steps.privilege,
        errors=(*_DENIED, "ERR_LISTEN_FAILED"),
        operations=BIND,
        look=_privileged,
        finding="B405",
        confirmed_by=("B405",),
        ruled_out_by=("B401",),
    ),
    Rule(
        key="port-taken-by-windows-service",
        says="A Windows service uses the port, most often HTTP.sys for IIS.",
        page=f"{_PERMISSION}#windows-10013",
        steps=steps.windows_service,
        operations=BIND,
        marks={"http-sys": 90},
        look=lambda situation: (*_windows_service(situation), *_docker_host(situation)),
    ),
    Rule(
        key="http-sys-url-reservation",
        says="Windows allows only administrators to serve this URL until you reserve it.",
        page=f"{_PERMISSION}#windows-url-reservation",
        steps=steps.url_reservation,
        marks={"http-sys-acl": 100},
    ),
    Rule(
        key="descriptor-limit",
        says="The program has reached its limit of open files and sockets.",
        page="troubleshooting/intermittent/#too-many-open-files",
        steps=steps.descriptors,
        errors=("EMFILE", "ENFILE"),
        look=_descriptors,
    ),
    Rule(
        key="docker-socket-permission",
        says="Your user does not have permission to use Docker's socket.",
        page="uses/containers/#permission-for-dockers-socket",
        steps=steps.docker_group,
        marks={"docker-socket-denied": 100},
        confirmed_by=("C324",),
        ruled_out_by=("C322", "C323", "C325"),
    ),
    Rule(
        key="selinux-port",
        says="SELinux does not allow this server to use the port.",
        page=f"{_PERMISSION}#linux",
        steps=steps.selinux_port,
        errors=("EACCES",),
        operations=BIND,
        look=_selinux_port,
        finding="B405",
    ),
    Rule(
        key="sandbox",
        says="A sandbox prevents the program from opening sockets.",
        page=f"{_PERMISSION}#a-sandbox",
        steps=steps.sandbox,
        errors=_DENIED,
        look=_sandbox,
        finding="C306",
    ),
    Rule(
        key="runtime-permission",
        says="The runtime was started without permission to use the network.",
        page=f"{_PERMISSION}#a-sandbox",
        steps=steps.runtime_permission,
        marks={"deno-net": 90},
    ),
    Rule(
        key="bind-address-not-local",
        says="The program's listen address is not an address of this machine.",
        page=f"{_PAGE}#cannot-assign-requested-address",
        steps=steps.own_address,
        errors=("EADDRNOTAVAIL",),
        operations=BIND,
        look=_not_local,
        finding="B406",
        confirmed_by=("B406",),
        ruled_out_by=("B401", "B402"),
    ),
    Rule(
        key="ipv6-disabled",
        says="IPv6 is disabled on this machine or in this container.",
        page="loopback/ipv6/#when-1-is-missing",
        steps=steps.ipv4_only,
        errors=(*_NO_ADDRESS, ""),
        operations=BIND,
        marks={"chromedriver-bind": 80, "no-ipv6-socket": 80},
        look=_no_ipv6,
        finding="B406",
    ),
)
