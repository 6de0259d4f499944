"""What to do about who holds a port: how to stop it.

The one home of such advice; how others are kept out is :mod:`checks.findings.reach`.
The process on a port is often not what is to be ended: a relay has a container or a
session behind it, a supervisor or a unit starts its process again, a socket unit
listens for a service. So it is asked in this order: who listens in place of a service,
what passes connections on, which container, which supervisor, which unit, and last the
process. Every command is for the real owner: ``systemctl --user`` for a user's own
unit, and nothing with sudo for what a user could have named as he liked.

Nothing here is ever run; see :mod:`checks.findings.commands` for what may be in
a command.

Sources: systemctl(1) (--user, --machine), docker ps and docker stop
(docs.docker.com/reference/cli/docker), podman-port(1), podman-stop(1), taskkill
(learn.microsoft.com/windows-server/administration/windows-commands/taskkill),
Docker, "Rootless mode".
"""

from __future__ import annotations

from checks.findings import supervisors, witness, wording
from checks.findings.base import Fix
from checks.findings.commands import LINUX, MACOS, WINDOWS, is_safe, sudo
from checks.findings.tools import missing
from checks.model.shell import quoted
from checks.rules.owners import is_docker

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from checks.model.evidence import Activation, Listener, Machine, Owner, Probe, Relay, Unit

_ROOT = "root"
_HOSTS = frozenset(
    "cron.service crond.service atd.service ssh.service sshd.service containerd.service".split()
)
"""Units in which other people's processes run: a job of cron, a shell of ssh. Only where the
process is the unit's own is the unit to be stopped."""

_MOST_PROCESSES = 8
"""Of a server with more of them only the first is named: it is one that ends its own workers."""

_FIRST = ("systemd", "init", "launchd")
_PROCESS_1 = (
    "It is process 1, so its container ends with it: stop the container, on the machine that runs"
    " it."
)

_MOST_LISTENERS = 4
"""So many listeners on one port are told to be stopped; more are workers of one server."""

_UNIT_NAME = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:@\\")


def relay_of(listener: Listener, probe: Probe) -> Relay | None:
    """The relay that holds a listener, with its container where a daemon told it."""
    relay = probe.relay
    if relay is not None and relay.pid is not None:
        if any(owner.pid == relay.pid for owner in listener.owners):
            return relay
    elif relay is not None and not listener.owners and listener.relay is not None:
        return relay
    return listener.relay


def stop(listener: Listener, probe: Probe) -> tuple[Fix, ...]:
    """Stop what serves on a port, by the means of what runs it."""
    return next((fixes for way in _WAYS if (fixes := way(listener, probe))), ())


def stop_all(listeners: Sequence[Listener], probe: Probe) -> tuple[Fix, ...]:
    """Stop all that serve on a port: programs may share it, or each have an address of it."""
    each = (stop(listener, probe) for listener in listeners[:_MOST_LISTENERS])
    return tuple(dict.fromkeys(fix for fixes in each for fix in fixes))


def of_activation(listener: Listener, probe: Probe) -> tuple[Fix, ...]:
    """What can be done about a listener that was left alone for its service's sake."""
    found = listener.activation
    if found is None:
        return ()
    insist = Fix("To connect anyway, add --activate: that starts the service.")
    name = _quoted(found.unit or "")
    if found.kind != "systemd":
        return (insist,)
    if not name:
        return (*_which_socket(found.uid, listener, probe.machine), insist)
    show = Fix("See the socket unit and what it starts.", f"systemctl status {name}", LINUX)
    if found.uid is not None:
        text = "See the socket unit and what it starts"
        return (*_systemctl(f"status {name}", text, found.uid, listener, probe.machine), insist)
    return (show, insist)


def _by_process(listener: Listener, probe: Probe) -> tuple[Fix, ...]:
    """End the processes, asking them first where the system can. None for process 1.

    All that hold the socket: what a server has forked or started may go on without it. The one
    that the others descend from is asked first.
    """
    owner = witness.main_owner(listener)
    if owner is None:
        return ()
    if owner.pid == 1:
        inside = owner.name not in _FIRST and probe.machine.system == LINUX
        return (Fix(_PROCESS_1),) if inside else ()
    if len(listener.owners) > _MOST_PROCESSES:
        held: tuple[Owner, ...] = (owner,)
    else:
        others = (one for one in listener.owners if one.pid not in (1, owner.pid))
        held = (owner, *others)
    whom = f"{owner.name or 'the process'} (pid {owner.pid})"
    if len(held) > 1:
        whom += f" and {len(held) - 1} more that hold{'s' * (len(held) == 2)} the same socket"
    text = f"Stop {whom}, if you do not need it"
    by_force = (
        f"{text}: Ctrl-C in its window, else by force. Its child processes end too, and"
        " unsaved work is lost."
    )
    state = _worst({one.state for one in held})
    asked = f"{text}.{_WHY_SO.get(state or '', '')}"
    command = _ending(held, probe.machine)
    return (
        Fix(asked, command, LINUX),
        Fix(asked, command, MACOS),
        Fix(by_force, f"taskkill /PID {owner.pid} /T /F", WINDOWS),
    )


