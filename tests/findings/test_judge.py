"""judge() and verdict(): one verdict for any evidence, in a useful order, for any text."""

from __future__ import annotations

import pytest
from findings.records import (
    BESIDE,
    NODE,
    PORT,
    PYTHON,
    TARGET,
    attempt,
    binding,
    codes,
    findings,
    listener,
    machine,
    peer,
    probe,
    resolves,
    speaks,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from checks import report
from checks.findings import (
    CATALOGUE,
    Subject,
    catalogue,
    judge,
    judged,
    subjects_of,
    verdict,
    wording,
)
from checks.findings.connection import conclusion
from checks.findings.features import features_of, subject_of
from checks.model.evidence import (
    Answer,
    Attempt,
    Binding,
    Icmp,
    Identity,
    Listener,
    LocalPorts,
    NamespaceListener,
    Namespaces,
    Owner,
    Peer,
    PortHolder,
    Probe,
    Relay,
    Tls,
    Unit,
)
from checks.model.words import SEVERITIES
from checks.report import selection
from checks.rules import spared
from checks.rules.protocols import BY_NAME
from checks.text import classify

ADDRESSES = ["127.0.0.1", "127.0.0.2", "::1", "192.168.1.5", "2001:db8::5", "192.0.2.9"]
BOUND = [*ADDRESSES, "0.0.0.0", "::", "::ffff:127.0.0.1", "fe80::1%eth0", "nonsense"]
OUTCOMES = [
    "accepted", "self-connected", "refused", "timed-out", "reset", "rejected", "unreachable",
    "address-not-available", "unsupported", "skipped",
]  # fmt: skip
REASONS = [
    "other-machine", "no-interface", "needs-zone", "no-socket", "not-taken", "single-use",
    "debugger", "starts-service", "loopback-down", "reset-at-once", "no-local-port",
]  # fmt: skip
TRAITS = [
    "debug-interface", "debug-pages", "accepts-any-host", "open-cors", "any-origin", "tls-only",
    "plain-only",
]  # fmt: skip
BEHAVIOURS = ["spoke-first", "answered", "silent", "closed", "reset", "refused", "not-asked"]
STATES = ["established", "time-wait", "bound", "syn-sent", "close-wait", "fin-wait-2"]
BINDS = [
    "free", "in-use", "bound-not-listening", "time-wait", "client-port", "not-permitted",
    "address-not-available", "reserved", "unsupported", "not-tried",
]  # fmt: skip
TEXTS = [
    TARGET,
    f"https://127.0.0.1:{PORT}/",
    "redis://localhost",
    "127.0.0.1:443",
    f"[::1]:{PORT}",
    f"localhost:{PORT}",
    f"192.168.1.5:{PORT}",
    f":{PORT}",
]

_owners = st.lists(
    st.builds(
        Owner,
        pid=st.integers(1, 99999),
        name=st.sampled_from(["", "nginx", "python3", "\u202egnp.exe"]),
        command=st.none(),
        user=st.none(),
        started=st.none(),
        started_by=st.none(),
        directory=st.none(),
        parent=st.none(),
        main=st.booleans(),
    ),
    max_size=3,
).map(tuple)
_count = st.none() | st.integers(0, 3)


@st.composite
def _listeners(draw: st.DrawFn) -> Listener:
    return listener(
        draw(st.sampled_from(BOUND)),
        *draw(_owners),
        protocol=draw(st.sampled_from(["tcp", "udp"])),
        v6only=draw(st.none() | st.booleans()),
        queue=draw(_count),
        backlog=draw(_count),
        user=draw(st.none() | st.just("www")),
        uid=draw(_count),
        unit=draw(st.none() | st.just("x.service")),
        interface=draw(st.none() | st.sampled_from(["lo", "eth0"])),
    )


_text = st.sampled_from(["", "a  b\n", "nginx", "1.2.3", "\u202egnp", "\ud800", "x" * 500, "Redis"])
_byte = st.integers(0, 255)
_attempts = st.builds(
    Attempt,
    address=st.sampled_from(ADDRESSES),
    outcome=st.sampled_from(OUTCOMES),
    errno=st.none() | st.sampled_from(["ECONNREFUSED", "EPERM", "EHOSTUNREACH"]),
    milliseconds=st.none() | st.floats(0, 5000),
    attempts=st.integers(1, 2),
    detail=st.none() | st.just("the loopback interface lo is down"),
    reason=st.none() | st.sampled_from(REASONS),
    icmp=st.none()
    | st.builds(
        Icmp, st.sampled_from([4, 6]), _byte, _byte, st.none() | st.sampled_from(ADDRESSES)
    ),
)
_ends = st.sampled_from([TARGET, "127.0.0.1:5432", f"192.168.1.5:{PORT}"])
_peers = st.builds(
    Peer,
    protocol=st.just("tcp"),
    state=st.sampled_from(STATES),
    local=_ends,
    remote=st.none() | _ends,
    owners=_owners,
)
_bindings = st.builds(
    Binding,
    address=st.sampled_from(BOUND),
    port=st.just(PORT),
    outcome=st.sampled_from(BINDS),
    errno=st.none() | st.just("EADDRINUSE"),
    errno_reuse=st.none() | st.just("EADDRINUSE"),
    detail=st.none(),
)
_answers = st.builds(
    Answer,
    who=st.just("getaddrinfo"),
    addresses=st.lists(st.sampled_from(ADDRESSES), max_size=2).map(tuple),
    error=st.none() | st.just("EAI_NONAME"),
)

_said = st.none() | _text
_tls = st.builds(
    Tls,
    version=st.none() | st.just("TLSv1.3"),
    alpn=_said,
    subject=_said,
    issuer=_said,
    names=st.lists(_text, max_size=7).map(tuple),
    not_before=st.none(),
    not_after=st.none() | st.just("2027-01-01T00:00:00Z"),
    self_signed=st.none() | st.booleans(),
    expired=st.none() | st.booleans(),
    problem=st.none()
    | st.sampled_from(["The certificate does not name ::1.", "The handshake failed: x"]),
)
_identities = st.builds(
    Identity,
    protocol=st.none() | st.sampled_from([*BY_NAME, "gopher"]),
    product=_said,
    version=_said,
    details=st.lists(st.tuples(st.sampled_from(["title", "server"]), _text), max_size=2).map(tuple),
    tls=st.none() | _tls,
    authentication=st.sampled_from([None, "none", "required"]),
    traits=st.lists(st.sampled_from(TRAITS), max_size=4).map(tuple),
    behaviour=st.sampled_from(BEHAVIOURS),
    evidence=st.just(("sent nothing: nothing in 60 ms",)),
    milliseconds=st.floats(0, 1000),
    connections=st.integers(0, 9),
    bytes=st.integers(0, 16384),
)
_relays = st.builds(
    Relay,
    kind=st.sampled_from(["docker-proxy", "ssh", "wsl", "editor", "other"]),
    description=st.just("a published port of a Docker container"),
    target=st.none() | st.sampled_from(["172.17.0.2:80", "x" * 400]),
    pid=st.none() | st.integers(1, 99999),
)


_holders = st.lists(
    st.builds(PortHolder, owner=_owners.filter(bool).map(lambda owners: owners[0]),
              ports=st.integers(1, 9)), max_size=3,
).map(tuple)  # fmt: skip
_local_ports = st.builds(
    LocalPorts,
    source=st.sampled_from(ADDRESSES),
    endpoint=st.just(TARGET),
    connections=st.integers(0, 30000),
    others=st.integers(0, 30000),
    time_wait=st.integers(0, 30000),
    close_wait=st.integers(0, 30000),
    holders=_holders,
    reuse=st.none() | st.integers(0, 2),
)
_units = st.builds(
    Unit,
    kind=st.sampled_from(["systemd", "docker", "podman", "kubernetes", "lxc", "other"]),
    name=_text,
)


@st.composite
def _namespaces(draw: st.DrawFn) -> Namespaces:
    inside = st.builds(
        NamespaceListener,
        listener=st.builds(
            lambda row, unit: row._replace(managed_by=unit), _listeners(), st.none() | _units
        ),
        why=st.sampled_from(["port", "connection", "relay"]),
        pid=st.integers(1, 99999),
        namespace=st.none() | st.just(4026532177),
        addresses=st.lists(st.sampled_from([*ADDRESSES, "192.168.1.9", "x"])).map(tuple),
        container=st.none() | _text,
        arrived=st.none() | st.just("172.17.0.2:80"),
    )
    return Namespaces(
        draw(st.lists(inside, max_size=4).map(tuple)),
        draw(st.integers(0, 60)),
        draw(st.booleans()),
        draw(st.sampled_from([(), ("docker0",), ("docker0", "veth1a2b")])),
        draw(st.none() | st.sampled_from(["172.17.0.2:80", "x"])),
    )


@st.composite
def _probes(draw: st.DrawFn) -> Probe:
    return probe(
        *draw(st.lists(_attempts, min_size=1, max_size=3)),
        listeners=draw(st.lists(_listeners(), max_size=3).map(tuple)),
        others=draw(st.lists(_peers, max_size=3).map(tuple)),
        bindings=draw(st.lists(_bindings, max_size=2).map(tuple)),
        resolution=draw(st.none() | _answers),
        at=machine(draw(st.sampled_from(["linux", "macos", "windows", "freebsd"]))),
        relay=draw(st.none() | _relays),
        identity=draw(st.none() | _identities),
    )._replace(
        local_ports=draw(st.none() | _local_ports), namespaces=draw(st.none() | _namespaces())
    )


@settings(max_examples=400, deadline=None)
@given(text=st.sampled_from(TEXTS), evidence=_probes())
def test_any_evidence_is_judged(text: str, evidence: Probe) -> None:
    """What holds for whatever the witnesses say; an example takes longer to make than to judge."""
    _has_exactly_one_verdict(text, evidence)
    _a_match_names_the_rows_that_it_is_about(text, evidence)
    _is_told_in_whole_sentences(text, evidence)
    _no_rule_is_left_out(text, evidence)


def _has_exactly_one_verdict(text: str, evidence: Probe) -> None:
    """However the witnesses contradict each other, one finding explains the connection."""
    # Where connections wait in vain none is made, and that is a verdict, too. So it is where
    # one would harm what listens, and where the interface is missing.
    tried = any(
        one.outcome != "skipped"
        or one.taken is False
        or spared.is_spared(one, evidence)
        or one.reason == "no-interface"
        for one in evidence.attempts
    )
    unresolved = evidence.resolution is not None and not evidence.resolution.addresses
    verdicts = [code for code in codes(text, evidence, "C") if code not in BESIDE]
    assert len(verdicts) == (1 if tried or unresolved else 0)
    beside = [code for code in codes(text, evidence, "C") if code in ("C314", "C315")]
    accepted = any(
        one.outcome == "accepted" or spared.is_spared(one, evidence) for one in evidence.attempts
    )
    assert len(beside) <= (1 if accepted and evidence.identity else 0)


def _a_match_names_the_rows_that_it_is_about(text: str, evidence: Probe) -> None:
    """They are rows of the evidence; what its lines say of a listener is said of one of them."""
    for found in findings(text, evidence):
        match = found.match
        assert set(match.listeners) <= set(evidence.listeners)
        if found.finding.code[0] == "E" and found.finding.code != "E506":
            lines = {wording.listener_line(row) for row in match.listeners}
            assert lines >= {line for line in match.evidence if line.startswith("netlink: ")}


def test_sockets_that_share_an_address_are_all_meant() -> None:
    """The workers of SO_REUSEPORT are open to others alike, though one is named."""
    rows = (listener("0.0.0.0", PYTHON), listener("0.0.0.0", NODE))
    evidence = probe(attempt("accepted"), listeners=(*rows, listener("::1", PYTHON)))
    (found,) = [one for one in findings(TARGET, evidence) if one.finding.code == "E502"]
    assert found.match.listeners == rows
    (said,) = [one for one in findings(TARGET, evidence) if one.finding.code == "C301"]
    assert said.match.listeners == rows


def test_what_is_bound_to_no_address_is_told() -> None:
    """A pasted report may have anything in the place of an address."""
    evidence = probe(
        attempt("accepted"),
        listeners=(listener("nonsense"),),
        bindings=(binding("in-use", "nonsense", "EADDRINUSE"),),
    )
    assert "B402" in codes(f"127.0.0.1:{PORT}", evidence)


def _is_told_in_whole_sentences(text: str, evidence: Probe) -> None:
    """No message breaks off, and none shows a value that is missing."""
    messages = [found.match.message for found in findings(text, evidence)]
    messages.append(verdict(classify(text), {0: evidence}))
    for message in messages:
        assert message.endswith(".")
        assert "None" not in message
        assert "  " not in message


@settings(max_examples=300, deadline=None)
@given(st.text())
def test_any_text_can_be_judged(text: str) -> None:
    """Rules are total: whatever classify makes of a text can be judged."""
    classification = classify(text)
    for found in judge(classification):
        assert found.severity in SEVERITIES
        assert found.endpoint is not None
        assert 0 <= found.endpoint < len(classification.endpoints)
    assert verdict(classification)


def test_worst_comes_first() -> None:
    """Errors, warnings, notices, then what is well, then what is merely so."""
    evidence = probe(
        attempt("accepted"),
        listeners=(listener("127.0.0.1", PYTHON), listener("0.0.0.0", NODE)),
        bindings=(binding("in-use", errno="EADDRINUSE"),),
    )
    order = ["error", "warning", "notice", "ok", "info"]
    ranks = [order.index(found.severity) for found in findings("0.0.0.0:62893", evidence)]
    assert ranks == sorted(ranks)
    assert len(set(ranks)) > 2


def test_connection_comes_before_binding() -> None:
    """Of two errors the one that answers "can I connect" leads."""
    evidence = probe(
        attempt("refused"), bindings=(binding("bound-not-listening", errno="EADDRINUSE"),)
    )
    assert codes(TARGET, evidence)[:2] == ["C302", "B403"]


def test_each_endpoint_is_judged_by_its_own_evidence() -> None:
    """Evidence belongs to the endpoint with its index."""
    classification = classify(f"proxy from 127.0.0.1:80 to 127.0.0.1:{PORT}")
    found = judge(classification, {1: probe(attempt("refused"))})
    assert [(one.finding.code, one.endpoint) for one in found if one.severity == "error"] == [
        ("C302", 1)
    ]
    assert {one.endpoint for one in found} == {0, 1}


@pytest.mark.parametrize("text", ["", "   ", "nothing to see here", "ECONNREFUSED"])
def test_text_without_endpoints_has_no_findings(text: str) -> None:
    """An error message leads to pages by its own table; nothing is made up."""
    assert judge(classify(text)) == ()


def test_without_evidence_no_machine_is_spoken_of() -> None:
    """In the browser only what the text tells is said."""
    assert not {code[0] for code in codes(f"localhost:{PORT}")} & set("CBE")


def test_found_is_the_json_of_the_contract() -> None:
    """The keys and kinds that reports print."""
    evidence = probe(attempt("refused"))
    data = findings(TARGET, evidence)[0].to_dict()
    assert list(data) == [
        "code", "slug", "severity", "title", "message", "fix", "evidence", "endpoint", "url",
        "page",
    ]  # fmt: skip
    assert data["code"] == "C302"
    assert data["evidence"] == [
        f"connect {TARGET}: ECONNREFUSED, 0.2 ms",
        f"socket table: no TCP listener accepts connections to {TARGET}",
    ]


VERDICTS = {
    "listener on loopback": (
        TARGET,
        probe(attempt("accepted"), listeners=(listener("127.0.0.1", PYTHON),)),
        f"{TARGET} answers: python3 (pid 4242) listens there, and only this machine can reach it.",
    ),
    "listener on all": (
        TARGET,
        probe(attempt("accepted"), listeners=(listener("0.0.0.0", PYTHON),)),
        f"{TARGET} answers: python3 (pid 4242) listens on every address of this machine, so other"
        " machines may reach it too.",
    ),
    "by name": (
        f"localhost:{PORT}",
        probe(
            attempt("accepted", "::1"),
            listeners=(listener("::1", NODE),),
            resolution=resolves("::1", "127.0.0.1"),
        ),
        f"localhost:{PORT} answers on [::1]:{PORT}: node (pid 99) listens there, and only this"
        " machine can reach it.",
    ),
    "nothing": (
        TARGET,
        probe(attempt("refused")),
        f"{TARGET} refused the connection: no program listens there.",
    ),
    "elsewhere": (
        TARGET,
        probe(attempt("refused"), listeners=(listener("192.168.1.5", PYTHON),)),
        f"{TARGET} refused the connection: python3 (pid 4242) listens on 192.168.1.5:{PORT}"
        " instead.",
    ),
    "dropped": (
        TARGET,
        probe(attempt("timed-out")),
        f"{TARGET} does not answer: a firewall drops the packets.",
    ),
    "client port": (
        TARGET,
        probe(attempt("refused"), others=(peer("established", TARGET, "127.0.0.1:80", NODE),)),
        f"{TARGET} refused the connection: node (pid 99) uses the port as its end of a connection.",
    ),
    "not resolved": (
        "nosuch.example:80",
        probe(resolution=resolves(error="EAI_NONAME"), outcome="not-resolved"),
        "This system finds no address for nosuch.example.",
    ),
    "resolver silent": (
        "db.example:80",
        probe(resolution=resolves(error="ETIMEDOUT"), outcome="not-resolved"),
        "The resolver did not answer in time, so no address was found for db.example.",
    ),
}


@pytest.mark.parametrize(("text", "evidence", "words"), VERDICTS.values(), ids=list(VERDICTS))
def test_verdict_with_evidence(text: str, evidence: Probe, words: str) -> None:
    """The one sentence that a person would say."""
    assert verdict(classify(text), {0: evidence}) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "127.0.0.1:62893",
            "127.0.0.1 is loopback: it never leaves this machine. 62893 is a dynamic port: no"
            " service is registered for it.",
        ),
        ("0x7f.1", "0x7f.1 is 127.0.0.1, which is loopback: it never leaves this machine."),
        ("127.0.0.256", '"127.0.0.256" is neither an address nor a host name. A part is over 255.'),
        ("10.0.0.0/8", "10.0.0.0/8 is an address of a private network."),
        ("0.0.0.0/0", "0.0.0.0/0 is every IPv4 address."),
        ("62893", "62893 is a dynamic port: no service is registered for it. macOS and Windows may"
         " assign it to any outgoing connection, but Linux does not."),
        ("", "There is nothing to check: the text is empty."),
        ("hello there", "The text holds no address, name or port."),
    ],
)  # fmt: skip
def test_verdict_without_evidence(text: str, words: str) -> None:
    """What the text is, where no machine was asked."""
    assert verdict(classify(text)) == words


