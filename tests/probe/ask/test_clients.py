"""What node, curl and Chromium do with localhost, held against the programs themselves."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import situations
from needs import missing, need, need_ipv6, need_root

from checks.model.evidence import Answer
from checks.probe.ask import clients

ROOT = Path(__file__).parents[3]

HOSTS = {
    "IPv4 only": "127.0.0.1 localhost\n",
    "both": "127.0.0.1 localhost foo.localhost\n::1 localhost foo.localhost\n",
    "IPv6 only": "::1 localhost\n",
    "elsewhere": "192.0.2.1 localhost foo.localhost\n",
}

_SAID = """
import json, re, subprocess, sys
sys.path.insert(0, sys.argv[1])
name, node = sys.argv[2:4]
from checks import diagnose
probe = diagnose(f"{name}:9", timeout=20, identify=False).probes[0]
script = "require('dns').lookup(%r, {all: true}, (e, a) => console.log(JSON.stringify(" \
    "e ? [] : a.map(each => each.address))))" % name
seen = json.loads(subprocess.run([node, "-e", script], capture_output=True, text=True).stdout)
tried = subprocess.run(["curl", "-sv", "--connect-timeout", "5", f"http://{name}:9/"],
                       capture_output=True, text=True).stderr
print(json.dumps({
    "ours": {each.who: each.addresses for each in probe.answers},
    "node": seen,
    "curl": list(dict.fromkeys(re.findall(r"Trying \\[?([0-9a-f.:]+?)\\]?:9\\.", tried))),
}))
"""


def in_own_files(hosts: str, tmp_path: Path, *command: str) -> str:
    """What a command prints in a network and under a hosts file of its own."""
    need_root()
    need("unshare", "util-linux")
    need("ip", "iproute2")
    (tmp_path / "hosts").write_text(hosts)
    (tmp_path / "resolv.conf").write_text("nameserver 127.0.0.1\noptions timeout:1 attempts:1\n")
    script = (
        'ip link set lo up && mount --bind "$0/hosts" /etc/hosts'
        ' && mount --bind "$0/resolv.conf" /etc/resolv.conf && exec "$@"'
    )
    done = subprocess.run(
        ["unshare", "--net", "--mount", "sh", "-c", script, str(tmp_path), *command],
        capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def curl_version() -> tuple[int, ...]:
    """Of the curl that is on the PATH."""
    need("curl", "curl")
    said = subprocess.run(["curl", "--version"], capture_output=True, text=True, check=True).stdout
    return tuple(int(part) for part in said.split()[1].split(".")[:2])


@pytest.mark.parametrize("name", ["localhost", "foo.localhost", "localhost."])
@pytest.mark.parametrize("hosts", HOSTS)
def test_node_and_curl_do_what_is_said_of_them(hosts: str, name: str, tmp_path: Path) -> None:
    """Whatever the hosts file says: node follows it, curl does not."""
    need_ipv6()
    need("curl", "curl")
    node = shutil.which("node") or missing("node (apt-get install nodejs)")
    said = json.loads(
        in_own_files(HOSTS[hosts], tmp_path, sys.executable, "-c", _SAID, str(ROOT), name, node)
    )
    assert said["ours"]["node"] == said["node"]
    # What cannot be routed in this network is not tried.
    ours = said["ours"]["curl"]
    if curl_version() >= (8, 14):  # that of Debian 13 begins with ::1, and a full stop is no end
        ours = ["::1", "127.0.0.1"]
    assert said["curl"] == ours


def test_chromium_takes_both_loopbacks(tmp_path: Path) -> None:
    """A name below localhost that the hosts file sends elsewhere: ::1 first, then 127.0.0.1."""
    need_ipv6()
    need("chromium-headless-shell", "chromium-headless-shell")
    code = """
import http.server, socket, subprocess, sys, threading
class Here(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers()
        self.wfile.write(f"<p>took {self.server.server_address[0]}</p>".encode())
    def log_message(self, *_): pass
class Six(http.server.ThreadingHTTPServer):
    address_family = socket.AF_INET6
servers = [http.server.ThreadingHTTPServer(("127.0.0.1", port), Here) for port in (3001, 3004)]
servers += [Six(("::1", 3001), Here)]
for each in servers:
    threading.Thread(target=each.serve_forever, daemon=True).start()
for port in (3001, 3004):
    shown = subprocess.run(
        ["chromium-headless-shell", "--no-sandbox", "--disable-gpu", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync",
         f"--user-data-dir={sys.argv[1]}/profile", "--dump-dom", f"http://foo.localhost:{port}/"],
        capture_output=True, text=True, timeout=100).stdout
    print(shown.partition("took ")[2].partition("<")[0])
"""
    said = in_own_files(HOSTS["elsewhere"], tmp_path, sys.executable, "-c", code, str(tmp_path))
    system = Answer("getaddrinfo", ("192.0.2.1",))
    (browsers,) = [
        each for each in clients.answers("foo.localhost", system) if each.who == "browsers"
    ]
    assert tuple(said.split()) == browsers.addresses


@pytest.mark.parametrize("name", ["example.com", "localhost.example", "notlocalhost", "127.0.0.1"])
def test_other_names_are_the_systems(name: str) -> None:
    """Nothing is said of clients for a name that they have no rule for."""
    assert clients.answers(name, Answer("getaddrinfo", ("192.0.2.1",))) == ()


def test_without_ipv6_curl_takes_one() -> None:
    """It looks whether the system has IPv6 first."""
    found = clients.answers("localhost", Answer("getaddrinfo", ("127.0.0.1",)), ipv6=False)
    assert found[1] == Answer("curl", ("127.0.0.1",))


def test_they_stand_in_the_evidence() -> None:
    """Asked for localhost, the probe has an answer of each."""
    found = situations.ask("localhost", situations.free_port())
    assert [each.who for each in found.answers][-3:] == ["node", "curl", "browsers"]
    assert situations.ask("127.0.0.1", situations.free_port()).answers == ()
