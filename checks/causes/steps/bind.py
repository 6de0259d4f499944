"""The first steps where a port could not be opened.

Sources of the commands that the tests cannot run here: lsof(8); Microsoft Learn on
Get-NetTCPConnection, "netsh int ipv4 show excludedportrange", "netsh http", "netsh interface
portproxy" and "net stop"; docker-ps(1) and docker-container-stop(1); adb's own help;
systemd.socket(5), systemctl(1); setcap(8), ip-sysctl of the kernel's documentation.
"""

from __future__ import annotations

import re

from checks.causes.steps import per_system
from checks.findings.base import Fix
from checks.findings.commands import LINUX, MACOS, WINDOWS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.causes.situation import Situation

_MOVE = Fix("Or give one of the two programs another port.")
_STOP = Fix(
    "Stop an earlier run of your program: press Ctrl+C in its terminal, or end its pid.",
    look_for="Its unsaved work is lost. Do not stop a program that you do not know.",
)
_OTHERS = "often an earlier run of yours."
_LOOK_FOR = (
    "Your own program: an earlier run or another copy. docker-proxy or com.docker: a container."
)


def owner(situation: Situation, look_for: str = _LOOK_FOR) -> tuple[Fix, ...]:
    """Show which program uses the port; all listeners where the text names no port."""
    port = situation.asked_port
    if not port:
        return per_system(
            "Show all listeners, and find the port of your program.",
            "ss -ltnp",
            "sudo lsof -nP -iTCP -sTCP:LISTEN",
            "Get-NetTCPConnection -State Listen | Sort-Object LocalPort",
            look_for,
        )
    text = f"Show which program uses port {port}."
    if _is_udp(situation):
        return per_system(
            text,
            f"ss -lunp 'sport = :{port}'",
            f"sudo lsof -nP -iUDP:{port}",
            f"Get-NetUDPEndpoint -LocalPort {port} -ErrorAction SilentlyContinue"
            " | ForEach-Object { Get-Process -Id $_.OwningProcess }",
            look_for,
        )
    return per_system(
        text,
        f"ss -ltnp 'sport = :{port}'",
        f"sudo lsof -nP -iTCP:{port} -sTCP:LISTEN",
        f"Get-NetTCPConnection -LocalPort {port} -State Listen -ErrorAction SilentlyContinue"
        " | ForEach-Object { Get-Process -Id $_.OwningProcess }",
        look_for,
    )


def _is_udp(situation: Situation) -> bool:
    return "udp" in situation.low and "tcp" not in situation.low


def earlier_run(situation: Situation) -> tuple[Fix, ...]:
    """Find the run that still has the port, and stop it."""
    return (*owner(situation), _STOP, _MOVE)


def second_instance(situation: Situation) -> tuple[Fix, ...]:
    """Find the other copy; a service is stopped as one."""
    look = (
        "The same program: it is already running, often as a service that starts with the machine."
    )
    return (
        *owner(situation, look),
        *per_system(
            "Check whether it runs as a service.",
            "systemctl list-units --type=service --state=running",
            "brew services list",
            "Get-Service | Where-Object Status -eq Running",
            "If it does, use that one or stop the service. Its other clients lose it too.",
        ),
        _MOVE,
    )


def other_service(situation: Situation) -> tuple[Fix, ...]:
    """Find the other program; one of both moves."""
    return (*owner(situation), Fix("Give your program another port, or stop the other program."))


def airplay(situation: Situation) -> tuple[Fix, ...]:
    """Name the AirPlay Receiver, and what to do about it. Source: Apple, "Use AirPlay"."""
    port = situation.asked_port if situation.asked_port in (5000, 7000) else 5000
    look = "ControlCe (Control Center) is the AirPlay Receiver."
    seen = Fix(
        f"Show which program uses port {port}.",
        f"sudo lsof -nP -iTCP:{port} -sTCP:LISTEN",
        MACOS,
        look,
    )
    unknown = situation.system is None and situation.error.name == "EADDRINUSE"
    return (
        *(owner(situation, f"{look} Another program: {_OTHERS}") if unknown else (seen,)),
        Fix("Give your program another port, such as 5001."),
        Fix(
            "Or turn off AirPlay Receiver: System Settings > General > AirDrop & Handoff.",
            os=MACOS,
        ),
    )