def wake(listener: Listener, machine: Machine) -> tuple[Fix, ...]:
    """Let the stopped processes of a listener run on; nothing where none is stopped."""
    stopped = [owner for owner in listener.owners if owner.state == "stopped"]
    if not stopped:
        return ()
    command = _kill(stopped, machine, "-CONT ")
    they = "It was" if len(stopped) == 1 else "They were"
    text = f"Continue {wording.processes(stopped)}. {they} stopped by Ctrl-Z or SIGSTOP."
    return (Fix(text, command, LINUX), Fix(text, command, MACOS))


def _ending(owners: Sequence[Owner], machine: Machine) -> str:
    """The command that ends processes in the state that they are in.

    SIGTERM does not reach a stopped process before it continues, and one that a debugger holds
    only when the debugger lets it: signal(7), ptrace(2), "Signal-delivery-stop".
    """
    state = _worst({one.state for one in owners})
    if state == "traced":
        return _kill(owners, machine, "-KILL ")
    if state == "stopped":
        return f"{_kill(owners, machine)} && {_kill(owners, machine, '-CONT ')}"
    return _kill(owners, machine)


def _worst(states: Collection[str | None]) -> str | None:
    """Of the states of several processes the one that needs most to be ended."""
    return next((state for state in ("traced", "stopped") if state in states), None)


_WHY_SO = {
    "stopped": " A stopped process has to continue to end.",
    "traced": " A debugger holds it, so only force ends it. Unsaved work is lost.",
}
"""What is said of a command that is not the usual one, by the state of the process."""


def _kill(owners: Sequence[Owner], machine: Machine, signal: str = "") -> str:
    """The command that sends a signal, with the rights that this needs."""
    foreign = any(sudo(machine, owner.user) for owner in owners)
    pids = " ".join(str(owner.pid) for owner in owners)
    return f"{'sudo ' if foreign else ''}kill {signal}{pids}"


# What listens in place of a service


def _by_activation(listener: Listener, probe: Probe) -> tuple[Fix, ...]:
    """Stop what listens for a service; nothing where the service listens itself."""
    found, machine = listener.activation, probe.machine
    owner = witness.main_owner(listener)
    if found is not None:
        return _stop_activation(found, listener, machine)
    held = owner is not None and owner.pid == 1 and owner.name == "systemd"
    return _which_socket(None, listener, machine) if held else ()


def _stop_activation(found: Activation, listener: Listener, machine: Machine) -> tuple[Fix, ...]:
    if found.kind == "systemd":
        names = [found.unit or ""]
        if found.running and found.starts and "@." not in found.starts:
            names.append(found.starts)
        units = [_quoted(name) for name in names]
        if not all(units):
            return _which_socket(found.uid, listener, machine)
        also = " with its service, which the next connection would start again"
        text = f"Stop {found.unit}{also if len(names) > 1 else ''}, if you do not need it"
        return _systemctl(f"stop {' '.join(units)}", text, found.uid, listener, machine)
    if found.kind in ("inetd", "xinetd", "rlinetd"):
        return _stop_inetd(found, listener, machine)
    if found.kind == "launchd":
        text = "launchd listens for a job. Find the property list that has the port under Sockets."
        places = "/Library/LaunchDaemons /Library/LaunchAgents /System/Library/LaunchDaemons"
        return (Fix(text, f"grep -rls SockServiceName {places}", MACOS),)
    return ()


def _which_socket(uid: int | None, listener: Listener, machine: Machine) -> tuple[Fix, ...]:
    text = "systemd listens for a socket unit. Find it under UNIT. Stop it to close the port"
    if uid is None:
        return (Fix(f"{text}.", "systemctl list-sockets", LINUX),)
    return _systemctl("list-sockets", text, uid, listener, machine)


