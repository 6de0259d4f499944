"""The subject of the rules, and its features: the words by which the catalogue picks findings.

A subject is an endpoint of a text, its evidence, and what the two add up to.

A finding that needs a listener is not asked, nor even loaded, where there is none.
Each feature is a necessary condition of the findings that name it, never a
sufficient one: the findings decide.
"""

from __future__ import annotations

from checks.findings.address.host import block_of, is_network, is_plain, purpose_of
from checks.findings.base import Subject
from checks.rules.owners import is_out_of_descriptors, is_pile, never_listens

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from checks.address.host import Host
    from checks.model.evidence import Identity, Listener, Machine, Probe
    from checks.ports import Port
    from checks.text import Classification


def features_of(subject: Subject) -> Iterator[str]:
    """Yield the features of an endpoint; some may come more than once."""
    endpoint, probe = subject.endpoint, subject.probe
    if endpoint is not None and endpoint.host is not None:
        yield from of_host(endpoint.host)
    if endpoint is not None and endpoint.port is not None:
        yield from of_port(endpoint.port, probe.machine if probe else None)
    if probe is not None:
        yield from _of_evidence(probe)
    if subject.conclusion is not None:
        yield subject.conclusion.code


def of_host(host: Host) -> Iterator[str]:
    """Yield its kind (``ipv4``, ``name``, ...), and of an address ``spelling`` and its purpose."""
    yield host.kind
    if not host.version:
        return
    if not is_plain(host):
        yield "spelling"
    block = block_of(host)
    if block is not None:
        yield purpose_of(block)
    elif not is_network(host):
        yield "global"


def of_port(port: Port, machine: Machine | None = None) -> Iterator[str]:
    """Yield its range (``port:user``, ...), who wants it, and who guards it on the machine."""
    if not port.number:
        yield "port:invalid" if port.number is None else "port:zero"
        return
    yield f"port:{port.range}"
    if machine is not None and port.number < (machine.unprivileged_start or 0):
        yield "port:guarded"
    if port.blocked_by:
        yield "port:blocked"
    for use in port.uses:
        yield "port:contested" if use.contested else "port:used"


def _of_evidence(probe: Probe) -> Iterator[str]:
    """What the probe met: ``bind:free``, ``listener:host``, ``relay``, ``several-attempts``."""
    if probe.unix is not None:
        yield f"unix:{probe.unix.outcome}"
        return
    if len(probe.attempts) > 1:
        yield "several-attempts"
    for binding in probe.bindings:
        yield f"bind:{binding.outcome}"
    if probe.machine.proxies:
        yield "proxies"
    if probe.machine.reserved_ports:
        yield "reserved-ports"
    if probe.listeners:
        yield from of_listeners(probe.listeners)
        yield from of_owners(probe)
    if probe.relay is not None:
        yield "relay"
    if probe.namespaces is not None and probe.namespaces.listeners:
        yield "namespaces"
    if probe.identity is not None:
        yield from _of_service(probe.identity)


def of_listeners(listeners: Sequence[Listener]) -> Iterator[str]:
    """Yield what rows of the socket table alone have.

    That is who can reach them (``listener:host``), whether they are shared, whether the owner of
    one is not seen, and whether one takes IPv4 on an IPv6 address.

    Arguments:
        listeners: at least one, all on one port.
    """
    for reach in {listener.reach for listener in listeners}:
        yield f"listener:{reach}"
    if len(listeners) > 1 or len(listeners[0].owners) > 1:
        yield "listener:shared"
    if not all(listener.owners for listener in listeners):
        yield "listener:hidden"
    if any(listener.v6only is False for listener in listeners):
        yield "listener:dual"


def of_owners(probe: Probe) -> Iterator[str]:
    """Yield what is wrong with the programs that listen; none where nothing is.

    Arguments:
        probe: what was witnessed.
    """
    if probe.restarts is not None:
        yield "restarts"
    if is_pile(probe.unclosed):
        yield "unclosed"
    for owner in {owner.pid: owner for row in probe.listeners for owner in row.owners}.values():
        if owner.state is not None:
            yield "owner:halted"
        if owner.program_was is not None:
            yield "owner:program"
        if owner.directory_was is not None:
            yield "owner:directory"
        if is_out_of_descriptors(owner):
            yield "owner:descriptors"
        if never_listens(owner.name):
            yield "owner:no-server"


def _of_service(identity: Identity) -> Iterator[str]:
    """What was learned of the service: ``protocol``, ``behaviour:silent``, ``trait:open-cors``."""
    yield "identity"
    if identity.protocol is not None:
        yield "protocol"
    yield f"behaviour:{identity.behaviour}"
    for trait in identity.traits:
        yield f"trait:{trait}"
    if identity.authentication is not None:
        yield f"authentication:{identity.authentication}"
    if identity.tls is not None:
        yield "tls"
    if identity.status is not None and identity.status >= 500:
        yield "status:error"
    if identity.unanswered is not None:
        yield "unanswered"


def subjects_of(
    classification: Classification, probes: Mapping[int, Probe] | None = None
) -> tuple[Subject, ...]:
    """Return every endpoint of a text as the rules look at it.

    Arguments:
        classification: the text as it was read.
        probes: evidence by index of the endpoint.
    """
    number = len(classification.endpoints)
    return tuple(subject_of(classification, index, probes) for index in range(number))


def subject_of(
    classification: Classification, index: int, probes: Mapping[int, Probe] | None
) -> Subject:
    """Return one endpoint as the rules look at it; its connection is concluded here, once.

    Arguments:
        classification: the text as it was read.
        index: of the endpoint.
        probes: evidence by index of the endpoint.
    """
    endpoint = classification.endpoints[index]
    probe = probes.get(index) if probes else None
    if probe is None:
        return Subject(classification, endpoint)
    from checks.findings.connection.conclusion import conclude  # noqa: PLC0415 - where a machine was asked

    number = endpoint.port.number if endpoint.port else None
    return Subject(classification, endpoint, probe, conclude(probe, number))
