"""What a service speaks, in words: for messages, verdicts and rows alike.

The peer chose its own name, version and title; they go in on one line, cut,
and the renderers clean them as everything that comes from outside.
"""

from __future__ import annotations

from checks.findings import wording
from checks.rules.protocols import BY_NAME, WITHIN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.model.evidence import Identity, Relay

_LONGEST = 60  # characters of a product, a version, a title


def label(protocol: str) -> str:
    """The protocol as people write it."""
    known = BY_NAME.get(protocol)
    return known.label if known else one_line(protocol)


def one_line(text: str, longest: int = _LONGEST) -> str:
    """A peer's text on one line, without runs of white space, cut."""
    text = " ".join(text[: 4 * longest].split())
    return text if len(text) <= longest else text[: longest - 3] + "..."


def product(identity: Identity) -> str:
    """Product and version, as far as the server says them; "" where it says neither."""
    if not identity.product:
        return ""
    parts = (one_line(identity.product), one_line(identity.version or ""))
    return " ".join(part for part in parts if part)


def inside_tls(identity: Identity) -> bool:
    """Whether all is said inside TLS, not beside it or after it was asked for in plain text.

    PostgreSQL and MySQL begin in plain text and change over (STARTTLS and its like).
    """
    return identity.tls is not None and identity.protocol != "tls" and not changes_to_tls(identity)


def changes_to_tls(identity: Identity) -> bool:
    """Whether its protocol begins in plain text and changes over to TLS."""
    known = BY_NAME.get(identity.protocol or "")
    return known is not None and known.tls == WITHIN


def name(identity: Identity) -> str:
    """The protocol and who speaks it: ``Redis 7.0.15``, ``HTTP over TLS (nginx 1.22.1)``."""
    if identity.protocol is None:
        return "a protocol that was not recognised"
    words = label(identity.protocol)
    who = product(identity)
    if inside_tls(identity):
        words += " over TLS"
    elif who.partition(" ")[0].lower() == identity.protocol:
        return who
    return f"{words} ({who})" if who else words


def who(identity: Identity) -> str:
    """The product where it is known, else the protocol: the subject of a sentence."""
    named = product(identity)
    if named or identity.protocol is None:
        return named or "The service"
    return f"The {noun(identity.protocol)} service"


def noun(protocol: str) -> str:
    """The protocol before the word "service"."""
    known = BY_NAME.get(protocol)
    return (known.noun if known else "") or label(protocol)


_DEBUGGERS = {
    "jdwp": "a Java debugger (JDWP)",
    "dap": "a debugger (Debug Adapter Protocol)",
}
_DEBUG_PRODUCTS = {
    "node.js inspector": "the inspector of Node.js",
    "chrome devtools": "the remote debugging port of a browser",
    "jupyter server": "a Jupyter server without a token",
    "werkzeug": "a Flask or Werkzeug application with its debugger on",
    "delve": "Delve, the debugger of Go",
}


def debugger(identity: Identity) -> str:
    """What a debugger is called, by its product, else its protocol."""
    known = _DEBUG_PRODUCTS.get((identity.product or "").lower())
    return known or _DEBUGGERS.get(identity.protocol or "", "a debug interface")


def answers(identity: Identity) -> bool:
    """Whether anything was said at all, recognised or not."""
    return identity.protocol is not None or identity.behaviour in ("spoke-first", "answered")


def is_mute(identity: Identity, *behaviours: str) -> bool:
    """Whether connections were accepted and met one of *behaviours*, and nothing else is known."""
    return identity.protocol is None and identity.behaviour in behaviours


def certificate(identity: Identity) -> str:
    """What is to be said about the TLS of a service, in one line; "" where there is none."""
    tls = identity.tls
    if tls is None:
        return ""
    parts = [tls.version or "handshake not finished"]
    if tls.alpn:
        parts.append(one_line(tls.alpn))
    if tls.subject:
        parts.append(f"certificate {one_line(tls.subject, 80)}")
    if tls.not_after:
        parts.append(f"{'expired' if tls.expired else 'valid until'} {tls.not_after[:10]}")
    if tls.self_signed:
        parts.append("self-signed")
    elif tls.issuer:
        parts.append(f"issued by {one_line(tls.issuer, 80)}")
    return ", ".join(parts)


def evidence(identity: Identity) -> tuple[str, ...]:
    """The identification's own lines, and its cost."""
    count = identity.connections
    cost = (
        f"identification: {count} connection{'' if count == 1 else 's'}, {identity.bytes} bytes,"
        f" {wording.clock(identity.milliseconds)}"
    )
    return (*identity.evidence, cost)


def destination(relay: Relay) -> str:
    """Where a relay leads; ssh's targets are seen from its other end."""
    seen = " as the other end of ssh sees it" if relay.kind == "ssh" else ""
    return f"{one_line(relay.target or 'an unknown place', 120)}{seen}"
