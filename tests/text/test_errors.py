"""Error messages: every wording of the table, near misses, and what programs here really print."""

from __future__ import annotations

import errno
import json
import os
import re
import socket
import struct
import subprocess
import sys
import threading
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from cases import each
from counting import counted_lines
from hypothesis import given
from hypothesis import strategies as st
from needs import need, need_linux

from checks import classify
from checks.model.patterns import lazy
from checks.text.errors import ErrorMessage, find, numbers
from checks.text.errors import table as tables

if TYPE_CHECKING:
    from collections.abc import Iterator

VECTORS = json.loads(
    (Path(__file__).parent.parent / "vectors" / "error_messages.json").read_text(encoding="utf-8")
)
MESSAGES = VECTORS["messages"]
NEAR_MISSES = [miss["text"] for miss in VECTORS["near_misses"]]


def source(message: dict[str, Any]) -> str:
    """How a message is named where it is not found."""
    return f"{message['from']}-{message['text']!a}"


# The catalogue's codes, as the design lists them.
CODES = {
    *(f"A{n}" for n in range(101, 117)),
    *(f"P{n}" for n in range(201, 210)),
    *(f"C{n}" for n in range(301, 321)),
    *(f"B{n}" for n in range(401, 409)),
    *(f"E{n}" for n in range(501, 508)),
    *(f"S{n}" for n in range(601, 608)),
}

TEXTS = [m["text"] for m in VECTORS["messages"]] + [m["text"] for m in VECTORS["near_misses"]]
WORDINGS = [
    (row, words)
    for row in tables.ERRORS
    for group in (row.symbols, row.wordings, row.linux, row.macos, row.windows, row.guarded)
    for words in group
]


def first(text: str) -> ErrorMessage | None:
    """The most telling error of a text, or None."""
    return next(iter(find(text)), None)


def name_of(text: str) -> str | None:
    """The name of the most telling error of a text, or None."""
    found = first(text)
    return found.name if found else None


class TestMessages:
    """The collection of messages in tests/vectors."""

    def test_the_collection_is_as_large_as_it_should_be(self) -> None:
        """At least 150 messages, 60 near misses, no text twice."""
        assert len(VECTORS["messages"]) >= 150
        assert len(VECTORS["near_misses"]) >= 60
        assert len(set(TEXTS)) == len(TEXTS)

    def test_every_error_has_a_message(self) -> None:
        """No row of the table is without an example."""
        assert {m["name"] for m in VECTORS["messages"]} == {row.name for row in tables.ERRORS}

    @each("message", MESSAGES, ids=source)
    def test_the_message_names_its_error(self, message: dict[str, str]) -> None:
        """Each message gives its error, and its system where it tells one."""
        found = first(message["text"])
        assert found is not None
        assert (found.name, found.system) == (message["name"], message["os"])
        start, end = found.span
        assert message["text"][start:end] == found.text

    @each("message", MESSAGES, ids=source)
    def test_case_does_not_matter(self, message: dict[str, str]) -> None:
        """The same message in capitals gives the same error."""
        assert name_of(message["text"].upper()) == message["name"]

    @each("message", MESSAGES, ids=source)
    def test_a_message_in_a_log_is_found_where_it_stands(self, message: dict[str, str]) -> None:
        """Lines around it do not hide it, nor letters whose lower case is longer."""
        before = "İİ 2026-11-23 12:00:00 app started\n"
        found, alone = first(before + message["text"] + "\nbye\n"), first(message["text"])
        assert alone is not None
        if re.fullmatch(r"(error|code) \d{2,3}", message["text"]):
            assert found is None  # these count as a whole text only
            return
        assert found is not None
        assert found.name == alone.name
        assert found.span == (alone.span[0] + len(before), alone.span[1] + len(before))
        assert found.text == alone.text

    @each("text", NEAR_MISSES)
    def test_a_near_miss_names_no_error(self, text: str) -> None:
        """Ordinary text, file errors, log-ins and bare numbers are left alone."""
        assert find(text) == ()


