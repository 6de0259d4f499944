"""What kinds of lines there are in which a tool prints an address, and what each means.

A row of :mod:`checks.text.banners.table` names its kind and says only what is special to
it. In a sentence ``{tool}`` is the row's tool and ``{at}`` the endpoint as written.
"""

from __future__ import annotations

from checks.model.records import NamedTuple


class Kind(NamedTuple):
    """What holds for every line of a kind.

    Arguments:
        role: whose end the endpoint is; as :class:`checks.text.banners.Banner` has it.
        normal: True where such a line is no error.
        means: one sentence of at most 25 words; of an error one or two.
        step: what to do first, where something failed.
        reach: who may connect, and what that gives.
        port: how the number came about.
        bare: the sentence for a line without an address.
    """

    role: str
    normal: bool
    means: str
    step: str = ""
    reach: str = ""
    port: str = ""
    bare: str = ""


CODE = "Anyone who can connect there can run code as you. Keep it on loopback."
STEERED = "Anyone who can connect controls the browser and reads its cookies. Keep it on loopback."
DEVICE = "Anyone who can connect controls the device. Keep it on loopback."
TOKEN = "The token in the address is the password: anyone who has it can run code as you."
OPEN = "It asks for no password: anyone who can connect can use it. Keep it on loopback."
SECRET = "The code in the address is a secret: do not paste it anywhere else."

WEB = Kind(
    "listener",
    True,
    "{at} is the address of {tool}, which is running: open it in a browser.",
    bare="{tool} is running.",
)
WEB_ON_ALL = "{tool} is running on {at}, every address of this machine: open localhost:{port}."
"""What is said instead where a web server listens on a wildcard address, which is no page."""

SERVER = Kind(
    "listener",
    True,
    "{tool} is running and listens on {at} for its clients.",
    bare="{tool} is running and waits for its clients.",
)
DEBUG = Kind(
    "listener",
    True,
    "{tool} is ready: it waits for a debugger at {at}.",
    reach=CODE,
    port="random",
    bare="{tool} is ready: it waits for a debugger.",
)
SESSION = Kind(
    "target", True, "A debug session of {tool} is connected at {at}.", reach=CODE, port="random"
)
CONTROL = Kind(
    "listener",
    True,
    "{tool} can be controlled at {at} by the program that started it.",
    reach=STEERED,
    port="random",
)
DRIVER = Kind(
    "listener",
    True,
    "{tool} is running at {at} and waits for a test that drives the browser.",
    reach=STEERED,
)
ACCESS = Kind(
    "peer",
    True,
    "{at} is the client's end (its source port) of a request to {tool}{answer}.",
    port="random",
)
CLIENT = Kind(
    "peer",
    True,
    "{at} is the client's end (its source port): a client connected to {tool}.",
    port="random",
)
BROKE = Kind(
    "peer",
    False,
    "{tool} failed while it served a client, whose end (source port) is {at}.",
    "Read the stack trace below this line: the error is in the server's code.",
    port="random",
)
LEFT = Kind(
    "peer",
    True,
    "{at} is the client's end (its source port): the client left {tool}.",
    port="random",
)
OWN = Kind(
    "local",
    True,
    "{at} is a client's own end (its source port): {tool} is connected.",
    port="random",
)
CUT = Kind(
    "local",
    False,
    "{at} is the own end (source port) of a client whose connection was reset.",
    port="random",
)
REACHED = Kind("target", True, "{tool} is connected to the server at {at}.")
FORWARD = Kind(
    "listener",
    True,
    "{tool} forwards connections from {at} while the command runs.",
)
LOGIN = Kind(
    "listener",
    True,
    "{tool} waits at {at} until the browser returns from the login.",
    reach="The port is open only for this login.",
    port="random",
)
NEXT = Kind(
    "listener",
    True,
    "Another program uses {at}, so {tool} uses another port: {other}.",
)
TAKEN = Kind(
    "listener",
    False,
    "{tool} could not use {at}: another program already listens there.",
    "Stop the other program, often an earlier run, or give {tool} another port.",
    bare="{tool} could not use its port: another program already listens there.",
)
MISTAKEN = Kind(
    "listener",
    False,
    "A client connected to {tool} at {at} that speaks another protocol.",
    "Connect to the port of the program that was meant.",
    port="set",
    bare="A client connected to {tool} that speaks another protocol.",
)
ABSENT = Kind(
    "target",
    False,
    "{tool} did not answer at {at}: it is not running, or not at this address.",
    "Start {tool}, or correct the address.",
    bare="{tool} did not answer: it is not running, or not at this address.",
)

NONE = Kind("", True, "")

KINDS = {name: value for name, value in list(globals().items()) if isinstance(value, Kind)}
"""Every kind by its name, as the table has it."""

SENTENCES = {
    "{CODE}": CODE,
    "{STEERED}": STEERED,
    "{DEVICE}": DEVICE,
    "{TOKEN}": TOKEN,
    "{OPEN}": OPEN,
    "{SECRET}": SECRET,
    "{CLIENTS}": "{at} is the client's end (its source port) of a connection to the program that "
    "printed this.",
    "{RUNS}": "The program that printed this line is running and listens on {at}.",
}
"""Sentences that several rows share, by their name in the table."""


def answered(method: str, status: str) -> tuple[str, bool, str]:
    """Return what a status says of a request: part of a sentence, whether it is normal, a step.

    Arguments:
        method: in lower case, as the log has it; "" where it has none.
        status: three digits; "" where the log has none.

    Source: RFC 9110 §15; the Fetch standard, "CORS-preflight fetch" (a status outside 200-299
    turns a preflight down).
    """
    if not status:
        return "", True, ""
    if method == "options" and status[0] in "45":
        return (
            f", a browser's CORS preflight (OPTIONS), which was rejected ({status})",
            False,
            "Allow the page's origin in the CORS settings of the server.",
        )
    if status[0] == "5":
        step = "Read the server's log above this line: the error is there."
        return f", and the application failed ({status})", False, step
    if status[0] == "4":
        said, step = _TURNED_DOWN.get(status, _TURNED_DOWN["400"])
        return f", {said} ({status}). The connection itself is fine", False, step
    return f", which was answered ({status})", True, ""


_TURNED_DOWN = {
    "400": ("which was rejected as invalid", "Read the answer: it says what is wrong with it."),
    "401": ("rejected because it has no valid credentials", "Log in, or send the credentials."),
    "403": ("rejected because it is not allowed", "Log in as a user who has permission."),
    "404": ("which has no such page", "Correct the path, or add the page to the application."),
    "405": (
        "rejected because the page does not accept this method",
        "Use a method that the page accepts. The header Allow of the answer lists them.",
    ),
    "422": ("rejected because its data is not valid", "Correct the data: the answer names it."),
    "429": ("rejected because there were too many", "Send fewer requests."),
}
"""By status: part of a sentence, and what to do."""
