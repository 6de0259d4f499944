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
                "See whether the program in the pod listens. Put the pod's name for web.",
                "kubectl exec web -- ss -ltn",
                look_for="No row with the port: the program is not started, or has another port."
                f" {NO_SS}",
            ),
            Fix("See which ports the pod declares.", "kubectl describe pod web"),
        )
    if situation.has("tunnel-origin"):
        return decide(situation)
    return (
        Fix(
            "On the far machine, see whether the server listens on the forward's target.",
            "ss -ltn",
            look_for="No row with the port: start the server there, or correct the port in -L.",
        ),
        Fix("In -L, use 127.0.0.1 instead of localhost as the target on the far machine."),
    )


def allow_forwarding(_: Situation) -> tuple[Fix, ...]:
    """Let the ssh server forward."""
    return (
        Fix(
            "On the ssh server, set AllowTcpForwarding yes in sshd_config, and check PermitOpen.",
            "sudo sshd -T | grep -i -E 'allowtcpforwarding|permitopen|disableforwarding'",
            "linux",
            "no or local: the forward is forbidden. Reload sshd after the change.",
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
            "On the ssh server, set GatewayPorts clientspecified in sshd_config and reload sshd.",
            "sudo sshd -T | grep -i gatewayports",
            "linux",
            "no: -R listens on 127.0.0.1 only.",
        ),
        Fix("Then write the address in -R: ssh -R 0.0.0.0:8080:127.0.0.1:3000 and the server."),
    )


def no_proxy(situation: Situation) -> tuple[Fix, ...]:
    """Keep requests for this machine away from the proxy."""
    host = situation.host if situation.is_loopback or situation.is_private else ""
    names = LOCAL_HOSTS
    if host and host.lower() not in names.split(",") and is_safe(host):
        names += f",{host}"
    return (
        *per_system(
            "Send requests for this machine past the proxy: set NO_PROXY where the client runs.",
            f"export NO_PROXY={names} no_proxy={names}",
            f"export NO_PROXY={names} no_proxy={names}",
            f"$env:NO_PROXY = '{names}'",
        ),
        *per_system(
            "See which proxy is set.",
            "env | grep -i proxy",
            "env | grep -i proxy; scutil --proxy",
            _PROXY_ON_WINDOWS,
            "A proxy that does not run any more: remove the variable.",
        ),
    )


def unset_proxy(situation: Situation) -> tuple[Fix, ...]:
    """Start the proxy that is set, or remove the setting; a browser reads no variables."""
    if situation.error.name == "ERR_PROXY_CONNECTION_FAILED":
        return (
            Fix(
                "Open the proxy settings of the browser; Chrome and Edge use those of the system.",
                look_for="A proxy that does not run any more: switch it off, or start it.",
            ),
            Fix("Or add the server's host to the addresses that need no proxy."),
        )
    git = situation.has("git")
    return (
        *per_system(
            "See which proxy is set, and remove it if it does not run any more.",
            "git config --get-regexp proxy; env | grep -i proxy" if git else "env | grep -i proxy",
            "git config --get-regexp proxy; env | grep -i proxy" if git else "env | grep -i proxy",
            f"git config --get-regexp proxy; {_VARIABLES}" if git else _PROXY_ON_WINDOWS,
            "It names the refused address: start that proxy, or remove the variable or setting.",
        ),
        *no_proxy(situation),
    )


def client_port(situation: Situation) -> tuple[Fix, ...]:
    """Tell the hot-reload client the outer port."""
    return (
        Fix(
            "Set server.hmr.clientPort (Vite) or client.webSocketURL (webpack) to the outer port.",
            look_for="The outer port is the one in the browser's address bar.",
        ),
        Fix(
            "Let the proxy in front pass WebSocket connections on (Upgrade and Connection headers)."
        ),
        *decide(situation),
    )


def advertise(situation: Situation) -> tuple[Fix, ...]:
    """Let the broker name an address that its clients reach."""
    port = situation.port or 9092
    return (
        Fix(
            "Set advertised.listeners (KAFKA_ADVERTISED_LISTENERS) to what clients reach.",
            look_for=f"In compose: PLAINTEXT://kafka:{port}, with kafka as the service's name.",
        ),
        Fix("For clients in containers and on the host, give the broker two listeners, one each."),
    )


def socket_unit(_: Situation) -> tuple[Fix, ...]:
    """Change the port where systemd listens."""
    return (
        Fix(
            "See on which port systemd listens for ssh.",
            "systemctl cat ssh.socket",
            "linux",
            "ListenStream is the port; sshd_config's Port is not used.",
        ),
        Fix("Change ListenStream in the socket unit.", "sudo systemctl edit ssh.socket", "linux"),
        Fix(
            "Let systemd use the change.",
            "sudo systemctl daemon-reload && sudo systemctl restart ssh.socket",
            "linux",
        ),
    )


def kubeconfig(_: Situation) -> tuple[Fix, ...]:
    """Give kubectl its configuration."""
    return (
        Fix(
            "See which cluster kubectl is set to ask.",
            "kubectl config view",
            look_for="Empty, or no current-context: set KUBECONFIG, or get credentials.",
        ),
        Fix(
            "With sudo, kubectl reads root's configuration: run it without, or set KUBECONFIG.",
        ),
    )


def by_tcp(situation: Situation) -> tuple[Fix, ...]:
    """Make MySQL's client use TCP, or the server's own socket."""
    return (
        Fix(
            "Use 127.0.0.1 instead of localhost as the host (DB_HOST): then it uses TCP.",
            "mysql -h 127.0.0.1 --protocol=tcp -P 3306 -u root -p",
            look_for="It connects: the server runs, and its socket is in another place.",
        ),
        *per_system(
            "If that is refused, see whether MySQL runs.",
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
            "Close all Chrome windows, or start Chrome with its own profile: --user-data-dir.",
            f"google-chrome --remote-debugging-port={port} --user-data-dir=/tmp/chrome-debug",
            "linux",
            "It prints: DevTools listening on ws://127.0.0.1.",
        ),
        *decide(situation),
    )


def exclude_scanning(_: Situation) -> tuple[Fix, ...]:
    """Exclude the program from the inspection of TLS."""
    return (
        Fix("Switch the HTTPS scanning of the security program (antivirus) off for a test."),
        Fix("If that helps, exclude 127.0.0.1 and the program from the scanning."),
    )
