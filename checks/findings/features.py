"""What an endpoint and its evidence have, as words by which the catalogue picks findings.

A finding that needs a listener is not asked, nor even loaded, where there is none.
Each feature is a necessary condition of the findings that name it, never a
sufficient one: the findings decide.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from checks.findings.base import Subject
    from checks.model.evidence import Identity, Probe

LISTENER = ("listener", "listener:host", "listener:network", "listener:any")
"""All that a row of the socket table alone can have: a listener with its reach."""


def features_of(subject: Subject) -> Iterator[str]:
    """Yield the features of an endpoint; some may come more than once.

    ``ipv4`` and the other kinds of a host, and ``port``; with evidence also those of it.
    """
    endpoint = subject.endpoint
    if endpoint is not None and endpoint.host is not None:
        yield endpoint.host.kind
    if endpoint is not None and endpoint.port is not None:
        yield "port"
    if subject.probe is not None:
        yield from _of_evidence(subject.probe)
    if subject.conclusion is not None:
        yield subject.conclusion.code


def _of_evidence(probe: Probe) -> Iterator[str]:
    """What the probe met: ``bind:free``, ``listener:host``, ``relay``, ``several-attempts``."""
    if len(probe.attempts) > 1:
        yield "several-attempts"
    for binding in probe.bindings:
        yield f"bind:{binding.outcome}"
    if probe.machine.reserved_ports:
        yield "reserved-ports"
    if probe.listeners:
        yield "listener"
        for reach in {listener.reach for listener in probe.listeners}:
            yield f"listener:{reach}"
    if probe.relay is not None:
        yield "relay"
    if probe.identity is not None:
        yield from _of_service(probe.identity)


def _of_service(identity: Identity) -> Iterator[str]:
    """What was learned of the service: ``behaviour:silent``, ``trait:open-cors``, ``tls``."""
    yield "identity"
    yield f"behaviour:{identity.behaviour}"
    for trait in identity.traits:
        yield f"trait:{trait}"
    if identity.authentication is not None:
        yield f"authentication:{identity.authentication}"
    if identity.tls is not None:
        yield "tls"
