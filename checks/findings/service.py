"""Group S: what speaks on the port, and what it lets anyone do.

All of it rests on harmless questions that were asked on the port itself; see
:class:`checks.model.evidence.Identity`. What was not asked is not judged.
"""

from __future__ import annotations

from checks.findings import speech, wording
from checks.findings.access import is_open, who_can
from checks.findings.base import Finding, Fix, Match
from checks.findings.conversation import talk
from checks.findings.expected import expected
from checks.rules.protocols import BY_SCHEME, with_tls, without_tls

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.findings.base import Subject
    from checks.findings.conversation import Talk
    from checks.findings.expected import Expected
    from checks.model.evidence import Identity

"""Protocols that change over to TLS inside; their clients verify only when told to."""

_DEBUGGERS = {
    "jdwp": "a Java debugger (JDWP)",
    "dap": "a debugger (Debug Adapter Protocol)",
}
_DEBUG_PRODUCTS = {
    "node.js inspector": "the inspector of Node.js",
    "chrome devtools": "the remote debugging port of a browser",
    "jupyter server": "a Jupyter server without a token",
    "werkzeug": "a Flask or Werkzeug application with its debugger on",
}


def _asks(want: Expected) -> str:
    """Who wants the protocol: the URL, or the port's custom."""
    return f"the URL says {want.why}" if want.asked else f"{want.why} is for it"


class ServiceIdentified(Finding):
    """The service says what it is.

    What it means
    -------------
    The message names the protocol that is spoken on the port, and product and version as the
    server gives them. A server may give any name that it likes, and many hide their version. That
    a protocol is spoken well enough to be recognised does not tell whether the service is well.

    How it is detected
    ------------------
    The check waits for a greeting, then asks what the port suggests, then a short list of
    protocols. It takes a second and 16 KiB at most, only reads, and tries no password. Each
    question and its answer is in the evidence. Debuggers that a connection would disturb are
    recognised by the listener's command line and not asked.

    Why it happens
    --------------
    Most protocols begin with a greeting, or answer a harmless request from anyone: SSH, mail and
    MySQL greet first, HTTP answers GET, PostgreSQL answers a request for encryption.

    What to do
    ----------
    Nothing. To leave the questions out, add `--no-identify`. To ask by hand:

    - Linux: `curl -v http://127.0.0.1:62893/`,
      `openssl s_client -connect 127.0.0.1:62893`, `nc 127.0.0.1 62893`
    - macOS: the same commands
    - Windows: `curl.exe -v http://127.0.0.1:62893/`

    Sources
    -------
    - RFC 9110, HTTP semantics, safe methods: https://www.rfc-editor.org/info/rfc9110
    - RFC 8446, TLS 1.3: https://www.rfc-editor.org/info/rfc8446
    - RFC 4253, section 4.2, the greeting of SSH: https://www.rfc-editor.org/info/rfc4253
    - RFC 5321, section 4.2, replies of SMTP: https://www.rfc-editor.org/info/rfc5321
    - PostgreSQL manual, message flow: https://www.postgresql.org/docs/current/protocol-flow.html
    """

    code = "S601"
    slug = "service-identified"
    severity = "ok"
    title = "The service was recognised"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where a protocol was recognised."""
        found = talk(subject)
        if found is None or found.identity.protocol is None:
            return None
        identity = found.identity
        text = f"{found.here} speaks {speech.name(identity)}"
        title = dict(identity.details).get("title")
        text += f', title "{speech.one_line(title)}"' if title else ""
        if identity.behaviour == "not-asked":
            text += ", as the command line of its process says; it was not asked"
        return Match(f"{text}.{_inside(identity)}", evidence=found.evidence())


def _inside(identity: Identity) -> str:
    """A sentence on TLS behind which nothing was recognised."""
    if identity.protocol != "tls" or identity.tls is None:
        return ""
    if identity.tls.version is None and identity.tls.problem:
        return f" {speech.one_line(identity.tls.problem, 200).rstrip('.')}."
    return " What is spoken inside was not recognised."


class UnexpectedService(Finding):
    """The service speaks another protocol than the one that was asked for.

    What it means
    -------------
    A client of the expected protocol reaches a program that does not understand it. It fails with
    a message about the protocol and not about the connection: "invalid response", "bad packet",
    "wrong version number", or it hangs.

    How it is detected
    ------------------
    The protocol that was recognised is compared with the scheme of the URL. Without a URL it is
    compared with the port, where that has one clear owner: its registered service, and no product
    that is known to use the port for something else. Ports such as 8080 are never judged. Whether
    TLS is spoken is the matter of tls-mismatch.

    With a URL it is a warning, because the client of that URL will fail; without one a notice.

    Why it happens
    --------------
    - Another program took the port first, often an older copy or another project's service.
    - A forward, or a published port of a container, leads to the wrong place.
    - The port was chosen because it passes a firewall, such as SSH on 443.

    What to do
    ----------
    Find out which program it is, and move one of the two.

    - Linux: `ss -ltnp 'sport = :5432'`
    - macOS: `lsof -nP -iTCP:5432 -sTCP:LISTEN`
    - Windows: `netstat -ano | findstr :5432`

    Sources
    -------
    - IANA, service names and port numbers:
      https://www.iana.org/assignments/service-names-port-numbers/
    - RFC 6335, section 8, what a registration means: https://www.rfc-editor.org/info/rfc6335
    - RFC 3986, section 3.1, schemes: https://www.rfc-editor.org/info/rfc3986
    """

    code = "S602"
    slug = "unexpected-service"
    severity = "notice"
    title = "Another protocol is spoken than expected"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where a recognised protocol is not the expected one; plain TLS hides it."""
        found = talk(subject)
        want = expected(subject.endpoint)
        if found is None or want is None or found.identity.protocol in (None, "tls"):
            return None
        if found.identity.protocol == want.protocol:
            return None
        text = (
            f"{found.here} speaks {speech.name(found.identity)}, not"
            f" {speech.label(want.protocol)}, although {_asks(want)}."
        )
        fixes = (Fix(f"Find out who uses port {found.port}: {found.who} accepts there."),)
        severity = "warning" if want.asked else None
        return Match(text, found.fixes(fixes), found.evidence(), severity)


