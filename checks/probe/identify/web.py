"""Which server and which framework gave an HTTP page, as far as they say so.

Known by the Server and X-Powered-By headers, by marks that the framework
itself puts into its pages, and, where a page gives reason, by one further
read-only request to a path that the product documents.
"""

from __future__ import annotations

from checks.model.records import NamedTuple
from checks.probe.identify.found import Found, details, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from checks.probe.identify.page import Page

SERVERS = {
    "apache": "Apache",
    "werkzeug": "Werkzeug",
    "simplehttp": "Python http.server",
    "wsgiserver": "Python wsgiref",
    "basehttp": "Python http.server",
    "tornadoserver": "Tornado",
    "cowboy": "Cowboy",
    "docker": "Docker",
    "libpod": "Podman",
}
"""Names in a Server header, in lower case, where the product is called otherwise."""


def name(page: Page) -> Found:
    """The product of a page by its headers and marks, without a further request."""
    product, version = _server(page.header("server") or "")
    powered = page.header("x-powered-by")
    if product is None and powered:
        product, version = _product(powered)
    found = Found(
        "http",
        product,
        version,
        details(
            server=page.header("server"),
            powered_by=powered,
            title=page.title,
            status=f"{page.status} {page.reason}".strip(),
            location=page.header("location"),
        ),
        authentication="required" if page.status == 401 else None,
    )
    for mark in (_elastic, _vite, _ollama, _php, _django, _tor, _kubernetes, _rabbitmq, _metrics):
        found = mark(page, found)
    return found


def _server(said: str) -> tuple[str | None, str | None]:
    """The first word of a Server header (RFC 9110 §10.2.4), as product and version."""
    return _product(said.replace("(", " (")) if said else (None, None)


def _product(said: str) -> tuple[str | None, str | None]:
    first = said.split()[0] if said.split() else ""
    product, _, version = first.partition("/")
    return SERVERS.get(product.lower(), product) or None, version or None


def _elastic(page: Page, found: Found) -> Found:
    """The root of Elasticsearch and OpenSearch: cluster name, version, tagline."""
    if page.header("x-elastic-product") == "Elasticsearch" and page.status == 401:
        return found._replace(product="Elasticsearch", authentication="required")
    if b'"cluster_name"' not in page.body and b'"tagline"' not in page.body:
        return found
    said = page.json()
    about = said.get("version")
    if not isinstance(about, dict) or "cluster_name" not in said:
        return found
    product = "OpenSearch" if about.get("distribution") == "opensearch" else "Elasticsearch"
    more = details(cluster=said["cluster_name"])
    return found._replace(
        product=product,
        version=text(str(about.get("number") or "")) or None,
        authentication="none",
        details=found.details + more,
    )


def _vite(page: Page, found: Found) -> Found:
    """Vite puts its client into every HTML page it serves in development."""
    return found._replace(product="Vite") if b"/@vite/client" in page.body else found


def _ollama(page: Page, found: Found) -> Found:
    return found._replace(product="Ollama") if page.body == b"Ollama is running" else found


def _php(page: Page, found: Found) -> Found:
    """The built-in server's own error page, or its header without a Server header."""
    powered = page.header("x-powered-by") or ""
    own = b"was not found on this server." in page.body and b'<code class="url">' in page.body
    if own or (powered.startswith("PHP/") and page.header("server") is None):
        version = powered.partition("/")[2] or None
        return found._replace(product="PHP built-in server" if own else "PHP", version=version)
    return found


def _django(page: Page, found: Found) -> Found:
    """Pages that Django shows only with ``DEBUG = True``."""
    debug = b"You\xe2\x80\x99re seeing this error because you have <code>DEBUG = True</code>"
    plain = b"because you have <code>DEBUG = True</code>"
    welcome = b"The install worked successfully! Congratulations!"
    technical = b'content="NONE,NOARCHIVE"' in page.body and " at /" in (page.title or "")
    if technical or debug in page.body or plain in page.body or welcome in page.body:
        return found._replace(product="Django", version=None, traits=(*found.traits, "debug-pages"))
    return found