def container(situation: Situation) -> tuple[Fix, ...]:
    """Find the container that publishes the port. Source: docker-ps(1), filter publish."""
    port = situation.asked_port
    kind = "/udp" if _is_udp(situation) else ""
    return (
        Fix(
            "Show which container publishes the port.",
            f"docker ps --filter publish={port}{kind}" if port else "docker ps",
            look_for="NAMES is the container to stop. No row: restart the Docker engine.",
        ),
        Fix("Stop that container.", "docker stop NAME", look_for="NAME is from NAMES above."),
        Fix("Or publish on another port of the computer: -p 8081:80 instead of -p 8080:80."),
    )


def once(situation: Situation) -> tuple[Fix, ...]:
    """Start the server in one place only."""
    return (
        Fix(
            "Start the server only once. In Python, put the call under"
            ' if __name__ == "__main__". In tests, import the application without starting it.',
        ),
        *owner(situation, "The pid of the run that you just started: it already uses the port."),
        Fix("If you need two servers, give each another port."),
    )


def wait(situation: Situation) -> tuple[Fix, ...]:
    """See whether old connections keep the port. Source: tcp(7), socket(7)."""
    port = situation.asked_port
    row = f"'sport = :{port}'" if port else ""
    return (
        *per_system(
            "Show old connections in TIME_WAIT.",
            f"ss -tan state time-wait {row}".rstrip(),
            "netstat -an -p tcp | grep TIME_WAIT" + (f" | grep '[.]{port} '" if port else ""),
            look_for="Rows, but no listener: wait a minute and try again.",
        ),
        Fix("Set SO_REUSEADDR before bind, so that the server does not have to wait."),
        *owner(situation),
    )


def excluded_range(situation: Situation) -> tuple[Fix, ...]:
    """Show the ranges that Windows keeps. Source: netsh interface ipv4, Microsoft Learn."""
    port = situation.asked_port
    ranges = Fix(
        "Show the port ranges that Windows reserves.",
        "netsh int ipv4 show excludedportrange protocol=tcp",
        WINDOWS,
        f"{port or 'Your port'} between the start and end of a row: no program can open it.",
    )
    if port is None:
        look = "A program here, and no range with your port: that program uses it exclusively."
        owners = (fix for fix in owner(situation, look) if fix.os == WINDOWS)
        return (ranges, *owners, Fix("Or give your program another port."))
    return (
        ranges,
        Fix(
            "As administrator, make Windows choose new ranges:"
            " run net stop winnat, then net start winnat.",
            "net stop winnat",
            WINDOWS,
            "Containers and WSL have no network until winnat runs again.",
        ),
        Fix("Or give your program another port."),
    )


def privilege(situation: Situation) -> tuple[Fix, ...]:
    """Allow a port below 1024, or use another. Source: ip-sysctl, capabilities(7)."""
    port = situation.asked_port
    untold = situation.error.name not in ("EACCES", "EPERM")
    return (
        Fix("Use a port from 1024 on, such as 8080 instead of 80, or 8443 instead of 443."),
        *(owner(situation) if untold else ()),
        Fix(
            "Or lower the limit of this machine until it restarts.",
            f"sudo sysctl net.ipv4.ip_unprivileged_port_start={port or 80}",
            LINUX,
            "Every user can then listen on ports from there on.",
        ),
        Fix(
            "Or give the privilege to one program.",
            "sudo setcap cap_net_bind_service=+ep PROGRAM",
            LINUX,
            "PROGRAM is the path of the program file, such as /usr/bin/caddy.",
        ),
    )


def windows_service(situation: Situation) -> tuple[Fix, ...]:
    """Show what HTTP.sys serves. Source: netsh http, Microsoft Learn."""
    port = situation.asked_port or 80
    return (
        Fix(
            f"Show which process uses port {port}.",
            f'netstat -ano | findstr /R /C:":{port} "',
            WINDOWS,
            "4 in the last column is System: HTTP.sys, for IIS and other Windows services.",
        ),
        Fix(
            "Show which services use HTTP.sys.",
            "netsh http show servicestate",
            WINDOWS,
            "Your port is under Registered URLs.",
        ),
        Fix("Stop that service (for IIS: net stop W3SVC), or give your program another port."),
    )


