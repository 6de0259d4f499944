"""The first steps where a connection failed."""

from __future__ import annotations

from checks.findings.base import Fix

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.causes.situation import Situation


def decide(situation: Situation) -> tuple[Fix, ...]:
    """The one command that tells the causes of a refusal apart."""
    port = situation.port
    where = f"localhost:{port}" if port else "localhost"
    return (
        Fix(
            "Test the port in the shell or container where the client runs.",
            f"python3 -m checks {where}",
            look_for="No listener: start the server. A listener on one of 127.0.0.1 and ::1: use"
            " that address.",
        ),
    )


def use_ipv4(situation: Situation) -> tuple[Fix, ...]:
    """Ask the IPv4 address instead of the name."""
    return (Fix("Use 127.0.0.1 instead of localhost in the client's address."), *decide(situation))


def name_the_service(_: Situation) -> tuple[Fix, ...]:
    """Ask the container of the service by its name."""
    return (Fix("Use the name of the service in the compose file instead of localhost."),)
