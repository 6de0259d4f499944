"""Servers that are told on their command line where to listen, and what they do untold.

One row a tool: its options, and its default address and port from its own manual.
"""

from __future__ import annotations

import re

from checks.model.records import NamedTuple
from checks.text.settings.record import (
    CONTAINER,
    EVERY,
    HERE,
    LOCALHOST,
    LOOPBACK,
    Setting,
)
from checks.text.settings.words import REST, Word, host_and_port, together, value, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from checks.text.endpoint import Endpoint


class Server(NamedTuple):
    """A program that listens.

    Arguments:
        tool: its name.
        start: a pattern for how its command begins.
        address: where it listens when it is not told; "" where that depends.
        port: the same; None where it has no default.
        host: options for the address.
        number: options for the port.
        both: options for address and port together.
        plain: whether a word without an option is the port, or address and port.
        alone: what the option for the address means without a value.
        key: as of a setting.
    """

    tool: str
    start: str
    address: str
    port: int | None
    host: tuple[str, ...] = ("--host",)
    number: tuple[str, ...] = ("--port",)
    both: tuple[str, ...] = ()
    plain: bool = False
    alone: str = EVERY
    key: str = "server"


_HOST = ("-h", "--host")
_PORT = ("-p", "--port")

SERVERS: tuple[Server, ...] = (
    # Vite documentation, "Command Line Interface" and server.host
    Server("Vite preview", r"vite preview", LOCALHOST, 4173),
    Server("Vite", r"vite(?: dev| serve)?", LOCALHOST, 5173),
    # Next.js documentation, "next CLI"
    Server("Next.js", r"next (?:dev|start)", EVERY, 3000, ("-H", "--hostname"), _PORT),
    # Nuxt documentation, "nuxt dev"
    Server("Nuxt", r"nuxi? dev|nuxt dev", LOCALHOST, 3000, ("--host", "-h"), _PORT),
    # Astro documentation, "CLI commands"
    Server("Astro", r"astro (?:dev|preview)", LOCALHOST, 4321),
    # Angular documentation, "ng serve"
    Server("Angular", r"ng serve", LOCALHOST, 4200),
    # webpack-dev-server 4 and 5, lib/Server.js: without a host it binds every address
    Server("webpack-dev-server", r"webpack(?:-dev-server| serve)", EVERY, 8080),
    # Vue CLI documentation, "CLI Service"
    Server("Vue CLI", r"vue-cli-service serve", EVERY, 8080),
    # http-server's README (npm); serve's --help (npm)
    Server("http-server", r"http-server", EVERY, 8080, ("-a",), _PORT),
    Server("serve", r"npx serve", EVERY, 3000, (), ("-p", "--port"), ("-l", "--listen")),
    # Flask documentation, "Command Line Interface"
    Server("Flask", r"flask (?:--?[\w=.:-]{1,60} (?:[\w.:]{1,60} )?){0,4}run", LOOPBACK, 5000,
           _HOST, _PORT, key="flask"),
    # Uvicorn, "Settings"; Hypercorn, "Configuration options"; Gunicorn, "Settings", bind
    Server("Uvicorn", r"uvicorn", LOOPBACK, 8000),
    Server("Hypercorn", r"hypercorn", LOOPBACK, 8000, (), (), ("-b", "--bind")),
    Server("Gunicorn", r"gunicorn", LOOPBACK, 8000, (), (), ("-b", "--bind")),
    # FastAPI documentation, "FastAPI CLI"
    Server("FastAPI", r"fastapi dev", LOOPBACK, 8000),
    Server("FastAPI", r"fastapi run", EVERY, 8000),
    # Django documentation, "runserver"
    Server("Django", r"(?:manage\.py|django-admin) runserver", LOOPBACK, 8000, (), (), plain=True,
           key="django"),
    # PHP manual, "Built-in web server"; Laravel, ServeCommand
    Server("PHP", r"php(?= [^\n]{0,80}?-S\b)", "", None, (), (), ("-S",)),
    Server("Laravel", r"artisan serve", LOOPBACK, 8000),
    # Ruby on Rails guide, "The Rails Command Line"
    Server("Rails", r"rails (?:server|s)", LOCALHOST, 3000, ("-b", "--binding"), _PORT),
    # Python manual, http.server
    Server("http.server", r"http\.server", EVERY, 8000, ("-b", "--bind"), (), plain=True),
    Server("SimpleHTTPServer", r"SimpleHTTPServer", EVERY, 8000, (), (), plain=True),
    # Hugo, "hugo server"; Jekyll, "Configuration"; MkDocs, "Command line"
    Server("Hugo", r"hugo (?:server|serve)", LOOPBACK, 1313, ("--bind",), _PORT),
    Server("Jekyll", r"jekyll serve", LOOPBACK, 4000, ("-H", "--host"), ("-P", "--port")),
    Server("MkDocs", r"mkdocs serve", LOOPBACK, 8000, (), (), ("-a", "--dev-addr")),
    # Streamlit documentation, config.toml, server.address
    Server("Streamlit", r"streamlit run", EVERY, 8501, ("--server.address",), ("--server.port",)),
    # Jupyter Server documentation, "Config file and command line options"
    Server("Jupyter", r"jupyter[ -](?:lab|notebook|server)", LOCALHOST, 8888, ("--ip",),
           key="notebook"),
    # code-server's --help
    Server("code-server", r"code-server", LOOPBACK, 8080, (), (), ("--bind-addr",)),
    # mongod manual, --bind_ip; memcached(1), -l; iperf3(1)
    Server("MongoDB", r"mongod", LOCALHOST, 27017, ("--bind_ip",), key="database"),
    Server("memcached", r"memcached", EVERY, 11211, ("-l", "--listen"), _PORT, key="database"),
    Server("Redis", r"redis-server|valkey-server", "", 6379, ("--bind",), key="database"),
    Server("iperf3", r"iperf3?(?= [^\n]{0,80}?(?:-s\b|--server))", EVERY, 5201, ("-B", "--bind"),
           _PORT),
    # TensorBoard's --help; llama.cpp, tools/server; Caddy, "Command Line"; BusyBox, httpd
    Server("TensorBoard", r"tensorboard", LOCALHOST, 6006),
    Server("llama-server", r"llama-server", LOOPBACK, 8080, key="model"),
    Server("Caddy", r"caddy file-server", EVERY, 80, (), (), ("--listen",)),
    Server("BusyBox httpd", r"busybox httpd", EVERY, 80, (), (), ("-p",)),
    # a script of package.json: which server it starts is not known
    Server("the development server",
           r"(?:npm|pnpm|yarn|bun) (?:run )?(?:dev|start|serve|preview)(?: --)?", "", None,
           ("--host", "-H", "--hostname"), _PORT),
    # debugpy, command line reference; Delve, "dlv debug"; gdbserver(1)
    Server("debugpy", r"-m debugpy", LOOPBACK, None, (), (), ("--listen",), key="debugger"),
    Server("Delve", r"dlv", LOOPBACK, None, (), (), ("-l", "--listen"), key="debugger"),
    Server("gdbserver", r"gdbserver(?: --?\w{1,20}){0,3}", EVERY, None, (), (), plain=True,
           key="debugger"),
)  # fmt: skip

