"""Sentences of encryption and certificates."""

from __future__ import annotations

MARKS: tuple[tuple[str, tuple[str, ...], str, str], ...] = (
    (
        "tls-to-plain",
        ("wrong version number", "wrong_version_number"),
        r"(?i)\bwrong[ _]version[ _]number\b",
        "OpenSSL prints this when the answer to its handshake is not TLS",
    ),
    (
        "tls-to-plain",
        ("http response to https client", "does not look like a tls handshake"),
        r"server gave HTTP response to HTTPS client"
        r"|(?i:first record does not look like a TLS handshake)",
        "Go prints this when the server answered without TLS",
    ),
    (
        "tls-to-plain",
        ("rx_record_too_long", "ssl message", "packet length too long", "plaintext connection"),
        r"SSL_ERROR_RX_RECORD_TOO_LONG|Unsupported or unrecognized SSL message"
        r"|(?i:\bpacket length too long\b)|Unrecognized SSL message, plaintext connection",
        "the client expected TLS and got something else",
    ),
    (
        "tls-to-plain",
        ("\\x16\\x03", "invalid http request received", "bad request version"),
        r"\\x16\\x03[^\s]{0,40}|Bad request version|Invalid HTTP request received",
        "a server without TLS prints this when a client starts a TLS handshake",
    ),
    (
        "plain-to-tls",
        ("http request to an https", "plain http request", "plain http to an ssl"),
        r"(?i)sent an HTTP request to an HTTPS server|plain HTTP request was sent to HTTPS port"
        r"|speaking plain HTTP to an SSL-enabled server port",
        "a TLS server prints this when a client connects without TLS",
    ),
    (
        "plain-to-tls",
        ("requires tls", "plaintext http traffic", "ssl routines", "without tls", "\\x15\\x03"),
        r"(?i)combination of host and port requires TLS"
        r"|received plaintext http traffic on an https"
        r"|\bssl routines:[^\n]{0,60}:http request\b|TLS-enabled daemon without TLS|\\x15\\x03",
        "a TLS server prints this when a client connects without TLS",
    ),
    (
        "node-certificate",
        ("unable_to_verify_leaf", "self_signed_cert", "issuer_cert_locally", "first certificate"),
        r"\b(?:UNABLE_TO_VERIFY_LEAF_SIGNATURE|DEPTH_ZERO_SELF_SIGNED_CERT"
        r"|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_GET_ISSUER_CERT_LOCALLY)\b"
        r"|unable to verify the first certificate",
        "Node prints this, and it uses its own list of authorities",
    ),
    (
        "node-certificate",
        ("root ca is installed locally", "reason: self", "reason: unable to", "_tls_wrap"),
        r"if the root CA is installed locally, try running Node\.js"
        r"|failed, reason: (?:self[- ]signed certificate|unable to (?:get local issuer|verify))"
        r"|self[- ]signed certificate[^\n]{0,60}\n[^\n]{0,80}_tls_wrap",
        "Node prints this, and it uses its own list of authorities",
    ),
    (
        "not-yet-valid",
        ("not yet valid", "is before", "not_yet_valid"),
        r"(?i)\bcurrent time \S{1,40} is before\b"
        r"|\b(?:certificate )?is not (?:yet )?valid (?:yet|until"
        r"|before)\b|(?<!or is )\bnot[ _]yet[ _]valid\b",
        "the certificate is not valid yet, or a clock is behind",
    ),
    (
        "security-program",
        ("kaspersky", "avast", "avg ", "eset", "bitdefender", "norton", "fortinet", "netskope"),
        r"(?i)\b(?:kaspersky|avast|avg (?:web|mail|antivirus)|eset ssl|bitdefender|norton (?:web|"
        r"security|lifelock)|fortinet|netskope|mcafee web)\b[^\n]{0,40}",
        "a security program reads encrypted connections",
    ),
    (
        "hsts-redirect",
        ("internal redirect", "hsts", "strict transport security"),
        r"(?i)\b307 internal redirect\b|\breason[\"']? ?[:=] ?[\"']?HSTS\b"
        r"|\bNon-Authoritative-Reason: ?HSTS\b"
        r"|\bsecurity policy called HTTP Strict Transport Security\b",
        "the browser itself changed http to https",
    ),
    (
        "https-redirect",
        ("location: https://", "port for redirect"),
        r"(?im)^(?:< )?location: https://(?:localhost|127\.\d|\[::1\]|[\w.-]{1,80}\.(?:localhost"
        r"|test))"
        r"[^\n]{0,80}|\bFailed to determine the https port for redirect\b",
        "the program itself redirects http to https",
    ),
    (
        "tls-versions",
        ("version_or_cipher", "no_cypher_overlap", "protocol version", "handshake failure"),
        r"ERR_SSL_VERSION_OR_CIPHER_MISMATCH|SSL_ERROR_NO_CYPHER_OVERLAP"
        r"|SSL_ERROR_UNSUPPORTED_VERSION|(?i:\balert protocol version\b"
        r"|\balert handshake failure\b"
        r"|\bhandshake_failure\b|\bunsupported protocol\b|\bno shared cipher\b"
        r"|\bunsafe legacy renegotiation\b)",
        "both ends speak TLS, but have no version or cipher in common",
    ),
    (
        "no-name-certificate",
        (
            "unrecognized_name",
            "tlsv1 alert internal error",
            "tls: internal error",
            "unrecognized name",
        ),
        r"(?i)\bunrecognized[_ ]name\b|\btlsv1 alert internal error\b|\btls: internal error\b",
        "the server has no certificate for this name",
    ),
    (
        "client-certificate",
        ("certificate required", "bad_ssl_client", "required ssl certificate", "bad certificate"),
        r"(?i)\balert certificate required\b|\bcertificate required\b"
        r"|ERR_BAD_SSL_CLIENT_AUTH_CERT"
        r"|no required SSL certificate was sent|\balert bad certificate\b",
        "the server requires a client certificate",
    ),
    (
        "no-tls-database",
        ("not support ssl", "does not support ssl"),
        r"(?i)\bserver does not support SSL\b[^\n]{0,60}",
        "the client requires TLS, and the database does not offer it",
    ),
    (
        "client-distrusts",
        ("unknown certificate", "unknown ca", "certificate_unknown", "unknown_ca", "tls: bad cert"),
        r"(?i)\b(?:alert|tls:|received fatal alert:?) (?:certificate[ _]unknown"
        r"|unknown certificate(?: authority)?|unknown[ _]ca|bad certificate)\b",
        "the server prints this when the client did not accept its certificate",
    ),
    (
        "http-url",
        ("http://",),
        r"\bhttp://\S{1,120}",
        "the address uses http",
    ),
    (
        "untrusted-said",
        ("untrustedroot", "partialchain", "not trusted", "chain was issued", "unable to get local"),
        r"(?i)\bUntrustedRoot\b|\bPartialChain\b|\bissued by an authority that is not trusted\b"
        r"|\bcertificate is not trusted\b|\bunable to get local issuer certificate\b",
        "the client does not trust the signer of the certificate",
    ),
    (
        "name-said",
        ("not verified", "namemismatch", "principal name", "alternative names", "alternative dns"),
        r"(?i)\bhostname \S{1,120} not verified\b|\bRemoteCertificateNameMismatch\b"
        r"|\btarget principal name is incorrect\b"
        r"|\bno (?:name matching|subject alternative (?:dns )?names?)\b[^\n]{0,80}",
        "the certificate is for other names",
    ),
    (
        "https-url",
        ("httpsconnectionpool",),
        r"\bHTTPSConnectionPool\(",
        "the client uses https",
    ),
    (
        "https-url",
        ("https://",),
        r"\bhttps://\S{1,120}",
        "the address uses https",
    ),
)
"""Key, words of which one must be in the text in lower case, pattern, what it tells."""
