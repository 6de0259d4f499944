"""Servers that speak first, known by their greeting.

Each greeting is prescribed by its protocol: SSH (RFC 4253 §4.2), SMTP (RFC
5321 §4.2), FTP (RFC 959 §5.4), IMAP (RFC 3501 §7.1), POP3 (RFC 1939 §4), NNTP
(RFC 3977 §5.1), RFB (RFC 6143 §7.1.1), MySQL's initial handshake, NATS's INFO,
rsync's ``@RSYNCD:``, the Debug Adapter Protocol. To read it is to wait.
"""

from __future__ import annotations

from checks.probe.identify.conn import Ask
from checks.probe.identify.found import Found, came, details, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.probe.identify.conn import Conversation, Reply

MAIL_AND_FILES = {
    "exim": "Exim",
    "postfix": "Postfix",
    "sendmail": "Sendmail",
    "opensmtpd": "OpenSMTPD",
    "dovecot": "Dovecot",
    "cyrus": "Cyrus",
    "courier": "Courier",
    "vsftpd": "vsFTPd",
    "proftpd": "ProFTPD",
    "pure-ftpd": "Pure-FTPd",
    "filezilla": "FileZilla",
    "mailpit": "Mailpit",
    "mailhog": "MailHog",
}
"""How servers name themselves in greetings, in lower case, and their own spelling."""

QUIT = {"smtp": b"QUIT\r\n", "ftp": b"QUIT\r\n", "pop3": b"QUIT\r\n", "imap": b"a LOGOUT\r\n"}
"""A polite end, so that logs show no broken session."""

_DISCONNECT_BODY = (
    b'{"seq":1,"type":"request","command":"disconnect","arguments":{"terminateDebuggee":false}}'
)
_DISCONNECT = b"Content-Length: %d\r\n\r\n%s" % (len(_DISCONNECT_BODY), _DISCONNECT_BODY)
"""DAP's own end of a session. debugpy 1.8 takes no further client after one
that leaves without it while it still has something to tell that client."""

_LAST_WORDS = b'"debugpySockets"'
"""The event that ends debugpy's greeting. Its thread that accepts clients writes the
greeting, and dies where the session ends meanwhile (``accept_worker`` in its
common/sockets.py), so the end of the session is not asked for before."""

_VERSION = frozenset("0123456789.")
_SETTLE = 0.2  # seconds for the rest of a greeting whose first byte has come
_SETTLE_DEBUGPY = 0.5  # the same, where leaving early does harm


def _never(_: bytes) -> bool:
    """Wait for the peer to end the connection."""
    return False


def whole(data: bytes) -> bool:
    """Whether a greeting has come as far as it is needed."""
    if data[:4] == b"INFO" or data[:1] in b"*+2@S" or data[:4] in (b"RFB ", b"\0\0\0\0"):
        return b"\n" in data
    if data[:16] == b"Content-Length: ":
        at_end = data.rstrip().endswith(b"}")
        return at_end and (_LAST_WORDS in data or not _is_debugpy(data))
    if len(data) > 4 and data[3] == 0:  # MySQL's packet header: length, sequence 0
        return len(data) >= 4 + int.from_bytes(data[:3], "little")
    return b"\n" in data


def converse(reply: Reply, port: int) -> Conversation:
    """Recognise a greeting whose first bytes have come, and take leave."""
    if not whole(reply.data) and not reply.over:
        first = reply.data
        settle = _SETTLE_DEBUGPY if _is_debugpy(first) else _SETTLE
        rest = yield Ask(b"", lambda data: whole(first + data), settle)
        reply = rest._replace(data=first + rest.data)
    evidence: tuple[str, ...] = (came("nothing", reply),)
    said = reply.data
    if said[:4] == b"RFB ":
        from checks.probe.identify import desktops  # noqa: PLC0415 - only what is met

        return (yield from desktops.converse_vnc(reply))
    found = recognise(said, port)
    if found is None and said[:4] == b"220 ":
        answer = yield Ask(b"EHLO checks.invalid\r\n", wait=0.3)
        evidence = (*evidence, came('"EHLO"', answer))
        name = "smtp" if answer.data[:3] == b"250" else "ftp"
        found = _reply_code(said, name) if answer.data[:1] in (b"2", b"5") else None
    if found is None:
        return Found(None, details=details(greeting=said), evidence=evidence)
    if found.protocol in QUIT and not reply.over:
        yield Ask(QUIT[found.protocol], wait=0.0)
    if found.protocol == "dap" and not reply.over:
        yield Ask(_DISCONNECT, _never)  # until it has ended the session, or time is up
    return found._replace(evidence=evidence)