class TestRecord:
    def test_to_dict_has_the_keys_of_the_contract(self) -> None:
        """The dictionary is plain data and goes through JSON unchanged."""
        found = first("Error: listen EADDRINUSE: address already in use :::3000")
        assert found is not None
        data = found.to_dict()
        assert json.loads(json.dumps(data)) == data
        assert data == {
            "name": "EADDRINUSE",
            "platform_codes": {
                "linux": 98,
                "macos": 48,
                "freebsd": 48,
                "solaris": 125,
                "windows": 10048,
                "chromium": -147,
            },
            "says": "The address and port are in use: another socket has them, or the system still "
            "keeps an earlier connection of theirs.",
            "text": "EADDRINUSE",
            "span": [14, 24],
            "leads_to": ["B402", "B404", "B403"],
            "system": None,
            "operation": None,
            "endpoint": None,
        }

    def test_a_caller_cannot_change_the_table(self) -> None:
        """Each answer carries its own copy of the numbers."""
        one = first("ECONNREFUSED")
        assert one is not None
        one.platform_codes.clear()
        second = first("ECONNREFUSED")
        assert second is not None
        assert second.platform_codes["linux"] == 111


class TestPriority:
    """Which error is taken when a text has several."""

    @pytest.mark.parametrize(
        ("text", "name"),
        [
            ("MaxRetryError: Failed to establish a new connection: [Errno 111]", "ECONNREFUSED"),
            ("context deadline exceeded: connect: connection refused", "ECONNREFUSED"),
            ("[Errno 111] no route to host", "EHOSTUNREACH"),
            ("TimeoutError ... [Errno 113]", "EHOSTUNREACH"),
            ("curl: (7) Failed to connect: No route to host", "EHOSTUNREACH"),
            ("NoRouteToHostException: Cannot assign requested address", "EADDRNOTAVAIL"),
            ("Code=-1004 in NSURLErrorDomain, _kCFStreamErrorCodeKey=61", "ECONNREFUSED"),
        ],
    )
    def test_the_more_telling_wins(self, text: str, name: str) -> None:
        """Words before numbers, numbers before hints, hints before "no connection"."""
        assert name_of(text) == name

    def test_the_first_wins_among_equals(self) -> None:
        """Programs put the cause before what followed from it."""
        assert name_of("ECONNRESET, then ECONNREFUSED") == "ECONNRESET"
        assert name_of("ECONNREFUSED, then ECONNRESET") == "ECONNREFUSED"


