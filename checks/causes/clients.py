"""Causes in the client itself: a URL without a host, a browser or device that is not there."""

from __future__ import annotations

from checks.causes.base import Clue, Rule
from checks.causes.connect import CONNECT, REFUSED, fell_back
from checks.causes.steps import clients as steps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from checks.causes.situation import Situation

_NO_HOST = r"\bfor nil port \d{1,5}|connection to :\d{1,5}\b"
"""Ruby's words for a connection without a host. Source: ruby/net-http, lib/net/http.rb."""
_FORWARDED = range(8600, 8800)
"""Ports on which Android's tools offer the debuggers of a device, 8700 for the chosen one.

Source: Android, ddmlib, DdmPreferences (``DEFAULT_DEBUG_PORT_BASE``,
``DEFAULT_SELECTED_DEBUG_PORT``).
"""


def _no_host(situation: Situation) -> Iterator[Clue]:
    told = situation.words(_NO_HOST, "the URL has no host")
    if told:
        yield Clue(80, told)
    elif fell_back(situation):
        says = "Node uses port 80 of this machine if a URL has no host"
        yield Clue(62, situation.at_endpoint(says))


def _no_browser(situation: Situation) -> Iterator[Clue]:
    port = situation.port
    own = situation.words(r"\bdebugger_?address\b", "")  # a browser that the user started
    if not own and (port is None or not 9220 <= port <= 9230):
        yield from situation.marked({"driver-browser": 85})


def _no_forward(situation: Situation) -> Iterator[Clue]:
    if situation.error.name in REFUSED and situation.port in _FORWARDED:
        yield from situation.marked({"jdwp": 70})


def _no_tcp_mode(situation: Situation) -> Iterator[Clue]:
    """A device is asked for adb at its address in the local network, which its line tells."""
    if situation.asks_device:
        yield Clue(70, situation.at_endpoint("adb connects to a device at this address"))


RULES: tuple[Rule, ...] = (
    Rule(
        key="url-without-host",
        says="{client} got a URL without a host, so it connected to port {port} of this machine.",
        page="troubleshooting/not-responding/#another-port",
        steps=steps.whole_url,
        errors=REFUSED,
        operations=CONNECT,
        look=_no_host,
        ruled_out_by=("C301",),
    ),
    Rule(
        key="browser-did-not-start",
        says="The browser that the driver started has ended, or does not match the driver.",
        page="uses/debuggers/#chrome-was-already-open",
        steps=steps.start_browser,
        look=_no_browser,
    ),
    Rule(
        key="debug-port-not-forwarded",
        says="No program on the device is forwarded to {at}.",
        page="uses/devices/#over-the-cable-adb-reverse",
        steps=steps.forward_debugger,
        errors=REFUSED,
        operations=CONNECT,
        look=_no_forward,
        finding="C302",
        ruled_out_by=("C301",),
    ),
    Rule(
        key="device-without-tcp-mode",
        says="The device does not listen for adb at {at}: its TCP mode is off, or adb's port is"
        " another.",
        page="uses/devices/#adb-over-wi-fi",
        steps=steps.adb_over_network,
        errors=REFUSED,
        operations=CONNECT,
        look=_no_tcp_mode,
        finding="C302",
        ruled_out_by=("C301",),
    ),
)
