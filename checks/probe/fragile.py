"""Listeners that a connection harms, known by the command of their owner.

Also those that a connection would make start a service, by
:mod:`checks.probe.machine.activation`; they may be connected to where that is wanted.

A connect that leaves at once is harmless to a server. Not so to a program that
takes one client and is done (netcat and socat as they are by default, gdbserver
with ``--once``, Delve without ``--accept-multiclient``): it would end, and the
diagnosis would have killed what it looked at. Nor to debugpy's adapter, whose
accepting thread dies when a client leaves while it is being greeted
(``accept_worker`` in its common/sockets.py; seen with 1.8.22). The socket table has
named the owner before anything is connected to, so these are left alone.

Sources: nc(1) of OpenBSD ("-k"), ncat(1) ("--keep-open"), socat(1) ("fork"),
gdbserver(1) ("--once"), debugpy's command line reference; go-delve/delve,
service/rpccommon/server.go (Run accepts once, the end of that client ends the server).
"""

from __future__ import annotations

from checks.model.records import NamedTuple
from checks.probe.targets import takers
from checks.rules import owners
from checks.rules.spared import DEBUGGER, SINGLE_USE, STARTS_SERVICE, clause

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from checks.model.evidence import Listener, Owner
    from checks.probe.targets import Target

_LONGEST = 1 << 16  # characters of a command line that are looked at
_NETCATS = ("nc", "ncat", "netcat", "nc.openbsd", "nc.traditional")
_KEEPERS = ("--keep-open", "--broker", "--chat")


class Spared(NamedTuple):
    """A listener that is not to be connected to.

    Arguments:
        listener: the row of the socket table that takes the connection.
        owner: the process that would be harmed, or that would start a service; None where
            it is not visible.
        reason: why, as :attr:`checks.model.evidence.Attempt.reason` has it.
        says: the same as a clause.
    """

    listener: Listener
    owner: Owner | None
    reason: str
    says: str


def skipped(target: Target, spared: Spared) -> Target:
    """The target, as one that is not connected to for the listener's sake."""
    return target._replace(skip=f"skipped: {spared.says}", reason=spared.reason)


def spare(
    chosen: Sequence[Target], listeners: Sequence[Listener], *, activate: bool = False
) -> tuple[dict[int, Spared], tuple[Target, ...]]:
    """Leave out the targets whose listener a connection would harm.

    Arguments:
        chosen: where connections would go.
        listeners: the rows of the socket table on their port.
        activate: as for :func:`find`.

    Returns:
        what is spared, by the index of the target, and the targets, with the reason at those.
    """
    met = {at: find(target, listeners, activate=activate) for at, target in enumerate(chosen)}
    spared = {at: each for at, each in met.items() if each is not None}
    left = tuple(
        skipped(target, spared[at]) if at in spared else target for at, target in enumerate(chosen)
    )
    return spared, left


def find(target: Target, listeners: Sequence[Listener], *, activate: bool = False) -> Spared | None:
    """The listener that a connection to *target* would harm; None for any other.

    Arguments:
        target: where a connection would go.
        listeners: the rows of the socket table on its port.
        activate: whether to connect although that starts a service.
    """
    found = (_spared(row, activate=activate) for row in takers(target, listeners))
    return next((each for each in found if each is not None), None)


def _spared(row: Listener, *, activate: bool) -> Spared | None:
    """A listener with the reason not to connect to it; None where there is none."""
    if not activate and row.activation is not None and not row.activation.running:
        says = clause(STARTS_SERVICE, row, None)
        return Spared(row, owners.main(row.owners), STARTS_SERVICE, says)
    for owner in row.owners:
        reason = why(owner.command, row.port)
        if reason is not None:
            program = _program(words(owner.command))
            return Spared(row, owner, reason, clause(reason, row, program))
    return None


