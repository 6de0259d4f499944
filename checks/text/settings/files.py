"""Lines of configuration files and options of debuggers that make a program listen.

Sources: nginx, "listen"; Apache HTTP Server, "Listen"; systemd.socket(5); sshd_config(5),
ListenAddress; HAProxy, "bind"; MySQL manual, bind_address; PostgreSQL manual, listen_addresses;
MongoDB manual, net.bindIp; Redis, redis.conf, "bind"; Elasticsearch, network.host; Spring Boot,
server.port; Ollama FAQ, OLLAMA_HOST; Chrome DevTools Protocol, --remote-debugging-port; Node.js
manual, --inspect; JDK, "Connection and Invocation Details" (JDK-8041435: the loopback address
since version 9).
"""

from __future__ import annotations

import re

from checks.model.records import NamedTuple
from checks.text.settings.record import EVERY, LOCALHOST, LOOPBACK, Setting
from checks.text.settings.words import Word, together

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from checks.text.endpoint import Endpoint


_VALUE = r"(?P<value>[0-9A-Za-z*\[:][0-9A-Za-z.:\[\]*_-]{0,120})"
_LINE = r"^[ \t>|]{0,60}"
_END = r"[ \t\r]{0,40}(?:[#;][^\n]{0,200})?$"


class Line(NamedTuple):
    """A line that makes a program listen.

    Arguments:
        tool: the program.
        key: as of a setting.
        pattern: with a group ``value``: a port, an address, or both.
        address: where it listens when the value is a port alone.
        port: on which when the value is an address alone; None where that is no such line.
        protocol: ``tcp`` or ``udp``.
    """

    tool: str
    key: str
    pattern: re.Pattern[str]
    address: str = EVERY
    port: int | None = None
    protocol: str = "tcp"


def _lines(expression: str) -> re.Pattern[str]:
    return re.compile(expression, re.ASCII | re.MULTILINE)


