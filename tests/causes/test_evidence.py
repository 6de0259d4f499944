"""What a text shows besides the error: a listener, a server that is said to run, another host."""

from __future__ import annotations

import pytest

from checks import causes
from checks.text import classify


def keys(text: str) -> list[str]:
    """The keys of the causes of a text, the likeliest first."""
    return [cause.key for cause in causes.explain(classify(text))]


REFUSED = "connect ECONNREFUSED 127.0.0.1:5436"
ROWS = [
    "LISTEN  0       244     0.0.0.0:5436         0.0.0.0:*",
    "tcp        0      0 127.0.0.1:5436          0.0.0.0:*               LISTEN      812/serve",
    "serve    4112 ann   22u  IPv4 123456      0t0  TCP *:5436 (LISTEN)",
]


@pytest.mark.parametrize("row", ROWS)
def test_a_row_of_the_port_speaks_against_a_server_that_does_not_run(row: str) -> None:
    """It listens, so the client is elsewhere; without the row it leads."""
    assert keys(REFUSED)[0] == "server-not-running"
    found = keys(f"{REFUSED}\n{row}")
    assert found[0] in ("client-in-container", "server-on-other-machine")
    other = keys(f"{REFUSED}\n{row.replace('5436', '5437')}")
    assert other[0] not in ("client-in-container", "server-on-other-machine")


def test_a_row_of_ipv4_explains_why_the_name_failed() -> None:
    """A client that took the empty host as IPv6 gets no answer where IPv4 listens."""
    row = "tcp        0      0 0.0.0.0:4242            0.0.0.0:*               LISTEN      812/stub"
    text = "(gdb) target remote :4242\n:4242: Connection timed out."
    assert keys(f"{text}\n{row}")[0] == "localhost-is-ipv6"
    assert keys(text)[0] == "firewall-rejects"


def test_a_row_of_ipv6_explains_why_ipv4_was_refused() -> None:
    """The other way round."""
    row = "LISTEN  0       244     [::1]:5436         [::]:*"
    assert keys(f"{REFUSED}\n{row}")[0] == "server-only-on-ipv6"


RUNS = [
    "but redis is up and running",
    "It fails while the server is running",
    "The server is running. What else is there?",
    "Both servers are running fine",
    "despite the broker running",
]
RUNS_NOT = [
    "Is the server running?",
    "Make sure the server is running.",
    "If the server is running, stop it",
    "maybe the server is not running",
    "the tests are running in parallel",
    "I see it when running the tests",
]


@pytest.mark.parametrize("words", RUNS)
def test_a_server_that_is_said_to_run_has_another_port_or_place(words: str) -> None:
    """What the person says of it counts against "not running"."""
    assert keys(f"Error 111 connecting to localhost:6380. Connection refused. {words}")[0] == (
        "wrong-port"
    )


@pytest.mark.parametrize("words", RUNS_NOT)
def test_a_doubt_or_advice_says_nothing(words: str) -> None:
    """A question, an advice and a negation are no such words."""
    assert keys(f"Error 111 connecting to localhost:6380. Connection refused. {words}")[0] == (
        "server-not-running"
    )


def test_a_dev_server_that_runs_is_not_its_back_end() -> None:
    """The proxy of a dev server prints its own address, and the error of another server."""
    text = "  Local:   http://localhost:5199/\n[vite] http proxy error: /api"
    assert keys(f"{text}\nAggregateError [ECONNREFUSED]")[0] == "server-not-running"


def test_the_port_of_a_proxy_is_not_the_one_of_the_server_behind_it() -> None:
    """It printed its own port, so that port tells nothing of the back end's."""
    text = "web: listening on 0.0.0.0:3100\nconnect ECONNREFUSED 127.0.0.1:8100"
    assert keys(text)[0] == "wrong-port"
    assert keys(f"{text}\nhttp proxy error: /api")[0] != "wrong-port"


GO = [
    'Get "http://localhost:9101/metrics": dial tcp [::1]:9101: connect: connection refused',
    "dial tcp [::1]:9101: connectex: No connection could be made because the target machine"
    " actively refused it.",
]


@pytest.mark.parametrize("text", GO)
def test_go_tries_every_address_before_it_fails(text: str) -> None:
    """Its one refused ::1 is the first of two, so 127.0.0.1 would not help."""
    assert keys(text)[0] == "server-not-running"


@pytest.mark.parametrize(
    "text",
    [
        'Get "http://[::1]:9101/metrics": dial tcp [::1]:9101: connect: connection refused',
        "Error: connect ECONNREFUSED ::1:9231",
        "MongooseServerSelectionError: connect ECONNREFUSED ::1:27019",
        "connect() failed (111: Connection refused) while connecting to upstream,"
        ' upstream: "http://[::1]:8001/"',
    ],
)
def test_a_client_that_asks_one_address_is_on_the_wrong_one(text: str) -> None:
    """Node, its drivers and nginx ask one; and a URL of ::1 is asked by nobody else."""
    assert keys(text)[0] == "localhost-is-ipv6"


def steps(text: str) -> list[tuple[str, str | None, str | None, str | None]]:
    """Text, command, system and what to look for of the first cause's steps."""
    first = causes.explain(classify(text))[0]
    return [(step.text, step.command, step.os, step.look_for) for step in first.steps]


def test_a_port_of_airplay_is_looked_up_on_the_system_that_the_text_shows() -> None:
    """Without a mark of macOS each system has its command; with one only macOS."""
    text = "Error: listen EADDRINUSE: address already in use :::5000"
    assert {"linux", "macos", "windows"} <= {os for _, _, os, _ in steps(text)}
    mac = {os for _, _, os, _ in steps(f"{text}\n  errno: -48")}
    assert mac == {"macos", None}