class TlsMismatch(Finding):
    """One side begins with TLS and the other in plain text.

    What it means
    -------------
    The client and the server do not understand each other's first bytes. A browser that opens
    https on a plain server shows ERR_SSL_PROTOCOL_ERROR, OpenSSL "wrong version number", Go
    "first record does not look like a TLS handshake". A client that opens http on a TLS server
    gets "400 Bad Request", "Empty reply from server" or binary noise.

    How it is detected
    ------------------
    The scheme of the URL says what the client will do; without a URL, the port does where it has
    one clear owner, such as 443 or 993. The service was asked both ways where that was needed,
    and the evidence tells. Databases that change over to TLS within their protocol, as PostgreSQL
    does, are not judged.

    Why it happens
    --------------
    - A development server speaks plain HTTP while the browser insists on https, because the name
      was marked by HSTS or the browser upgrades by itself.
    - TLS ends at a proxy in front, and the service was asked directly.
    - The port of the other kind was taken: 80 for 443, 1883 for 8883.

    What to do
    ----------
    Change the scheme of the URL, or the server's setting. To see both on the same port:

    - Linux: `curl -v http://127.0.0.1:62893/` and `curl -vk https://127.0.0.1:62893/`
    - macOS: the same commands
    - Windows: `curl.exe -v http://127.0.0.1:62893/`

    Sources
    -------
    - RFC 8446, section 5.1, the record layer: https://www.rfc-editor.org/info/rfc8446
    - RFC 9110, section 4.2, http and https URIs: https://www.rfc-editor.org/info/rfc9110
    - RFC 6797, HSTS: https://www.rfc-editor.org/info/rfc6797
    """

    code = "S603"
    slug = "tls-mismatch"
    severity = "warning"
    title = "TLS meets plain text"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where the first bytes of client and server are of different kinds."""
        found = talk(subject)
        want = expected(subject.endpoint)
        if found is None or want is None or want.tls is None:
            return None
        if want.protocol != found.identity.protocol and found.identity.protocol != "tls":
            return None  # another protocol altogether: S602
        wrong = _plain_spoken(found) if want.tls else _tls_spoken(found)
        if not wrong:
            return None
        client = "begins with TLS" if want.tls else "begins in plain text"
        whose = f"A client of {want.why}:// {client}" if want.asked else f"On {want.why} a client"
        whose += "" if want.asked else f" {client}"
        text = f"{whose}, but {found.here} {wrong}."
        return Match(text, found.fixes(_other_scheme(want)), found.evidence())


def _plain_spoken(found: Talk) -> str:
    """What shows that TLS is not what is spoken; "" where nothing does."""
    identity = found.identity
    if identity.tls is not None:
        return ""
    told = "; TLS was tried and not spoken" if "plain-only" in identity.traits else ""
    return f"answers plain {speech.name(identity)}{told}"


def _tls_spoken(found: Talk) -> str:
    """What shows that plain text is not what is spoken; "" where nothing does.

    An HTTP server that was not tried in plain text, or that speaks both, is left alone.
    """
    identity = found.identity
    if identity.tls is None or speech.changes_to_tls(identity):
        return ""
    if "tls-only" in identity.traits:
        return "speaks TLS only"
    return "" if identity.protocol in ("http", "tls") else f"speaks {speech.name(identity)}"


def _other_scheme(want: Expected) -> tuple[Fix, ...]:
    protocol = BY_SCHEME.get(want.why) if want.asked else None
    other = protocol and (
        without_tls(protocol, want.why) if want.tls else with_tls(protocol, want.why)
    )
    if other:
        return (Fix(f"Use {other}:// in the URL, or change what the server speaks."),)
    return (Fix("Let client and server agree: TLS on both sides, or on neither."),)


class CertificateProblem(Finding):
    """A client that verifies the server's certificate would refuse it.

    What it means
    -------------
    The TLS connection comes about only with verification switched off. Browsers show a warning,
    other clients stop: "certificate verify failed", "self-signed certificate",
    NET::ERR_CERT_AUTHORITY_INVALID, ERR_CERT_COMMON_NAME_INVALID.

    How it is detected
    ------------------
    The certificate is read from the handshake. It is compared with the clock of this machine and
    with the host that was asked for, and subject and issuer are compared with each other. The
    first of these that fails is named: expired, not yet valid, another name, self-signed. Whether
    this machine trusts the issuer is not checked, so a certificate without a finding may still be
    refused, and a self-signed one may have been made trusted by hand.

    Where encryption is optional, as for PostgreSQL and MySQL, clients verify only when they are
    told to, and the finding is a notice.

    Why it happens
    --------------
    - Development servers and distributions make a self-signed certificate for a start.
    - The certificate names localhost and the URL 127.0.0.1, or the reverse.
    - It was made for a year and the year is over.

    What to do
    ----------
    Make a certificate for the names and addresses in use, from an authority that this machine
    trusts, such as a local one. Do not switch verification off in the client. To look at it:

    - Linux: `openssl s_client -connect 127.0.0.1:62893 -servername localhost`
    - macOS: the same command
    - Windows: `curl.exe -v https://127.0.0.1:62893/`

    Sources
    -------
    - RFC 5280, section 4.1.2.5, validity: https://www.rfc-editor.org/info/rfc5280
    - RFC 9525, names in certificates: https://www.rfc-editor.org/info/rfc9525
    - PostgreSQL manual, SSL support of libpq, sslmode:
      https://www.postgresql.org/docs/current/libpq-ssl.html
    """

    code = "S604"
    slug = "certificate-problem"
    severity = "warning"
    title = "A client that verifies would refuse the certificate"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where the handshake was finished and the certificate has a fault."""
        found = talk(subject)
        tls = found.identity.tls if found else None
        if found is None or tls is None or tls.version is None or not tls.problem:
            return None
        problem = speech.one_line(tls.problem, 200).rstrip(".")
        text = f"TLS on {found.here}: {problem[:1].lower()}{problem[1:]}."
        names = [shown for name in tls.names if (shown := speech.one_line(name))]
        if tls.problem_code == "other-name" and names:
            more = [f"{len(names) - 5} more"] if len(names) > 5 else []
            text += f" It is for {wording.joined([*names[:5], *more])}."
        fixes = (
            Fix("Make a certificate for the host that you ask for, and trust who issues it."),
            Fix("See the certificate.", f"openssl s_client -connect '{found.here}'"),
        )
        severity = "notice" if speech.changes_to_tls(found.identity) else None
        line = f"TLS: {speech.certificate(found.identity)}"
        return Match(text, found.fixes(fixes), (line, *found.evidence()), severity)


