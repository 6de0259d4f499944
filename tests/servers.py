"""Real servers on free loopback ports, in directories of their own, ended with the tests.

A recipe, such as :func:`redis`, writes a configuration and gives the command;
none of them detaches. They run as root where the tests do, and then as the
user that the program insists on.
"""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import npm_packages
import pytest
import situations
from needs import missing

from checks.probe.identify import plan

# Servers live in sbin; node and npm may be those of the virtual environment.
_PLACES = ("/usr/sbin", "/sbin", "/usr/local/sbin", str(Path(sys.executable).parent))
os.environ["PATH"] = os.pathsep.join((os.environ.get("PATH", ""), *_PLACES))

VITE = "7.1.12"
WEBPACK = {"webpack": "5.102.1", "webpack-dev-server": "5.2.2"}
_MARK = "LOOPBACK_CHECKS_TEST_SERVER"
START = 120.0
"""Seconds a server may take until it is up. The slowest needs four on an idle machine, and a
minute where thirty others want the processor; one that has ended is noticed at once."""


def need(program: str, package: str) -> str:
    """The path of a program; without it the test is skipped by name."""
    found = shutil.which(program)
    if found is None:
        missing(f"{program} (apt-get install {package})")
    return str(found)


def need_module(name: str) -> None:
    """Require a Python package of the group ``servers``."""
    if find_spec(name) is None:
        missing(f"the Python package {name} (pip install --group servers)")


def free_port() -> int:
    """A port that nobody uses, and no connection takes meanwhile; it suggests no protocol."""
    while (port := situations.free_port()) in plan.SUGGESTED:
        pass
    return port


class Plan(NamedTuple):
    """How one server is started.

    Arguments:
        command: program and arguments.
        environment: added to ours.
        says: what it prints when it is up, where connecting to see would disturb, or tells too
            little.
        greets: True where it is up only when its greeting has come.
    """

    command: list[str]
    environment: Mapping[str, str] = MappingProxyType({})
    says: str = ""
    greets: bool = False


class Server:
    """One running program."""

    def __init__(self, name: str, recipe: Callable[[Path, int], Plan]) -> None:
        self.port = free_port()
        self.directory = Path(tempfile.mkdtemp(prefix=f"identify-{name}-"))
        self.directory.chmod(0o755)
        self._process: subprocess.Popen[bytes] | None = None
        try:
            plan = recipe(self.directory, self.port)
            self._log = (self.directory / "log").open("wb")
            self._process = subprocess.Popen(
                plan.command, cwd=self.directory,
                env={**os.environ, **plan.environment, _MARK: str(self.directory)},
                stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log,
                start_new_session=True,
            )  # fmt: skip
            self.pid = self._process.pid
            self.command = shlex.join(plan.command)
            self._wait(plan)
        except BaseException:
            self.stop()
            raise

    def _wait(self, plan: Plan) -> None:
        """Return when it accepts, has greeted, or has said that it is up."""
        deadline = time.monotonic() + START
        ready = self._greets if plan.greets else self._accepts
        if plan.says:
            ready = lambda: plan.says in self.said()  # noqa: E731
        while not ready():
            assert self._process is not None
            if self._process.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"{self.command} did not start:\n{self.said()}", pytrace=False)
            time.sleep(0.02)

    def _accepts(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), 1).close()
        except OSError:
            return False
        return True

    def _greets(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), 5) as end:
                return bool(end.recv(1))
        except OSError:
            return False

    def wait_for(self, text: str, files: str) -> None:
        """Return when a file of the server's directory holds the text.

        Arguments:
            text: what is waited for.
            files: the files' names as a pattern.
        """
        deadline = time.monotonic() + START
        while not self.has(text, files):
            if time.monotonic() > deadline:
                pytest.fail(f"{self.command} did not write {text!r}", pytrace=False)
            time.sleep(0.01)

    def has(self, text: str, files: str) -> bool:
        """Whether a file of the server's directory holds the text now."""
        found = self.directory.glob(files)
        return any(text in file.read_text(errors="replace") for file in found)

    def said(self) -> str:
        """What the program printed."""
        return (self.directory / "log").read_text(errors="replace")[-3000:]

    def _processes(self) -> list[int]:
        """The program and what it started, also what has left its session: by a mark of ours."""
        assert self._process is not None
        found = [self._process.pid]
        mark = f"{_MARK}={self.directory}".encode()
        for environment in Path("/proc").glob("[0-9]*/environ"):
            with contextlib.suppress(OSError):
                if mark in environment.read_bytes().split(b"\0"):
                    found.append(int(environment.parent.name))
        return found

    def stop(self) -> None:
        """End the program with all its children, and remove its directory."""
        if self._process is not None:
            for number in (signal.SIGTERM, signal.SIGKILL):
                for pid in self._processes():
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(pid, number)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self._process.wait(2)
            self._log.close()
        shutil.rmtree(self.directory, ignore_errors=True)


