"""JDWP, Java's debugger: known by its owner's command line, and never asked.

A JDWP server takes one debugger. A handshake that is well formed (JDWP specification,
"Handshake") attaches: a program started with ``suspend=y``, which waits for its debugger,
runs as soon as the probe has gone. Seen with OpenJDK 17. No other question tells a JDWP
server from any that closes on bad input.
"""

from __future__ import annotations

from checks.probe.identify.found import Found, details, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_OPTIONS = ("-agentlib:jdwp=", "-Xrunjdwp:")


def from_command(words: Sequence[str], port: int) -> Found | None:
    """A JDWP server on *port*, by the words of its owner's command line.

    Arguments:
        words: ``java``, ``-agentlib:jdwp=transport=dt_socket,server=y,address=5005``, ...
        port: the port asked about.

    Returns:
        what the option says; None where no option opens this port.
    """
    for word in words:
        start = next((option for option in _OPTIONS if word.startswith(option)), None)
        options = _pairs(word[len(start) :]) if start else {}
        if options.get("address", "").rpartition(":")[2] == str(port):
            return _found(options, word)
    return None


def _pairs(options: str) -> dict[str, str]:
    pairs = (option.partition("=") for option in options.split(","))
    return {name: value for name, _, value in pairs}


def _found(options: dict[str, str], word: str) -> Found:
    waits = "yes" if options.get("suspend", "y") == "y" else "no"  # y is the default
    return Found(
        "jdwp",
        details=details(waits_for_debugger=waits),
        authentication="none",
        traits=("debug-interface",),
        evidence=(
            f"the owner's command line has {text(word)}",
            "nothing was sent: a JDWP handshake would attach, and start a program that waits",
        ),
    )