def url_reservation(situation: Situation) -> tuple[Fix, ...]:
    """Reserve the URL for a user. Source: netsh http add urlacl, Microsoft Learn."""
    url = f"http://+:{situation.asked_port or 8080}/"
    return (
        Fix(
            "As administrator, in Command Prompt, allow your user to serve this URL.",
            f"netsh http add urlacl url={url} user=%USERDOMAIN%\\%USERNAME%",
            WINDOWS,
            "The URL must be the same as in your program, character by character.",
        ),
        Fix("Or serve http://localhost with the port instead of + or *: it needs no permission."),
    )


def own_address(_: Situation) -> tuple[Fix, ...]:
    """Listen on an address that the machine has."""
    return (
        Fix(
            "Make the program listen on 127.0.0.1 (only this machine) or 0.0.0.0 (all addresses).",
            look_for="Behind a router or in a cloud, the public address is not the machine's own.",
        ),
        *per_system(
            "Show the addresses of this machine.",
            "ip -br address",
            "ifconfig",
            "ipconfig",
            "The program can listen only on these.",
        ),
    )


def ipv4_only(situation: Situation) -> tuple[Fix, ...]:
    """Listen on IPv4 where there is no IPv6. Source: ip-sysctl, disable_ipv6."""
    nginx, port = "nginx" in situation.low, situation.asked_port or 80
    return (
        Fix(
            "Make the program listen on 127.0.0.1 instead of ::1 or localhost."
            " In a container, use 0.0.0.0.",
            look_for=f"In nginx, remove the line listen [::]:{port}." if nginx else None,
        ),
        *per_system(
            "Check whether IPv6 is disabled.",
            "cat /proc/sys/net/ipv6/conf/all/disable_ipv6",
            "ifconfig lo0",
            "Get-NetIPAddress -AddressFamily IPv6",
            "1 on Linux: disabled. No ::1 in the list: this machine has no IPv6 loopback.",
        ),
    )


def portproxy(situation: Situation) -> tuple[Fix, ...]:
    """Show the rules of Windows' port proxy. Source: netsh interface portproxy."""
    port = situation.asked_port or "PORT"
    return (
        Fix(
            "Show the port proxy rules.",
            "netsh interface portproxy show all",
            WINDOWS,
            "A row with your port: Windows listens on it for this rule.",
        ),
        Fix(
            "As administrator, delete the rule if you no longer need it.",
            f"netsh interface portproxy delete v4tov4 listenport={port} listenaddress=0.0.0.0",
            WINDOWS,
            "listenaddress must be the address in the row.",
        ),
    )


def adb_reverse(situation: Situation) -> tuple[Fix, ...]:
    """Remove the device's old rules. Source: adb help, "reverse"."""
    told = re.search(r"\breverse tcp:(\d{1,5})\b", situation.low, re.ASCII)
    port = situation.asked_port or (told[1] if told else 8081)
    return (
        Fix(
            "Show the rules of the device.",
            "adb reverse --list",
            look_for="A row with the port is an old rule on the device.",
        ),
        Fix("Remove all of them.", "adb reverse --remove-all"),
        Fix("Set the rule again.", f"adb reverse tcp:{port} tcp:{port}"),
    )


def adb_forward(situation: Situation) -> tuple[Fix, ...]:
    """Show the forwards of adb, which listen on the computer. Source: adb help, "forward"."""
    return (
        Fix("Show the forwards of adb.", "adb forward --list"),
        Fix("Remove all of them.", "adb forward --remove-all"),
        *owner(situation),
    )


