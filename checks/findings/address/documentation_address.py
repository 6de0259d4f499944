"""A106 documentation-address."""

from __future__ import annotations

from checks.findings.address.host import label, located, registry_row
from checks.findings.base import Finding, Fix, Match, Subject
from checks.findings.wording import joined


class DocumentationAddress(Finding):
    """The address is reserved for examples in documentation.

    What it means
    -------------
    No machine should have this address. The block is reserved so that manuals can show addresses
    that belong to no one. A connection to it fails, mostly by a timeout.

    How it is detected
    ------------------
    The address is in 192.0.2.0/24, 198.51.100.0/24, 203.0.113.0/24, 2001:db8::/32 or 3fff::/20.

    Why it happens
    --------------
    You copied an example from a manual or an answer and did not replace its address. Some tests
    use these blocks on purpose, as addresses where no machine answers.

    What to do
    ----------
    Replace it with the address that you mean. To see the addresses of this machine:

    - Linux: `ip address`
    - macOS: `ifconfig`
    - Windows: `ipconfig`

    Guide
    -----
    loopback/#addresses-that-are-mistaken-for-it

    Sources
    -------
    - RFC 5737, IPv4 blocks for documentation: https://www.rfc-editor.org/info/rfc5737
    - RFC 3849, 2001:db8::/32: https://www.rfc-editor.org/info/rfc3849
    - RFC 9637, 3fff::/20: https://www.rfc-editor.org/info/rfc9637
    """

    code = "A106"
    slug = "documentation-address"
    severity = "warning"
    title = "Address is for examples only"
    example = "192.0.2.1"

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply to the five documentation blocks."""
        found = located(subject, "documentation")
        if found is None:
            return None
        host, block = found
        text = f"{label(host)} is for examples ({joined(block.rfcs)}): no machine should have it."
        return Match(
            text, (Fix("Replace it with the address that you mean."),), registry_row(block)
        )
