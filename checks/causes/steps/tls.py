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
            f"Ask {url} in plain HTTP, without the s.",
            f"-v {url}",
            "An HTTP status: the server speaks plain HTTP on this port.",
        ),
        Fix("Or let the server speak TLS: give it a certificate, such as one of mkcert."),
    )


def encrypted(situation: Situation) -> tuple[Fix, ...]:
    """Ask with TLS."""
    url = f"https://{where(situation)}/"
    return (
        *curl(
            f"Ask {url}, with the s.",
            f"-vk {url}",
            "An HTTP status: the port speaks TLS. -k accepts any certificate, to test.",
        ),
        Fix("Then let the client trust the server's certificate, with --cacert in curl."),
    )


def forget_hsts(situation: Situation) -> tuple[Fix, ...]:
    """Let the browser forget that a name wants https. Source: RFC 6797 §8.1, §8.3."""
    host = where(situation).partition(":")[0]
    named = "the host's name" if host == HOST else host
    return (
        Fix(
            f"Open chrome://net-internals/#hsts and delete {named} under Delete domain security"
            " policies; in Firefox, forget the site in the history.",
            look_for="HSTS counts for all ports of a name. A private window does not have it.",
        ),
        Fix(
            "Use 127.0.0.1 in the address: HSTS does not count for IP addresses.",
            look_for="It comes back while any local program sends Strict-Transport-Security.",
        ),
    )


def stop_redirect(situation: Situation) -> tuple[Fix, ...]:
    """Switch the program's own redirect off. Source: RFC 9110 §15.4.2 (301 may be cached)."""
    url = f"http://{where(situation)}/"
    return (
        *curl(
            "See whether the program sends a redirect to https.",
            f"-sI {url}",
            "Location: https://... is the redirect. Without it the browser remembers one.",
        ),
        Fix("Switch the redirect to https off in development."),
        Fix(
            "Let the browser forget it: clear its cache and HSTS for this name,"
            " or use a private window."
        ),
    )


def other_name(_: Situation) -> tuple[Fix, ...]:
    """Use a name of a reserved domain. Source: RFC 6761 (.localhost, .test)."""
    return (
        Fix(
            "Use a name under .localhost or .test instead, such as shop.localhost.",
            look_for="Browsers have the whole top-level domain in a list that wants https.",
        ),
        Fix("Or serve https with a certificate for this name, such as one of mkcert."),
    )


def node_ca(_: Situation) -> tuple[Fix, ...]:
    """Give Node the authority. Source: Node.js CLI documentation."""
    return (
        *per_system(
            "Give Node the authority's certificate with NODE_EXTRA_CA_CERTS, before it starts.",
            'export NODE_EXTRA_CA_CERTS="$(mkcert -CAROOT)/rootCA.pem"',
            'export NODE_EXTRA_CA_CERTS="$(mkcert -CAROOT)/rootCA.pem"',
            '$env:NODE_EXTRA_CA_CERTS = "$(mkcert -CAROOT)\\rootCA.pem"',
            "For another authority than mkcert's, name its PEM file.",
        ),
        Fix("Or start Node with --use-system-ca (22.15 and later), which reads the system's list."),
        Fix("Do not switch the verification off: then any server is accepted."),
    )


def trust(situation: Situation) -> tuple[Fix, ...]:
    """Let the client trust the certificate's authority."""
    return (
        *show_certificate(
            situation, "The same subject and issuer: the certificate is self-signed."
        ),
        *per_system(
            "Install a local authority and make a certificate with it.",
            "mkcert -install && mkcert localhost 127.0.0.1 ::1",
            "mkcert -install && mkcert localhost 127.0.0.1 ::1",
            "mkcert -install; mkcert localhost 127.0.0.1 ::1",
            "Browsers and curl then accept it. ASP.NET: dotnet dev-certs https --trust.",
        ),
        Fix(
            "Name the authority's file to a client with its own list: REQUESTS_CA_BUNDLE (Python),"
            " SSL_CERT_FILE (Go), keytool -importcert (Java)."
        ),
    )