def as_user(user: str, directory: Path) -> list[str]:
    """What to put before a command that refuses to run as root."""
    if os.geteuid() != 0:
        return []
    shutil.chown(directory, user)
    for path in directory.rglob("*"):
        shutil.chown(path, user)
    return ["setpriv", f"--reuid={user}", "--clear-groups", "--"]


def write(path: Path, content: str) -> str:
    """Write a configuration, and give its path."""
    path.write_text(content)
    return str(path)


def certificate(
    directory: Path,
    *,
    subject: str = "/CN=localhost",
    names: str = "DNS:localhost,IP:127.0.0.1",
    dates: tuple[str, str] | None = None,
) -> tuple[str, str]:
    """A self-signed certificate and its key, made by openssl; gives both paths."""
    openssl = need("openssl", "openssl")
    key, cert, request = (str(directory / f"tls.{end}") for end in ("key", "crt", "csr"))
    make = [openssl, "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-keyout", key, "-subj", subject, "-utf8",
            "-addext", f"subjectAltName={names}"]  # fmt: skip
    if dates is None:
        _quiet([*make, "-x509", "-days", "30", "-out", cert])
    else:
        _quiet([*make, "-out", request])
        config = f"""[ca]
default_ca=d
[d]
new_certs_dir={directory}
database={write(directory / "index", "")}
default_md=sha256
serial={write(directory / "serial", "01")}
policy=p
copy_extensions=copy
email_in_dn=no
unique_subject=no
[p]
commonName=supplied
"""
        _quiet([openssl, "ca", "-batch", "-selfsign", "-config", write(directory / "ca", config),
                "-keyfile", key, "-in", request, "-out", cert, "-notext",
                "-startdate", dates[0], "-enddate", dates[1]])  # fmt: skip
    Path(key).chmod(0o644)
    return cert, key


def _quiet(command: list[str]) -> None:
    subprocess.run(command, check=True, capture_output=True, timeout=60)


# Databases


def postgresql(directory: Path, port: int) -> Plan:
    """PostgreSQL; initdb and the server refuse to run as root."""
    bins = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    initdb = str(bins[-1] / "initdb") if bins else need("initdb", "postgresql")
    data = directory / "data"
    data.mkdir()
    before = as_user("postgres", directory)
    _quiet([*before, initdb, "-D", str(data), "-A", "trust", "-N", "--no-instructions",
            "--lc-messages=C"])  # fmt: skip
    server = str(Path(initdb).with_name("postgres"))
    # It listens first and turns clients away until its start is done.
    return Plan([*before, server, "-D", str(data), "-p", str(port), "-h", "127.0.0.1",
                 "-k", str(data)], says="ready to accept connections")  # fmt: skip


def postgresql_tls(directory: Path, port: int) -> Plan:
    """PostgreSQL with a certificate."""
    cert, key = certificate(directory)
    plan = postgresql(directory, port)
    Path(key).chmod(0o600)
    return plan._replace(
        command=[*plan.command, "-c", "ssl=on", "-c", f"ssl_cert_file={cert}",
                 "-c", f"ssl_key_file={key}"]
    )  # fmt: skip


def mariadb(directory: Path, port: int) -> Plan:
    """MariaDB with a fresh data directory."""
    install = need("mariadb-install-db", "mariadb-server")
    data = directory / "data"
    data.mkdir()
    user = []
    if os.geteuid() == 0:
        shutil.chown(data, "mysql")
        user = ["--user=mysql"]
    _quiet([install, "--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db",
            f"--datadir={data}", *user])  # fmt: skip
    return Plan([need("mariadbd", "mariadb-server"), "--no-defaults", *user, f"--datadir={data}",
                 f"--socket={data}/s", f"--port={port}", "--bind-address=127.0.0.1"])  # fmt: skip


