"""What a path leads to, and which directory or file on the way keeps this user out.

To connect to a socket file needs search permission on each directory of its path and write
permission on the file itself: unix(7), path_resolution(7).
"""

from __future__ import annotations

import os
import stat

from checks.model.evidence import FileFacts
from checks.probe import system

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType

grp: ModuleType | None
try:
    import grp as _grp
except ImportError:  # Windows
    grp = None
else:
    grp = _grp

_KINDS = (
    (stat.S_ISSOCK, "socket"),
    (stat.S_ISREG, "file"),
    (stat.S_ISDIR, "directory"),
    (stat.S_ISFIFO, "pipe"),
)
NOT_MEMBER, NOT_IN_SESSION = "not-member", "not-in-session"


def absolute(path: str) -> str:
    """Return a path from the root, as the socket table has it; an abstract name as it is."""
    if path.startswith("@"):
        return path
    try:
        return os.path.abspath(os.path.expanduser(path) if path.startswith("~") else path)
    except OSError:  # the working directory was deleted
        return path


def real(path: str) -> str:
    """Return a path without links; as it is where its working directory was deleted."""
    try:
        return os.path.realpath(path)
    except OSError:
        return path


def is_socket(path: str) -> bool:
    """Whether a path leads to a socket file, as far as this user may see."""
    try:
        return stat.S_ISSOCK(os.stat(path).st_mode)
    except (OSError, ValueError):
        return False


def inode(path: str) -> int | None:
    """Return the number of the file, as the socket table cuts it; None where it is not seen."""
    try:
        return os.stat(path).st_ino & 0xFFFFFFFF  # __u32 udiag_vfs_ino, linux/unix_diag.h
    except (OSError, ValueError):
        return None


def facts(path: str) -> FileFacts | None:
    """Return kind, mode and owner of what a path leads to; None where it is not seen."""
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        try:
            found = os.lstat(path)
        except (OSError, ValueError):
            return None
        if not stat.S_ISLNK(found.st_mode):
            return None
    kind = next((name for is_one, name in _KINDS if is_one(found.st_mode)), "device")
    return FileFacts(
        path=path,
        kind="dangling-link" if stat.S_ISLNK(found.st_mode) else kind,
        mode=stat.filemode(found.st_mode),
        user=system.user_name(found.st_uid) or str(found.st_uid),
        group=_group_name(found.st_gid),
    )


def nearest(path: str) -> str:
    """Return the nearest directory above a path that exists; ``/`` at the last."""
    above = os.path.dirname(path)
    while not os.path.isdir(above) and above not in ("/", ""):
        above = os.path.dirname(above)
    return above or "/"


def barrier(path: str) -> FileFacts | None:
    """Return the first directory, or the file, whose mode keeps this user out; None for none.

    Links are followed, as connect() does.
    """
    above = ""
    for name in [each for each in real(path).split("/") if each][:-1]:
        above = f"{above}/{name}"
        if not _may(above, os.X_OK):
            return facts(above)
    return None if _may(path, os.W_OK) else facts(path)


def membership(kept: FileFacts | None) -> str | None:
    """Whether to be in the group of a barrier would help: as in :class:`.UnixSocket`.

    Arguments:
        kept: the barrier.
    """
    if kept is None or grp is None or not _helps(kept):
        return None
    try:
        group = grp.getgrnam(kept.group)
    except KeyError:
        return None
    mine = {*os.getgroups(), os.getegid()}  # type: ignore[attr-defined,unused-ignore]
    if group.gr_gid in mine:
        return None
    return NOT_IN_SESSION if system.user() in group.gr_mem else NOT_MEMBER


def _helps(kept: FileFacts) -> bool:
    """Whether the group may what this user may not: search a directory, write to a file."""
    allowed = kept.mode[6:7] in ("x", "s") if kept.kind == "directory" else kept.mode[5:6] == "w"
    return allowed and kept.group != "root"


def _may(path: str, how: int) -> bool:
    """Whether this process may do it; by the user that it acts as, where the system can say."""
    try:
        return os.access(path, how, effective_ids=os.access in os.supports_effective_ids)
    except (OSError, ValueError, NotImplementedError):
        return True


def _group_name(number: int) -> str:
    try:
        return str(grp.getgrgid(number).gr_name) if grp is not None else str(number)
    except KeyError:
        return str(number)
