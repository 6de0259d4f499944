"""What to do about who holds a port: how to stop it, and how to keep others out.

The one home of such advice. The process on a port is often not what is to be
ended: a relay has a container or a session behind it, a unit starts its process
again, a socket unit listens for a service. So it is asked in this order: who
listens in place of a service, what passes connections on, which container, which
unit, and last the process. Every command is for the real owner: ``systemctl
--user`` for a user's own unit, and nothing with sudo for what a user could have
named as he liked.

Nothing here is ever run; see :mod:`checks.findings.commands` for what may be in
a command.

Sources: systemctl(1) (--user, --machine), docker ps and docker stop
(docs.docker.com/reference/cli/docker), podman-port(1), podman-stop(1), taskkill
(learn.microsoft.com/windows-server/administration/windows-commands/taskkill),
Docker, "Packet filtering and firewalls" and "Rootless mode".
"""

from __future__ import annotations

from checks.findings import witness
from checks.findings.base import Fix
from checks.findings.commands import LINUX, MACOS, WINDOWS, is_safe
from checks.model.shell import quoted
from checks.model.words import at
from checks.rules.owners import is_docker

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.model.evidence import Activation, Listener, Machine, Owner, Probe, Relay, Unit

_ROOT = "root"
_HOSTS = frozenset(
    "cron.service crond.service atd.service ssh.service sshd.service containerd.service".split()
)
"""Units in which other people's processes run: a job of cron, a shell of ssh. Only where the
process is the unit's own is the unit to be stopped."""

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
    machine = probe.machine
    owner = witness.main_owner(listener)
    if listener.activation is not None:
        fixes = _stop_activation(listener.activation, listener, machine)
        if fixes:
            return fixes
    relay = relay_of(listener, probe)
    if relay is not None:
        fixes = _stop_relay(relay, listener, machine)
        if fixes:
            return fixes
    unit = listener.managed_by
    if unit is not None:
        fixes = _stop_unit(unit, listener, machine)
        if fixes:
            return fixes
    if owner is None:
        return ()
    if owner.pid == 1 and owner.name == "systemd":
        return _which_socket(None, listener, machine)
    return stop_process(owner, machine)


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


def stop_process(owner: Owner, machine: Machine) -> tuple[Fix, ...]:
    """End one process, asking it first where the system can. None for process 1.

    SIGTERM does not reach a stopped process before it continues: signal(7).
    """
    if owner.pid == 1:
        return ()
    command = _kill(owner, machine)
    text = f"Stop {owner.name or 'the process'} (pid {owner.pid}), if you do not need it"
    by_force = (
        f"{text}: Ctrl-C in its window, else by force. Its child processes end too, and what they"
        " have not saved is lost."
    )
    asked = f"{text}."
    if owner.state == "stopped":
        command = f"{command} && {_kill(owner, machine, '-CONT ')}"
        asked = f"{text}. A stopped process has to continue to end."
    return (
        Fix(asked, command, LINUX),
        Fix(asked, command, MACOS),
        Fix(by_force, f"taskkill /PID {owner.pid} /T /F", WINDOWS),
    )


def wake(listener: Listener, machine: Machine) -> tuple[Fix, ...]:
    """Let a stopped process run on; nothing for one that is not stopped."""
    owner = witness.main_owner(listener)
    if owner is None or owner.state != "stopped":
        return ()
    name = f"{owner.name or 'the process'} (pid {owner.pid})"
    command = _kill(owner, machine, "-CONT ")
    text = f"Continue {name}. It was stopped by Ctrl-Z or SIGSTOP."
    return (Fix(text, command, LINUX), Fix(text, command, MACOS))


def _kill(owner: Owner, machine: Machine, signal: str = "") -> str:
    """The command that sends a signal, with the rights that this needs."""
    foreign = owner.user is not None and owner.user != machine.user
    return f"{_sudo(machine) if foreign else ''}kill {signal}{owner.pid}"


