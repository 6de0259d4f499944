"""N802 listens-in-other-namespace."""

from __future__ import annotations

from checks.findings import inside, wording
from checks.findings.base import Finding, Match, Subject
from checks.findings.commands import for_machine
from checks.findings.inside import CONNECTION, PORT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.model.evidence import NamespaceListener, Probe


class ListensInOtherNamespace(Finding):
    """A program in another network namespace, mostly a container, listens on the port.

    What it means
    -------------
    A network namespace has its own interfaces, its own 127.0.0.1 and its own ports. A container
    has one. A program that listens there is not in this machine's list of listeners. A connection
    to 127.0.0.1 of this machine does not reach it, unless a rule or a relay leads it there.

    How it is detected
    ------------------
    On Linux, if no program listens on the port here, or if an accepted connection ended at no
    socket of this namespace. Every user may read the socket tables of other namespaces, below
    /proc/PID/net. Only root sees which process of another user holds a socket.

    If the connection was accepted, the row in the other table that has this machine's end of it
    is the proof. The control group of the process names the container. Docker's daemon and
    Podman's monitor give its name.

    Why it happens
    --------------
    - The program runs in a container, and its port is not published (-p).
    - It runs in a container and listens on 127.0.0.1, which is the container's own.
    - A service has PrivateNetwork= in its unit, or was started with `ip netns exec`.
    - A NAT rule leads a published port to the container, without a process that listens here.

    What to do
    ----------
    Publish the port when the container starts. In the container, the program must listen on
    0.0.0.0.

    - Linux: Publish the port: `docker run -p 127.0.0.1:8000:8000 IMAGE`. Or connect to the
      container's own address: `docker inspect -f '{{range
      .NetworkSettings.Networks}}{{.IPAddress}} {{end}}' NAME`. List the namespaces: `lsns -t
      net`. Open a shell in the network of a process: `sudo nsenter -t PID -n`.
    - macOS: Publish the port: `docker run -p 127.0.0.1:8000:8000 IMAGE`. Containers run in a
      virtual machine, so their own addresses cannot be reached.
    - Windows: Publish the port: `docker run -p 127.0.0.1:8000:8000 IMAGE`. Containers run in a
      virtual machine, so their own addresses cannot be reached.

    Guide
    -----
    uses/containers/#from-the-host-to-the-container

    Sources
    -------
    - network_namespaces(7): https://man7.org/linux/man-pages/man7/network_namespaces.7.html
    - proc_pid_net(5): https://man7.org/linux/man-pages/man5/proc_pid_net.5.html
    - nsenter(1): https://man7.org/linux/man-pages/man1/nsenter.1.html
    - Docker manual, port publishing and mapping:
      https://docs.docker.com/engine/network/port-publishing/
    """

    code = "N802"
    slug = "listens-in-other-namespace"
    severity = "notice"
    title = "Listens in another network namespace"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where a table of another namespace has what was looked for."""
        probe, conclusion = subject.probe, subject.conclusion
        if probe is None or conclusion is None:
            return None
        arrived = inside.of(probe, CONNECTION)
        if arrived:
            return Match(_arrived(arrived[0]), evidence=inside.lines(probe), severity="info")
        found = inside.of(probe, PORT)
        if not found or conclusion.code == "C301":
            return None
        machine = probe.machine
        text = f"{inside.listens(found[0])}{inside.at_there(found[0], machine)}."
        text += _others(found, probe)
        return Match(text, for_machine(probe, inside.fixes(found[0], machine)), inside.lines(probe))


def _arrived(one: NamespaceListener) -> str:
    end = one.arrived or wording.bound(one.listener)
    return f"The connection arrived at {end} {inside.where(one)}: {inside.who(one)} listens there."


def _others(found: tuple[NamespaceListener, ...], probe: Probe) -> str:
    """How many more there are, as a sentence."""
    more = len(found) - 1
    if not more:
        return ""
    named = [f"{inside.who(one)} {inside.where(one)}" for one in found[1:3]]
    if more > len(named):
        named.append(f"{more - len(named)} more")
    return f" So do{'es' if more == 1 else ''} {wording.joined(named)}."