class DebugInterfaceOpen(Finding):
    """A debugger, or an application in debug mode, answers whoever connects.

    What it means
    -------------
    A debugger runs code in the program that it belongs to. Whoever connects can do what the
    program's user can: read files, start programs. On loopback that is every program and every
    user of this machine; for those that speak HTTP or WebSocket a web page may be among them.

    Pages that an application shows in debug mode tell settings, source code and paths. That is
    less, and the finding is a notice, or a warning where others can connect.

    How it is detected
    ------------------
    The interface says what it is: `/json/version` of the Node inspector and of Chrome DevTools,
    the kernels of Jupyter without a token, the resources of the Werkzeug debugger, the debug
    pages of Django, a greeting of the Debug Adapter Protocol. A Java debugger (JDWP) is
    recognised by the command line of its process and is not asked, because a handshake would
    attach to it. No code is run. The finding is an error where others than this machine can
    connect.

    Why it happens
    --------------
    - Somebody is debugging, or has been and forgot.
    - A container opens the debugger on all addresses so that an editor outside can reach it.
    - A setting for development was carried over to a server.

    What to do
    ----------
    Close it when it is not needed, and keep it on 127.0.0.1. Reach a remote one through ssh:
    `ssh -L 9229:127.0.0.1:9229 server`. To find who has it open:

    - Linux: `ss -ltnp 'sport = :9229'`
    - macOS: `lsof -nP -iTCP:9229 -sTCP:LISTEN`
    - Windows: `netstat -ano | findstr :9229`

    Sources
    -------
    - Node.js, security implications of the inspector:
      https://nodejs.org/learn/getting-started/debugging
    - Chrome DevTools Protocol, HTTP endpoints: https://chromedevtools.github.io/devtools-protocol/
    - Java Platform Debugger Architecture, connection and invocation:
      https://docs.oracle.com/en/java/javase/21/docs/specs/jpda/conninv.html
    - Werkzeug, debugging applications: https://werkzeug.palletsprojects.com/en/stable/debug/
    - Django, settings, DEBUG: https://docs.djangoproject.com/en/stable/ref/settings/#debug
    """

    code = "S605"
    slug = "debug-interface-open"
    severity = "warning"
    title = "A debugger or debug mode answers whoever connects"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply to open debuggers, and more mildly to debug pages."""
        found = talk(subject)
        if found is None:
            return None
        exposed = is_open(found)
        if "debug-interface" in found.identity.traits:
            text = f"{found.here} is {_debugger(found)}: who connects can run code in it."
            severity = "error" if exposed else None
        elif "debug-pages" in found.identity.traits:
            who = speech.who(found.identity)
            text = f"{who} on {found.here} runs in debug mode: its error pages show how it is set."
            severity = None if exposed else "notice"
        else:
            return None
        fixes = found.setting("DEBUG")
        return Match(f"{text} {who_can(found)}", found.fixes(fixes), found.evidence(), severity)


def _debugger(found: Talk) -> str:
    identity = found.identity
    known = _DEBUG_PRODUCTS.get((identity.product or "").lower())
    return known or _DEBUGGERS.get(identity.protocol or "", "a debug interface")


class AcceptsAnyHost(Finding):
    """An HTTP server answers to a host name that is not its own.

    What it means
    -------------
    A web page can reach the server by DNS rebinding: the page's own host name is made to lead to
    127.0.0.1, and the browser then takes the server for the page's own site. The page's scripts
    can read what it answers and send it requests, without any leave by CORS. A server that checks
    the Host header turns such requests away.

    How it is detected
    ------------------
    The same page was asked for twice, once with the right Host header and once with
    `rebind.invalid`, a name that cannot exist. Both times the same page came, with a status of
    success. Over TLS the finding is left out: a browser would not accept the certificate for the
    page's name.

    Why it happens
    --------------
    Most servers answer to any name unless they are told theirs. For a public site that is harmless,
    because it shows everyone the same. It matters for a server that trusts whoever can connect,
    as those on loopback do. Browsers have begun to ask before a page from the internet may
    connect to loopback or a local network (Local Network Access); not all do.

    What to do
    ----------
    Give the server a list of its names, such as localhost and 127.0.0.1, or ask for a password.
    Vite: `server.allowedHosts`. webpack-dev-server: `allowedHosts`. Django: `ALLOWED_HOSTS`. Then
    try it, on Linux, macOS and Windows alike; it should be refused:
    `curl -i -H "Host: rebind.invalid" http://127.0.0.1:62893/`

    Sources
    -------
    - RFC 9110, section 7.2, Host: https://www.rfc-editor.org/info/rfc9110
    - RFC 6761, section 6.4, names under invalid: https://www.rfc-editor.org/info/rfc6761
    - WICG, Local Network Access: https://wicg.github.io/local-network-access/
    - Vite, server.allowedHosts: https://vite.dev/config/server-options
    - Django, settings, ALLOWED_HOSTS:
      https://docs.djangoproject.com/en/stable/ref/settings/#allowed-hosts
    """

    code = "S606"
    slug = "accepts-any-host"
    severity = "warning"
    title = "The server answers to any host name: DNS rebinding reaches it"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply to plain HTTP that gave its page for a foreign Host header."""
        found = talk(subject)
        if found is None or "accepts-any-host" not in found.identity.traits:
            return None
        if found.identity.tls is not None:
            return None
        text = (
            f"{speech.who(found.identity)} on {found.here} gives its page for the Host header"
            " rebind.invalid too: a web page whose name is made to lead here (DNS rebinding) can"
            " read it through a browser."
        )
        fixes = found.setting("HOSTS")
        return Match(text, found.fixes(fixes), found.evidence())


