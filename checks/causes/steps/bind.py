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

_MOVE = Fix("Otherwise give one of the two another port.")
_STOP = Fix(
    "Stop an earlier run of your program, with Ctrl+C in its terminal or by its pid.",
    look_for="Its open work is lost. A program that you do not know is better left alone.",
)
_OTHERS = "often an earlier run of yours."
_LOOK_FOR = (
    "Your own program: an earlier run or a second copy. docker-proxy or com.docker: a container."
)


def owner(situation: Situation, look_for: str = _LOOK_FOR) -> tuple[Fix, ...]:
    """Show which program has the port; all listeners where the text names no port."""
    port = situation.asked_port
    if not port:
        return per_system(
            "List the listeners and find the port of your program.",
            "ss -ltnp",
            "sudo lsof -nP -iTCP -sTCP:LISTEN",
            "Get-NetTCPConnection -State Listen | Sort-Object LocalPort",
            look_for,
        )
    text = f"See which program has port {port}."
    if _is_udp(situation):
        return per_system(
            text,
            f"ss -lunp 'sport = :{port}'",
            f"sudo lsof -nP -iUDP:{port}",
            f"Get-Process -Id (Get-NetUDPEndpoint -LocalPort {port}).OwningProcess",
            look_for,
        )
    return per_system(
        text,
        f"ss -ltnp 'sport = :{port}'",
        f"sudo lsof -nP -iTCP:{port} -sTCP:LISTEN",
        f"Get-Process -Id (Get-NetTCPConnection -LocalPort {port} -State Listen).OwningProcess",
        look_for,
    )


def _is_udp(situation: Situation) -> bool:
    return "udp" in situation.low and "tcp" not in situation.low


def earlier_run(situation: Situation) -> tuple[Fix, ...]:
    """Find the run that still has the port, and stop it."""
    return (*owner(situation), _STOP, _MOVE)


def second_instance(situation: Situation) -> tuple[Fix, ...]:
    """Find the other copy; a service is stopped as one."""
    look = "The same program: it runs already, often as a service that starts with the machine."
    return (
        *owner(situation, look),
        *per_system(
            "See whether it runs as a service.",
            "systemctl list-units --type=service --state=running",
            "brew services list",
            "Get-Service | Where-Object Status -eq Running",
            "If it does, use that one, or stop the service. Then its other clients lose it too.",
        ),
        _MOVE,
    )


def other_service(situation: Situation) -> tuple[Fix, ...]:
    """Find the other program; one of both moves."""
    return (*owner(situation), Fix("Give your program another port, or stop the other one."))


def airplay(situation: Situation) -> tuple[Fix, ...]:
    """Name the AirPlay Receiver, and what to do about it. Source: Apple, "Use AirPlay"."""
    port = situation.asked_port if situation.asked_port in (5000, 7000) else 5000
    look = "ControlCe (Control Center) is the AirPlay Receiver."
    seen = Fix(
        f"See which program has port {port}.",
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
            "See which container publishes the port.",
            f"docker ps --filter publish={port}{kind}" if port else "docker ps",
            look_for="NAMES has the container. No row: a leftover, so restart the Docker engine.",
        ),
        Fix("Stop that container.", "docker stop NAME", look_for="NAME is from the list above."),
        Fix("Or publish another port of the computer: -p 8081:80 instead of -p 8080:80."),
    )


def once(situation: Situation) -> tuple[Fix, ...]:
    """Start the server in one place only."""
    return (
        Fix(
            "Start the server once: in Python, put the call under"
            ' if __name__ == "__main__"; in tests, import the application without starting it.',
        ),
        *owner(situation, "The pid of the run that you just started: it has the port already."),
        Fix("If there are two servers on purpose, give each another port."),
    )


def wait(situation: Situation) -> tuple[Fix, ...]:
    """See whether old connections keep the port. Source: tcp(7), socket(7)."""
    port = situation.asked_port
    row = f"'sport = :{port}'" if port else ""
    return (
        *per_system(
            "Look for old connections in TIME_WAIT.",
            f"ss -tan state time-wait {row}".rstrip(),
            "netstat -an -p tcp | grep TIME_WAIT" + (f" | grep '[.]{port} '" if port else ""),
            look_for="Rows, and no listener: wait a minute and try again.",
        ),
        Fix("Set SO_REUSEADDR before bind; then the server need not wait."),
        *owner(situation),
    )