LINES: tuple[Line, ...] = (
    Line(
        "nginx", "nginx",
        _lines(rf"(?:{_LINE}|[{{;][ \t]{{0,20}})listen[ \t]{{1,20}}{_VALUE}"
               r"(?:[ \t]{1,8}[\w=:.-]{1,40}){0,8}[ \t]{0,8};"),
        address="0.0.0.0",
        port=80,
    ),
    Line("Apache", "apache",
         _lines(rf"{_LINE}Listen[ \t]{{1,20}}{_VALUE}(?:[ \t]{{1,8}}https?)?{_END}")),
    Line("systemd", "systemd-socket", _lines(rf"{_LINE}ListenStream[ ]?=[ ]?{_VALUE}{_END}")),
    Line("systemd", "systemd-socket", _lines(rf"{_LINE}ListenDatagram[ ]?=[ ]?{_VALUE}{_END}"),
         protocol="udp"),
    Line("sshd", "sshd", _lines(rf"{_LINE}ListenAddress[ \t=]{{1,20}}{_VALUE}{_END}"), port=22),
    Line("HAProxy", "haproxy",
         _lines(rf"{_LINE}bind[ \t]{{1,20}}(?P<value>[0-9A-Za-z*.:\[\]_-]{{0,120}}:\d{{1,5}})"
                r"(?:[ \t][^\n]{0,200})?$")),
    Line("Redis", "database",
         _lines(rf"{_LINE}bind[ \t]{{1,20}}(?P<value>(?:\d{{1,3}}\.){{3}}\d{{1,3}}|\*|::1?)"
                rf"(?:[ \t]{{1,8}}-?[0-9A-Fa-f.:*]{{1,45}}){{0,4}}{_END}"),
         port=6379),
    Line("MySQL", "database",
         _lines(rf"(?:{_LINE}|[ ]--)bind[-_]address[ \t]{{0,20}}=[ \t]{{0,20}}[\"']?{_VALUE}"),
         port=3306),
    Line("PostgreSQL", "database",
         _lines(rf"{_LINE}listen_addresses[ \t]{{0,20}}=?[ \t]{{0,20}}[\"']{_VALUE}"),
         port=5432),
    Line("MongoDB", "database", _lines(rf"{_LINE}bindIp:[ \t]{{1,8}}[\"']?{_VALUE}"),
         port=27017),
    Line("Elasticsearch", "database", _lines(rf"{_LINE}network\.host:[ \t]{{1,8}}[\"']?{_VALUE}"),
         port=9200),
    Line("Spring Boot", "server", _lines(r"\bserver\.port[ ]?=[ ]?(?P<value>\d{1,5})(?![\w.])")),
    Line("Ollama", "model", _lines(rf"\bOLLAMA_HOST=[\"']?(?:http://)?{_VALUE}"), port=11434),
    Line("ASP.NET Core", "server",
         _lines(r"\bASPNETCORE_URLS=[\"']?http://(?P<value>[0-9.*+]{1,45}:\d{1,5})")),
    Line("Chrome DevTools", "browser",
         _lines(r"--remote-debugging-port[= ](?P<value>\d{1,5})(?!\w)"), LOOPBACK),
    Line("the Node.js inspector", "node-inspector",
         _lines(rf"--inspect(?:-brk|-wait|-port)?=[\"']?{_VALUE}"), LOOPBACK, 9229),
    Line("the JVM's debugger", "jdwp",
         _lines(r"(?:-agentlib:jdwp=|-Xrunjdwp:|(?<!agent=transport=)\bdt_socket\b)(?![^\s\"']{0,200}server=n)"
                r"[^\s\"']{0,200}?\baddress="
                r"(?P<value>[0-9A-Za-z*.:\[\]_-]{1,120})"),
         LOOPBACK),
    Line("the JVM's debugger", "jdwp",
         _lines(rf"{_LINE}address=(?P<value>(?:\*:|[0-9.]{{7,15}}:|localhost:)?\d{{4,5}}){_END}"),
         LOOPBACK),
    Line("Mono's debugger", "debugger",
         _lines(r"--debugger-agent=(?=[^\s\"']{0,200}?server=y)[^\s\"']{0,200}?\baddress="
                r"(?P<value>[0-9A-Za-z*.:\[\]_-]{1,120})")),
    Line("the JVM's JMX agent", "jmx",
         _lines(r"com\.sun\.management\.jmxremote\.port=(?P<value>\d{1,5})(?!\w)")),
)  # fmt: skip

_DEBUGGING_ADDRESS = re.compile(
    r"--remote-debugging-address[= ](?P<value>[0-9A-Fa-f.:]{2,45})", re.ASCII
)
_ASKS = re.compile(r"jmxremote\.authenticate=false", re.ASCII)


def read(text: str) -> Iterator[Setting]:
    """Find such lines in a text."""
    for line in LINES:
        for match in line.pattern.finditer(text):
            setting = _setting(text, line, match)
            if setting is not None:
                yield setting


def _setting(text: str, line: Line, match: re.Match[str]) -> Setting | None:
    end = together(text, Word(match["value"], match.span("value")))
    if end is None and match["value"].startswith("+:"):
        end = together(
            text, Word(match["value"][1:], (match.start("value") + 1, match.end("value")))
        )
    if end is None or (end.port is None and line.port is None):
        return None
    address = _address(line, end)
    if line.key == "browser":
        other = _DEBUGGING_ADDRESS.search(text)
        address = other["value"] if other else address
    number = end.port.number if end.port is not None else line.port
    first = match.start() + len(match.group()) - len(match.group().lstrip(" \t>|;{"))
    return Setting(
        tool=line.tool,
        key=line.key,
        span=(first, max(match.end("value"), match.start() + len(match.group().rstrip()))),
        endpoint=end._replace(role="listener"),
        address=address,
        port=number,
        given=end.host is not None,
        name="open" if line.key == "jmx" and _ASKS.search(text) else "",
        protocol=line.protocol,
    )


def _address(line: Line, end: Endpoint) -> str:
    if end.host is None:
        return line.address
    return LOCALHOST if end.host.text == LOCALHOST else end.host.address or end.host.text
