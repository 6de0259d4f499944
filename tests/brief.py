"""An endpoint of a classification, as the tests of texts write it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from checks import Classification


def brief(found: Classification) -> list[str]:
    """The endpoints as ``host port`` with what is absent left out."""
    shown = []
    for endpoint in found.endpoints:
        host = endpoint.host
        parts = []
        if host is not None:
            zone = f"%{host.zone}" if host.zone else ""
            length = f"/{host.prefix_length}" if host.prefix_length is not None else ""
            parts.append(f"{host.address or host.text}{zone}{length}")
        if endpoint.port is not None:
            number = endpoint.port.number
            parts.append(f"port {endpoint.port.text if number is None else number}")
        shown.append(" ".join(parts))
    return shown