def redis(directory: Path, port: int) -> Plan:
    """Redis without a password."""
    return Plan([need("redis-server", "redis-server"), "--port", str(port), "--bind", "127.0.0.1",
                 "--save", "", "--dir", str(directory)])  # fmt: skip


def redis_password(directory: Path, port: int) -> Plan:
    """Redis with a password."""
    plan = redis(directory, port)
    return plan._replace(command=[*plan.command, "--requirepass", "x"])


def redis_tls(directory: Path, port: int) -> Plan:
    """Redis inside TLS only."""
    cert, key = certificate(directory)
    plan = redis(directory, 0)
    return plan._replace(
        command=[*plan.command, "--tls-port", str(port), "--tls-cert-file", cert,
                 "--tls-key-file", key, "--tls-auth-clients", "no"]
    )  # fmt: skip


def memcached(directory: Path, port: int) -> Plan:
    """The memcached over TCP."""
    return Plan([need("memcached", "memcached"), "-u", "nobody", "-p", str(port), "-l",
                 "127.0.0.1"])  # fmt: skip


def beanstalkd(directory: Path, port: int) -> Plan:
    """The beanstalkd that keeps its jobs in memory."""
    return Plan([need("beanstalkd", "beanstalkd"), "-l", "127.0.0.1", "-p", str(port)])


# Web servers

_NGINX = """daemon off; pid {d}/pid; error_log {d}/error; worker_processes 1;
events {{}}
http {{ access_log off; ssl_protocols TLSv1.2 TLSv1.3;
client_body_temp_path {d}/b; proxy_temp_path {d}/p; fastcgi_temp_path {d}/f;
uwsgi_temp_path {d}/u; scgi_temp_path {d}/s;
server {{ listen 127.0.0.1:{port} {options}; {more}
location / {{ default_type text/html; return 200 "<title>Own page</title>"; {inside} }} }} }}
"""


def _nginx(directory: Path, port: int, options: str = "", more: str = "", inside: str = "") -> Plan:
    config = _NGINX.format(d=directory, port=port, options=options, more=more, inside=inside)
    program = need("nginx", "nginx-light")
    return Plan([program, "-c", write(directory / "conf", config), "-e", f"{directory}/error"])


def nginx(directory: Path, port: int) -> Plan:
    """The nginx, HTTP/1.1."""
    return _nginx(directory, port)


def nginx_strict(directory: Path, port: int) -> Plan:
    """The nginx that serves one name and refuses every other."""
    return _nginx(directory, port, more='if ($host != "127.0.0.1") { return 421; }')


def nginx_cors(directory: Path, port: int) -> Plan:
    """The nginx that lets every site read with credentials."""
    return _nginx(
        directory, port,
        inside="add_header Access-Control-Allow-Origin $http_origin; "
        "add_header Access-Control-Allow-Credentials true;",
    )  # fmt: skip


def nginx_star(directory: Path, port: int) -> Plan:
    """The nginx that lets every site read without credentials."""
    return _nginx(directory, port, inside="add_header Access-Control-Allow-Origin *;")


def nginx_tls(directory: Path, port: int) -> Plan:
    """The nginx with TLS, HTTP/2 and HTTP/1.1."""
    cert, key = certificate(directory)
    return _nginx(
        directory, port, "ssl http2", f"ssl_certificate {cert}; ssl_certificate_key {key};"
    )


def nginx_tls_one(directory: Path, port: int) -> Plan:
    """The nginx with TLS, HTTP/1.1 only."""
    cert, key = certificate(directory)
    return _nginx(directory, port, "ssl", f"ssl_certificate {cert}; ssl_certificate_key {key};")


def nginx_expired(directory: Path, port: int) -> Plan:
    """The nginx with a certificate that is long past."""
    cert, key = certificate(directory, dates=("20200101000000Z", "20200201000000Z"))
    return _nginx(directory, port, "ssl", f"ssl_certificate {cert}; ssl_certificate_key {key};")