def excluded_range(situation: Situation) -> tuple[Fix, ...]:
    """Show the ranges that Windows keeps. Source: netsh interface ipv4, Microsoft Learn."""
    port = situation.asked_port
    ranges = Fix(
        "Show the ranges that Windows keeps.",
        "netsh int ipv4 show excludedportrange protocol=tcp",
        WINDOWS,
        f"A row whose start and end have {port or 'your port'} between them: no program can"
        " open it.",
    )
    if port is None:
        look = "No range has your port, but a program listens on it: it has the port alone."
        owners = (fix for fix in owner(situation, look) if fix.os == WINDOWS)
        return (ranges, *owners, Fix("Or give your program another port."))
    return (
        ranges,
        Fix(
            "As administrator, let Windows choose its ranges anew:"
            " net stop winnat, then net start winnat.",
            "net stop winnat",
            WINDOWS,
            "Containers and WSL lose their network until it runs again.",
        ),
        Fix("Or give your program another port."),
    )


def privilege(situation: Situation) -> tuple[Fix, ...]:
    """Allow a port below 1024, or use another. Source: ip-sysctl, capabilities(7)."""
    port = situation.asked_port
    untold = situation.error.name not in ("EACCES", "EPERM")
    return (
        Fix("Use a port from 1024 on: 8080 for 80, 8443 for 443."),
        *(owner(situation) if untold else ()),
        Fix(
            "Or lower the limit of this machine, until it restarts.",
            f"sudo sysctl net.ipv4.ip_unprivileged_port_start={port or 80}",
            LINUX,
            "Then every user may open the ports from there on.",
        ),
        Fix(
            "Or allow one program.",
            "sudo setcap cap_net_bind_service=+ep PROGRAM",
            LINUX,
            "PROGRAM is the path of the file that runs, such as /usr/bin/caddy.",
        ),
    )


def windows_service(situation: Situation) -> tuple[Fix, ...]:
    """Show what HTTP.sys serves. Source: netsh http, Microsoft Learn."""
    port = situation.asked_port or 80
    return (
        Fix(
            f"See which process has port {port}.",
            f'netstat -ano | findstr /R /C:":{port} "',
            WINDOWS,
            "4 in the last column is System: HTTP.sys, for IIS and other services of Windows.",
        ),
        Fix(
            "See which services use HTTP.sys.",
            "netsh http show servicestate",
            WINDOWS,
            "Look for your port under Registered URLs.",
        ),
        Fix("Stop that service (IIS is W3SVC: net stop W3SVC), or give your program another port."),
    )


def url_reservation(situation: Situation) -> tuple[Fix, ...]:
    """Reserve the URL for a user. Source: netsh http add urlacl, Microsoft Learn."""
    url = f"http://+:{situation.asked_port or 8080}/"
    return (
        Fix(
            "As administrator, in Command Prompt, allow your user to serve this URL.",
            f"netsh http add urlacl url={url} user=%USERDOMAIN%\\%USERNAME%",
            WINDOWS,
            "The URL must be the one of your program, character by character.",
        ),
        Fix("Or serve http://localhost with the port, which needs no right, instead of + or *."),
    )


def own_address(_: Situation) -> tuple[Fix, ...]:
    """Listen on an address that the machine has."""
    return (
        Fix(
            "Let the program listen on 0.0.0.0, or on 127.0.0.1 for this machine only.",
            look_for="Behind a router or in a cloud, the public address is not the machine's own.",
        ),
        *per_system(
            "See which addresses this machine has.",
            "ip -br address",
            "ifconfig",
            "ipconfig",
            "Only these can be listened on.",
        ),
    )


def ipv4_only(situation: Situation) -> tuple[Fix, ...]:
    """Listen on IPv4 where there is no IPv6. Source: ip-sysctl, disable_ipv6."""
    nginx, port = "nginx" in situation.low, situation.asked_port or 80
    return (
        Fix(
            "Let the program listen on 127.0.0.1 instead of ::1 or localhost;"
            " in a container on 0.0.0.0.",
            look_for=f"In nginx, remove the line listen [::]:{port}." if nginx else None,
        ),
        *per_system(
            "See whether IPv6 is switched off.",
            "cat /proc/sys/net/ipv6/conf/all/disable_ipv6",
            "ifconfig lo0",
            "Get-NetIPAddress -AddressFamily IPv6",
            "1 on Linux: off. No ::1 in the list: this machine has no IPv6 loopback.",
        ),
    )


def portproxy(situation: Situation) -> tuple[Fix, ...]:
    """Show the rules of Windows' port proxy. Source: netsh interface portproxy."""
    port = situation.asked_port or "PORT"
    return (
        Fix(
            "Show the port proxy's rules.",
            "netsh interface portproxy show all",
            WINDOWS,
            "A row with your port: the IP Helper service listens on it.",
        ),
        Fix(
            "As administrator, remove the rule that you no longer need.",
            f"netsh interface portproxy delete v4tov4 listenport={port} listenaddress=0.0.0.0",
            WINDOWS,
            "listenaddress must be the one of the row.",
        ),
    )


