"""Sentences of what a browser, phone or system forbids."""

from __future__ import annotations

MARKS: tuple[tuple[str, tuple[str, ...], str, str], ...] = (
    (
        "address-space",
        ("address space", "private-network", "local_network_access", "private_network_access"),
        r"(?i)\bmore-private address space\b|\baccess the [`'\"]?(?:loopback|local"
        r"|unknown)[`'\"]? address"
        r" space|Access-Control-(?:Allow|Request)-(?:Private|Local)-Network"
        r"|ERR_BLOCKED_BY_(?:LOCAL|PRIVATE)_NETWORK_ACCESS_CHECKS",
        "the browser protects this machine from pages of other sites",
    ),
    (
        "cors",
        ("cors", "access-control-allow-origin"),
        r"blocked by CORS policy|\(Reason: CORS (?!request did not succeed)[^)\n]{4,160}\)"
        r"|is not allowed by Access-Control-Allow-Origin|[Nn]ot allowed by CORS"
        r"|Disallowed CORS (?:origin|method|headers)|CORS (?:header|preflight)[^\n]{4,80}"
        r"|No 'Access-Control-Allow-Origin' header",
        "the browser prints this when an answer does not allow the page's origin",
    ),
    (
        "cors-no-answer",
        ("did not succeed", "access control checks"),
        r"CORS request did not succeed|due to access control checks",
        "the browser prints this when it got no readable answer",
    ),
    (
        "null-origin",
        ("origin 'null'", "origin null", "file://"),
        r"\borigin '?null'?\b|\bfile:///\S{1,80}",
        "the page was opened as a file",
    ),
    (
        "mixed-content",
        ("mixed content", "mixed active content", "mixed display content", "insecure websocket"),
        r"(?i)\bmixed content\b[^\n]{0,40}|\bmixed (?:active|display) content\b"
        r"|insecure WebSocket connection may not be initiated from a page loaded over HTTPS",
        "the browser prints this when an https page uses http or ws",
    ),
    (
        "cleartext",
        ("cleartext",),
        r"(?i)\bCLEARTEXT (?:communication|HTTP traffic)[^\n]{0,80}not permitted"
        r"|ERR_CLEARTEXT_NOT_PERMITTED",
        "Android prints this when an app is not allowed to use http",
    ),
    (
        "ats",
        ("app transport security", "-1022"),
        r"\bApp Transport Security (?:policy|has blocked|blocked|requires)\b"
        r"|NSURLErrorDomain[^\n]{0,24}-1022\b",
        "iOS and macOS print this when an app is not allowed to use http",
    ),
    (
        "host-check",
        (
            "host header",
            "host is not allowed",
            "is not allowed",
            "allowed_hosts",
            "http_host",
            "blocked host",
            "blocked request",
            "disallowedhost",
            "cross-origin request",
            "invalid hostname",
            "hostname is invalid",
        ),
        r"(?i)\binvalid host(?:/origin)? header\b|\bblocked request\. this host[^\n]{0,80}"
        r"|\bto ALLOWED_HOSTS\b|\bInvalid HTTP_HOST header\b|\bDisallowedHost\b"
        r"|\bblocked hosts?:[^\n]{0,60}"
        r"|\bblocked cross-origin request\b|\bbad request - invalid hostname\b"
        r"|\brequest hostname is invalid\b|\bHost header is specified and is not an IP address"
        r"|\bnon-local 'Host'|\bhost \S{1,80} is not allowed\b(?! to connect)",
        "the server prints this when it does not allow the name in the Host header",
    ),
    (
        "devtools-origin",
        ("remote-allow-origins", "rejected an incoming"),
        r"Use the command line flag --remote-allow-origins\b|[Rr]ejected an incoming WebSocket\b",
        "Chrome prints this when a page's origin is not allowed to use the debug port",
    ),
    (
        "csp",
        ("content security policy", "content-security-policy"),
        r"(?i)\bcontent[ -]security[ -]policy\b[^\n]{0,80}",
        "the page's own rules limit where it can connect",
    ),
    (
        "extension",
        ("err_blocked_by_client",),
        r"ERR_BLOCKED_BY_CLIENT",
        "the browser prints this when an extension or a browser setting blocks a request",
    ),
    (
        "insecure-context",
        ("secure context", "secure origin", "not a secure", "getusermedia", "randomuuid"),
        r"(?i)\b(?:only )?(?:available|allowed|supported"
        r"|works?) (?:only )?in (?:a )?secure contexts?\b"
        r"|\bonly secure origins are allowed\b|\bcrypto\.randomUUID is not a function"
        r"|reading 'getUserMedia'|\bnot a secure context\b",
        "the browser offers this only in a secure context",
    ),
    (
        "uwp",
        ("checknetisolation", "appcontainer", "loopbackexempt", " uwp"),
        r"(?i)\bCheckNetIsolation\b|\bAppContainer\b|\bLoopbackExempt\b|\bUWP\b",
        "a packaged Windows app is not allowed to use loopback",
    ),
)
"""Key, words of which one must be in the text in lower case, pattern, what it tells."""
