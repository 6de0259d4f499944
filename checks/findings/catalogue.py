"""Every finding, one line each, in the order of the reference.

A finding is a class in a file of its own, which is loaded when the finding is first
asked: all of them together would make one diagnosis 6 % slower to start. Which are
asked is decided by what the endpoint has (:mod:`checks.findings.features`).
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from checks.findings.base import Finding

GROUPS = {
    "A": "Address",
    "P": "Port",
    "C": "Connection",
    "B": "Binding",
    "E": "Exposure",
    "S": "Service",
    "O": "Owner",
    "N": "Surroundings",
}
"""Title of each group by the letter of its codes, in the order of an index."""

LINES: tuple[tuple[str, str, str], ...] = (
    ("A101", "loopback", "loopback"),
    ("A102", "other-loopback-address", "loopback"),
    ("A103", "unspecified-address", "unspecified wildcard"),
    ("A104", "private-address", "private"),
    ("A105", "link-local-address", "link-local"),
    ("A106", "documentation-address", "documentation"),
    ("A107", "multicast-or-broadcast", "multicast broadcast"),
    ("A108", "global-address", "global"),
    ("A109", "special-purpose-address", "special"),
    ("A110", "embeds-ipv4", "ipv6"),
    ("A111", "ambiguous-spelling", "spelling"),
    ("A112", "legacy-spelling", "spelling"),
    ("A113", "invalid-address", "invalid"),
    ("A114", "localhost-name", "name"),
    ("A115", "host-alias-name", "name"),
    ("A116", "name-carries-address", "name"),
    ("P201", "port-zero", "port:zero"),
    ("P202", "privileged-port", "port:system port:guarded"),
    ("P203", "browser-blocked-port", "port:blocked"),
    ("P204", "ephemeral-port", "port:system port:user port:dynamic"),
    ("P205", "dynamic-port-outside-ephemeral-range", "port:dynamic"),
    ("P206", "registered-port", "port:system port:user"),
    ("P207", "common-development-port", "port:used port:contested"),
    ("P208", "contested-port", "port:contested"),
    ("P209", "invalid-port", "port:invalid"),
    ("C301", "accepting", "C301"),
    ("C302", "nothing-listening", "C302"),
    ("C303", "refused-despite-listener", "C303"),
    ("C304", "dropped", "C304"),
    ("C305", "backlog-full", "C305"),
    ("C306", "rejected-by-policy", "C306"),
    ("C307", "unreachable", "C307"),
    ("C308", "name-not-resolved", "C308"),
    ("C309", "wrong-family", "C309"),
    ("C310", "wrong-loopback-address", "C310"),
    ("C311", "udp-only", "C311"),
    ("C312", "self-connect", "C312"),
    ("C313", "client-side-port", "C313"),
    ("C314", "accepts-then-closes", "behaviour:closed behaviour:reset"),
    ("C315", "accepts-silently", "behaviour:silent behaviour:hangs-up"),
    ("C316", "not-this-machine", "C316"),
    ("C317", "localhost-resolves-partially", "several-attempts"),
    ("C318", "left-alone", "C318"),
    ("C319", "localhost-two-programs", "several-attempts listener:shared"),
    ("C320", "connection-not-taken", "C320"),
    ("C321", "no-local-port", "C321"),
    ("C322", "unix-socket-accepts", "unix:accepted unix:left-alone"),
    ("C323", "unix-socket-stale", "unix:refused"),
    ("C324", "unix-socket-not-permitted", "unix:not-permitted"),
    ("C325", "unix-socket-absent", "unix:absent"),
    (
        "C326",
        "unix-socket-unusable",
        "unix:not-a-socket unix:too-long unix:wrong-type unix:unsupported unix:other-error",
    ),
    ("C327", "unix-socket-not-taken", "unix:queue-full unix:not-taken"),
    ("C328", "listens-on-unix-socket-only", "C328"),
    ("B401", "port-free", "bind:free"),
    ("B402", "port-in-use", "bind:in-use bind:client-port"),
    ("B403", "bound-not-listening", "bind:bound-not-listening"),
    ("B404", "time-wait", "bind:time-wait"),
    ("B405", "bind-not-permitted", "bind:not-permitted"),
    ("B406", "address-not-available", "bind:address-not-available"),
    ("B407", "port-reserved", "bind:reserved reserved-ports"),
    ("B408", "shared-listener", "listener:shared"),
    ("E501", "loopback-only", "listener:host"),
    ("E502", "listens-on-all-interfaces", "listener:any"),
    ("E503", "listens-on-network-address", "listener:network"),
    ("E504", "dual-stack-listener", "listener:dual"),
    ("E505", "unauthenticated-service", "authentication:none"),
    ("E506", "relayed", "relay"),
    ("E507", "owner-hidden", "listener:hidden"),
    ("S601", "service-identified", "identity"),
    ("S602", "unexpected-service", "protocol"),
    ("S603", "tls-mismatch", "protocol"),
    ("S604", "certificate-problem", "tls"),
    ("S605", "debug-interface-open", "trait:debug-interface trait:debug-pages"),
    ("S606", "accepts-any-host", "trait:accepts-any-host"),
    ("S607", "open-cors", "trait:open-cors trait:any-origin"),
    ("S608", "http-error-status", "status:error"),
    ("S609", "slow-answer", "unanswered"),
    ("S610", "busy-with-client", "C320"),
    ("O701", "owner-stopped", "owner:halted"),
    ("O702", "program-replaced", "owner:program"),
    ("O703", "out-of-descriptors", "owner:descriptors"),
    ("O704", "inherited-listener", "owner:no-server"),
    ("O705", "connections-not-closed", "unclosed"),
    ("O706", "restarted-again", "restarts"),
    ("O707", "working-directory-deleted", "owner:directory"),
    ("N801", "proxy-variable", "proxies"),
    ("N802", "listens-in-other-namespace", "namespaces"),
)
"""Code, slug, and the features of which any one is reason to ask.