def why(command: str | None, port: int) -> str | None:
    """Why a process is not to be connected to; None where nothing is known against it.

    Arguments:
        command: its command line.
        port: the port it listens on.

    Returns:
        a value of :attr:`checks.model.evidence.Attempt.reason`.
    """
    arguments = words(command)
    if not arguments:
        return None
    if is_debugpy(arguments, port):
        return DEBUGGER
    return SINGLE_USE if _serves_one(_program(arguments), arguments, port) else None


def why_on_file(command: str | None) -> str | None:
    """Why a process is not to be connected to at its Unix socket: as :func:`why`."""
    arguments = words(command)
    if not arguments:
        return None
    name = _program(arguments)
    once = _serves_one(name, arguments, 0)
    return SINGLE_USE if once or (name.startswith("socat") and _is_single_file(arguments)) else None


def _program(arguments: Sequence[str]) -> str:
    """The name of the program that a command line starts."""
    return arguments[0].rpartition("/")[2]


def _serves_one(name: str, arguments: Sequence[str], port: int) -> bool:
    """Whether it ends after one client."""
    if name in _NETCATS:
        return _listens_once(arguments[1:])
    if name.startswith("socat"):
        return _is_single(arguments[1:], port)
    if is_delve(arguments):
        return not any(word.startswith("--accept-multiclient") for word in _own(arguments))
    return name == "gdbserver" and "--once" in arguments


def words(command: str | None) -> list[str]:
    """The words of a command line, without the quotes of a shell."""
    return (command or "")[:_LONGEST].replace("'", " ").replace('"', " ").split()


def is_debugpy(arguments: Sequence[str], port: int) -> bool:
    """``.../debugpy/adapter --port N`` or ``-m debugpy --listen [HOST:]N``."""
    for place, word in enumerate(arguments[:-1]):
        following = arguments[place + 1].rpartition(":")[2]
        if word in ("--port", "--listen") and following == str(port):
            return any("debugpy" in other for other in arguments[:place])
    return False


def is_delve(arguments: Sequence[str]) -> bool:
    """``dlv debug --headless`` or ``dlv dap``, the ways in which Delve listens."""
    own = _own(arguments)
    listens = "dap" in own[1:2] or "--headless" in own or "--headless=true" in own
    return listens and _program(own).removesuffix(".exe") == "dlv"


def _own(arguments: Sequence[str]) -> Sequence[str]:
    """The words of a program, without those that it passes on to another."""
    return arguments[: arguments.index("--")] if "--" in arguments else arguments


def _listens_once(options: Sequence[str]) -> bool:
    """``-l`` or ``--listen`` without ``-k``, also among letters: ``-lvnp``."""
    letters = "".join(word for word in options if word[:1] == "-" and word[:2] != "--")
    listens = "l" in letters or "--listen" in options
    return listens and "k" not in letters and not any(word in _KEEPERS for word in options)


def _is_single(options: Sequence[str], port: int) -> bool:
    """``TCP-LISTEN:N,...`` without ``fork`` among what follows it."""
    for word in options:
        kind, _, rest = word.partition(":")
        number, *settings = rest.split(",")
        if kind.upper() in _SOCAT and number.rpartition(":")[2] == str(port):
            return not any(setting.startswith("fork") for setting in settings)
    return False


def _is_single_file(options: Sequence[str]) -> bool:
    """``UNIX-LISTEN:PATH,...`` without ``fork`` among what follows it."""
    for word in options:
        kind, _, rest = word.partition(":")
        if kind.upper() in _SOCAT_FILES:
            return not any(setting.startswith("fork") for setting in rest.split(",")[1:])
    return False


_SOCAT_FILES = frozenset(
    f"{kind}-{verb}" for kind in ("UNIX", "ABSTRACT") for verb in ("LISTEN", "L")
)
_SOCAT = frozenset(
    f"{kind}{version}-{verb}"
    for kind in ("TCP", "OPENSSL", "SSL")
    for version in ("", "4", "6")
    for verb in ("LISTEN", "L")
)
