"""Command lines and configuration: what will listen where, by the text or by the tool's default."""

from __future__ import annotations

import pytest
from cases import each
from hypothesis import given
from hypothesis import strategies as st

from checks import classify


def read(text: str) -> list[str]:
    """Each setting in one line: tool, where it listens, what is behind it."""
    found = []
    for one in classify(text).settings:
        behind = one.far.text if one.far else "" if one.into is None else str(one.into)
        given = "given" if one.given else "default"
        parts = [one.tool, f"{one.address}:{one.port}", given, behind, one.name]
        parts += [one.protocol if one.protocol != "tcp" else "", one.at if one.at != "here" else ""]
        found.append(" ".join(part for part in parts if part))
    return found


SETTINGS: list[tuple[str, list[str]]] = [
    # containers
    ("docker run -d -p 8087:80 nginx", ["docker run *:8087 default 80"]),
    (
        'podman run -p 127.0.0.1:8087:80 -p "[::1]:9091:90/udp" --publish=5436:5432 x',
        [
            "podman run 127.0.0.1:8087 given 80",
            "podman run ::1:9091 given 90 udp",
            "podman run *:5436 default 5432",
        ],
    ),
    ("docker run -d \\\n  -p 6381:6379 \\\n  redis", ["docker run *:6381 default 6379"]),
    ("docker run -p 81 nginx", ["docker run *:None default 81"]),
    ("-p 127.0.0.1:8088:80", ["docker run 127.0.0.1:8088 given 80"]),
    (
        'ports:\n  - "5436:5432"\n  - 127.0.0.1:5013:5000\n  - "[::1]:6013:6001/udp"\n',
        [
            "Compose *:5436 default 5432",
            "Compose 127.0.0.1:5013 given 5000",
            "Compose ::1:6013 given 6001 udp",
        ],
    ),
    (
        'ports:\n  - target: 80\n    host_ip: 127.0.0.1\n    published: "8089"\n',
        ["Compose 127.0.0.1:8089 given 80"],
    ),
    ('ports: ["5439:5432", "127.0.0.1:5014:5000"]\n',
     ["Compose *:5439 default 5432", "Compose 127.0.0.1:5014 given 5000"]),
    ("EXPOSE 8095", ["EXPOSE :8095 default container"]),
    # tunnels
    ("ssh -L 8096:localhost:80 me@gw.example", ["ssh -L 127.0.0.1:8096 default localhost:80"]),
    ("ssh -fNL 0.0.0.0:5437:db.internal:5432 gw", ["ssh -L 0.0.0.0:5437 given db.internal:5432"]),
    ("ssh -L :5437:db:5432 gw", ["ssh -L *:5437 given db:5432"]),
    ("ssh -g -L 8096:web:80 gw", ["ssh -L *:8096 default web:80"]),
    ("ssh -N -R 9002:127.0.0.1:3005 gw", ["ssh -R 127.0.0.1:9002 default 127.0.0.1:3005 server"]),
    ("ssh -fN -D 1084 gw", ["ssh -D 127.0.0.1:1084 default"]),
    ("  LocalForward 5438 h:5432\n", ["ssh -L 127.0.0.1:5438 default h:5432"]),
    (
        "kubectl port-forward svc/web 8097:80",
        ["kubectl port-forward localhost:8097 default 80 svc/web"],
    ),
    (
        "kubectl -n shop port-forward pod/a-1 8444 --address 0.0.0.0",
        ["kubectl port-forward 0.0.0.0:8444 given 8444 pod/a-1"],
    ),
    (
        "socat TCP-LISTEN:8072,bind=127.0.0.1,fork TCP:10.0.0.17:83",
        ["socat 127.0.0.1:8072 given 10.0.0.17:83"],
    ),
    ("socat -v tcp4-listen:8072,reuseaddr tcp:web:83", ["socat *:8072 default web:83"]),
    (
        "netsh interface portproxy add v4tov4 listenaddress=127.0.0.1 listenport=11237"
        " connectaddress=127.128.0.23 connectport=11238",
        ["netsh portproxy 127.0.0.1:11237 given 127.128.0.23 connectport=11238"],
    ),
    ("nc -lvnp 4445", ["nc *:4445 default"]),
    ("nc -lk 127.0.0.1 8010", ["nc 127.0.0.1:8010 given"]),
    ("adb forward tcp:6101 tcp:7101", ["adb forward 127.0.0.1:6101 default 7101"]),
    ("adb reverse tcp:8098 tcp:8099", ["adb reverse 127.0.0.1:8098 default 8099 device"]),
    ("-netdev user,id=n,hostfwd=tcp:127.0.0.1:2223-:22", ["QEMU 127.0.0.1:2223 given 22"]),
    ("ngrok http 3007", ["ngrok *:None default 3007 3007 internet"]),
    (
        "cloudflared tunnel --url http://localhost:3008",
        ["cloudflared *:None default 3008 localhost:3008 internet"],
    ),
    # servers
    ("npm run dev -- --host", ["the development server *:None given"]),
    ("python -m http.server -d site 8020", ["http.server *:8020 default"]),
    ("vite --host", ["Vite *:5173 given"]),
    ('"dev": "vite --port 5191 --strictPort",', ["Vite localhost:5191 default"]),
    ("npx vite", ["Vite localhost:5173 default"]),
    ("flask run -h 0.0.0.0 -p 5002", ["Flask 0.0.0.0:5002 given"]),
    ("flask --app x run --debug", ["Flask 127.0.0.1:5000 default debug"]),
    ("$ uvicorn app:app --host=0.0.0.0 --port=8011", ["Uvicorn 0.0.0.0:8011 given"]),
    ('CMD ["uvicorn", "a:b", "--port", "8012"]', ["Uvicorn 127.0.0.1:8012 default container"]),
    ("gunicorn -b 0.0.0.0:8013 a:b", ["Gunicorn 0.0.0.0:8013 given"]),
    ("php -S localhost:8014 -t public", ["PHP localhost:8014 given"]),
    ("python -m http.server --bind 127.0.0.1 8015", ["http.server 127.0.0.1:8015 given"]),
    ("python3 -m http.server 8016", ["http.server *:8016 default"]),
    ("python manage.py runserver 0.0.0.0:8017", ["Django 0.0.0.0:8017 given"]),
    ("next dev -p 3006", ["Next.js *:3006 default"]),
    ("mongod --bind_ip 0.0.0.0 --port 27021", ["MongoDB 0.0.0.0:27021 given"]),
    ("gdbserver :1235 ./a.out", ["gdbserver *:1235 default"]),
    ("python -m debugpy --listen 5680 app.py", ["debugpy 127.0.0.1:5680 default"]),
    # configuration, debuggers
    (
        "server {\n  listen 82;\n  listen [::]:82 ssl;\n  listen 127.0.0.1:8018;\n}",
        ["nginx 0.0.0.0:82 default", "nginx :::82 given", "nginx 127.0.0.1:8018 given"],
    ),
    ("Listen 8073\nListen [::1]:8074 https\n", ["Apache *:8073 default", "Apache ::1:8074 given"]),
    (
        "[Socket]\nListenStream=8075\nListenDatagram=127.0.0.1:5365\n",
        ["systemd *:8075 default", "systemd 127.0.0.1:5365 given udp"],
    ),
    ("    bind *:8445 ssl crt /x.pem\n", ["HAProxy *:8445 given"]),
    ("bind 127.0.0.1 -::1\n", ["Redis 127.0.0.1:6379 given"]),
    ("bind-address = 0.0.0.0", ["MySQL 0.0.0.0:3306 given"]),
    ("mysqld --bind-address=127.0.0.1", ["MySQL 127.0.0.1:3306 given"]),
    ("ListenAddress 0.0.0.0", ["sshd 0.0.0.0:22 given"]),
    ("listen_addresses = '*'", ["PostgreSQL *:5432 given"]),
    ("  bindIp: 127.0.0.1", ["MongoDB 127.0.0.1:27017 given"]),
    ("chrome --remote-debugging-port=9224", ["Chrome DevTools 127.0.0.1:9224 default"]),
    ("node --inspect-brk=0.0.0.0:9230 a.js", ["the Node.js inspector 0.0.0.0:9230 given"]),
    (
        "java -agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=5007 -jar x.jar",
        ["the JVM's debugger 127.0.0.1:5007 default"],
    ),
    (
        "java -Xrunjdwp:server=y,transport=dt_socket,address=*:5007,suspend=n X",
        ["the JVM's debugger *:5007 given"],
    ),
    (
        "-Dcom.sun.management.jmxremote.port=9011"
        " -Dcom.sun.management.jmxremote.authenticate=false",
        ["the JVM's JMX agent *:9011 default open"],
    ),
    (
        "mono --debugger-agent=transport=dt_socket,server=y,address=127.0.0.1:56062 x.exe",
        ["Mono's debugger 127.0.0.1:56062 given"],
    ),
    ("OLLAMA_HOST=0.0.0.0 ollama serve", ["Ollama 0.0.0.0:11434 given"]),
]  # fmt: skip
"""A text, and its settings."""