class TestNumbers:
    @pytest.mark.parametrize("form", ["{}", ":{}", "port {}", "127.0.0.1:{}", "{}\n", "(port {})"])
    def test_a_number_alone_is_a_port(self, form: str) -> None:
        """No number from 0 to 65535 is an error unless it is dressed as one."""
        assert [n for n in range(65536) if find(form.format(n))] == []

    @pytest.mark.parametrize("row", [r for r in tables.ERRORS if r.codes.get("linux", 0) > 0])
    def test_the_numbers_of_linux_are_this_system_s(self, row: tables.ErrorRow) -> None:
        """The table agrees with the errno module, and finds what strerror says."""
        need_linux()
        assert row.codes["linux"] == getattr(errno, row.name)
        if row.name not in ("EINVAL", "ENOENT"):
            assert name_of(f"[Errno {row.codes['linux']}]") == row.name
            assert name_of(f"connect(): {os.strerror(row.codes['linux'])}") == row.name

    @pytest.mark.parametrize("row", [r for r in tables.ERRORS if r.name.startswith("EAI_")])
    def test_the_resolver_s_numbers_are_this_system_s(self, row: tables.ErrorRow) -> None:
        """The table agrees with the socket module."""
        need_linux()
        assert row.codes["linux"] == getattr(socket, row.name)

    @pytest.mark.skipif(sys.platform != "win32", reason="needs Windows")
    @pytest.mark.parametrize("row", [r for r in tables.ERRORS if r.codes.get("windows")])
    def test_the_numbers_of_windows_are_this_system_s(self, row: tables.ErrorRow) -> None:
        """The table agrees with the errno and socket modules of a Python for Windows."""
        known = getattr(errno, f"WSA{row.name}", getattr(socket, row.name, None))
        assert known in (row.codes["windows"], None)
        assert known or row.name.startswith("WSA")
        assert find(f"[WinError {row.codes['windows']}]")

    def test_numbers_of_one_system_are_not_given_twice(self) -> None:
        """Within a system a number names one error; Winsock's stand for themselves."""
        for system in ("linux", "macos", "freebsd", "solaris", "chromium"):
            numbers = [
                row.codes[system]
                for row in tables.ERRORS
                if system in row.codes and (system != "macos" or not row.name.startswith("EAI_"))
            ]
            if system == "freebsd":
                numbers = [n for n in numbers if n > 8 or n in (1, 2)]
            assert len(set(numbers)) >= len(numbers) - 2 * (system == "freebsd"), system

    def test_a_number_of_chromium_is_no_system_s(self) -> None:
        """-103 is Chromium's for an aborted connection, whatever Linux numbers 103."""
        chromium, linux = first("net error -103"), first("[Errno 103]")
        assert chromium is not None
        assert linux is not None
        assert (chromium.name, chromium.system) == ("ECONNABORTED", None)
        assert (linux.name, linux.system) == ("ECONNABORTED", "linux")

    @pytest.mark.parametrize("number", [n for n in tables.ELSEWHERE if int(n) < 98])
    def test_linux_s_other_meaning_of_a_number_is_not_taken(self, number: str) -> None:
        """``[Errno 61] No data available`` is Linux speaking; ``[Errno 61]`` alone is macOS."""
        need_linux()
        text = f"[Errno {number}] {os.strerror(int(number))}"
        assert os.strerror(int(number)).lower() in tables.ELSEWHERE[number]
        assert find(text) == ()
        found = first(f"[Errno {number}]")
        assert found is not None
        assert found.system == "macos"

    @pytest.mark.parametrize("row", [r for r in tables.ERRORS if r.uv])
    def test_libuv_s_numbers_are_node_s_on_windows(self, row: tables.ErrorRow) -> None:
        """``errno: -4078`` tells the error and the system."""
        found = first(f"errno: {row.uv}")
        assert found is not None
        assert found.name == row.name
        assert found.system == ("windows" if row.uv <= -4000 else None)

    @pytest.mark.parametrize(
        "row",
        [r for r in tables.ERRORS if "windows" in r.codes and not r.name.startswith("EAI_")],
    )
    def test_winsock_s_numbers_count_after_the_word_error(self, row: tables.ErrorRow) -> None:
        """In decimal and in hexadecimal."""
        number = row.codes["windows"]
        for text in (f"error {number}", f"WinError {number}", f"(code 0x{number:08x})"):
            found = first(f"it ended with {text}.")
            assert found is not None
            assert (found.name, found.system) == (row.name, "windows")

    @pytest.mark.parametrize(("number", "name"), tables.WINERROR.items())
    def test_windows_own_numbers_count_after_winerror_only(self, number: int, name: str) -> None:
        """1225 is "refused" to overlapped sockets, and nothing elsewhere."""
        assert name_of(f"[WinError {number}]") == name
        assert name_of(f"it ended with error {number}.") == (name if number > 10000 else None)


class TestTable:
    """What the table promises about itself."""

    @each("row", tables.ERRORS, ids=lambda row: row.name)
    def test_a_row_says_it_shortly_and_leads_to_findings(self, row: tables.ErrorRow) -> None:
        """A capital letter, one full stop at the end; every code is in the catalogue."""
        assert row.says[0].isupper()
        assert row.says.endswith(".")
        sentences = row.says.split(". ")
        assert len(sentences) <= 3
        assert all(len(one.split()) <= 25 for one in sentences), row.says
        assert set(row.leads_to) <= CODES

    def test_names_are_given_once(self) -> None:
        """One row a name."""
        names = [row.name for row in tables.ERRORS]
        assert len(set(names)) == len(names)

    def test_words_are_folded_and_stand_in_one_row(self) -> None:
        """Lower case, straight apostrophes, no wording in two rows."""
        rows: dict[str, str] = {}
        for row, words in [*WORDINGS, *((r, w) for r in tables.ERRORS for w in r.hints)]:
            assert words == words.lower().replace("\u2019", "'").strip()
            assert rows.setdefault(words, row.name) == row.name

    @each(("row", "words"), WORDINGS, ids=lambda value: str(value)[:40])
    def test_every_wording_is_found(self, row: tables.ErrorRow, words: str) -> None:
        """Each wording alone gives its row; no longer wording of another row takes it."""
        mark, plain = words[0], words.strip("|@")
        text = f"localhost {plain}" if mark == "@" else plain
        if words in row.guarded:
            assert find(text) == ()
            text = f"bind: {plain}"
        assert name_of(text) == row.name

    @each(("row", "words"), WORDINGS, ids=lambda value: str(value)[:40])
    def test_a_wording_inside_a_word_is_not_found(self, row: tables.ErrorRow, words: str) -> None:
        """Letters that run on make it another word."""
        plain = words.strip("|@")
        if plain.isascii() and plain[0].isalpha() and plain[-1].isalpha():
            assert name_of(f"x{plain}x") not in (row.name,)

    def test_every_pattern_is_bounded(self) -> None:
        """No pattern repeats without a limit, so none can take more than linear time."""
        patterns = [pattern for _, pattern, _ in tables.PATTERNS]
        kind = type(lazy(""))
        lazies = [value for value in vars(numbers).values() if isinstance(value, kind)]
        patterns += [tables.FILE_SIGNS, *(getattr(one, "_pattern") for one in lazies)]  # noqa: B009
        assert len(lazies) > 4
        for pattern in patterns:
            bare = re.sub(r"\[(?:\\.|[^\]])+\]|\\.", "x", pattern)
            assert not re.search(r"[*+]|\{\d*,\}", bare), pattern


