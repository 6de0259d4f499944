"""What starts a process again when it ends: supervisord, pm2, s6 or runit.

A process that one of them runs is back within a second of being killed, so it is to be stopped
by the supervisor, under the name that this knows it by. The supervisor is an ancestor of the
process. The name is in the environment that supervisord and pm2 give to what they start; s6 and
runit have one process for each service, in the directory of the service.

Sources: supervisord.org, "Subprocess Environment", supervisor/options.py (searchpaths); Unitech/pm2
lib/God.js (process.title), lib/God/ForkMode.js; s6-supervise and s6-svc at skarnet.org; runsv(8),
sv(8); proc_pid_environ(5), proc_pid_stat(5).
"""

from __future__ import annotations

import os

from checks.model.evidence import Supervisor
from checks.model.records import NamedTuple
from checks.model.shell import is_typable
from checks.probe import system
from checks.probe.machine import files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_KINDS = {"supervisord": "supervisord", "s6-supervise": "s6", "runsv": "runit"}
"""The kind of a supervisor, by the name of its process."""
_DAEMON = "PM2 v"
"""How the process of pm2 calls itself: ``PM2 v7.0.4: God Daemon (/home/ann/.pm2)``."""

_SESSIONS = frozenset(
    ("sshd", "sshd-session", "login", "cron", "crond", "atd", "tmux: server", "screen")
)
"""What starts programs for people: below it nothing is a supervisor's any more."""

_DEFAULTS = ("/etc/supervisord.conf", "/etc/supervisor/supervisord.conf")
"""The configurations that supervisorctl finds by itself, wherever it is started."""

_ENVIRONMENT = 1 << 17
"""Bytes of an environment that are read."""
_MOST = 64
"""Processes of one pm2 that are looked at."""


class Facts:
    """What procfs tells of processes: their words, their surroundings, and whose they are.

    Arguments:
        root: where procfs is mounted.
    """

    def __init__(self, root: str = "/proc") -> None:
        self._root = root

    def words(self, pid: int) -> list[str]:
        """The command line."""
        return (files.read(f"{self._root}/{pid}/cmdline") or "").rstrip("\0").split("\0")

    def variables(self, pid: int) -> Mapping[str, str]:
        """The environment that it was started with; empty where it may not be read."""
        content = files.read(f"{self._root}/{pid}/environ", _ENVIRONMENT) or ""
        pairs = (entry.partition("=") for entry in content.split("\0"))
        return {key: value for key, equals, value in pairs if equals}

    def home(self, pid: int) -> str | None:
        """The working directory."""
        return files.link(f"{self._root}/{pid}/cwd")

    def parent(self, pid: int) -> int:
        """The process that started it; 0 where that is not known."""
        return self._stat(pid, 1)

    def children(self, pid: int) -> Sequence[int]:
        """The processes that it has started."""
        text = files.read(f"{self._root}/{pid}/task/{pid}/children") or ""
        return [int(word) for word in text.split() if word.isdecimal()]

    def terminal(self, pid: int) -> int | str | None:
        """Its controlling terminal; nothing where it has none."""
        return self._stat(pid, 4) or None

    def user(self, pid: int) -> str | None:
        """Whose it is."""
        uid = self._uid(pid)
        return None if uid is None else system.user_name(uid)

    def user_home(self, pid: int) -> str | None:
        """The home directory of that user."""
        uid = self._uid(pid)
        return None if uid is None else system.home_of(uid)

    def _stat(self, pid: int, place: int) -> int:
        """A number of ``/proc/PID/stat``, counted from the state of the process; 0 if unread."""
        fields = (files.read(f"{self._root}/{pid}/stat") or "").rpartition(")")[2].split()
        try:
            return int(fields[place])
        except (IndexError, ValueError):
            return 0

    def _uid(self, pid: int) -> int | None:
        """The effective user."""
        for line in (files.read(f"{self._root}/{pid}/status") or "").splitlines():
            fields = line.split()
            if line.startswith("Uid:") and len(fields) > 2 and fields[2].isdecimal():
                return int(fields[2])
        return None


