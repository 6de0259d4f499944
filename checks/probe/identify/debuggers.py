"""Debuggers that a connection would disturb: known by the owner's command line.

A JDWP server takes one debugger. A handshake that is well formed (JDWP
specification, "Handshake") attaches: a program started with ``suspend=y``, which
waits for its debugger, runs as soon as the probe has gone. Seen with OpenJDK 17.
No other question tells a JDWP server from any that closes on bad input.

debugpy's adapter serves one client, and does not recover from one that connects
and leaves at once (:mod:`checks.probe.fragile`). Where it is not known by its owner,
its greeting is read and its session ended as the protocol has it.
"""

from __future__ import annotations

from checks.probe import fragile
from checks.probe.identify.found import Found, details, text


def from_command(command: str | None, port: int) -> Found | None:
    """A JDWP server on *port*, by the command line of the process that listens.

    Arguments:
        command: ``java -agentlib:jdwp=transport=dt_socket,server=y,address=5005 ...``.
        port: the port asked about.

    Returns:
        what the option says; None where no option opens this port.
    """
    words = fragile.words(command)
    if fragile.is_debugpy(words, port):
        return _FOUND_DEBUGPY
    for word in words:
        for start in ("-agentlib:jdwp=", "-Xrunjdwp:"):
            if word.startswith(start):
                options = dict(_pairs(word[len(start) :]))
                if options.get("address", "").rpartition(":")[2] == str(port):
                    return _found(options, word)
    return None


_FOUND_DEBUGPY = Found(
    "dap",
    "debugpy",
    authentication="none",
    traits=("debug-interface",),
    evidence=(
        "the owner's command line is that of debugpy",
        "nothing was sent: debugpy serves one client at a time",
    ),
)


def _pairs(options: str) -> list[tuple[str, str]]:
    pairs = (option.partition("=") for option in options.split(","))
    return [(name, value) for name, _, value in pairs]


def _found(options: dict[str, str], word: str) -> Found:
    waits = "yes" if options.get("suspend", "y") == "y" else "no"  # y is the default
    return Found(
        "jdwp",
        None,
        None,
        details(waits_for_debugger=waits),
        authentication="none",
        traits=("debug-interface",),
        evidence=(
            f"the owner's command line has {text(word)}",
            "nothing was sent: a JDWP handshake would attach, and start a program that waits",
        ),
    )
