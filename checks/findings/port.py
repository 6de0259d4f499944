"""Group P: what the port of an endpoint is, and what that means on which system.

Without evidence the rules speak of systems by their defaults; with it, of the
one machine that was asked.
"""

from __future__ import annotations

from checks import ports
from checks.findings import commands
from checks.findings.base import Finding, Fix, Match
from checks.findings.wording import clip, joined, systems
from checks.model.words import system

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.findings.base import Subject
    from checks.model.evidence import Machine
    from checks.ports import Port
    from checks.ports._port_uses import Use
    from checks.ports.services import Service

COMMON = ("linux", "macos", "windows")
_BROWSED = frozenset(("http", "https", "ws", "wss"))
_BLOCKERS = {
    "fetch": "the Fetch standard",
    "chromium": "Chromium",
    "firefox": "Firefox",
    "node": "Node's fetch",
}
_NAMED = 3  # services or uses that a message spells out


def port_of(subject: Subject) -> Port | None:
    """The port that is looked at; None where the endpoint has none."""
    return subject.endpoint.port if subject.endpoint else None


def number_of(subject: Subject) -> int | None:
    """The number of that port, where it is one."""
    port = port_of(subject)
    return port.number if port else None


def _machine(subject: Subject) -> Machine | None:
    return subject.probe.machine if subject.probe else None


class PortZero(Finding):
    """The port is 0, which is a request and not a port.

    What it means
    -------------
    A program that binds to port 0 asks the system to choose a free port. Nobody can listen on
    port 0 by the socket interface, so a connection to it has no target.

    How it is detected
    ------------------
    The number after the colon is 0.

    Why it happens
    --------------
    - A log line was printed before the chosen port was known, or prints the setting instead of
      the result.
    - A variable for the port was empty and became 0.

    Linux refuses a connection to port 0 (ECONNREFUSED). The Fetch standard lists 0 as a bad port
    since August 2025.

    What to do
    ----------
    Find out the port that the system chose: the program can ask with getsockname(), and the
    socket table shows it.

    - Linux: `ss -ltnp`
    - macOS: `lsof -nP -iTCP -sTCP:LISTEN`
    - Windows: `netstat -ano -p TCP`

    Or give the program a fixed port.

    Sources
    -------
    - RFC 6335, section 6, port 0 is reserved: https://www.rfc-editor.org/info/rfc6335
    - ip(7), bind to port 0: https://man7.org/linux/man-pages/man7/ip.7.html
    - Fetch standard, port blocking: https://fetch.spec.whatwg.org/#port-blocking
    """

    code = "P201"
    slug = "port-zero"
    severity = "error"
    title = "Port 0 asks for any free port; nothing can be reached on it"

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply to number 0."""
        if number_of(subject) != 0:
            return None
        return Match(
            "Port 0 is no port to connect to: a program that binds to it gets a free port that"
            " the system chooses.",
            commands.for_machine(subject.probe, commands.all_listeners()),
        )


class PrivilegedPort(Finding):
    """Some systems let only privileged programs listen on this port.

    What it means
    -------------
    To listen on the port, a program may need a privilege. To connect to it, no program does.
    Which ports are meant, and which privilege, differs from system to system:

    - Linux: below `net.ipv4.ip_unprivileged_port_start`, 1024 unless set otherwise for the
      network namespace. Root or the capability CAP_NET_BIND_SERVICE.
    - macOS (10.14 and later): below 1024 on a specific address such as 127.0.0.1. The unspecified
      addresses 0.0.0.0 and :: are free for everyone.
    - FreeBSD, NetBSD, OpenBSD, Solaris: below 1024 by default.
    - Windows: none. Other rules (excluded ranges, reservations of HTTP.sys) can still refuse.

    How it is detected
    ------------------
    The number is from 1 to 1023. When the machine was probed, its own limit counts instead.

    Why it happens
    --------------
    On early Unix networks a port below 1024 was a sign that an administrator ran the service. The
    services of that time have their numbers there.

    What to do
    ----------
    For development choose a port from 1024 to 32767, such as 8080. To listen on a low port
    without root on Linux, allow that one program or lower the limit.

    - Linux: `sudo setcap cap_net_bind_service=+ep /path/to/program`, or
      `sudo sysctl net.ipv4.ip_unprivileged_port_start=80`
    - macOS: start the program through launchd, which binds the port for it.
    - Windows: nothing to do.

    Sources
    -------
    - Linux ip-sysctl, ip_unprivileged_port_start:
      https://docs.kernel.org/networking/ip-sysctl.html
    - capabilities(7), CAP_NET_BIND_SERVICE:
      https://man7.org/linux/man-pages/man7/capabilities.7.html
    - xnu, bsd/netinet/in_pcb.c, in_pcbbind():
      https://github.com/apple-oss-distributions/xnu
    - RFC 6335, section 6, System Ports: https://www.rfc-editor.org/info/rfc6335
    """

    code = "P202"
    slug = "privileged-port"
    severity = "info"
    title = "Listening on this port needs a privilege on some systems"

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply to 1 to 1023, and to what the probed machine guards."""
        port, machine = port_of(subject), _machine(subject)
        if port is None or not port.number:
            return None
        limit = machine.unprivileged_start if machine else None
        if machine is None or limit is None:
            if not port.privileged_on:
                return None
            return Match(_privileged_by_default(port, machine))
        if port.number < limit:
            who = " (this user has it)" if machine.privileged else ""
            return Match(
                f"On this system a program needs a privilege{who} to listen on a port below"
                f" {limit}, and {port.number} is one. To connect needs none."
            )
        if port.number >= ports.FIRST_UNPRIVILEGED:
            return None
        return Match(
            f"Port {port.number} needs a privilege by default on {system(machine.system)}, but"
            f" this system asks for one only below {limit}."
        )