def of_process(
    process: tuple[int, str], ancestors: Sequence[tuple[int, str]], facts: Facts
) -> Supervisor | None:
    """Return what starts a process again; None where nothing does or can be seen to.

    Arguments:
        process: its number and name.
        ancestors: number and name of its parent, and so on.
        facts: what is known of processes.

    A process in another terminal than the supervisor was started there, by a person.
    """
    pid, name = process
    if name.startswith(_DAEMON):  # in cluster mode it listens for its programs
        return _pm2(pid, _cluster(pid, facts), facts)
    below = [pid]
    for ancestor, called in ancestors:
        kind = _kind(ancestor, called, facts)
        if kind is not None:
            terminal = facts.terminal(pid)
            if terminal not in (None, facts.terminal(ancestor)):
                return None
            # The first below the supervisor has the environment that it was given.
            return _READERS[kind](ancestor, below[::-1], facts)
        if called in _SESSIONS:
            return None
        below.append(ancestor)
    return None


def text(found: Supervisor) -> str:
    """Return a supervisor as reports show it: ``supervisor supervisord (web)``."""
    name = found.name or (found.path if found.kind in ("s6", "runit") else None)
    return f"supervisor {found.kind} ({name})" if name else f"supervisor {found.kind}"


def is_one(pid: int, name: str, facts: Facts) -> bool:
    """Return whether a process is a supervisor.

    Arguments:
        pid: its number.
        name: its name.
        facts: what is known of processes.
    """
    return _kind(pid, name, facts) is not None


def _kind(pid: int, name: str, facts: Facts) -> str | None:
    """The kind of supervisor that a process is, by its name, or by its script's."""
    if name.startswith(_DAEMON):
        return "pm2"
    if name.startswith("python"):
        # The script, or the module behind -m, is the first word that is no option.
        script = next((one for one in facts.words(pid)[1:] if not one.startswith("-")), "")
        runs = script.rpartition("/")[2] in ("supervisord", "supervisor.supervisord")
        return "supervisord" if runs else None
    return _KINDS.get(name)


def _supervisord(pid: int, below: Sequence[int], facts: Facts) -> Supervisor:
    variables = ("SUPERVISOR_PROCESS_NAME", "SUPERVISOR_GROUP_NAME", "SUPERVISOR_SERVER_URL")
    program, group, url = (_word(one) for one in _given(below, variables, facts))
    name = program if group == program else group and program and f"{group}:{program}"
    path = _configuration(pid, facts)
    if path is not None and not path.startswith("/"):
        path = url  # the file is known by a name that only supervisord can find it by
    if path == next(filter(os.path.isfile, _DEFAULTS), None):
        path = None
    return Supervisor("supervisord", pid, name, path, facts.user(pid))


def _configuration(pid: int, facts: Facts) -> str | None:
    """The file that supervisord has read; None where none is found.

    A path that begins with no slash is below its working directory, which could not be read.
    Without ``-c`` it looks below the folder of its program, in its working directory and in
    /etc: supervisor/options.py, searchpaths.
    """
    words = facts.words(pid)
    home = facts.home(pid) or ""
    told = _option(words)
    if told is None:
        program = next((word for word in words[:2] if word.endswith("supervisord")), "")
        here = os.path.dirname(os.path.dirname(program))
        names = ("etc/supervisord.conf", "supervisord.conf")
        places = [os.path.join(here, name) for name in names] if here else []
        if home:  # there the other way round
            places += [os.path.join(home, name) for name in reversed(names)]
        told = next(filter(os.path.isfile, (*places, *_DEFAULTS)), None)
    return _word(os.path.normpath(os.path.join(home, told))) if told else None


def _option(words: Sequence[str]) -> str | None:
    """The value of ``-c`` or ``--configuration``, alone or behind ``-n``; None without one."""
    long = "--configuration"
    for place, word in enumerate(words):
        if word in (long, "-c", "-nc"):
            return words[place + 1] if place + 1 < len(words) else None
        if word.startswith(f"{long}="):
            return word.partition("=")[2]
        if word.startswith("-c"):
            return word[2:]
    return None


