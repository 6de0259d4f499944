"""Command lines and configuration as such: what will listen where, by the text or by default.

A person pastes the command that is to be run, or the line of a configuration, as often as
what a program printed. Programs differ in the letter of an option and in what they do
without it, so each is listed with its own, and with its manual as the source.
"""

from __future__ import annotations

from checks.text import families
from checks.text.families import Family
from checks.text.settings.record import Setting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.text.endpoint import Endpoint

__all__ = ["Setting", "endpoints", "read"]

MOST = 200
"""Settings of one text that are told."""

FAMILIES: tuple[Family, ...] = (
    Family(
        "settings.containers",
        ("docker", "podman", "nerdctl", "- ", "ports:", "EXPOSE", "-p", "published:"),
        r"(?:docker|podman|nerdctl)(?: container)? (?:run|create)|^\s{0,40}(?:-p|--publish)[ =]"
        r"|-[ \t]{1,8}[\"']?[\d\[]|ports:|EXPOSE|published:",
    ),
    Family(
        "settings.tunnels",
        ("Forward", "port-forward", "isten:", "ISTEN:", "ecv:", "ECV:", "nc", "netcat",
         "portproxy", "adb ", "hostfwd=", "ngrok ", "cloudflared ", "lt --", "localtunnel"),
        r"Forward|port-forward|(?i:listen|recv):|\bn(?:c|cat|etcat)\b|portproxy|\badb |hostfwd="
        r"|\bngrok |\bcloudflared |\blt --|localtunnel",
    ),
    Family(
        "settings.tunnels",
        ("-",),
        r"-(?<!\S-)[A-Za-z0-9]{0,8}[LRD]\s?[\w*:\[]",
    ),
    Family(
        "settings.files",
        ("listen", "Listen", "bind", "network.host", "server.port", "OLLAMA_HOST", "address=",
         "--remote-debugging-port", "--inspect", "jmxremote.port", "ASPNETCORE_URLS"),
        r"(?:^[ \t>|]{0,60}|[{;][ \t]{0,20})(?:listen|Listen|bind)|bind[-_]address|\baddress="
        r"|network\.host|server\.port|OLLAMA_HOST|remote-debugging-port|--inspect|jmxremote\.port"
        r"|ASPNETCORE_URLS",
    ),
    Family(
        "settings.servers",
        ("vite", "next ", "nuxi ", "nuxt ", "astro ", "ng serve", "webpack", "vue-cli-service",
         "http-server", "npx serve", "flask ", "corn", "fastapi ", "runserver", "php ",
         "artisan serve", "rails s", "http.server", "SimpleHTTPServer", "hugo serve",
         "jekyll serve", "mkdocs serve", "streamlit run", "jupyter", "code-server", "mongod",
         "memcached", "redis-server", "valkey-server", "iperf", "debugpy", "dlv", "gdbserver",
         "tensorboard", "llama-server", "caddy ", "busybox", "npm ", "yarn ", "bun "),
    ),
)  # fmt: skip
"""The families of settings, and what is in every text that has one."""


def read(text: str) -> tuple[Setting, ...]:
    """Find the settings of a text, in its order, each place of it in one.

    Arguments:
        text: any text, any number of lines; what was read already is blank in it.
    """
    found: list[Setting] = []
    taken = bytearray(len(text))
    for reader in families.readers(text, FAMILIES):
        for setting in reader(text):
            spans = [end.span for end in (setting.endpoint, setting.far) if end is not None]
            spans = spans or [setting.span]
            if any(any(taken[first:last]) for first, last in spans):
                continue
            for first, last in spans:
                taken[first:last] = b"\x01" * (last - first)
            found.append(setting)
            if len(found) >= MOST:
                return _in_order(found)
    return _in_order(found)


def _in_order(found: list[Setting]) -> tuple[Setting, ...]:
    return tuple(sorted(found, key=lambda setting: _place(setting)))


def _place(setting: Setting) -> tuple[int, int]:
    return setting.endpoint.span if setting.endpoint else setting.span


def endpoints(found: tuple[Setting, ...]) -> tuple[Endpoint, ...]:
    """Return the endpoints of settings with their roles, in the order of the text."""
    ends = [end for setting in found for end in (setting.endpoint, setting.far) if end is not None]
    return tuple(sorted(ends, key=lambda end: end.span))
