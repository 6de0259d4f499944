"""A115 host-alias-name."""

from __future__ import annotations

from checks.findings.address.name import name_of
from checks.findings.base import Finding, Match, Subject


class HostAliasName(Finding):
    """The name is how a container or a virtual machine calls the machine it runs on.

    What it means
    -------------
    Inside a container, 127.0.0.1 is the container itself. Names such as host.docker.internal lead
    from there to the machine outside. The address behind the name is that of a gateway or of a
    relay, not loopback: a service that listens on 127.0.0.1 of the host may not be reached by it.

    How it is detected
    ------------------
    By the name. No resolver is asked.

    Why it happens
    --------------
    - Docker Desktop sets host.docker.internal by itself. On Linux, Docker Engine (20.10 and
      later) does so only when the container is started with `--add-host`.
    - Podman, Lima and other engines have names of their own.
    - Outside a container the name is usually unknown.

    What to do
    ----------
    Use the name inside the container, and 127.0.0.1 outside. Let the service on the host listen
    on an address that the container can reach, not on 127.0.0.1 alone.

    - Linux: `docker run --add-host=host.docker.internal:host-gateway IMAGE`
    - macOS and Windows: nothing to set with Docker Desktop.

    Guide
    -----
    uses/containers/#from-the-container-to-the-host

    Sources
    -------
    - Docker manual, container networking and `--add-host`:
      https://docs.docker.com/reference/cli/docker/container/run/
    - Docker Desktop manual, networking: https://docs.docker.com/desktop/features/networking/
    - Podman manual, `--add-host`: https://docs.podman.io/en/latest/markdown/podman-run.1.html
    """

    code = "A115"
    slug = "host-alias-name"
    severity = "info"
    title = "The name means the machine outside a container or virtual machine"
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