def _pm2(pid: int, below: Sequence[int], facts: Facts) -> Supervisor:
    program = next(filter(None, (_of_pm2(each, facts) for each in below)), _NO_PROGRAM)
    known = _word(program.name)
    if known is None or known.isdecimal():  # pm2 takes digits for the number of a process
        number = program.number
        known = number if number and number.isascii() and number.isdecimal() else None
    user = facts.user(pid)
    return Supervisor("pm2", pid, known, _pm2_home(pid, facts), user)


def _pm2_home(pid: int, facts: Facts) -> str | None:
    """PM2_HOME, where it is not the one below the user's home. The title tells it, too."""
    title = " ".join(facts.words(pid))
    told = _given((pid,), ("PM2_HOME",), facts)[0] or title.partition("(")[2].rpartition(")")[0]
    home = facts.user_home(pid)
    if not told or (home and os.path.normpath(told) == os.path.join(home, ".pm2")):
        return None
    return _word(told)


def _cluster(pid: int, facts: Facts) -> Sequence[int]:
    """A process that the daemon of pm2 listens for, where all such have one name."""
    names: dict[str, int] = {}
    for child in facts.children(pid)[:_MOST]:
        program = _of_pm2(child, facts)
        if program is not None and program.mode == "cluster_mode":
            names.setdefault(program.name or "", child)
    return tuple(names.values()) if len(names) == 1 else ()


class _Program(NamedTuple):
    """What pm2 says to a process that it starts.

    Arguments:
        name: of the program.
        number: of the process.
        mode: ``fork_mode`` or ``cluster_mode``.
    """

    name: str | None
    number: str | None
    mode: str | None


_NO_PROGRAM = _Program(None, None, None)


def _of_pm2(pid: int, facts: Facts) -> _Program | None:
    """What pm2 has told a process; None where it has told nothing.

    In fork mode these are variables, in cluster mode they are in one, as JSON.
    """
    name, number, mode, whole = _given((pid,), ("name", "pm_id", "exec_mode", "pm2_env"), facts)
    if whole is None:
        return _Program(name, number, mode) if name or number else None
    import json  # noqa: PLC0415 - 3 ms, for a cluster of pm2 only

    try:
        told = json.loads(whole)
    except (ValueError, RecursionError):
        return None
    if not isinstance(told, dict):
        return None
    return _Program(*(str(told.get(key) or "") for key in ("name", "pm_id", "exec_mode")))


def _service(kind: str, pid: int, facts: Facts) -> Supervisor:
    """One of s6 or runit: its working directory is that of the service.

    To another user it is not told; then the argument is, below the directory that the parent
    was given.
    """
    path = facts.home(pid)
    if path is None:
        words = facts.words(pid)
        name = words[-1] if len(words) > 1 else ""
        parents = facts.words(facts.parent(pid))[1:]
        top = next((word for word in parents if word.startswith("/")), "")
        path = os.path.normpath(os.path.join(top, name)) if name else None
    known = _word(path)
    known = known if known and known.startswith("/") else None
    return Supervisor(kind, pid, None, known, facts.user(pid))


def _s6(pid: int, below: Sequence[int], facts: Facts) -> Supervisor:
    del below
    return _service("s6", pid, facts)


def _runit(pid: int, below: Sequence[int], facts: Facts) -> Supervisor:
    del below
    return _service("runit", pid, facts)


_READERS = {"supervisord": _supervisord, "pm2": _pm2, "s6": _s6, "runit": _runit}


def _given(pids: Sequence[int], names: Sequence[str], facts: Facts) -> list[str | None]:
    """The values of some variables in the first environment that has one of them."""
    for pid in pids:
        variables = facts.variables(pid)
        found = [variables.get(name) for name in names]
        if any(value is not None for value in found):
            return found
    return [None] * len(names)


def _word(text: str | None) -> str | None:
    """A name or path that can be typed again; None for any other."""
    return text if text and is_typable(text) else None