def recognise(said: bytes, port: int) -> Found | None:
    """The protocol of a greeting; None where it is not known, or only a further step tells.

    Arguments:
        said: the greeting, or any bytes.
        port: decides between protocols whose greetings are alike.
    """
    for form in (_ssh, _nats, _rsync, _imap, _pop3, _news, _mysql, _debug_adapter, _http2, _vnc):
        found = form(said)
        if found is not None:
            return found
    return _reply_code(said, _mail_or_files(said, port))


def _ssh(said: bytes) -> Found | None:
    """``SSH-2.0-OpenSSH_9.2p1 Debian-2`` (RFC 4253 §4.2); lines may come before it."""
    at = 0 if said.startswith(b"SSH-") else said.find(b"\nSSH-") + 1
    if not said.startswith(b"SSH-", at):
        return None
    first = text(said[at:].partition(b"\n")[0])
    parts = first.split("-", 2)
    software, _, comment = (parts[2] if len(parts) > 2 else "").partition(" ")
    product, _, version = software.partition("_")
    return Found("ssh", product or None, version or None, details(ssh=parts[1], comment=comment))


def _nats(said: bytes) -> Found | None:
    """``INFO {json}`` (NATS client protocol): says itself whether it wants credentials."""
    if not said.startswith(b"INFO {"):
        return None
    from json import loads  # noqa: PLC0415 - only for a server that speaks JSON

    try:
        info = loads(said[5:].decode("utf-8", "replace").strip())
    except (ValueError, RecursionError):
        info = {}
    if not isinstance(info, dict):
        info = {}
    wants = info.get("auth_required") or info.get("tls_verify") or info.get("nonce")
    version = info.get("version")
    return Found(
        "nats",
        "NATS",
        text(version) if isinstance(version, str) else None,
        details(server_name=info.get("server_name"), jetstream=info.get("jetstream")),
        authentication=None if not info else "required" if wants else "none",
    )


def _rsync(said: bytes) -> Found | None:
    """``@RSYNCD: 31.0`` (rsync's protocol, clientserver.c)."""
    if not said.startswith(b"@RSYNCD:"):
        return None
    return Found("rsync", "rsync", None, details(protocol_version=said[8:].split(b"\n")[0][:40]))


def _imap(said: bytes) -> Found | None:
    """``* OK``, ``* PREAUTH`` or ``* BYE`` (RFC 3501 §7.1)."""
    if not said.startswith((b"* OK", b"* PREAUTH", b"* BYE")):
        return None
    return _named("imap", said)


def _pop3(said: bytes) -> Found | None:
    """``+OK`` before anything was sent (RFC 1939 §4)."""
    return _named("pop3", said) if said.startswith(b"+OK") else None


def _news(said: bytes) -> Found | None:
    """``200`` or ``201`` (RFC 3977 §5.1)."""
    return _named("nntp", said) if said.startswith((b"200 ", b"201 ")) else None


def _reply_code(said: bytes, protocol: str | None) -> Found | None:
    return _named(protocol, said) if protocol else None


def _mail_or_files(said: bytes, port: int) -> str | None:
    """SMTP and FTP both greet with 220: by what it says, then by the port."""
    if said[:3] not in (b"220", b"421", b"554") or said[3:4] not in (b" ", b"-"):
        return None
    upper = said.upper()
    if b"SMTP" in upper or port in (25, 465, 587, 2525, 1025):
        return "smtp"
    if b"FTP" in upper or b"FILEZILLA" in upper or port in (21, 990, 2121):
        return "ftp"
    return None