@pytest.mark.parametrize(("text", "named"), [
    ("nginx: [emerg] socket() [::]:8090 failed (97: Address family not supported)", True),
    ("Error: listen EAFNOSUPPORT: address family not supported :::8090", False),
])  # fmt: skip
def test_a_line_of_nginx_is_told_to_users_of_nginx(text: str, named: bool) -> None:
    """Its configuration is no step of another server."""
    said = " ".join(look or "" for _, _, _, look in steps(text))
    assert ("nginx" in said) is named
    assert ("listen [::]:8090" in said) is named


def test_the_state_of_a_service_is_asked_as_the_system_does() -> None:
    """Where the message is macOS' and no formula is known, no command of another system."""
    text = "[Errno 61] Connection refused: localhost:9200"
    found = [(said, os) for said, _, os, _ in steps(text) if "is running" in said]
    assert found == [(found[0][0], None)]
    linux = steps(text.replace("61", "111"))
    assert any(command and "systemctl" in command for _, command, _, _ in linux)


def test_the_port_of_the_url_is_forwarded_to_the_device() -> None:
    """Dart's error has the client's own port; the one that was asked is in its URL."""
    text = (
        "get(Uri.parse('http://127.0.0.1:5055/items'))\n"
        "SocketException: OS Error: Connection refused, errno = 111, address = 127.0.0.1,"
        " port = 40123"
    )
    assert "adb reverse tcp:5055 tcp:5055" in [command for _, command, _, _ in steps(text)]


ASKED = "dial tcp 127.0.0.1:8124: connect: connection refused"
ANNOUNCED = [
    "Listening at http://0.0.0.0:9292/api",
    "  Network: http://0.0.0.0:9292/board",
    "Open http://0.0.0.0:9292 in your browser",
    "checking the settings: ok, ready on http://0.0.0.0:9292/board",
    "listening on 0.0.0.0:9292, open your browser on http://localhost:9292/",
]
OPENED = [
    "When I check http://0.0.0.0:9292/board it shows the error",
    "I opened http://0.0.0.0:9292/",
    "we then open http://0.0.0.0:9292 and wait",
    "(it should be up)` on http://localhost:9292/board page",
    "The state is up when I look at http://localhost:9292/",
    "visited http://0.0.0.0:9292/board",
]


@pytest.mark.parametrize("line", ANNOUNCED)
def test_a_url_that_a_server_prints_tells_its_port(line: str) -> None:
    """Its own words announce it, with a path or without one."""
    assert keys(f"{line}\n{ASKED}")[0] == "wrong-port"


@pytest.mark.parametrize("line", OPENED)
def test_a_url_that_a_person_opened_tells_no_port(line: str) -> None:
    """It is another server's: a monitor that shows the failure."""
    assert keys(f"{line}\n{ASKED}")[0] == "server-not-running"


def test_a_client_that_asks_the_wildcard_is_told_so_first() -> None:
    """0.0.0.0 is no address to connect to; a container in the text tells more."""
    refused = 'Get "http://0.0.0.0:9292/state": dial tcp 0.0.0.0:9292: connect: connection refused'
    assert keys(refused)[0] == "asks-unspecified-address"
    assert keys(f"worker-1  | {refused}")[0] == "client-in-container"


FAILED = "failed on connection exception: java.net.ConnectException: Connection refused"


def first_steps(text: str) -> str:
    """The steps of the first cause, with their commands."""
    first = causes.explain(classify(text))[0]
    return "\n".join(f"{step.text} {step.command}" for step in first.steps)


@pytest.mark.parametrize("address", ["10.20.0.4", "127.0.1.1"])
def test_a_caller_that_asks_its_own_name_is_on_the_server_s_machine(address: str) -> None:
    """No other container or machine is between them; with another caller there may be."""
    own = f"Call From store-1/{address} to store-1:8021 {FAILED}"
    assert keys(own)[0] == "server-not-running"
    assert not {"wrong-address", "firewall-rejects", "server-not-ready"} & set(keys(own))
    assert "on this machine" in first_steps(own)
    other = own.replace("From store-1", "From edge-7")
    assert "wrong-address" in keys(other)
    assert "on this machine" not in first_steps(other)


@pytest.mark.parametrize("text", ["dial tcp 172.23.0.6:8026: connect: connection refused"])
def test_a_health_check_of_compose_is_a_step_only_where_compose_is(text: str) -> None:
    """Without it the container may be of another kind."""
    assert keys(text)[0] == keys(f"$ docker compose up\n{text}")[0] == "server-not-ready"
    assert "condition: service_healthy" not in first_steps(text)
    assert "condition: service_healthy" in first_steps(f"web-1  | {text}")


def test_a_bare_name_is_a_container_s_only_where_the_text_says_more() -> None:
    """A machine of a local network has a name without a dot too."""
    text = "dial tcp: connect to labhost:8026: connection refused"
    assert "server-not-ready" not in keys(text)
    assert keys(f"In my docker container:\n{text}")[0] == "server-not-ready"
    assert "server-not-ready" in keys(text.replace("labhost", "db"))


def test_the_port_that_adb_opened_is_compared_with_the_one_that_was_asked() -> None:
    """A missing digit is seen at once; where both are the same, the cable comes first."""
    wrong = "adb tcpip 5555\nadb connect 192.168.7.33:555\ncannot connect to 192.168.7.33:555: "
    refused = f"{wrong}No connection could be made because ... actively refused it. (10061)"
    assert first_steps(refused).startswith("Connect to the port that adb tcpip opened, 5555.")
    assert "adb connect 192.168.7.33:5555" in first_steps(refused)
    same = refused.replace("33:555", "33:5555")
    assert first_steps(same).startswith("Connect the device with its cable")
