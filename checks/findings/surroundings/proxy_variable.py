"""N801 proxy-variable."""

from __future__ import annotations

from checks.findings import commands, wording
from checks.findings.address.host import block_of, purpose_of
from checks.findings.base import Finding, Fix, Match, Subject
from checks.findings.expected import expected
from checks.findings.witness import is_local, port_of
from checks.model import words
from checks.rules import proxies
from checks.rules.places import destination

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.model.evidence import Probe


class ProxyVariable(Finding):
    """A variable of the shell sends requests for this machine to a proxy.

    What it means
    -------------
    Some HTTP clients read the variables http_proxy, https_proxy and all_proxy, and send each
    request to that proxy. NO_PROXY lists the hosts that need no proxy. If it does not list the
    host of the endpoint, the proxy gets the request. For the proxy, 127.0.0.1 is the proxy's own
    machine, so it answers 502, 503 or 403, or it does not answer. The connection test of the
    check uses no proxy.

    How it is detected
    ------------------
    The check reads the variables of its environment, without user and password. It applies
    the rules of each client to the host and port:

    - curl reads http_proxy in lower case only, and the others in both. NO_PROXY may have networks
      such as 127.0.0.0/8 (since curl 7.86).
    - Wget reads the variables in lower case only, and does not understand a star or networks.
    - Python's urllib reads both cases, and compares an IPv6 address with its brackets.
    - requests, and so pip, reads both cases, IPv4 networks, and all_proxy.
    - Node.js reads them with NODE_USE_ENV_PROXY=1 (since 22.21 and 24.0), and compares hosts as
      they are written.
    - Go uses a proxy for other private hosts and for names such as app.localhost, and never for
      localhost and loopback addresses.

    Browsers and Ruby use no proxy for loopback. Other programs have rules that the check does not
    know. There is no finding for another protocol than HTTP, or for an address outside private
    networks. It is a notice if no HTTP server answered.

    Why it happens
    --------------
    - A company's set-up exports http_proxy for every shell.
    - NO_PROXY lists localhost, and the URL has 127.0.0.1, or the reverse.
    - NO_PROXY is set in upper case only, and the client reads it in lower case, as Wget does.

    What to do
    ----------
    List the name and the addresses, in both cases of the variable. Then test again in the same
    shell:

    - Linux: `export NO_PROXY=localhost,127.0.0.1,::1 no_proxy=localhost,127.0.0.1,::1`
    - macOS: the same command
    - Windows: Set it in PowerShell: `$env:NO_PROXY = 'localhost,127.0.0.1,::1'`.

    Guide
    -----
    troubleshooting/proxies/#no-proxy

    Sources
    -------
    - curl manual, environment: https://curl.se/docs/manpage.html#ENVIRONMENT
    - GNU Wget manual, proxies: https://www.gnu.org/software/wget/manual/html_node/Proxies.html
    - Python manual, urllib.request.ProxyHandler:
      https://docs.python.org/3/library/urllib.request.html
    - requests, src/requests/utils.py, should_bypass_proxies: https://github.com/psf/requests
    - Node.js manual, built-in proxy support: https://nodejs.org/api/http.html
    - Go, net/http, ProxyFromEnvironment: https://pkg.go.dev/net/http#ProxyFromEnvironment
    - Chromium, proxy support, implicit bypass rules:
      https://chromium.googlesource.com/chromium/src/+/HEAD/net/docs/proxy.md
    """

    code = "N801"
    slug = "proxy-variable"
    severity = "warning"
    title = "Requests may go to a proxy"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where a client that reads the variables would use the proxy for the endpoint."""
        probe, port = subject.probe, port_of(subject)
        if probe is None or port is None:
            return None
        request = _request(subject, probe, port)
        variables = dict(probe.machine.proxies)
        found = proxies.misled(variables, request) if request is not None else {}
        if request is None or not found:
            return None
        names = dict.fromkeys(value for value in found.values() if value != "?")
        which = f" {wording.joined(list(names), 'or')}" if names else ""
        here = words.at(request.host, port)
        set_ones = [name for name in words.PROXY_VARIABLES if name in variables]
        brief = (
            f"From this shell {wording.joined(list(found))} would send requests for {here}"
            f" to the proxy{which}."
        )
        text = f"{brief} {_lists(variables, request.host)}"
        if request.loopback:
            never = wording.joined([name for name in proxies.NEVER if name not in found])
            text += f" {never[0].upper()}{never[1:]} use no proxy for it."
        identity = probe.identity
        answered = identity is not None and identity.protocol == "http"
        lines = tuple(f"environment: {name}={variables[name]}" for name in set_ones)
        severity = None if answered else "notice"
        return Match(text, _fixes(subject, request), lines, severity, brief=brief)


def _request(subject: Subject, probe: Probe, port: int) -> proxies.Request | None:
    """The request that an HTTP client would make; None where none would, or the host is public."""
    endpoint, identity = subject.endpoint, probe.identity
    scheme = (endpoint.scheme or "").lower() if endpoint is not None else ""
    want = expected(endpoint)
    if scheme not in ("", "http", "https") or (want is not None and want.protocol != "http"):
        return None
    if identity is not None and identity.protocol not in (None, "http", "tls"):
        return None
    host = endpoint.host if endpoint is not None else None
    text = (host.address or host.text.strip("[]")).lower() if host is not None else "127.0.0.1"
    loopback = host is None or host.loopback or text.endswith(".localhost")
    if not loopback and not _is_private(subject, probe):
        return None
    secure = scheme == "https" or (not scheme and identity is not None and identity.tls is not None)
    return proxies.Request("https" if secure else "http", text, port, loopback)


def _is_private(subject: Subject, probe: Probe) -> bool:
    """Whether the host is of a private network, or of this machine."""
    host = subject.endpoint.host if subject.endpoint is not None else None
    block = block_of(host) if host is not None and host.version else None
    if block is not None:
        return purpose_of(block) == "private"
    tried = (one for one in probe.attempts if one.outcome != "skipped")
    return any(is_local(destination(one.address), probe.machine) for one in tried)


def _lists(variables: dict[str, str], host: str) -> str:
    """What the list of exclusions is, as a sentence."""
    listed = {name: variables[name] for name in ("NO_PROXY", "no_proxy") if variables.get(name)}
    if not listed:
        return f"NO_PROXY is not set, so {host} is not excluded."
    name, value = next(iter(listed.items()))
    return f"{name} is {wording.clip(value)!r}, which does not exclude {host} for them."


def _fixes(subject: Subject, request: proxies.Request) -> tuple[Fix, ...]:
    """How to exclude this machine, and how to test without a proxy."""
    hosts = proxies.LOCAL_HOSTS
    if ":" in request.host and commands.is_safe(request.host):
        hosts += f",[{request.host}]"
    elif request.host not in hosts.split(",") and commands.is_safe(request.host):
        hosts += f",{request.host}"
    known = dict(subject.probe.machine.proxies) if subject.probe is not None else {}
    before = next((f"${name}," for name in ("NO_PROXY", "no_proxy") if known.get(name)), "")
    listed = f'export NO_PROXY="{before}{hosts}"; export no_proxy="$NO_PROXY"'
    url = f"{request.scheme}://{words.at(request.host, request.port)}/"
    return commands.for_machine(
        subject.probe,
        commands.each(
            "Exclude this machine from the proxy, in the shell that the client runs in.",
            listed,
            listed,
            f"$env:NO_PROXY = '{hosts}'",
        ),
        commands.each(
            "Test once without a proxy.",
            f"curl --noproxy '*' -sv '{url}'",
            f"curl --noproxy '*' -sv '{url}'",
            f'curl.exe --noproxy "*" -sv "{url}"',
        )
        if commands.is_safe(request.host)
        else (),
    )
