"""The command lines that findings print, each right for one system.

Nothing here is ever run. Only numbers, and words that hold no character with a
meaning to a shell, are put into a command; what comes from outside and is not
such a word is left out. What is to be done about the owner of a port is
:mod:`checks.findings.owners`.
"""

from __future__ import annotations

from checks.findings import tools
from checks.findings.base import Fix
from checks.model import shell

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from checks.model.evidence import Machine, Probe

LINUX = "linux"
MACOS = "macos"
WINDOWS = "windows"
_ROOT = "root"
_KNOWN = frozenset((LINUX, MACOS, WINDOWS))
_SAFE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:@")


def for_machine(probe: Probe | None, *groups: Iterable[Fix]) -> tuple[Fix, ...]:
    """The fixes in order; with evidence only those for the system it came from."""
    fixes = tuple(fix for group in groups for fix in group)
    system = probe.machine.system if probe else None
    if probe is None or system not in _KNOWN:
        return fixes
    return tools.fitting((fix for fix in fixes if fix.os in (None, system)), probe.machine)


def advice(text: str) -> tuple[Fix]:
    """A thing to do for which there is no command."""
    return (Fix(text),)


def each(text: str, linux: str, macos: str, windows: str) -> tuple[Fix, ...]:
    """The same thing done by one command per system; a cmdlet is marked as PowerShell's."""
    shell = in_powershell(text, windows)
    return (Fix(text, linux, LINUX), Fix(text, macos, MACOS), Fix(shell, windows, WINDOWS))


def in_powershell(text: str, command: str) -> str:
    """The sentence of a step, with the shell where cmd.exe does not know the command.

    Arguments:
        text: the sentence, with its full stop or colon.
        command: the command for Windows.
    """
    return f"{text[:-1]}, in PowerShell{text[-1:]}" if _is_of_powershell(command) else text


def _is_of_powershell(command: str) -> bool:
    """Whether it is PowerShell's own: a cmdlet, a variable, or two commands after another.

    Sources: about_Command_Syntax, about_Environment_Variables; ``;`` is no separator of cmd.exe.
    """
    verb, dash, _ = command.partition(" ")[0].partition("-")
    cmdlet = bool(dash) and verb.isalpha() and verb[:1].isupper()
    return cmdlet or command.startswith("$") or "; " in command


def _with_sudo(fixes: tuple[Fix, ...]) -> tuple[Fix, ...]:
    """Say of macOS that lsof shows other users' sockets to root only."""
    return tuple(
        fix._replace(text=f"{fix.text[:-1]} (without sudo, only your own programs).")
        if fix.os == MACOS
        else fix
        for fix in fixes
    )


def netstat(port: int) -> str:
    """The rows of a port on Windows, IPv4 and IPv6: the space keeps :80 from finding :8080."""
    return f'netstat -ano | findstr /R /C:":{port} "'


def is_safe(word: str) -> bool:
    """Whether a shell takes the word as it stands (and no program as an option)."""
    return bool(word) and _SAFE.issuperset(word) and word[0] != "-"


def sudo(machine: Machine, user: str | None = _ROOT) -> str:
    """What a command begins with that acts on what is a user's: ``sudo``, or nothing.

    Root needs none, and a small system may have none.

    Arguments:
        machine: who asks.
        user: whose it is; None where that is not known.
    """
    return "" if user in (None, machine.user) or machine.user == _ROOT else "sudo "


def who_listens(port: int) -> tuple[Fix, ...]:
    """Show the listeners on one port."""
    return _with_sudo(
        each(
            f"Show what listens on port {port}.",
            f"ss -ltnp 'sport = :{port}'",
            f"sudo lsof -nP -iTCP:{port} -sTCP:LISTEN",
            netstat(port),
        )
    )


def who_listens_on_file(path: str) -> tuple[Fix, ...]:
    """Show the program that listens on a socket file."""
    if not shell.is_typable(path):
        return ()
    word = shell.quoted(path)
    text = "Show which program listens on it."
    return (
        Fix(text, f"sudo ss -lxp | grep -F {word}", LINUX),
        Fix(text, f"sudo lsof -U | grep -F {word}", MACOS),
    )


