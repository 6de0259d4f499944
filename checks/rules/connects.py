"""What the errno of a connect() and an ICMP error mean for the one who asked.

One errno has several causes: EHOSTUNREACH comes of a firewall that rejects, of a
neighbour that is silent, of a router's word, and of a route of this machine that
forbids the way; ECONNREFUSED of a RST and of a rule. The ICMP message tells them
apart where Linux keeps it for the socket (IP_RECVERR, ip(7)). Where it is not asked
for, the address does: between a machine and itself nothing but a rule sends one.

Sources: connect(2); ip(7); RFC 792; RFC 1122 §3.2.2.1; RFC 1812 §5.2.7.1; RFC 4443
§3.1; Linux, net/ipv4/icmp.c (icmp_err_convert) and net/ipv4/fib_semantics.c
(fib_props) for the routes that forbid.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.model.evidence import Attempt, Icmp

_OUTCOMES = {
    "ECONNREFUSED": "refused",
    "ECONNRESET": "reset",
    "ECONNABORTED": "reset",
    "ETIMEDOUT": "timed-out",
    "EACCES": "rejected",
    "EPERM": "rejected",
    "EADDRNOTAVAIL": "address-not-available",
    "EAFNOSUPPORT": "unsupported",
    "EPROTONOSUPPORT": "unsupported",
}
"""By the errno alone. Any other is ``unreachable``: no packet got to the address."""

_BY_RULE = frozenset(
    {
        (4, 3, 9),  # network prohibited: RFC 1122 §3.2.2.1
        (4, 3, 10),  # host prohibited
        (4, 3, 13),  # communication prohibited: RFC 1812 §5.2.7.1
        (4, 3, 3),  # port unreachable
        (6, 1, 1),  # prohibited: RFC 4443 §3.1
        (6, 1, 5),  # source failed a policy
        (6, 1, 6),  # reject route
        (6, 1, 4),  # port unreachable
    }
)
"""Version, type and code of messages that a rule sends, not a missing route.

"Port unreachable" is among them: to a closed TCP port a system answers with a
RST (RFC 9293 §3.10.7.1), so for TCP that message comes from a firewall.
"""

_HOST_UNREACHABLE = frozenset({(4, 3, 1), (6, 1, 3)})  # RFC 792; RFC 4443 §3.1
REPEATS = "repeats"
"""Why a silence tells less: the system repeats a SYN that was refused, and that takes seconds."""
NO_LOCAL_PORT = "no-local-port"
"""Why an address was not asked: :attr:`checks.model.evidence.Attempt.reason`."""
ELSEWHERE = "elsewhere"
"""Stands for the other end of a connection that no socket of this machine is."""


def outcome(symbol: str, *, local: bool, icmp: Icmp | None = None, listened: bool = True) -> str:
    """The outcome of a connect() that failed, as :class:`checks.model.evidence.Attempt` has it.

    Arguments:
        symbol: of the errno.
        local: whether the address is this machine's.
        icmp: the message that was the answer; None where there was none.
        listened: whether such a message would have been seen.
    """
    if icmp is not None:
        return "rejected" if local or is_by_rule(icmp) else "unreachable"
    if symbol == "EHOSTUNREACH" and local and not listened:
        return "rejected"  # no neighbour and no router is asked: a rule's ICMP, most likely
    return _OUTCOMES.get(symbol, "unreachable")


def is_by_rule(icmp: Icmp) -> bool:
    """Whether only a rule, never a missing route, sends the message."""
    return icmp[:3] in _BY_RULE


def says_no_host(icmp: Icmp) -> bool:
    """Whether the message says that the host cannot be reached, by the last router's knowledge."""
    return icmp[:3] in _HOST_UNREACHABLE


def words(icmp: Icmp) -> str:
    """The message in words: ``ICMP type 3 code 1 from 192.0.2.1``."""
    name = "ICMP" if icmp.version == 4 else "ICMPv6"
    sender = f" from {icmp.sender}" if icmp.sender else ""
    return f"{name} type {icmp.type} code {icmp.code}{sender}"


def may_be_refusal(attempt: Attempt) -> bool:
    """Whether a connect() that got no answer may be one that is refused, as on Windows."""
    return attempt.outcome == "timed-out" and attempt.reason == REPEATS


def ended_elsewhere(attempt: Attempt, port: int) -> bool:
    """Whether the table shows that a connection did not end at the port that was asked for.

    Arguments:
        attempt: one that was accepted.
        port: what was connected to.
    """
    return attempt.arrived is not None and not attempt.arrived.endswith(f":{port}")