def show_certificate(situation: Situation, look_for: str) -> tuple[Fix, ...]:
    """Print whose certificate it is, for which names, and until when."""
    at = where(situation, 443)
    command = f"openssl s_client -connect {at} </dev/null 2>/dev/null | openssl x509 -noout -text"
    return per_system(
        "See whose certificate it is, for which names, and until when.",
        command,
        command,
        f"curl.exe -vk https://{at}/",
        look_for,
    )


def names(situation: Situation) -> tuple[Fix, ...]:
    """Ask by a name of the certificate, or make one with the name."""
    look = "Subject Alternative Name has the names and addresses that it is for."
    return (
        *show_certificate(situation, look),
        Fix("Ask the server by one of these names, as localhost and 127.0.0.1 are two."),
        Fix(
            "Or make a certificate for all that you use.",
            "mkcert localhost 127.0.0.1 ::1",
            look_for="Then give the two new files to the server and restart it.",
        ),
    )


def clock(situation: Situation) -> tuple[Fix, ...]:
    """Compare the clock, and set it."""
    look = "It must agree with another clock. WSL and virtual machines fall behind after sleep."
    wsl = "wsl" in situation.marks
    return (
        *per_system("Compare the clock of this machine.", "date -u", "date -u", "Get-Date", look),
        *per_system(
            "Set it, if it is wrong.",
            "sudo hwclock -s" if wsl else "sudo timedatectl set-ntp true",
            "sudo sntp -sS time.apple.com",
        ),
        Fix("Set it, if it is wrong, as administrator.", "w32tm /resync", WINDOWS),
        *show_certificate(situation, "Not Before and Not After are the dates of the certificate."),
    )


def renew(situation: Situation) -> tuple[Fix, ...]:
    """Make a new certificate."""
    return (
        *show_certificate(situation, "Not After is the day on which it ended."),
        Fix(
            "Make a new one, give its two files to the server and restart it.",
            "mkcert localhost 127.0.0.1 ::1",
        ),
        Fix("If the dates are right, compare the clock of this machine."),
    )


def versions(situation: Situation) -> tuple[Fix, ...]:
    """See what the server offers. Source: s_client(1), curl(1) --tls-max."""
    at = where(situation)
    return (
        *curl(
            "See which version of TLS the server takes.",
            f"-vk --tlsv1.2 --tls-max 1.2 https://{at}/",
            "It works so: the client wants 1.3 only. It fails too: the server is too old.",
        ),
        Fix("Update the older of the two. Do not lower the limit of a client for all servers."),
    )


def certificate_for_name(situation: Situation) -> tuple[Fix, ...]:
    """Ask by the name that the server serves. Source: RFC 6066 §3 (SNI)."""
    return (
        Fix("Ask the server by the name in its settings: IP addresses send no name in TLS."),
        Fix(
            "See what it answers for a name.",
            f"openssl s_client -connect {where(situation, 443)} -servername localhost </dev/null",
            LINUX,
            "A certificate for that name works, an alert does not.",
        ),
    )


def client_certificate(situation: Situation) -> tuple[Fix, ...]:
    """Send a certificate. Source: curl(1), --cert and --key; Schannel takes no file."""
    url = f"https://{where(situation)}/"
    command = f"curl --cert client.pem --key client.key {url}"
    look = "The server's administrator has the authority that it accepts."
    return (
        *per_system("Give the client its certificate and key.", command, command, look_for=look),
        Fix(
            "Import the certificate and key into your store, and put the thumbprint for THUMB.",
            rf'curl.exe --cert "CurrentUser\MY\THUMB" {url}',
            WINDOWS,
            look,
        ),
    )


def no_tls_database(_: Situation) -> tuple[Fix, ...]:
    """Connect without TLS. Source: PostgreSQL, libpq sslmode; node-postgres, ssl."""
    return (
        Fix(
            "Switch TLS off for the database on this machine: sslmode=disable in the URL,"
            " or ssl: false in the settings of the client."
        ),
        Fix("For a database on another machine, let its server speak TLS instead."),
    )
