"""Sentences of ports that could not be opened."""

from __future__ import annotations

MARKS: tuple[tuple[str, tuple[str, ...], str, str], ...] = (
    (
        "docker-allocated",
        ("already allocated",),
        r"port is already allocated",
        "Docker prints this when another container publishes the port",
    ),
    (
        "docker-expose",
        ("/forwards/expose",),
        r"/forwards/expose returned unexpected status: \d{3}",
        "Docker Desktop prints this when it could not open the port on the computer",
    ),
    (
        "docker-host-port",
        ("ports are not available", "userland proxy", "rootlessport", "rootlesskit", "host port"),
        r"(?i)\bports are not available\b|\berror starting userland proxy: "
        r"(?:listen|failed to bind|bind for \S{1,60} unexpected)|\bfailed to bind host port\b"
        r"|\brootless(?:port|kit)\b[^\n]{0,80}\bbind\b",
        "the container engine prints this when a program outside containers uses the port",
    ),
    (
        "restarted",
        ("restart", "reload", "detected", "change"),
        r"(?im)^\[nodemon\] restarting[^\n]{0,40}|^ ?\* detected (?:a )?change in [^\n]{1,80}"
        r"|\brestarting (?:due to|because of) [^\n]{1,40}|\brestart(?:ing)? with (?:stat"
        r"|watchdog)\w*"
        r"|\bdetected (?:file )?changes? [^\n]{1,40}reload\w*|\bfile change detected\b"
        r"|\bhot[ -]reload(?:ed|ing)? (?:of|the|app|succeeded)|\bserver restarting\b",
        "the program was restarted just before",
    ),
    (
        "watcher",
        ("nodemon", "ts-node-dev", "tsx watch", "dotnet watch", "air-verse", "cargo-watch"),
        r"(?m)\bnodemon\b|\bts-node-dev\b|\btsx watch\b|\bdotnet watch\b|\bcargo[- ]watch\b",
        "a watcher starts the program again after each change",
    ),
    (
        "stopped-job",
        ("stopped", "suspended", "^z"),
        r"(?m)^\^Z.{0,20}$|^\[\d{1,3}\] {0,3}\+? {1,3}(?:\d{1,7} )? {0,3}(?:Stopped|suspended)\b"
        r"|\bzsh: suspended\b",
        "Ctrl+Z stops a program without ending it, so it keeps its port",
    ),
    (
        "interrupted",
        ("^c", "keyboardinterrupt", "sigint"),
        r"(?m)^\^C.{0,20}|^KeyboardInterrupt\b|\bSIGINT received\b|\bReceived SIGINT\b",
        "an earlier run was ended just before",
    ),
    (
        "owner-row",
        ("(listen)",),
        r"^[\w.\\+-]{1,32} {1,20}\d{1,7} {1,20}\S{1,32} {1,20}\d{1,5}\w{0,2} {1,20}IPv[46] "
        r"[^\n]{1,80}\(LISTEN\)",
        "a table in the text shows which program uses a port",
    ),
    (
        "owner-row",
        ("users:((",),
        r"users:\(\(\"[^\"\n]{1,40}\",pid=\d{1,7}",
        "a table in the text shows which program uses a port",
    ),
    (
        "owner-row",
        (" listen ",),
        r"^tcp[46]{0,2} [^\n]{1,100} LISTEN {1,20}\d{1,7}/[^\s/]{1,40}",
        "a table in the text shows which program uses a port",
    ),
    (
        "owner-row",
        (" listening ",),
        r"^ {0,6}TCP {1,6}\S{1,60}:\d{1,5} {1,30}\S{1,20} {1,20}LISTENING {1,20}\d{1,7}",
        "a table in the text shows which program uses a port",
    ),
    (
        "owner-said",
        ("process", "pid", "used by", "probably"),
        r"(?im)\b(?:used|occupied|taken|held|blocked|owned) by (?:the )?"
        r"(?:process|pid|program|application)\b[ :]{1,2}[\"'(]?(?:\d|[\w.-]{2,30}\.exe\b|pid"
        r"|id\b|[\"'])"
        r"[^\n]{0,80}"
        r"|\bprocess (?:id )?\(?(?:pid )?:? ?\d{1,7}\)? (?:is (?:using|listening)"
        r"|has)\b[^\n]{0,40}"
        r"|\bprobably:\n[^\n]{1,120}",
        "the message names the program that uses the port",
    ),
    (
        "already-running",
        ("already running", "another", "postmaster.pid", "already started", "other instance"),
        r"(?i)\balready (?:running|started)\b(?! (?:on|at) port)"
        r"|\banother (?:instance|copy|session|server|postmaster|mysqld|process)\b(?! is using)"
        r"[^\n]{0,40}\b(?:running|open|active)|\banother instance\b|\bother instances?\b"
        r"|\balready have another \w{2,20} server running|\bpostmaster\.pid\" already exists",
        "the program found another copy of itself",
    ),
    (
        "lock-held",
        ("acquire lock", "postmaster.pid", "singletonlock"),
        r"(?i)\bunable to acquire lock at \S{1,200}, is another instance\b"
        r"|\bpostmaster\.pid\" already exists|\bSingletonLock\b",
        "the program's lock file shows that it is already running",
    ),
    (
        "adb-server",
        ("smartsocket",),
        r"could not install \*smartsocket\* listener",
        "adb prints this when another adb server uses its port",
    ),
    (
        "server-pid",
        ("server is already running",),
        r"(?i)\ba server is already running(?:\. Check [^\n]{0,160}\.pid\b| \(pid: ?\d"
        r"[^\n]{0,160})",
        "Rails prints this when the PID file of an earlier run still exists",
    ),
    (
        "ssh-local-forward",
        ("channel_setup_fwd", "cannot listen to port", "request local forwarding"),
        r"channel_setup_fwd_listener\w*: cannot listen to port: \d{1,5}"
        r"|cannot listen to port: \d{1,5}|[Cc]ould not request local forwarding",
        "ssh prints this when it could not open its own end of the forward",
    ),
    (
        "ssh-forward-refused",
        ("remote port forwarding failed",),
        r"remote port forwarding failed for listen port \d{1,5}",
        "ssh prints this when the server did not open the port for the forward",
    ),
    (
        "kubectl-forward",
        ("unable to listen on", "unable to create listener", "port-forward"),
        r"[Uu]nable to listen on (?:any of the requested ports|port \d{1,5})"
        r"|unable to create listener",
        "kubectl port-forward prints this when it could not open its own end",
    ),
    (
        "gunicorn-worker",
        ("worker exiting", "booting worker", "failed to boot", "uwsgi", "gunicorn"),
        r"(?i)\bworker exiting\b|\bbooting worker\b|\bworker failed to boot\b|\bgunicorn\b"
        r"|\buwsgi\b",
        "a worker of gunicorn or uWSGI already serves the application",
    ),
    (
        "run-in-trace",
        (".run(", ".listen(", "serve(", "run_simple("),
        r"(?m)^ {2,12}(?:\w{1,30}\.)?(?:run|run_simple|serve|serve_forever|listen|run_app"
        r"|run_server)"
        r"\([^\n]{0,120}$",
        "this line of the program starts a server",
    ),
    (
        "listens-twice",
        ("err_server_already_listen", "called more than once"),
        r"ERR_SERVER_ALREADY_LISTEN|Listen method has been called more than once",
        "Node prints this when one server object listens twice",
    ),
    (
        "one-of-several",
        ("eaddrinuse", "already in use"),
        r"^\[(?!nodemon|error|warn|info|crit|emerg|fatal|Errno)(?:\d|[a-z][\w:-]{1,20})\] "
        r"[^\n]{0,80}(?:EADDRINUSE|[Aa]ddress already in use)",
        "one of several programs that started together",
    ),
    (
        "raw-bind",
        (".bind(",),
        r"^ {2,12}(?!self\.)\w{1,20}\.bind\(",
        "a plain socket does not reuse its port unless the program sets that",
    ),
    (
        "started-twice",
        ("serving flask app", "inspector on"),
        r"Serving Flask app(?s:.{10,1500}?)Serving Flask app"
        r"|Starting inspector on \S{1,60} failed: address already in use",
        "the same server starts a second time",
    ),
    (
        "test-runner",
        ("jest", "vitest", "mocha", "supertest", "test suite failed", "pytest", "junit"),
        r"(?i)\bjest\b|\bvitest\b|\bmocha\b|\bsupertest\b|\btest suite failed to run\b"
        r"|\bpytest\b|\bjunit\b",
        "each test file starts the server",
    ),
    (
        "printed-listening",
        ("listening", "running", "started", "serving", "ready", "available"),
        r"(?i)(?<!already )(?<!not )(?<!be )\b(?:listening|running|started|serving|ready"
        r"|available)"
        r"(?: \w{1,12})? ?(?:on|at|in|:)(?! ?\()[^\n]{0,60}?(?:\bport[ :]{1,2}|:)\d{2,5}\b",
        "a server of this run already uses the port",
    ),
    (
        "adb-listener",
        ("cannot bind listener", "cannot bind socket", "cannot bind to socket"),
        r"cannot bind listener\b"
        r"|\badb\b(?s:.{0,200}?)\bcannot bind (?:to )?socket\b"
        r"|\bcannot bind (?:to )?socket\b(?=(?s:.{0,200}?)\badb\b)",
        "adb prints this when the port of a forward is in use",
    ),
    (
        "adb-reverse",
        ("reverse",),
        r"\badb(?:\.exe)?\b[^\n]{0,120}\breverse\b",
        "adb reverse opens the port on the device, not on the computer",
    ),
    (
        "systemd-socket",
        (".socket", "triggeredby", "listenstream", '"systemd"'),
        r"(?m)\bssh\.socket\b|\b[\w@-]{1,40}\.socket(?= - |: (?:Failed|Socket|Listening|Job)"
        r"| loaded\b)"
        r"|^ {0,9}TriggeredBy: [^\n]{1,60}|\bListenStream=\S{0,60}"
        r"|\busers:\(\(\"systemd\",pid=1\b",
        "systemd opens this socket for the service",
    ),
    (
        "time-wait",
        ("time_wait", "time-wait"),
        r"(?i)\bTIME[_-]WAIT\b",
        "connections of an earlier run are still in TIME_WAIT",
    ),
    (
        "chromedriver-bind",
        ("bind() failed",),
        r"bind\(\) failed: Cannot assign requested address \(99\)",
        "chromedriver prints this when the machine has no IPv6",
    ),
    (
        "no-ipv6-socket",
        ("socket() [", "disable_ipv6", "ipv6 is disabled", "protocol not supported"),
        r"socket\(\) \[[0-9a-f:]{2,39}\]:\d{1,5} failed \(97[^\n]{0,60}|\bdisable_ipv6 ?= ?1\b"
        r"|(?i:\bIPv6 is (?:disabled|not (?:available|supported|enabled)))",
        "this system does not support IPv6 sockets",
    ),
    (
        "portproxy",
        ("portproxy", "iphlpsvc"),
        r"(?i)\bportproxy\b|\biphlpsvc\b",
        "the text is about Windows' port proxy",
    ),
    (
        "http-sys",
        ("existing registration", "0x800700b7", "0x80070020", "httplistenerexception"),
        r"conflicts with an existing registration on the machine|(?i:\b0x800700b7\b"
        r"|\b0x80070020\b)"
        r"|HttpListenerException \((?:0x80004005|183|32)\)",
        "HTTP.sys, the HTTP server of Windows, uses the port or the URL",
    ),
    (
        "http-sys-acl",
        ("httplistenerexception", "could not register url", "urlacl", "access rights to this"),
        r"HttpListenerException \(5\)|HttpListenerException[^\n]{0,40}Access is denied"
        r"|HTTP could not register URL \S{1,120}[. ]{1,2}Your process does not have access"
        r" rights",
        "HTTP.sys requires permission for this URL",
    ),
    (
        "android",
        ("missing internet permission", "socket failed: e"),
        r"missing INTERNET permission|socket failed: E(?:ACCES|PERM) \([^)\n]{1,40}\)",
        "Android prints this for an app without the INTERNET permission",
    ),
    (
        "deno-net",
        ("requires net access", "--allow-net"),
        r"Requires net access to \"[^\"\n]{1,120}\"|\bagain with the --allow-net\b"
        r"|\bUse --allow-net to manage permissions\b",
        "the runtime requires its own permission, --allow-net",
    ),
    (
        "sandbox",
        ("sandbox", "seatbelt", "network-bind", "network-outbound", "listen eperm", "app-armor"),
        r"(?i)(?<!no-)\bsandbox(?:-exec|ed)?\b|\bseatbelt\b|\bnetwork-(?:bind|outbound|inbound)\b"
        r"|\blisten EPERM\b",
        "a sandbox controls which sockets the program can open",
    ),
    (
        "docker-socket-denied",
        ("docker.sock", "docker daemon socket"),
        r"permission denied while trying to connect to the [Dd]ocker (?:daemon|API)"
        r"|docker\.sock: connect: permission denied",
        "Docker's client prints this when your user is not allowed to use its socket",
    ),
    (
        "macos",
        ("mac", "monterey", "ventura", "sonoma", "sequoia"),
        r"\bMac(?:Book|OS| OS)?\b(?! address)|\b(?:Monterey|Ventura|Sonoma|Sequoia)\b",
        "the text is about a Mac",
    ),
    (
        "windows",
        ("only one usage", "forbidden by its access"),
        r"(?i)\bonly one usage of each socket address\b|\bforbidden by its access permissions\b",
        "this is Windows' wording",
    ),
    (
        "listen-words",
        ("listen", "bind", "make_sock", "serve", "access that port"),
        r"(?i)\b(?:listen\w{0,6}|bind\w{0,9}|make_sock|serversocket)\b"
        r"|permission to access that port",
        "the program wanted to open a port",
    ),
    (
        "web-server",
        ("nginx", "ah000", "httpd", "apache", "sshd"),
        r"(?i)\bnginx\b|\bAH000\d\d\b|\bhttpd\b|(?<!\.)\bapache2?\b(?!\.)|\bsshd\b",
        "such a server runs as a system service",
    ),
)
"""Key, words of which one must be in the text in lower case, pattern, what it tells."""