@each(("text", "settings"), SETTINGS, ids=[text[:50] for text, _ in SETTINGS])
def test_a_command_tells_where_it_will_listen(text: str, settings: list[str]) -> None:
    """By its options, and without them by the tool's own default."""
    assert read(text) == settings


@each("text", [text for text, _ in SETTINGS], ids=[t[:50] for t, _ in SETTINGS])
def test_ends_stand_where_they_say(text: str) -> None:
    """Spans cut the ends and the setting out of the text; what listens here has that role."""
    found = classify(text)
    for one in found.settings:
        assert text[slice(*one.span)].strip()
        if one.endpoint is not None:
            assert one.endpoint in found.endpoints or one.at != "here"
            assert text[slice(*one.endpoint.span)] == one.endpoint.text
            if one.at == "here":
                assert one.endpoint.role == "listener"
        if one.far is not None:
            assert one.far in found.endpoints


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("ssh -L 8096:localhost:80 gw", "peer"),  # asked by the server
        ("ssh -R 9002:localhost:3005 gw", "target"),  # asked by this machine
        ("socat TCP-LISTEN:8072 TCP:web:83", "target"),
    ],
)
def test_the_far_end_is_asked_by_the_machine_that_reaches_it(text: str, role: str) -> None:
    """What only the other machine can reach must not be asked here."""
    (one,) = classify(text).settings
    assert one.far is not None
    assert one.far.role == role


@pytest.mark.parametrize(
    "text",
    [
        "VITE v5.4.1  ready in 312 ms",
        "the vite server crashed",
        "uvicorn and gunicorn are servers",
        "please listen 5 minutes;",
        'times:\n  - "12:30"\n  - "08:15"\n',
        "docker run nginx",
        "docker ps -p 1:2",
        "-agentlib:jdwp=transport=dt_socket,server=n,address=10.0.0.9:5007",
        "ssh -p 2222 me@gw.example",
        "curl --host",
        "bind 10.0.0.1 port 26: Address already in use",
        "listen tcp 127.0.0.1:8019: bind: address already in use",
    ],
)
def test_other_words_are_no_setting(text: str) -> None:
    """Neither what a program prints nor what only connects makes anything listen."""
    assert read(text) == []


@given(st.integers(1, 65535), st.integers(1, 65535), st.sampled_from(["", "127.0.0.1:", "[::1]:"]))
def test_every_published_port_is_read(port: int, into: int, host: str) -> None:
    """The port of this machine is the left one, whichever the numbers are."""
    (one,) = classify(f"docker run --rm -p {host}{port}:{into} image:1.2").settings
    assert (one.port, one.into, one.given) == (port, into, bool(host))
