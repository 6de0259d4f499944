"""The first steps where encryption or a certificate failed.

Sources: Node.js documentation, "NODE_EXTRA_CA_CERTS" and "--use-system-ca" (22.15, 23.9);
mkcert's README; Chromium, chrome://net-internals; RFC 6797 (HSTS); s_client(1), x509(1);
hwclock(8), timedatectl(1); Microsoft Learn, "w32tm" and "dotnet dev-certs".
"""

from __future__ import annotations

from checks.causes.steps import HOST, PORT, curl, per_system
from checks.findings.base import Fix
from checks.findings.commands import LINUX, WINDOWS, is_safe
from checks.model.words import bracketed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.causes.situation import Situation


def where(situation: Situation, default: int | None = None) -> str:
    """Return the endpoint for a command or a URL.

    Arguments:
        situation: of the error.
        default: the port where the text names none; None to leave it out.

    Returns:
        with a word in capitals for what the text does not name, or what is not safe in one.
    """
    end = situation.asked
    if end is None:
        return f"{HOST}:{default or PORT}"
    host = end.host.text.strip("[]") if end.host else "localhost"
    name = bracketed(host) if is_safe(host) else HOST
    port = end.port.number if end.port else default
    return f"{name}:{port}" if port else name


def plain(situation: Situation) -> tuple[Fix, ...]:
    """Ask without TLS."""
    url = f"http://{where(situation)}/"
    return (
        *curl(
            f"Open {url} in plain HTTP, without the s.",
            f"-v {url}",
            "An HTTP status: the server speaks plain HTTP on this port.",
        ),
        Fix("Or make the server use TLS: give it a certificate, such as one from mkcert."),
    )


def encrypted(situation: Situation) -> tuple[Fix, ...]:
    """Ask with TLS."""
    url = f"https://{where(situation)}/"
    return (
        *curl(
            f"Open {url}, with the s.",
            f"-vk {url}",
            "An HTTP status: the server uses TLS on this port. -k accepts any certificate.",
        ),
        Fix("Then make the client trust the server's certificate, with --cacert in curl."),
    )


def forget_hsts(situation: Situation) -> tuple[Fix, ...]:
    """Let the browser forget that a name wants https. Source: RFC 6797 §8.1, §8.3."""
    host = where(situation).partition(":")[0]
    named = "the host's name" if host == HOST else host
    return (
        Fix(
            f"In Chrome, open chrome://net-internals/#hsts and delete {named} under Delete domain"
            " security policies.",
            look_for="In Firefox, use Forget About This Site in the history. HSTS counts for every"
            " port of a name.",
        ),
        Fix(
            "Or use 127.0.0.1 in the address, because HSTS does not apply to IP addresses.",
            look_for="HSTS returns if a local program sends Strict-Transport-Security again.",
        ),
    )


def stop_redirect(situation: Situation) -> tuple[Fix, ...]:
    """Switch the program's own redirect off. Source: RFC 9110 §15.4.2 (301 may be cached)."""
    url = f"http://{where(situation)}/"
    return (
        *curl(
            "Check whether the program redirects to https.",
            f"-sI {url}",
            "Location: https://... is the redirect. If it is missing, the browser remembers one.",
        ),
        Fix("Turn off the redirect to https in development."),
        Fix("Clear the browser's cache and HSTS for this name, or use a private window."),
    )


def other_name(_: Situation) -> tuple[Fix, ...]:
    """Use a name of a reserved domain. Source: RFC 6761 (.localhost, .test)."""
    return (
        Fix(
            "Use a name under .localhost or .test instead, such as shop.localhost.",
            look_for="Browsers have a list of top-level domains that require https.",
        ),
        Fix("Or serve https with a certificate for this name, such as one from mkcert."),
    )


def node_ca(_: Situation) -> tuple[Fix, ...]:
    """Give Node the authority. Source: Node.js CLI documentation."""
    return (
        *per_system(
            "Set NODE_EXTRA_CA_CERTS to the authority's certificate before you start Node.",
            'export NODE_EXTRA_CA_CERTS="$(mkcert -CAROOT)/rootCA.pem"',
            'export NODE_EXTRA_CA_CERTS="$(mkcert -CAROOT)/rootCA.pem"',
            '$env:NODE_EXTRA_CA_CERTS = "$(mkcert -CAROOT)\\rootCA.pem"',
            "If the authority is not mkcert's, use its PEM file.",
        ),
        Fix("Or start Node with --use-system-ca (22.15 and later): it uses the system's list."),
        Fix("Do not turn off verification: Node would then accept any server."),
    )


