"""A minimal Debian system: made once, unpacked for each run, entered for each command.

Every command runs in mount and process namespaces made for it. Its mounts and
what it started are gone with them, however the command or this program ends.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

if sys.platform == "win32":
    raise ImportError("minimal Debian systems need Linux")

ROOT = Path(__file__).resolve().parents[2]
CACHE = Path(os.environ.get("NEWCOMER_CACHE") or ROOT / ".cache/newcomer")
"""Base systems and what package managers fetched: a second run is faster by both."""
PACKAGES = ("python3", "git", "make", "ca-certificates")
"""What a user has who clones the project; Debian's base has neither column nor ip nor ps."""
SUITES = ("bookworm", "trixie")
"""Debian's oldstable and stable (2026-11)."""
MAX_AGE = 30 * 86400
"""Seconds that a base system is used again; point releases come every two months."""

_USER = "newcomer"
_AUTHORITIES = Path("/usr/local/share/ca-certificates")
_SETTINGS = frozenset(
    "HTTP_PROXY HTTPS_PROXY NO_PROXY NODE_EXTRA_CA_CERTS SSL_CERT_FILE REQUESTS_CA_BUNDLE"
    " CURL_CA_BUNDLE GIT_SSL_CAINFO".split()
)

# A namespace starts with the host's mounts and ends without: nothing of the host but its
# network is in it when the command starts. The first process is a shell and not the
# command: it has to reap what the command leaves, which make does not do.
_ENTER = """
set -eu
root=$1; shift
mount --bind "$root" "$root"
while [ "$1" != -- ]; do mount --bind "$1" "$root$2"; shift 2; done; shift
mount -t proc proc "$root/proc"
mount -t sysfs sysfs "$root/sys"
mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup" 2>/dev/null || true
mount -t devpts -o newinstance,ptmxmode=666,mode=620,gid=5 devpts "$root/dev/pts"
mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
if [ -n "$OWN_NETWORK" ]; then ip link set lo up; fi
cd "$root"
pivot_root . mnt
umount -l /mnt
unset OWN_NETWORK
"$@"
exit $?
"""


class UnableError(Exception):
    """This machine cannot make or enter such a system; the text is one line that says why."""


@dataclass(frozen=True)
class Done:
    """How a command ended.

    Arguments:
        code: its exit code, or None where its time was up.
        output: both streams.
        seconds: how long it took.
    """

    code: int | None
    output: str
    seconds: float


@contextmanager
def _private(
    command: Sequence[str],
    stream: BinaryIO,
    *,
    network: bool,
    environment: Mapping[str, str] | None,
) -> Iterator[subprocess.Popen[bytes]]:
    """Start a command in namespaces of its own; all of them end with the block.

    The kernel ends them too where this program is killed: the signal that a
    parent's death sends (prctl(2), PR_SET_PDEATHSIG) goes to unshare, and from
    it to the first process of the namespace, without which the others end.
    """
    unshare = ["unshare", "--mount", "--pid", "--fork", "--kill-child"]
    child = subprocess.Popen(
        ["setpriv", "--pdeathsig", "KILL", *unshare, *([] if network else ["--net"]), *command],
        stdin=subprocess.DEVNULL, stdout=stream, stderr=subprocess.STDOUT, env=environment,
        start_new_session=True,
    )  # fmt: skip
    try:
        yield child
    finally:
        child.send_signal(signal.SIGKILL)
        child.wait()


def execute(
    command: Sequence[str], log: Path, *, timeout: float, network: bool = True,
    environment: Mapping[str, str] | None = None,
) -> Done:  # fmt: skip
    """Run a command in namespaces of its own.

    Arguments:
        command: with its arguments.
        log: file for both streams.
        timeout: seconds after which it is ended.
        network: the host's; otherwise one with nothing but loopback.
        environment: the host's where None.
    """
    start = time.monotonic()
    code: int | None = None
    with (
        log.open("wb") as stream,
        _private(command, stream, network=network, environment=environment) as child,
    ):
        try:
            code = child.wait(timeout)
        except subprocess.TimeoutExpired:
            stream.write(f"\nended after {timeout:.0f} s\n".encode())
    return Done(code, log.read_text("utf-8", "replace"), time.monotonic() - start)


