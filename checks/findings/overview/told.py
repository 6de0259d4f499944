"""Command lines and configuration in words: what will listen where, and who can reach it.

Sources: as of :mod:`checks.text.settings`; Docker manual, "Packet filtering and firewalls"
(ufw), "Port publishing and mapping" (127.0.0.1 before Engine 28); ssh(1), sshd_config(5),
GatewayPorts; JDK 9 release notes, JDK-8041435.
"""

from __future__ import annotations

from checks.findings.overview import phrases
from checks.findings.overview.phrases import ANY, HOST, NETWORK
from checks.model import words
from checks.rules.places import place
from checks.rules.protocols import PROTOCOLS
from checks.text.authority import all_digits
from checks.text.settings.record import CONTAINER, EVERY, LOCALHOST

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from checks.text.settings import Setting

_CODE = frozenset(("debugger", "jdwp", "node-inspector", "jmx"))
"""Who can connect can run code."""
_SERVERS = frozenset(
    ("server", "django", "flask", "notebook", "database", "model", "nginx", "apache", "haproxy",
     "systemd-socket", "sshd", "browser", *_CODE)
)  # fmt: skip
_OTHERS = "Other machines can connect unless a firewall stops them."


def sentences(settings: Sequence[Setting]) -> list[str]:
    """Return what the settings of a text say, in at most two sentences.

    Arguments:
        settings: in the order of the text.
    """
    groups: dict[str, list[Setting]] = {}
    for one in settings:
        groups.setdefault(one.key, []).append(one)
    told = [_group(alike) for alike in groups.values()]
    if not told:
        return []
    return told[0][:2] if len(told) == 1 else [parts[0] for parts in told[:2]]


def reach(setting: Setting) -> str | None:
    """Who can reach it: ``host``, ``network`` or ``any``; None where the text does not tell."""
    if setting.address == EVERY:
        return ANY
    if setting.address == LOCALHOST:
        return HOST
    spot = place(setting.address)
    if not spot.version:
        return None
    if spot.loopback:
        return HOST
    return ANY if spot.unspecified else NETWORK


def is_open(setting: Setting) -> bool:
    """Whether other machines can reach it, firewalls apart."""
    return reach(setting) in (ANY, NETWORK)


def where(setting: Setting) -> str:
    """``127.0.0.1:8080``, ``port 8080 of every address``, ``a port that is picked``."""
    port = "" if setting.port is None else str(setting.port)
    if setting.address == EVERY:
        return f"port {port} of every address" if port else "every address"
    if not setting.address:
        return f"port {port}"
    return words.at(setting.address, port) if port else setting.address


def _group(alike: Sequence[Setting]) -> list[str]:
    """What settings of one kind say together."""
    first = alike[0]
    if first.key == "docker-publish":
        return _published(alike)
    if len(alike) > 1 and first.key in _SERVERS:
        return _several(alike)
    if len(alike) > 1 and first.key == "ssh-local":
        return _ssh_locals(alike)
    return _ONE.get(first.key, _server)(first)


def _several(alike: Sequence[Setting]) -> list[str]:
    """Several lines of one program's configuration."""
    tool = alike[0].tool
    opened = [where(one) for one in alike if is_open(one)]
    kept = [where(one) for one in alike if reach(one) == HOST]
    if not opened:
        return [phrases.fitting(kept, lambda said: _upper(f"{tool} will listen on {said}."))]
    told = [
        phrases.fitting(
            opened, lambda said: _upper(f"{tool} will listen for other machines on {said}.")
        )
    ]
    if kept:
        told.append(phrases.fitting(kept, lambda said: f"Only this machine can reach {said}."))
    return told


def _server(one: Setting) -> list[str]:
    """A program that listens by itself."""
    head = f"{_upper(one.tool)} will listen on {where(one)}"
    if one.at == CONTAINER:
        return _inside(one, head)
    if reach(one) == HOST:
        return [f"{head}, for this machine only.", *_local(one)]
    if not is_open(one):
        return [f"{head}."]
    warning = _warning(one)
    if warning:
        return [f"{head}, so other machines can connect.", warning]
    return [f"{head}.", _OTHERS]