def trust(situation: Situation) -> tuple[Fix, ...]:
    """Let the client trust the certificate's authority."""
    return (
        *show_certificate(
            situation, "Subject and issuer are the same: the certificate is self-signed."
        ),
        *per_system(
            "Install a local authority, and make a certificate with it.",
            "mkcert -install && mkcert localhost 127.0.0.1 ::1",
            "mkcert -install && mkcert localhost 127.0.0.1 ::1",
            "mkcert -install; mkcert localhost 127.0.0.1 ::1",
            "Browsers and curl then accept it. ASP.NET: dotnet dev-certs https --trust.",
        ),
        Fix(
            "If the client has its own list, add the authority: REQUESTS_CA_BUNDLE (Python),"
            " SSL_CERT_FILE (Go), keytool -importcert (Java)."
        ),
    )


def show_certificate(situation: Situation, look_for: str) -> tuple[Fix, ...]:
    """Print whose certificate it is, for which names, and until when."""
    at = where(situation, 443)
    command = f"openssl s_client -connect {at} </dev/null 2>/dev/null | openssl x509 -noout -text"
    return per_system(
        "Show the certificate with its issuer, names and dates.",
        command,
        command,
        f"curl.exe -vk https://{at}/",
        look_for,
    )


def names(situation: Situation) -> tuple[Fix, ...]:
    """Ask by a name of the certificate, or make one with the name."""
    look = "Subject Alternative Name lists the names and addresses of the certificate."
    return (
        *show_certificate(situation, look),
        Fix("Use one of these names in the client. localhost and 127.0.0.1 are two names."),
        Fix(
            "Or make a certificate for all names that you use.",
            "mkcert localhost 127.0.0.1 ::1",
            look_for="Then give the two new files to the server, and restart it.",
        ),
    )


def clock(situation: Situation) -> tuple[Fix, ...]:
    """Compare the clock, and set it."""
    look = "It must agree with another clock. WSL and virtual machines can be late after sleep."
    wsl = "wsl" in situation.marks
    return (
        *per_system("Show the clock of this machine.", "date -u", "date -u", "Get-Date", look),
        *per_system(
            "Set the clock if it is wrong.",
            "sudo hwclock -s" if wsl else "sudo timedatectl set-ntp true",
            "sudo sntp -sS time.apple.com",
        ),
        Fix("As administrator, set the clock if it is wrong.", "w32tm /resync", WINDOWS),
        *show_certificate(situation, "Not Before and Not After are the dates of the certificate."),
    )


def renew(situation: Situation) -> tuple[Fix, ...]:
    """Make a new certificate."""
    return (
        *show_certificate(situation, "Not After is the day when it expired."),
        Fix(
            "Make a new certificate, give its two files to the server, and restart it.",
            "mkcert localhost 127.0.0.1 ::1",
        ),
        Fix("If the certificate has not expired, check the clock of this machine."),
    )


def versions(situation: Situation) -> tuple[Fix, ...]:
    """See what the server offers. Source: s_client(1), curl(1) --tls-max."""
    at = where(situation)
    return (
        *curl(
            "Test whether the server accepts TLS 1.2.",
            f"-vk --tlsv1.2 --tls-max 1.2 https://{at}/",
            "This works: the client allows only TLS 1.3. This fails: the server is too old.",
        ),
        Fix("Update the older of the two. Do not lower the client's limit for all servers."),
    )


def certificate_for_name(situation: Situation) -> tuple[Fix, ...]:
    """Ask by the name that the server serves. Source: RFC 6066 §3 (SNI)."""
    return (
        Fix("Use the name in the server's settings: with an IP address, TLS sends no name."),
        Fix(
            "Test what the server answers for a name.",
            f"openssl s_client -connect {where(situation, 443)} -servername localhost </dev/null",
            LINUX,
            "A certificate: the server knows the name. An alert: it does not.",
        ),
    )


def client_certificate(situation: Situation) -> tuple[Fix, ...]:
    """Send a certificate. Source: curl(1), --cert and --key; Schannel takes no file."""
    url = f"https://{where(situation)}/"
    command = f"curl --cert client.pem --key client.key {url}"
    look = "The administrator of the server says which authority it accepts."
    return (
        *per_system("Give the client its certificate and key.", command, command, look_for=look),
        Fix(
            "Import the certificate and key into your store. Put its thumbprint for THUMB.",
            rf'curl.exe --cert "CurrentUser\MY\THUMB" {url}',
            WINDOWS,
            look,
        ),
    )


def no_tls_database(_: Situation) -> tuple[Fix, ...]:
    """Connect without TLS. Source: PostgreSQL, libpq sslmode; node-postgres, ssl."""
    return (
        Fix(
            "Turn off TLS for the database on this machine: use sslmode=disable in the URL,"
            " or ssl: false in the client's settings."
        ),
        Fix("If the database is on another machine, make its server use TLS instead."),
    )
