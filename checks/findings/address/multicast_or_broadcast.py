"""A107 multicast-or-broadcast."""

from __future__ import annotations

from checks.findings.address.host import label, located, purpose_of, registry_row
from checks.findings.base import Finding, Fix, Match, Subject


class MulticastOrBroadcast(Finding):
    """The address belongs to many machines at once.

    What it means
    -------------
    A multicast address is for a group of machines, a broadcast address for every machine on a
    link. TCP connects exactly two ends, so a TCP connection to such an address is impossible. UDP
    can send to it.

    How it is detected
    ------------------
    The address is in 224.0.0.0/4 or ff00::/8, or it is 255.255.255.255. The broadcast address of
    one network, such as 192.168.1.255 in 192.168.1.0/24, looks like any other address and is not
    reported.

    Why it happens
    --------------
    Discovery protocols use such addresses: mDNS sends to 224.0.0.251 and ff02::fb, SSDP to
    239.255.255.250. Listings show them beside the UDP sockets that joined the group.

    What to do
    ----------
    To connect, use the address of one machine. To see which groups this machine has joined:

    - Linux: `ip maddress`
    - macOS: `netstat -gn`
    - Windows: `netsh interface ipv4 show joins`

    Guide
    -----
    loopback/#addresses-that-are-mistaken-for-it

    Sources
    -------
    - RFC 5771, IPv4 multicast: https://www.rfc-editor.org/info/rfc5771
    - RFC 4291, section 2.7, IPv6 multicast: https://www.rfc-editor.org/info/rfc4291
    - RFC 919, section 7, limited broadcast: https://www.rfc-editor.org/info/rfc919
    - RFC 1122, section 4.2.3.10: TCP ignores segments for such addresses:
      https://www.rfc-editor.org/info/rfc1122
    - RFC 6762, section 3, mDNS: https://www.rfc-editor.org/info/rfc6762
    """

    code = "A107"
    slug = "multicast-or-broadcast"
    severity = "warning"
    title = "Multicast or broadcast address: no TCP"
    example = "224.0.0.251"

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply to multicast of both families and the limited broadcast address."""
        found = located(subject, "multicast", "broadcast")
        if found is None:
            return None
        host, block = found
        if purpose_of(block) == "broadcast":
            what = "is broadcast: it is for every machine of the link"
        else:
            what = "is multicast: it is for a group of machines"
        text = f"{label(host)} {what}. No TCP connection to it is possible."
        return Match(text, (Fix("Use the address of one machine."),), registry_row(block))