def adb_reverse(situation: Situation) -> tuple[Fix, ...]:
    """Remove the device's old rules. Source: adb help, "reverse"."""
    told = re.search(r"\breverse tcp:(\d{1,5})\b", situation.low, re.ASCII)
    port = situation.asked_port or (told[1] if told else 8081)
    return (
        Fix(
            "List the rules of the device.",
            "adb reverse --list",
            look_for="A row with the port is an old rule on the device.",
        ),
        Fix("Remove them all.", "adb reverse --remove-all"),
        Fix("Set the rule again.", f"adb reverse tcp:{port} tcp:{port}"),
    )


def adb_forward(situation: Situation) -> tuple[Fix, ...]:
    """Show the forwards of adb, which listen on the computer. Source: adb help, "forward"."""
    return (
        Fix("List the forwards of adb.", "adb forward --list"),
        Fix("Remove them all.", "adb forward --remove-all"),
        *owner(situation),
    )


def stale_pid_file(_: Situation) -> tuple[Fix, ...]:
    """Remove the file of an ended run. Source: Rails, Rack::Server#check_pid!."""
    return (
        *per_system(
            "See whether the process of the file still runs.",
            "ps -p $(cat tmp/pids/server.pid)",
            "ps -p $(cat tmp/pids/server.pid)",
            "Get-Process -Id (Get-Content tmp\\pids\\server.pid)",
            "A row: the server runs, use it or end it. No row: remove the file.",
        ),
        *per_system(
            "Remove the file of the ended run.",
            "rm tmp/pids/server.pid",
            "rm tmp/pids/server.pid",
            "del tmp\\pids\\server.pid",
            "In a container, do it before each run, as the file outlives the process.",
        ),
    )


def far_end(situation: Situation) -> tuple[Fix, ...]:
    """See what has the port on the SSH server. Source: ssh(1) -R, sshd_config(5)."""
    told = re.search(r"\blisten port (\d{1,5})\b", situation.low, re.ASCII)
    port = told[1] if told else situation.asked_port
    return (
        Fix(
            "On the SSH server, see what has the port.",
            f"sudo ss -ltnp 'sport = :{port}'" if port else "sudo ss -ltnp",
            LINUX,
            "sshd: an earlier session of yours is still open. Another program: use another port.",
        ),
        Fix(
            "No row: see whether the server allows it.",
            "sudo sshd -T | grep -i -e allowtcpforwarding -e permitlisten",
            LINUX,
        ),
    )


def inspector(situation: Situation) -> tuple[Fix, ...]:
    """Give each Node process another debug port. Source: Node.js, "Debugging Guide"."""
    return (
        Fix(
            "Give --inspect to one process only: NODE_OPTIONS passes it on to npm and its children."
        ),
        Fix("Or let each take a free port: --inspect=0."),
        *owner(situation),
    )


def descriptors(_: Situation) -> tuple[Fix, ...]:
    """Count and raise. Source: getrlimit(2), systemd.exec(5) LimitNOFILE, launchctl(1)."""
    return (
        *per_system(
            "See how many it may have open. Put the process id for PID.",
            "grep 'open files' /proc/PID/limits; ls /proc/PID/fd | wc -l",
            "launchctl limit maxfiles; lsof -p PID | wc -l",
            look_for="The second number is near the first: it is at its limit.",
        ),
        Fix(
            "Where the number only grows, let the program close its connections first.",
        ),
        *per_system(
            "Raise the limit in the shell, before the program starts.",
            "ulimit -n 65536",
            "ulimit -n 65536",
            look_for="For a unit of systemd set LimitNOFILE=65536.",
        ),
    )


def docker_group(_: Situation) -> tuple[Fix, ...]:
    """Join the group. Source: Docker docs, "Linux post-installation steps"."""
    return (
        Fix(
            "Add your user to the group docker, then log out and in again.",
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
            "See what SELinux denied.",
            "sudo ausearch -m avc -ts recent",
            LINUX,
            "name_bind in a row: SELinux keeps this server from the port.",
        ),
        Fix(
            "Allow the port for web servers.",
            f"sudo semanage port -a -t http_port_t -p tcp {port}",
            LINUX,
            "For sshd the type is ssh_port_t. Already defined: -m in place of -a.",
        ),
    )


def sandbox(_: Situation) -> tuple[Fix, ...]:
    """Allow the program its sockets."""
    return (
        Fix(
            "Run the program outside of the sandbox, or allow it network access there.",
            look_for="The same command in a plain terminal works: the sandbox was the cause.",
        ),
    )


def runtime_permission(_: Situation) -> tuple[Fix, ...]:
    """Give the runtime's own permission. Source: Deno, "Security and permissions"."""
    return (
        Fix(
            "Start the program with --allow-net.",
            look_for="It can name hosts and ports: --allow-net=127.0.0.1:8000.",
        ),
    )