BROWSERS = [
    ("Сайт localhost:4999 отказано в подключении.", "refused"),
    ("Соединение отклонено 127.0.0.1:8099", "refused"),
    ("127.0.0.1:9099에서 연결을 거부했습니다.", "refused"),
    ("localhost a refusé de se connecter.", "refused"),
    ("La página localhost ha rechazado la conexión.", "refused"),
    ("Connessione negata da localhost:3030.", "refused"),
    ("localhost bağlanmayı reddetti.", "refused"),
    ("127.0.0.1 heeft de verbinding geweigerd.", "refused"),
    ("A conexão com localhost foi recusada.", "refused"),
    ("localhost 拒絕連線。", "refused"),
    ("localhost đã từ chối kết nối.", "refused"),
    ("127.0.0.1 menolak untuk tersambung.", "refused"),
    ("Firefox не может установить соединение с сервером localhost:3210.", "failed"),
    ("Firefox kann keine Verbindung zu dem Server unter ws://localhost:81/ aufbauen.", "failed"),
    ("이 사이트에 연결할 수 없음", ""),
    ("le serveur a refusé de se connecter au bureau", ""),
    ("вам отказано в подключении", ""),
    ("la base ha rechazado la conexión", ""),
    ("host all all 0.0.0.0/0 reject 代表 拒絕連線", ""),
]
"""What error pages of browsers say in other languages, and near misses without a host."""


@pytest.mark.parametrize(("text", "what"), BROWSERS)
def test_a_browser_of_another_language(text: str, what: str) -> None:
    """The words count behind a host, and are of that host."""
    names = {"refused": "ECONNREFUSED", "failed": "ERR_CONNECTION_FAILED", "": None}
    error = classify(text).error
    assert (error and error.name) == names[what]
    assert error is None or error.endpoint is not None


class TestTotal:
    """Any text, in linear time."""

    @given(st.text())
    def test_any_text(self, text: str) -> None:
        """No text raises."""
        check(text)

    @given(
        st.lists(
            st.one_of(
                st.sampled_from(TEXTS),
                st.sampled_from([words for _, words in WORDINGS]),
                st.sampled_from(
                    ["errno ", "[", "]", "(", ": ", "error code ", "-", "0x", "\ud800"]
                ),
                st.integers(-20000, 20000).map(str),
                st.text(max_size=5),
            )
        )
    )
    def test_pieces_of_messages(self, pieces: list[str]) -> None:
        """Nor does anything made of what the table looks for."""
        check("".join(pieces))

    @pytest.mark.parametrize(
        "text",
        [
            "errno 007",
            "errno -0",
            "errno: -99999",
            "error 0x2",
            "curl: (99)",
            "curl error ",
            "can't connect to mysql server on '' (00002)",
            "errno " + "9" * 10000,
            "[" * 10000 + "errno 111",
            "\x00errno\x00111",
            "errno ١١١",
        ],
    )
    def test_odd_numbers(self, text: str) -> None:
        """Zeros in front, signs, too many digits, digits of other scripts."""
        check(text)

    @pytest.mark.parametrize(
        "piece",
        [
            "a",
            "errno 5 ",
            "error code -1004 ",
            "connection refuse ",
            "xeconnrefused ",
            "lookup ",
            "connect to ",
            "connection to ",
            "port 8080 ",
            "can't connect to mysql server on '",
            "|broken pipe",
            "the broken pipe ",
            "拒绝",
            "İ",
            "\ud800",
            "\n",
        ],
    )
    def test_twice_the_text_is_twice_the_work(self, piece: str) -> None:
        """Counted in lines run, which grow with the places where something is tried."""
        find(piece)  # the table is built and the patterns compiled before
        small, large = (counted_lines(partial(find, piece * times)) for times in (400, 800))
        assert large <= 2 * small + 10

    def test_a_plain_endpoint_needs_no_table(self) -> None:
        """What has no letters is done at once."""
        assert counted_lines(partial(find, "127.0.0.1:62893")) <= 12


