"""C309 wrong-family."""

from __future__ import annotations

from checks.findings import reach, wording
from checks.findings.base import Finding, Fix, Match, Subject
from checks.findings.connection.context import ConnectionContext, context_of
from checks.model import words
from checks.rules.places import destination, place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.model.evidence import Answer


class WrongFamily(Finding):
    """The service listens on IPv6 only and the client uses IPv4, or the reverse.

    What it means
    -------------
    127.0.0.1 and ::1 are different addresses of different protocols. A program that listens on
    one of them does not answer on the other. The program runs, but the connection fails.

    How it is detected
    ------------------
    - The connection was refused, and on the same port a listener is bound to the loopback address
      of the other IP version, or to the wildcard address of that version only.
    - Or the name resolves to one IP version only, and the service answered on the other one when
      that was tested too.

    A listener on :: also accepts IPv4, unless IPV6_V6ONLY is set on its socket.

    Why it happens
    --------------
    The server listens on "localhost", and the system returned ::1 first. Since version 17, Node
    uses the order of the resolver. The client used 127.0.0.1. Or the hosts file has only one line
    for localhost, so programs that ask the system get one IP version. curl and Chromium do not
    ask the system for localhost, and connect.

    What to do
    ----------
    Connect to the address that the message names. Or make the server listen on 127.0.0.1, or on
    both. To see the IP version of the listener:

    - Linux: Show the listener: `ss -ltnp 'sport = :62893'`. The last column names the program and
      its pid, with sudo also for programs of other users. `127.0.0.1` is IPv4, `[::1]` IPv6, `*`
      both.
    - macOS: Show the listener: `sudo lsof -nP -iTCP:62893 -sTCP:LISTEN`. COMMAND and PID name the
      program. TYPE is IPv4 or IPv6.
    - Windows: Show the listener, in PowerShell: `Get-NetTCPConnection -LocalPort 62893 -State
      Listen -ErrorAction SilentlyContinue`. Find its program by OwningProcess: `Get-Process -Id
      PID`. LocalAddress is `127.0.0.1` or `::1`.

    In Vite and other Node servers, `--host 127.0.0.1` sets the address.

    Guide
    -----
    troubleshooting/localhost-or-127/#mend-it

    Sources
    -------
    - RFC 3493, section 5.3, IPV6_V6ONLY: https://www.rfc-editor.org/info/rfc3493
    - RFC 6724, section 6, order of addresses: https://www.rfc-editor.org/info/rfc6724
    - IPV6_V6ONLY(2const): https://man7.org/linux/man-pages/man2/IPV6_V6ONLY.2const.html
    - Node.js manual, dns.setDefaultResultOrder(): https://nodejs.org/api/dns.html
    - Vite, server.host: https://vite.dev/config/server-options.html
    """

    code = "C309"
    slug = "wrong-family"
    severity = "error"
    title = "Listens on the other IP version"
    example = "localhost:62893"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where the other family has the listener."""
        context = context_of(subject, cls.code)
        if context is None or context.attempt is None:
            return None
        resolution = context.probe.resolution
        if context.attempt.outcome == "accepted" and resolution is not None:
            return _resolved_to_other_family(context, resolution)
        row = context.listeners[0]
        asked = "IPv4" if destination(context.attempt.address).version == 4 else "IPv6"
        other = "IPv6" if asked == "IPv4" else "IPv4"
        where = wording.bound(row)
        text = (
            f"{wording.opening(row)} listens on {where}, which accepts {other} only. The connection"
            f" to {context.named} by {asked} was refused."
        )
        instead = "::1" if other == "IPv6" else "127.0.0.1"
        target = row.address if not place(row.address).unspecified else instead
        too = reach.listen_on(row, context.probe, context.attempt.address)
        fixes = (
            Fix(f"Connect to {words.at(target, context.number)}."),
            Fix(f"Or {too}, or on both IP versions."),
        )
        return Match(text, context.fixes(fixes), context.evidence())


def _resolved_to_other_family(context: ConnectionContext, resolution: Answer) -> Match:
    """C309 where the name leads to one family and the service answers on the other."""
    name = wording.clip(context.name or "the name")
    given = wording.joined(resolution.addresses)
    text = (
        f"The service answers on {context.here}, but this system resolves {name} to {given} only:"
        " programs that ask the system do not reach it. curl and Chromium do, because they do not"
        " ask the system for localhost."
    )
    fixes = (
        Fix(f"Connect to {context.here}."),
        Fix(f"Or make the program listen on {given}, or on both IP versions."),
    )
    return Match(text, context.fixes(fixes), context.evidence())
