"""Marks: each is something that only its client or place prints, and no near text has it."""

from __future__ import annotations

import pytest

from checks import causes
from checks.text import classify, marks

HAS = [
    ("kubectl", "The connection to the server a.test:6443 was refused - did you specify it"),
    ("kubectl", "Unable to connect to the server: dial tcp 10.1.1.4:6443: i/o timeout"),
    ("kubectl", "E0203 11:00:01.123456  4242 memcache.go:265] couldn't get the list"),
    ("kubectl", "$ kubectl get nodes\nerror: dial tcp 127.0.0.1:6443: connect: connection refused"),
    ("kubernetes-fallback", 'Get "http://localhost:8080/api?timeout=32s": EOF'),
    ("kubernetes-fallback", 'Post "http://localhost/api/v1/namespaces": EOF'),
    ("kubernetes-fallback", 'Get "http://127.0.0.1:8080/api/v1/nodes?limit=500": EOF'),
    ("kubernetes-fallback", 'Get "http://localhost/apis/apps/v1/namespaces/web": refused'),
    (
        "kubernetes-fallback",
        "HTTPConnectionPool(host='localhost', port=80): Max retries exceeded with url:"
        " /apis/batch/v1/namespaces/default/jobs",
    ),
    ("browser", "GET http://localhost:4010/items net::ERR_CONNECTION_REFUSED"),
    ("browser", "ERR_SSL_PROTOCOL_ERROR"),
    ("browser", "127.0.0.1 refused to connect."),
    ("browser", "app.example.test refused to connect."),
    ("docker", "dial unix /var/run/docker.sock: connect: no such file or directory"),
    ("windows", 'File "C:/Users/ann/site/app.py", line 4'),
    ("macos", "    at /Users/ann/site/app.js:4:2"),
    ("macos", "    at file:///Users/ann/site/app.js:4:2"),
    ("linux", 'File "/usr/lib/python3.11/socketserver.py", line 466, in server_bind'),
    ("linux", "ann@build-box:~/site$ python3 app.py"),
    ("compose", "db-1  | ready"),
    ("container-shell", "bash-5.1$ ls"),
    ("docker-word", "the container cannot reach it"),
    ("toolbox", "docker-machine ip default"),
    (
        "dart",
        "SocketException: Connection refused (OS Error: Connection refused, errno = 111)",
    ),
    ("android", "com.android.okhttp.internal.Platform.connect"),
    ("react-native", "TypeError: Network request failed"),
    ("react-native", "[Network request failed]"),
    ("notebook", "<ipython-input-3-ab> in <module>"),
    ("virtual-machine", "It runs in a VM of mine"),
    ("kafka-node", "Sending metadata to broker 3 failed"),
    ("devtools-client", "http://localhost:9333/json/version"),
    ("security-program", "Then Avast showed a message"),
    ("selinux", "connect() to 10.0.0.8:90 failed (13: Permission denied) while connecting"),
    ("forbidden", "Request failed with status code 403"),
    ("unsafe-port", "[cause]: Error: bad port"),
    ("host-check", 'Blocked request. This host ("shop.test") is not allowed.'),
    ("server-pid", "A server is already running. Check /srv/shop/tmp/pids/server.pid."),
    ("server-pid", "A server is already running (pid: 1234, file: /srv/shop/tmp/pids/server.pid)."),
    ("owner-said", "Port 4010 is used by process 4321 (java)"),
    ("web-server", "(13)Permission denied: AH00072: make_sock: could not bind"),
]  # fmt: skip
"""A mark, and a text of its client or place."""

