"""A115 host-alias-name."""

from __future__ import annotations

from checks.findings.address.name import name_of
from checks.findings.base import Finding, Match, Subject


class HostAliasName(Finding):
    """Inside a container or a virtual machine, this name is the machine outside.

    What it means
    -------------
    Inside a container, 127.0.0.1 is the container. Names such as host.docker.internal lead from
    there to the machine outside. Whether they reach a service that listens on that machine's
    127.0.0.1 depends on the engine:

    - Docker Desktop and Podman machine, on macOS and Windows: yes.
    - Docker Engine on Linux: no. The name leads to an address of the bridge.

    How it is detected
    ------------------
    By the name. No DNS query is made.

    Why it happens
    --------------
    - Docker Desktop provides host.docker.internal, also in the hosts file of Windows. Docker
      Engine on Linux (20.10 and later) provides it only if the container is started with
      `--add-host`.
    - Podman provides host.containers.internal. Lima and other engines have their own names.

    What to do
    ----------
    Use the name inside the container, and 127.0.0.1 outside.

    - Linux: Start the container with the name: `docker run
      --add-host=host.docker.internal:host-gateway IMAGE`. Make the service on the host listen on
      the bridge's address, which `ip address show docker0` prints.
    - macOS: Docker Desktop needs no option. A service on 127.0.0.1 is reached.
    - Windows: Docker Desktop needs no option. A service on 127.0.0.1 is reached.

    Guide
    -----
    uses/containers/#from-the-container-to-the-host

    Sources
    -------
    - Docker manual, container networking and `--add-host`:
      https://docs.docker.com/reference/cli/docker/container/run/
    - Docker Desktop manual, networking: https://docs.docker.com/desktop/features/networking/
    - Podman manual, `--add-host`: https://docs.podman.io/en/latest/markdown/podman-run.1.html
    - gvisor-tap-vsock, gvproxy, the address of Podman machine's host:
      https://github.com/containers/gvisor-tap-vsock
    - Moby, vpnkit, how Docker Desktop reaches the host: https://github.com/moby/vpnkit
    """

    code = "A115"
    slug = "host-alias-name"
    severity = "info"
    title = "Name of the host outside a container"
    example = "host.docker.internal"

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply to the names that engines give to their host."""
        found = name_of(subject, "host-alias")
        if found is None:
            return None
        text, name = found
        return Match(
            f"{text} is a name for the machine outside a container or virtual machine. {name.says}"
        )