def check(text: str) -> None:
    """What holds for any text."""
    for found in find(text):
        assert text[found.span[0] : found.span[1]] == found.text != ""
        json.dumps(found.to_dict())


# --- what programs on this machine print ---------------------------------------------

PYTHON = [sys.executable, "-c"]
CONNECT = {
    "python": [*PYTHON, "import socket, sys; socket.create_connection((sys.argv[1], sys.argv[2]))"],
    "urllib": [
        *PYTHON,
        "import sys, urllib.request as r; r.urlopen('http://%s:%s' % tuple(sys.argv[1:]))",
    ],
    "asyncio": [
        *PYTHON,
        "import asyncio as a, sys; a.run(a.open_connection(sys.argv[1], sys.argv[2]))",
    ],
    "node": ["node", "-e", "require('net').connect(process.argv[2], process.argv[1])"],
    "node fetch": ["node", "-e", "fetch(`http://${process.argv[1]}:${process.argv[2]}`)"],
    "bash": ["bash", "-c", 'exec 3<>"/dev/tcp/$0/$1"'],
    "perl": [
        "perl",
        "-MIO::Socket::INET",
        "-e",
        "IO::Socket::INET->new(join ':', @ARGV) or die $@",
    ],
    "curl": ["curl", "-sSv", "--noproxy", "*", "http://{host}:{port}/"],
    "wget": ["wget", "-t1", "--no-proxy", "http://{host}:{port}/"],
    "ssh": ["ssh", "-oBatchMode=yes", "-p{port}", "{host}"],
    "psql": ["psql", "-h{host}", "-p{port}"],
}
LISTEN = {
    "python": [
        *PYTHON,
        "import socket, sys; socket.create_server((sys.argv[1], int(sys.argv[2])))",
    ],
    "http.server": [sys.executable, "-m", "http.server", "-b{host}", "{port}"],
    "asyncio": [
        *PYTHON,
        "import asyncio as a, sys; a.run(a.start_server(print, sys.argv[1], sys.argv[2]))",
    ],
    "node": [
        "node",
        "-e",
        "require('http').createServer().listen(process.argv[2], process.argv[1])",
    ],
    "perl": [
        "perl",
        "-MIO::Socket::INET",
        "-e",
        "IO::Socket::INET->new(LocalAddr => join(':', @ARGV), Listen => 1) or die $@",
    ],
}


PACKAGES = {"node": "nodejs", "psql": "postgresql-client", "ssh": "openssh-client"}
"""Debian packages of programs that are called otherwise."""

NOBODY = 65534
"""A user without rights."""


def said(command: list[str], host: str, port: int, user: int | None = None) -> str:
    """What a program prints when it is given a host and a port."""
    need(command[0], PACKAGES.get(command[0], command[0]))
    parts = [part.replace("{host}", host).replace("{port}", str(port)) for part in command]
    if parts == command:
        parts += [host, str(port)]
    done = subprocess.run(
        parts,
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "LC_ALL": "C"},
        stdin=subprocess.DEVNULL,
        user=user if os.geteuid() == 0 else None,
        cwd="/",
        check=False,
    )
    assert done.returncode != 0, done
    return done.stdout + done.stderr


@pytest.fixture
def silent() -> Iterator[int]:
    """A port that is held but not listened on: every connect to it is refused."""
    with closing(socket.socket()) as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