def stale_pid_file(_: Situation) -> tuple[Fix, ...]:
    """Remove the file of an ended run. Source: Rails, Rack::Server#check_pid!."""
    return (
        *per_system(
            "Check whether the process in the file is still running.",
            "ps -p $(cat tmp/pids/server.pid)",
            "ps -p $(cat tmp/pids/server.pid)",
            "Get-Process -Id (Get-Content tmp\\pids\\server.pid)",
            "A row: the server is running, so use it or stop it. No row: remove the file.",
        ),
        *per_system(
            "Remove the PID file.",
            "rm tmp/pids/server.pid",
            "rm tmp/pids/server.pid",
            "del tmp\\pids\\server.pid",
            "In a container, do this before each run, because the file outlives the process.",
        ),
    )


def far_end(situation: Situation) -> tuple[Fix, ...]:
    """See what has the port on the SSH server. Source: ssh(1) -R, sshd_config(5)."""
    told = re.search(r"\blisten port (\d{1,5})\b", situation.low, re.ASCII)
    port = told[1] if told else situation.asked_port
    return (
        Fix(
            "On the SSH server, show what uses the port.",
            f"sudo ss -ltnp 'sport = :{port}'" if port else "sudo ss -ltnp",
            LINUX,
            "sshd: an earlier session of yours is still open. Another program: use another port.",
        ),
        Fix(
            "If there is no row, check whether the server allows the forward.",
            "sudo sshd -T | grep -i -e allowtcpforwarding -e permitlisten",
            LINUX,
        ),
    )


def inspector(situation: Situation) -> tuple[Fix, ...]:
    """Give each Node process another debug port. Source: Node.js, "Debugging Guide"."""
    return (
        Fix(
            "Give --inspect to one process only. NODE_OPTIONS passes it on to all child processes."
        ),
        Fix("Or make each process use a free port: --inspect=0."),
        *owner(situation),
    )


def descriptors(_: Situation) -> tuple[Fix, ...]:
    """Count and raise. Source: getrlimit(2), systemd.exec(5) LimitNOFILE, launchctl(1)."""
    return (
        *per_system(
            "Show the limit and the number of open files. Put the process id for PID.",
            "grep 'open files' /proc/PID/limits; ls /proc/PID/fd | wc -l",
            "launchctl limit maxfiles; lsof -p PID | wc -l",
            look_for="The second number is near the first: the program has reached its limit.",
        ),
        Fix(
            "If the number only grows, make the program close its connections.",
        ),
        *per_system(
            "Raise the limit in the shell before you start the program.",
            "ulimit -n 65536",
            "ulimit -n 65536",
            look_for="For a systemd service, set LimitNOFILE=65536 in its unit.",
        ),
    )


def docker_group(_: Situation) -> tuple[Fix, ...]:
    """Join the group. Source: Docker docs, "Linux post-installation steps"."""
    return (
        Fix(
            "Add your user to the docker group, then log out and in again.",
            'sudo usermod -aG docker "$USER"',
            LINUX,
            "Members of this group can become root on this machine.",
        ),
        Fix("Or run this one command with sudo.", "sudo docker ps", LINUX),
    )


def selinux_port(situation: Situation) -> tuple[Fix, ...]:
    """Give the port to the server's type. Source: semanage-port(8)."""
    port = situation.asked_port or "PORT"
    return (
        Fix(
            "Show what SELinux denied.",
            "sudo ausearch -m avc -ts recent",
            LINUX,
            "name_bind in a row: SELinux denied this server the port.",
        ),
        Fix(
            "Allow web servers to use the port.",
            f"sudo semanage port -a -t http_port_t -p tcp {port}",
            LINUX,
            "For sshd the type is ssh_port_t. If it says already defined, use -m instead of -a.",
        ),
    )


def sandbox(_: Situation) -> tuple[Fix, ...]:
    """Allow the program its sockets."""
    return (
        Fix(
            "Run the program outside the sandbox, or allow it network access there.",
            look_for="If the same command works in a plain terminal, the sandbox was the cause.",
        ),
    )


def runtime_permission(_: Situation) -> tuple[Fix, ...]:
    """Give the runtime's own permission. Source: Deno, "Security and permissions"."""
    return (
        Fix(
            "Start the program with --allow-net.",
            look_for="You can limit it to a host and port: --allow-net=127.0.0.1:8000.",
        ),
    )