HAS_NOT = [
    ("kubectl", "HTTPConnectionPool(host='localhost', port=8085): exceeded with url: /api/tags"),
    ("kubectl", "Unable to connect to the server. Try again later."),
    ("kubectl", "kubectl logs shop-5d9 shows: connect ECONNREFUSED 127.0.0.1:5432"),
    ("kubectl", "github.com/x/gomemcache/memcache/memcache.go:120 dial tcp 127.0.0.1:11211"),
    ("kubernetes-fallback", "GET http://localhost:8080/api/orders net::ERR_CONNECTION_REFUSED"),
    ("kubernetes-fallback", "GET http://localhost/api/v1/users/7 refused"),
    ("kubernetes-fallback", "GET http://localhost:8080/api/v1/events refused"),
    ("kubernetes-fallback", "GET http://localhost:8080/version refused"),
    (
        "kubernetes-fallback",
        "HTTPConnectionPool(host='localhost', port=80): Max retries exceeded with url: /api/users",
    ),
    ("browser", "code: 'ERR_SERVER_ALREADY_LISTEN'"),
    ("browser", "code: 'ERR_SOCKET_BAD_PORT'"),
    ("browser", "ERR_NGROK_8012"),
    ("browser", "The database refused to connect"),
    ("docker", "      - /var/run/docker.sock:/var/run/docker.sock"),
    ("windows", "listening (10080)"),
    ("macos", "GET /Users/7 refused"),
    ("macos", 'File "C:/Users/ann/site/app.py", line 4'),
    ("linux", "GET /home/news refused"),
    ("linux", "host:~ ann$ python3 app.py"),
    ("compose", "2026-02-03 | ERROR | refused"),
    ("container-shell", "bash-3.2$ ls"),
    ("docker-word", "org.example.container.Start: the servlet container did not start"),
    ("toolbox", "ann@PC MINGW64 /c/Users/ann/site"),
    ("dart", "SocketException: No connection could be made"),
    ("android", "com.android.ddmlib.AdbCommandRejectedException"),
    ("react-native", "HttpError: a Network request failed with status 502"),
    ("notebook", 'File "/usr/local/lib/python3.10/dist-packages/redis/connection.py", line 5'),
    ("virtual-machine", "Failed to attach to the target VM"),
    ("kafka-node", "Failed to connect to broker 127.0.0.1:1883"),
    ("devtools-client", "Cannot connect to runtime process, timeout after 10000 ms"),
    ("devtools-client", "open the DevTools and look at the console"),
    ("devtools-client", "import puppeteer from 'puppeteer'"),
    ("security-program", "AVG(latency) 12 ms"),
    ("selinux", "connect() to unix:/x.sock failed (13: Permission denied) while connecting"),
    ("forbidden", "    at app.js:403"),
    ("unsafe-port", "bad port number in the configuration"),
    ("host-check", "Host '172.17.0.1' is not allowed to connect to this MySQL server"),
    ("server-pid", "Perhaps a server is already running on that port?"),
    ("owner-said", "The port is used by another process"),
    ("web-server", "org.apache.catalina.LifecycleException: Protocol handler start failed"),
]  # fmt: skip
"""A mark, and a text of another client or place that has words of it."""


@pytest.mark.parametrize(("key", "text"), HAS)
def test_a_text_of_the_client_or_place_has_the_mark(key: str, text: str) -> None:
    """Its own words are read."""
    assert key in marks.read(text)


@pytest.mark.parametrize(("key", "text"), HAS_NOT)
def test_words_that_others_print_too_are_no_mark(key: str, text: str) -> None:
    """A word that is common elsewhere names no client."""
    assert key not in marks.read(text)


def test_each_narrow_mark_has_both_texts() -> None:
    """What is kept out has its positive control beside it."""
    assert {key for key, _ in HAS_NOT} == {key for key, _ in HAS}


def first(text: str) -> str:
    """The key of the first cause of a text."""
    return next((cause.key for cause in causes.explain(classify(text))), "")


@pytest.mark.parametrize(
    "text",
    [
        "I tried to disable the antivirus",
        "Antivirus is off",
        "There is no antivirus on it",
        "It happens with the firewall and Avast turned off too",
    ],
)
def test_a_program_that_the_text_excludes_is_no_cause(text: str) -> None:
    """Words that say that it is not so count against, not for."""
    refused = "ConnectionRefusedError: [WinError 10061] 127.0.0.1:4010"
    assert first(f"{refused}\n{text}") != "antivirus"
    assert first(f"{refused}\nKaspersky scans the connection") == "antivirus"


def test_an_airplay_receiver_that_is_off_is_no_cause() -> None:
    """The same for macOS' service."""
    assert first("listen EADDRINUSE :::5099\nAirPlay Receiver has it") == "airplay-5000-7000"
    assert first("listen EADDRINUSE :::5099\nAirPlay Receiver is off") != "airplay-5000-7000"
    helped = "listen EADDRINUSE :::5099\nI turned off AirPlay Receiver and it works"
    assert first(helped) == "airplay-5000-7000"


def test_a_rest_api_is_not_asked_by_kubectl() -> None:
    """The commonest path of a back end leads to the back end."""
    text = "GET http://localhost:8080/api/orders net::ERR_CONNECTION_REFUSED"
    found = causes.explain(classify(text))
    assert "kubeconfig-missing" not in [cause.key for cause in found]
    assert "the browser" in causes.verdict(classify(text), found)


def test_a_client_of_kubernetes_without_a_configuration_is_told() -> None:
    """Its own path leads to its configuration."""
    text = 'Get "http://localhost:8080/api?timeout=32s": dial tcp 127.0.0.1:8080: refused'
    assert first(text) == "kubeconfig-missing"
