"""What the words around an endpoint say of its role: "connect to", "listening on", "from".

Programs differ in their sentences and agree in their words. So the words before an
endpoint are gone through from the nearest to the farthest, and the first that tells
decides. Where none does, what is behind the endpoint may tell (``is in use``, ``refused``).
Names of other things ("Minecraft server", "debugger port") are passed over.
"""

from __future__ import annotations

import re

from checks.model.patterns import has_any

REACH = 120
"""Characters before and behind an endpoint that are looked at, within its line."""

MAX_WORDS = 9
"""So many words before an endpoint are asked."""

NEAR = 3
"""So many are asked where a sentence is likely to be about something else."""

NOTHING = ""
"""A word that says that the text does not tell: no word before it is asked."""

_WORD = re.compile(r"(?<![\w/\\.-])-{0,2}[a-z_][a-z_-]{0,40}[46]?a?h?(?!:\d|/[a-z])", re.ASCII)
"""A word; not a part of a path or of ``Get:1``."""

_WORDS: dict[str, str] = {
    **dict.fromkeys(
        "--bind --listen advertise advertised available bind bindaddress binding bound browse"
        " expose exposed exposing forwarding fwd hosted hosting launched launching listen"
        " listen_addr listen_address listen_addresses listenaddress listener listeners listening"
        " listens listenstream listendatagram open opening paste prefix publish published"
        " publishing ready redirect_uri register registered registering serve served serving start"
        " started starting use virtualhost".split(),
        "listener",
    ),
    **dict.fromkeys(
        "--client access accessing address_to attempted attempting backend bootstrap broker"
        " brokers call calling connect connecting connected connection connects"
        " contact contacting curl daddr datasource dest destination dial dialing dialling dst"
        " econnaborted econnrefused econnreset ehostunreach enetunreach enotfound etimedout fetch"
        " fetching get getaddrinfo post probe probing proxy_pass proxypass put reach reaching"
        " reconnecting refused request requesting resource scan server_addr target telnet tried"
        " try trying unreachable upstream upstreams wait waiting wget xmlhttprequest".split(),
        "target",
    ),
    **dict.fromkeys(
        "accepted caller client_addr client_address client_ip clientip incoming"
        " peer raddr remote-addr remote_addr remote-address remote_address remote_ip remoteaddr"
        " remoteaddress rhost"
        " x-forwarded-for x-real-ip".split(),
        "peer",
    ),
    **dict.fromkeys(
        "inet inet6 laddr local-addr local_addr local-address local_address localaddr"
        " localaddress saddr src_ip sourceaddress".split(),
        "local",
    ),
    **dict.fromkeys("proxies proxy socks socks4 socks4a socks5 socks5h".split(), "proxy"),
    **dict.fromkeys("dns nameserver nameservers resolver resolvers".split(), "resolver"),
    **dict.fromkeys(
        "access-control-allow-origin allow-origin origin origins referer referrer".split(),
        "origin",
    ),
    **dict.fromkeys(
        "details doc docs documentation guide help info information manual refer see".split(),
        "link",
    ),
    **dict.fromkeys("no_proxy no-proxy noproxy valid via version".split(), NOTHING),
}
"""A word before an endpoint, and what the endpoint is then; some words depend on others."""

_OPENS = frozenset("bind binding bound browse go head listen listening navigate point".split())
"""Before "to": what follows is where a program listens, not what it connects to."""

_SOURCES = frozenset(
    "bytes clone data download downloaded downloading error fetch fetched fetching get import"
    " install load loaded loading message pull pulling read receive reply resource response"
    " retrieve retrieving timeout uri url".split()
)
"""Before "from": something comes from a server, and not a request from a client."""

_CALLERS = frozenset(
    "accept accepted accepting connection connections incoming new received".split()
)
_SERVES = frozenset("accepts listening listens ready serving waiting waits".split())
"""Before "for connections", "for client requests": the program listens."""

_ENDED = frozenset("aborted closed disconnected reset terminated".split())
_PROXY_FAILED = re.compile(
    r"proxyconnect|proxyerror|proxy connect|connect to (?:the )?proxy|tunneling socket could not"
)
_SERVER_KEY = re.compile(r"server\s?=\s?(?:tcp:)?[\"'(]?\Z")
_CAME_IN = re.compile(r"\bin=(?!lo\b)\S")
_POOL = re.compile(r"connectionpool\(host=[\"']?$")
_DEBUG_SERVER = re.compile(r"server=(?P<server>[yn])")