class OpenCors(Finding):
    """Any web site may read what the server answers to its visitors.

    What it means
    -------------
    Browsers keep a site's scripts from reading other servers' answers, unless the server allows
    it by CORS headers. This one allows it to everybody. Where it allows credentials as well, a
    script reads what the visitor sees when logged in. Where it does not, a script reads what
    anyone sees; for a server on loopback or in a private network that is more than anyone should.

    How it is detected
    ------------------
    A page was asked for with the header `Origin: https://origin.invalid`, a site that cannot
    exist. With credentials: the answer names that origin in Access-Control-Allow-Origin and has
    Access-Control-Allow-Credentials: true. Without: it names the origin, or has a star. Browsers
    refuse a star together with credentials, so that counts as a star.

    It is a warning with credentials, and where the service asks for none anyway; a star alone is
    a notice, as it is right for data that is public.

    Why it happens
    --------------
    - A development server allows all origins, so that a front end on another port can ask it.
    - The server echoes whatever origin it is sent.

    What to do
    ----------
    Name the origins that need it. To see what is allowed, on Linux, macOS and Windows alike:
    `curl -i -H "Origin: https://origin.invalid" http://127.0.0.1:62893/`

    Sources
    -------
    - Fetch standard, CORS protocol: https://fetch.spec.whatwg.org/#http-cors-protocol
    - Fetch standard, CORS protocol and credentials:
      https://fetch.spec.whatwg.org/#cors-protocol-and-credentials
    - RFC 6454, the web origin concept: https://www.rfc-editor.org/info/rfc6454
    """

    code = "S607"
    slug = "open-cors"
    severity = "warning"
    title = "Any web site may read the server's answers"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where CORS headers let a foreign origin read."""
        found = talk(subject)
        if found is None:
            return None
        identity = found.identity
        severity = None
        if "open-cors" in identity.traits:
            what = "with the visitor's credentials"
        elif "any-origin" in identity.traits:
            what = "as anyone without a login sees them"
            severity = None if identity.authentication == "none" else "notice"
        else:
            return None
        text = (
            f"{speech.who(identity)} on {found.here} lets the scripts of every web site read its"
            f" answers, {what} (CORS)."
        )
        fixes = found.setting("CORS")
        return Match(text, found.fixes(fixes), found.evidence(), severity)


FINDINGS: tuple[type[Finding], ...] = (
    ServiceIdentified,
    UnexpectedService,
    TlsMismatch,
    CertificateProblem,
    DebugInterfaceOpen,
    AcceptsAnyHost,
    OpenCors,
)