def nginx_hostile_name(directory: Path, port: int) -> Plan:
    """The nginx with a certificate whose name carries escape and bidi characters."""
    cert, key = certificate(directory, subject="/CN=a\x1b[31mred\u202egnp")
    return _nginx(directory, port, "ssl", f"ssl_certificate {cert}; ssl_certificate_key {key};")


def nginx_http2(directory: Path, port: int) -> Plan:
    """The nginx that takes HTTP/2 in plain text, with prior knowledge."""
    return _nginx(directory, port, "http2")


def lighttpd(directory: Path, port: int) -> Plan:
    """The lighttpd with one page."""
    write(directory / "index.html", "<title>Light</title>")
    config = f"""server.document-root = "{directory}"
server.port = {port}
server.bind = "127.0.0.1"
index-file.names = ( "index.html" )
mimetype.assign = ( ".html" => "text/html" )
"""
    program = need("lighttpd", "lighttpd")
    return Plan([program, "-D", "-f", write(directory / "conf", config)])


def php(directory: Path, port: int) -> Plan:
    """PHP's built-in server with a page."""
    write(directory / "index.php", "<?php echo '<title>Own</title>';")
    return Plan([need("php", "php-cli"), "-S", f"127.0.0.1:{port}", "-t", str(directory)])


def python_http(directory: Path, port: int) -> Plan:
    """Python's http.server."""
    return Plan([sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1"])


_FLASK = """from flask import Flask
app = Flask(__name__)
@app.route("/")
def page(): return "<title>Own app</title>"
app.run("127.0.0.1", {port}, debug={debug}, use_reloader=False)
"""


def flask(directory: Path, port: int) -> Plan:
    """Flask without its debugger."""
    need_module("flask")
    code = _FLASK.format(port=port, debug=False)
    return Plan([sys.executable, write(directory / "app.py", code)])


def flask_debug(directory: Path, port: int) -> Plan:
    """Flask with its debugger."""
    need_module("flask")
    code = _FLASK.format(port=port, debug=True)
    return Plan([sys.executable, write(directory / "app.py", code)])


_DJANGO = """import sys
from django.conf import settings
settings.configure(
    DEBUG={debug}, SECRET_KEY="x", ROOT_URLCONF=__name__, ALLOWED_HOSTS=["127.0.0.1"],
    MIDDLEWARE=["django.middleware.common.CommonMiddleware"])
from django.http import HttpResponse
from django.urls import path
urlpatterns = [path("", lambda request: HttpResponse("<title>Own site</title>"))]
from django.core.management import execute_from_command_line
execute_from_command_line([sys.argv[0], "runserver", "--noreload", "127.0.0.1:{port}"])
"""


def django(directory: Path, port: int) -> Plan:
    """Django's development server, for production."""
    need_module("django")
    code = _DJANGO.format(port=port, debug=False)
    return Plan([sys.executable, write(directory / "site.py_", code)])


def django_debug(directory: Path, port: int) -> Plan:
    """Django's development server with DEBUG = True."""
    need_module("django")
    code = _DJANGO.format(port=port, debug=True)
    return Plan([sys.executable, write(directory / "site.py_", code)])


def uvicorn(directory: Path, port: int) -> Plan:
    """The uvicorn with the smallest application."""
    need_module("uvicorn")
    code = """async def app(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"ok"})
"""
    write(directory / "app.py", code)
    return Plan([sys.executable, "-m", "uvicorn", "--port", str(port), "--lifespan", "off",
                 "app:app"])  # fmt: skip


def _jupyter(directory: Path, port: int, *more: str) -> Plan:
    need_module("jupyter_server")
    return Plan(
        [sys.executable, "-m", "jupyter_server", "--no-browser", "--allow-root", "--ip=127.0.0.1",
         f"--port={port}", f"--ServerApp.root_dir={directory}", *more],
        {"HOME": str(directory), "JUPYTER_PLATFORM_DIRS": "1"},
    )  # fmt: skip


def jupyter(directory: Path, port: int) -> Plan:
    """Jupyter Server with a token."""
    return _jupyter(directory, port)


def jupyter_open(directory: Path, port: int) -> Plan:
    """Jupyter Server without a token."""
    return _jupyter(directory, port, "--IdentityProvider.token=")


def _node() -> str:
    return need("node", "nodejs")


def vite(directory: Path, port: int) -> Plan:
    """Vite's development server as it comes."""
    modules = npm_packages.installed("vite", {"vite": VITE})
    write(directory / "index.html", "<!doctype html><title>Own app</title>")
    return Plan([_node(), str(modules / "vite/bin/vite.js"), str(directory), "--host", "127.0.0.1",
                 "--port", str(port), "--strictPort"])  # fmt: skip


def vite_any_host(directory: Path, port: int) -> Plan:
    """Vite told to answer any Host."""
    write(directory / "vite.config.mjs", "export default {server: {allowedHosts: true}}")
    return vite(directory, port)


def webpack(directory: Path, port: int) -> Plan:
    """The webpack's development server."""
    modules = npm_packages.installed("webpack", WEBPACK)
    write(directory / "main.js", "1")
    write(directory / "index.html", "<title>Own</title><script src=main.js></script>")
    code = f"""const webpack = require({str(modules / "webpack")!r})
const Server = require({str(modules / "webpack-dev-server")!r})
const compiler = webpack({{mode: "development", context: {str(directory)!r}, entry: "./main.js"}})
const options = {{port: {port}, host: "127.0.0.1", static: {str(directory)!r}}}
// It accepts before it has compiled, and answers after that.
const compiled = new Promise(done => compiler.hooks.done.tap("test", done))
Promise.all([compiled, new Server(options, compiler).start()]).then(() => console.log("COMPILED"))
"""
    return Plan([_node(), write(directory / "start.cjs", code)], says="COMPILED")


def node_express_like(directory: Path, port: int) -> Plan:
    """Node's http server, which names nothing."""
    code = f"require('http').createServer((q, a) => a.end('ok')).listen({port}, '127.0.0.1')"
    return Plan([_node(), "-e", code])


# Brokers, directories, mail, files, shells


def mosquitto(directory: Path, port: int) -> Plan:
    """Mosquitto that lets anyone in."""
    config = f"listener {port} 127.0.0.1\nallow_anonymous true\n"
    return Plan([need("mosquitto", "mosquitto"), "-c", write(directory / "conf", config)])


def mosquitto_tls(directory: Path, port: int) -> Plan:
    """Mosquitto inside TLS only."""
    cert, key = certificate(directory)
    config = (
        f"listener {port} 127.0.0.1\nallow_anonymous true\ncertfile {cert}\nkeyfile {key}\n"
        "user root\n"
    )
    return Plan([need("mosquitto", "mosquitto"), "-c", write(directory / "conf", config)])


def echo(directory: Path, port: int) -> Plan:
    """The echo protocol: what is sent comes back."""
    del directory
    return Plan([need("socat", "socat"), f"TCP-LISTEN:{port},bind=127.0.0.1,fork,reuseaddr",
                 "EXEC:cat"])  # fmt: skip


def _inside_tls(directory: Path, port: int) -> str:
    """Where socat listens with TLS."""
    cert, key = certificate(directory)
    return f"OPENSSL-LISTEN:{port},bind=127.0.0.1,fork,reuseaddr,cert={cert},key={key},verify=0"


def silent_tls(directory: Path, port: int) -> Plan:
    """Something inside TLS that takes everything and says nothing."""
    return Plan([need("socat", "socat"), "-u", _inside_tls(directory, port),
                 f"OPEN:{directory / 'taken'},creat,append"])  # fmt: skip


def echo_tls(directory: Path, port: int) -> Plan:
    """Something inside TLS that says nothing of its own: it gives back what it gets."""
    return Plan([need("socat", "socat"), _inside_tls(directory, port), "EXEC:cat"])


def mosquitto_password(directory: Path, port: int) -> Plan:
    """Mosquitto that wants credentials."""
    config = f"listener {port} 127.0.0.1\nallow_anonymous false\n"
    return Plan([need("mosquitto", "mosquitto"), "-c", write(directory / "conf", config)])


def nats(directory: Path, port: int) -> Plan:
    """NATS without credentials."""
    return Plan([need("nats-server", "nats-server"), "-a", "127.0.0.1", "-p", str(port)])


def nats_password(directory: Path, port: int) -> Plan:
    """NATS with credentials."""
    plan = nats(directory, port)
    return plan._replace(command=[*plan.command, "--user", "a", "--pass", "b"])


def rabbitmq(directory: Path, port: int) -> Plan:
    """RabbitMQ, with a port mapper of its own."""
    need("rabbitmq-server", "rabbitmq-server")
    name = f"t{port}@localhost"
    # RabbitMQ 4 lets clients in without a name, unless it is told which mechanisms it has.
    settings = f"listeners.tcp.1 = 127.0.0.1:{port}\nauth_mechanisms.1 = PLAIN\n"
    config = write(directory / "rabbit.conf", settings)
    return Plan(
        ["/usr/lib/rabbitmq/bin/rabbitmq-server"],
        {
            "HOME": str(directory), "RABBITMQ_NODENAME": name, "RABBITMQ_CONFIG_FILE": config,
            "RABBITMQ_MNESIA_BASE": str(directory), "RABBITMQ_LOG_BASE": str(directory),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(directory / "plugins"),
            "RABBITMQ_PID_FILE": str(directory / "pid"), "RABBITMQ_DIST_PORT": str(free_port()),
            "ERL_EPMD_PORT": str(free_port()), "ERL_EPMD_ADDRESS": "127.0.0.1",
        },
    )  # fmt: skip


def slapd(directory: Path, port: int) -> Plan:
    """OpenLDAP with an empty database."""
    config = f"""include /etc/ldap/schema/core.schema
modulepath /usr/lib/ldap
moduleload back_ldif
pidfile {directory}/pid
argsfile {directory}/args
database ldif
suffix "dc=test"
directory {directory}
"""
    return Plan([need("slapd", "slapd"), "-d", "0", "-h", f"ldap://127.0.0.1:{port}",
                 "-f", write(directory / "conf", config)])  # fmt: skip


def bind(directory: Path, port: int) -> Plan:
    """BIND."""
    config = f"""options {{ directory "{directory}"; listen-on port {port} {{ 127.0.0.1; }};
listen-on-v6 {{ none; }}; pid-file none; session-keyfile none; recursion no;
managed-keys-directory "{directory}"; dnssec-validation no; }};
controls {{}};
"""
    return Plan([need("named", "bind9"), "-g", "-c", write(directory / "conf", config)])


def dnsmasq(directory: Path, port: int) -> Plan:
    """dnsmasq, for DNS only."""
    return Plan([need("dnsmasq", "dnsmasq-base"), "--keep-in-foreground", f"--port={port}",
                 "--listen-address=127.0.0.1", "--bind-interfaces", "--no-resolv", "--no-hosts",
                 "--conf-file=/dev/null", "--pid-file=", f"--user={_me()}"])  # fmt: skip


def _me() -> str:
    import pwd

    return pwd.getpwuid(os.geteuid()).pw_name


def exim(directory: Path, port: int) -> Plan:
    """Exim, greeting only."""
    program = need("exim4", "exim4-daemon-light")
    config = f"""primary_hostname = mail.test
spool_directory = {directory}/spool
log_file_path = {directory}/%slog
pid_file_path = {directory}/pid
host_lookup =
rfc1413_query_timeout = 0s
local_interfaces = 127.0.0.1
daemon_smtp_ports = {port}
begin acl
begin routers
begin transports
"""
    (directory / "spool").mkdir()
    if os.geteuid() == 0:
        shutil.chown(directory / "spool", "Debian-exim")
        shutil.chown(directory, "root", "Debian-exim")
        directory.chmod(0o775)
    path = Path(write(directory / "conf", config))
    path.chmod(0o644)
    if os.geteuid() == 0:
        return Plan([program, "-C", str(path), "-bdf"], greets=True)
    # Its daemon is root's, and so is a socket as its input; for others it speaks through pipes.
    code = f"""import socket, subprocess, threading
def serve(end):
    pipe = subprocess.PIPE
    exim = subprocess.Popen([{program!r}, "-C", {str(path)!r}, "-bs"], stdin=pipe, stdout=pipe)
    def feed():
        while data := end.recv(4096):
            exim.stdin.write(data)
            exim.stdin.flush()
        exim.stdin.close()
    threading.Thread(target=feed, daemon=True).start()
    while data := exim.stdout.read1(4096):
        end.sendall(data)
    end.shutdown(socket.SHUT_RDWR)
listener = socket.create_server(("127.0.0.1", {port}))
while True:
    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
"""
    return Plan([sys.executable, "-c", code], greets=True)


_DOVECOT_ALONE = """default_internal_user={me}
default_login_user={me}
default_internal_group=
service imap-login {{
  chroot=
}}
service pop3-login {{
  chroot=
}}
service anvil {{
  chroot=
}}
"""
"""Without root all of its processes are the same user, and none is locked in."""


def _dovecot_version() -> tuple[int, ...]:
    said = subprocess.run(
        [need("dovecot", "dovecot-imapd"), "--version"], capture_output=True, text=True, check=True
    ).stdout
    return tuple(int(part) for part in re.findall(r"\d+", said)[:2])


_DOVECOT_PASSDB = "passdb {\n  driver=static\n  args=nopassword=y\n}"
_DOVECOT_24 = "dovecot_config_version=2.4.0\ndovecot_storage_version=2.4.0\n"
_DOVECOT_24_PASSDB = "passdb static {\n  fields {\n    nopassword=yes\n  }\n}"
"""Dovecot 2.4 reads another language of settings; it asks for its version at the top."""


def _dovecot(directory: Path, imap: int, pop3: int) -> Plan:
    new = _dovecot_version() >= (2, 4)
    first, passdb = (_DOVECOT_24, _DOVECOT_24_PASSDB) if new else ("", _DOVECOT_PASSDB)
    alone = "" if os.geteuid() == 0 else _DOVECOT_ALONE.format(me=_me())
    config = f"""{first}base_dir={directory}/run
state_dir={directory}/state
log_path={directory}/messages
protocols=imap pop3
ssl=no
listen=127.0.0.1
{alone}
{passdb}
service imap-login {{
  inet_listener imap {{
    port={imap}
  }}
  inet_listener imaps {{
    port=0
  }}
}}
service pop3-login {{
  inet_listener pop3 {{
    port={pop3}
  }}
  inet_listener pop3s {{
    port=0
  }}
}}
"""
    return Plan(
        [need("dovecot", "dovecot-imapd"), "-F", "-c", write(directory / "conf", config)],
        greets=True,
    )


def dovecot_imap(directory: Path, port: int) -> Plan:
    """Dovecot, asked for IMAP."""
    return _dovecot(directory, port, 0)


def dovecot_imaps(directory: Path, port: int) -> Plan:
    """Dovecot, asked for IMAP inside TLS."""
    cert, key = certificate(directory)
    plan = _dovecot(directory, 0, 0)
    path = directory / "conf"
    files = f"ssl_cert=<{cert}\nssl_key=<{key}"
    if _dovecot_version() >= (2, 4):
        files = f"ssl_server_cert_file={cert}\nssl_server_key_file={key}"
    settings = path.read_text().replace("ssl=no", f"ssl=yes\n{files}")
    before, _, after = settings.partition("inet_listener imaps {\n    port=0")
    write(path, f"{before}inet_listener imaps {{\n    port={port}\n    ssl=yes{after}")
    return plan._replace(greets=False)


def dovecot_pop3(directory: Path, port: int) -> Plan:
    """Dovecot, asked for POP3."""
    return _dovecot(directory, 0, port)


def vsftpd(directory: Path, port: int) -> Plan:
    """The server vsFTPd."""
    config = f"""listen=YES
listen_address=127.0.0.1
listen_port={port}
background=NO
anonymous_enable=NO
local_enable=YES
secure_chroot_dir={directory}
"""
    if os.geteuid() != 0:
        config += "run_as_launching_user=YES\n"
    return Plan([need("vsftpd", "vsftpd"), write(directory / "conf", config)], greets=True)


def sshd(directory: Path, port: int) -> Plan:
    """OpenSSH; its privileges are separated in /run/sshd where root runs it."""
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)
    key = directory / "key"
    _quiet([need("ssh-keygen", "openssh-client"), "-q", "-t", "ed25519", "-N", "", "-f", str(key)])
    return Plan([need("sshd", "openssh-server"), "-D", "-e", "-f", "/dev/null", "-h", str(key),
                 "-p", str(port), "-o", "ListenAddress=127.0.0.1", "-o", "PidFile=none",
                 "-o", "UsePAM=no"], greets=True)  # fmt: skip


def rsync(directory: Path, port: int) -> Plan:
    """The rsync's daemon."""
    config = f"use chroot=no\nport={port}\naddress=127.0.0.1\nlog file={directory}/messages\n"
    return Plan([need("rsync", "rsync"), "--daemon", "--no-detach",
                 f"--config={write(directory / 'conf', config)}"])  # fmt: skip


def socks(directory: Path, port: int) -> Plan:
    """The server microsocks."""
    return Plan([need("microsocks", "microsocks"), "-i", "127.0.0.1", "-p", str(port)])


# Desktops


def vnc(directory: Path, port: int) -> Plan:
    """TigerVNC without a password."""
    return Plan([need("Xtigervnc", "tigervnc-standalone-server"), f":{port}", "-rfbport", str(port),
                 "-SecurityTypes", "None", "-localhost", "-nolisten", "tcp"],
                greets=True)  # fmt: skip


def vnc_password(directory: Path, port: int) -> Plan:
    """TigerVNC with a password."""
    plan = vnc(directory, port)
    (directory / "password").write_bytes(bytes(8))
    at = plan.command.index("None")
    plan.command[at] = "VncAuth"
    return plan._replace(command=[*plan.command, "-PasswordFile", str(directory / "password")])


def rdp(directory: Path, port: int) -> Plan:
    """Xrdp."""
    cert, key = certificate(directory)
    config = f"""[Globals]
port=tcp://127.0.0.1:{port}
security_layer=negotiate
certificate={cert}
key_file={key}
[Logging]
LogFile={directory}/messages
"""
    return Plan([need("xrdp", "xrdp"), "--nodaemon", "--config",
                 write(directory / "xrdp.ini", config)])  # fmt: skip


# Debuggers


def node_inspector(directory: Path, port: int) -> Plan:
    """Node with its inspector."""
    return Plan([_node(), f"--inspect=127.0.0.1:{port}", "-e", "setInterval(() => {}, 1000)"])


def chromium(directory: Path, port: int) -> Plan:
    """Chromium's DevTools."""
    program = need("chromium-headless-shell", "chromium-headless-shell")
    return Plan([program, "--no-sandbox", "--disable-gpu", f"--remote-debugging-port={port}",
                 f"--user-data-dir={directory}", "about:blank"])  # fmt: skip


ADAPTER_LOG = "debugpy.adapter-*.log"
"""What debugpy's adapter writes into its directory."""


def debugpy(directory: Path, port: int) -> Plan:
    """Debugpy, with a program that waits for its debugger."""
    need_module("debugpy")
    code = f"""import debugpy
debugpy.listen(("127.0.0.1", {port}))
print("LISTENING", flush=True)
debugpy.wait_for_client()
print("RELEASED", flush=True)
"""
    return Plan(
        [sys.executable, "-Xfrozen_modules=off", write(directory / "app.py", code)],
        {"DEBUGPY_LOG_DIR": str(directory)},
        says="LISTENING",
    )


def java(directory: Path, port: int) -> Plan:
    """A Java program that waits for its debugger, which a connection must not disturb."""
    code = (
        'public class A { public static void main(String[] a) { System.out.println("STARTED"); } }'
    )
    options = f"-agentlib:jdwp=transport=dt_socket,server=y,suspend=y,address=127.0.0.1:{port}"
    program = need("java", "openjdk-17-jre-headless")
    return Plan([program, options, write(directory / "A.java", code)], says="Listening")


class Fleet:
    """Servers by the name of their recipe, each started when it is first asked for."""

    def __init__(self) -> None:
        self._running: dict[str, Server] = {}

    def __call__(self, recipe: Callable[[Path, int], Plan]) -> Server:
        """The running server of a recipe."""
        name = recipe.__name__
        if name not in self._running:
            self._running[name] = Server(name, recipe)
        return self._running[name]

    def stop(self) -> None:
        """End them all."""
        for server in self._running.values():
            server.stop()


def fleet() -> Iterator[Fleet]:
    """A fleet that ends with whoever asked for it."""
    made = Fleet()
    try:
        yield made
    finally:
        made.stop()
