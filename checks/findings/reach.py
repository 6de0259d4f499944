"""Who can reach a listener: how to keep others out of it, or to let it answer on one more address.

First where the listener was made, then by a firewall. A published port is made by the container's
engine, so the program in the container is not to be moved.

Sources: ufw(8); Docker, "Packet filtering and firewalls" and "Port publishing"; ssh(1), -g, -L and
sshd_config(5), GatewayPorts; systemd.socket(5), ListenStream=; New-NetFirewallRule
(learn.microsoft.com/powershell/module/netsecurity/new-netfirewallrule).
"""

from __future__ import annotations

import re

from checks.findings import tools
from checks.findings.base import Fix
from checks.findings.commands import LINUX, WINDOWS, sudo
from checks.findings.owners import relay_of
from checks.model.words import at

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.model.evidence import Listener, Machine, Probe, Relay


def keep_out(listener: Listener, probe: Probe, product: str = "") -> tuple[Fix, ...]:
    """Keep other machines from a listener, first where it was made, then by a firewall.

    Arguments:
        listener: the one that others reach.
        probe: what was seen.
        product: what speaks there; its own setting is named where it is known.
    """
    relay = relay_of(listener, probe)
    loopback = "127.0.0.1 or ::1" if ":" in listener.address else "127.0.0.1"
    port, kind = listener.port, listener.protocol
    if relay is not None and relay.engine is not None:
        first = Fix(f"If only this machine needs it, {_publish(relay, port)}")
        if _bypasses_input(listener, probe.machine):
            return (first, *_docker_user(relay, listener, probe.machine))
        return (first, *_firewall(port, kind, probe.machine))
    if relay is not None and relay.kind == "ssh":
        text = (
            f"If only this machine needs it, make ssh listen on {loopback}: without -g, and with"
            f" 127.0.0.1:{port}:... after -L or -D; for -R that is GatewayPorts no in sshd_config."
        )
        return (Fix(text), *_firewall(port, kind, probe.machine))
    if listener.activation is not None and listener.activation.kind == "systemd":
        name = listener.activation.unit or "the socket unit"
        text = (
            f"If only this machine needs it, set ListenStream= in {name}: once empty, then"
            f" 127.0.0.1:{port}."
        )
        return (Fix(text), *_firewall(port, kind, probe.machine))
    text = f"If only this machine needs it, make the program listen on {loopback}."
    return (Fix(_by_setting(product, port) or text), *_firewall(port, kind, probe.machine))


_AT_PORT = re.compile(r"(127\.0\.0\.1:)\d{1,5}", re.ASCII)


def _by_setting(product: str, port: int) -> str:
    """The setting that keeps a product on this machine; "" where it has none that is known."""
    from checks.ports import bindings  # noqa: PLC0415 - for listeners that others reach only

    row = bindings.of(product) if product else None
    if row is None or not row.setting:
        return ""
    setting = _AT_PORT.sub(rf"\g<1>{port}", row.setting)
    return f"If only this machine needs it, keep {product} on 127.0.0.1: {setting}"


def listen_on(listener: Listener, probe: Probe, address: str) -> str:
    """How to have it answer on another address too, as the end of a sentence: "let ..."."""
    relay = relay_of(listener, probe)
    if relay is None or relay.engine is None:
        return f"make the program listen on {address}"
    place = at(address, listener.port)
    return f"publish the port on {address}: -p {place}:{_inside(relay)}"


def _publish(relay: Relay, port: int) -> str:
    """How a published port is kept to this machine; the program inside must not be moved."""
    engine = relay.engine or "docker"
    return (
        f"publish it on loopback: `{engine} run -p 127.0.0.1:{port}:{_inside(relay)}`, in a Compose"
        f' file "127.0.0.1:{port}:{_inside(relay)}". The program in the container stays on 0.0.0.0.'
    )


def _inside(relay: Relay) -> str:
    """The port in the container, or a word that stands for it."""
    number = (relay.target or "").rpartition(":")[2]
    return number if number.isascii() and number.isdecimal() else "CONTAINERPORT"


def _bypasses_input(listener: Listener, machine: Machine) -> bool:
    """Whether a published port is led on by NAT before the rules of ufw are asked.

    So it is where the engine is root's. Without root it listens as any program does.
    """
    unit = listener.managed_by
    ours = listener.uid in (0, None) and (unit is None or unit.uid is None)
    return machine.system == LINUX and ours


def _docker_user(relay: Relay, listener: Listener, machine: Machine) -> tuple[Fix, ...]:
    if relay.engine != "docker" or listener.protocol != "tcp":
        return ()
    tool = "ip6tables" if ":" in listener.address else "iptables"
    return (
        Fix(
            "Or keep others out by Docker's own chain; rules of ufw do not apply to a"
            " published port. The rule is gone after a restart.",
            f"{sudo(machine)}{tool} -I DOCKER-USER -p tcp -m conntrack --ctdir ORIGINAL"
            f" --ctorigdstport {listener.port} -j DROP",
            LINUX,
        ),
    )


def _firewall(port: int, kind: str, machine: Machine) -> tuple[Fix, ...]:
    ufw = Fix(
        "To keep others out by the firewall (where ufw is in use):",
        f"{sudo(machine)}ufw deny {port}/{kind}",
        LINUX,
    )
    return (
        *(() if "ufw" in tools.missing(machine) else (ufw,)),
        Fix(
            "To keep others out by the firewall (as Administrator):",
            f"New-NetFirewallRule -DisplayName 'Block {port}' -Direction Inbound"
            f" -Protocol {kind.upper()} -LocalPort {port} -Action Block",
            WINDOWS,
        ),
    )
