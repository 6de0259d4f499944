"""The first steps where another program connects for the client."""

from __future__ import annotations

from checks.causes.steps import per_system
from checks.causes.steps.connect import decide
from checks.causes.steps.elsewhere import NO_SS
from checks.findings.base import Fix
from checks.findings.commands import is_safe
from checks.rules.proxies import LOCAL_HOSTS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.causes.situation import Situation


_VARIABLES = "Get-ChildItem Env:*proxy*"
_PROXY_ON_WINDOWS = f"{_VARIABLES}; netsh winhttp show proxy"
"""Programs of other systems read the variables there too; WinHTTP has a setting of its own."""


def far_end(situation: Situation) -> tuple[Fix, ...]:
    """Look at the far end of the forward."""
    if situation.has("pod-forward"):
        return (
            Fix(
                "Check whether the program in the pod listens. Put the pod's name for web.",
                "kubectl exec web -- ss -ltn",
                look_for="No row with the port: the program is not running, or uses another port."
                f" {NO_SS}",
            ),
            Fix("Show which ports the pod declares.", "kubectl describe pod web"),
        )
    if situation.has("tunnel-origin"):
        return decide(situation)
    return (
        Fix(
            "On the far machine, check whether the server listens on the forward's target.",
            "ss -ltn",
            look_for="No row with the port: start the server there, or correct the port in -L.",
        ),
        Fix("In -L, use 127.0.0.1 instead of localhost as the target."),
    )


def allow_forwarding(_: Situation) -> tuple[Fix, ...]:
    """Let the ssh server forward."""
    return (
        Fix(
            "On the SSH server, set AllowTcpForwarding yes in sshd_config, and check PermitOpen.",
            "sudo sshd -T | grep -i -E 'allowtcpforwarding|permitopen|disableforwarding'",
            "linux",
            "no: none is allowed. local: only -L. remote: only -R. Reload sshd after the change.",
        ),
    )


def socket_forwarding(_: Situation) -> tuple[Fix, ...]:
    """Let VS Code use a port instead of a Unix socket."""
    return (
        Fix("In VS Code, set remote.SSH.remoteServerListenOnSocket to false."),
        Fix(
            "Or set AllowStreamLocalForwarding yes in sshd_config of the server.",
            "sudo sshd -T | grep -i allowstreamlocalforwarding",
            "linux",
        ),
    )


def gateway_ports(_: Situation) -> tuple[Fix, ...]:
    """Let sshd listen for others."""
    return (
        Fix(
            "On the SSH server, set GatewayPorts clientspecified in sshd_config and reload sshd.",
            "sudo sshd -T | grep -i gatewayports",
            "linux",
            "no: ssh -R listens only on the server's loopback address.",
        ),
        Fix("Then write the address in -R: ssh -R 0.0.0.0:8080:127.0.0.1:3000 SERVER."),
    )


def no_proxy(situation: Situation) -> tuple[Fix, ...]:
    """Keep requests for this machine away from the proxy."""
    host = situation.host if situation.is_loopback or situation.is_private else ""
    names = LOCAL_HOSTS
    if host and host.lower() not in names.split(",") and is_safe(host):
        names += f",{host}"
    return (
        *per_system(
            "Exclude this machine from the proxy: set NO_PROXY where the client runs.",
            f"export NO_PROXY={names} no_proxy={names}",
            f"export NO_PROXY={names} no_proxy={names}",
            f"$env:NO_PROXY = '{names}'",
        ),
        *per_system(
            "Show which proxy is set.",
            "env | grep -i proxy",
            "env | grep -i proxy; scutil --proxy",
            _PROXY_ON_WINDOWS,
            "A proxy that is no longer running: remove the variable.",
        ),
    )


