"""Causes of a port that is in use.

A bare "address already in use" cannot be decided from its text; the base rates are then
those of public reports that name no more: another program, a second instance, an earlier run.
"""

from __future__ import annotations

import re

from checks.causes.base import Because, Clue, Rule
from checks.causes.steps import bind as steps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from checks.causes.situation import Situation

BIND = ("bind", "listen", "accept", "socket")
"""Operations of a port that is to be opened."""
WEB_PORTS = (80, 443)
_NEAR = 24
"""So many characters before an error tell its operation."""
_IN_USE = ("EADDRINUSE", "ERR_LISTEN_FAILED")
_CONNECTS = r"\bconnect|connection\b|\burlopen\b|\brequests?\.|\bmax retries\b|\bdial\b|\bsend"
"""Words of a client."""
_AIRPLAY = (5000, 7000)
_OWN_SERVICE = frozenset(
    int(port)
    for port in "21 22 25 53 111 631 1433 3306 5037 5432 5672 6379 8086 9092 9200 11211 11434"
    " 15672 27017".split()
)
"""Ports of programs that mostly run as a service: databases, caches, brokers, model servers."""
_OWNER_MARKS = ("owner-row", "owner-said")
_INTERPRETERS = ("node", "python", "java", "ruby", "php", "dotnet", "deno", "bun", "go", "beam")
_CONTAINER = ("docker", "com.docke", "vpnkit", "rootless", "conmon", "gvproxy", "wslrelay")


def binds(situation: Situation) -> bool:
    """Return whether a port was to be opened, also where the error does not say so itself."""
    error = situation.error
    if situation.endpoint is None and situation.has("load-tester"):
        return False
    if error.operation:
        return error.operation in BIND
    before = situation.low[max(0, error.span[0] - _NEAR) : error.span[0]]
    if re.search(r"\b(?:connect|connecting|dial)\b", before):
        return "listen" in before or "bind" in before
    return "listen-words" in situation.marks or error.name == "EADDRINUSE" or denied_bare(situation)


def denied_bare(situation: Situation) -> bool:
    """Whether Windows denied a socket (WSAEACCES) and no word of the text is of a connection.

    Of a connect it is rare (a firewall, a broadcast); of a bind it is a range that Windows
    keeps, or another program's exclusive socket. Source: Windows Sockets Error Codes, 10013.
    """
    error = situation.error
    return (
        error.name == "EACCES"
        and error.operation is None
        and situation.system == "windows"
        and (situation.endpoint is None or situation.endpoint.role == "listener")
        and situation.words(_CONNECTS, "") is None
    )


def _owner(situation: Situation) -> str:
    """What the text says of the owner: ``self``, ``container``, ``airplay``, ``systemd``,
    ``other`` or "".
    """
    mark = situation.marks.get("owner-row") or situation.marks.get("owner-said")
    if mark is None:
        return ""
    text = mark.text.lower()
    if "controlce" in text or "airplay" in text:
        return "airplay"
    if '"systemd"' in text:
        return "systemd"
    if any(word in text for word in _CONTAINER):
        return "container"
    return "self" if _is_interpreter(text) else "other"


def _by_owner(situation: Situation, points: int) -> Iterator[Clue]:
    """The words that name the owner."""
    key = next((key for key in _OWNER_MARKS if key in situation.marks), "")
    return situation.marked({key: points})


def _is_interpreter(text: str) -> bool:
    words = re.findall(r"[a-z]{2,12}", text)
    return any(word in _INTERPRETERS for word in words)


def _has_known_owner(situation: Situation) -> bool:
    """Whether a sentence of the text leaves only one kind of owner."""
    return situation.has("docker-allocated", "docker-host-port", "adb-listener")


def _listens_before(situation: Situation) -> Because | None:
    """The words before the error that a server of this text has the same port."""
    mark = situation.marks.get("printed-listening")
    if mark is None or situation.asked_port is None or mark.span[0] >= situation.error.span[0]:
        return None
    between = situation.low[mark.span[1] : situation.error.span[0]]
    if "\n" not in between or not re.search(rf"\b{situation.asked_port}$", mark.text):
        return None
    return Because(mark.text, mark.span, mark.says)