def _privileged_by_default(port: Port, machine: Machine | None) -> str:
    if machine is not None and machine.system in ports.EPHEMERAL:
        here = system(machine.system)
        if machine.system not in port.privileged_on:
            return f"{here} lets every program listen on port {port.number}; other systems do not."
        return f"To listen on port {port.number}, a program needs a privilege on {here} by default."
    return (
        f"To listen on port {port.number}, a program needs a privilege by default on"
        f" {systems(port.privileged_on)}; on Windows it needs none. To connect needs none."
    )


class BrowserBlockedPort(Finding):
    """Browsers refuse to open http and https URLs with this port.

    What it means
    -------------
    A browser does not even try to connect. It shows an error instead: ERR_UNSAFE_PORT in
    Chromium, "This address is restricted" in Firefox. Node's fetch() fails with "bad port". Other
    programs, such as curl, are not affected.

    How it is detected
    ------------------
    The number is on the list of bad ports of the Fetch standard, or on the list of a program that
    differs from it. The message says whose. The finding is a warning for http, https, ws and wss
    URLs and a notice where no scheme is given; other schemes are not concerned.

    Why it happens
    --------------
    The ports belong to services such as mail that could be fooled by the text of an HTTP request.
    The list has grown over the years; SIP (5060, 5061) came in 2020, 10080 in 2021. Chromium 156
    lacks 4190 and 6679 of the standard's list.

    What to do
    ----------
    Move the web service to another port. That works for every visitor; a setting in one browser
    does not.

    To see what the service answers meanwhile, on Linux, macOS and Windows alike:
    `curl -v http://127.0.0.1:6000/`

    Sources
    -------
    - Fetch standard, port blocking: https://fetch.spec.whatwg.org/#port-blocking
    - Chromium, net/base/port_util.cc:
      https://source.chromium.org/chromium/chromium/src/+/main:net/base/port_util.cc
    - Firefox, netwerk/base/nsIOService.cpp, gBadPortList:
      https://searchfox.org/mozilla-central/source/netwerk/base/nsIOService.cpp
    """

    code = "P203"
    slug = "browser-blocked-port"
    severity = "warning"
    title = "Browsers refuse to open this port"

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where a list has the port and the scheme, if any, is one of a browser."""
        endpoint = subject.endpoint
        port = port_of(subject)
        if endpoint is None or port is None or port.number is None:
            return None
        if endpoint.scheme is not None and endpoint.scheme not in _BROWSED:
            return None
        blockers = port.blocked_by if port.number else ()
        if not blockers:
            return None
        names = joined([_BLOCKERS.get(who, who) for who in blockers])
        text = (
            f"Port {port.number} is a bad port for {names}: http and https URLs with it are refused"
            " without being tried."
        )
        fix = (Fix("Let a web service use another port."),)
        return Match(text, fix, severity="notice" if endpoint.scheme is None else None)


class EphemeralPort(Finding):
    """A system may hand this port to any program that asks for none.

    What it means
    -------------
    When a program connects, or binds to port 0, the system picks a port for it from its ephemeral
    range. A number in that range may be taken for a moment by any connection. A server with a
    fixed port there can fail to start now and then with "address already in use".

    How it is detected
    ------------------
    When a machine was probed: by the range that it uses. Without a machine: by the defaults; the
    finding applies where Linux, macOS or Windows has the port in its range, and names every
    system that does.

    Defaults: Linux 32768-60999; macOS, Windows and NetBSD 49152-65535; FreeBSD 10000-65535;
    Solaris 32768-65535; OpenBSD 1024-49151. They are not the same as the dynamic ports of IANA,
    49152-65535, which is a statement about registration.

    Why it happens
    --------------
    Either the system chose the number: then it is a client's port or a program that asked for
    any. Or someone gave the server a number in that range.

    What to do
    ----------
    For a server choose a port below the range: 1024 to 9999 is outside every default range but
    OpenBSD's. Or keep the port out of automatic choice.

    - Linux: `sysctl net.ipv4.ip_local_port_range` shows the range,
      `sudo sysctl net.ipv4.ip_local_reserved_ports=40000` keeps one port out (it replaces the
      list).
    - macOS: `sysctl net.inet.ip.portrange.first net.inet.ip.portrange.last`
    - Windows: `netsh int ipv4 show dynamicport tcp`

    Sources
    -------
    - RFC 6056, port selection: https://www.rfc-editor.org/info/rfc6056
    - RFC 6335, section 6, Dynamic Ports: https://www.rfc-editor.org/info/rfc6335
    - Linux ip-sysctl, ip_local_port_range: https://docs.kernel.org/networking/ip-sysctl.html
    - Microsoft KB 929851, the default dynamic port range: https://support.microsoft.com/help/929851
    - FreeBSD ip(4), portrange: https://man.freebsd.org/cgi/man.cgi?query=ip&sektion=4
    """

    code = "P204"
    slug = "ephemeral-port"
    severity = "info"
    title = "The system may hand this port to any program"

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply inside the machine's range; without a machine, inside a common default range."""
        port, machine = port_of(subject), _machine(subject)
        if port is None or not port.number:
            return None
        if machine is not None and machine.ephemeral is not None:
            first, last = machine.ephemeral
            if not first <= port.number <= last:
                return None
            return Match(
                f"{port.number} is inside this system's ephemeral range {first}-{last}: the system"
                " may give it to any program for a moment.",
                evidence=(f"ephemeral range of this system: {first}-{last}",),
            )
        if machine is not None or not any(name in port.ephemeral_on for name in COMMON):
            return None
        return Match(
            f"{port.number} is inside the default ephemeral range of {systems(port.ephemeral_on)}:"
            " there the system may give it to any program for a moment."
        )