def unset_proxy(situation: Situation) -> tuple[Fix, ...]:
    """Start the proxy that is set, or remove the setting; a browser reads no variables."""
    if situation.error.name == "ERR_PROXY_CONNECTION_FAILED":
        return (
            Fix(
                "Open the proxy settings of the browser. Chrome and Edge use those of the system.",
                look_for="A proxy that is no longer running: turn it off, or start it.",
            ),
            Fix("Or add the server's host to the addresses that do not use the proxy."),
        )
    git = situation.has("git")
    return (
        *per_system(
            "Show which proxy is set, and remove it if it is no longer running.",
            "git config --get-regexp proxy; env | grep -i proxy" if git else "env | grep -i proxy",
            "git config --get-regexp proxy; env | grep -i proxy" if git else "env | grep -i proxy",
            f"git config --get-regexp proxy; {_VARIABLES}" if git else _PROXY_ON_WINDOWS,
            "It has the address that refused: start that proxy, or remove the setting.",
        ),
        *no_proxy(situation),
    )


def client_port(situation: Situation) -> tuple[Fix, ...]:
    """Tell the hot-reload client the outer port."""
    return (
        Fix(
            "Set server.hmr.clientPort (Vite) or client.webSocketURL (webpack) to the outer port.",
            look_for="The outer port is in the browser's address bar.",
        ),
        Fix("Make the proxy in front pass WebSocket connections (Upgrade and Connection headers)."),
        *decide(situation),
    )


def advertise(situation: Situation) -> tuple[Fix, ...]:
    """Let the broker name an address that its clients reach."""
    port = situation.port or 9092
    return (
        Fix(
            "Set advertised.listeners (KAFKA_ADVERTISED_LISTENERS) to what clients can reach.",
            look_for=f"In Compose: PLAINTEXT://kafka:{port}, where kafka is the service's name.",
        ),
        Fix("For clients in containers and on the host, give the broker two listeners, one each."),
    )


def socket_unit(_: Situation) -> tuple[Fix, ...]:
    """Change the port where systemd listens."""
    return (
        Fix(
            "Show on which port systemd listens for SSH.",
            "systemctl cat ssh.socket",
            "linux",
            "ListenStream is the port. Port in sshd_config is ignored.",
        ),
        Fix("Change ListenStream in the socket unit.", "sudo systemctl edit ssh.socket", "linux"),
        Fix(
            "Apply the change.",
            "sudo systemctl daemon-reload && sudo systemctl restart ssh.socket",
            "linux",
        ),
    )


def kubeconfig(_: Situation) -> tuple[Fix, ...]:
    """Give kubectl its configuration."""
    return (
        Fix(
            "Show which cluster kubectl is set to use.",
            "kubectl config view",
            look_for="Empty, or no current-context: set KUBECONFIG, or get credentials.",
        ),
        Fix(
            "Run kubectl without sudo, or set KUBECONFIG: with sudo it reads root's configuration.",
        ),
    )


def by_tcp(situation: Situation) -> tuple[Fix, ...]:
    """Make MySQL's client use TCP, or the server's own socket."""
    return (
        Fix(
            "Use 127.0.0.1 instead of localhost as the host (DB_HOST): the client then uses TCP.",
            "mysql -h 127.0.0.1 --protocol=tcp -P 3306 -u root -p",
            look_for="It connects: the server is running, and its socket file has another path.",
        ),
        *per_system(
            "If that is refused, check whether MySQL is running.",
            "systemctl status mysql mariadb",
            "brew services list",
            "Get-Service MySQL*",
        ),
    )


def close_chrome(situation: Situation) -> tuple[Fix, ...]:
    """Start Chrome with a profile of its own."""
    port = situation.port or 9222
    return (
        Fix(
            "Close all Chrome windows, or start Chrome with another profile: --user-data-dir.",
            f"google-chrome --remote-debugging-port={port} --user-data-dir=/tmp/chrome-debug",
            "linux",
            "It prints: DevTools listening on ws://127.0.0.1.",
        ),
        *decide(situation),
    )


def exclude_scanning(_: Situation) -> tuple[Fix, ...]:
    """Exclude the program from the inspection of TLS."""
    return (
        Fix("Turn off the HTTPS scanning of the security program (antivirus) for a test."),
        Fix("If that helps, exclude 127.0.0.1 and the program from scanning."),
    )
