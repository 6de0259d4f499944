"""Causes of a connection that failed: who is asked, where, and whether anything listens there."""

from __future__ import annotations

from checks.causes.base import Clue, Rule
from checks.causes.steps import connect as steps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from checks.causes.situation import Situation

_REFUSED = ("ECONNREFUSED",)


def _not_running(_: Situation) -> Iterator[Clue]:
    yield Clue(20)


def _is_ipv6(situation: Situation) -> Iterator[Clue]:
    if situation.address == "::1":
        yield Clue(60, situation.at_endpoint("the IPv6 address of localhost"))


RULES: tuple[Rule, ...] = (
    Rule(
        key="localhost-is-ipv6",
        says="{service} listens on 127.0.0.1 only, and the client asked ::1.",
        page="troubleshooting/localhost-or-127/",
        steps=steps.use_ipv4,
        errors=_REFUSED,
        operations=("connect",),
        look=_is_ipv6,
        finding="C309",
        confirmed_by=("C309",),
    ),
    Rule(
        key="server-not-running",
        says="{service} is not running, or not on this port.",
        page="troubleshooting/not-responding/",
        steps=steps.decide,
        errors=_REFUSED,
        operations=("connect",),
        look=_not_running,
        finding="C302",
        confirmed_by=("C302",),
        ruled_out_by=("C301",),
    ),
    Rule(
        key="client-in-container",
        says="The client runs in a container, where localhost is that container.",
        page="uses/containers/",
        steps=steps.name_the_service,
        errors=_REFUSED,
        operations=("connect",),
        marks={"compose": 70},
    ),
)
