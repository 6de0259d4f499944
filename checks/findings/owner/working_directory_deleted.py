"""O707 working-directory-deleted."""

from __future__ import annotations

from checks.findings import commands, wording
from checks.findings.base import Finding, Match, Subject
from checks.findings.owner.context import context_of, state_line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.model.evidence import Owner


class WorkingDirectoryDeleted(Finding):
    """The directory in which the server runs was deleted.

    What it means
    -------------
    The process still has the old directory, which is empty and has no name. Every path that does
    not begin with a slash fails there with ENOENT. A file server answers 404 to everything. If
    the directory was created again under the same name, it is another one, and the server does
    not see it.

    How it is detected
    ------------------
    On Linux /proc/PID/cwd leads to the working directory, and ends in " (deleted)" if that was
    removed. The path is then looked up as the process sees it. Another directory there means that
    it was replaced.

    Why it happens
    --------------
    - A build deletes its output directory and creates it again, and the server runs in it.
    - A checkout, a worktree or a temporary directory was removed while the server ran.
    - A deployment moved a new release to the place of the old one.

    What to do
    ----------
    Restart the server in the directory as it is now. If it should survive a build, start it in
    the directory above, or give it the full path as an option.

    - Linux: Show the directory: `readlink /proc/PID/cwd`.
    - macOS: Show the directory: `lsof -a -p PID -d cwd`. The check does not see this on macOS.
    - Windows: The working directory of a process cannot be deleted.

    Guide
    -----
    troubleshooting/not-responding/#it-answers-with-404

    Sources
    -------
    - proc_pid_cwd(5): https://man7.org/linux/man-pages/man5/proc_pid_cwd.5.html
    - rmdir(2), a directory that is in use: https://man7.org/linux/man-pages/man2/rmdir.2.html
    - path_resolution(7): https://man7.org/linux/man-pages/man7/path_resolution.7.html
    """

    code = "O707"
    slug = "working-directory-deleted"
    severity = "warning"
    title = "The working directory was deleted"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where the working directory of the main process is gone."""
        context = context_of(subject)
        found = context.first(_says) if context else None
        if context is None or found is None:
            return None
        row, owner = found
        path = (owner.directory or "").removesuffix(" (deleted)")
        which = f", {wording.clip(path)}," if path else ""
        text = (
            f"The working directory of {wording.process(owner)}{which} was {_says(owner)}. It finds"
            " no files there."
        )
        fixes = context.fixes(commands.advice(_ADVICE[owner.directory_was or ""]))
        line = state_line(owner, f"runs in {owner.directory}")
        return Match(text, fixes, context.evidence(line), listeners=(row,))


_SAYS = {"replaced": "deleted and created again", "deleted": "deleted"}
_ADVICE = {
    "replaced": "Restart the server, so that it runs in the new directory.",
    "deleted": "Start the server again in a directory that exists.",
}


def _says(owner: Owner) -> str:
    """What became of the working directory; "" where it is there, or nothing is known."""
    return _SAYS.get(owner.directory_was or "", "")
