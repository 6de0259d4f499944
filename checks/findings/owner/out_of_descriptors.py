"""O703 out-of-descriptors."""

from __future__ import annotations

from checks.findings import owners, speech, wording
from checks.findings.base import Finding, Fix, Match, Subject
from checks.findings.commands import LINUX
from checks.findings.owner.context import OwnerContext, context_of, state_line
from checks.findings.witness import main_owner
from checks.rules.owners import is_out_of_descriptors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.model.evidence import Listener, Machine, Owner


class OutOfDescriptors(Finding):
    """The program has as many files open as it may, so it cannot accept a connection.

    What it means
    -------------
    Each connection, file and pipe takes one file descriptor of the process. At its limit,
    accept() fails with EMFILE, "Too many open files". The connection stays in the queue, and the
    client waits. Some programs keep one descriptor in reserve: Node.js accepts the connection and
    closes it at once.

    How it is detected
    ------------------
    On Linux the entries of /proc/PID/fd are counted and compared with "Max open files" in
    /proc/PID/limits, the soft limit. That alone is no problem. The finding applies if the program
    also accepted no connection, or closed it without a byte.

    Why it happens
    --------------
    - Connections or files are opened and never closed: a leak.
    - More clients are connected than the limit allows. The soft limit is often 1024.
    - The service was started with a low limit, by a unit (LimitNOFILE=) or by `ulimit -n`.

    What to do
    ----------
    See what it has open. Raise the limit if the number of clients needs it. A leak fills any
    limit.

    - Linux: Show the open files: `ls -l /proc/PID/fd`. Show the soft and the hard limit: `prlimit
      --pid PID --nofile`. Raise the soft limit while it runs: `prlimit --pid PID --nofile=4096:`.
    - macOS: Show the open files: `lsof -p PID`. Show the limits: `launchctl limit maxfiles`. The
      check does not see this on macOS.
    - Windows: See the handles in the Task Manager. The check does not see this on Windows.

    Guide
    -----
    troubleshooting/intermittent/#too-many-open-files

    Sources
    -------
    - accept(2), EMFILE: https://man7.org/linux/man-pages/man2/accept.2.html
    - getrlimit(2), RLIMIT_NOFILE: https://man7.org/linux/man-pages/man2/getrlimit.2.html
    - proc_pid_limits(5): https://man7.org/linux/man-pages/man5/proc_pid_limits.5.html
    - prlimit(1): https://man7.org/linux/man-pages/man1/prlimit.1.html
    - libuv, src/unix/stream.c, uv__emfile_trick(): https://github.com/libuv/libuv
    """

    code = "O703"
    slug = "out-of-descriptors"
    severity = "error"
    title = "Too many open files"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where a process at its limit serves no connection."""
        context = context_of(subject)
        if context is None:
            return None
        for row in context.rows:
            owner = next((one for one in _by_rank(row) if is_out_of_descriptors(one)), None)
            how = _how(context)
            if owner is not None and how:
                return _match(context, row, owner, how)
        return None


def _by_rank(row: Listener) -> list[Owner]:
    """The owners of a socket, the main one first."""
    first = main_owner(row)
    return sorted(row.owners, key=lambda owner: owner is not first)


def _how(context: OwnerContext) -> str:
    """How the program treats connections, as the end of a clause; "" where it serves them."""
    identity = context.probe.identity
    if context.is_stuck:
        return "accepts no connections"
    if identity is not None and speech.is_mute(identity, "closed", "reset"):
        return "closes connections at once"
    return ""


def _match(context: OwnerContext, row: Listener, owner: Owner, how: str) -> Match:
    used = f"{owner.descriptors} of {owner.descriptor_limit} file descriptors"
    text = f"{wording.process(owner)} listens on {wording.bound(row)} but {how}: it uses {used}."
    machine = context.probe.machine
    fixes = context.fixes(
        (
            Fix(
                "Show what it has open.",
                f"{_rights(owner, machine)}ls -l /proc/{owner.pid}/fd",
                LINUX,
            ),
            Fix(
                "Show its limits. Add a number and a colon after --nofile= to raise the soft one.",
                f"prlimit --pid {owner.pid} --nofile",
                LINUX,
            ),
        ),
        owners.stop(row, context.probe),
    )
    line = state_line(owner, f"has {used} open")
    return Match(text, fixes, context.evidence(line), listeners=(row,))


def _rights(owner: Owner, machine: Machine) -> str:
    """What a command begins with that reads another user's process."""
    foreign = owner.user is not None and owner.user != machine.user
    return "sudo " if foreign and not machine.privileged else ""
