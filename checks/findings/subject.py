"""The subject of the rules: an endpoint of a text, its evidence, and what that adds up to."""

from __future__ import annotations

from checks.findings.base import Subject

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from checks.model.evidence import Probe
    from checks.text import Classification


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