def _tor(page: Page, found: Found) -> Found:
    """Tor's SOCKS port answers a browser that mistook it for an HTTP proxy."""
    if page.status == 501 and b"Tor is not an HTTP Proxy" in (page.reason.encode() + page.body):
        return found._replace(protocol="socks", product="Tor")
    return found


def _kubernetes(page: Page, found: Found) -> Found:
    """The API server's Status object, or its list of paths."""
    said = page.json() if b'"kind"' in page.body or b'"paths"' in page.body else {}
    if said.get("kind") == "Status" and said.get("apiVersion") == "v1":
        wants = "required" if page.status in (401, 403) else None
        return found._replace(product="Kubernetes API", authentication=wants)
    return found


def _rabbitmq(page: Page, found: Found) -> Found:
    if page.title == "RabbitMQ Management":
        return found._replace(product="RabbitMQ Management", version=None)
    return found


def _metrics(page: Page, found: Found) -> Found:
    """Titles of Prometheus and its exporters' landing pages."""
    title = page.title or ""
    if title.endswith("Exporter") or title.startswith("Prometheus"):
        return found._replace(product=title.partition(" Time Series")[0])
    return found


class Check(NamedTuple):
    """One further request.

    Arguments:
        path: as documented by the product.
        when: whether the first page, and the port, give reason to ask.
        read: what the answer makes of what was found so far.
    """

    path: str
    when: Callable[[Page, Found, int], bool]
    read: Callable[[Page, Found], Found]


def _may_be_devtools(page: Page, _: Found, port: int) -> bool:
    if b"WebSockets request was expected" in page.body:  # Node's inspector says so
        return True
    empty = page.good and page.header("content-length") == "0" and not page.header("server")
    return empty or 9222 <= port < 9240


def _devtools(page: Page, found: Found) -> Found:
    """``/json/version`` of the Chrome DevTools Protocol and of Node's inspector."""
    said = page.json()
    browser = said.get("Browser")
    if not page.good or not isinstance(browser, str) or "Protocol-Version" not in said:
        return found
    product, _, version = text(browser).partition("/")
    node = product == "node.js"
    return found._replace(
        product="Node.js inspector" if node else "Chrome DevTools",
        version=version.removeprefix("v") or None,
        details=found.details + details(browser=product),
        authentication="none",
        traits=(*found.traits, "debug-interface"),
    )


def _may_be_jupyter(page: Page, found: Found, port: int) -> bool:
    lands = (page.header("location") or "").startswith(("/tree", "/lab", "/login", "/notebooks"))
    return found.product == "Tornado" or lands or port in (8888, 8889)


def _jupyter_version(page: Page, found: Found) -> Found:
    """``/api`` of the Jupyter Server REST API: the version, open to anyone."""
    version = page.json().get("version")
    if not page.good or not isinstance(version, str):
        return found
    return found._replace(product="Jupyter Server", version=text(version))


def _jupyter_status(page: Page, found: Found) -> Found:
    """``/api/status``: 403 to whoever has no token; else the kernels are open."""
    if page.good and "kernels" in page.json() and "connections" in page.json():
        traits = (*found.traits, "debug-interface")
        return found._replace(product="Jupyter Server", authentication="none", traits=traits)
    if page.status in (401, 403) and found.product == "Jupyter Server":
        return found._replace(authentication="required")
    return found


def _may_be_werkzeug(_: Page, found: Found, __: int) -> bool:
    return found.product == "Werkzeug"


def _werkzeug(page: Page, found: Found) -> Found:
    """A static file of Werkzeug's debugger: there only while the debugger is on."""
    if page.good and (page.header("content-type") or "").startswith("text/css"):
        return found._replace(traits=(*found.traits, "debug-interface"))
    return found


def _may_be_django(_: Page, found: Found, __: int) -> bool:
    return found.product == "Python wsgiref" and "debug-pages" not in found.traits


def _may_be_vite(page: Page, found: Found, port: int) -> bool:
    return found.product is None and not page.good and port in (4173, 5173, 5174, 5175)


