"""Which units are what: of the names that systemd has for services, those that mean more."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.model.evidence import Unit

_DOCKER = ("docker.service", "snap.docker.dockerd.service")


def is_docker(unit: Unit | None) -> bool:
    """Whether it is the system's Docker daemon, whose proxies hold published ports.

    A user may give a unit of his own the same name, so that proves nothing.
    """
    return unit is not None and unit.uid is None and unit.name in _DOCKER
