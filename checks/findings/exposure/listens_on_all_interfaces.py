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
    """The program takes connections on every address of the machine.

    What it means
    -------------
    A listener on 0.0.0.0 or :: is open on every network of the machine: the one at home, in the
    office or in the cafe, a VPN, the networks of containers. Who can really connect depends on
    firewalls, which this check does not see.

    How it is detected
    ------------------
    The socket table has a listener whose bound address is the unspecified one.

    Why it happens
    --------------
    - It is the default of many servers, and the answer to "it does not work in the container".
    - A flag such as `--host` or `--host 0.0.0.0` was given to reach it from a phone.
    - Container engines publish ports on all addresses unless told otherwise. Docker's own rules
      may let them past a firewall that is set up with ufw.

    What to do
    ----------
    If only this machine needs the service, let it listen on 127.0.0.1: with
    `python3 -m http.server --bind 127.0.0.1`, for instance. A port that a container has
    published is closed where it is published: `docker run -p 127.0.0.1:8000:80`. The program in
    the container stays on 0.0.0.0, or the port leads to nothing. If others need the service,
    make sure that it asks who they are.

    - Linux: `ss -ltnp` shows every listener; `sudo ufw deny 62893/tcp` closes one where ufw is
      in use, but not a port that Docker has published: for those there is the chain DOCKER-USER
    - macOS: System Settings, Network, Firewall
    - Windows: `New-NetFirewallRule -DisplayName 'Block 62893' -Direction Inbound -Protocol TCP
      -LocalPort 62893 -Action Block`

    Guide
    -----
    security/binding/

    Sources
    -------
    - ip(7), INADDR_ANY: https://man7.org/linux/man-pages/man7/ip.7.html
    - Docker manual, packet filtering and firewalls:
      https://docs.docker.com/engine/network/packet-filtering-firewalls/
    - Python manual, http.server: https://docs.python.org/3/library/http.server.html
    """

    code = "E502"
    slug = "listens-on-all-interfaces"
    severity = "warning"
    title = "The program listens on every address of the machine"
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