The slug names file and class: ``port-free`` is ``PortFree`` in ``binding/port_free.py``. The
features only spare the others the time; a finding decides by itself whether it applies.
"""

_SLUGS = {code: slug for code, slug, _ in LINES}
_CODES = {slug: code for code, slug, _ in LINES}
_BY_FEATURE: dict[str, list[str]] = {}
for _code, _, _features in LINES:
    for _feature in _features.split():
        _BY_FEATURE.setdefault(_feature, []).append(_code)

_loaded: dict[str, type[Finding]] = {}
_asked: dict[str, dict[type[Finding], None]] = {}


def finding(code: str) -> type[Finding]:
    """Return the finding with that code.

    Raises:
        KeyError: there is none.
    """
    found = _loaded.get(code)
    if found is None:
        found = _loaded[code] = _load(code, _SLUGS[code])
    return found


def by_key(key: str) -> type[Finding] | None:
    """Return the finding with that code (``C302``) or slug, in any case; None for no such key."""
    key = key.strip().lower()
    code = _CODES.get(key, key.upper())
    return finding(code) if code in _SLUGS else None


def every() -> tuple[type[Finding], ...]:
    """Return all findings, in the order of the reference."""
    return tuple(map(finding, _SLUGS))


def asked(features: Iterable[str]) -> Iterable[type[Finding]]:
    """Return the findings that may apply to what has these features, each once."""
    key = tuple(features)
    if key not in _together:
        if len(_together) >= _MOST_TOGETHER:
            _together.clear()
        _together[key] = tuple(_of_features(key))
    return _together[key]


_together: dict[tuple[str, ...], tuple[type[Finding], ...]] = {}
_MOST_TOGETHER = 256
"""The endpoints of a table have one of a few sets of features: 1,000 rows of netstat 8."""


def _of_features(features: tuple[str, ...]) -> dict[type[Finding], None]:
    found: dict[type[Finding], None] = {}
    for feature in features:
        if feature in _BY_FEATURE:
            if feature not in _asked:
                _asked[feature] = dict.fromkeys(map(finding, _BY_FEATURE[feature]))
            found.update(_asked[feature])
    return found


def _load(code: str, slug: str) -> type[Finding]:
    """Import the file of a finding; a door, as the catalogue has to name them all."""
    name = slug.title().replace("-", "")
    path = f"checks.findings.{GROUPS[code[0]].lower()}.{slug.replace('-', '_')}"
    module = __import__(path, fromlist=(name,))
    found: type[Finding] = getattr(module, name)
    return found