def _vite_client(page: Page, found: Found) -> Found:
    script = "javascript" in (page.header("content-type") or "")
    return found._replace(product="Vite") if page.good and script else found


def _may_be_webpack(page: Page, found: Found, port: int) -> bool:
    scripts = b"<script" in page.body
    express = found.product == "Express"
    return (express and (scripts or not page.good)) or (
        found.product is None and port in (8080, 8081, 3000, 3001, 4200) and scripts
    )


def _webpack(page: Page, found: Found) -> Found:
    """``/webpack-dev-server`` lists the assets of the build."""
    if page.good and b"Assets Report:" in page.body:
        return found._replace(product="webpack-dev-server", version=None)
    return found


def _is_ollama(_: Page, found: Found, __: int) -> bool:
    return found.product == "Ollama"


def _ollama_version(page: Page, found: Found) -> Found:
    version = page.json().get("version")
    if not page.good or not isinstance(version, str):
        return found
    return found._replace(version=text(version), authentication="none")


def _may_be_docker(page: Page, found: Found, port: int) -> bool:
    return bool(page.header("api-version")) or found.product in ("Docker", "Podman") or port == 2375


def _docker(page: Page, found: Found) -> Found:
    """``/version`` of the Docker Engine API: whoever may read it may run containers."""
    said = page.json()
    if page.status in (401, 403) and found.product in ("Docker", "Podman"):
        return found._replace(authentication="required")
    if not page.good or not isinstance(said.get("ApiVersion"), str):
        return found
    product = "Podman" if found.product == "Podman" else "Docker"
    version = said.get("Version")
    return found._replace(
        product=product,
        version=text(version) if isinstance(version, str) else found.version,
        details=found.details + details(api_version=said["ApiVersion"]),
        authentication="none",
    )


def _is_kubernetes(_: Page, found: Found, port: int) -> bool:
    return found.product == "Kubernetes API" or (port == 6443 and found.product is None)


def _kubernetes_version(page: Page, found: Found) -> Found:
    """``/version``: open to anyone by default (RBAC role system:public-info-viewer)."""
    version = page.json().get("gitVersion")
    if not page.good or not isinstance(version, str):
        return found
    return found._replace(product="Kubernetes API", version=text(version).removeprefix("v"))


CHECKS = (
    Check("/json/version", _may_be_devtools, _devtools),
    Check("/api", _may_be_jupyter, _jupyter_version),
    Check("/api/status", _may_be_jupyter, _jupyter_status),
    Check("/?__debugger__=yes&cmd=resource&f=style.css", _may_be_werkzeug, _werkzeug),
    Check("/loopback-checks-asks-for-a-page-that-is-not", _may_be_django, _django),
    Check("/@vite/client", _may_be_vite, _vite_client),
    Check("/webpack-dev-server", _may_be_webpack, _webpack),
    Check("/api/version", _is_ollama, _ollama_version),
    Check("/version", _may_be_docker, _docker),
    Check("/version", _is_kubernetes, _kubernetes_version),
)
"""In this order: a later one sees what an earlier one found."""

MOST_CHECKS = 3


def checks(page: Page, found: Found, port: int) -> tuple[Check, ...]:
    """The further requests that a first page gives reason for."""
    return tuple(check for check in CHECKS if check.when(page, found, port))[:MOST_CHECKS]


def same(one: Page, other: Page) -> bool:
    """Whether two answers are the same page: both good, of one kind, and alike."""
    if not (one.good and other.good and one.status == other.status):
        return False
    if one.header("content-type") != other.header("content-type"):
        return False
    if one.title is not None or other.title is not None:
        return one.title == other.title
    return one.body[:64] == other.body[:64]


def cors(page: Page, origin: str) -> tuple[str, ...]:
    """What a page lets the scripts of *origin* read (Fetch, "CORS protocol").

    A star with credentials is refused by browsers, so it counts as a star.
    """
    allowed = page.header("access-control-allow-origin")
    if allowed == origin and page.header("access-control-allow-credentials") == "true":
        return ("open-cors",)
    return ("any-origin",) if allowed in (origin, "*") else ()
