"""The first steps where a connection failed."""

from __future__ import annotations

from checks.address import ipv6
from checks.causes import servers
from checks.causes.steps import curl, per_system
from checks.findings import commands
from checks.findings.base import Fix
from checks.model.words import at

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.causes.situation import Situation

OUTCOMES = (
    "No listener: start the server. A listener only on 127.0.0.1 or only on ::1: use that"
    " address. It connects: the client runs elsewhere, such as in a container."
)
"""The three ways in which the deciding command can come out."""

_SYSTEMS = (commands.LINUX, commands.MACOS, commands.WINDOWS)


def decide(situation: Situation) -> tuple[Fix, ...]:
    """The one command that tells the causes of a refusal apart."""
    host, port = situation.address or situation.host, situation.port
    if situation.may_be_loopback:
        if port is None:
            return (_list_here(),)
        text = "Test the port in the shell or container where the client runs."
        return (Fix(text, f"python3 -m checks {at('localhost', port)}", look_for=OUTCOMES),)
    where = host if port is None else at(host, port)
    if situation.asks_itself:
        return (
            Fix(
                "Test the port on this machine, where both the client and the server are.",
                f"python3 -m checks {where}" if commands.is_safe(host) else None,
                look_for="No listener: start the server and read its log. A listener on another"
                " address: correct the line of the name in the hosts file.",
            ),
        )
    return (
        Fix(
            "Test the port from the client's machine, then on the server's own machine.",
            f"python3 -m checks --remote {where}" if commands.is_safe(host) else None,
            look_for="It connects only on the server: the server listens only on loopback, or a"
            " firewall is in between. It fails on both: the server is not running.",
        ),
    )


def _list_here() -> Fix:
    """Where the text has no port, none is put into a command."""
    return Fix(
        "Show the listeners in the shell or container where the client runs.",
        "python3 -m checks listen",
        look_for="No row of the server: start it. A row: use that address and port.",
    )


def decide_ended(situation: Situation) -> tuple[Fix, ...]:
    """What tells apart the causes of a connection that was accepted and ended at once."""
    if situation.port is None:
        return (_list_here(),)
    where = at("localhost", situation.port)
    return (
        Fix(
            "Show what listens there, and which protocol it speaks.",
            f"python3 -m checks {where}",
            look_for="TLS: use https:// or the TLS option of the client. A container: the program"
            " inside listens on the container's 127.0.0.1. A program of yours: read its log.",
        ),
        *curl(
            "Connect with https:// too, and read how the connection ends.",
            f"-vk https://{where}/",
            "An answer: the server speaks TLS. The same error: read the server's log.",
        ),
    )


def start(situation: Situation) -> tuple[Fix, ...]:
    """Start the server that mostly listens on the port."""
    names = servers.STARTS.get(servers.default_port(situation))
    what = servers.known(situation) or "the server"
    text = f"Check whether {what} is running. If not, start it and read the first lines of its log."
    if names is None or (situation.system and not getattr(names, situation.system)):
        return (Fix(text),)
    windows = f"Get-Service {names.windows}" if names.windows else None
    shown = per_system(
        text,
        f"systemctl status {names.linux}" if names.linux else None,
        "brew services list" if names.macos else None,
        windows,
    )
    without = (one for one in _SYSTEMS if one not in {fix.os for fix in shown})
    return (*shown, *(Fix(text, None, system) for system in without)) if shown else (Fix(text),)


def not_running(situation: Situation) -> tuple[Fix, ...]:
    """Decide, start, and see what listens at all."""
    first = (*decide(situation), *start(situation))
    if situation.has("docker", "unix-socket") or situation.named("ENOENT"):
        first = (*start(situation), *decide(situation))
    return (*first, *listeners("Show on which port the server listens, if it runs."))


def listeners(text: str) -> tuple[Fix, ...]:
    """Show every listener of the machine."""
    return tuple(fix._replace(text=text) for fix in commands.all_listeners())


def use_ipv4(situation: Situation) -> tuple[Fix, ...]:
    """Ask the IPv4 address instead of the name."""
    return (
        Fix("Use 127.0.0.1 instead of localhost in the client's address."),
        *decide(situation),
        Fix("If other clients use localhost too, make the server listen on ::1 as well."),
    )


def use_ipv6(situation: Situation) -> tuple[Fix, ...]:
    """Ask the IPv6 address, or let the server listen on both."""
    port = situation.port
    place = at("::1", port) if port else "[::1]"
    return (
        Fix(f"Use {place} in the client, or start the server with --host 127.0.0.1."),
        *decide(situation),
    )


def both_versions(situation: Situation) -> tuple[Fix, ...]:
    """Avoid the attempt that fails first."""
    return (
        Fix("Use 127.0.0.1 instead of localhost, or make the server listen on ::1 too."),
        *decide(situation),
    )


def zone(situation: Situation) -> tuple[Fix, ...]:
    """Name the interface of a link-local address."""
    return (
        Fix("Add the interface to the address, such as fe80::1%eth0."),
        *per_system(
            "Show the interfaces.", "ip -br link", "ifconfig -l", "netsh interface show interface"
        ),
        *(() if situation.is_loopback else (Fix("Or use the host's name or its IPv4 address."),)),
    )


