"""E503 listens-on-network-address."""

from __future__ import annotations

from checks.findings import wording
from checks.findings.base import Finding, Match, Subject
from checks.findings.exposure.listeners import (
    closer,
    endpoint,
    listeners_of,
    on_loopback,
    other_answers_loopback,
)
from checks.rules.places import place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.model.evidence import Listener


class ListensOnNetworkAddress(Finding):
    """The program takes connections on an address of a network.

    What it means
    -------------
    The bound address belongs to a network interface. Machines that have a way to that address can
    try to connect. Whether a firewall stops them, this check does not see. Connections to
    127.0.0.1 do not reach such a listener.

    How it is detected
    ------------------
    The socket table has a listener whose bound address is neither loopback nor unspecified, or one
    on the unspecified address that is tied to one network device (SO_BINDTODEVICE).

    Why it happens
    --------------
    The program was given that address, to be open in one network and not in the others. The
    addresses of bridges of containers and virtual machines are reached from those only, as a
    rule.

    What to do
    ----------
    If only this machine needs the service, let it listen on 127.0.0.1. If others need it, make
    sure that it asks who they are.

    - Linux: `ip address` shows which interface has the address
    - macOS: `ifconfig`
    - Windows: `ipconfig`

    Guide
    -----
    security/binding/

    Sources
    -------
    - ip(7), sockets and addresses: https://man7.org/linux/man-pages/man7/ip.7.html
    - RFC 1122, section 3.3.4.2, multihomed hosts: https://www.rfc-editor.org/info/rfc1122
    - bind(2): https://man7.org/linux/man-pages/man2/bind.2.html
    """

    code = "E503"
    slug = "listens-on-network-address"
    severity = "warning"
    title = "The program listens on an address of a network"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> list[Match]:
        """Apply to each listener on a network address."""
        probe = subject.probe
        if probe is None:
            return []
        loopback = on_loopback(probe)
        return [
            Match(
                f"{wording.opening(row)} listens on {endpoint(row)}, {_network(row)}:"
                " other machines can connect unless a firewall stops them."
                f"{other_answers_loopback(loopback, row)}",
                closer(subject, row),
                (wording.listener_line(row),),
                listeners=alike,
            )
            for alike in listeners_of(subject)
            for row in alike[:1]
            if row.reach == "network"
        ]


def _network(row: Listener) -> str:
    """What the bound address means, where it is not every address of the machine."""
    name = row.interface
    if place(row.address).unspecified:
        return f"bound to the network device {name}" if name else "bound to one network"
    return f"an address of {name}" if name else "an address of a network"
