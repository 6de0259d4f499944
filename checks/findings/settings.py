"""The settings that close what a service leaves open, by product.

Each line names the setting as the product's own manual does; the manual is in
the comment above it. A product that is not listed gets the general advice.
"""

from __future__ import annotations

import re

from checks.findings.base import Fix
from checks.rules.protocols import BY_NAME

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.model.evidence import Identity

PASSWORD: dict[str, str] = {
    # redis.io, "Redis security" and "ACL", which the forks keep
    "valkey": "Set a password: requirepass in valkey.conf, or a user by ACL SETUSER.",
    "dragonfly": "Set a password: start Dragonfly with --requirepass.",
    # Elasticsearch reference, "Security settings"
    "elasticsearch": "Set xpack.security.enabled: true in elasticsearch.yml.",
    # OpenSearch documentation, "Disabling and enabling the Security plugin"
    "opensearch": "Set plugins.security.disabled: false in opensearch.yml.",
    # Docker manual, "Protect the Docker daemon socket"
    "docker": (
        "Take the tcp:// address out of dockerd's hosts, or demand client certificates with"
        " --tlsverify. Anyone who reaches this API is root on the machine."
    ),
    # podman-system-service(1)
    "podman": "Run podman system service on a unix socket instead of tcp://.",
    # mosquitto.conf(5)
    "mosquitto": "Set allow_anonymous false and password_file in mosquitto.conf.",
    # RabbitMQ documentation, "Access Control", anonymous login
    "rabbitmq": "Set anonymous_login_user = none in rabbitmq.conf.",
    # Ollama FAQ: it has no authentication of its own
    "ollama": (
        "Keep OLLAMA_HOST at 127.0.0.1, or put a proxy that asks for a password in front of"
        " Ollama, which has no password."
    ),
}
"""How to make the product ask for a password, by product in lower case.

What is said of all servers of a protocol is in :data:`checks.rules.protocols.PROTOCOLS`."""

DEBUG: dict[str, str] = {
    # Node.js manual, "Debugging - Getting Started"
    "node.js inspector": "Start Node without --inspect, or with --inspect=127.0.0.1:9229.",
    # Chrome DevTools Protocol; Chromium, --remote-debugging-pipe
    "chrome devtools": "Start the browser without --remote-debugging-port, or with a pipe.",
    # Jupyter Server documentation, "Running a public notebook server"
    "jupyter server": (
        "Start Jupyter with its token: take IdentityProvider.token = '' (or ServerApp.token,"
        " NotebookApp.token) out of the configuration."
    ),
    # Flask documentation, "Debugging Application Errors"; Werkzeug, "Debugger"
    "werkzeug": "Run without the debugger: app.run(debug=False), flask run without --debug.",
    # Django documentation, settings, DEBUG
    "django": "Set DEBUG = False in settings.py where others can connect.",
    # debugpy, command line reference
    "debugpy": "Start without debugpy, or with --listen 127.0.0.1:5678.",
    # Delve, "dlv", options
    "delve": "Stop dlv, or start it with --listen=127.0.0.1:2345.",
}
"""How to switch a debugger off, or keep it to this machine."""

HOSTS: dict[str, str] = {
    # Vite, server.allowedHosts
    "vite": "Update Vite, and name your hosts in server.allowedHosts instead of true.",
    # webpack-dev-server, devServer.allowedHosts
    "webpack-dev-server": "Set devServer.allowedHosts to 'auto' or a list, not to 'all'.",
    # Django documentation, settings, ALLOWED_HOSTS
    "django": "Name your hosts in ALLOWED_HOSTS in settings.py, without '*'.",
    "python wsgiref": "For Django: name your hosts in ALLOWED_HOSTS in settings.py, without '*'.",
    # Werkzeug, werkzeug.wrappers.Request.trusted_hosts; Flask 3.1, TRUSTED_HOSTS
    "werkzeug": "In Flask 3.1 and later, set TRUSTED_HOSTS to a list of your hosts.",
    # nginx, "Server names", "How to prevent processing requests with undefined server names"
    "nginx": "Add a default server that answers all other names with return 444.",
    # Apache HTTP Server, "Name-based Virtual Host Support"
    "apache": "Make the first virtual host one that denies all, and name the real one after it.",
    # Jupyter Server, ServerApp.allow_remote_access
    "jupyter server": "Keep ServerApp.allow_remote_access at False. It checks the Host header.",
}
"""How to make the product refuse names that are not its own."""

CORS: dict[str, str] = {
    # Vite, server.cors
    "vite": "Keep server.cors at its default, or list the origins instead of true.",
    # webpack-dev-server, devServer.headers
    "webpack-dev-server": "Take Access-Control-Allow-Origin out of devServer.headers.",
    # Ollama FAQ, OLLAMA_ORIGINS
    "ollama": "Set OLLAMA_ORIGINS to the origins that need it, not to *.",
    # Elasticsearch reference, "HTTP", CORS
    "elasticsearch": "Name the origins in http.cors.allow-origin instead of * or /.*/.",
    # Jupyter Server, ServerApp.allow_origin
    "jupyter server": "Keep ServerApp.allow_origin and allow_credentials at their defaults.",
}
"""How to let fewer sites read."""

_TABLES = {
    "PASSWORD": (PASSWORD, "Set a password in the service's own configuration."),
    "DEBUG": (DEBUG, "Start the program without its debugger when it is not needed."),
    "HOSTS": (HOSTS, "Make the server reject requests whose Host header is not its own name."),
    "CORS": (CORS, "List the origins that may read the answers, instead of allowing all."),
}
"""By name: the products' lines, and the advice for all others."""


_AT_PORT = re.compile(r"(127\.0\.0\.1:)\d{1,5}", re.ASCII)

_IN_PLACE = {
    ("PASSWORD", "ollama"): "Put a proxy that asks for a password in front of Ollama.",
    ("DEBUG", "node.js inspector"): "Start Node without --inspect when you are not debugging.",
    ("DEBUG", "debugpy"): "Start without debugpy when you are not debugging.",
    ("DEBUG", "delve"): "Stop dlv when you are not debugging.",
    ("DEBUG", "django"): "Set DEBUG = False in settings.py when you are not debugging.",
}
"""The lines above that name 127.0.0.1, as they are where that address is no remedy."""


def fix(
    table: str, identity: Identity, *, port: int | None = None, movable: bool = True
) -> tuple[Fix]:
    """The one line of a table that fits a service, or the general advice.

    Arguments:
        table: ``PASSWORD``, ``DEBUG``, ``HOSTS`` or ``CORS``.
        identity: what speaks there.
        port: where it does; a line that names the usual port then names this one.
        movable: whether it may be told to listen on 127.0.0.1. It may not where it does so, nor
            in a container that has published the port: there the address is the container's own.
    """
    lines, general = _TABLES[table]
    product = (identity.product or "").lower()
    line = None if movable else _IN_PLACE.get((table, product))
    line = line or lines.get(product) or _of_protocol(table, identity, movable) or general
    return (Fix(_AT_PORT.sub(rf"\g<1>{port}", line) if port else line),)


def _of_protocol(table: str, identity: Identity, movable: bool) -> str:
    """What is said of all servers of a protocol; "" where nothing is."""
    protocol = BY_NAME.get(identity.protocol or "")
    if protocol is None:
        return ""
    if table == "PASSWORD":
        return protocol.lock
    if table == "DEBUG" and protocol.stop:
        return f"{protocol.stop}, or {protocol.keep}." if movable else f"{protocol.stop}."
    return ""
