"""E502 listens-on-all-interfaces."""

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


class ListensOnAllInterfaces(Finding):
    """The program accepts connections on every address of the machine.

    What it means
    -------------
    A listener on 0.0.0.0 or :: is open on every network of the machine: at home, in the office or
    in a cafe, a VPN, the networks of containers. Firewalls decide who can really connect, and
    this check does not see them.

    How it is detected
    ------------------
    The socket table has a listener on a wildcard address.

    Why it happens
    --------------
    - It is the default of many servers, and a common answer to "it does not work in the
      container".
    - An option such as `--host` or `--host 0.0.0.0` was given to reach it from a phone.
    - Container engines publish ports on all addresses unless you write one. Docker's published
      ports pass a firewall that is set up with ufw.

    What to do
    ----------
    If only this machine needs the service, make it listen on 127.0.0.1. Each server has an option
    for that: `python3 -m http.server --bind 127.0.0.1`, for example.

    A port that a container publishes is closed where it is published: `docker run -p
    127.0.0.1:8000:80`, with Docker Engine 28.0 or later (before, machines of the same link still
    reach it). The program in the container stays on 0.0.0.0. On 127.0.0.1 it would not be
    reachable from outside the container.

    If others need the service, make it ask for a password. To close the port by a firewall:

    - Linux: Where ufw is in use: `sudo ufw deny 62893/tcp`. It does not close a port that Docker
      has published. For those, add a rule to the chain DOCKER-USER.
    - macOS: Turn on the firewall in System Settings > Network > Firewall, and block the program
      in its options.
    - Windows: Add a rule as Administrator, in PowerShell: `New-NetFirewallRule -DisplayName
      'Block 62893' -Direction Inbound -Protocol TCP -LocalPort 62893 -Action Block`.

    Guide
    -----
    security/binding/

    Sources
    -------
    - ip(7), INADDR_ANY: https://man7.org/linux/man-pages/man7/ip.7.html
    - Docker manual, packet filtering and firewalls:
      https://docs.docker.com/engine/network/packet-filtering-firewalls/
    - Python manual, http.server: https://docs.python.org/3/library/http.server.html
    - Docker manual, port publishing, which hosts reach a port on 127.0.0.1:
      https://docs.docker.com/engine/network/port-publishing/
    """

    code = "E502"
    slug = "listens-on-all-interfaces"
    severity = "warning"
    title = "Listens on every address of this machine"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> list[Match]:
        """Apply to each listener on an unspecified address."""
        probe = subject.probe
        found = [alike for alike in listeners_of(subject) if alike[0].reach == "any"]
        if probe is None:
            return []
        loopback = on_loopback(probe)
        return [
            Match(
                f"{wording.opening(row)} listens on {endpoint(row)}, which is every address of this"
                " machine: other machines can connect unless a firewall stops them."
                f"{other_answers_loopback(loopback, row)}",
                closer(subject, row),
                (wording.listener_line(row),),
                listeners=alike,
            )
            for alike in found
            for row in alike[:1]
        ]
