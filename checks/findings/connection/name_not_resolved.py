"""C308 name-not-resolved."""

from __future__ import annotations

from checks.findings import commands, wording
from checks.findings.base import Finding, Match, Subject
from checks.findings.connection.context import context_of
from checks.findings.witness import accepted
from checks.model import words


class NameNotResolved(Finding):
    r"""The system finds no address for the name.

    What it means
    -------------
    No connection was tried, because the system has no address for the name. Programs show
    ENOTFOUND, EAI_NONAME, "Name or service not known", WSAHOST_NOT_FOUND (11001) or
    ERR_NAME_NOT_RESOLVED.

    How it is detected
    ------------------
    getaddrinfo() of the system fails for the name, or returns no address. Its error is in the
    evidence. EAI_NONAME means that the name is unknown, EAI_AGAIN that no DNS server answered.

    Why it happens
    --------------
    - The name is mistyped, or it exists only in another network, VPN or container.
    - It is a name under .localhost. Chromium and Firefox resolve those themselves, but the C
      library of Linux may not.
    - It is host.docker.internal. Docker Desktop provides it in containers and in the hosts file
      of Windows. Docker Engine on Linux provides it only with `--add-host`.
    - It is the name of a Compose service, which only containers of the same network can resolve.
    - No DNS server can be reached.

    What to do
    ----------
    Use the address instead of the name, or add the name to the hosts file. First see what the
    system returns:

    - Linux: Ask the system: `getent ahosts NAME`. No output means no address. Add a line to the
      hosts file: `echo '127.0.0.1 NAME' | sudo tee -a /etc/hosts`.
    - macOS: Ask the system: `dscacheutil -q host -a name NAME`. Add a line to the hosts file:
      `echo '127.0.0.1 NAME' | sudo tee -a /etc/hosts`.
    - Windows: Ask the system, in PowerShell: `Resolve-DnsName NAME`. Add a line `127.0.0.1 NAME`
      to `C:\Windows\System32\drivers\etc\hosts`, in an editor that runs as Administrator.

    Guide
    -----
    loopback/localhost/#no-line-in-the-hosts-file

    Sources
    -------
    - getaddrinfo(3), errors: https://man7.org/linux/man-pages/man3/getaddrinfo.3.html
    - RFC 6761, section 6.3, localhost names: https://www.rfc-editor.org/info/rfc6761
    - hosts(5): https://man7.org/linux/man-pages/man5/hosts.5.html
    """

    code = "C308"
    slug = "name-not-resolved"
    severity = "error"
    title = "No address found for the name"
    example = "no-such-name.invalid:80"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where the resolver gave nothing."""
        context = context_of(subject, cls.code)
        if context is None:
            return None
        name = context.name or context.here
        resolution = context.probe.resolution
        error = resolution.error if resolution is not None else None
        why = _NO_NAME.get(error or "", "")
        knows = "did not find an" if error == "ETIMEDOUT" else "finds no"
        text = f"This system {knows} address for {wording.clip(name)}{why}"
        text += f" ({error})." if error else "" if text.endswith(".") else "."
        answering = accepted(context.probe)
        if answering:
            where = words.at(answering[0].address, context.number)
            text += f" A service answers on {where}. Programs that resolve the name reach it."
        fixes = context.fixes(
            commands.resolver(name),
            commands.advice(_UNHEARD) if why else (),
            commands.advice("Use the address, or correct the name."),
        )
        return Match(text, fixes, context.evidence())


_UNHEARD = "If other names fail too, check the network and its DNS servers instead."
_NO_NAME = {
    "EAI_AGAIN": ": no DNS server answered",
    "ETIMEDOUT": ": the resolver did not answer in time",
}
