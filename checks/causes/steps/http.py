"""The first steps where a server, a proxy or a browser answered, and not as it should.

Sources: curl(1), "Proxy"; Microsoft Learn, "netsh winhttp"; docker-exec(1); MDN, "CORS errors",
"Mixed content" and "Secure contexts"; Chrome for Developers, "Local Network Access"; Android
Developers, "Network security configuration"; Apple, "NSAppTransportSecurity"; Fetch Standard,
"port blocking"; RFC 6265 §8.5 (cookies and ports); RFC 8252 §7.3; Vite, webpack, Django, Rails
and Next.js on their settings of allowed hosts; Microsoft Learn, "CheckNetIsolation".
"""

from __future__ import annotations

from checks.causes.steps import curl, per_system
from checks.causes.steps.tls import where
from checks.findings.base import Fix
from checks.findings.commands import LINUX, WINDOWS, is_safe
from checks.model.words import at, bracketed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.causes.situation import Situation


_FEW = 8
"""So many endpoints are looked through for the page's origin."""


def _url(situation: Situation) -> str:
    endpoint = situation.asked
    scheme = endpoint.scheme if endpoint and endpoint.scheme in ("http", "https") else "http"
    return f"{scheme}://{where(situation)}/"


def right_path(situation: Situation) -> tuple[Fix, ...]:
    """Ask a path that the server has."""
    return (
        *curl(
            "Compare the path and the method with the routes of the program.",
            f"-i {_url(situation)}",
            "Any HTTP answer: the connection works, and only the path is wrong.",
        ),
        Fix("Check for a missing or doubled prefix, such as /api, and for a slash at the end."),
    )


def right_method(situation: Situation) -> tuple[Fix, ...]:
    """Use a method that the path takes. Source: RFC 9110 §15.5.6, Allow."""
    return (
        *curl(
            "Show which methods the path accepts.",
            f"-i -X OPTIONS {_url(situation)}",
            "Allow lists them. A plain file server accepts only GET and HEAD.",
        ),
    )


def websocket(situation: Situation) -> tuple[Fix, ...]:
    """Let the WebSocket arrive. Source: RFC 6455 §4.2.2, nginx "WebSocket proxying"."""
    return (
        *curl(
            "Compare the path of the ws:// address with the path that the server uses.",
            f"-i {_url(situation)}",
            "An HTTP page: this path speaks HTTP, not WebSocket.",
        ),
        Fix("If a proxy is in front, make it pass on the headers Upgrade and Connection."),
    )


def cookies(_: Situation) -> tuple[Fix, ...]:
    """Give each program a name of its own."""
    return (
        Fix(
            "Give each program another host name, such as app-a.localhost and app-b.localhost.",
            look_for="Chrome and Firefox resolve such names. Safari needs macOS 26 or later.",
        ),
        Fix("Or give each program another name for its session cookie."),
    )


def cors(situation: Situation) -> tuple[Fix, ...]:
    """Allow the page's origin, or fetch through the page's own server."""
    if "null-origin" in situation.marks:
        return (
            Fix(
                "Open the page through a local server instead of as a file.",
                "python3 -m http.server 8000 --bind 127.0.0.1",
                look_for="A file:// page has the origin null, which servers usually do not allow.",
            ),
            Fix("Then allow that origin in the server: Access-Control-Allow-Origin."),
        )
    return (
        *curl(
            "Make the server send Access-Control-Allow-Origin with the page's origin, as it is in"
            " the address bar.",
            f'-i -H "Origin: {_origin(situation)}" {_url(situation)}',
            "The header in the answer allows the origin. localhost, 127.0.0.1 and each port are"
            " different origins.",
        ),
        Fix("Or use the proxy of the page's own server, with a path such as /api."),
    )


def _origin(situation: Situation) -> str:
    """The page's origin as the text has it; a common one where it does not tell."""
    for end in situation.classification.endpoints[:_FEW]:
        host = end.host.text.strip("[]") if end.host else ""
        if end.role == "origin" and end.scheme and is_safe(host):
            port = end.port.number if end.port and not end.port.implied else None
            return f"{end.scheme}://{at(host, port) if port else bracketed(host)}"
    return "http://localhost:3000"


def cors_no_answer(situation: Situation) -> tuple[Fix, ...]:
    """See whether an answer comes at all."""
    return (
        *curl(
            "Test whether the server answers outside the browser.",
            f"-i {_url(situation)}",
            "No answer: the connection failed, not CORS. An answer without"
            " Access-Control-Allow-Origin: CORS.",
        ),
        Fix("For https, open the address in a tab: the browser may not accept the certificate."),
    )


