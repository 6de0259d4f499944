"""What passes connections on: ssh, kubectl port-forward, socat, nc, netsh, adb, QEMU.

Sources: ssh(1), -D, -L, -R, -g; ssh_config(5), LocalForward, RemoteForward, DynamicForward,
GatewayPorts; kubectl reference, "port-forward"; socat(1), TCP-LISTEN; nc(1); Windows, "Netsh
interface portproxy commands"; adb's help, "forward", "reverse"; QEMU, hostfwd.
"""

from __future__ import annotations

import re

from checks.text.authority import all_digits
from checks.text.settings.record import (
    DEVICE,
    EVERY,
    INTERNET,
    LOCALHOST,
    LOOPBACK,
    SERVER,
    Setting,
)
from checks.text.settings.words import REST, Word, host_and_port, together, value, words
from checks.text.tables import cells

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from checks.text.endpoint import Endpoint


_NAME = r"\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9_.*-]{1,253}"
_WAYS = {"L": "ssh-local", "R": "ssh-remote"}
_FORWARD = re.compile(
    rf"(?<![\w-])-[A-Za-z0-9]{{0,8}}(?P<way>[LR])\s?(?P<near>(?:(?P<bind>{_NAME}|(?=:)):)?"
    rf"(?P<port>\d{{1,5}})):(?P<far>(?P<host>{_NAME}):(?P<far_port>\d{{1,5}}))(?![\w.:])",
    re.ASCII,
)
"""ssh(1), -L and -R ``[bind_address:]port:host:hostport``."""
_DYNAMIC = re.compile(
    rf"\bssh\b[^\n]{{0,300}}?\s-[A-Za-z0-9]{{0,8}}(?P<way>D)\s?"
    rf"(?P<near>(?:(?P<bind>{_NAME}|(?=:)):)?(?P<port>\d{{1,5}}))(?![\w.:])",
    re.ASCII,
)
_CONFIG = re.compile(
    rf"^[ \t]{{0,40}}(?P<way>Local|Remote|Dynamic)Forward[ \t=]{{1,20}}"
    rf"(?P<near>(?:(?P<bind>{_NAME}|(?=:)):)?(?P<port>\d{{1,5}}))"
    rf"(?:[ \t]{{1,20}}(?P<far>(?P<host>{_NAME}):(?P<far_port>\d{{1,5}})))?[ \t\r]{{0,40}}$",
    re.ASCII | re.MULTILINE | re.IGNORECASE,
)
_OPEN = re.compile(r"(?<!\S)-[A-Za-z0-9]{0,8}g[A-Za-z0-9]{0,8}(?!\S)", re.ASCII)
"""ssh -g: other machines may use the forwarded ports."""
_KUBECTL = re.compile(
    rf"\b(?:kubectl|oc)\s[^\n|;&]{{0,80}}?port-forward\s(?P<rest>{REST})", re.ASCII
)
_PORTS = re.compile(r"(?P<near>\d{1,5})?:(?P<into>\d{1,5})|(?P<same>\d{1,5})", re.ASCII)
_RESOURCE = re.compile(
    r"(?:pods?|po|svc|services?|deploy(?:ment)?s?|rs|sts|statefulsets?)/[a-z0-9.-]{1,120}"
    r"|[a-z][a-z0-9.-]{0,120}", re.ASCII,
)  # fmt: skip
_SOCAT = re.compile(
    r"\b(?P<protocol>TCP|UDP)[46]?-(?:LISTEN|RECVFROM|RECV|L):(?P<port>\d{1,5})"
    r"(?P<options>(?:,[\w=.:\[\]-]{1,80}){0,12})(?:\s{1,4}[\"']?(?:TCP|UDP)[46]?(?:-CONNECT)?:"
    rf"(?P<far>(?:{_NAME}):\d{{1,5}}))?",
    re.ASCII | re.IGNORECASE,
)
_BIND = re.compile(r",bind=(?P<host>\[?[0-9A-Za-z.:-]{1,60}\]?)", re.ASCII)
_NC = re.compile(
    rf"(?<![\w./-])(?:nc|ncat|netcat|nc\.traditional)(?=\s[^\n|;&]{{0,80}}?-[A-Za-z]{{0,6}}l)"
    rf"(?P<rest>\s{REST})",
    re.ASCII,
)
_NETSH = re.compile(
    r"portproxy\s{1,4}(?:add|set)\s{1,4}v[46]tov[46]\s(?P<rest>[^\n]{1,400})", re.ASCII
)
_NETSH_PART = re.compile(
    r"(?P<key>listenaddress|listenport|connectaddress|connectport)=(?P<value>[^\s\"']{1,253})",
    re.ASCII | re.IGNORECASE,
)
_ADB = re.compile(
    r"\badb\s(?:-s \S{1,80} )?(?P<way>forward|reverse)\s{1,4}(?:--no-rebind )?tcp:(?P<port>\d{1,5})"
    r"\s{1,4}(?:tcp:(?P<far>\d{1,5})|\S{1,120})",
    re.ASCII,
)
_QEMU = re.compile(
    r"hostfwd=(?P<protocol>tcp|udp):(?P<near>(?P<bind>[0-9.]{7,15})?:(?P<port>\d{1,5}))-"
    r"(?:[0-9.]{7,15})?:(?P<into>\d{1,5})",
    re.ASCII,
)