def keep_out(listener: Listener, probe: Probe) -> tuple[Fix, ...]:
    """Keep other machines from a listener, first where it was made, then by a firewall."""
    relay = relay_of(listener, probe)
    loopback = "127.0.0.1 or ::1" if ":" in listener.address else "127.0.0.1"
    port, kind = listener.port, listener.protocol
    if relay is not None and relay.engine is not None:
        first = Fix(f"If only this machine needs it, {_publish(relay, port)}")
        if _bypasses_input(listener, probe.machine):
            return (first, *_docker_user(relay, listener, probe.machine))
        return (first, *_firewall(port, kind, probe.machine))
    if relay is not None and relay.kind == "ssh":
        text = (
            f"If only this machine needs it, let ssh listen on {loopback}: without -g, and with"
            f" 127.0.0.1:{port}:... after -L or -D; for -R that is GatewayPorts no in sshd_config."
        )
        return (Fix(text), *_firewall(port, kind, probe.machine))
    if listener.activation is not None and listener.activation.kind == "systemd":
        name = listener.activation.unit or "the socket unit"
        text = (
            f"If only this machine needs it, set ListenStream= in {name}: once empty, then"
            f" 127.0.0.1:{port}."
        )
        return (Fix(text), *_firewall(port, kind, probe.machine))
    text = f"If only this machine needs it, make the program listen on {loopback}."
    return (Fix(text), *_firewall(port, kind, probe.machine))


def listen_on(listener: Listener, probe: Probe, address: str) -> str:
    """How to have it answer on another address too, as the end of a sentence: "let ..."."""
    relay = relay_of(listener, probe)
    if relay is None or relay.engine is None:
        return f"let the program listen on {address}"
    place = at(address, listener.port)
    return f"publish the port on {address}: -p {place}:{_inside(relay)}"


def _publish(relay: Relay, port: int) -> str:
    """How a published port is kept to this machine; the program inside must not be moved."""
    engine = relay.engine or "docker"
    return (
        f"publish it on loopback: `{engine} run -p 127.0.0.1:{port}:{_inside(relay)}`, in a Compose"
        f' file "127.0.0.1:{port}:{_inside(relay)}". The program in the container stays on 0.0.0.0.'
    )


def _inside(relay: Relay) -> str:
    """The port in the container, or a word that stands for it."""
    number = (relay.target or "").rpartition(":")[2]
    return number if number.isascii() and number.isdecimal() else "CONTAINERPORT"


def _bypasses_input(listener: Listener, machine: Machine) -> bool:
    """Whether a published port is led on by NAT before the rules of ufw are asked.

    So it is where the engine is root's. Without root it listens as any program does.
    """
    unit = listener.managed_by
    ours = listener.uid in (0, None) and (unit is None or unit.uid is None)
    return machine.system == LINUX and ours


def _docker_user(relay: Relay, listener: Listener, machine: Machine) -> tuple[Fix, ...]:
    if relay.engine != "docker" or listener.protocol != "tcp":
        return ()
    tool = "ip6tables" if ":" in listener.address else "iptables"
    return (
        Fix(
            "Or keep others out by Docker's own chain; rules of ufw are never asked for a"
            " published port. The rule is gone after a restart.",
            f"{_sudo(machine)}{tool} -I DOCKER-USER -p tcp -m conntrack --ctdir ORIGINAL"
            f" --ctorigdstport {listener.port} -j DROP",
            LINUX,
        ),
    )


def _firewall(port: int, kind: str, machine: Machine) -> tuple[Fix, ...]:
    return (
        Fix(
            "To keep others out by the firewall (where ufw is in use):",
            f"{_sudo(machine)}ufw deny {port}/{kind}",
            LINUX,
        ),
        Fix(
            "To keep others out by the firewall (as Administrator):",
            f"New-NetFirewallRule -DisplayName 'Block {port}' -Direction Inbound"
            f" -Protocol {kind.upper()} -LocalPort {port} -Action Block",
            WINDOWS,
        ),
    )


# What listens in place of a service


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
    command = _kill(owner, machine, "-HUP ")
    fix = Fix(f"{text}, then let it read that again.", command, LINUX)
    return (fix, fix._replace(os=MACOS))


# What passes connections on


