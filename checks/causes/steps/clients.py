"""The first steps where the client itself asks for what is not there.

Sources of the commands: adb's own help ("jdwp", "forward"); ChromeDriver, "Chrome doesn't start
or crashes immediately".
"""

from __future__ import annotations

from checks.causes.steps.connect import decide
from checks.findings.base import Fix
from checks.model.words import at

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.causes.situation import Situation


def whole_url(situation: Situation) -> tuple[Fix, ...]:
    """Give the client a host and a port."""
    return (
        Fix(
            "Give the client the whole URL with host and port, such as http://127.0.0.1:3000/api"
            " instead of /api.",
            look_for="Only a web page knows its host. An empty base URL has the same effect.",
        ),
        Fix("Print the URL in the program before the request: a variable may be unset."),
        *decide(situation),
    )


def start_browser(situation: Situation) -> tuple[Fix, ...]:
    """Let the driver start a browser that stays; the driver's own line has the first step."""
    line = situation.classification.banner
    headless = Fix(
        "Without a display, start the browser with --headless=new.",
        look_for="As root or in a container, it needs --no-sandbox too.",
    )
    return (
        *(() if line and line.step else (headless,)),
        Fix("Compare the versions of browser and driver: the first number must be the same."),
        Fix(
            "Close other browsers with the same profile, or give this one its own --user-data-dir."
        ),
    )


def forward_debugger(situation: Situation) -> tuple[Fix, ...]:
    """Forward the port to the program's debugger. Source: adb help, "jdwp" and "forward"."""
    port = situation.port or 8700
    return (
        Fix(
            "Show which programs on the device a debugger can attach to.",
            "adb jdwp",
            look_for="The list has process ids. If it is empty, start the program for debugging.",
        ),
        Fix(
            "Forward the port to one of them. Put its process id for PID.",
            f"adb forward tcp:{port} jdwp:PID",
            look_for="A restarted program has a new process id, so forward it again.",
        ),
    )


def adb_over_network(situation: Situation) -> tuple[Fix, ...]:
    """Let the device listen for adb. Source: adb help, "tcpip" and "connect"."""
    told = situation.words(r"\badb(?:\.exe)? (?:-\w \S{1,60} )?tcpip \d{1,5}\b", "")
    port = int(told.text.split()[-1]) if told else 5555
    again = Fix(
        f"Connect to the port that adb tcpip opened, {port}.",
        f"adb connect {at(situation.address, port)}",
        look_for="Wireless debugging of Android 11 and later uses another port, which the device"
        " shows.",
    )
    cable = Fix(
        "Connect the device with its cable, and make it listen for adb.",
        f"adb tcpip {port}",
        look_for="It prints: restarting in TCP mode. The device listens until it restarts.",
    )
    return (again, cable) if told and port != situation.port else (cable, again)