_PUBLIC = re.compile(
    r"(?<![\w./-])(?P<tool>ngrok|cloudflared|lt|localtunnel)[ ](?:tcp|http|tls|tunnel|--)"
    r"[^\n|;&]{0,120}?(?<![\w.:/-])(?:https?://)?"
    r"(?P<what>(?:(?:localhost|127\.0\.0\.1|\[::1\]):)?(?P<port>\d{1,5}))(?![\w.:])",
    re.ASCII,
)
"""Tunnels to a public name: ngrok, "ngrok http"; Cloudflare, "Quick Tunnels"; localtunnel."""


def read(text: str) -> Iterator[Setting]:
    """Find what a text makes pass connections on."""
    yield from _ssh(text)
    for match in _KUBECTL.finditer(text):
        yield from _kubectl(text, match)
    for match in _SOCAT.finditer(text):
        yield _socat(text, match)
    for match in _NC.finditer(text):
        yield from _nc(text, match)
    for match in _NETSH.finditer(text):
        yield from _netsh(text, match)
    for match in _ADB.finditer(text):
        yield from _adb(text, match)
    for match in _PUBLIC.finditer(text):
        if 0 < int(match["port"]) < 65536:
            yield Setting(
                tool={"lt": "localtunnel"}.get(match["tool"], match["tool"]),
                key="public",
                span=match.span(),
                endpoint=None,
                address=EVERY,
                into=int(match["port"]),
                name=match["what"],
                at=INTERNET,
            )
    for match in _QEMU.finditer(text):
        near = cells.port_at(text, match.span("port"))
        if match["bind"]:
            near = cells.end_at(text, match.span("near"))
        if near is not None:
            address = match["bind"] or EVERY
            made = _made("QEMU", "qemu", match.span(), near, address, bool(match["bind"]))
            yield made._replace(into=int(match["into"]), protocol=match["protocol"])


def _made(
    tool: str, key: str, span: tuple[int, int], near: Endpoint, address: str, given: bool
) -> Setting:
    number = near.port.number if near.port else None
    return Setting(tool, key, span, near._replace(role="listener"), address, number, given)


def _ssh(text: str) -> Iterator[Setting]:
    for pattern in (_FORWARD, _DYNAMIC, _CONFIG):
        for match in pattern.finditer(text):
            near = _near(text, match)
            if near is not None:
                yield _ssh_setting(text, match, near)


def _near(text: str, match: re.Match[str]) -> Endpoint | None:
    """The end that listens; an empty bind address and ``*`` mean every address."""
    if not match["bind"]:
        return cells.port_at(text, match.span("port"))
    return cells.end_at(text, match.span("near"))


def _ssh_setting(text: str, match: re.Match[str], near: Endpoint) -> Setting:
    """The far end is asked by the server for -L and by this machine for -R."""
    way = match["way"][0].upper()
    remote = way == "R"
    given = match["bind"] is not None
    address = match["bind"] or (EVERY if given else LOOPBACK)
    if way != "R" and not given and _opened(text, match.start()):
        address = EVERY
    made = _made(f"ssh -{way}", _WAYS.get(way, "ssh-dynamic"), match.span(), near, address, given)
    parts = match.groupdict()
    far = cells.end_at(text, match.span("far")) if parts.get("far") else None
    if far is not None:
        far = far._replace(role="target" if remote else "peer")
    if remote:
        listener = near._replace(role="peer")
        return made._replace(endpoint=listener, far=far, at=SERVER)
    return made._replace(far=far)


def _opened(text: str, at: int) -> bool:
    """Whether the command before a place has -g."""
    start = text.rfind("\n", max(0, at - 300), at) + 1
    return (
        "ssh" in text[start:at] and _OPEN.search(text[start : at + 300].split("\n")[0]) is not None
    )