def other_port(situation: Situation) -> tuple[Fix, ...]:
    """Compare the port with the one that the server has."""
    return (
        Fix("Compare the port in the client's URL with the port that the server prints."),
        *listeners("On the server's machine, show which ports have a listener."),
        *decide(situation),
    )


def other_address(situation: Situation) -> tuple[Fix, ...]:
    """Ask the address that the server has, or let it listen on all."""
    return (
        Fix("Use the address that the server listens on, or make it listen on 0.0.0.0."),
        *listeners("Show on which address the server listens."),
        *decide(situation),
    )


def listen_on_network(situation: Situation) -> tuple[Fix, ...]:
    """Let the server take connections from other machines."""
    return (
        Fix("Make the server listen on 0.0.0.0 (often --host 0.0.0.0), or reach it with ssh -L."),
        *listeners("On the server's machine, show on which address it listens."),
        *decide(situation),
    )


def other_machine(situation: Situation) -> tuple[Fix, ...]:
    """Write the address of the machine where the server runs."""
    return (
        Fix("Use the address of the machine where the server runs instead of localhost."),
        *per_system(
            "On that machine, show its addresses.", "ip -br address", "ifconfig", "ipconfig"
        ),
        *decide(situation),
    )


def firewall(situation: Situation) -> tuple[Fix, ...]:
    """Look at the firewall of the server's machine; where a call was denied, of the client's."""
    denied = situation.error.name in ("EACCES", "EPERM")
    return (
        *per_system(
            f"On the {'client' if denied else 'server'}'s machine, find the firewall rule that"
            f" blocks the {'program' if denied else 'port'}.",
            "sudo nft list ruleset",
            "sudo pfctl -s rules",
            look_for="A rule with drop, reject or block has the port: allow it for the client's"
            " network.",
        ),
        *per_system(
            "On the server's machine, find the firewall rule that blocks the program.",
            windows="Get-NetFirewallRule -Enabled True -Action Block",
            look_for="A row with your program: change it to allow. No row: Windows blocks incoming"
            " connections that no rule allows, so add one.",
        ),
        *decide(situation),
    )


def route(situation: Situation) -> tuple[Fix, ...]:
    """See which way packets take, without the VPN."""
    address = situation.address
    shown = commands.route(address) if address else ()
    return (
        *shown,
        Fix("Disconnect the VPN and try again."),
        *decide(situation),
    )


def local_network(situation: Situation) -> tuple[Fix, ...]:
    """Give a program on macOS the permission for the local network."""
    return (*commands.local_network(), *route(situation))


def keep_alive(_: Situation) -> tuple[Fix, ...]:
    """Stop using up the local ports."""
    return (
        *per_system(
            "Compare the number of the client's sockets with the range of local ports.",
            "ss -s; cat /proc/sys/net/ipv4/ip_local_port_range",
            "netstat -an | grep -c TIME_WAIT; sysctl net.inet.ip.portrange",
            "netsh int ipv4 show dynamicport tcp",
            "Thousands in TIME_WAIT: the client opens a new connection for each request.",
        ),
        Fix("Make the client reuse connections: use keep-alive, a connection pool or an agent."),
    )


def selinux(_: Situation) -> tuple[Fix, ...]:
    """See what SELinux denied, and allow the web server to connect."""
    return (
        Fix(
            "Check whether SELinux denied the connection.",
            "sudo ausearch -m avc -ts recent",
            "linux",
            "A row with name_connect and the program: SELinux denied it.",
        ),
        Fix(
            "Allow web servers to connect to other services.",
            "sudo setsebool -P httpd_can_network_connect 1",
            "linux",
        ),
    )


def android_internet(_: Situation) -> tuple[Fix, ...]:
    """Give an Android program the permission for the network."""
    return (
        Fix("Add the permission android.permission.INTERNET to AndroidManifest.xml."),
        Fix("Uninstall the program from the device and install it again."),
    )


def ask_loopback(situation: Situation) -> tuple[Fix, ...]:
    """Ask 127.0.0.1 instead of 0.0.0.0."""
    port = situation.port
    place = at("127.0.0.1", port) if port else "127.0.0.1"
    return (
        Fix(f"Use {place} or localhost in the client: 0.0.0.0 is only for listening."),
        *decide(situation),
    )


def meant(situation: Situation) -> str:
    """The address with its port that was written without brackets: ``[::1]:9093``; "" for none."""
    host = situation.endpoint.host if situation.endpoint else None
    found = ipv6.swallowed_port(host.value) if host is not None and host.version == 6 else None
    return at(ipv6.format(found[0]), found[1]) if found else ""


def right_address(situation: Situation) -> tuple[Fix, ...]:
    """Compare the address with the server's."""
    host = situation.host
    if written := meant(situation):
        text = f"Write {written} with its brackets in the client's settings, and test it."
        return (Fix(text, f"python3 -m checks {written}", look_for=OUTCOMES),)
    shown = commands.resolver(host) if situation.name_kind and host else ()
    return (
        Fix("Compare the address in the client with the address of the server."),
        *(tuple(fix._replace(text="Show which address the name has here.") for fix in shown)),
        *per_system(
            "On the server's machine, show its addresses.", "ip -br address", "ifconfig", "ipconfig"
        ),
    )