@pytest.fixture
def busy() -> Iterator[int]:
    """A port that is listened on."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        yield listener.getsockname()[1]


@contextmanager
def server(answer: bytes, *, abort: bool = False) -> Iterator[int]:
    """A server that takes one connection, reads, writes *answer* and closes (or aborts) it."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        listener.settimeout(60)

        def serve() -> None:
            try:
                accepted = listener.accept()[0]
            except OSError:  # the test ended before anyone came
                return
            with closing(accepted) as peer:
                peer.recv(4096)
                peer.sendall(answer)
                if abort:  # RST instead of FIN: linger on, zero seconds (socket(7))
                    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

        thread = threading.Thread(target=serve)
        thread.start()
        yield listener.getsockname()[1]
        thread.join(60)
        assert not thread.is_alive()


@pytest.mark.machine
class TestRealPrograms:
    """Messages provoked here, on loopback."""

    @pytest.mark.parametrize("program", CONNECT)
    def test_refused(self, program: str, silent: int) -> None:
        """A connect to a port that nobody listens on."""
        printed = said(CONNECT[program], "127.0.0.1", silent)
        assert name_of(printed) == "ECONNREFUSED", printed

    def test_curl_without_its_log_does_not_tell_more(self, silent: int) -> None:
        """``curl: (7)`` alone may be a refusal or a way that is closed."""
        printed = said(["curl", "-sS", "--noproxy", "*", "{host}:{port}"], "127.0.0.1", silent)
        expected = "ECONNREFUSED" if "refused" in printed else "ERR_CONNECTION_FAILED"
        assert name_of(printed) == expected, printed

    @pytest.mark.parametrize("program", LISTEN)
    def test_in_use(self, program: str, busy: int) -> None:
        """A listener on a port that is taken."""
        printed = said(LISTEN[program], "127.0.0.1", busy)
        assert name_of(printed) == "EADDRINUSE", printed

    @pytest.mark.parametrize("program", ["python", "asyncio", "node", "perl"])
    def test_address_of_another_machine(self, program: str, silent: int) -> None:
        """A listener on an address that this machine does not have (TEST-NET-1, RFC 5737)."""
        printed = said(LISTEN[program], "192.0.2.1", silent)
        assert name_of(printed) == "EADDRNOTAVAIL", printed

    @pytest.mark.parametrize("program", [name for name in CONNECT if name != "bash"])
    def test_name_that_does_not_exist(self, program: str) -> None:
        """A name below .invalid (RFC 6761 §6.4), as the resolver here answers for it."""
        printed = said(CONNECT[program], "nosuch.invalid", 80)
        names = {"ENOTFOUND", "EAI_NONAME", "EAI_AGAIN", "EAI_NODATA", "EAI_FAIL"}
        assert name_of(printed) in names, printed

    @pytest.mark.parametrize("program", ["urllib", "curl", "wget"])
    def test_no_answer(self, program: str) -> None:
        """A server that takes the connection and closes it."""
        with server(b"") as port:
            printed = said(CONNECT[program], "127.0.0.1", port)
        assert name_of(printed) == "ERR_EMPTY_RESPONSE", printed

    @pytest.mark.parametrize("program", ["urllib", "curl", "node fetch"])
    def test_reset(self, program: str) -> None:
        """A server that aborts the connection."""
        with server(b"", abort=True) as port:
            printed = said(CONNECT[program], "127.0.0.1", port)
        assert name_of(printed) == "ECONNRESET", printed

    def test_tls_to_plain_text(self) -> None:
        """A client that speaks TLS to a server that speaks plain http."""
        with server(b"HTTP/1.0 400 Bad Request\r\n\r\n") as port:
            printed = said(
                ["curl", "-sS", "--noproxy", "*", "https://{host}:{port}"], "127.0.0.1", port
            )
        assert name_of(printed) == "ERR_SSL_PROTOCOL_ERROR", printed

    def test_time_out_of_a_full_queue(self) -> None:
        """A listener whose queue is full drops what comes, and curl gives up."""
        with closing(socket.create_server(("127.0.0.1", 0), backlog=0)) as listener:
            waiting = [socket.socket() for _ in range(4)]
            for one in waiting:
                one.setblocking(False)
                one.connect_ex(listener.getsockname())
            command = ["curl", "-sS", "--noproxy", "*", "--connect-timeout", "1", "{host}:{port}"]
            printed = said(command, "127.0.0.1", listener.getsockname()[1])
            for one in waiting:
                one.close()
        assert name_of(printed) == "ETIMEDOUT", printed

    def test_socket_file_that_is_missing(self, tmp_path: Path) -> None:
        """The client psql, told to use a directory without a socket."""
        printed = said(["psql", f"-h{tmp_path}", "-p{port}"], "", 5432)
        assert name_of(printed) == "ENOENT", printed

    def test_browser_blocked_port(self) -> None:
        """A fetch of a port on the Fetch standard's list; nothing is sent."""
        printed = said(CONNECT["node fetch"], "127.0.0.1", 6000)
        assert name_of(printed) == "ERR_UNSAFE_PORT", printed

    # Not node: the tests' own may lie where the user nobody cannot go.
    @pytest.mark.parametrize("program", ["perl"])
    def test_port_without_the_right_to_it(self, program: str) -> None:
        """A listener below the first port that anyone may bind, for a user without rights."""
        first = Path("/proc/sys/net/ipv4/ip_unprivileged_port_start")
        if not first.exists() or int(first.read_text()) < 2:
            pytest.skip("no privileged ports on this system")
        printed = said(LISTEN[program], "127.0.0.1", 1, user=NOBODY)
        assert name_of(printed) == "EACCES", printed

    @pytest.mark.parametrize(
        "command",
        [
            ["cat", "/etc/shadow{host}"],
            ["perl", "-e", "open(F, '<', '/etc/shadow{host}') or die $!"],
        ],
        ids=["cat", "perl"],
    )
    def test_file_without_permission_is_not_a_socket(self, command: list[str]) -> None:
        """The same words about a file name no error of sockets."""
        printed = said(command, "", 0, user=NOBODY)
        assert "ermission denied" in printed
        assert find(printed) == (), printed