def _stop_relay(relay: Relay, listener: Listener, machine: Machine) -> tuple[Fix, ...]:
    """Stop what is behind a relay; nothing for an ordinary process."""
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
    if relay.kind == "ssh" and owner is not None:
        if (owner.name or "").startswith("sshd"):
            return (Fix("End the forward where ssh was started: leave that session (-R)."),)
        if listener.managed_by is None:
            text = (
                "End this ssh forward: leave its session, or end its process. All that this ssh"
                " carries ends with it."
            )
            foreign = owner.user is not None and owner.user != machine.user
            command = f"{_sudo(machine) if foreign else ''}kill {owner.pid}"
            return (
                Fix(text, command, LINUX),
                Fix(text, command, MACOS),
                Fix(text, f"taskkill /PID {owner.pid} /F", WINDOWS),
            )
    return ()


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
    podman = f"{_sudo(machine)}podman" if uid is None else "podman"
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
    return f"Stop {container}, if you do not need it{how}. All that runs in it ends."


def _rootless(listener: Listener) -> int | None:
    """The user whose own engine publishes a port; None where it is the system's."""
    unit = listener.managed_by
    if unit is not None and unit.uid is not None:
        return unit.uid
    return listener.uid or None


# Units and containers


def _stop_unit(unit: Unit, listener: Listener, machine: Machine) -> tuple[Fix, ...]:
    """Stop a container or a service; nothing where only the process is left to be stopped."""
    if unit.kind in ("docker", "podman"):
        return _stop_container(unit, listener, machine)
    if unit.kind == "kubernetes":
        text = (
            "Kubernetes starts this container, and would start it again: delete its pod, or scale"
            " what owns it to 0, with kubectl."
        )
        return (Fix(text),)
    if unit.kind != "systemd":
        return ()
    name = _quoted(unit.name)
    if not name or not unit.name.endswith((".service", ".socket")):
        return ()
    owner = witness.main_owner(listener)
    if is_docker(unit):
        text = (
            "dockerd listens there itself, for its API: take the tcp:// address out of its hosts."
            f" To stop {unit.name} would stop every container."
        )
        return (Fix(text),)
    foreign = unit.uid is None and unit.name in _HOSTS
    if foreign and owner is not None and owner.parent != 1:
        return ()
    runs = "" if unit.name.endswith(".socket") else " and all that it runs"
    text = f"Stop {unit.name}{runs}, if you do not need it"
    return _systemctl(f"stop {name}", text, unit.uid, listener, machine)


def _stop_container(unit: Unit, listener: Listener, machine: Machine) -> tuple[Fix, ...]:
    if not is_safe(unit.name):
        return ()
    whose = "" if unit.uid is None else _as_user(listener, machine)
    text = _stop_container_text(f"the container {unit.name}{whose}")
    if unit.kind == "podman":
        sudo = _sudo(machine) if unit.uid is None else ""
        return (Fix(text, f"{sudo}podman stop {unit.name}"),)
    return (Fix(text, f"{_docker(unit.uid)} stop {unit.name}"),)


def _docker(uid: int | None) -> str:
    """The client, for the system's daemon (or the chosen context) or for a user's own."""
    return "docker" if uid is None else f"docker -H unix:///run/user/{uid}/docker.sock"


def _systemctl(
    what: str, text: str, uid: int | None, listener: Listener, machine: Machine
) -> tuple[Fix, ...]:
    """systemctl for the manager that has the unit: the system's, or a user's own."""
    if uid is None:
        return (Fix(f"{text}.", f"{_sudo(machine)}systemctl {what}", LINUX),)
    user = listener.user if listener.uid == uid else None
    if machine.user == _ROOT and user not in (None, _ROOT) and is_safe(user or ""):
        return (Fix(f"{text}.", f"systemctl --user -M {user}@ {what}", LINUX),)
    return (Fix(f"{text}{_as_user(listener, machine)}.", f"systemctl --user {what}", LINUX),)


def _as_user(listener: Listener, machine: Machine) -> str:
    """Whose command it is, where that is another user: `` (as user ann)``."""
    if listener.user is None or listener.user == machine.user:
        return ""
    return f" (as user {listener.user})"


def _sudo(machine: Machine) -> str:
    """Root needs no sudo, and a small system may have none."""
    return "" if machine.user == _ROOT else "sudo "


def _quoted(name: str) -> str:
    r"""The name of a unit as a shell takes it; "" where it has a character that none has.

    ``my\x2dapp.service`` is a name, and its backslash needs quotes.
    """
    if not name or not _UNIT_NAME.issuperset(name) or name[0] == "-":
        return ""
    return quoted(name)
