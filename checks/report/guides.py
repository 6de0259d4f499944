"""Which page of the site explains the line of a known tool, or the rows of a table."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.report import Report
    from checks.text.banners import Banner
    from checks.text.tables import Table

Guide = tuple[str, str]
"""What a link is called, and its page: of the site, below its root, with its section."""

_TARGET_VM = ("Connected to the target VM", "troubleshooting/target-vm/")
_JAVA = ("Messages of Java's debugger", "troubleshooting/target-vm/#messages-of-java")
_DEBUGGERS = ("Debugger listening on 127.0.0.1", "uses/debuggers/#which-line")
_FLUTTER = ("The lines of Flutter and Dart", "ports/62893/#flutter")
_CALLER = ("In a server's log: the caller's end", "ports/62893/#in-a-servers-log")
_LOGIN = ("A random port after a login", "ports/62893/#login")
_REMOTE = ("VS Code Remote, Codespaces, Gateway", "uses/remote/")
_CONTAINERS = ("localhost in Docker", "uses/containers/#from-the-host-to-the-container")
_TUNNELS = ("What forwards a port to localhost", "uses/tunnels/")
_LOCAL_AI = ("Ollama, LM Studio and other local AI", "uses/local-ai/")
_KUBERNETES = ("From kubectl, minikube or kind", "ports/62893/#kubernetes")
_VIRUS = ("Is 127.0.0.1 in netstat a virus?", "troubleshooting/virus/")

_BUILT_IN = ("localhost:63342", "uses/debuggers/#the-built-in-server-of-jetbrains-63342")
_ENDED = ("Disconnected from the target VM", "troubleshooting/target-vm/#disconnected")

_BY_BEGINNING: tuple[tuple[str, Guide], ...] = (
    ("jetbrains-page", _BUILT_IN),
    ("jetbrains-stopped", _ENDED),
    ("jetbrains-disconnected", _ENDED),
    ("jetbrains-", _TARGET_VM),
    ("jdwp-", _JAVA),
    ("idea-rt", _TARGET_VM),
    *((name, _DEBUGGERS) for name in (
        "node-inspector", "devtools", "bun-inspector", "pydevd", "pycharm-", "debugpy", "delve",
        "gdbserver", "lldb-", "clion", "xdebug", "ruby-", "debugger-waits", "firefox-remote",
        "chromedriver", "playwright-server",
    )),
    *((name, _FLUTTER) for name in ("dart-", "flutter-")),
    *((name, _LOGIN) for name in ("login-redirect", "login-callback", "login-server", "rclone")),
    ("vscode-", _REMOTE),
    *((name, _CONTAINERS) for name in ("docker-ps", "docker-port", "docker-proxy")),
    *((name, _TUNNELS) for name in ("ssh-", "port-forward", "putty", "socat", "chisel")),
    *((name, _LOCAL_AI) for name in ("ollama", "lmstudio", "llama")),
    ("bree", ("Bree API server", "ports/62893/#bree")),
    *((name, _KUBERNETES) for name in ("minikube-", "kubectl-")),
)  # fmt: skip
"""By how the key of a row begins; the first that fits counts."""

GUIDES = frozenset((_CALLER, _VIRUS, *(guide for _, guide in _BY_BEGINNING)))
"""Every guide that an answer may lead to."""


def guide(report: Report) -> Guide | None:
    """Return where to read on about what was pasted; None where a cause or a finding tells it.

    Arguments:
        report: of a text; what was tested leads to its findings.
    """
    read = report.classification
    if report.probes or report.causes:
        return None
    if read.banner is not None:
        return _of_line(read.banner)
    return _VIRUS if any(map(_connects, read.tables)) else None


def _connects(table: Table) -> bool:
    """Whether netstat shows connections: of a listener people ask other things."""
    return table.tool == "netstat" and any(row.state == "ESTABLISHED" for row in table.rows)


def _of_line(banner: Banner) -> Guide | None:
    for beginning, found in _BY_BEGINNING:
        if banner.key.startswith(beginning):
            return found
    return _CALLER if banner.role == "peer" else None