def _named(protocol: str, said: bytes) -> Found:
    """The product by its own name in the greeting, with the version that follows it."""
    greeting = text(said.partition(b"\n")[0])
    words = greeting.translate({ord(mark): " " for mark in "()[],;"}).split()
    for place, word in enumerate(words):
        product = MAIL_AND_FILES.get(word.lower())
        if product is not None:
            following = words[place + 1] if place + 1 < len(words) else ""
            return Found(protocol, product, _version(following), details(greeting=greeting))
    return Found(protocol, None, None, details(greeting=greeting))


def _version(word: str) -> str | None:
    return word if word[:1].isdigit() and "." in word and set(word[:3]) <= _VERSION else None


def _mysql(said: bytes) -> Found | None:
    """The initial handshake packet, protocol 10, or an error packet (MySQL client/server protocol).

    The version ends with NUL. MariaDB says its name in it, after a prefix
    ``5.5.5-`` that old replicas needed. A server that refuses this host sends
    error 1130 or 1129 in the place of the handshake.

    The server counts a connection that leaves now as aborted. It would shut out
    a host after a hundred in a row (``max_connect_errors``), but keeps no such
    count for connections over the loopback interface (MySQL manual, "DNS Lookups
    and the Host Cache").
    """
    if len(said) < 8 or said[3] != 0:
        return None
    length = int.from_bytes(said[:3], "little")
    body = said[4 : 4 + length]
    if said[4] == 0xFF and length > 4:
        number = int.from_bytes(said[5:7], "little")
        if not 1000 <= number < 5000:
            return None
        return Found("mysql", None, None, details(error=number, message=body[3:]))
    version, end, _ = body[1:].partition(b"\0")
    if said[4] != 10 or not end or not version[:1].isdigit() or length > 1024:
        return None
    name = text(version)
    if "mariadb" in name.lower():
        number_ = name.removeprefix("5.5.5-").partition("-")[0]
        return Found("mysql", "MariaDB", number_, details(server_version=name))
    return Found("mysql", "MySQL", name.partition("-")[0], details(server_version=name))


def _debug_adapter(said: bytes) -> Found | None:
    """The Debug Adapter Protocol's base protocol: a header, then JSON with ``seq`` and ``type``.

    debugpy sends an ``output`` event with its version before anything is asked.
    """
    head, _, body = said.partition(b"\r\n\r\n")
    if not head.startswith(b"Content-Length: ") or b'"type"' not in body or b'"seq"' not in body:
        return None
    debugpy = _is_debugpy(body)
    _, found, rest = body.partition(b'"packageVersion"')
    version = rest.partition(b'"')[2].partition(b'"')[0] if found else b""
    return Found(
        "dap",
        "debugpy" if debugpy else None,
        text(version, 40) or None,
        authentication="none",
        traits=("debug-interface",),
    )


def _is_debugpy(said: bytes) -> bool:
    """Its events name it: by its former name first, then by its own."""
    return b'"ptvsd"' in said or b'"debugpy"' in said


def _http2(said: bytes) -> Found | None:
    """A SETTINGS frame on stream 0 before anything was asked (RFC 9113 §3.4): gRPC servers do."""
    if len(said) < 9 or said[0] or said[3] != 4 or said[4] or said[5:9] != bytes(4):
        return None
    length = int.from_bytes(said[:3], "big")
    if length % 6 or length > 120:
        return None
    return Found("http", details=details(http_version="2"))


def _vnc(said: bytes) -> Found | None:
    """``RFB 003.008`` (RFC 6143 §7.1.1); the security types are asked for elsewhere."""
    if not said.startswith(b"RFB ") or len(said) < 12 or said[11:12] != b"\n":
        return None
    return Found("vnc", details=details(protocol_version=said[4:11]))