def allow_access(situation: Situation) -> tuple[Fix, ...]:
    """See who denies the request. Source: RFC 9110 §15.5.4."""
    return (
        *curl(
            "Show which program answers, and its reason.",
            f"-i {_url(situation)}",
            "The line Server: names the program. It may not be yours.",
        ),
        Fix("Log in, or allow this client in the settings of that program."),
    )


def other_side(situation: Situation) -> tuple[Fix, ...]:
    """Read why the other side closed."""
    return (
        Fix(
            "Read the log of the other end at the same second.",
            look_for="A crash or a timeout there explains it. In a server's log, it is usually a"
            " client that closed early, which is harmless.",
        ),
        Fix("Check whether the server is still running.", f"python3 -m checks {where(situation)}"),
    )


def whole_answer(situation: Situation) -> tuple[Fix, ...]:
    """Ask without a browser."""
    return (
        *curl(
            "Fetch the address without the browser.",
            f"-v -o /dev/null {_url(situation)}",
            "It ends early too: read the server's log. It is complete: an extension, a proxy or"
            " an antivirus is in between.",
        ),
    )


def redis_password(_: Situation) -> tuple[Fix, ...]:
    """Give Redis a password. Source: redis.io, "Security", protected mode."""
    return (
        Fix(
            "On the server, set a password with requirepass in redis.conf, and restart Redis.",
            look_for="Without a password, protected mode answers only 127.0.0.1 and ::1.",
        ),
        Fix(
            "Or connect through an SSH tunnel. Put the server's name for SERVER.",
            "ssh -N -L 6379:127.0.0.1:6379 SERVER",
        ),
    )


def pg_hba(_: Situation) -> tuple[Fix, ...]:
    """Add a line to pg_hba.conf. Source: PostgreSQL, "The pg_hba.conf File"."""
    return (
        *per_system(
            "On the server, find the file and add a line for the client in the message.",
            "sudo -u postgres psql -c 'SHOW hba_file'",
            "psql -c 'SHOW hba_file' postgres",
            'psql -U postgres -c "SHOW hba_file"',
            "The line: host DATABASE USER ADDRESS/32 scram-sha-256. Then reload the server.",
        ),
        Fix("If the message ends with no encryption, use sslmode=require in the client."),
    )


def upstream(_: Situation) -> tuple[Fix, ...]:
    """Read why the server behind the proxy did not answer."""
    return (
        Fix(
            "Show the last errors of the proxy.",
            "sudo tail -n 20 /var/log/nginx/error.log",
            LINUX,
            "connect() failed (111: ...): the address after upstream refused. Test it.",
        ),
        Fix("If the proxy is in a container, use the other container's name, not localhost."),
    )


def forbidden_port(_: Situation) -> tuple[Fix, ...]:
    """Move the server to a port that browsers open."""
    return (
        Fix(
            "Make the server use another port, such as 8080 or 3000.",
            look_for="Browsers and fetch block a fixed list of ports for every server.",
        ),
    )


def allow_host(situation: Situation) -> tuple[Fix, ...]:
    """Add the name to the server's list."""
    return (
        Fix(
            _host_setting(situation),
            look_for="Add only this name. With true or *, any page can read it by DNS rebinding.",
        ),
        Fix("Or use localhost or 127.0.0.1 in the address, which such checks accept."),
    )


def _host_setting(situation: Situation) -> str:
    """The setting of the server that printed the sentence; of the common ones where unknown."""
    mark = situation.marks.get("host-check")
    words = mark.text.lower() if mark else ""
    if "allowed_hosts" in words or "disallowedhost" in words:
        return "Add the name to ALLOWED_HOSTS in Django's settings."
    if "blocked host" in words:
        return "Add the name to config.hosts in Rails' config/environments/development.rb."
    if "cross-origin" in words:
        return "Add the name to allowedDevOrigins in next.config.js."
    if "host header is specified" in words:
        return "Send the Host header localhost to the debug port, such as through a proxy."
    if "hostname" in words:
        return "Add a binding for the name in IIS, or use localhost."
    return "Add the name to server.allowedHosts (Vite) or devServer.allowedHosts (webpack)."


def devtools_origin(_: Situation) -> tuple[Fix, ...]:
    """Allow the origin for Chrome's debug port. Source: Chromium, remote-allow-origins."""
    return (
        Fix(
            "Start Chrome with --remote-allow-origins= and the origin from the message.",
            look_for="Do not use *: it allows any open page to control the browser.",
        ),
    )


def local_network(_: Situation) -> tuple[Fix, ...]:
    """Allow the permission. Source: Chrome for Developers, "Local Network Access"."""
    return (
        Fix(
            "Allow local network access for the site: click the icon before the address, then"
            " Site settings.",
            look_for="Chrome 142, Edge 143 and later need it. Only https pages can get it.",
        ),
        Fix("Serve the page by https, or from localhost: such a page needs no permission."),
    )


