"""Names at the system's resolver, each in a thread, several at once where they are known ahead.

A dead DNS server is waited for as long as one name takes, not once for each name.
"""

from __future__ import annotations

import _thread
import socket
from time import monotonic

from checks.address import readings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    Infos = list[tuple[int, int, int, str, tuple[object, ...]]]

MOST = 16
"""Names that are looked up ahead at once."""


class Lookup:
    """One question to the resolver, in a thread that is not waited for at the end.

    ``_thread`` and not ``threading``: it may hang on a dead DNS server, and cannot be
    cancelled. Where no thread is to be had, the resolver's own patience bounds it.

    Arguments:
        name: a host name.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.began = monotonic()
        self._done = _thread.allocate_lock()
        self._done.acquire()
        self._result: Infos | Exception | None = None
        try:
            _thread.start_new_thread(self._run, ())
        except RuntimeError:
            self._run()

    def _run(self) -> None:
        try:
            self._result = _getaddrinfo(self.name)
        except Exception as error:
            self._result = error
        finally:
            self._done.release()

    def wait(self, timeout: float) -> Infos | None:
        """Return the answer; None where it takes longer than *timeout* seconds from its begin.

        Raises:
            OSError, ValueError: as getaddrinfo() does.
        """
        left = self.began + timeout - monotonic()
        if not self._done.acquire(timeout=max(0.0, left)):
            return None
        self._done.release()  # others may wait for the same
        if isinstance(self._result, Exception):
            raise self._result
        return self._result


class Ahead:
    """The names that are looked up now and will be asked for inside of the block.

    Arguments:
        names: host names, in the order in which they will be asked for.
    """

    def __init__(self, names: Iterable[str]) -> None:
        new = [name for name in dict.fromkeys(names) if name not in _ahead]
        # One name is looked up when it is asked for: nothing is gained by asking before.
        self.names = new[:MOST] if len(new) > 1 else []

    def __enter__(self) -> None:
        for name in self.names:
            _ahead[name] = Lookup(name)

    def __exit__(self, *_: object) -> None:
        for name in self.names:
            _ahead.pop(name, None)


_ahead: dict[str, Lookup] = {}


def ask(name: str, timeout: float) -> Infos | None:
    """Ask the resolver for a name; None where it takes longer than *timeout* seconds.

    Raises:
        OSError, ValueError: as getaddrinfo() does.
    """
    return (_ahead.get(name) or Lookup(name)).wait(timeout)


def _getaddrinfo(name: str) -> Infos:
    # Bytes keep the idna codec away: it costs 8 ms to import, and its rules are of 2003, by
    # which "faß.example" is another name than to a browser (UTS #46, section 4).
    name = readings.to_wire(name) or name
    host = name.encode() if name.isascii() else name
    return socket.getaddrinfo(host, None, socket.AF_UNSPEC, socket.SOCK_STREAM)  # type: ignore[return-value]