def _stale(situation: Situation) -> Iterator[Clue]:
    if not binds(situation) or _has_known_owner(situation):
        return
    yield Clue(20 if situation.has("node") and not _serves(situation) else 12)
    if situation.has("run-in-trace"):
        yield Clue(4)
    if _owner(situation) == "self":
        yield from _by_owner(situation, 60)


def _serves(situation: Situation) -> bool:
    """Whether the port is the default of a program that mostly runs as a service."""
    return situation.asked_port in _OWN_SERVICE


def _second(situation: Situation) -> Iterator[Clue]:
    if situation.error.name not in _IN_USE or not binds(situation) or _has_known_owner(situation):
        return
    yield Clue(14)
    yield from situation.marked({"already-running": 60})
    if _serves(situation):
        says = "the default port of a program that often already runs as a service"
        yield Clue(30, situation.at_endpoint(says))


def _other(situation: Situation) -> Iterator[Clue]:
    if not binds(situation) or situation.has("docker-allocated"):
        return
    yield Clue(16)
    if situation.asked_port in WEB_PORTS:
        yield Clue(15, situation.at_endpoint("the default port of every web server"))
    if _owner(situation) == "other":
        yield from _by_owner(situation, 60)


def _twice(situation: Situation) -> Iterator[Clue]:
    if situation.has("listens-twice"):
        yield from situation.marked({"listens-twice": 95})
    if situation.error.name not in _IN_USE or not binds(situation) or _has_known_owner(situation):
        return
    yield Clue(5)
    yield from situation.marked({"one-of-several": 25})
    before = _listens_before(situation)
    if before and not situation.has("restarted"):
        yield Clue(50 if situation.has("node") else 8, before)
    if {"gunicorn-worker", "run-in-trace"} <= situation.marks.keys():
        yield from situation.marked({"run-in-trace": 70})


def _waits(situation: Situation) -> Iterator[Clue]:
    if not binds(situation) or situation.system == "windows" or _has_known_owner(situation):
        return
    if not situation.has("node"):  # libuv sets SO_REUSEADDR
        yield Clue(6 if situation.named("EADDRINUSE") else 0)
    if situation.has("time-wait") and situation.named("EADDRINUSE"):
        yield from situation.marked({"time-wait": 60})


def _airplay(situation: Situation) -> Iterator[Clue]:
    system, end = situation.system, situation.asked
    told = situation.has("airtunes") and not situation.is_excluded("airtunes")
    if told and (situation.error.name or not situation.classification.tables):
        yield from situation.marked({"airtunes": 100})
    if end is None or situation.asked_port not in _AIRPLAY or system in ("linux", "windows"):
        return
    words = Because(end.text, end.span, "a port of the AirPlay Receiver of macOS")
    if situation.error.name in _IN_USE and binds(situation):
        yield Clue(85 if system == "macos" else 28, words)
        yield from situation.marked({"docker-host-port": 60})
    elif situation.has("forbidden"):
        yield from situation.marked({"forbidden": 85})
    elif situation.has("cors"):
        yield Clue(85 if system == "macos" else 45, words)
    if situation.error.name and _owner(situation) == "airplay":
        yield from _by_owner(situation, 60)


def _published(situation: Situation) -> Iterator[Clue]:
    if situation.error.name in _IN_USE and _owner(situation) == "container":
        yield from _by_owner(situation, 80)


def _adb(situation: Situation) -> Iterator[Clue]:
    if {"adb-listener", "adb-reverse"} <= situation.marks.keys():
        yield from situation.marked({"adb-reverse": 95})


def _adb_forward(situation: Situation) -> Iterator[Clue]:
    if situation.has("adb-listener") and not situation.has("adb-reverse"):
        yield from situation.marked({"adb-listener": 60})


def _portproxy(situation: Situation) -> Iterator[Clue]:
    if situation.error.name == "EADDRINUSE" and binds(situation) and situation.has("wsl"):
        yield from situation.marked({"wsl": 12})


_PAGE = "troubleshooting/in-use/"