def ask_about_file(path: str) -> tuple[Fix, ...]:
    """How to ask a machine about a socket that only a text names."""
    if not shell.is_typable(path):
        return ()
    word = shell.quoted(f"unix:{path}")
    return (
        Fix("Run the check on the machine that has it:", f"python3 -m checks {word}"),
        *who_listens_on_file(path),
    )


def who_uses(port: int) -> tuple[Fix, ...]:
    """Show every TCP socket on one port, connections included."""
    return _with_sudo(
        each(
            f"Show every socket that uses port {port}.",
            f"ss -tanp 'sport = :{port}'",
            f"sudo lsof -nP -iTCP:{port}",
            netstat(port),
        )
    )


def who_is_bound(port: int) -> tuple[Fix, ...]:
    """Show the sockets that are bound and do not listen."""
    return each(
        "Find the process: its socket is in no list of listeners.",
        "sudo lsof -nP | grep 'protocol: TCP'",
        f"sudo lsof -nP -iTCP:{port}",
        f"Get-NetTCPConnection -LocalPort {port} -State Bound",
    )


def all_listeners() -> tuple[Fix, ...]:
    """Show on which ports programs listen."""
    return _with_sudo(
        each(
            "Show on which ports programs listen.",
            "ss -ltnp",
            "sudo lsof -nP -iTCP -sTCP:LISTEN",
            "Get-NetTCPConnection -State Listen",
        )
    )


def filter_rules() -> tuple[Fix, ...]:
    """Show the rules of the packet filter."""
    return each(
        "Find the firewall rule that stops the packets.",
        "sudo nft list ruleset",
        "sudo pfctl -s rules",
        "Get-NetFirewallRule -Enabled True -Action Block",
    )


def resolver(name: str) -> tuple[Fix, ...]:
    """Show what the system's resolver gives for a name."""
    if not is_safe(name):
        return ()
    return each(
        "Show what the system returns for the name.",
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
        "Show the route of the packets.",
        f"ip route get {address}",
        f"route -n get {family}{address}",
        f"Find-NetRoute -RemoteIPAddress {address}",
    )


def local_network() -> tuple[Fix, ...]:
    """See whether macOS keeps one program from the local network, and allow it.

    Source: Apple, TN3179, "Understanding local network privacy": tools that run in Terminal
    or over ssh need no permission; another terminal or editor, and what it starts, does.
    """
    return (
        Fix(
            "Run the same command in Terminal, the app of macOS.",
            look_for="If it works there, macOS blocks the other program from the local network.",
        ),
        Fix(
            "Allow the program in System Settings > Privacy & Security > Local Network.",
            look_for="The terminal or editor that starts it counts. Restart the program.",
        ),
    )


def numbered(fixes: Iterable[Fix]) -> list[list[Fix]]:
    """Return fixes as steps: neighbours that do the same on another system are one step."""
    steps: list[list[Fix]] = []
    for fix in fixes:
        if steps and _is_same_step(steps[-1], fix):
            steps[-1].append(fix)
        else:
            steps.append([fix])
    return steps


def _is_same_step(step: Sequence[Fix], fix: Fix) -> bool:
    systems = [one.os for one in step]
    other_system = fix.os is not None and None not in systems and fix.os not in systems
    return other_system and _stem(step[0].text) == _stem(fix.text)


def _stem(text: str) -> str:
    """What the sentences of one step have in common: a system's own words stand at its end."""
    return text.partition(" (without sudo")[0].partition(", in PowerShell")[0].rstrip(".:")


def distinct(steps: Iterable[list[Fix]]) -> list[list[Fix]]:
    """Return steps without those that an earlier one does already, on one of its systems.

    Two causes lead to the same command by other words; a reader runs it once.

    Arguments:
        steps: each with its commands.
    """
    done: set[tuple[str, ...]] = set()
    kept = []
    for step in steps:
        acts = {_act(fix) for fix in step}
        if done.isdisjoint(acts):
            kept.append(step)
        done |= acts
    return kept


def _act(fix: Fix) -> tuple[str, ...]:
    """What a fix does: its command, of which ``systemctl status`` may name more units."""
    if not fix.command:
        return ("", _stem(fix.text))
    words = fix.command.removeprefix("sudo ").split()
    return tuple(words[:3]) if words[:2] == ["systemctl", "status"] else tuple(words)
