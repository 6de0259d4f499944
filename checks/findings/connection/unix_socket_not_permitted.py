"""C324 unix-socket-not-permitted."""

from __future__ import annotations

from checks.findings import commands
from checks.findings.base import Finding, Fix, Match, Subject
from checks.findings.connection.unix import CODES, context_of, sentence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.findings.connection.unix import UnixContext


class UnixSocketNotPermitted(Finding):
    """This user may not connect to the Unix socket.

    What it means
    -------------
    The socket may work, but the system does not let this user connect: connect() fails with
    EACCES, "Permission denied". A client needs write permission on the socket file, and search
    permission (x) on every directory of its path.

    How it is detected
    ------------------
    connect() fails with EACCES or EPERM. Each directory of the path is tested with access(), then
    the file. The first one that this user may not use is named with its mode and owner. If this
    user may use them all, a policy is the cause: AppArmor, SELinux or a sandbox.

    Why it happens
    --------------
    - The socket belongs to a group, such as docker, and this user is not a member.
    - The user was added to the group, but this session began before that.
    - A directory above the file belongs to another user and has mode 700, such as a home
      directory.
    - A web server runs as another user than the application server whose socket it uses.

    What to do
    ----------
    If the group may connect, join it and log in again. On Linux: `sudo usermod -aG GROUP $USER`.
    Members of the group docker can become root, so add only users that may. Otherwise configure
    the server to create its file with a mode and group that fit, in a directory that both users
    may enter. To see the permissions of the whole path:

    - Linux: `namei -l /run/app/app.sock`
    - macOS: `ls -led /run /run/app /run/app/app.sock`
    - Windows: Python has no Unix sockets on Windows. Run the check in WSL.

    Guide
    -----
    troubleshooting/unix-sockets/#permission-denied

    Sources
    -------
    - unix(7), on permissions: https://man7.org/linux/man-pages/man7/unix.7.html
    - path_resolution(7): https://man7.org/linux/man-pages/man7/path_resolution.7.html
    - Docker documentation, Manage Docker as a non-root user:
      https://docs.docker.com/engine/install/linux-postinstall/
    """

    code = CODES[2]
    slug = "unix-socket-not-permitted"
    severity = "error"
    title = "No permission for the Unix socket"
    example = "unix:/run/docker.sock"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where the system does not let this user connect."""
        context = context_of(subject, "not-permitted")
        if context is None:
            return None
        says = sentence(subject, context.probe, context.unix)
        return Match(says, context.fixes(_fixes(context)), context.evidence())


def _fixes(context: UnixContext) -> tuple[Fix, ...]:
    kept, user = context.unix.barrier, context.probe.machine.user or ""
    show = Fix(
        "Show the permissions of the whole path.",
        context.command("namei -l"),
        commands.LINUX,
        "The first line without x for this user, or the last without w, keeps it out.",
    )
    if kept is None:
        journal = Fix(
            "Look for a denial of AppArmor or SELinux.",
            "sudo journalctl -k -g 'apparmor|avc'",
            commands.LINUX,
        )
        return (journal,)
    safe = commands.is_safe(kept.group) and commands.is_safe(user)
    if context.unix.membership == "not-in-session" and safe:
        again = f"Log in again: this session is older than your place in the group {kept.group}."
        return (Fix(again, f"newgrp {kept.group}", commands.LINUX, "It opens a new shell."), show)
    if context.unix.membership == "not-member" and safe:
        join = f"Join the group {kept.group}, then log in again.{_warned(kept.group)}"
        return (Fix(join, f"sudo usermod -aG {kept.group} {user}", commands.LINUX), show)
    as_other = f"Run the client as {kept.user}, or make the server create its socket for this user."
    return (Fix(as_other), show)


def _warned(group: str) -> str:
    return " Its members can become root." if group in ("docker", "lxd", "incus", "podman") else ""
