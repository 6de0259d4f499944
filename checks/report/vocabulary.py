"""What the fields of evidence may hold that have a fixed set of words, or a range.

A pasted report comes from outside. A word that the evidence does not have would be shown as
it is, decide what is told, or stand in a command. The words are those that the records of
:mod:`checks.model.evidence` document; a test compares the two.
"""

from __future__ import annotations

import re

from checks.model.words import TOOLS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_TRANSPORTS = frozenset(("tcp", "udp"))
_NO_OWNER = frozenset(("other-user", "not-found", "not-all-read", "no-processes"))
_CHANGED = frozenset(("replaced", "deleted"))
_CONNECTED = frozenset(
    (
        "accepted", "self-connected", "refused", "timed-out", "reset", "rejected", "unreachable",
        "address-not-available", "unsupported", "skipped",
    )
)  # fmt: skip
_UNIX = frozenset(
    (
        "accepted", "refused", "absent", "not-permitted", "not-a-socket", "too-long", "queue-full",
        "wrong-type", "left-alone", "not-taken", "unsupported", "other-error",
    )
)  # fmt: skip

WORDS: Mapping[str, frozenset[str]] = {
    "Attempt.outcome": _CONNECTED,
    "Attempt.reason": frozenset(
        (
            "other-machine", "no-interface", "needs-zone", "no-socket", "not-taken", "single-use",
            "debugger", "starts-service", "loopback-down", "no-local-port", "reset-at-once",
        )
    ),
    "Owner.state": frozenset(("stopped", "traced")),
    "Owner.waits": frozenset(("child", "cpu", "disk", "lock", "pipe", "terminal")),
    "Owner.program_was": _CHANGED,
    "Owner.directory_was": _CHANGED,
    "Supervisor.kind": frozenset(("supervisord", "pm2", "s6", "runit")),
    "Unit.kind": frozenset(
        (
            "systemd", "docker", "podman", "kubernetes", "containerd", "container", "lxc",
            "machine",
        )
    ),
    "Activation.kind": frozenset(
        ("systemd", "systemd-socket-activate", "inetd", "xinetd", "rlinetd", "launchd")
    ),
    "Listener.protocol": _TRANSPORTS,
    "Listener.reach": frozenset(("host", "network", "any")),
    "Listener.no_owner": _NO_OWNER,
    "Peer.protocol": _TRANSPORTS,
    "Peer.state": frozenset(
        (
            "established", "syn-sent", "syn-received", "fin-wait-1", "fin-wait-2", "time-wait",
            "closed", "close-wait", "last-ack", "listen", "closing", "bound",
        )
    ),
    "Binding.outcome": frozenset(
        (
            "free", "in-use", "bound-not-listening", "time-wait", "client-port", "not-permitted",
            "address-not-available", "reserved", "unsupported", "not-tried",
        )
    ),
    "Binding.reason": frozenset(
        (
            "listener", "exclusive", "answers", "unseen", "bound-socket", "no-row",
            "privileged-port", "policy", "reserved",
        )
    ),
    "Machine.tools": frozenset(TOOLS),
    "Relay.kind": frozenset(("docker-proxy", "ssh", "wsl", "editor", "other")),
    "Relay.engine": frozenset(("docker", "podman")),
    "Probe.outcome": _CONNECTED
    | _UNIX
    | {"not-resolved", "left-alone", "not-this-machine", "not-probed", "failed"},
    "Probe.unread": frozenset(("tcp4", "tcp6", "udp4", "udp6")),
    "Tls.problem_code": frozenset(
        ("handshake", "unreadable", "expired", "not-yet-valid", "other-name", "self-signed")
    ),
    "Identity.authentication": frozenset(("none", "required")),
    "Identity.traits": frozenset(
        (
            "debug-interface", "debug-pages", "accepts-any-host", "open-cors", "any-origin",
            "tls-only", "slow", "plain-only",
        )
    ),
    "Identity.behaviour": frozenset(
        (
            "spoke-first", "answered", "silent", "closed", "reset", "hangs-up", "refused",
            "not-taken", "not-asked",
        )
    ),
    "NamespaceListener.why": frozenset(("port", "connection", "relay")),
    "UnixListener.kind": frozenset(("stream", "seqpacket", "datagram")),
    "UnixListener.no_owner": _NO_OWNER,
    "FileFacts.kind": frozenset(
        ("socket", "file", "directory", "pipe", "device", "dangling-link")
    ),
    "UnixSocket.outcome": _UNIX,
    "UnixSocket.membership": frozenset(("not-member", "not-in-session")),
    "UnixSocket.mount": frozenset(("same", "other")),
}  # fmt: skip
"""The words of a field, by its record's name and its own."""

_NAME = re.compile(r"[a-z0-9](?:[a-z0-9 ._+/-]{0,38}[a-z0-9.+])?", re.ASCII)
_SYMBOL = re.compile(r"[A-Z][A-Z0-9_]{1,39}(?:-?[0-9]{1,6})?", re.ASCII)
_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?Z", re.ASCII
)

FORMS: Mapping[str, re.Pattern[str]] = {
    "Asked.system": _NAME,
    "Machine.system": _NAME,
    "Listener.source": _NAME,
    "UnixListener.source": _NAME,
    "Answer.who": _NAME,
    "Identity.protocol": _NAME,
    "Attempt.errno": _SYMBOL,
    "Binding.errno": _SYMBOL,
    "Binding.errno_reuse": _SYMBOL,
    "UnixSocket.errno": _SYMBOL,
    "Answer.error": _SYMBOL,
    "Asked.time": _TIME,
    "Owner.started": _TIME,
    "Tls.not_before": _TIME,
    "Tls.not_after": _TIME,
}
"""The form of a field whose words are a system's, a protocol's or a clock's: they may be more
than this version has."""

_PORT = (0, 65535)
_NUMBER = (0, (1 << 32) - 1)

LIMITS: Mapping[str, tuple[int, int]] = {
    "Icmp.version": (4, 6),
    "Icmp.type": (0, 255),
    "Icmp.code": (0, 255),
    "Owner.pid": _NUMBER,
    "Owner.parent": _NUMBER,
    "Supervisor.pid": _NUMBER,
    "Relay.pid": _NUMBER,
    "NamespaceListener.pid": _NUMBER,
    "Unit.uid": _NUMBER,
    "Activation.uid": _NUMBER,
    "Listener.uid": _NUMBER,
    "UnixListener.uid": _NUMBER,
    "UnixSocket.peer_uid": _NUMBER,
    "Listener.port": _PORT,
    "Binding.port": _PORT,
    "Machine.ephemeral": _PORT,
    "Machine.unprivileged_start": (0, 65536),
    "Interface.prefix_length": (0, 128),
    "Identity.status": (0, 999),
    "LocalPorts.reuse": (0, 9),
}
"""The least and the greatest number of a field. Of any other it is 0 and what a machine counts:
a negative process would make "kill" end every one."""

MAX_NUMBER = 1 << 64
"""Counts, sizes and milliseconds of a machine stay below it."""


def is_word(field: str, text: str) -> bool:
    """Whether a field may hold a text; any, where it has no fixed words.

    Arguments:
        field: its record's name and its own, ``Owner.state``.
        text: the value.
    """
    known = WORDS.get(field)
    if known is not None:
        return text in known
    form = FORMS.get(field)
    return form is None or form.fullmatch(text) is not None


def is_number(field: str, number: float) -> bool:
    """Whether a field may hold a number; false for what is none (NaN).

    Arguments:
        field: as above.
        number: the value.
    """
    low, high = LIMITS.get(field, (0, MAX_NUMBER - 1))
    return low <= number <= high