def require() -> None:
    """Look for what makes such systems, and install debootstrap where apt-get can.

    Raises:
        UnableError: something is missing.
    """
    if os.geteuid() != 0:
        raise UnableError("needs root, for debootstrap and mounts: sudo make newcomer")
    if not shutil.which("debootstrap") and shutil.which("apt-get"):
        subprocess.run(
            [ROOT / "tools/setup-system", "debootstrap", "debian-archive-keyring"], check=False
        )
    for program in ("debootstrap", "unshare", "setpriv", "pivot_root", "ip", "git", "tar"):
        if shutil.which(program) is None:
            raise UnableError(f"needs {program}, which is not installed")


def make_base(suite: str, log: Path) -> Path:
    """The archive of a minimal system, made where there is none or an old one.

    Raises:
        UnableError: debootstrap failed.
    """
    archive = CACHE / f"{suite}.tar.gz"
    if archive.exists() and time.time() - archive.stat().st_mtime < MAX_AGE:
        return archive
    folder = CACHE / f"{suite}.new"
    try:
        _build(suite, folder, log)
        part = archive.with_suffix(".part")
        subprocess.run(["tar", "-C", folder, "--numeric-owner", "-czf", part, "."], check=True)
        part.replace(archive)
    finally:
        remove(folder)
    return archive


def _build(suite: str, folder: Path, log: Path) -> None:
    """A system in which no service starts, and dpkg does not wait for the disk."""
    remove(folder)
    command = ["debootstrap", "--variant=minbase", f"--include={','.join(PACKAGES)}"]
    done = execute([*command, suite, str(folder), *_mirror()], log, timeout=1800)
    if done.code != 0:
        raise UnableError(f"debootstrap {suite} failed, see {log}")
    # invoke-rc.d(8): 101 forbids what a package's installation would start.
    policy = folder / "usr/sbin/policy-rc.d"
    policy.write_text("#!/bin/sh\nexit 101\n")
    policy.chmod(0o755)
    # A tree that is thrown away need not survive a power failure.
    (folder / "etc/dpkg/dpkg.cfg.d/newcomer").write_text("force-unsafe-io\n")
    for package in (folder / "var/cache/apt/archives").glob("*.deb"):
        package.unlink()


def _mirror(label: str = "Debian") -> list[str]:
    """Where this machine gets Debian from, if it is one; else debootstrap chooses."""
    asked = ["apt-get", "indextargets", "--format", "$(ORIGIN) $(LABEL) $(REPO_URI)"]
    if shutil.which("apt-get") is None:
        return []
    listed = subprocess.run(asked, capture_output=True, text=True, check=False).stdout
    rows = [line.split() for line in listed.splitlines() if line.startswith(f"Debian {label} ")]
    return [row[2] for row in rows if row[2].startswith("http")][:1]


def remove(folder: Path) -> None:
    """Remove a tree; nothing is mounted in it outside of namespaces that have ended.

    Raises:
        UnableError: it is still there.
    """
    for _ in range(50):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
        time.sleep(0.1)  # the last processes of a namespace that was killed may still write
    raise UnableError(f"{folder} cannot be removed")


