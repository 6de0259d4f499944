"""Marks of the client that printed a message, and of the system that it ran on.

Each wording was read in the client's own source or documentation; :data:`NAMES` has how
the client is named in a sentence.
"""

from __future__ import annotations

_KUBERNETES = (
    r"/(?:(?:apis?|version)\?timeout=\d|openapi/v[23]\?timeout=\d|apis/[a-z][\w.-]{1,60}/v\d"
    r"|api/v1/(?:namespaces|pods|configmaps|persistentvolumes?|serviceaccounts|componentstatuses"
    r"|replicationcontrollers)\b"
    r"|api/v1/(?:nodes|services|events|secrets|endpoints)\?"
    r"(?:limit|timeout|labelSelector|fieldSelector|resourceVersion|watch|allowWatchBookmarks)=)"
    r"[^\s\"']{0,60}"
)
"""Paths that only the API of Kubernetes has: every other REST API has ``/api/`` and ``/api/v1/``.

Source: kubernetes/client-go, discovery/discovery_client.go (``/api``, ``/apis``, ``/version``,
``/openapi/v2``, its timeout of 32 seconds) and rest/request.go (``/apis/GROUP/VERSION``).
"""

MARKS: tuple[tuple[str, tuple[str, ...], str, str], ...] = (
    (
        "kubectl",
        (
            "kubectl", "to the server", "memcache.go", "kubernetes cluster", "openapi",
            "server api group", "k8s.io/", "reflector.go",
        ),
        r"[Tt]he connection to the server \S{1,80} was refused - did you specify"
        r"|\bUnable to connect to the server: (?:dial |read |net/http|http: |http2: |x509: "
        r"|tls: |EOF\b"
        r"|proxyconnect |context deadline|getting credentials|remote error|stream error|failed to)"
        r"|\b(?:memcache|reflector)\.go:\d{1,5}\] |\bk8s\.io/(?:client-go|kubectl)\b"
        r"|\bKubernetes cluster unreachable|\bcouldn't get current server API group"
        r"|\bfailed to download openapi"
        r"|^(?:\S{0,80}[$#%>] ?)?kubectl (?!config|logs|exec|port-forward|run\b|proxy)[a-z]"
        r"[^\n]{0,160}\n(?=[^\n]{0,300}(?:\brefused\b|\bdial tcp\b|\bunable to connect\b))",
        "kubectl, or a program that uses its configuration, prints this",
    ),
    (
        "kubernetes-fallback",
        (
            "/api?timeout=", "/apis?timeout=", "/version?timeout=", "/openapi/v", "/apis/",
            "/api/v1/",
        ),
        rf"//(?:localhost|127\.0\.0\.1|\[::1\])(?::80|:8080)?{_KUBERNETES}"
        rf"|host='(?:localhost|127\.0\.0\.1)', port=(?:80|8080)\)[^\n]{{0,60}}url: {_KUBERNETES}",
        "a Kubernetes client uses this address when it finds no configuration",
    ),
    (
        "browser",
        ("err_", "refused to connect", "site can", "ns_error", "unable to connect", "firefox"),
        r"\bnet::ERR_[A-Z\d_]{4,60}|\bNS_ERROR_[A-Z_]{4,40}\b"
        r"|(?<![\w:])ERR_(?:CONNECTION|ADDRESS|NAME|INTERNET|SSL|CERT|EMPTY|TOO_MANY_REDIR|UNSAFE"
        r"|BLOCKED|NETWORK_(?:CHANGED|ACCESS|IO)|PROXY|TUNNEL|SOCKS_CONN|TIMED_OUT|FAILED|ABORTED"
        r"|HTTP2_PROTOCOL|INVALID_HTTP_RESPONSE|INVALID_RESPONSE|CLEARTEXT|INCOMPLETE|QUIC|CONTENT"
        r"|ACCESS_DENIED|BAD_SSL|RESPONSE_HEADERS|DNS|ICANN|CACHE|SPDY|UNKNOWN_URL)[A-Z\d_]{0,50}\b"
        r"|[Tt]his site can['\u2019]t be reached"
        r"|(?:\blocalhost|[\w-]\.[\w-]{1,60}|\]|\bsite|\bpage)[\"'*`:\d]{0,8} refused to connect\b"
        r"|Firefox can['\u2019]t establish|Safari [Cc]an['\u2019]t",
        "a browser prints this",
    ),
    (
        "node",
        (
            "node", "econn", "eaddr", "enotf", "etimed", "ehost", "eai_", "syscall", "axios",
            "undici", "fetch failed", "mongo",
        ),
        r"\bNode\.js v\d{1,2}\b|\bnode:(?:net|internal|dns)[\w/:]{0,40}"
        r"|\bTCPConnectWrap\.afterConnect"
        r"|\bGetAddrInfoReqWrap|\b(?:connect|listen|read|write|getaddrinfo|bind) E[A-Z_]{4,12}\b"
        r"|\bsyscall['\"]?: ?['\"]\w{2,20}['\"]|\bAxiosError\b|\bundici\b|\bFetchError\b"
        r"|\bnode_modules[/\\]|\bTypeError: fetch failed|\b(?:Mongoose|Mongo)\w{0,20}Error\b",
        "Node.js prints errors like this",
    ),
    (
        "go",
        ("dial tcp", "dial udp", "proxyconnect"),
        r"\bdial (?:tcp|udp)[46]? ",
        "Go programs print errors like this",
    ),
    (
        "libpq",
        ("server at", "is the server running", "psql", "psycopg", "pg::"),
        r"connection to server (?:at|on socket) \"[^\"\n]{1,120}\"|Is the server running "
        r"(?:on|locally)|\bpsql: |\bpsycopg2?\.OperationalError|\bPG::ConnectionBad",
        "the client library of PostgreSQL prints this",
    ),
    (
        "java",
        ("java", "jdbc", "caused by", "connectexception", "communications link", "postmaster"),
        r"\bjava\.(?:net|io|nio|rmi|sql)\.[\w.]{1,60}|\b(?:org"
        r"|com)\.[a-z]\w{1,30}\.[\w.]{2,80}Exception\b"
        r"|\bCommunications link failure|\bjdbc:\w{2,20}:|accepting TCP/IP connections\.",
        "Java programs print errors like this",
    ),
    (
        "dotnet",
        ("system.net", "socketexception (", "httprequestexception", "microsoft."),
        r"\bSystem\.Net\.[\w.]{3,50}Exception\b|\bSocketException \(\d{2,10}\)"
        r"|\bHttpRequestException\b|\bMicrosoft\.(?:Data|AspNetCore|Extensions)\.\w{3,40}",
        ".NET programs print errors like this",
    ),
    (
        "python",
        ("traceback", "errno", "urllib3", "httpconnectionpool", "httpx", "aiohttp", "requests."),
        r"Traceback \(most recent call last\)|\[Errno -?\d{1,5}\]|\burllib3\."
        r"|\bHTTPS?ConnectionPool\("
        r"|\bhttpx\.\w{4,20}|\baiohttp\.\w{4,40}|\brequests\.exceptions\.\w{4,30}"
        r"|\bConnect call failed \(",
        "Python programs print errors like this",
    ),
    (
        "php",
        ("php", "sqlstate", "predis", "mysqli", "guzzle", "curl error", "pdoexception"),
        r"\bSQLSTATE\[\w{2,5}\]|\bPHP (?:Warning|Fatal error|Notice)|\bPredis\\|\bmysqli\b"
        r"|\bGuzzleHttp\\"
        r"|\bcURL error \d{1,3}|\bPDOException\b|\bRedisException\b",
        "PHP programs print errors like this",
    ),
    (
        "ruby",
        ("errno::", "faraday", "pg::", "rails", "net::http", "connection refused - "),
        r"\bErrno::E[A-Z]{4,14}|\bFaraday::\w{4,30}|\bPG::\w{4,30}|\bRedis::CannotConnect\w{0,6}"
        r"|[Cc]onnection refused - connect\(2\)",
        "Ruby programs print errors like this",
    ),
    (
        "rust",
        ("os error", "reqwest", "hyper", "connectionrefused"),
        r"\(os error \d{1,5}\)|\breqwest::|\bhyper::|\bkind: ConnectionRefused",
        "Rust programs print errors like this",
    ),
    ("curl", ("curl: (", "curl "), r"\bcurl: \(\d{1,2}\)|^[$#%>] ?curl\b", "curl prints this"),
    (
        "redis-cli",
        ("connect to redis",),
        r"\bCould not connect to Redis at\b",
        "redis-cli prints this",
    ),
    (
        "mysql",
        ("mysql", "mariadb", "error 200", "hy000"),
        r"\bERROR 200[0-9] \(HY000\)|Can't connect to (?:local )?(?:MySQL|MariaDB"
        r"|server)[^\n]{0,40}",
        "MySQL's client library prints this",
    ),
    (
        "nginx",
        ("while connecting to upstream", "#", "upstream"),
        r"\bconnect\(\) (?:to \S{1,120} )?failed \(\d{1,3}: [^)\n]{3,60}\)[^\n]{0,30}",
        "nginx prints this about the server behind it",
    ),
    (
        "ssh",
        ("ssh:", "kex_exchange", "ssh "),
        r"\bssh: connect to host \S{1,120} port \d{1,5}|\bkex_exchange_identification",
        "ssh prints this",
    ),
    (
        "docker",
        ("docker daemon", "docker.sock", "response from daemon"),
        r"Cannot connect to the Docker daemon[^\n]{0,20}|[Ee]rror response from daemon"
        r"|/docker\.sock: connect: |\bdial unix /\S{1,80}docker\.sock\b"
        r"|docker_engine\b",
        "Docker's client prints this",
    ),
    (
        "git",
        ("unable to access",),
        r"\bunable to access '[^'\n]{4,200}'",
        "git prints this",
    ),
    (
        "windows",
        (
            "winerror", "wsae", "connectex", "wsarecv", ":\\", "-40", "(10061", "(10060",
            "(10013", "(10048", "(10049", "error 10061", "error 10060", "error 10013",
            "error 10048", "error 10049", "errno = 1225", "powershell",
            "connection refused: connect", "windows", ":/users/", ":/program", ":/xampp",
        ),
        r"\bWinError \d|\bWSAE[A-Z]{3,20}|\bconnectex\b|\bwsa(?:recv|send)\b|\b[A-Za-z]:\\[\w ]"
        r"|\b[A-Za-z]:/(?:Users|Program|xampp)"
        r"|errno['\"]?: ?-40\d\d\b|\(100(?:13|4[89]|5[0-9]|6[01])\)"
        r"|\bos error 100\d\d|errno = 1225\b|\bPS [A-Z]:\\"
        r"|\bConnection refused: connect\b|\bMINGW64\b|\bWindows (?:1[01]|Server)\b",
        "this is Windows' number or wording",
    ),
    (
        "macos",
        (
            "errno", "os error", "/users/", "homebrew", "darwin", "macos", "nodename nor", "cellar",
        ),
        r"errno['\"]?: ?-(?:4[89]|6[015])\b|\[Errno (?:4[89]|6[015])\]|\bos error (?:4[89]"
        r"|6[015])\b"
        r"|\berrno = (?:61|65)\b|(?:^|[\s\"'(=]|(?<![A-Za-z]):|file://)(?<!GET )(?<!POST )(?<!PUT )"
        r"(?<!PATCH )(?<!DELETE )(?<!url: )/Users/[\w.-]{1,40}/|/opt/homebrew/|\bDarwin\b|\bmacOS\b"
        r"|\bnodename nor servname\b|/usr/local/Cellar/",
        "this is macOS's number or path",
    ),
    (
        "linux",
        (
            "errno", "os error", "/home/", "(111", "ubuntu", "debian", "systemd", "-111",
            "microsoft", "/usr/lib", "/var/www/", "systemctl", "apt-get", "@",
        ),
        r"errno['\"]?: ?-(?:9[89]|1(?:0[14]|1[013]))\b|\[Errno (?:9[89]|1(?:0[14]|1[013]))\]"
        r"|\bos error (?:9[89]|1(?:0[14]|1[013]))\b|\berrno = 1(?:11|10|13)\b|\(11[013][:)]"
        r"|(?:^|[\s\"'(:=]|file://)(?<!GET )(?<!POST )(?<!PUT )(?<!PATCH )(?<!DELETE )(?<!url: )"
        r"/home/[\w.-]{1,40}/|\bUbuntu\b|\bDebian\b|\bsystemd\b|microsoft-standard"
        r"|(?<![\w.])/usr/lib(?:64)?/(?:python\d|jvm/|node_modules/|ruby/|php|x86_64-|aarch64-)"
        r"|(?<![\w.])/var/www/|\bsystemctl \w|\bapt-get \w"
        r"|^[a-z_][\w.-]{0,40}@[\w.-]{1,60}:[~/][^\s$#]{0,100}[$#]",
        "this is Linux's number or path",
    ),
)  # fmt: skip
"""Key, words of which one must be in the text in lower case, pattern, what it tells."""

NAMES: dict[str, str] = {
    "kubectl": "kubectl",
    "browser": "the browser",
    "node": "Node.js",
    "libpq": "the PostgreSQL client",
    "redis-cli": "redis-cli",
    "mysql": "the MySQL client",
    "nginx": "nginx",
    "ssh": "ssh",
    "git": "git",
    "curl": "curl",
    "docker": "Docker's client",
    "java": "the Java program",
    "dotnet": "the .NET program",
    "python": "the Python program",
    "php": "the PHP program",
    "ruby": "the Ruby program",
    "rust": "the Rust program",
    "go": "the Go program",
}
"""How a client is named in a sentence, by its key; the one that tells most first."""