class DynamicPortOutsideEphemeralRange(Finding):
    """The port is dynamic by IANA, and yet the system does not hand it out.

    What it means
    -------------
    IANA never registers the ports 49152-65535; they are for private and dynamic use. It is often
    said that every system takes its ephemeral ports from there, so that such a port is a passing
    one. On a stock Linux the range is 32768-60999. A program on 61000 or above chose its number
    on purpose, or something other than the kernel chose it.

    How it is detected
    ------------------
    The number is 49152 or above and outside the range that the probed machine uses. Without a
    machine: outside the default range of Linux, macOS or Windows. With these defaults that means
    61000-65535, outside that of Linux.

    Why it happens
    --------------
    - The number was chosen for a server because nothing registered can collide with it.
    - A program picks random ports by itself.
    - The range of the machine was changed.

    What to do
    ----------
    Nothing: on a system with that range it is a good place for a fixed port. Do not conclude from
    the number that the program is a passing one; look who listens.

    - Linux: `ss -ltnp 'sport = :62893'`
    - macOS: `lsof -nP -iTCP:62893 -sTCP:LISTEN`
    - Windows: `netstat -ano | findstr /R /C:":62893 "`

    Sources
    -------
    - RFC 6335, section 6: https://www.rfc-editor.org/info/rfc6335
    - Linux net/ipv4/af_inet.c, inet_init_net(): 32768 to 60999 since 4.2:
      https://git.kernel.org/pub/scm/linux/kernel/git/torvalds/linux.git/tree/net/ipv4/af_inet.c
    - Linux ip-sysctl: https://docs.kernel.org/networking/ip-sysctl.html
    """

    code = "P205"
    slug = "dynamic-port-outside-ephemeral-range"
    severity = "info"
    title = "A dynamic port that the system does not hand out by itself"

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply to 49152 and above, outside the machine's range or a common default."""
        port, machine = port_of(subject), _machine(subject)
        if port is None or port.number is None or port.number < 49152:
            return None
        if machine is not None:
            if machine.ephemeral is None:
                return None
            first, last = machine.ephemeral
            if first <= port.number <= last:
                return None
            return Match(
                f"{port.number} is a dynamic port (never registered), and this system does not"
                f" hand it out by itself: its ephemeral range is {first}-{last}.",
                evidence=(f"ephemeral range of this system: {first}-{last}",),
            )
        outside = [name for name in COMMON if name not in port.ephemeral_on]
        if not outside:
            return None
        ranges = joined([_default(name) for name in outside])
        return Match(
            f"{port.number} is a dynamic port (never registered), but outside the default"
            f" ephemeral range of {ranges}: there a program chose the number itself."
        )