class System:
    """One unpacked system with the project in it.

    Arguments:
        suite: Debian's name of it.
    """

    def __init__(self, suite: str) -> None:
        self.suite = suite
        self.folder = CACHE / f"{suite}.tree"
        self.users = {"root": (0, "/root"), _USER: (1000, f"/home/{_USER}")}
        self._shared: list[str] = []

    def unpack(self, archive: Path, log: Path) -> None:
        """A fresh tree with this machine's name resolution, authorities and proxies.

        Raises:
            UnableError: it could not be unpacked or set up.
        """
        remove(self.folder)
        self.folder.mkdir(parents=True)
        subprocess.run(["tar", "-C", self.folder, "--numeric-owner", "-xzf", archive], check=True)
        for name in ("etc/resolv.conf", "etc/hosts"):
            shutil.copyfile(f"/{name}", self.folder / name)
        (self.folder / "etc/apt/apt.conf.d/80newcomer").write_text(_apt_proxies())
        # Debian's installer has both too: the browsers of the first release are years old.
        main = (self.folder / "etc/apt/sources.list").read_text().split()[1]
        suites = [(main, "updates"), *((place, "security") for place in _mirror("Debian-Security"))]
        (self.folder / "etc/apt/sources.list.d/newer.list").write_text(
            "".join(f"deb {place} {self.suite}-{name} main\n" for place, name in suites)
        )
        for authority in _AUTHORITIES.glob("*.crt"):
            shutil.copy(authority, self.folder / str(_AUTHORITIES)[1:])
        self._share("debs", "/var/cache/apt/archives", self.suite)
        set_up = f"update-ca-certificates && useradd --create-home --shell /bin/bash {_USER}"
        done = self.run("root", set_up, log, timeout=300)
        if done.code != 0:
            raise UnableError(f"{self.suite} could not be set up, see {log}")
        for _, home in self.users.values():
            self._share("pip", f"{home}/.cache/pip")
            self._share("npm", f"{home}/.npm")

    def _share(self, name: str, place: str, suite: str = "") -> None:
        """Have a folder of the cache at a place of this system."""
        kept = CACHE / "downloads" / name / suite
        kept.mkdir(parents=True, exist_ok=True)
        (self.folder / place[1:]).mkdir(parents=True, exist_ok=True)
        self._shared += [str(kept), place]

    def clone(self, user: str, log: Path) -> None:
        """Give a user a clone of what is committed.

        Raises:
            UnableError: git failed.
        """
        number, home = self.users[user]
        target = self.folder / home[1:] / "project"
        remove(target)
        # The tree may belong to another user than root; git reads that setting from a file only.
        settings = self.folder / "tmp/gitconfig"
        settings.write_text("[safe]\n\tdirectory = *\n")
        done = execute(
            ["git", "clone", "--quiet", "--no-local", str(ROOT), str(target)], log, timeout=300,
            environment={**os.environ, "GIT_CONFIG_GLOBAL": str(settings)},
        )  # fmt: skip
        settings.unlink()
        if done.code != 0:
            raise UnableError(f"git clone failed, see {log}")
        own(self.folder / home[1:], number, number)
        for name in ("pip", "npm"):
            own(CACHE / "downloads" / name, number, number)

    def run(
        self, user: str, command: str, log: Path, *, timeout: float, network: bool = True,
        variables: Mapping[str, str] | None = None,
    ) -> Done:  # fmt: skip
        """Run a shell command in the user's clone, or at home where there is none.

        Arguments:
            user: root, or the one without rights.
            command: for sh.
            log: file for its output.
            timeout: seconds after which it is ended.
            network: the host's; otherwise one with nothing but loopback.
            variables: of its environment, beside a login's and this machine's for downloads.
        """
        number, home = self.users[user]
        path = "/usr/local/bin:/usr/bin:/bin"
        environment = {
            **self._settings(), "HOME": home, "USER": user, "LOGNAME": user, "LANG": "C.UTF-8",
            "TERM": "dumb", "PATH": path if number else f"/usr/local/sbin:/usr/sbin:/sbin:{path}",
            **(variables or {}),
        }  # fmt: skip
        becoming = ["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups"]
        there = f"cd {home}; if [ -d project ]; then cd project; fi; {command}"
        return execute(
            ["sh", "-c", _ENTER, "enter", str(self.folder), *self._shared, "--",
             *(becoming if number else []),
             "env", "-i", *(f"{name}={value}" for name, value in environment.items()),
             "sh", "-c", there],
            log, timeout=timeout, network=network,
            environment={**os.environ, "OWN_NETWORK": "" if network else "1"},
        )  # fmt: skip

    def _settings(self) -> dict[str, str]:
        """This machine's settings for downloads, but for those that name what is not in there."""
        authorities = "/etc/ssl/certs/ca-certificates.crt"
        names = "PIP_CERT NODE_EXTRA_CA_CERTS SSL_CERT_FILE".split()
        added = dict.fromkeys(names, authorities) if any(_AUTHORITIES.glob("*.crt")) else {}
        passed = {
            name: value
            for name, value in os.environ.items()
            if (name.upper() in _SETTINGS or name.upper().startswith(("PIP_", "NPM_CONFIG_")))
            and self._means_something(value)
        }
        return {**added, **passed}

    def _means_something(self, value: str) -> bool:
        """Whether the files that a setting names, if any, are in this system."""
        names = [part.removeprefix("file://") for part in value.split()]
        return all((self.folder / name[1:]).exists() for name in names if name.startswith("/"))


def own(folder: Path, user: int, group: int) -> None:
    """Give a folder and all below it to a user and a group, by number."""
    os.chown(folder, user, group)
    for place, folders, files in os.walk(folder):
        for name in (*folders, *files):
            os.chown(os.path.join(place, name), user, group, follow_symlinks=False)


def _apt_proxies() -> str:
    """This machine's proxies for apt, as lines of its configuration."""
    if shutil.which("apt-config") is None:
        return ""
    dumped = subprocess.run(
        ["apt-config", "dump", "Acquire"], capture_output=True, text=True, check=False
    ).stdout
    wanted = ("Acquire::http::Proxy", "Acquire::https::Proxy")
    return "".join(f"{line}\n" for line in dumped.splitlines() if line.startswith(wanted))
