"""What is said of a listener in another network namespace: where that is, and how to get there.

Sources: network_namespaces(7); nsenter(1); Docker manual, "Port publishing and mapping";
kubectl reference, "port-forward".
"""

from __future__ import annotations

from checks.findings import speech, witness, wording
from checks.findings.base import Fix
from checks.findings.commands import LINUX
from checks.model.words import at
from checks.rules import places
from checks.rules.places import place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.model.evidence import Attempt, Machine, NamespaceListener, Probe, Unit

_CONTAINERS = {
    "docker": "Docker container",
    "podman": "Podman container",
    "kubernetes": "Kubernetes container",
    "containerd": "containerd container",
    "container": "container",
    "lxc": "LXC container",
    "machine": "systemd machine",
}
"""How each kind of container is called, by :attr:`checks.model.evidence.Unit.kind`."""

PORT, CONNECTION, RELAY = "port", "connection", "relay"
"""Why a listener is told: :attr:`checks.model.evidence.NamespaceListener.why`."""


def of(probe: Probe, why: str) -> tuple[NamespaceListener, ...]:
    """Return the listeners of other namespaces that are told for one reason, open ones first."""
    found = probe.namespaces.listeners if probe.namespaces is not None else ()
    told = [one for one in found if one.why == why]
    return tuple(sorted(told, key=lambda one: is_closed(one)))


def is_closed(one: NamespaceListener) -> bool:
    """Whether only programs in its namespace can connect: it listens on loopback there."""
    return place(one.listener.address).loopback


def where(one: NamespaceListener) -> str:
    """In which namespace, as a phrase: ``in the container web``."""
    unit = one.listener.managed_by
    kind = _kind(unit)
    if kind:
        name = one.container or (unit.name if unit is not None else "")
        return f"in the {kind} {speech.one_line(name)}"
    if unit is not None:
        return f"in the network namespace of {speech.one_line(unit.name)}"
    return "in another network namespace"


def _kind(unit: Unit | None) -> str:
    """What sort of container it is; "" where it is none."""
    return _CONTAINERS.get(unit.kind, "") if unit is not None else ""


def who(one: NamespaceListener) -> str:
    """Who listens; in which container is said beside it."""
    return wording.holder(one.listener._replace(unit=None))


def opening(one: NamespaceListener) -> str:
    """The same at the start of a sentence."""
    return wording.begin(who(one), witness.main_owner(one.listener))


def listens(one: NamespaceListener) -> str:
    """A sentence: who listens where."""
    return f"{opening(one)} listens on {wording.bound(one.listener)} {where(one)}"


def reachable(one: NamespaceListener, machine: Machine) -> str | None:
    """Where this machine can connect to it: ``172.17.0.2:8000``; None where that is not seen.

    Its namespace has an address in a network of this machine (that of docker0, say), and it
    listens on that address or on every one.
    """
    bound = place(one.listener.address)
    for address in one.addresses:
        spot = place(address)
        takes = bound[:2] == spot[:2] or (bound.unspecified and _takes(one, spot.version))
        if takes and places.is_on_link(spot, machine.interfaces):
            return at(address, one.listener.port)
    return None


def _takes(one: NamespaceListener, version: int) -> bool:
    """Whether a wildcard listener takes connections over an IP version."""
    own = place(one.listener.address).version
    return own == version or (own == 6 and one.listener.v6only is not True)


def at_there(one: NamespaceListener, machine: Machine) -> str:
    """The end of a sentence: where it can be reached; "" where that is not known."""
    reached = reachable(one, machine)
    if reached is not None:
        return f"; from this machine it is {reached}"
    return ", so only programs in there can connect" if is_closed(one) else ""


def led(probe: Probe, attempt: Attempt) -> str:
    """Where a connection went that did not end at its port, as a clause."""
    found = of(probe, CONNECTION)
    if not found:
        return wording.led(attempt)
    one = found[0]
    end = one.arrived or wording.bound(one.listener)
    return f"a NAT rule leads connections on to {end} {where(one)}, to {who(one)}"


def behind(probe: Probe) -> str:
    """A sentence on what is at the target of a relay; "" where that was not looked at."""
    target = probe.namespaces.relay if probe.namespaces is not None else None
    if target is None:
        return ""
    found = of(probe, RELAY)
    if not found:
        return f"There no program listens on port {target.rpartition(':')[2]}."
    unit = found[0].listener.managed_by
    there = f"There, {where(found[0])}," if _kind(unit) else "There"
    only = " only, which the relay does not reach" if is_closed(found[0]) else " and ends them"
    return f"{there} {who(found[0])} listens on {wording.bound(found[0].listener)}{only}."


def fixes_behind(probe: Probe) -> tuple[Fix, ...]:
    """What to do about the target of a relay; () where it was not looked at."""
    if probe.namespaces is None or probe.namespaces.relay is None:
        return ()
    found = of(probe, RELAY)
    if not found:
        return (Fix("Start the program in the container, or publish the port it listens on."),)
    if is_closed(found[0]):
        text = "Make the program in the container listen on 0.0.0.0, not on its own 127.0.0.1."
        return (Fix(text),)
    return ()


def fixes(one: NamespaceListener, machine: Machine) -> tuple[Fix, ...]:
    """How to reach it: by its own address, by publishing the port, from inside."""
    found = []
    reached = reachable(one, machine)
    if reached is not None:
        found.append(Fix(f"Connect to {reached} instead."))
    found += _publish(one)
    sudo = "" if machine.user == "root" else "sudo "
    text = "Open a shell in that network namespace, and connect from there."
    return (*found, Fix(text, f"{sudo}nsenter -t {one.pid} -n", LINUX))


def _publish(one: NamespaceListener) -> list[Fix]:
    """How a container's port is had on this machine."""
    unit, port = one.listener.managed_by, one.listener.port
    kind = unit.kind if unit is not None else ""
    found = []
    if kind in _CONTAINERS and is_closed(one):
        text = "Make the program in the container listen on 0.0.0.0, not on its own 127.0.0.1."
        found.append(Fix(text))
    if kind in ("docker", "podman", "container", "containerd"):
        engine = "podman" if kind == "podman" else "docker"
        found.append(
            Fix(
                f"Publish the port when the container starts: `{engine} run -p"
                f' 127.0.0.1:{port}:{port}`, in a Compose file "127.0.0.1:{port}:{port}".'
            )
        )
    if kind == "kubernetes":
        found.append(Fix(f"Forward the port: `kubectl port-forward POD {port}:{port}`."))
    return found


def lines(probe: Probe) -> tuple[str, ...]:
    """The rows as evidence: ``network namespace 4026532177 of pid 7: netlink: tcp LISTEN ...``."""
    found = probe.namespaces.listeners if probe.namespaces is not None else ()
    return tuple(
        f"network namespace {f'{one.namespace} ' if one.namespace else ''}of pid {one.pid}: "
        f"{wording.listener_line(one.listener)}"
        for one in found
    )
