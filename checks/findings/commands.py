"""The command lines that findings print, each right for one system.

Nothing here is ever run. Only numbers, and words that hold no character with a
meaning to a shell, are put into a command; what comes from outside and is not
such a word is left out.
"""

from __future__ import annotations

from checks.findings import witness
from checks.findings.base import Fix

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from checks.evidence import Listener, Owner, Probe

LINUX = "linux"
MACOS = "macos"
WINDOWS = "windows"
_KNOWN = frozenset((LINUX, MACOS, WINDOWS))
_SAFE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:@")


def for_machine(probe: Probe | None, *groups: Iterable[Fix]) -> tuple[Fix, ...]:
    """The fixes in order; with evidence only those for the system it came from."""
    fixes = tuple(fix for group in groups for fix in group)
    system = probe.machine.system if probe else None
    if system not in _KNOWN:
        return fixes
    return tuple(fix for fix in fixes if fix.os in (None, system))


def advice(text: str) -> tuple[Fix]:
    """A thing to do for which there is no command."""
    return (Fix(text),)


def each(text: str, linux: str, macos: str, windows: str) -> tuple[Fix, ...]:
    """The same thing done by one command per system."""
    return (Fix(text, linux, LINUX), Fix(text, macos, MACOS), Fix(text, windows, WINDOWS))


def is_safe(word: str) -> bool:
    """Whether a shell takes the word as it stands (and no program as an option)."""
    return bool(word) and _SAFE.issuperset(word) and word[0] != "-"


def who_listens(port: int) -> tuple[Fix, ...]:
    """Show the listeners on one port."""
    return each(
        f"Show what listens on port {port}.",
        f"ss -ltnp 'sport = :{port}'",
        f"lsof -nP -iTCP:{port} -sTCP:LISTEN",
        f"netstat -ano | findstr :{port}",
    )


def who_uses(port: int) -> tuple[Fix, ...]:
    """Show every TCP socket on one port, connections included."""
    return each(
        f"Show every socket that uses port {port}.",
        f"ss -tanp 'sport = :{port}'",
        f"lsof -nP -iTCP:{port}",
        f"netstat -ano | findstr :{port}",
    )


def who_is_bound(port: int) -> tuple[Fix, ...]:
    """Show the sockets that are bound and do not listen."""
    return each(
        "Find the process: its socket is in no list of listeners.",
        "sudo lsof -nP | grep 'protocol: TCP'",
        f"lsof -nP -iTCP:{port}",
        f"Get-NetTCPConnection -LocalPort {port} -State Bound",
    )


def all_listeners() -> tuple[Fix, ...]:
    """Show on which ports programs listen."""
    return each(
        "See on which ports programs do listen.",
        "ss -ltnp",
        "lsof -nP -iTCP -sTCP:LISTEN",
        "Get-NetTCPConnection -State Listen",
    )


def filter_rules() -> tuple[Fix, ...]:
    """Show the rules of the packet filter."""
    return each(
        "Look for a rule that stops these packets.",
        "sudo nft list ruleset",
        "sudo pfctl -s rules",
        "Get-NetFirewallRule -Enabled True -Action Block",
    )


def resolver(name: str) -> tuple[Fix, ...]:
    """Show what the system's resolver gives for a name."""
    if not is_safe(name):
        return ()
    return each(
        "See what the system makes of the name.",
        f"getent ahosts {name}",
        f"dscacheutil -q host -a name {name}",
        f"Resolve-DnsName {name}",
    )


def route(address: str) -> tuple[Fix, ...]:
    """Show which way packets to an address would take."""
    if not is_safe(address):
        return ()
    family = "-inet6 " if ":" in address else ""
    return each(
        "See which way packets would take.",
        f"ip route get {address}",
        f"route -n get {family}{address}",
        f"Find-NetRoute -RemoteIPAddress {address}",
    )


def stop(listener: Listener) -> tuple[Fix, ...]:
    """Stop who listens: through its unit where one runs it, else the process."""
    owner = witness.main_owner(listener)
    fixes = stop_unit(listener.unit or "")
    return fixes if owner is None else (*fixes, *stop_process(owner))


def stop_unit(unit: str) -> tuple[Fix, ...]:
    """Stop a service or a container, by the words that the evidence has for it."""
    words, _, name = unit.rpartition(" ")
    if words == "systemd unit" and is_service(name):
        text = f"Stop {name} and all that it runs, if that is wanted."
        return (Fix(text, f"sudo systemctl stop {name}", LINUX),)
    if words in _ENGINES and is_safe(name):
        return (Fix(f"Stop the container {name}, if that is wanted.", f"{_ENGINES[words]} {name}"),)
    return ()


_ENGINES = {"Docker container": "docker stop", "Podman container": "podman stop"}


def stop_process(owner: Owner) -> tuple[Fix, ...]:
    """End one process, asking it first; never done here, only shown."""
    command = f"kill {owner.pid}"
    text = f"Stop {owner.name or 'the process'} (pid {owner.pid}), if that is wanted."
    return each(text, command, command, f"taskkill /PID {owner.pid}")


def is_service(unit: str) -> bool:
    """Whether ``systemctl stop UNIT`` stops a service and not someone's whole session."""
    return unit.endswith(".service") and is_safe(unit) and not unit.startswith("user@")
