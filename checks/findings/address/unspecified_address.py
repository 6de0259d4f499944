"""A103 unspecified-address."""

from __future__ import annotations

from checks.findings.address.host import host_of, is_network, label
from checks.findings.base import Finding, Fix, Match, Subject
from checks.findings.wording import clip


class UnspecifiedAddress(Finding):
    """The address is 0.0.0.0 or ::, or the * that listings print for them.

    What it means
    -------------
    0.0.0.0 and :: are wildcard addresses (RFCs say "unspecified"). They do not belong to a
    machine. What they do depends on the side:

    - A program that listens on 0.0.0.0 accepts IPv4 connections on every address of the machine,
      its network addresses included. On :: it accepts IPv6. On Linux and macOS it then also
      accepts IPv4, unless the socket is IPv6-only (IPV6_V6ONLY). On Windows and OpenBSD it
      accepts IPv6 only. A program can change that on Windows.
    - Do not connect to them. Linux and macOS connect to this machine instead. Windows fails with
      WSAEADDRNOTAVAIL (10049).

    How it is detected
    ------------------
    The host is read as an address whose bits are all zero, or it is the `*` that ss, lsof and
    netstat print in that place.

    Why it happens
    --------------
    Programs print the address that they listen on: "Listening on http://0.0.0.0:8000". You paste
    it into a browser, where it works on one system and fails on another. A page at http://0.0.0.0
    is also not a secure context, unlike one at http://127.0.0.1.

    What to do
    ----------
    To connect from this machine, use 127.0.0.1 or [::1]. To connect from another machine, use
    this machine's network address. To let a program serve this machine only, make it listen on
    127.0.0.1 or ::1.

    To see which programs listen on every address:

    - Linux: `ss -ltnp`
    - macOS: `sudo lsof -nP -iTCP -sTCP:LISTEN`
    - Windows: `Get-NetTCPConnection -State Listen`

    Guide
    -----
    loopback/unspecified/#as-the-address-to-connect-to

    Sources
    -------
    - RFC 1122, section 3.2.1.3 (a): https://www.rfc-editor.org/info/rfc1122
    - RFC 4291, section 2.5.2: https://www.rfc-editor.org/info/rfc4291
    - ip(7), INADDR_ANY: https://man7.org/linux/man-pages/man7/ip.7.html
    - Windows Sockets Error Codes, WSAEADDRNOTAVAIL:
      https://learn.microsoft.com/windows/win32/winsock/windows-sockets-error-codes-2
    - W3C Secure Contexts, section 3.1: https://www.w3.org/TR/secure-contexts/
    """

    code = "A103"
    slug = "unspecified-address"
    severity = "warning"
    title = "Wildcard address: not for connecting"
    example = "0.0.0.0"
    describes = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply to 0.0.0.0, :: and the wildcard."""
        host = host_of(subject)
        if host is None:
            return None
        if host.kind == "wildcard":
            text = (
                f"{clip(host.text)} is how listings write the wildcard address: a program that"
                " listens there accepts connections on every address of the machine."
            )
            return _match(subject, text, "127.0.0.1")
        if not host.version or host.value or is_network(host):
            return None
        family, instead = ("IPv4", "127.0.0.1") if host.version == 4 else ("IPv6", "[::1]")
        too = "" if host.version == 4 else _DUAL_STACK
        text = (
            f"{label(host)} is the wildcard address: a program that listens on it accepts"
            f" connections on every {family} address{too}."
        )
        if not _listens(subject):
            text += (
                " Connecting to it reaches this machine on Linux and macOS and fails on Windows."
            )
        return _match(subject, text, instead)


_DUAL_STACK = (
    ", and by default on Linux and macOS on every IPv4 address too, unless it sets IPV6_V6ONLY"
)


def _listens(subject: Subject) -> bool:
    """Whether the text shows a program that listens there: then it is not a wrong target."""
    return subject.endpoint is not None and subject.endpoint.role == "listener"


def _match(subject: Subject, text: str, instead: str) -> Match:
    if _listens(subject):
        return Match(text, severity="info")
    return Match(text, _here_instead(subject, instead))


def _here_instead(subject: Subject, address: str) -> tuple[Fix, ...]:
    """What to use instead; how to keep others out only where no listener was seen.

    What holds one may be a relay or a socket unit, and its own finding has the advice for that.
    """
    here = Fix(f"To connect from this machine, use {address}.")
    if subject.probe is not None and subject.probe.listeners:
        return (here,)
    alone = "To let only this machine connect, make the program listen on 127.0.0.1 or ::1."
    return (here, Fix(alone))
