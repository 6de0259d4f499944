"""N802, and C302 beside it, on made evidence: where a listener is, and what is not known."""

from __future__ import annotations

import pytest
from findings.records import (
    PORT,
    PYTHON,
    TARGET,
    attempt,
    codes,
    listener,
    machine,
    probe,
    speaks,
    the,
)

from checks.findings import verdict
from checks.model.evidence import (
    Interface,
    Listener,
    NamespaceListener,
    Namespaces,
    Owner,
    Probe,
    Relay,
    Unit,
)
from checks.text import classify

BRIDGE = (Interface("lo", "127.0.0.1", 8), Interface("docker0", "172.17.0.1", 16))
DOCKER = Unit("docker", "0a1b2c3d4e5f")
APP = Owner(800, "app", "app --serve", "root", None)


def inside(
    row: Listener | None = None,
    unit: Unit | None = DOCKER,
    *,
    addresses: tuple[str, ...] = ("172.17.0.2",),
    container: str | None = "web",
    why: str = "port",
) -> NamespaceListener:
    """A listener of a container."""
    row = row or listener("0.0.0.0", APP)
    return NamespaceListener(
        row._replace(managed_by=unit), why, 800, 4026532177, addresses, container
    )


def refused(*found: NamespaceListener, hidden: tuple[str, ...] = ()) -> Probe:
    """A refusal, and what other namespaces have."""
    return probe(attempt("refused"), at=machine(interfaces=BRIDGE))._replace(
        namespaces=Namespaces(found, 3, not hidden, hidden)
    )


def said(evidence: Probe) -> str:
    """The verdict."""
    return verdict(classify(TARGET), {0: evidence})


def test_the_container_and_its_address_are_named() -> None:
    """The verdict has process, container, and where this machine reaches it."""
    evidence = refused(inside())
    assert said(evidence) == (
        f"No program listens on {TARGET} in this network namespace. app (pid 800) listens on"
        f" 0.0.0.0:{PORT} in the Docker container web; from this machine it is 172.17.0.2:{PORT}."
    )
    texts = [fix.text for fix in the("C302", TARGET, evidence).match.fix]
    assert texts[0] == f"Connect to 172.17.0.2:{PORT} instead."
    assert f"docker run -p 127.0.0.1:{PORT}:{PORT}" in texts[1]
    assert "Start the program that should listen there." not in texts


@pytest.mark.parametrize(
    ("unit", "container", "words"),
    [
        (DOCKER, None, "in the Docker container 0a1b2c3d4e5f"),
        (Unit("podman", "0a1b"), "db", "in the Podman container db"),
        (Unit("kubernetes", "0a1b"), None, "in the Kubernetes container 0a1b"),
        (Unit("machine", "deb"), "deb", "in the systemd machine deb"),
        (Unit("systemd", "web.service"), None, "in the network namespace of web.service"),
        (None, None, "in another network namespace"),
    ],
)
def test_what_kind_of_namespace_it_is(unit: Unit | None, container: str | None, words: str) -> None:
    """By the control group of its processes."""
    found = inside(unit=unit, container=container)
    assert words in the("N802", TARGET, refused(found)).match.message


@pytest.mark.parametrize(
    ("row", "addresses", "reached"),
    [
        (listener("0.0.0.0", APP), ("172.17.0.2",), True),
        (listener("172.17.0.2", APP), ("172.17.0.2",), True),
        (listener("::", APP), ("172.17.0.2",), True),
        (listener("::", APP, v6only=True), ("172.17.0.2",), False),
        (listener("127.0.0.1", APP), ("172.17.0.2",), False),
        (listener("0.0.0.0", APP), ("10.9.0.2",), False),  # in no network of this machine
        (listener("0.0.0.0", APP), ("172.17.0.1",), False),  # this machine has the address, too
        (listener("0.0.0.0", APP), (), False),
    ],
)
def test_an_address_is_told_where_it_is_reached(
    row: Listener, addresses: tuple[str, ...], reached: bool
) -> None:
    """Only where this machine is in its network, and the listener takes it."""
    found = the("N802", TARGET, refused(inside(row, addresses=addresses))).match
    assert ("from this machine it is 172.17.0.2" in found.message) == reached
    assert any(fix.text.startswith("Connect to") for fix in found.fix) == reached


def test_the_one_that_can_be_reached_is_told_first() -> None:
    """Of several; the others are counted."""
    closed = inside(listener("127.0.0.1", PYTHON), container="cache")
    text = the("N802", TARGET, refused(closed, inside())).match.message
    assert text.startswith("app (pid 800) listens on 0.0.0.0")
    assert "So does python3 (pid 4242) in the Docker container cache." in text


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (
            (inside(listener("127.0.0.1", APP), why="relay"),),
            f"There, in the Docker container web, app (pid 800) listens on 127.0.0.1:{PORT} only,"
            " which the relay does not reach.",
        ),
        (
            (inside(why="relay", unit=None),),
            f"There app (pid 800) listens on 0.0.0.0:{PORT} and ends them.",
        ),
        ((), "There no program listens on port 80."),
    ],
)
def test_what_is_behind_a_relay(found: tuple[NamespaceListener, ...], words: str) -> None:
    """The container's own table says why a relay closes at once."""
    relay = Relay("docker-proxy", "a published port", "172.17.0.2:80", 7, "docker", "web")
    proxy = listener("127.0.0.1", Owner(7, "docker-proxy", None, "root", None), relay=relay)
    evidence = probe(
        attempt("accepted"),
        listeners=(proxy,),
        relay=relay,
        identity=speaks(None, behaviour="closed"),
    )._replace(namespaces=Namespaces(found, 1, True, (), "172.17.0.2:80"))
    assert the("C314", TARGET, evidence).match.message.endswith(words)
    assert words in said(evidence)


def test_a_hidden_owner_is_not_absent() -> None:
    """A user sees the listener in the table, and not its process."""
    row = listener("0.0.0.0", user="root", uid=0, no_owner="other-user")
    text = the("N802", TARGET, refused(inside(row))).match.message
    assert text.startswith("A process of user root (its pid is not visible here) listens on")


def test_containers_that_could_not_be_looked_at() -> None:
    """With hidden processes "nothing" holds for this namespace, and that is said."""
    evidence = refused(hidden=("docker0",))
    assert "in this network namespace. Containers could not be checked." in said(evidence)
    text = the("C302", TARGET, evidence).match.message
    assert "(docker0)" in text
    assert "hidden from this user" in text


def test_an_ordinary_desktop_is_not_told_of_namespaces() -> None:
    """Browsers have namespaces, too; without a listener on the port there is nothing to say."""
    evidence = refused()
    assert said(evidence) == f"{TARGET} refused the connection: no program listens there."
    assert "namespace" not in the("C302", TARGET, evidence).match.message
    assert "N802" not in codes(TARGET, evidence)


def test_a_name_cannot_break_a_sentence() -> None:
    """A container's name comes from outside."""
    text = the("N802", TARGET, refused(inside(container="a\nb" + "x" * 300))).match.message
    assert "\n" not in text
    assert len(text) < 300
