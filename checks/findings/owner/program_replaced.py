"""O702 program-replaced."""

from __future__ import annotations

from checks.findings import commands, wording
from checks.findings.base import Finding, Match, Subject
from checks.findings.owner.context import context_of, state_line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.model.evidence import Owner


class ProgramReplaced(Finding):
    """The program's file was replaced or deleted, and the old version still runs.

    What it means
    -------------
    A running program keeps the file that it was started from, even after that file was deleted.
    So the process still runs the old code. After an update, it still has the bugs that the update
    fixes. A restart uses the new file, or fails if there is none.

    How it is detected
    ------------------
    On Linux /proc/PID/exe leads to the file of the program. It ends in " (deleted)" if that file
    was removed. The path is then looked up as the process sees it, in its own root directory.
    Another file there means replaced, none means deleted. A file that is still there under that
    name, and a program that never had a name (memfd_create), are not reported. For scripts, the
    interpreter is checked (python3, node, java), not the script.

    Why it happens
    --------------
    - A package was upgraded, and the service was not restarted.
    - A build replaced the program while it ran.
    - A directory with the program was deleted, or a version manager removed an old version.
    - A program deletes its own file. Some installers do that, and so does malware.

    What to do
    ----------
    Restart the program. If its file was deleted, install or build it first.

    - Linux: Show the file: `ls -l /proc/PID/exe`. Restart a service: `sudo systemctl restart
      UNIT`. Save the old file, if you need it: `cp /proc/PID/exe saved`.
    - macOS: Show the file, in the row with txt: `lsof -p PID`. The check does not see this on
      macOS.
    - Windows: A file cannot be replaced while it runs.

    Guide
    -----
    troubleshooting/not-responding/#it-answers-with-404

    Sources
    -------
    - proc_pid_exe(5), "(deleted)": https://man7.org/linux/man-pages/man5/proc_pid_exe.5.html
    - proc_pid_root(5): https://man7.org/linux/man-pages/man5/proc_pid_root.5.html
    - memfd_create(2): https://man7.org/linux/man-pages/man2/memfd_create.2.html
    - unlink(2), a file that is still open: https://man7.org/linux/man-pages/man2/unlink.2.html
    """

    code = "O702"
    slug = "program-replaced"
    severity = "notice"
    title = "An old version is still running"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where the file that the main process was started from is gone."""
        context = context_of(subject)
        found = context.first(_says) if context else None
        if context is None or found is None:
            return None
        row, owner = found
        what = _says(owner)
        path = f", {wording.clip(owner.program_file)}," if owner.program_file else ""
        text = (
            f"The file of {wording.process(owner)}{path} was {what}."
            f" {_THEN[owner.program_was or '']}"
        )
        fixes = context.fixes(commands.advice(_ADVICE[owner.program_was or ""]))
        line = state_line(owner, f"runs {owner.program_file} (deleted)")
        return Match(text, fixes, context.evidence(line), listeners=(row,))


_SAYS = {"replaced": "replaced since it started", "deleted": "deleted"}
_THEN = {
    "replaced": "It runs the old version until it is restarted.",
    "deleted": "It runs on, but cannot be started again from there.",
}
_ADVICE = {
    "replaced": "Restart it to run the new version.",
    "deleted": "Install or build it again before you restart it: it cannot start without the file.",
}


def _says(owner: Owner) -> str:
    """What became of a program's file; "" where it is there, or nothing is known."""
    return _SAYS.get(owner.program_was or "", "")