def _inside(one: Setting, head: str) -> list[str]:
    """In a container loopback is the container's own, and 0.0.0.0 is what a port needs."""
    if reach(one) == HOST:
        return [
            f"{head} in the container, where no published port reaches it.",
            "Make it listen on 0.0.0.0 there, and publish the port on 127.0.0.1.",
        ]
    return [
        f"{head} of the container, as a published port needs it.",
        "Who can connect depends on how the port is published.",
    ]


def _upper(text: str) -> str:
    return text[0].upper() + text[1:] if text.startswith("the ") else text


def _local(one: Setting) -> list[str]:
    if one.key in _CODE:
        return ["Every program on this machine can connect, and can run code through it."]
    if one.key == "browser":
        return ["Every program on this machine can then control the browser and read its cookies."]
    return []


def _warning(one: Setting) -> str:
    """What is at stake where it is open; "" where nothing particular is."""
    keep = f"127.0.0.1:{one.port}" if one.port else "127.0.0.1"
    if one.key in _CODE:
        return f"Warning: anyone who can connect can run code, so use {keep} instead."
    if one.key == "browser":
        return "Warning: anyone who can connect can control the browser and read its cookies."
    if one.key == "model":
        return f"Warning: {one.tool} asks for no password, so anyone who can connect can use it."
    if one.key == "notebook":
        return "Warning: a notebook runs code, so keep its token or password."
    if one.key == "flask" and one.name == "debug":
        return "Warning: with --debug, its debugger runs code for anyone who has the PIN."
    if one.key == "database":
        return _lock(one.port) or "Make sure that it asks for a password."
    return ""


def _lock(port: int | None) -> str:
    """How to make the service of a port ask for a password; "" where that is not known."""
    found = (one.lock for one in PROTOCOLS if one.lock and port in one.ports)
    return next(found, "")


def _jdwp(one: Setting) -> list[str]:
    if one.given:
        return _server(one)
    return [
        f"The JVM's debugger will listen on 127.0.0.1:{one.port} from JDK 9 on, and on every"
        " address before.",
        "Anyone who can connect can run code through it.",
    ]


def _jmx(one: Setting) -> list[str]:
    head = f"The JVM's JMX agent will listen on {where(one)}, so other machines can connect."
    if one.name == "open":
        return [head, "Warning: without a password, anyone who can connect can run code."]
    return [head, "Keep its password: anyone who logs in can run code."]


def _published(alike: Sequence[Setting]) -> list[str]:
    """Ports of containers: who can connect, and what firewalls do about it."""
    opened = [one for one in alike if is_open(one)]
    kept = [one for one in alike if not is_open(one)]
    if len(alike) == 1:
        return _publishes(alike[0])
    told = []
    if opened:
        items = [_published_at(one) for one in opened]
        told.append(
            phrases.fitting(
                items, lambda said: f"{_engine(opened[0])} opens to the network: {said}."
            )
        )
    if kept:
        items = [_published_at(one) for one in kept]
        told.append(phrases.fitting(items, lambda said: f"Only this machine can reach {said}."))
    if opened and not kept:
        told.append(_unlocked(opened) or _UFW)
    return told


_UFW = "On Linux, ufw does not stop ports that Docker publishes."


def _engine(one: Setting) -> str:
    tool = one.tool.partition(" ")[0]
    return {"docker": "Docker", "Compose": "Docker", "podman": "Podman"}.get(tool, tool)


def _published_at(one: Setting) -> str:
    return f"port {one.port}" if one.address == EVERY else where(one)


def _publishes(one: Setting) -> list[str]:
    engine, into = _engine(one), f"port {one.into} of the container"
    if one.port is None:
        on = "a port that it picks" if one.address == EVERY else f"a port of {one.address}"
        return [f"{engine} publishes {into} on {on}.", *([_OTHERS] if is_open(one) else [])]
    head = f"{engine} publishes {into} on {where(one)}"
    if not is_open(one):
        old = "Before Docker 28, machines on the same network segment could reach it too."
        return [f"{head}, for this machine only.", *([old] if engine == "Docker" else [])]
    beside = _unlocked([one]) or ("On Linux, ufw does not stop that." if engine == "Docker" else "")
    return [f"{head}: other machines can connect.", *filter(None, [beside])]


_DEBUG_PORTS = (5005, 5678, 9229)
"""Of the JVM, debugpy and Node.js: their manuals, and :mod:`checks.ports.uses`."""


