"""What a text names that only this machine can tell: its sockets and its programs.

Whether a path is a socket, and whether a word is the program of a listener, is not in the text.
Addresses, ports and names that resolve keep what :func:`checks.text.classify` says of them.
"""

from __future__ import annotations

from checks import ports
from checks.address import host as hosts
from checks.probe import sockets
from checks.probe.ask import resolve
from checks.probe.machine import facts
from checks.probe.unix import paths
from checks.text import unix, unix_running
from checks.text.endpoint import Endpoint

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.model.evidence import Listener
    from checks.text import Classification

_MOST = 16
"""So many ports of one program are asked."""
_COMM = 15
_LONGEST = 64
"""Characters of a program's name."""


def more(read: Classification, timeout: float) -> Classification:
    """Return a classification with what this machine tells of the text's words.

    Arguments:
        read: the text as it was read.
        timeout: seconds for the resolver, which is asked before a word is a program.
    """
    if read.kind in ("text", "unix") and (path := _there(read)) is not None:
        found = unix.endpoint(read.input, 0, path)
        return read._replace(kind="unix", endpoints=(found,))
    if read.errors or read.kind == "text":
        return _with_sockets(read)
    if read.kind == "name" and _may_be_program(read.endpoints):
        return _with_program(read, timeout)
    return read


def _with_sockets(read: Classification) -> Classification:
    """With the Unix sockets that a message is about, or the path that is one."""
    text = read.input.strip()
    if not read.endpoints and not read.errors:
        path = unix.read_name(text)
        if path is None and text[:1] in ("/", ".", "~") and _is_socket(text):
            path = text
        if path is not None:
            found = unix.endpoint(text, read.input.find(text), path)
            return read._replace(kind="unix", endpoints=(found,))
    if read.endpoints and not read.errors:
        return read
    sockets_named = unix_running.find(read.input, by_name=bool(read.errors))
    if not sockets_named:
        return read
    return unix_running.attached(read, sockets_named)


def _there(read: Classification) -> str | None:
    """The path of a file that is there, where the whole text but its scheme is that path."""
    path = unix.whole(read.input)
    return path if path is not None and paths.facts(paths.absolute(path)) is not None else None


def _is_socket(path: str) -> bool:
    return paths.is_socket(paths.absolute(path))


def _may_be_program(endpoints: tuple[Endpoint, ...]) -> bool:
    """Whether a word may be a program: no dot, and no name that a rule gives an address."""
    host = endpoints[0].host if len(endpoints) == 1 else None
    if host is None or endpoints[0].port is not None or host.loopback:
        return False
    return "." not in host.text and len(host.text) <= _LONGEST


def _with_program(read: Classification, timeout: float) -> Classification:
    """With the ports of the program of that name, where the name has no address."""
    (word,) = read.endpoints
    host = word.host
    listeners = _of_program(host.text) if host is not None else ()
    if host is None or not listeners:
        return read
    if resolve.addresses(host.text, timeout)[1]:
        return read
    found = dict.fromkeys((one.port, _host(one)) for one in listeners)
    made = tuple(_endpoint(word, port, address) for port, address in found)
    return read._replace(kind="text", endpoints=made[:_MOST])


def _of_program(name: str) -> tuple[Listener, ...]:
    """The TCP listeners whose program or unit has this name."""
    wanted = name.lower()
    table = sockets.every(facts().interfaces, ("tcp",))
    return tuple(one for one in table.listeners if _is_of(one, wanted))


def _is_of(listener: Listener, wanted: str) -> bool:
    unit = listener.managed_by
    units = () if unit is None else (unit.name.lower().partition(".service")[0],)
    owners = tuple(owner.name.lower() for owner in listener.owners)
    return any(_means(wanted, one) for one in (*owners, *units))


def _means(wanted: str, name: str) -> bool:
    """Whether a word names a process or unit: ``python`` is python3.11, ``nginx`` nginx: master.

    The kernel cuts a name to 15 characters: TASK_COMM_LEN, proc_pid_comm(5).
    """
    head = name.partition(":")[0].partition("@")[0]
    if head == wanted or (len(name) == _COMM and name == wanted[:_COMM]):
        return True
    return head.startswith(wanted) and not head[len(wanted) :].strip("0123456789.")


def _host(listener: Listener) -> str | None:
    """The address to ask: None for one that stands for every address."""
    address = listener.address
    return None if address in ("0.0.0.0", "::") else address


def _endpoint(word: Endpoint, port: int, address: str | None) -> Endpoint:
    """The endpoint of a listener, in the place of the word."""
    host = None if address is None else hosts.read(address)
    return word._replace(host=host, port=ports.parse(str(port)), form="program")
