"""Every finding, in the order of the reference."""

from __future__ import annotations

from checks.findings import (
    access,
    address,
    binding,
    connection,
    conversation,
    exposure,
    port,
    service,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.findings.base import Finding

CATALOGUE: tuple[type[Finding], ...] = (
    *address.FINDINGS,
    *port.FINDINGS,
    *sorted((*connection.FINDINGS, *conversation.FINDINGS), key=lambda finding: finding.code),
    *binding.FINDINGS,
    *sorted((*exposure.FINDINGS, *access.FINDINGS), key=lambda finding: finding.code),
    *service.FINDINGS,
)
"""Every finding, in the order of the reference: address, port, connection, binding, exposure,
service."""

NEED_PROBE = tuple(finding for finding in CATALOGUE if finding.needs_probe)
"""Those that say nothing without evidence."""
