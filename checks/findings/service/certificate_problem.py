"""S604 certificate-problem."""

from __future__ import annotations

from checks.findings import commands, speech, wording
from checks.findings.base import Finding, Fix, Match, Subject
from checks.findings.service.context import context_of


class CertificateProblem(Finding):
    """A client that verifies the server's certificate will reject it.

    What it means
    -------------
    The TLS connection works only without verification. Browsers show a warning, other clients
    stop: "certificate verify failed", "self-signed certificate", NET::ERR_CERT_AUTHORITY_INVALID,
    ERR_CERT_COMMON_NAME_INVALID.

    How it is detected
    ------------------
    The certificate is read from the handshake. It is compared with the clock of this machine and
    with the requested host, and its subject with its issuer. The first problem is named: expired,
    not yet valid, another name, self-signed. Whether this machine trusts the issuer is not
    tested. So a certificate without a finding may still be rejected, and you may have made a
    self-signed one trusted.

    Where encryption is optional, as for PostgreSQL and MySQL, clients verify only if they are
    configured to. Then the finding is a notice.

    Why it happens
    --------------
    - Development servers and distributions create a self-signed certificate to begin with.
    - The certificate is for localhost and the URL has 127.0.0.1, or the reverse.
    - It was valid for a year, and the year is over.

    What to do
    ----------
    Create a certificate for the names and addresses in use, from an authority that this machine
    trusts, such as a local one. Do not switch verification off in the client. To see the
    certificate:

    - Linux: Show its names and dates: `openssl s_client -connect 127.0.0.1:62893 -servername
      localhost </dev/null | openssl x509 -noout -subject -issuer -dates -ext subjectAltName`.
    - macOS: Show the certificate: `openssl s_client -connect 127.0.0.1:62893 -servername
      localhost </dev/null | openssl x509 -noout -text`.
    - Windows: See why it is rejected: `curl.exe -v https://127.0.0.1:62893/`.

    With mkcert, one command creates the local authority and makes the system trust it: `mkcert
    -install`. A second one creates the certificate: `mkcert localhost 127.0.0.1 ::1`.

    Guide
    -----
    uses/https/#trust-it-where-the-client-looks

    Sources
    -------
    - RFC 5280, section 4.1.2.5, validity: https://www.rfc-editor.org/info/rfc5280
    - RFC 9525, names in certificates: https://www.rfc-editor.org/info/rfc9525
    - PostgreSQL manual, SSL support of libpq, sslmode:
      https://www.postgresql.org/docs/current/libpq-ssl.html
    - mkcert: https://github.com/FiloSottile/mkcert
    """

    code = "S604"
    slug = "certificate-problem"
    severity = "warning"
    title = "Clients will reject the certificate"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where the handshake was finished and the certificate has a fault."""
        found = context_of(subject)
        tls = found.identity.tls if found else None
        if found is None or tls is None or tls.version is None or not tls.problem:
            return None
        problem = speech.one_line(tls.problem, 200).rstrip(".")
        text = f"TLS on {found.here}: {problem[:1].lower()}{problem[1:]}."
        names = [shown for name in tls.names if (shown := speech.one_line(name))]
        if tls.problem_code == "other-name" and names:
            more = [f"{len(names) - 5} more"] if len(names) > 5 else []
            text += f" It is for {wording.joined([*names[:5], *more])}."
        fixes = (
            Fix("Create a certificate for this host, and trust its issuer."),
            *commands.each(
                "Show the certificate.",
                f"openssl s_client -connect '{found.here}' </dev/null",
                f"openssl s_client -connect '{found.here}' </dev/null",
                f'curl.exe -vk "https://{found.here}/"',
            ),
        )
        severity = "notice" if speech.changes_to_tls(found.identity) else None
        line = f"TLS: {speech.certificate(found.identity)}"
        return Match(text, found.fixes(fixes), (line, *found.evidence()), severity)