_START = re.compile(
    r"(?<![\w.@:=-])(?:"
    + "|".join(f"(?P<s{number}>{one.start})" for number, one in enumerate(SERVERS))
    + rf")(?![\w./:=@-])(?P<rest>{REST})",
    re.ASCII,
)
_BEFORE = re.compile(
    r"\s{0,40}(?:[$#>%] ?)?(?:(?:sudo|npx|pnpm|yarn|bunx?|exec|poetry|uv|run|python[\d.]{0,4}|py|-m"
    r"|bundle|[A-Z][A-Z0-9_]{0,40}=\S{0,80}) ){0,6}"
)
"""What may come before a command that is the whole of a text."""
_NEAR = 400
"""So far from its start, no command is the whole of a text."""
_FEW = 3
"""So many words without a dash are a sentence rather than a command."""


_IN_CONTAINER = re.compile(
    r"^[ \t>|]{0,60}(?:CMD|ENTRYPOINT|command:|entrypoint:)(?!\w)"
    r"|\b(?:docker|podman|nerdctl)[ ](?:compose[ ])?(?:run|exec)[ ]",
    re.ASCII,
)
"""A Dockerfile's command, Compose's, or one that an engine runs."""


def read(text: str) -> Iterator[Setting]:
    """Find servers that a text starts."""
    for match in _START.finditer(text):
        name = next(key for key, found in match.groupdict().items() if found and key != "rest")
        found = words(text, *match.span("rest"))
        first = match.start(name)
        setting = _setting(text, SERVERS[int(name[1:])], found, (first, match.end()))
        if setting.endpoint is not None or setting.given or _is_whole(text, first, found):
            yield setting._replace(at=_place(text, first))


def _is_whole(text: str, first: int, found: list[Word]) -> bool:
    """Whether the command is all of a text, so that it counts without any option."""
    plain = sum(not word.text.startswith("-") for word in found)
    if first > _NEAR or plain >= _FEW or "\n" in text.strip():
        return False
    return _BEFORE.fullmatch(text[:first]) is not None


def _place(text: str, first: int) -> str:
    """Where a command runs: in a container, where the line before it says so."""
    start = text.rfind("\n", max(0, first - 300), first) + 1
    return CONTAINER if _IN_CONTAINER.search(text[start:first]) else HERE


def _setting(text: str, server: Server, found: list[Word], span: tuple[int, int]) -> Setting:
    host, flagged = value(found, server.host)
    end = _end(text, server, found, host)
    address = server.alone if flagged and host is None else _address(server, end)
    number = end.port.number if end is not None and end.port is not None else server.port
    last = max((word.span[1] for word in found), default=span[1])
    return Setting(
        tool=server.tool,
        key=server.key,
        span=(span[0], max(last, span[0] + 1)),
        endpoint=end._replace(role="listener") if end else None,
        address=address,
        port=number,
        given=flagged or (end is not None and end.host is not None),
        name="debug" if any(word.text == "--debug" for word in found) else "",
    )


def _end(text: str, server: Server, found: list[Word], host: Word | None) -> Endpoint | None:
    """The end as the options have it, or a word without one."""
    both, _ = value(found, server.both)
    port, _ = value(found, server.number)
    end = together(text, both) if both else host_and_port(text, host, port)
    if server.plain and (end is None or host is not None):
        return _plain(text, found, host) or end
    return end


def _plain(text: str, found: list[Word], host: Word | None) -> Endpoint | None:
    """A word that is no option: ``8000``, ``0.0.0.0:8000``; with the address told apart."""
    for number, word in enumerate(found):
        if word.text.startswith("-") or (host is not None and word.span == host.span):
            continue
        end = together(text, word)
        if end is None or end.port is None:
            if number and found[number - 1].text.startswith("-"):
                continue  # the value of another option
            return None
        return host_and_port(text, host, word) if host is not None else end
    return None


def _address(server: Server, end: Endpoint | None) -> str:
    if end is not None and end.host is not None:
        return end.host.address or end.host.text
    if server.key == "debugger" and end is not None and end.text and server.tool != "debugpy":
        return EVERY  # Go's and gdb's ":2345" means every address
    return server.address