@pytest.mark.parametrize(
    "text",
    [
        "127.0.0.1:62893", "localhost:62893", "0.0.0.0:62893", "[fe80::1%eth0]:62893",
        "0x7f.1:8080", "host.docker.internal:3000", "[::ffff:127.0.0.1]:62893", "192.0.2.1:62893",
        "62893",
    ],
)  # fmt: skip
def test_a_verdict_of_an_endpoint_is_short(text: str) -> None:
    """At most 25 words in all, with host and port: the rest is a fact below."""
    said = verdict(classify(text))
    assert len(said.split()) <= 25
    assert text.rpartition(":")[2] in said


def test_verdict_of_an_error_message() -> None:
    """An error message is explained in its own words."""
    classification = classify("connect ECONNREFUSED 127.0.0.1:5432")
    assert classification.error is not None
    assert verdict(classification) == classification.error.says
    assert verdict(classification, index=7) == classification.error.says


@pytest.mark.parametrize(
    ("text", "failed"),
    [
        (
            "the API runs on http://0.0.0.0:9090\n"
            "Failed to connect to db.internal port 6543: Connection refused"
            " (see https://curl.se/libcurl/c/libcurl-errors.html)",
            "db.internal",
        ),
        (
            'client: 203.0.113.9, server: shop.test, upstream: "http://127.0.0.1:9001/":'
            " connect() failed (111: Connection refused)",
            "127.0.0.1",
        ),
        ("listening on 0.0.0.0:7070\ngetaddrinfo ENOTFOUND cache.internal", "cache.internal"),
    ],
)
def test_error_is_said_of_its_endpoint_only(text: str, failed: str) -> None:
    """A listener, a caller and a link did not fail: they are told as what they are."""
    read = classify(text)
    assert read.error is not None
    said = {
        end.host.text: verdict(read, index=number)
        for number, end in enumerate(read.endpoints)
        if end.host
    }
    assert len(said) > 1
    assert {host for host, words in said.items() if words == read.error.says} == {failed}