def _default(name: str) -> str:
    row = ports.EPHEMERAL[name]
    return f"{system(name)} ({row.first}-{row.last})"


class RegisteredPort(Finding):
    """IANA has a service registered for this port.

    What it means
    -------------
    The registry gives the number a service name, so that programs and people can agree on a
    default. It is not a permission and not a lock. Any program may listen on the port, and the
    registered service may run elsewhere.

    How it is detected
    ------------------
    The number is in the Service Name and Transport Protocol Port Number Registry, for TCP or UDP,
    alone or in a range. All names are known; the message gives the first ones.

    Why it happens
    --------------
    Developers of a protocol ask IANA for a number. Many registered services are unknown outside a
    small circle, and popular programs use numbers that are registered for something else.

    What to do
    ----------
    To learn what really listens, look at the program, not at the number.

    - Linux: `ss -ltnp 'sport = :5432'`
    - macOS: `lsof -nP -iTCP:5432 -sTCP:LISTEN`
    - Windows: `netstat -ano | findstr /R /C:":5432 "`

    Sources
    -------
    - IANA Service Name and Transport Protocol Port Number Registry:
      https://www.iana.org/assignments/service-names-port-numbers/
    - RFC 6335, section 6: https://www.rfc-editor.org/info/rfc6335
    """

    code = "P206"
    slug = "registered-port"
    severity = "info"
    title = "A service is registered for this port"

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where the registry has a name for the number."""
        port = port_of(subject)
        if port is None or not port.number or port.number >= 49152:
            return None
        services = port.services
        if not services:
            return None
        names = _some([_service(service) for service in services])
        return Match(
            f"Port {port.number} is registered for {names}. Any program may still listen on it."
        )


def _some(names: list[str]) -> str:
    """The first names, and how many more there are."""
    more = len(names) - _NAMED
    return joined([*names[:_NAMED], f"{more} more"] if more > 0 else names)


def expected(port: Port, machine: Machine | None = None) -> str | None:
    """What mostly listens on the port, as a phrase after "is"; None where no table knows.

    A use that is limited to some systems counts on a probed machine of that
    system only.
    """
    if not port.number:
        return None
    here = machine.system if machine else None
    uses = [use for use in port.uses if not use.systems or here in use.systems]
    if uses:
        more = " and others" if len(uses) > 1 else ""
        return f"a default of {uses[0].name}{more}"
    services = port.services if port.number < 49152 else ()
    return f"registered for {services[0].name}" if services else None


def _service(service: Service) -> str:
    about = service.description
    transports = "/".join(service.transports)
    if about is None or about.lower() == service.name.lower():
        return f"{service.name} ({transports})" if transports else service.name
    return f"{service.name} ({clip(about)}{f'; {transports}' if transports else ''})"


class CommonDevelopmentPort(Finding):
    """Developers often meet a certain program on this port.

    What it means
    -------------
    A widely used tool listens on this port unless told otherwise. The registry may say something
    else, or nothing.

    How it is detected
    ------------------
    By a table of defaults, each with its source in the tool's own documentation or code. What
    really listens on a machine is known only when it is probed.

    Why it happens
    --------------
    Tools choose a default and keep it: 5173 for Vite, 8888 for Jupyter, 9229 for the inspector of
    Node. Two tools can have the same default.

    What to do
    ----------
    If nothing listens, start the tool. If another program listens, stop it or give one of the two
    another port.

    - Linux: `ss -ltnp 'sport = :5173'`
    - macOS: `lsof -nP -iTCP:5173 -sTCP:LISTEN`
    - Windows: `netstat -ano | findstr /R /C:":5173 "`

    Sources
    -------
    - The documentation or source of each tool; the port's entry names it. For instance Vite,
      server.port: https://vite.dev/config/server-options.html
    - RFC 6335, section 6, which ports are registered: https://www.rfc-editor.org/info/rfc6335
    """

    code = "P207"
    slug = "common-development-port"
    severity = "info"
    title = "A well-known tool uses this port by default"

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where the table of uses has the number."""
        port = port_of(subject)
        uses = port.uses if port is not None and port.number else ()
        if port is None or not uses:
            return None
        return Match(f"Port {port.number} is a default of {_some([_use(use) for use in uses])}.")


