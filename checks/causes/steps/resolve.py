"""The first steps where a name was not resolved, or to the wrong address."""

from __future__ import annotations

from checks.causes.misled import misled
from checks.causes.steps import per_system
from checks.findings import commands
from checks.findings.base import Fix

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.causes.situation import Situation

_HOSTS = r"C:\Windows\System32\drivers\etc\hosts"


def add_localhost(_: Situation) -> tuple[Fix, ...]:
    """Put localhost into the hosts file."""
    return (
        *per_system(
            "Check whether the hosts file has a line for localhost.",
            "getent ahosts localhost; cat /etc/hosts",
            "cat /etc/hosts",
            rf"Get-Content {_HOSTS}",
            "No line with localhost: add the two lines 127.0.0.1 localhost and ::1 localhost.",
        ),
        Fix("Until then, use 127.0.0.1 instead of localhost."),
    )


def hosts_entry(situation: Situation) -> tuple[Fix, ...]:
    """Look the name up, and correct its line in the hosts file."""
    name = _name(situation)
    return (
        *per_system(
            "Show which address the name has here, and correct its line in the hosts file.",
            f"getent ahosts {name}; cat /etc/hosts",
            f"dscacheutil -q host -a name {name}; cat /etc/hosts",
            f"ping -n 1 {name}",
            f"On Windows the hosts file is {_HOSTS}.",
        ),
    )


def _name(situation: Situation) -> str:
    found = misled(situation)
    return found.name if found and commands.is_safe(found.name) else "localhost"


def host_gateway(_: Situation) -> tuple[Fix, ...]:
    """Add the name of the host on Linux."""
    return (
        Fix(
            "Start the container with --add-host=host.docker.internal:host-gateway.",
            look_for="In Compose: extra_hosts, with host.docker.internal:host-gateway.",
        ),
        Fix("Outside a container, use localhost instead of this name."),
    )


def service_name(situation: Situation) -> tuple[Fix, ...]:
    """Use a service's name inside its network only."""
    port = situation.port
    place = f"localhost:{port}" if port else "localhost"
    return (
        Fix(
            "Check whether the server's container is running, and under which name.",
            "docker compose ps --all",
            look_for="SERVICE is the name. No row, or Exited: start it and read its log.",
        ),
        Fix(f"From the host, use {place}: service names exist only in their Docker network."),
        Fix("Put both containers into the same network (networks: in Compose)."),
    )


def look_up(situation: Situation) -> tuple[Fix, ...]:
    """Compare the name, and ask the system's resolver."""
    shown = commands.resolver(situation.host) if situation.host else ()
    return (
        Fix("Compare the name in the client with the name of the server, letter by letter."),
        *shown,
    )


def name_server(situation: Situation) -> tuple[Fix, ...]:
    """Ask whether the name server answers."""
    shown = commands.resolver(situation.host) if situation.host else ()
    return (
        *shown,
        Fix("Check this machine's network connection and its name server."),
    )