def _unlocked(opened: Sequence[Setting]) -> str:
    """A warning where one of the services behind is a debugger, or may ask for no password."""
    for one in opened:
        if one.into in _DEBUG_PORTS:
            return (
                f"Warning: port {one.into} is a debugger's default, and anyone who can connect can"
                " run code."
            )
        for protocol in PROTOCOLS:
            if protocol.lock and one.into in protocol.ports:
                return f"Warning: {protocol.label} may ask for no password."
    return ""


def _exposed(one: Setting) -> list[str]:
    return [
        f"EXPOSE {one.port} only documents a port of the container: it publishes nothing.",
        f"To reach it from outside, start the container with -p {one.port}:{one.port}.",
    ]


def _far(one: Setting) -> str:
    return phrases.where(one.far) if one.far else "the other end"


def _ssh_local(one: Setting) -> list[str]:
    host = one.far.host if one.far else None
    there = "localhost there is the server itself" if host is not None and host.loopback else ""
    first = f"ssh will listen on {where(one)} and connect from the server to {_far(one)}."
    who = (
        "Other machines can use the tunnel too" if is_open(one) else "Only this machine can use it"
    )
    return [first, f"{who}, and {there}." if there else f"{who}."]


def _ssh_locals(alike: Sequence[Setting]) -> list[str]:
    """Several forwards of one command."""
    ways = [f"{where(one)} to {_far(one)}" for one in alike]
    opened = any(is_open(one) for one in alike)
    who = "Other machines can use them too." if opened else "Only this machine can use them."
    return [
        phrases.fitting(ways, lambda said: f"ssh will lead, through the server, {said}."),
        who,
    ]


def _ssh_remote(one: Setting) -> list[str]:
    first = (
        f"The ssh server will listen on port {one.port} and pass connections on to {_far(one)} of"
        " this machine."
    )
    if one.given and is_open(one):
        return [first, "For other machines to connect, its sshd_config needs GatewayPorts."]
    return [first, "Only the server itself can connect, unless its sshd_config has GatewayPorts."]


def _ssh_dynamic(one: Setting) -> list[str]:
    if is_open(one):
        return [
            f"ssh will offer a SOCKS proxy on {where(one)}.",
            "Warning: anyone who can connect can use the tunnel.",
        ]
    return [f"ssh will offer a SOCKS proxy on {where(one)}, for this machine only."]


def _kubectl(one: Setting) -> list[str]:
    at = where(one) if one.port else "a port that it picks"
    first = f"kubectl will listen on {at} and pass connections on to port {one.into} of {one.name}."
    who = "Other machines can connect too" if is_open(one) else "Only this machine can connect"
    return [first, f"{who}, as long as the command runs."]


def _passes_on(one: Setting) -> list[str]:
    name = {"portproxy": "Windows", "qemu": "QEMU", "adb-forward": "adb"}.get(one.key, one.tool)
    target = _far(one)
    if one.into is not None:
        target = f"port {one.into} of the {'device' if one.key == 'adb-forward' else 'guest'}"
    if one.far is None and one.into is None:
        return _server(one)
    first = f"{name} will listen on {where(one)} and pass connections on to {target}."
    return [first, _OTHERS if is_open(one) else "Only this machine can connect."]


def _adb_reverse(one: Setting) -> list[str]:
    return [
        f"The device will listen on its own 127.0.0.1:{one.port}, and adb passes connections on to"
        f" {_far(one)} of this machine.",
        "Every app on the device can connect.",
    ]


def _public(one: Setting) -> list[str]:
    what = f"port {one.name}" if all_digits(one.name) else one.name
    return [
        f"{one.tool} will make {what} of this machine public, under a name of its service.",
        "Anyone on the internet who has the name can connect: the program needs its own password.",
    ]


_ONE: dict[str, Callable[[Setting], list[str]]] = {
    "docker-expose": _exposed,
    "ssh-local": _ssh_local,
    "ssh-remote": _ssh_remote,
    "ssh-dynamic": _ssh_dynamic,
    "kubectl": _kubectl,
    "socat": _passes_on,
    "portproxy": _passes_on,
    "qemu": _passes_on,
    "adb-forward": _passes_on,
    "adb-reverse": _adb_reverse,
    "public": _public,
    "jdwp": _jdwp,
    "jmx": _jmx,
}
"""What is told of one setting; of all others as of a server."""