def _use(use: Use) -> str:
    where = f" on {systems(use.systems)}" if use.systems else ""
    return f"{use.name}{where}"


class ContestedPort(Finding):
    """A part of the operating system, or another common program, also wants this port.

    What it means
    -------------
    Several widely used programs have the same default, or a part of the system takes the port
    without being asked. Then a server fails with "address already in use", or a request reaches
    the wrong program.

    How it is detected
    ------------------
    By the table of uses, where an entry is marked as contested. When a machine was probed, only
    entries for its system count.

    Why it happens
    --------------
    On macOS (12 and later) the AirPlay Receiver listens on 5000 and 7000, and 5000 is the default
    of Flask and others. Requests that were meant for the server get an answer from AirPlay.

    What to do
    ----------
    Give your program another port, or switch the other one off.

    - macOS: System Settings, General, AirDrop & Handoff, AirPlay Receiver. See who listens:
      `lsof -nP -iTCP:5000 -sTCP:LISTEN`
    - Linux: `ss -ltnp 'sport = :5000'`
    - Windows: `netstat -ano | findstr /R /C:":5000 "`

    Sources
    -------
    - Werkzeug, src/werkzeug/serving.py, what it says on macOS when port 5000 is in use:
      https://github.com/pallets/werkzeug/pull/2776
    - Flask, "Address already in use": https://flask.palletsprojects.com/en/stable/server/
    - IANA Service Name and Transport Protocol Port Number Registry:
      https://www.iana.org/assignments/service-names-port-numbers/
    """

    code = "P208"
    slug = "contested-port"
    severity = "notice"
    title = "Another common program wants this port too"

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where a use is contested, on the probed machine's system if there is one."""
        port, machine = port_of(subject), _machine(subject)
        if port is None or not port.number:
            return None
        uses = [
            use
            for use in port.uses
            if use.contested
            and (machine is None or not use.systems or machine.system in use.systems)
        ]
        if not uses:
            return None
        names = joined([_use(use) for use in uses])
        many = "the default of several programs" if len(uses) > 1 else "often taken already"
        text = f"Port {port.number} is {many}: {names}."
        who = commands.who_listens(port.number)
        return Match(text, commands.for_machine(subject.probe, who))


class InvalidPort(Finding):
    """What stands after the colon is no port number.

    What it means
    -------------
    A port is a number from 0 to 65535, because the field in TCP and UDP has 16 bits. The text is
    something else, and programs refuse it or read a different port out of it.

    How it is detected
    ------------------
    The text is not made of ASCII digits only, is empty where a number is needed, or is over
    65535. Signs, spaces, underscores and digits of other scripts are not accepted, as in the
    WHATWG URL standard.

    Why it happens
    --------------
    - A digit too many: 628930.
    - A placeholder was not replaced: `:PORT`, `:$PORT`.
    - Something else follows the colon, such as a line number or a time.

    What to do
    ----------
    Write a number from 1 to 65535. If you do not know it, look for it:

    - Linux: `ss -ltnp`
    - macOS: `lsof -nP -iTCP -sTCP:LISTEN`
    - Windows: `netstat -ano -p TCP`

    Sources
    -------
    - RFC 9293, section 3.1, TCP header: https://www.rfc-editor.org/info/rfc9293
    - RFC 768, UDP header: https://www.rfc-editor.org/info/rfc768
    - WHATWG URL Standard, port state: https://url.spec.whatwg.org/#port-state
    """

    code = "P209"
    slug = "invalid-port"
    severity = "error"
    title = "This is not a port number"

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where the text of the port is not a number from 0 to 65535."""
        port = port_of(subject)
        if port is None or port.number is not None:
            return None
        text = port.text
        if not text:
            why = "there is no number after the colon"
        elif text.isascii() and text.isdigit():
            why = "the largest port is 65535"
        else:
            why = "only the digits 0 to 9 make a port number"
        return Match(f'"{clip(text)}" is not a port: {why}.', (Fix("Write 1 to 65535."),))


FINDINGS: tuple[type[Finding], ...] = (
    PortZero,
    PrivilegedPort,
    BrowserBlockedPort,
    EphemeralPort,
    DynamicPortOutsideEphemeralRange,
    RegisteredPort,
    CommonDevelopmentPort,
    ContestedPort,
    InvalidPort,
)