_CODE = re.compile(
    # client = new Foo({hosts: ['h:9333']}), conn, err := rpc.Dial("tcp", "h:7711")
    r"\w{0,24}client\w{0,16}(?:, ?\w{1,16})?(?: ?: ?[\w.]{1,24})? ?:?= ?(?:new |await |& ?)?"
    r"[a-z_][\w.:]{0,48}[({\[]"
    # new FooClient("h", 27555), createClient('h'), Client("h:9333")
    r"|\bnew \w{0,24}client\w{0,16}\(|client\((?:[\[{] ?)?[\"'`]"
    # redisClient.connect('h:6555')
    r"|client\w{0,16}\.(?:connect|open|dial)\w{0,12}\(",
    re.ASCII,
)
"""Before an endpoint in source code: a client is made, or told to connect, and names its server."""

_RIGHT_BEHIND = re.compile(
    r"(?P<proxy>[\"']? (?:https? |socks5? )?prox(?:y|ies)\b)"
    # Docker's published port, kubectl's and ssh's forwarding
    r"|(?P<listener>\s?->\s?:?\d{1,5}(?:[-/,\s]|$)| forwarded to )"
    # the prompt of redis-cli
    r"|(?P<target>(?:\[\d{1,3}\])?(?:\(tx\))?> )"
    # servers of PHP and NATS, and all that write what a client did
    r"|(?P<peer> \[\d{2}/[a-z]{3}/\d{4}:| \[\d{3}\]: [a-z]"
    r"| (?:accepted|closing|connected|disconnected)\b"
    r"|[^\n]{0,40}\bclient (?:connection|connected|disconnected)\b)"
)
"""What is right behind an endpoint and tells more than the words before it."""

_BEHIND = re.compile(
    r"(?P<listener>\blisten(?:ing)?\b|\bin use\b|\balready\b|\bbusy\b|\ballocated\b"
    r"|\bnot available\b|\bis (?:taken|used|running)|\bbeing used\b|bindexception|eaddrinuse"
    r"|: bind\b|\bstate=\"open|bereits|belegt|utilis\u00e9"
    r"|en uso|in uso|em uso|\u0437\u0430\u043d\u044f\u0442"
    r"|\u5360\u7528|\u4f7f\u7528\u4e2d|\u4f7f\u7528\u3055\u308c|\uc0ac\uc6a9)"
    r"|(?P<target>refused|\bfail|timed out|\btime-?out|unreachable|\breachable|\bdid not\b"
    r"|succeeded|no route|not respond|econnre|etimedout|\breset\b|abgelehnt|verweigert"
    r"|\u62d2\u7edd|\u62d2\u5426|\u043e\u0442\u043a\u0430\u0437)"
)
_BEHIND_MARKS = (
    "listen", "in us", "already", "busy", "alloc", "not av", "is ", "being", "bind", "eaddr",
    "state=", "bereits", "belegt", "utilis", "en uso", "em uso", "refused", "fail", "out",
    "reachable", "did not", "succ", "no route", "not resp", "econn", "reset", "abgelehnt", "verw",
)  # fmt: skip
"""One of them is in all that :data:`_BEHIND` finds in ASCII; to look for them is quicker."""

_BESIDE = {
    "listener": (
        "eaddrinuse", "in use", "bindexception", "bind:", "bind(", "binding", " bind ",
        "syscall: 'listen'", "failed to listen", "cannot listen", "listen socket",
        "listening socket",
    ),
    "target": (
        "econnre", "etimedout", "refused", "could not connect", "cannot connect",
        "failed to connect", "unable to connect", "can't connect", "timed out",
        "syscall: 'connect'",
    ),
}  # fmt: skip
"""What the lines around an endpoint say of the operation that failed."""


def before(text: str, first: int, *, url: bool, words: int = MAX_WORDS) -> str | None:
    """The role that the words before an endpoint give it.

    Arguments:
        text: the whole.
        first: where the endpoint begins.
        url: whether it is written as a URL.
        words: so many of them are asked, the nearest first.

    Returns:
        the role; :data:`NOTHING` where the text says that there is none, None where no
        word tells.
    """
    line = _line_before(text, first)
    if "client" in line and _CODE.search(line):
        return "target"
    found = _WORD.findall(line)[-words - 4 :]
    for at in range(len(found) - 1, max(-1, len(found) - 1 - words), -1):
        role = _role_of(found, at, line, url)
        if role is not None:
            return "proxy" if role == "target" and _PROXY_FAILED.search(line) else role
    return None