RULES: tuple[Rule, ...] = (
    Rule(
        key="docker-port-allocated",
        says="Another container already publishes the port, or an old one did not release it.",
        page="troubleshooting/in-use/#a-container-has-it",
        steps=steps.container,
        marks={"docker-allocated": 100},
        look=_published,
        finding="B402",
        ruled_out_by=("B401", "B404"),
    ),
    Rule(
        key="airplay-5000-7000",
        says="The AirPlay Receiver of macOS uses the port.",
        page="ports/development/#ports-that-several-want",
        steps=steps.airplay,
        look=_airplay,
        finding="P208",
    ),
    Rule(
        key="stale-process",
        says="An earlier run of the same program still uses the port.",
        page=f"{_PAGE}#find-the-owner",
        steps=steps.earlier_run,
        errors=_IN_USE,
        operations=BIND,
        marks={
            "restarted": 50,
            "watcher": 15,
            "stopped-job": 80,
            "interrupted": 15,
            "ssh-local-forward": 40,
            "kubectl-forward": 40,
        },
        look=_stale,
        finding="B402",
        confirmed_by=("O704",),
        ruled_out_by=("B401", "B404", "C323", "C325"),
    ),
    Rule(
        key="second-instance",
        says="The program is already running, as another copy or as a service.",
        page=f"{_PAGE}#it-runs-already",
        steps=steps.second_instance,
        errors=(*_IN_USE, ""),
        operations=BIND,
        marks={"adb-server": 60, "lock-held": 70},
        look=_second,
        finding="B402",
        ruled_out_by=("B401", "B404", "C323", "C325"),
    ),
    Rule(
        key="port-taken-by-other-service",
        says="Another program uses the port.",
        page=f"{_PAGE}#find-the-owner",
        steps=steps.other_service,
        errors=_IN_USE,
        operations=BIND,
        marks={"docker-host-port": 60},
        look=_other,
        finding="B402",
        ruled_out_by=("B401", "B404", "C323", "C325"),
    ),
    Rule(
        key="server-started-twice",
        says="The program starts its server twice.",
        page=f"{_PAGE}#the-program-starts-it-twice",
        steps=steps.once,
        errors=(*_IN_USE, ""),
        operations=BIND,
        marks={"started-twice": 60, "test-runner": 35},
        look=_twice,
        finding="B402",
    ),
    Rule(
        key="time-wait",
        says="Connections of an earlier run still occupy the port (TIME_WAIT).",
        page="ports/ephemeral/#time_wait",
        steps=steps.wait,
        errors=_IN_USE,
        operations=BIND,
        marks={"interrupted": 12, "raw-bind": 9},
        look=_waits,
        finding="B404",
        confirmed_by=("B404",),
        ruled_out_by=("B401", "B402"),
    ),
    Rule(
        key="windows-portproxy",
        says="A port proxy rule of Windows uses the port.",
        page=f"{_PAGE}#windows-port-proxy",
        steps=steps.portproxy,
        errors=(*_IN_USE, "EACCES"),
        operations=BIND,
        marks={"portproxy": 70},
        look=_portproxy,
        finding="E506",
    ),
    Rule(
        key="adb-reverse-stale",
        says="An old adb reverse rule uses the port on the device.",
        page="uses/devices/#over-the-cable-adb-reverse",
        steps=steps.adb_reverse,
        look=_adb,
    ),
    Rule(
        key="adb-forward-stale",
        says="Another adb forward, or another program, uses the port on the computer.",
        page="uses/devices/#over-the-cable-adb-reverse",
        steps=steps.adb_forward,
        look=_adb_forward,
    ),
    Rule(
        key="stale-pid-file",
        says="The PID file of an earlier run still exists.",
        page=f"{_PAGE}#a-pid-file-is-left",
        steps=steps.stale_pid_file,
        marks={"server-pid": 100},
    ),
    Rule(
        key="remote-forward-port-taken",
        says="The port is in use on the SSH server, or that server does not allow the forward.",
        page="uses/tunnels/#when-a-forward-fails",
        steps=steps.far_end,
        marks={"ssh-forward-refused": 100},
    ),
)