def _stop_inetd(found: Activation, listener: Listener, machine: Machine) -> tuple[Fix, ...]:
    name = found.unit if found.unit and is_safe(found.unit) else f"port {listener.port}"
    owner = witness.main_owner(listener)
    where = {
        "inetd": f"comment out the line of {name} in its configuration (/etc/inetd.conf)",
        "xinetd": f"set disable = yes for {name} in /etc/xinetd.d",
        "rlinetd": f"remove the service of {name} from /etc/rlinetd.d",
    }[found.kind]
    text = f"{found.kind} listens for this service and for others. To end this one, {where}"
    if owner is None or owner.pid == 1:
        return (Fix(f"{text}, and restart {found.kind}."),)
    command = _kill((owner,), machine, "-HUP ")
    fix = Fix(f"{text}, then reload it.", command, LINUX)
    return (fix, fix._replace(os=MACOS))


# What passes connections on


def _by_relay(listener: Listener, probe: Probe) -> tuple[Fix, ...]:
    """Stop what is behind a relay; nothing for an ordinary process."""
    relay, machine = relay_of(listener, probe), probe.machine
    if relay is None:
        return ()
    if relay.engine == "docker":
        return _stop_published(relay, listener, machine)
    if relay.engine == "podman":
        return _stop_podman(relay, listener, machine)
    if relay.kind == "wsl":
        text = (
            "WSL passes this port on. Stop the server in Linux, not wslrelay: find it with"
            f" `ss -ltnp 'sport = :{listener.port}'` in the distribution."
        )
        return (Fix(text, "wsl --list --running", WINDOWS),)
    if relay.kind == "editor":
        return (Fix("Stop forwarding the port in the editor's own list (Ports), or close it."),)
    owner = witness.main_owner(listener)
    if relay.kind == "ssh" and owner is not None and (owner.name or "").startswith("sshd"):
        return (Fix("End the forward where ssh was started: leave that session (-R)."),)
    return ()


def _by_forward(listener: Listener, probe: Probe) -> tuple[Fix, ...]:
    """End an ssh that forwards the port; nothing for any other process."""
    relay, owner = relay_of(listener, probe), witness.main_owner(listener)
    if relay is None or relay.kind != "ssh" or owner is None:
        return ()
    text = (
        "End this ssh forward: leave its session, or end its process. All its tunnels end with it."
    )
    command = _ending((owner,), probe.machine)
    return (
        Fix(text, command, LINUX),
        Fix(text, command, MACOS),
        Fix(text, f"taskkill /PID {owner.pid} /F", WINDOWS),
    )


def _stop_published(relay: Relay, listener: Listener, machine: Machine) -> tuple[Fix, ...]:
    """``docker ps`` for the port, then ``docker stop``; never the proxy, never the daemon."""
    owner = witness.main_owner(listener)
    own = owner is not None and (owner.name or "").startswith("rootlesskit")
    uid = _rootless(listener) if own else None  # Docker Desktop is a user's too, by its context
    docker = _docker(uid)
    whose = "" if uid is None else _as_user(listener, machine)
    port = listener.port
    show = Fix(
        f"Find the container that publishes port {port}{whose}: its name is under NAMES.",
        f"{docker} ps --filter publish={port}",
    )
    name = relay.container
    if name is not None and is_safe(name):
        text = _stop_container_text(f"the container {name}{whose}")
        return (show, Fix(text, f"{docker} stop {name}"))
    text = _stop_container_text("it", ": `docker stop NAME`")
    if not listener.owners and uid is None:
        text += " If no container is shown, dockerd listens itself, for its API."
    return (show, Fix(text))


def _stop_podman(relay: Relay, listener: Listener, machine: Machine) -> tuple[Fix, ...]:
    """``podman port`` for the port, then ``podman stop``, as the user whose container it is."""
    uid = _rootless(listener)
    podman = f"{sudo(machine)}podman" if uid is None else "podman"
    whose = "" if uid is None else _as_user(listener, machine)
    name = relay.container
    if name is not None and is_safe(name):
        text = _stop_container_text(f"the container {name}{whose}")
        return (Fix(text, f"{podman} stop {name}"),)
    return (
        Fix(
            f"Find the container that publishes port {listener.port}{whose}: its identifier is in"
            f" the line that ends in :{listener.port}.",
            f"{podman} port --all",
        ),
        Fix(_stop_container_text("it", ": `podman stop CONTAINER`")),
    )


def _stop_container_text(container: str, how: str = "") -> str:
    """The advice to stop a container, with what else that stops."""
    return f"Stop {container}, if you do not need it{how}. Everything in it ends."


def _rootless(listener: Listener) -> int | None:
    """The user whose own engine publishes a port; None where it is the system's."""
    unit = listener.managed_by
    if unit is not None and unit.uid is not None:
        return unit.uid
    return listener.uid or None