def _line_before(text: str, first: int) -> str:
    """What is before an endpoint in its line and its sentence, in lower case.

    Where an endpoint begins its line, a line before that ends with a colon leads to it.
    """
    start = max(0, first - REACH)
    line = text.rfind("\n", start, first) + 1
    if line > start and not text[line:first].strip(" \t\r*-"):
        led = text[start : line - 1].rstrip().endswith(":")
        line = text.rfind("\n", start, line - 1) + 1 if led else line
    start = max(start, line)
    stop = text.rfind(". ", start, first)
    return text[start if stop < 0 else stop + 2 : first].lower()


def _role_of(found: list[str], at: int, line: str, url: bool) -> str | None:
    """The role that one word gives; None where it tells nothing."""
    word = found[at]
    depends = _DEPENDING.get(word)
    if depends is not None:
        return depends(found, at, line, url)
    role = _WORDS.get(word)
    if role is None and word.endswith(("_proxy", "-proxy")):
        return "proxy"
    return _WORDS.get(word.lstrip("-")) if role is None else role


def _to(found: list[str], at: int, line: str, url: bool) -> str | None:
    """Read "to X": a target, but not in "bind to" and "open http://... in a browser"."""
    word = found[at - 1] if at else ""
    if word in _OPENS:
        return "listener"
    return None if word in ("according", "up", "due") else "target"


def _from(found: list[str], at: int, line: str, url: bool) -> str | None:
    """Read "from X": the caller in a server's log, the own end in "from A to B" of a client."""
    earlier = found[max(0, at - 6) : at]
    if earlier and earlier[-1] in _SOURCES:
        return "target"
    if url and "request" not in earlier:
        return "target"
    if not _CALLERS.isdisjoint(earlier):
        return "peer"
    return "local" if "to" in earlier or "proxy" in earlier else "peer"


def _by(found: list[str], at: int, line: str, url: bool) -> str | None:
    return "peer" if at and found[at - 1] in _ENDED else None


def _client(found: list[str], at: int, line: str, url: bool) -> str | None:
    """Read "client X": the caller; but "listening for client requests on X" is a server's."""
    if not _SERVES.isdisjoint(found[max(0, at - 3) : at]):
        return "listener"
    return None if found[at + 1 : at + 2] in (["requests"], ["traffic"]) else "peer"


def _connections(found: list[str], at: int, line: str, url: bool) -> str | None:
    """Read "waiting for connections on X", and "ready for connections"."""
    return "listener" if not _SERVES.isdisjoint(found[max(0, at - 3) : at]) else "target"


def _local(found: list[str], at: int, line: str, url: bool) -> str | None:
    """Read "Local: http://..." is a server's; "on local address" is of bind()."""
    if url:
        return "listener"
    return None if at and found[at - 1] in ("on", "for", "to") else "local"


def _network(found: list[str], at: int, line: str, url: bool) -> str | None:
    return "listener" if url else None


def _running(found: list[str], at: int, line: str, url: bool) -> str | None:
    """Read "running on X": a listener, but a target in "Is the server running on X?".

    "Is another server already running on X?" asks who has the port.
    """
    asked = found[max(0, at - 6) : at]
    if asked[-1:] == ["already"]:
        return "listener"
    question = "is" in asked and asked[asked.index("is") + 1 :][:1] not in (["already"], [])
    return "target" if question else "listener"


def _source(found: list[str], at: int, line: str, url: bool) -> str | None:
    """Read ``Data Source=h,1433`` of a database, and the source of a packet."""
    return "target" if at and found[at - 1] == "data" else "local"


def _src(found: list[str], at: int, line: str, url: bool) -> str | None:
    """A packet's source is another machine's where it came in by an interface."""
    return "peer" if _CAME_IN.search(line) else "local"


def _socket(found: list[str], at: int, line: str, url: bool) -> str | None:
    """Read "server socket", "listening socket", "shutdown socket"."""
    return "listener" if at and found[at - 1] in ("server", "shutdown", "accept") else None


def _server(found: list[str], at: int, line: str, url: bool) -> str | None:
    """``Server=tcp:h,1433`` and ``server a 10.0.0.1:80``; in a sentence the verb tells."""
    if at == 0 and line.lstrip().startswith("server "):
        return "target"
    return "target" if _SERVER_KEY.search(line) else None


