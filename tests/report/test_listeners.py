"""What is said of each listener hangs on that listener and its port, not on the others."""

from __future__ import annotations

from findings.records import PYTHON, listener, machine
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.findings import wording
from checks.model.evidence import Activation, Listener, Owner, Relay, Unit
from checks.report.listeners import Entry, entries

PORTS = st.sampled_from([22, 53, 80, 2375, 5432, 9229, 62893])
NAMES = st.sampled_from(["nginx", "postgres", "sshd", "docker-proxy", "node", ""])
OWNERS = st.lists(
    st.builds(
        Owner,
        pid=st.integers(1, 3),
        name=NAMES,
        command=st.sampled_from([None, "node --inspect", "nc -l 80"]),
        user=st.sampled_from([None, "root", "ann"]),
        started=st.none(),
        started_by=st.sampled_from([None, "systemd unit nginx.service"]),
        main=st.booleans(),
        state=st.sampled_from([None, "stopped", "traced"]),
    ),
    max_size=3,
).map(tuple)
UNITS = st.builds(
    Unit,
    kind=st.sampled_from(["systemd", "docker", "podman"]),
    name=st.sampled_from(["nginx.service", "0123456789ab"]),
    uid=st.sampled_from([None, 1000]),
)
ACTIVATIONS = st.builds(
    Activation,
    kind=st.sampled_from(["systemd", "inetd"]),
    unit=st.sampled_from([None, "cups.socket"]),
    starts=st.sampled_from([None, "cups.service"]),
    running=st.booleans(),
)
RELAYS = st.builds(
    Relay,
    kind=st.sampled_from(["docker-proxy", "ssh"]),
    description=st.just("a relay"),
    target=st.sampled_from([None, "172.17.0.2:80"]),
    pid=st.sampled_from([None, 7]),
)
REACHES = {"0.0.0.0": "any", "::": "any", "127.0.0.1": "host", "::1": "host"}
"""Of an address; that of any other is ``network``."""

LISTENERS = st.builds(
    Listener,
    protocol=st.sampled_from(["tcp", "udp"]),
    address=st.sampled_from([*REACHES, "127.0.0.53", "192.168.1.5", "fe80::1", "2001:db8::5"]),
    port=PORTS,
    v6only=st.sampled_from([None, True, False]),
    queue=st.sampled_from([None, 0, 6]),
    backlog=st.sampled_from([None, 5]),
    uid=st.sampled_from([None, 0, 1000]),
    user=st.sampled_from([None, "root", "ann"]),
    inode=st.sampled_from([None, 1, 2]),
    unit=st.sampled_from([None, "nginx.service"]),
    owners=OWNERS,
    reach=st.just("network"),
    interface=st.sampled_from([None, "lo", "eth0"]),
    source=st.sampled_from(["netlink", "procfs", "psutil"]),
    managed_by=st.none() | UNITS,
    activation=st.none() | ACTIVATIONS,
    relay=st.none() | RELAYS,
).map(lambda row: row._replace(reach=REACHES.get(row.address, "network")))

FIELDS = st.sets(st.sampled_from([name for name in Listener._fields if name != "port"]))


@settings(max_examples=200)
@given(LISTENERS, LISTENERS, FIELDS, st.sampled_from(["linux", "macos"]), st.booleans())
def test_listeners_of_different_ports_are_judged_as_if_alone(
    row: Listener, other: Listener, changed: set[str], system: str, blind: bool
) -> None:
    """Also where they are alike in some fields: what is known of one is given to no other."""
    other = row._replace(**{name: getattr(other, name) for name in changed}, port=row.port + 1)
    facts, unread = machine(system), ("tcp6",) if blind else ()
    together = entries([row, other], facts, unread)
    alone = [entry for one in (row, other) for entry in entries([one], facts, unread)]
    assert sorted(map(said, together)) == sorted(map(said, alone))


def said(entry: Entry) -> str:
    """What is said of a listener, and of which."""
    return repr((entry.listener, entry.codes, entry.severity, entry.likely))


def test_the_findings_of_an_entry_have_its_codes() -> None:
    """The short answer and the full one are the same."""
    rows = [listener("0.0.0.0"), listener("127.0.0.1", port=80), listener("::", v6only=False)]
    for entry in entries(rows, machine()):
        assert entry.codes == tuple(dict.fromkeys(one.finding.code for one in entry.findings()))
        assert entry.codes


def test_every_socket_of_a_port_that_is_open_to_others_is_said_to_be() -> None:
    """Also where several processes share address and port, and the message names one."""
    workers = [PYTHON._replace(pid=pid) for pid in (1, 2, 3)]
    made = entries([listener("0.0.0.0", worker) for worker in workers], machine())
    assert [entry.codes for entry in made] == [("E502", "B408")] * 3
    assert [entry.severity for entry in made] == ["warning"] * 3
    for entry in made:
        for found in entry.findings():
            assert wording.listener_line(entry.listener) in found.match.evidence