@pytest.mark.parametrize(
    "text",
    [
        "127.0.0.1", "127.0.0.2", "0x7f.1", "010.0.0.1", "::1", "::ffff:127.0.0.1", "fe80::1%lo",
        "*:80", "127.0.0.256", "localhost", "host.docker.internal", "127.0.0.1.nip.io", "8.8.8.8",
        "10.0.0.0/8", "myhost", "example.com", ":80", "0.0.0.0", "ff02::1", "2001:db8::1",
    ],
)  # fmt: skip
def test_no_rule_is_left_out_for_speed(text: str) -> None:
    """Asking every rule gives what asking the likely ones gives."""
    classification = classify(text)
    (endpoint,) = classification.endpoints
    subject = Subject(classification, endpoint)
    applies = {rule.code for rule in CATALOGUE if not rule.needs_probe and rule.look(subject)}
    assert applies == set(codes(text))


def _no_rule_is_left_out(text: str, evidence: Probe) -> None:
    """What the features do not name would have had nothing to say."""
    classification = classify(text)
    subject = subject_of(classification, 0, {0: evidence})
    matches = {rule: rule.look(subject) for rule in CATALOGUE}
    asked = set(catalogue.asked(features_of(subject)))
    assert {rule.code for rule, match in matches.items() if match} <= {one.code for one in asked}