def _on(found: list[str], at: int, line: str, url: bool) -> str | None:
    """Go's "lookup X on Y": Y was asked for X. "Connection from A on port N": N listens."""
    if found[at + 1 : at + 2] == ["port"] and "from" in found[:at]:
        return "listener"
    return "resolver" if "lookup" in found[max(0, at - 5) : at] else None


def _not(found: list[str], at: int, line: str, url: bool) -> str | None:
    """Read "certificate is valid for A, B, not C": C was asked."""
    return "target" if "valid" in line or "certificate" in line else None


def _page(found: list[str], at: int, line: str, url: bool) -> str | None:
    return "origin" if url and found[at + 1 : at + 2] == ["at"] else None


def _address(found: list[str], at: int, line: str, url: bool) -> str | None:
    """JDWP's ``server=y,address=N``: the debugged program listens; with ``server=n`` it calls."""
    server = _DEBUG_SERVER.search(line)
    if server is None:
        return None
    return "listener" if server["server"] == "y" else "target"


def _vm(found: list[str], at: int, line: str, url: bool) -> str | None:
    """The debugger of IntelliJ: "Connected to the target VM, address: ..."."""
    return "listener" if at and found[at - 1] == "target" else None


def _remote(found: list[str], at: int, line: str, url: bool) -> str | None:
    """gdb's "target remote", OpenVPN's "link remote". A "remote address" is either end."""
    return "peer" if found[at + 1 : at + 2] in (["address"], ["addr"], ["ip"]) else "target"


def _received(found: list[str], at: int, line: str, url: bool) -> str | None:
    """PostgreSQL's "connection received: host=..."."""
    return "peer" if at and found[at - 1] == "connection" else None


def _url(found: list[str], at: int, line: str, url: bool) -> str | None:
    """Read "Max retries exceeded with url", "Request URL:"; "local URL" is a server's."""
    if url and at and found[at - 1] in ("request", "with", "from"):
        return "target"
    return None


_DEPENDING = {
    "address": _address,
    "by": _by,
    "client": _client,
    "clients": _client,
    "connections": _connections,
    "external": _network,
    "from": _from,
    "local": _local,
    "network": _network,
    "not": _not,
    "on": _on,
    "page": _page,
    "received": _received,
    "remote": _remote,
    "running": _running,
    "server": _server,
    "socket": _socket,
    "source": _source,
    "src": _src,
    "to": _to,
    "url": _url,
    "vm": _vm,
}
"""Words that tell something only together with others."""


def right_behind(text: str, last: int) -> str | None:
    """The role that the first characters behind an endpoint give it; None for none."""
    following = text[last : last + 1]
    if following not in _FOLLOWING:
        return None
    match = _RIGHT_BEHIND.match(_line_behind(text, last))
    return match.lastgroup if match else None


_FOLLOWING = frozenset(" \"'->[(\t")
"""With one of them begins what :data:`_RIGHT_BEHIND` finds."""


def behind(text: str, last: int) -> str | None:
    """The role that the words behind an endpoint give it, in the same line; None for none."""
    line = _line_behind(text, last)
    if line.isascii() and not has_any(line, _BEHIND_MARKS):
        return None
    match = _BEHIND.search(line)
    return match.lastgroup if match else None


def _line_behind(text: str, last: int) -> str:
    end = text.find("\n", last, last + REACH)
    return text[last : last + REACH if end < 0 else end].lower()


def is_failed_proxy(text: str, first: int, last: int) -> bool:
    """Whether urllib3's pool has the proxy's host, as its message says further on."""
    if "host=" not in text[max(0, first - 6) : first]:
        return False
    before = text[max(0, first - 40) : first].lower()
    return _POOL.search(before) is not None and "ProxyError" in text[last : last + 600]


def beside(text: str, first: int, last: int) -> str | None:
    """The role that the operation gives that the lines around an endpoint tell of.

    Where they tell of both, the nearer one: a server that could not connect may go on to listen.
    """
    earlier = text[max(0, first - 300) : first].lower()
    later = text[last : last + 300].lower()
    near = {
        role: min(_distance(mark, earlier, later) for mark in marks)
        for role, marks in _BESIDE.items()
    }
    role = min(near, key=near.__getitem__)
    return role if near[role] < _FAR else None


_FAR = 1000


def _distance(mark: str, earlier: str, later: str) -> int:
    """How many characters a mark is away; :data:`_FAR` where it is nowhere."""
    at = earlier.rfind(mark)
    after = later.find(mark)
    return min(_FAR if at < 0 else len(earlier) - at, _FAR if after < 0 else after)