def _kubectl(text: str, match: re.Match[str]) -> Iterator[Setting]:
    found = words(text, *match.span("rest"))
    address, _ = value(found, ("--address",))
    resource = next((word for word in found if _RESOURCE.fullmatch(word.text)), None)
    if resource is None:
        return
    bound = address.text.split(",")[-1] if address else LOCALHOST
    for word in found:
        ports = _PORTS.fullmatch(word.text)
        if ports is None or word.span[0] < resource.span[1]:
            continue
        near = ports["near"] or ports["same"]
        end = _kubectl_end(text, Word(near, word.span), address) if near else None
        yield Setting(
            tool="kubectl port-forward",
            key="kubectl",
            span=(match.start(), word.span[1]),
            endpoint=end,
            address=bound,
            port=int(near) if near else None,
            given=address is not None,
            into=int(ports["into"] or ports["same"]),
            name=resource.text,
        )


def _kubectl_end(text: str, near: Word, address: Word | None) -> Endpoint | None:
    """The end that listens: the port before the colon, with --address where that is one."""
    end = cells.port_at(text, (near.span[0], near.span[0] + len(near.text)))
    if end is not None and address is not None and "," not in address.text:
        end = host_and_port(text, address, Word(near.text, end.span))
    return end._replace(role="listener") if end else None


def _socat(text: str, match: re.Match[str]) -> Setting:
    bind = _BIND.search(match["options"] or "")
    near = cells.port_at(text, match.span("port"))
    far = cells.end_at(text, match.span("far")) if match["far"] else None
    return Setting(
        tool="socat",
        key="socat",
        span=match.span(),
        endpoint=near._replace(role="listener") if near else None,
        address=bind["host"] if bind else EVERY,
        port=int(match["port"]),
        given=bind is not None,
        far=far._replace(role="target") if far else None,
        protocol=match["protocol"].lower(),
    )


def _nc(text: str, match: re.Match[str]) -> Iterator[Setting]:
    """``nc -l 8080``, ``nc -lvnp 8080``, ``nc -l -p 8080``, ``nc -l 127.0.0.1 8080``."""
    found = words(text, *match.span("rest"))
    plain = [word for word in found if not word.text.startswith("-")]
    port = next((word for word in plain if all_digits(word.text) and len(word.text) < 6), None)
    source, _ = value(found, ("-s",))
    end = host_and_port(text, source or next(filter(_is_address, plain), None), port)
    if end is not None and end.port is not None:
        address = (end.host.address or end.host.text) if end.host else EVERY
        span = (match.start(), found[-1].span[1])
        made = _made("nc", "nc", span, end, address, end.host is not None)
        options = "".join(word.text for word in found if word.text.startswith("-"))
        yield made._replace(protocol="udp" if "u" in options else "tcp")


def _is_address(word: Word) -> bool:
    host = cells.host_of(word.text)
    return host is not None and (host.version != 0 or host.loopback)


def _netsh(text: str, match: re.Match[str]) -> Iterator[Setting]:
    start = match.start("rest")
    parts = {
        part["key"].lower(): Word(part["value"], (start + part.start("value"), start + part.end()))
        for part in _NETSH_PART.finditer(match["rest"])
    }
    near = _beside(text, parts.get("listenaddress"), parts.get("listenport"))
    far = _beside(text, parts.get("connectaddress"), parts.get("connectport"))
    if near is None or near.port is None:
        return
    host = parts.get("listenaddress")
    address = host.text if host else EVERY
    made = _made("netsh portproxy", "portproxy", match.span(), near, address, host is not None)
    yield made._replace(far=far._replace(role="target") if far else None)


def _beside(text: str, host: Word | None, port: Word | None) -> Endpoint | None:
    """A host and a port between which another pair may stand: only the host's place is taken."""
    if host is None or port is None:
        alone = port or host
        return together(text, alone) if alone is not None else None
    near = port.span[0] - host.span[1]
    if 0 <= near < 20:
        return host_and_port(text, host, port)
    return cells.pair_at(text, host.span, port.span)


def _adb(text: str, match: re.Match[str]) -> Iterator[Setting]:
    """adb listens on the loopback address of this machine, or of the device."""
    near = cells.port_at(text, match.span("port"))
    far = cells.port_at(text, match.span("far")) if match["far"] else None
    if near is None:
        return
    reverse = match["way"] == "reverse"
    made = _made(f"adb {match['way']}", f"adb-{match['way']}", match.span(), near, LOOPBACK, False)
    if reverse:
        listener = near._replace(role="peer")
        target = far._replace(role="target") if far else None
        yield made._replace(endpoint=listener, far=target, at=DEVICE)
    else:
        yield made._replace(into=int(match["far"]) if match["far"] else None)