# Units and containers


def _by_container(listener: Listener, probe: Probe) -> tuple[Fix, ...]:
    """Stop the container that a process is in; nothing for one that is in none."""
    unit = listener.managed_by
    if unit is not None and unit.kind in ("docker", "podman"):
        return _stop_container(unit, listener, probe.machine)
    if unit is not None and unit.kind == "kubernetes":
        text = (
            "Kubernetes starts this container, and would start it again: delete its pod, or scale"
            " what owns it to 0, with kubectl."
        )
        return (Fix(text),)
    return ()


def _by_supervisor(listener: Listener, probe: Probe) -> tuple[Fix, ...]:
    """Stop a process by its supervisor, which would start it again.

    Before the unit: that of the supervisor has all of its programs.
    """
    owner, unit = witness.main_owner(listener), listener.managed_by
    if owner is None:
        return ()
    held, machine = listener.owners, probe.machine
    left = supervisors.left(held, owner)[:_MOST_PROCESSES]
    fixes = supervisors.stop(held, owner, machine, _ending(left, machine) if left else None)
    if unit is None or unit.kind == "systemd":
        return fixes
    inside = (f"{fix.text} Run that in its container: `{fix.command}`." for fix in fixes[:1])
    return tuple(map(Fix, inside))


def _by_unit(listener: Listener, probe: Probe) -> tuple[Fix, ...]:
    """Stop a service; nothing where only the process is left to be stopped."""
    unit = listener.managed_by
    if unit is None or unit.kind != "systemd" or "systemctl" in missing(probe.machine):
        return ()
    name = _quoted(unit.name)
    if not name or not unit.name.endswith((".service", ".socket")):
        return ()
    owner = witness.main_owner(listener)
    if is_docker(unit):
        text = (
            "dockerd listens there itself, for its API: remove the tcp:// address from its hosts."
            f" Stopping {unit.name} would stop every container."
        )
        return (Fix(text),)
    foreign = unit.uid is None and unit.name in _HOSTS
    if foreign and owner is not None and owner.parent != 1:
        return ()
    runs = "" if unit.name.endswith(".socket") else " and all that it runs"
    text = f"Stop {unit.name}{runs}, if you do not need it"
    return _systemctl(f"stop {name}", text, unit.uid, listener, probe.machine)


def _stop_container(unit: Unit, listener: Listener, machine: Machine) -> tuple[Fix, ...]:
    if not is_safe(unit.name):
        return ()
    whose = "" if unit.uid is None else _as_user(listener, machine)
    text = _stop_container_text(f"the container {unit.name}{whose}")
    if unit.kind == "podman":
        rights = sudo(machine) if unit.uid is None else ""
        return (Fix(text, f"{rights}podman stop {unit.name}"),)
    return (Fix(text, f"{_docker(unit.uid)} stop {unit.name}"),)


def _docker(uid: int | None) -> str:
    """The client, for the system's daemon (or the chosen context) or for a user's own."""
    return "docker" if uid is None else f"docker -H unix:///run/user/{uid}/docker.sock"


def _systemctl(
    what: str, text: str, uid: int | None, listener: Listener, machine: Machine
) -> tuple[Fix, ...]:
    """systemctl for the manager that has the unit: the system's, or a user's own."""
    if uid is None:
        return (Fix(f"{text}.", f"{sudo(machine)}systemctl {what}", LINUX),)
    user = listener.user if listener.uid == uid else None
    if machine.user == _ROOT and user not in (None, _ROOT) and is_safe(user or ""):
        return (Fix(f"{text}.", f"systemctl --user -M {user}@ {what}", LINUX),)
    return (Fix(f"{text}{_as_user(listener, machine)}.", f"systemctl --user {what}", LINUX),)


def _as_user(listener: Listener, machine: Machine) -> str:
    """Whose command it is, where that is another user: `` (as user ann)``."""
    if listener.user is None or listener.user == machine.user:
        return ""
    return f" (as user {listener.user})"


def _quoted(name: str) -> str:
    r"""The name of a unit as a shell takes it; "" where it has a character that none has.

    ``my\x2dapp.service`` is a name, and its backslash needs quotes.
    """
    if not name or not _UNIT_NAME.issuperset(name) or name[0] == "-":
        return ""
    return quoted(name)


_WAYS = (
    _by_activation,
    _by_relay,
    _by_container,
    _by_supervisor,
    _by_unit,
    _by_forward,
    _by_process,
)
"""The ways to stop what serves on a port, in the order in which they are asked for."""