@pytest.mark.parametrize("outcome", ["accepted", "refused", "timed-out", "reset"])
def test_a_connection_is_concluded_once(outcome: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many findings rest on it; and only the one that explains it is asked."""
    real, concluded, looked = conclusion.conclude, [], []

    def conclude(evidence: Probe, port: int | None) -> conclusion.Conclusion | None:
        concluded.append(port)
        return real(evidence, port)

    monkeypatch.setattr(conclusion, "conclude", conclude)
    for rule in CATALOGUE:
        if rule.code.startswith("C"):
            monkeypatch.setattr(rule, "look", lambda _, code=rule.code: looked.append(code))
    evidence = probe(
        attempt(outcome), listeners=(listener("0.0.0.0", PYTHON),), identity=speaks("http")
    )
    made = report.conclude(classify(TARGET), {0: evidence})
    assert concluded == [PORT]
    assert len(looked) == 1
    assert made.verdict_of(0) == made.verdict
    assert selection.more(made) is not None
    assert concluded == [PORT]


@pytest.mark.parametrize("informed", [None, 0, 2, 6])
def test_each_endpoint_is_judged_as_if_it_were_the_only_one(informed: int | None) -> None:
    """A host that is written again has the same findings; in another role it may have others."""
    text = (
        "listen tcp 0.0.0.0:8081: bind: address already in use\n"
        "connect ECONNREFUSED 0.0.0.0:9092\n"
        "connect ECONNREFUSED 0.0.0.0:6000\n"
        "connect ECONNREFUSED 127.0.0.5:9092\n"
        "connect ECONNREFUSED 127.0.0.5:5000\n"
        "connect ECONNREFUSED 10.4.0.9:9092\n"
        "connect ECONNREFUSED 10.4.0.9:5000\n"
    )
    subjects = subjects_of(classify(text))
    assert {one.endpoint.role for one in subjects if one.endpoint} == {"listener", "target"}
    found = judged(subjects, informed)
    for index, subject in enumerate(subjects):
        whole = informed is None or index < informed
        alone = judged([subject], None if whole else 0)
        assert [one._replace(endpoint=0) for one in found if one.endpoint == index] == [*alone]
    assert informed is not None or {"A102", "A103", "P203"} <= {one.finding.code for one in found}