HANDLED = [
    "except ConnectionRefusedError:\n    sock.connect(('127.0.0.1', 9001))",
    "except (ConnectionResetError, BrokenPipeError) as error:",
    "if (err.code === 'EADDRINUSE') { server.listen(0, '127.0.0.1') }",
    "if (error.code !== 'ECONNRESET') throw error",
    "case ECONNREFUSED: retry(); // 127.0.0.1:9001",
    '} catch (ConnectException e) { ask("localhost", 9001); }',
    'if errors.Is(err, syscall.ECONNREFUSED) { return dial("127.0.0.1:9001") }',
    "rescue Errno::ECONNREFUSED => e",
    "with pytest.raises(ConnectionRefusedError):",
    "expect(err.code).toBe('ECONNREFUSED')",
    "Err(e) if e.kind() == ErrorKind::ConnectionRefused => None,",
    "#define ETIMEDOUT 110",
    "from shop.errors import ConnectTimeout, ConnectionRefusedError",
    "raise ConnectionResetError from problem",
    "throw new ConnectException(host)",
    "if isinstance(error, requests.exceptions.ConnectTimeout):",
    "elif error.errno in (errno.EACCES, errno.EADDRINUSE):",
    "Expiring session 0x24ee63a01b003b, timeout of 10000ms exceeded",
    "See https://docs.shop.example/errors/econnreset and http://shop.example:81/etimedout",
]


@pytest.mark.parametrize("text", HANDLED)
def test_an_error_that_code_handles_did_not_happen(text: str) -> None:
    """Names in handlers, comparisons and links to documentation are no errors of the text."""
    assert classify(text).errors == ()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Traceback:\n    except OSError:\nConnectionRefusedError: [Errno 111]", "ECONNREFUSED"),
        ("Error: connect ECONNREFUSED 127.0.0.1:9001 (err.code === 'EPIPE')", "ECONNREFUSED"),
        ("code: 'ECONNRESET', errno: -104", "ECONNRESET"),
        ("Caught exception: Errno::ECONNREFUSED", "ECONNREFUSED"),
        ("Os { code: 111, kind: ConnectionRefused }", "ECONNREFUSED"),
        ("connect ECONNREFUSED 127.0.0.1:9001\nhttps://shop.example/etimedout", "ECONNREFUSED"),
    ],
)
def test_an_error_beside_code_is_read(text: str, name: str) -> None:
    """What a program prints of an error is one, also where its code is printed too."""
    assert {error.name for error in classify(text).errors} == {name}