def mixed_content(_: Situation) -> tuple[Fix, ...]:
    """Make page and server agree. Source: W3C, "Mixed Content"."""
    return (
        Fix("Open the page from http://localhost, or make the server use https and wss://."),
        Fix(
            "Or use http://127.0.0.1 or http://localhost: Chrome and Firefox allow that from an"
            " https page."
        ),
    )


def android_cleartext(_: Situation) -> tuple[Fix, ...]:
    """Allow cleartext for one host. Source: Android, "Network security configuration"."""
    return (
        Fix(
            "In res/xml/network_security_config.xml, allow cleartext for this host, only in debug"
            " builds.",
            look_for='<domain-config cleartextTrafficPermitted="true"><domain>10.0.2.2</domain>'
            "</domain-config>",
        ),
        Fix("Add that file to AndroidManifest.xml as android:networkSecurityConfig."),
    )


def ios_ats(_: Situation) -> tuple[Fix, ...]:
    """Allow local networking. Source: Apple, "NSAllowsLocalNetworking"."""
    return (
        Fix(
            "Add NSAppTransportSecurity with NSAllowsLocalNetworking = YES to Info.plist.",
            look_for="It covers localhost, .local names and IP addresses, but not app.localhost.",
        ),
        Fix("Or serve https with a certificate that the device trusts."),
    )


def content_policy(_: Situation) -> tuple[Fix, ...]:
    """Add the address to the page's policy. Source: CSP Level 3, connect-src."""
    return (
        Fix(
            "Add the address to connect-src in the page's Content-Security-Policy.",
            look_for="Write scheme and port: http://localhost:4000 ws://localhost:4000.",
        ),
    )


def extension(_: Situation) -> tuple[Fix, ...]:
    """See whether an extension blocks."""
    return (
        Fix(
            "Open the page in a private window without extensions.",
            look_for="If it works there, turn off the blocker for this site.",
        ),
    )


def reload(_: Situation) -> tuple[Fix, ...]:
    """Ask again, and look for what changes the network."""
    return (
        Fix(
            "Reload the page.",
            look_for="If the error returns, a VPN, a virtual machine or a container engine changes"
            " the network. Stop them one by one.",
        ),
    )


def resource_policy(situation: Situation) -> tuple[Fix, ...]:
    """See which header it is. Source: Fetch Standard, Cross-Origin-Resource-Policy."""
    return (
        *curl(
            "Show the headers of the answer.",
            f"-sI {_url(situation)}",
            "Cross-Origin-Resource-Policy: make the server send cross-origin for this file."
            " X-Frame-Options: remove it if others may frame the page.",
        ),
    )


def secure_context(_: Situation) -> tuple[Fix, ...]:
    """Use an address that counts as secure. Source: W3C, "Secure Contexts"."""
    return (
        Fix("Open the page from http://localhost or http://127.0.0.1, which count as secure."),
        Fix("For other devices, serve https: http:// with an IP address does not count."),
    )


def loopback_exempt(_: Situation) -> tuple[Fix, ...]:
    """Exempt the packaged app. Source: Microsoft Learn, "CheckNetIsolation"."""
    return (
        Fix(
            "Show which apps are allowed to use loopback.",
            "CheckNetIsolation LoopbackExempt -s",
            WINDOWS,
        ),
        Fix(
            "As administrator, allow the app to use loopback.",
            'CheckNetIsolation LoopbackExempt -a -n="PACKAGEFAMILY"',
            WINDOWS,
            "Get-AppxPackage | Select-Object PackageFamilyName shows the PACKAGEFAMILY.",
        ),
    )


def other_protocol(situation: Situation) -> tuple[Fix, ...]:
    """Find out what speaks there."""
    return (
        Fix(
            "Show which program and protocol is on this port.",
            f"python3 -m checks {where(situation)}",
            look_for="Use the client of that service, or the port of its web page.",
        ),
    )


def redirect_loop(situation: Situation) -> tuple[Fix, ...]:
    """Follow the redirects. Source: curl(1), --max-redirs."""
    return (
        *curl(
            "Show the redirects.",
            f"-sIL --max-redirs 5 {_url(situation)}",
            "Location repeats: behind a proxy, pass on X-Forwarded-Proto.",
        ),
        Fix("Delete the cookies of this host, and try again."),
    )


def redirect_uri(_: Situation) -> tuple[Fix, ...]:
    """Register the address. Source: RFC 8252 §7.3 and §8.3."""
    return (
        Fix(
            "Register the redirect address with the provider, exactly as it is in the message.",
            look_for="127.0.0.1 and localhost differ. Many allow any port only for 127.0.0.1.",
        ),
    )
