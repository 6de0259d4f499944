"""The name of a subject, and what is known of it."""

from __future__ import annotations

from checks.findings.address.host import host_of
from checks.findings.wording import clip

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.address.names import Name
    from checks.findings.base import Subject


def name_of(subject: Subject, kind: str | None = None) -> tuple[str, Name] | None:
    """The spelling and what is known of it, where the host is a name (of that kind)."""
    host = host_of(subject)
    name = host.name if host is not None and host.kind == "name" else None
    if host is None or name is None or kind not in (None, name.kind):
        return None
    return clip(host.text), name
