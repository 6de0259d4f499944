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
    """The program accepts connections on a network address of this machine.

    What it means
    -------------
    The bound address belongs to a network interface. Machines that have a route to that address
    can try to connect. Whether a firewall stops them is not tested. Connections to 127.0.0.1 do
    not reach such a listener.

    How it is detected
    ------------------
    The socket table has a listener on an address that is neither loopback nor wildcard, or one on
    the wildcard address that is tied to one network device (SO_BINDTODEVICE).

    Why it happens
    --------------
    The program was given that address, to be open in one network and not in the others. The
    addresses of bridges of containers and virtual machines are normally reached only from those.

    What to do
    ----------
    If only this machine needs the service, make it listen on 127.0.0.1: look for `host`, `bind`
    or `listen` in its options or configuration, change the address, and restart it. Then run the
    check again.

    If others need it, make it ask for a password and allow only their network. First see which
    network it is:

    - Linux: Show the interface with the address: `ip -br address`. Names such as docker0 and
      virbr0 are bridges of containers and virtual machines, wlan0 and eth0 are networks. Allow
      one network only, where ufw is in use: `sudo ufw allow from 192.168.1.0/24 to any port 62893
      proto tcp`, then `sudo ufw deny 62893/tcp`.
    - macOS: Show the interface with the address: `ifconfig`. en0 is Wi-Fi or Ethernet, bridge100
      virtual machines, utun a VPN. Turn on the firewall in System Settings > Network > Firewall,
      and block the program in its options.
    - Windows: Show the interface with the address: `ipconfig`. vEthernet is a network of WSL or
      Hyper-V. Block the port as Administrator, in PowerShell: `New-NetFirewallRule -DisplayName
      'Block 62893' -Direction Inbound -Protocol TCP -LocalPort 62893 -Action Block`.

    If your own client on this machine is refused on 127.0.0.1, use the bound address instead, or
    make the program listen on both.

    Guide
    -----
    security/binding/

    Sources
    -------
    - ip(7), sockets and addresses: https://man7.org/linux/man-pages/man7/ip.7.html
    - RFC 1122, section 3.3.4.2, multihomed hosts: https://www.rfc-editor.org/info/rfc1122
    - bind(2): https://man7.org/linux/man-pages/man2/bind.2.html
    - ufw(8): https://manpages.debian.org/bookworm/ufw/ufw.8.en.html
    - Apple, block connections to your Mac with a firewall:
      https://support.apple.com/guide/mac-help/mh34041/mac
    - New-NetFirewallRule:
      https://learn.microsoft.com/powershell/module/netsecurity/new-netfirewallrule
    """

    code = "E503"
    slug = "listens-on-network-address"
    severity = "warning"
    title = "Listens on a network address"
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
