"""The lines of tools: whose end an address is, whether all is well, and what a person reads."""

from __future__ import annotations

import re
from time import perf_counter

import pytest
from cases import each
from hypothesis import given
from hypothesis import strategies as st

from checks.findings import leading, verdict
from checks.report import conclude
from checks.text import classify
from checks.text.banners.rows import ROWS

# fmt: off
LINES = [
    ("jetbrains-port-taken", "listener", False,
     "Error running 'Api': Unable to open debugger port (127.0.0.1:50912): "
     "java.net.BindException \"Address already in use (Bind failed)\""),
    ("jetbrains-device-refused", "target", False,
     "Unable to open debugger port (localhost:8700): java.net.ConnectException \"Connection "
     "refused: connect\""),
    ("jetbrains-attach-refused", "target", False,
     "Unable to open debugger port (localhost:5006): java.net.ConnectException \"Connection "
     "refused: connect\""),
    ("jetbrains-program-failed", "target", False,
     "Error running 'Web': Unable to open debugger port (127.0.0.1:50913): "
     "java.io.IOException \"handshake failed - connection prematurally closed\""),
    ("jetbrains-connect-failed", "target", False,
     "Failed to establish connection to the target VM, address: 'localhost:5007', transport: "
     "'socket'"),
    ("jetbrains-stopped", "target", True,
     "与目标 VM 断开连接, 地址为: ''127.0.0.1:49322'，传输: '套接字''\n\n进程已结束,退出代码1"),
    ("jetbrains-stopped", "target", True,
     "Disconnected from the target VM, address: '127.0.0.1:50555', transport: 'socket'\n\n"
     "Process finished with exit code 137 (interrupted by signal 9: SIGKILL)"),
    ("jetbrains-disconnected", "target", True,
     "ターゲット VM から切断されました。アドレス: '127.0.0.1:53111'、トランスポート: "
     "'ソケット'"),
    ("jetbrains-connected", "target", True,
     "Connected to the target VM, address: 'localhost:50231', transport: 'socket'"),
    ("jetbrains-connected", "target", True,
     "连接到目标VM, 地址: ''127.0.0.1:49322'，传输: '套接字'', 传输: '{1}'"),
    ("jetbrains-waits", "listener", True,
     "Listening to the connection, address: 127.0.0.1:50999, transport: 'socket'"),
    ("jdwp-http", "listener", False,
     "Listening for transport dt_socket at address: 5007\nDebugger failed to attach: "
     "handshake failed - received >GET / HTTP/1.1< - expected >JDWP-Handshake<"),
    ("jdwp-http", "listener", False,
     "Debugger failed to attach: handshake failed - received >POST /wlcApp/l< - expected "
     ">JDWP-Handshake<"),
    ("jdwp-probed", "listener", True,
     "Debugger failed to attach: handshake failed - received >Content-Length< - expected "
     ">JDWP-Handshake<"),
    ("jdwp-handshake", "listener", True,
     "Listening for transport dt_socket at address: 5007\nDebugger failed to attach: "
     "handshake failed - connection prematurally closed"),
    ("jdwp-listening", "listener", True,
     "Listening for transport dt_socket at address: 0.0.0.0:5007"),
    ("jdwp-taken", "listener", False,
     "ERROR: transport error 202: bind failed: Address already in use\nERROR: JDWP Transport "
     "dt_socket failed to initialize, TRANSPORT_INIT(510)"),
    ("jdwp-refused", "target", False,
     "ERROR: transport error 202: connect failed: Connection timed out\nERROR: JDWP Transport "
     "dt_socket failed to initialize"),
    ("node-inspector-taken", "listener", False,
     "Starting inspector on 127.0.0.1:9230 failed: address already in use"),
    ("node-inspector", "listener", True,
     "Debugger listening on ws://127.0.0.1:9230/0b1c2d3e-aaaa-4bbb-8ccc-1234567890ab\nFor "
     "help, see: https://nodejs.org/en/docs/inspector"),
    ("node-inspector-url", "listener", True,
     "ws://127.0.0.1:9231/0b1c2d3e-aaaa-4bbb-8ccc-1234567890ac"),
    ("devtools-page", "target", True,
     "devtools://devtools/bundled/js_app.html?v8only=true&ws=127.0.0.1:9231/0b1c2d3e"),
    ("node-inspector-ended", "target", True, "Waiting for the debugger to disconnect..."),
    ("bun-inspector", "listener", True,
     "--------------------- Bun Inspector ---------------------\nListening:\n  ws://"
     "localhost:6499/0tqxs9exrgrm"),
    ("pydevd-refused", "target", False,
     "Could not connect to 127.0.0.1: 40771\nTraceback (most recent call last):\n  File "
     "\"pydevd_comm.py\", line 462\nConnectionRefusedError: [WinError 10061] refused"),
    ("pydevd", "target", True,
     "/home/a/venv/bin/python -X pycache_prefix=/tmp/c /opt/pycharm/plugins/python-ce/helpers/"
     "pydev/pydevd.py --multiprocess --client 127.0.0.1 --port 40771 --file /home/a/t.py"),
    ("pydevd-connected", "target", True, "Connected to pydev debugger (build 232.10072.31)"),
    ("pycharm-console", "target", True,
     "/usr/bin/python3 /opt/pycharm/plugins/python/helpers/pydev/pydevconsole.py "
     "--mode=client --host=127.0.0.1 --port=40123"),
    ("debugpy", "target", True,
     "/usr/bin/env /home/a/.venv/bin/python /home/a/.vscode/extensions/"
     "ms-python.debugpy-2024.2.0/bundled/libs/debugpy/adapter/../../debugpy/launcher 41233 -- "
     "/home/a/x.py"),
    ("delve", "listener", True, "DAP server listening at: 127.0.0.1:50712"),
    ("delve-taken", "listener", False,
     "couldn't start listener: listen tcp 127.0.0.1:2345: bind: address already in use"),
    ("gdb-peer", "peer", True,
     "Process ./app created; pid = 3211\nListening on port 2159\nRemote debugging from host "
     "127.0.0.1, port 48122"),
    ("gdbserver", "listener", True, "Process /tmp/app created; pid = 71\nListening on port 2345"),
    ("lldb-server", "listener", True, "Listening to port 12345 for a connection from localhost..."),
    ("ios-deploy", "target", True, "(lldb) process connect connect://127.0.0.1:50771"),
    ("gdb-remote", "target", True,
     "(gdb) target remote localhost:1234\nRemote debugging using localhost:1234"),
    ("openocd", "listener", True, "Info : Listening on port 3333 for gdb connections"),
    ("openocd-control", "listener", True, "Info : Listening on port 6543 for tcl connections"),
    ("clion", "target", True, "Debugger connected to 127.0.0.1:51877"),
    ("xdebug-absent", "target", False,
     "Xdebug: [Step Debug] Time-out connecting to debugging client, waited: 200 ms. Tried: "
     "localhost:9003 (through xdebug.client_host/xdebug.client_port)"),
    ("xdebug", "target", True,
     "[17] [Step Debug] INFO: Connected to debugging client: 127.0.0.1:9003 (through "
     "xdebug.client_host/xdebug.client_port). :-)"),
    ("xdebug-connecting", "target", True,
     "[7] [Step Debug] INFO: Connecting to configured address/port: 127.0.0.1:9004."),
    ("ruby-ide", "listener", True,
     "Fast Debugger (ruby-debug-ide 0.7.3, debase 0.2.5.beta2, file filtering is supported) "
     "listens on 127.0.0.1:54310"),
    ("ruby-debug", "listener", True,
     "DEBUGGER: Debugger can attach via TCP/IP (127.0.0.1:37011)\nDEBUGGER: wait for debugger "
     "connection..."),
    ("unity-debugger", "listener", True, "Starting managed debugger on port 56990"),
    ("debugger-waits", "listener", True, "Rank 0 waiting for debugger attach on port 5680..."),
    ("jdwp-server", "listener", True,
     "JAVA_TOOL_OPTIONS=-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=*:5007"),
    ("jdwp-client", "target", True,
     "\"C:\\Program Files\\Java\\jdk-21\\bin\\java.exe\" "
     "-agentlib:jdwp=transport=dt_socket,address=127.0.0.1:51811,suspend=y,server=n "
     "-classpath x Main"),
    ("idea-rt", "target", True,
     "/usr/lib/jvm/java-17/bin/java -javaagent:/opt/idea/lib/idea_rt.jar=40121:/opt/idea/bin "
     "-Dfile.encoding=UTF-8 Main"),
    ("netbeans", "target", True, "Attached JPDA debugger to localhost:50444"),
    ("chromedriver-version", "target", False,
     "session not created: cannot connect to chrome at 127.0.0.1:50777\nfrom session not "
     "created: This version of ChromeDriver only supports Chrome version 120"),
    ("chromedriver-started", "target", False,
     "unknown error: cannot connect to chrome at 127.0.0.1:41236\nfrom chrome not reachable"),
    ("chromedriver-cannot", "target", False,
     "unknown error: cannot connect to microsoft edge at 127.0.0.1:9223\nfrom microsoft edge "
     "not reachable"),
    ("driver-gone", "target", False,
     "urllib3.exceptions.MaxRetryError: HTTPConnectionPool(host='localhost', port=50778): Max "
     "retries exceeded with url: /session/aa/element (Caused by NewConnectionError('[Errno "
     "111] Connection refused'))"),
    ("devtools", "listener", True,
     "DevTools listening on ws://127.0.0.1:53999/devtools/browser/"
     "3a2b1c00-0000-4000-8000-0123456789ab"),
    ("devtools-url", "listener", True, "ws://127.0.0.1:9333/devtools/page/8A7B6C5D4E3F"),
    ("firefox-remote", "listener", True, "WebDriver BiDi listening on ws://127.0.0.1:50779"),
    ("chromedriver", "listener", True,
     "Starting ChromeDriver 131.0.6778.85 (aabb) on port 40011\nOnly local connections are "
     "allowed."),
    ("chromedriver", "listener", True, "ChromeDriver was started successfully on port 40011."),
    ("edgedriver", "listener", True,
     "Starting Microsoft Edge WebDriver 131.0.2903.63 (77aa) on port 52114"),
    ("geckodriver", "listener", True,
     "1764410000000\tgeckodriver\tINFO\tListening on 127.0.0.1:4444"),
    ("iedriver", "listener", True,
     "Started InternetExplorerDriver server (32-bit)\n4.14.0.0\nListening on port 50780\nOnly "
     "local connections are allowed"),
    ("selenium-grid", "listener", True,
     "10:11:12.123 INFO [Standalone.execute] - Started Selenium Standalone 4.27.0 (revision "
     "x): http://172.17.0.1:4444"),
    ("appium", "listener", True,
     "[Appium] Appium REST http interface listener started on http://0.0.0.0:4725"),
    ("appium-forward", "listener", True,
     "[UiAutomator2] Forwarding UiAutomator2 Server port 6790 to local port 8202"),
    ("karma", "listener", True,
     "INFO [karma-server]: Karma v6.3.20 server started at http://localhost:9877/"),
    ("playwright-server", "listener", True,
     "$ npx playwright run-server --port 50781\nListening on ws://127.0.0.1:50781/"),
    ("playwright-report", "listener", True,
     "  Serving HTML report at http://localhost:9323. Press Ctrl+C to quit."),
    ("cypress-absent", "target", False,
     "Cypress could not verify that this server is running:\n\n  > http://localhost:4200"),
    ("vitest-ui", "listener", True, " UI started at http://localhost:51204/__vitest__/"),
    ("dart-lost", "target", False,
     "Error connecting to the service protocol: failed to connect to http://127.0.0.1:53211/"
     "abc=/"),
    ("flutter-web", "listener", True,
     "lib/main.dart is being served at http://localhost:50782\nFor a more detailed help "
     "message, press \"h\"."),
    ("dart-vm", "listener", True,
     "flutter: The Dart VM service is listening on http://127.0.0.1:40233/AbCdEf1234=/"),
    ("dart-vm", "listener", True,
     "An Observatory debugger and profiler on macOS is available at: http://127.0.0.1:50783/"
     "AAAAAAAAAAA=/"),
    ("dart-debug", "listener", True,
     "Debug service listening on ws://127.0.0.1:50784/BBBBBBBBBBB=/ws"),
    ("dart-vm-url", "listener", True, "http://127.0.0.1:50832/aBcDeFgHiJk=/"),
    ("dart-devtools", "listener", True,
     "The Flutter DevTools debugger and profiler on Pixel 8 is available at: http://"
     "127.0.0.1:9101?uri=http://127.0.0.1:53222/xyz=/"),
    ("dart-tooling", "listener", True,
     "The Dart Tooling Daemon is listening on ws://127.0.0.1:50785/cccc"),
    ("adb-network", "target", False,
     "adb connect 192.168.7.33\nfailed to connect to '192.168.7.33:5555': Connection refused"),
    ("adb-cannot", "target", False,
     "cannot connect to 127.0.0.1:7555: No connection could be made because the target "
     "machine actively refused it. (10061)"),
    ("adb-device", "target", True,
     "List of devices attached\nemulator-5554\tdevice\n127.0.0.1:21503\tdevice"),
    ("adb-row", "target", True, "127.0.0.1:21504\toffline"),
    ("adb-start", "listener", True,
     "* daemon not running; starting now at tcp:5037\n* daemon started successfully"),
    ("adb-connected", "target", True, "already connected to 127.0.0.1:5555"),
    ("metro-absent", "target", False,
     "Could not connect to development server.\n\nURL: http://10.0.2.2:8082/"
     "index.bundle?platform=android"),
    ("metro", "listener", True,
     "                Welcome to Metro v0.81.0\n              Fast - Scalable - Integrated"),
    ("iproxy", "listener", True,
     "Creating listening port 2223 for device port 22\nwaiting for connection"),
    ("lol", "listener", True,
     "\"C:/Riot Games/League of Legends/LeagueClientUx.exe\" \"--riotclient-auth-token=x\" "
     "\"--app-port=50786\" \"--install-directory=C:/Riot\""),
    ("minecraft-lan", "listener", True,
     "[12:00:01] [Render thread/INFO]: [CHAT] Local game hosted on port 54871"),
    ("minecraft-peer", "peer", True,
     "[12:00:05] [Server thread/INFO]: Alex[/127.0.0.1:55122] logged in with entity id 261 at "
     "(0.5, 64.0, 0.5)"),
    ("minecraft", "listener", True, "[Server thread/INFO]: Starting Minecraft server on *:25566"),
    ("unity-player", "listener", True,
     "PlayerConnection initialized network socket : 0.0.0.0 55123"),
    ("login-ports-taken", "listener", False,
     "However, no TCP port numbers between 10000 and 10010 are available to create such a "
     "server."),
    ("login-gone", "target", False,
     "Unable to connect\n\nFirefox can't establish a connection to the server at "
     "127.0.0.1:50787.\nhttp://127.0.0.1:50787/oauth?code=zzzz&state=q  unable to connect"),
    ("login-denied", "listener", False, "http://localhost:50834/?error=access_denied&state=q"),
    ("login-redirect", "listener", True,
     "https://login.microsoftonline.com/organizations/oauth2/v2.0/authorize?client_id=04&"
     "response_type=code&redirect_uri=http%3A%2F%2Flocalhost%3A50122&scope=x"),
    ("login-redirect", "listener", True,
     "Attempting to automatically open the SSO authorization page in your default browser.\n"
     "https://oidc.eu-west-1.amazonaws.com/authorize?response_type=code&client_id=a&"
     "redirect_uri=http%3A%2F%2F127.0.0.1%3A50122%2Foauth%2Fcallback&state=s"),
    ("login-callback", "listener", True, "http://127.0.0.1:50122/?code=4%2F0Aabc&scope=email"),
    ("login-callback", "listener", True,
     "http://localhost:50122/oauth/callback?state=xy&code=abcd1234"),
    ("rclone", "listener", True,
     "2026/11/29 10:00:00 NOTICE: If your browser doesn't open automatically go to the "
     "following link: http://127.0.0.1:53682/auth?state=abc"),
    ("login-server", "listener", True,
     "Starting local login server on http://localhost:1456.\nIf your browser did not open, "
     "navigate to the page above."),
    ("kubelogin", "listener", True, "Open http://localhost:8000/ for authentication"),
    ("go-cut", "local", False, "write tcp 127.0.0.1:50555->127.0.0.1:5432: write: broken pipe"),
    ("go-left", "listener", True,
     "read tcp 127.0.0.1:8085->127.0.0.1:51555: read: connection reset by peer"),
    ("uwsgi-access", "peer", True,
     "[pid: 41|app: 0|req: 7/9] 10.1.2.3 () {40 vars in 700 bytes} [Sun Nov 29 10:00:00 2026] "
     "GET /list => generated 12 bytes in 3 msecs (HTTP/1.1 200) 2 headers in 80 bytes"),
    ("jupyter-token", "peer", True,
     "[I 10:00:00.123 NotebookApp] Accepting token-authenticated connection from ::1"),
    ("tornado-access", "peer", True,
     "[I 10:00:00.456 ServerApp] 302 GET /tree?x=1 (127.0.0.1) 1.20ms"),
    ("uvicorn-ws", "peer", True, "INFO:     127.0.0.1:53221 - \"WebSocket /ws/abc\" [accepted]"),
    ("uvicorn-access", "peer", True,
     "INFO:     127.0.0.1:41882 - \"GET /items?q=1 HTTP/1.1\" 307 Temporary Redirect"),
    ("uvicorn-access", "peer", False,
     "INFO:     127.0.0.1:41882 - \"POST /chat HTTP/1.1\" 500 Internal Server Error"),
    ("uvicorn-access", "peer", True, "      INFO   127.0.0.1:58111 - \"GET /docs HTTP/1.1\" 200"),
    ("channels-access", "peer", True, "HTTP GET /admin/ 200 [0.05, 127.0.0.1:53881]"),
    ("channels-access", "peer", True, "WebSocket CONNECT /ws/chat/ [127.0.0.1:53991]"),
    ("hypercorn-access", "peer", True,
     "[2026-11-29 10:00:00 +0000] [71] [INFO] 127.0.0.1:50788 - - [29/Nov/2026:10:00:00 "
     "+0000] \"GET / 2\" 200 12 \"-\" \"curl\""),
    ("chi-access", "peer", True,
     "2026/11/29 10:00:00 [host/abc-000001] \"POST http://localhost:3333/login HTTP/1.1\" "
     "from 127.0.0.1:50122 - 200 10B in 1ms"),
    ("php-access", "peer", True, "[Sun Nov 29 10:00:00 2026] 127.0.0.1:40122 Closing"),
    ("php-access", "peer", False,
     "[Sun Nov 29 10:00:00 2026] [::1]:40122 [404]: GET /x.png - No such file or directory"),
    ("php-invalid", "peer", True,
     "[Sun Nov 29 10:00:00 2026] 127.0.0.1:50789 Invalid request (Unsupported SSL request)"),
    ("django-broken-pipe", "peer", True, "- Broken pipe from ('127.0.0.1', 50790)"),
    ("go-tls-handshake", "peer", True,
     "2026/11/29 10:00:00 http: TLS handshake error from 127.0.0.1:51233: EOF"),
    ("go-panic", "peer", False,
     "2026/11/29 10:00:00 http: panic serving 127.0.0.1:51233: runtime error: invalid memory "
     "address or nil pointer dereference"),
    ("aspnet-request", "listener", True,
     "info: Microsoft.AspNetCore.Hosting.Diagnostics[2]\n      Request finished HTTP/1.1 GET "
     "http://localhost:5123/api - 200 - application/json 12.1ms"),
    ("haproxy-access", "peer", True,
     "haproxy[71]: 127.0.0.1:50791 [29/Nov/2026:10:00:00.000] web app/s1 0/0/0/1/1 200 120 - "
     "- ---- 1/1/0/0/0 0/0 \"GET / HTTP/1.1\""),
    ("postgres-received", "peer", True,
     "2026-11-29 10:00:00.000 CET [811] LOG:  connection received: host=127.0.0.1 port=49122"),
    ("postgres-prefix", "peer", True,
     "2026-11-29 10:00:00 CET app@shop 127.0.0.1(50833) LOG:  duration: 12 ms"),
    ("postgres-left", "peer", True,
     "2026-11-29 10:00:00.000 CET [811] LOG:  disconnection: session time: 0:00:01.2 user=a "
     "database=b host=127.0.0.1 port=49122"),
    ("mongo-accepted", "peer", True,
     "{\"t\":{\"$date\":\"2026-11-29T10:00:00Z\"},\"s\":\"I\",\"c\":\"NETWORK\",\"id\":22943,"
     "\"ctx\":\"listener\",\"msg\":\"Connection "
     "accepted\",\"attr\":{\"remote\":\"127.0.0.1:51211\",\"connectionId\":3}}"),
    ("mongo-left", "peer", True,
     "2026-11-29T10:00:00.000+0000 I NETWORK  [conn3] end connection 127.0.0.1:51211 (2 "
     "connections now open)"),
    ("redis-left", "peer", True,
     "71:M 29 Nov 2026 10:00:00.000 - Client closed connection id=7 addr=127.0.0.1:50792 "
     "laddr=127.0.0.1:6379 fd=8"),
    ("redis-monitor", "peer", True, "1764410000.123456 [0 127.0.0.1:51991] \"get\" \"k\""),
    ("redis-monitor", "peer", True,
     "id=7 addr=127.0.0.1:51992 laddr=127.0.0.1:6379 fd=8 name= age=2 idle=0"),
    ("redis-accepted", "peer", True, "71:M 29 Nov 2026 10:00:00.000 - Accepted 127.0.0.1:50792"),
    ("redis-prompt", "target", True, "127.0.0.1:7001> CLUSTER NODES"),
    ("redis-prompt", "target", True, "127.0.0.1:6380[2]> keys *\n(empty array)"),
    ("zookeeper-accepted", "peer", True,
     "INFO [NIOServerCxnFactory.AcceptThread:/127.0.0.1:2182] o.a.z.s.NIOServerCnxnFactory - "
     "Accepted socket connection from /127.0.0.1:50793"),
    ("zookeeper-left", "peer", True,
     "INFO o.a.z.s.NIOServerCnxn - Closed socket connection for client /127.0.0.1:50793 which "
     "had sessionid 0x1"),
    ("zookeeper-clients", "peer", True, "Clients:\n /127.0.0.1:50433[0](queued=0,recved=1,sent=0)"),
    ("zookeeper-own", "local", True,
     "INFO  [main-SendThread(127.0.0.1:2181):ClientCnxn$SendThread@986] - Socket connection "
     "established, initiating session, client: /127.0.0.1:50311, server: localhost/"
     "127.0.0.1:2181"),
    ("nats", "peer", True, "[71] [TRC] 127.0.0.1:50794 - cid:5 - <<- [PING]"),
    ("rabbitmq", "peer", True,
     "2026-11-29 10:00:00.000 [info] <0.812.0> accepting AMQP connection <0.812.0> "
     "(127.0.0.1:50122 -> 127.0.0.1:5672)"),
    ("amqp-name", "peer", True, "{\"connection_name\":\"127.0.0.1:50795 -> 127.0.0.1:5672\"}"),
    ("mosquitto", "peer", True, "1764410000: New connection from 127.0.0.1:50511 on port 1883."),
    ("mosquitto", "peer", True,
     "1764410000: New client connected from 127.0.0.1:50511 as mqttjs_1 (p2, c1, k60)."),
    ("kafka-connection", "peer", True,
     "[SocketServer brokerId=0] Failed authentication? no: connection id "
     "127.0.0.1:9092-127.0.0.1:50796-3 processor 1"),
    ("mysql-processes", "peer", True,
     "| Id | User | Host            | db   | Command | Time | State | Info |\n| 12 | app  | "
     "localhost:50422 | shop | Sleep   |   33 |       | NULL |"),
    ("clickhouse", "peer", True,
     "<Debug> TCPHandlerFactory: TCP Request. Address: 127.0.0.1:50797"),
    ("etcd-rejected", "peer", True,
     "rejected connection from \"127.0.0.1:50798\" (error \"EOF\", ServerName \"\")"),
    ("radius-server", "peer", True,
     "(0) Received Access-Request Id 12 from 127.0.0.1:50101 to 127.0.0.1:1812 length 77"),
    ("radius-reject", "local", False,
     "Received Access-Reject Id 9 from 127.0.0.1:1812 to 127.0.0.1:50799 length 20"),
    ("radius", "local", True,
     "Sent Access-Request Id 9 from 127.0.0.1:50799 to 127.0.0.1:1812 length 40"),
    ("slapd", "peer", True, "conn=1002 fd=14 ACCEPT from IP=127.0.0.1:50800 (IP=0.0.0.0:389)"),
    ("bind-query", "peer", True,
     "client @0x7f00aa 127.0.0.1#50911 (example.org): query: example.org IN A +E(0)K "
     "(127.0.0.1)"),
    ("sshd-accepted", "peer", True,
     "sshd[99]: Accepted password for root from 127.0.0.1 port 50122 ssh2"),
    ("sshd-failed", "peer", False,
     "sshd[99]: Failed password for invalid user test from 127.0.0.1 port 50122 ssh2"),
    ("sshd-left", "peer", True, "sshd[71]: Connection reset by 127.0.0.1 port 50801 [preauth]"),
    ("sshd-over", "peer", True,
     "sshd[99]: Received disconnect from 127.0.0.1 port 50122:11: disconnected by user"),
    ("sshd-connection", "peer", True,
     "sshd[71]: Connection from 127.0.0.1 port 50801 on 127.0.0.1 port 2222 rdomain \"\""),
    ("clash-failed", "peer", False,
     "[TCP] dial DIRECT (match Match/) 127.0.0.1:50802(curl) --> example.org:443 error: dial "
     "tcp: lookup example.org"),
    ("clash", "peer", True,
     "INFO[0001] [TCP] 127.0.0.1:50422(git.exe) --> github.com:443 match Domain(github.com) "
     "using Proxy[a]"),
    ("xray", "peer", True,
     "2026/11/29 10:00:00 127.0.0.1:50111 accepted tcp:example.org:443 [direct]"),
    ("sing-box", "peer", True,
     "INFO [123 0ms] inbound/mixed[in]: inbound connection from 127.0.0.1:50803"),
    ("mitmproxy", "peer", True, "127.0.0.1:50111: client connect"),
    ("mitmproxy-left", "peer", True, "127.0.0.1:50804: client disconnect"),
    ("tigervnc", "peer", True, " Connections: accepted: 127.0.0.1::50805"),
    ("socat-peer", "peer", True,
     "2026/11/29 10:00:00 socat[1] N accepting connection from AF=2 127.0.0.1:50111 on AF=2 "
     "127.0.0.1:8080"),
    ("nc-peer", "peer", True, "Listening on 0.0.0.0 8080\nConnection received on localhost 50111"),
    ("nc-peer", "peer", True,
     "Ncat: Version 7.95 ( https://nmap.org/ncat )\nNcat: Listening on 0.0.0.0:9000\nNcat: "
     "Connection from 127.0.0.1:50111."),
    ("iperf", "local", True, "[  5] local 127.0.0.1 port 50111 connected to 127.0.0.1 port 5201"),
    ("netty-ends", "local", True,
     "[id: 0x1a2b, L:/127.0.0.1:50806 - R:localhost/127.0.0.1:8080] ACTIVE"),
    ("ray-table", "", True, "| train_fn_0001 | RUNNING | 127.0.0.1:41211 |  0.01 |"),
    ("kubectl-no-config", "target", False,
     "The connection to the server localhost:8080 was refused - did you specify the right "
     "host or port?"),
    ("kubectl-refused", "target", False,
     "Unable to connect to the server: dial tcp 127.0.0.1:50311: connectex: No connection "
     "could be made because the target machine actively refused it."),
    ("port-forward-lost", "target", False, "error: lost connection to pod"),
    ("port-forward-taken", "listener", False,
     "error: unable to listen on any of the requested ports: [{8080 80}]"),
    ("docker-allocated", "listener", False,
     "Error response from daemon: Bind for 127.0.0.1:5433 failed: port is already allocated"),
    ("docker-in-use", "listener", False,
     "Ports are not available: exposing port TCP 127.0.0.1:5433 -> 0.0.0.0:0: listen tcp "
     "127.0.0.1:5433: bind: address already in use"),
    ("docker-reserved", "listener", False,
     "Ports are not available: exposing port TCP 127.0.0.1:50933 -> 0.0.0.0:0: listen tcp "
     "127.0.0.1:50933: bind: An attempt was made to access a socket in a way forbidden by its "
     "access permissions."),
    ("docker-not-available", "listener", False,
     "Ports are not available: exposing port TCP 127.0.0.1:5433 -> 127.0.0.1:0: "
     "/forwards/expose returned unexpected status: 500"),
    ("docker-absent", "target", False,
     "Cannot connect to the Docker daemon at tcp://127.0.0.1:2375. Is the docker daemon "
     "running?"),
    ("minikube-service", "listener", True,
     "🎉  Opening service default/web in default browser...\nhttp://127.0.0.1:50807\n❗  "
     "Because you are using a Docker driver on linux, the terminal needs to be open to run it."),
    ("minikube-dashboard", "listener", True,
     "http://127.0.0.1:50808/api/v1/namespaces/kubernetes-dashboard/services/"
     "http:kubernetes-dashboard:/proxy/"),
    ("minikube-tunnel", "listener", True, "🏃  Starting tunnel for service web."),
    ("kubectl-cluster", "listener", True,
     "Kubernetes control plane is running at https://127.0.0.1:50311\nCoreDNS is running at "
     "https://127.0.0.1:50311/api/v1/namespaces/kube-system/services/kube-dns:dns/proxy"),
    ("kubectl-proxy", "listener", True, "Starting to serve on 127.0.0.1:8001"),
    ("port-forward", "listener", True, "Forwarding from [::1]:8443 -> 443"),
    ("port-forward-handling", "listener", True, "Handling connection for 8443"),
    ("kubeconfig", "listener", True,
     "apiVersion: v1\nclusters:\n- cluster:\n    certificate-authority-data: XX\n    server: "
     "https://127.0.0.1:50311\n  name: kind-dev"),
    ("kubeconfig-server", "listener", True, "    server: https://127.0.0.1:50831"),
    ("docker-ps", "listener", True,
     "9d1e  postgres:17  \"docker-entrypoint.s…\"  2 hours ago  Up 2 hours  "
     "127.0.0.1:55432->5432/tcp  db"),
    ("docker-port", "listener", True, "6443/tcp -> 127.0.0.1:50122"),
    ("docker-port", "listener", True,
     "a1b2c3  el-1-geth   rpc: 8545/tcp -> http://127.0.0.1:50199   RUNNING"),
    ("docker-env", "target", True, "export DOCKER_HOST=\"tcp://127.0.0.1:50809\""),
    ("docker-proxy", "listener", True,
     "/usr/bin/docker-proxy -proto tcp -host-ip 127.0.0.1 -host-port 50810 -container-ip "
     "172.17.0.2 -container-port 80"),
    ("podman-machine", "target", True,
     "podman-machine-default*  ssh://core@127.0.0.1:50733/run/user/501/podman/podman.sock  /"
     "home/a/.ssh/x  true"),
    ("vagrant-next", "listener", True,
     "==> default: Fixed port collision for 22 => 2222. Now on port 2201."),
    ("vagrant", "listener", True,
     "    default: SSH address: 127.0.0.1:2222\n    default: SSH username: vagrant"),
    ("lima", "listener", True,
     "level=info msg=\"[hostagent] Forwarding TCP from 127.0.0.1:8080 to 127.0.0.1:8080\""),
    ("skaffold", "listener", True,
     "Port forwarding service/web in namespace default, remote port 80 -> http://"
     "127.0.0.1:4503"),
    ("vscode-server", "listener", True,
     "Server bound to 127.0.0.1:50811 (IPv4)\nExtension host agent listening on 50811"),
    ("vscode-forward", "listener", True,
     "[10:00:00.000] Starting forwarding server. localPort 50812 -> socksPort 50813 -> "
     "remotePort 40001"),
    ("vscode-web", "listener", True, "Web UI available at http://localhost:8001/?tkn=aaaa"),
    ("ssh-bind-taken", "listener", False,
     "bind [127.0.0.1]:5433: Address already in use\nchannel_setup_fwd_listener_tcpip: cannot "
     "listen to port: 5433\nCould not request local forwarding."),
    ("ssh-remote-taken", "listener", False,
     "Warning: remote port forwarding failed for listen port 9000"),
    ("ssh-local", "listener", True,
     "debug1: Local connections to 127.0.0.1:5433 forwarded to remote address db.internal:5432"),
    ("ssh-remote", "listener", True,
     "debug1: Remote connections from LOCALHOST:9000 forwarded to local address localhost:3000"),
    ("ssh-request", "listener", True,
     "debug1: Connection to port 5433 forwarding to localhost port 5432 requested."),
    ("ssh-allocated", "listener", True,
     "Allocated port 50814 for remote forward to localhost:3000"),
    ("ssh-authenticated", "target", True,
     "Authenticated to localhost ([127.0.0.1]:2223) using \"publickey\"."),
    ("putty", "listener", True, "Local port 50815 forwarding to localhost:5432"),
    ("socat", "listener", True, "socat[71] N listening on AF=2 127.0.0.1:50816"),
    ("nc-listen", "listener", True, "Listening on localhost 50817"),
    ("nc-succeeded", "target", True, "Connection to localhost 22 port [tcp/ssh] succeeded!"),
    ("curl-connected", "target", True, "* Connected to localhost (127.0.0.1) port 8080 (#0)"),
    ("cloudflared", "listener", True,
     "2026-11-29T10:00:00Z INF Starting metrics server on 127.0.0.1:50991/metrics"),
    ("ngrok-absent", "target", False,
     "ERR_NGROK_8012\nTraffic was successfully tunneled to the ngrok agent, but the agent "
     "failed to establish a connection to the upstream web service at http://localhost:8081."),
    ("ngrok-web", "listener", True, "Web Interface                 http://127.0.0.1:4040"),
    ("ngrok", "target", True,
     "Forwarding                    https://a1b2.ngrok-free.app -> http://localhost:3000"),
    ("chisel", "listener", True, "client: tun: proxy#3000=>localhost:3000: Listening"),
    ("sshuttle", "listener", True, "c : TCP redirector listening on ('127.0.0.1', 12300)."),
    ("ssm", "listener", True,
     "Port 50122 opened for sessionId me-0a1b.\nWaiting for connections..."),
    ("iap", "listener", True, "Testing if tunnel connection works.\nListening on port [50122]."),
    ("cloud-sql", "listener", True, "[proj:europe-west1:db] Listening on 127.0.0.1:5433"),
    ("tsh", "listener", True, "Proxying connections to main on 127.0.0.1:50818"),
    ("mitmproxy-listen", "listener", True, "[10:00:00.000] HTTP(S) proxy listening at *:8080."),
    ("burp", "listener", True, "Proxy service started on 127.0.0.1:8081"),
    ("npm-proxy", "target", False,
     "npm ERR! request to https://registry.example.org/x failed, reason: connect ECONNREFUSED "
     "127.0.0.1:1081"),
    ("git-proxy", "target", False,
     "fatal: unable to access 'https://example.org/a.git/': Failed to connect to 127.0.0.1 "
     "port 1081 after 2 ms: Couldn't connect to server"),
    ("pip-proxy", "target", False,
     "WARNING: Retrying after connection broken by 'ProxyError('Cannot connect to proxy.', "
     "NewConnectionError('[Errno 111] Connection refused'))': /simple/x/"),
    ("x11-rejected", "target", False,
     "X11 connection rejected because of wrong authentication.\nxterm: Xt error: Can't open "
     "display: localhost:11.0"),
    ("x11-wrong", "target", False, "X11 connection rejected because of wrong authentication."),
    ("qemu-vnc", "listener", True, "VNC server running on 127.0.0.1:5900"),
    ("x11vnc", "listener", True, "The VNC desktop is:      host:0\nPORT=5900"),
    ("novnc", "listener", True, "Navigate to this URL:\n\n    http://host:6080/vnc.html"),
    ("angular-taken", "listener", False,
     "Port 4200 is already in use. Use '--port' to specify a different port."),
    ("spring-taken", "listener", False,
     "Web server failed to start. Port 8080 was already in use."),
    ("jupyter-next", "listener", True, "The port 8888 is already in use, trying another port."),
    ("something-runs", "listener", False, "Something is already running on port 3004."),
    ("expo-next", "listener", True, "Port 8083 is running this app in another window"),
    ("next-port", "listener", True,
     " ⚠ Port 3000 is in use, trying 3001 instead.\n   ▲ Next.js 15.1.0\n   - Local:        "
     "http://localhost:3001"),
    ("next-port", "listener", True, "Port 8080 is already in use, using 8081 instead"),
    ("next-port-picked", "listener", True,
     "INFO  Accepting connections at http://localhost:51022\n\nThis port was picked because "
     "3000 is in use."),
    ("spark-next", "listener", True,
     "26/11/29 10:00:00 WARN Utils: Service 'SparkUI' could not bind on port 4040. Attempting "
     "port 4041."),
    ("zmq-taken", "listener", False,
     "zmq.error.ZMQError: Address already in use (addr='tcp://127.0.0.1:50820')"),
    ("py4j-gone", "target", False,
     "py4j.protocol.Py4JNetworkError: An error occurred while trying to connect to the Java "
     "server (127.0.0.1:50819)"),
    ("torch-absent", "target", False,
     "[W socket.cpp:663] [c10d] The client socket has failed to connect to [localhost]:29501 "
     "(errno: 111 - Connection refused)."),
    ("torch-taken", "listener", False,
     "RuntimeError: The server socket has failed to listen on any local network address. The "
     "server socket has failed to bind to [::]:29501 (errno: 98 - Address already in use)."),
    ("jupyter", "listener", True,
     "[I 2026-11-29 10:00:00.000 ServerApp] Jupyter Server 2.15.0 is running at:\n[I "
     "2026-11-29 10:00:00.000 ServerApp] http://localhost:8889/lab?token=aaa"),
    ("jupyter", "listener", True, "http://localhost:8888/tree?token=0123abcd"),
    ("colab-runtime", "listener", True, "Running on local URL:  http://127.0.0.1:7861"),
    ("streamlit", "listener", True,
     "  You can now view your Streamlit app in your browser.\n\n  Local URL: http://"
     "localhost:8501\n  Network URL: http://192.168.1.4:8501"),
    ("tensorboard", "listener", True,
     "TensorBoard 2.18.0 at http://localhost:6006/ (Press CTRL+C to quit)"),
    ("ray", "listener", True,
     "2026-11-29 10:00:00,000 INFO worker.py:1816 -- Started a local Ray instance. View the "
     "dashboard at 127.0.0.1:8265"),
    ("dask", "listener", True,
     "distributed.scheduler - INFO -   Scheduler at:     tcp://127.0.0.1:50122"),
    ("spark-service", "listener", True,
     "26/11/29 10:00:00 INFO Utils: Successfully started service 'sparkDriver' on port 50122."),
    ("spark-ui", "listener", True,
     "26/11/29 10:00:00 INFO SparkUI: Bound SparkUI to 0.0.0.0, and started at http://"
     "192.168.1.4:4040"),
    ("bokeh", "listener", True, "Bokeh app running at: http://localhost:5007/app"),
    ("ollama", "listener", True,
     "time=2026-11-29T10:00:00Z level=INFO source=routes.go:1300 msg=\"Listening on "
     "127.0.0.1:11435 (version 0.5.4)\""),
    ("lmstudio", "listener", True,
     "[2026-11-29 10:00:00][INFO][LM STUDIO SERVER] Success! HTTP server listening on port "
     "1234"),
    ("llama", "listener", True,
     "main: server is listening on http://127.0.0.1:8080 - starting the main loop"),
    ("comfyui", "listener", True, "To see the GUI go to: http://127.0.0.1:8189"),
    ("mcp-inspector", "listener", True,
     "Starting MCP inspector...\n⚙️ Proxy server listening on localhost:6278\n🚀 MCP "
     "Inspector is up and running at:\n   http://localhost:6275"),
    ("bree", "listener", True, "Bree API server listening on 62894 (LAN: 192.168.1.5:62894)"),
    ("trace-viewer", "listener", True,
     "2026/11/29 10:00:00 Opening browser. Trace viewer is listening on http://127.0.0.1:50122"),
    ("pprof", "listener", True, "Serving web UI on http://localhost:50821"),
    ("pgadmin", "listener", True,
     "Starting pgAdmin 4. Please navigate to http://127.0.0.1:5051 in your browser."),
    ("iis-failed", "listener", False,
     "Failed to register URL \"http://localhost:50822/\" for site \"Shop\" application \"/\". "
     "Error description: Access is denied. (0x80070005)"),
    ("iis-absent", "target", False, "Unable to connect to web server 'IIS Express'."),
    ("kestrel-taken", "listener", False,
     "System.IO.IOException: Failed to bind to address http://127.0.0.1:5123: address already "
     "in use."),
    ("django-taken", "listener", False, "Error: That port is already in use."),
    ("gradle-daemon", "target", False,
     "Could not connect to the Gradle daemon.\nDaemon uid: aa with diagnostics:"),
    ("gradle-connect", "target", False,
     "Could not connect to server [aaaabbbb-1111-4222-8333-123456789abc port:50823, "
     "addresses:[localhost/127.0.0.1]]. Tried addresses: [localhost/127.0.0.1]."),
    ("gradle", "listener", True,
     "Advertising the daemon address to the clients: [aaaabbbb-1111-4222-8333-123456789abc "
     "port:50122, addresses:[localhost/127.0.0.1]]"),
    ("sbt", "listener", True, "[info] sbt server started at tcp://127.0.0.1:5011"),
    ("bloop", "listener", True, "Starting bloop server at 127.0.0.1:8212..."),
    ("jetbrains-page", "listener", True, "http://localhost:63342/shop/index.html?_ijt=abcdef"),
    ("iis", "listener", True,
     "Successfully registered URL \"http://localhost:50822/\" for site \"Shop\" application "
     "\"/\""),
    ("kestrel", "listener", True,
     "info: Microsoft.Hosting.Lifetime[14]\n      Now listening on: https://localhost:7123"),
    ("hugo", "listener", True,
     "Web Server is available at http://localhost:1314/ (bind address 127.0.0.1)"),
    ("flask", "listener", True,
     " * Serving Flask app 'shop'\n * Debug mode: on\n * Running on http://127.0.0.1:5001"),
    ("uvicorn", "listener", True,
     "INFO:     Uvicorn running on http://127.0.0.1:8000 (Press CTRL+C to quit)"),
    ("gunicorn", "listener", True,
     "[2026-11-29 10:00:00 +0100] [71] [INFO] Listening at: http://127.0.0.1:8000 (71)"),
    ("django", "listener", True,
     "Django version 5.1, using settings 'a.settings'\nStarting development server at http://"
     "127.0.0.1:8000/\nQuit the server with CONTROL-C."),
    ("http-server-py", "listener", True,
     "Serving HTTP on 127.0.0.1 port 8000 (http://127.0.0.1:8000/) ..."),
    ("php-server-7", "listener", True,
     "PHP 7.2.24 Development Server started at Mon Nov 30 10:00:00 2026\n"
     "Listening on http://localhost:8003\nDocument root is /srv/web\nPress Ctrl-C to quit."),
    ("php-server", "listener", True,
     "[Sun Nov 29 10:00:00 2026] PHP 8.3.6 Development Server (http://localhost:8000) started"),
    ("laravel", "listener", True,
     "   INFO  Server running on [http://127.0.0.1:8000].  \n\n  Press Ctrl+C to stop the "
     "server"),
    ("puma", "listener", True, "* Listening on http://127.0.0.1:3001\nUse Ctrl-C to stop"),
    ("rails", "listener", True,
     "=> Booting Thin\n=> Rails 5.0.7 application starting in test on http://localhost:3077"),
    ("jekyll", "listener", True,
     "    Server address: http://127.0.0.1:4001/\n  Server running... press ctrl-c to stop."),
    ("vite", "listener", True,
     "  VITE v6.0.1  ready in 211 ms\n\n  ➜  Local:   http://localhost:5175/"),
    ("next", "listener", True,
     "   ▲ Next.js 15.1.0\n   - Local:        http://localhost:3000\n   - Network:      http:/"
     "/192.168.1.4:3000"),
    ("angular", "listener", True,
     "** Angular Live Development Server is listening on localhost:4200, open your browser on "
     "http://localhost:4200/ **"),
    ("webpack", "listener", True,
     "<i> [webpack-dev-server] Project is running at:\n<i> [webpack-dev-server] Loopback: "
     "http://localhost:8080/"),
    ("browsersync", "listener", True,
     "[Browsersync] Access URLs:\n ----------------------------\n       Local: http://"
     "localhost:3002"),
    ("spring", "listener", True,
     "2026-11-29T10:00:00.000  INFO 71 --- [main] o.s.b.w.embedded.tomcat.TomcatWebServer  : "
     "Tomcat started on port 8080 (http) with context path '/'"),
    ("actix", "listener", True,
     "[INFO  actix_server::server] starting service: \"actix-web-service-127.0.0.1:8080\", "
     "workers: 8, listening on: 127.0.0.1:8080"),
    ("rocket", "listener", True, "🚀 Rocket has launched from http://127.0.0.1:8000"),
    ("phoenix", "listener", True,
     "[info] Running DemoWeb.Endpoint with Bandit 1.6.0 at 127.0.0.1:4000 (http)"),
    ("docusaurus", "listener", True,
     "[SUCCESS] Docusaurus website is running at: http://localhost:3003/"),
    ("storybook", "listener", True,
     "│   Storybook 8.4.5 for react-vite started   │\n│   Local:            http://"
     "localhost:6007/ │"),
    ("cra", "listener", True,
     "You can now view web in the browser.\n\n  Local:            http://localhost:3000\n  On "
     "Your Network:  http://192.168.1.4:3000"),
    ("cra", "listener", True,
     "Compiled successfully!\n\nYou can now view shop in the browser.\n\n  http://"
     "localhost:3005"),
    ("localserver", "listener", True,
     "  App running at:\n  - Local:   http://localhost:8081/ \n  - Network: http://"
     "192.168.1.4:8081/"),
    ("gin-access", "peer", True,
     "[GIN] 2026/11/29 - 10:00:00 | 200 |      1.2ms |       127.0.0.1 | GET      \"/a\""),
    ("access", "peer", True,
     "127.0.0.1:53122 - - [29/Nov/2026:12:00:00 +0000] \"GET /index.html HTTP/1.1\" 200 612 "
     "\"-\" \"curl/8.5.0\""),
    ("access", "peer", True,
     "[2026-11-29T10:00:00Z INFO  actix_web::middleware::logger] 127.0.0.1:48812 \"GET /"
     "health HTTP/1.1\" 200 2 \"-\" \"curl/8.5.0\" 0.0001"),
    ("access-log", "peer", True,
     "127.0.0.1 - - [29/Nov/2026:10:00:00 +0000] \"GET /a HTTP/1.1\" 200 612 \"-\" \"Mozilla/"
     "5.0\""),
    ("access-short", "peer", True, "[29/Nov/2026 10:00] 127.0.0.1:50830 GET /a 200"),
    ("client", "peer", True,
     "[2026-11-29 10:00:00,000] DEBUG Processor 1 listening to new connection from /"
     "127.0.0.1:50511 (kafka.network.Processor)"),
    ("client", "peer", True, "[4977]: Accepted Connection (127.0.0.1:50122)"),
    ("client", "peer", True, "2017/02/16 23:56:41 server: accepted from 127.0.0.1:50122"),
    ("client", "peer", True, "Accepted an incoming TCP connection from 127.0.0.1:50122"),
    ("client", "peer", True, "New client: ('127.0.0.1', 50122)"),
    ("client", "peer", True, "Connected by ('127.0.0.1', 50122)"),
    ("client", "peer", True, "Got connection from ('127.0.0.1', 50122)"),
    ("client", "peer", True, "Connection from 127.0.0.1:50122 established"),
    ("client", "peer", True, "New WebSocket connection from /127.0.0.1:50122"),
    ("client-left", "peer", True, "Client 127.0.0.1:50122 disconnected"),
    ("client-left", "peer", True, "Connection closed by ('127.0.0.1', 50122)"),
    ("client-after", "peer", True, "Client 127.0.0.1:50122 connected"),
    ("caller", "peer", True, "Query: example.org AAAA from 127.0.0.1:50122"),
    ("caller", "peer", True,
     "level=info msg=\"request\" method=GET path=/ remote_addr=127.0.0.1:50122 status=200"),
    ("caller", "peer", True,
     "{\"level\":\"info\",\"msg\":\"new session\",\"remote_addr\":\"127.0.0.1:50122\"}"),
    ("caller-cjk", "peer", True, "[server] accept：client 來自 127.0.0.1:50122"),
    ("caller-cjk", "peer", True, "客户端已连接: /127.0.0.1:50122"),
    ("listens-cjk", "listener", True, "服务已启动: http://127.0.0.1:50122"),
    ("listens", "listener", True, "Listening on http://127.0.0.1:4321"),
    ("listens", "listener", True, "Server listening on http://localhost:50122"),
    ("listens", "listener", True, "Example app listening on port 3000"),
    ("listens", "listener", True, "Example app listening at http://localhost:3000"),
    ("listens", "listener", True, "Server is running on port 5000"),
    ("listens", "listener", True, "🚀 Server ready at http://localhost:4000/graphql"),
    ("listens", "listener", True, "[proxy] bridge mode — listening on 127.0.0.1:50122"),
    ("listens", "listener", True, "API available at http://127.0.0.1:50122/v1"),
    ("listens", "listener", True, "2026-11-29T10:00:00Z  INFO app: listening on 127.0.0.1:50122"),
    ("listens", "listener", True, "[agent] health check passed: http://127.0.0.1:50122/healthz"),
    ("listens", "listener", True, "Open http://127.0.0.1:50122 in your browser"),
    ("listens", "listener", True, "==> Server started at 127.0.0.1:50122 (pid 71)"),
    ("mosquitto-address", "peer", True, "1700000001: New connection from 10.1.2.3 on port 1884."),
    ("etcd", "listener", True,
     "2026-11-01 10:00:00.1 I | embed: listening for client requests on 127.0.0.1:2479"),
    ("etcd-peers", "listener", True, "embed: listening for peers on http://10.1.2.3:2480"),
    ("mysqld-ready", "listener", True,
     "/usr/sbin/mysqld: ready for connections. Version: '8.0.35'  socket: '/run/m.sock'  port: 3309"
     "  Community Server"),
    ("mysqld-open", "listener", True, "[Note] Server hostname (bind-address): '*'; port: 3309"),
    ("mysqld", "listener", True, "[Note] Server hostname (bind-address): '127.0.0.1'; port: 3309"),
    ("vault", "listener", True,
     "==> Vault server configuration:\n   Listener 1: tcp (addr: \"127.0.0.1:8210\", cluster "
     "address: \"127.0.0.1:8211\", tls: \"disabled\")"),
    ("ros-absent", "target", False,
     "[registerPublisher] Failed to contact master at [localhost:11511].  Retrying..."),
    ("ros-silent", "target", False,
     "ROS_MASTER_URI=http://robot7:11511\nERROR: Unable to communicate with master!"),
    ("roscore", "listener", True,
     "auto-starting new master\nprocess[master]: started with pid [471]\n"
     "ROS_MASTER_URI=http://robot7:11511/"),
    ("roslaunch", "target", True,
     "started roslaunch server http://robot7:40111/\n\nNODES\n  /\n    arm (arm/arm.py)\n\n"
     "ROS_MASTER_URI=http://robot8:11511"),
    ("ros-setting", "target", True, "export ROS_MASTER_URI=http://robot7:11511"),
    ("scrapy", "listener", True,
     "[scrapy.extensions.telnet] INFO: Telnet console listening on 127.0.0.1:6044"),
    ("telnet", "target", True,
     "Trying 127.0.0.1...\nConnected to localhost.\nEscape character is '^]'."),
    ("caddy-admin", "listener", True,
     '{"level":"info","logger":"admin","msg":"admin endpoint started","address":"localhost:2021",'
     '"enforce_origin":false,"origins":["//localhost:2021"]}'),
    ("listens", "listener", True, "Servidor rodando na porta 3333"),
    ("listens", "listener", True, "Servidor escuchando en http://localhost:3000"),
    ("open-foreign", "listener", True, "请在浏览器中打开以下地址:\n  http://localhost:5611"),
    ("listens-port", "listener", True, "[info] Starting Chat Listener, port 55431"),
    ("labelled", "listener", True, "Web UI: http://127.0.0.1:50122"),
    ("reached", "target", True, "[worker 1] connected to 127.0.0.1:50835"),
    ("arrow", "peer", True, "127.0.0.1:50122 -> 127.0.0.1:5672"),
    ("by-role", "peer", True, "10:00:00 127.0.0.1:50824 - session 4 - client connection idle"),
]
# fmt: on
"""An example of each row: key, whose end the endpoint is, whether the line is normal, the text."""

_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9`])")


@each(("key", "role", "normal", "text"), LINES)
def test_a_line_is_told_by_its_row(key: str, role: str, normal: bool, text: str) -> None:
    """Each line is read as what it is, and the verdict is about it, in at most two sentences."""
    classification = classify(text)
    banner = classification.banner
    assert banner is not None
    assert (banner.key, banner.role, banner.normal) == (key, role, normal)
    assert bool(banner.step) is not normal
    if classification.tables:
        return  # their summary leads
    said = conclude(classification).verdict
    assert said.startswith(banner.means)
    assert said.endswith("This is normal: no error.") is normal
    assert len(_SENTENCE.split(said)) <= 2


@each(("key", "role", "normal", "text"), LINES)
def test_a_sentence_is_short(key: str, role: str, normal: bool, text: str) -> None:
    """No sentence has more than 25 words, a hole that was not filled, or two spaces."""
    banner = classify(text).banner
    assert banner is not None
    for said in (banner.means, banner.step, banner.reach):
        assert all(len(part.split()) <= 25 for part in _SENTENCE.split(said)), said
        assert not re.search(r"[{}]|  |^ | $|\bport port\b|,,", said), said


def test_every_row_has_a_line() -> None:
    """A row that no line yields may be dead: each has its example above."""
    assert {row.key for row in ROWS} == {line[0] for line in LINES}


def test_every_pattern_has_an_end() -> None:
    """No pattern repeats without a bound, so that time grows with the text only."""
    for row in ROWS:
        plain = re.sub(r"\\.|\[[^\]]*\]", "", row.pattern)
        assert not re.search(r"[*+]|,\}", plain), row.key


def test_keys_are_single() -> None:
    """A key stands for one row."""
    assert len({row.key for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Connected to the target VM, address: 'localhost:5023'", "localhost:5023"),
        ("Listening for transport dt_socket at address: 5007", "port 5007"),
        ("DevTools listening on ws://[::1]:53999/devtools/browser/3a2b1c00", "[::1]:53999"),
        ("New client: ('127.0.0.1', 50122)", "127.0.0.1:50122"),
        ("GET https://a.example/a?redirect_uri=http%3A%2F%2Flocalhost%3A501%2F", "localhost:501"),
        ("PHP 8.3 Development Server (http://localhost:8000) started", "localhost:8000"),
    ],
)  # fmt: skip
def test_the_endpoint_is_named_as_written(text: str, named: str) -> None:
    """Host and port stand in the sentence, in whatever way the line has them."""
    banner = classify(text).banner
    assert banner is not None
    assert named in banner.means


@pytest.mark.parametrize(
    "text",
    [
        "My server is not running on 127.0.0.1:8000, why?",
        "Is the server running on 127.0.0.1:8000 and accepting connections?",
        "nothing is listening on 127.0.0.1:8000",
        "请问为什么浏览器打不开 http://localhost:8055",
        "failed: server listening on 127.0.0.1:8000 did not answer",
        "The API is available at https://api.example.org:443/v1",
        "server 127.0.0.1:8000 weight=5;",
        "address: '127.0.0.1', port: 8000",
        "Request URL: http://127.0.0.1:8000/",
        "docker run -p 127.0.0.1:8000:80 web",
        "we met at 10:30 in room 8000",
        "",
    ],
)
def test_what_no_tool_printed_has_no_line(text: str) -> None:
    """A question, a failure, a setting or another machine is no line of a server that runs."""
    assert classify(text).banner is None


def test_an_error_outside_of_a_normal_line_comes_first() -> None:
    """The caller's line is beside the matter where the next line names an error."""
    text = (
        'INFO:     127.0.0.1:41882 - "GET / HTTP/1.1" 200 OK\nconnect ECONNREFUSED 127.0.0.1:5433'
    )
    classification = classify(text)
    assert classification.banner is not None
    assert leading(classification) is None
    assert not verdict(classification).endswith("no error.")


def test_an_error_in_a_line_is_explained_by_it() -> None:
    """A port that was taken is no error where the tool took the next one."""
    classification = classify("Port 3000 is in use, trying another one...")
    assert classification.error is not None
    assert leading(classification) is classification.banner
    assert verdict(classification).endswith("no error.")


@pytest.mark.parametrize(
    "failed", ["listen EADDRINUSE: address already in use", "bind failed: EACCES"]
)
def test_a_server_that_could_not_bind_does_not_run(failed: str) -> None:
    """The line before the error says "listening", and the error belies it."""
    banner = classify(f"Server listening on http://127.0.0.1:8000\n{failed} 127.0.0.1:8000").banner
    assert banner is None or not banner.normal


@pytest.mark.parametrize(
    "said",
    [
        "The page doesn't load in Chrome.",
        "I cannot reach it from my phone",
        "But the site is not accessible from outside the container",
        "curl hangs",
        "telnet localhost 5055 does not connect",
        "C:\\> telnet localhost 5055\nconnection failed",
    ],
)
@pytest.mark.parametrize("order", [1, -1])
def test_a_server_that_a_client_cannot_use_is_not_called_well(said: str, order: int) -> None:
    """What a person says beside the line takes "no error" away, and the answer has a step."""
    report = conclude(
        classify("\n".join(["Now listening on: http://localhost:5055", said][::order]))
    )
    assert "no error" not in report.verdict
    assert report.steps


@pytest.mark.parametrize(
    "said",
    [
        "Application startup complete.",
        "warn: failed to load .env, using defaults. Could not open browser.",
        "0 tests failed; the connection pool works",
        "Press CTRL+C to quit",
    ],
)
def test_a_server_is_well_beside_other_words(said: str) -> None:
    """What another part of the program reports is no failure of the server."""
    banner = classify(f"Now listening on: http://localhost:5055\n{said}").banner
    assert banner is not None
    assert banner.normal


@pytest.mark.parametrize(
    ("said", "normal"),
    [
        ("client = 127.0.0.1:40112", True),
        ("client = 127.0.0.1:40112\nERROR worker 4: Socket was closed", False),
        ("client = 127.0.0.1:40112\nworker 4: Socket was opened", True),
        ("GET /about\nRemote peer: 127.0.0.1:40112\nworker 4 crashed", False),
    ],
)
def test_a_line_read_by_its_form_is_not_called_well_beside_a_failure(
    said: str, normal: bool
) -> None:
    """The words of a failure may be in any line of the text."""
    banner = classify(said).banner
    assert banner is not None
    assert banner.role == "peer"
    assert banner.normal is normal
    assert len(banner.means.split(". ")) == 2 - normal


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (
            "Connected to node7.\nEscape character is '^]'.\nConnection closed by foreign host.",
            None,
        ),
        ("Connected to node7.", None),
        ("chatd: listening for client requests on 127.0.0.1:2479", "listens"),
        ('Listener 1: tcp (addr: "127.0.0.1:9210", purpose: "api")', None),
        ("ROS_MASTER_URI=", None),
        ("mysqld: ready for connections. socket: '/run/m.sock'  port: 0", None),
        ('shop: admin endpoint stopped {"address": "localhost:2021"}', None),
        ("Running Shop.Repo with Postgres at 127.0.0.1:5499", "listens"),
    ],
)
def test_a_near_line_is_of_no_tool(text: str, key: str | None) -> None:
    """What a row has to have: the tool's own words, and that all is well."""
    banner = classify(text).banner
    assert (banner.key if banner else None) == key


def test_a_client_in_source_code_is_no_caller() -> None:
    """What a client is made of is the server's address."""
    assert classify("client = Store('127.0.0.1', 41777)").banner is None


def test_a_taken_port_is_told_with_the_new_one() -> None:
    """Where the tool prints the port that it took, the sentence has it."""
    text = "Port 3000 is in use, trying another one...\n  Local: http://localhost:3001/"
    banner = classify(text).banner
    assert banner is not None
    assert "3000" in banner.means
    assert "localhost:3001" in banner.means


@pytest.mark.parametrize(
    ("status", "normal"),
    [("101", True), ("200", True), ("304", True), ("401", False), ("404", False), ("503", False)],
)
def test_a_status_tells_whether_the_request_is_well(status: str, normal: bool) -> None:
    """What was turned down or failed is no error of the connection, and has a step."""
    banner = classify(f'INFO: 127.0.0.1:41882 - "GET /x HTTP/1.1" {status} X').banner
    assert banner is not None
    assert banner.normal is normal
    assert status in banner.means
    assert bool(banner.step) is not normal


def test_a_wildcard_address_is_told() -> None:
    """A debugger on every address is open to the network."""
    banner = classify("Listening for transport dt_socket at address: 0.0.0.0:5007").banner
    assert banner is not None
    assert "every address" in banner.reach
    assert "run code" in banner.reach


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Listening on ip:0.0.0.0:9222", True),
        ("Listening on ip:127.0.0.1:9222", False),
        ("Bind for 0.0.0.0:9222 failed: port is already allocated", False),
    ],
)
def test_who_can_connect_is_told_of_what_listens(text: str, told: bool) -> None:
    """Of a server on every address, and not of one that could not listen."""
    banner = classify(text).banner
    assert banner is not None
    assert ("every address" in banner.reach) is told


def test_a_wildcard_address_is_no_page() -> None:
    """A web server on 0.0.0.0 is opened as localhost."""
    banner = classify("INFO: Uvicorn running on http://0.0.0.0:8000 (Press CTRL+C to quit)").banner
    assert banner is not None
    assert "open localhost:8000" in banner.means


def test_a_line_of_any_program_names_no_tool() -> None:
    """Where the line does not tell the tool, none is guessed."""
    banner = classify("[worker] daemon running on 127.0.0.1:50123").banner
    assert banner is not None
    assert banner.tool == ""


def test_a_port_that_a_tool_waits_at_is_not_the_page_that_names_it() -> None:
    """The redirect's address is in the query of a page that is somewhere else."""
    classification = classify("https://login.example.org/a?redirect_uri=http://127.0.0.1:50122/cb")
    assert classification.kind == "url"
    assert classification.banner is not None
    assert classification.banner.endpoint is None
    assert "127.0.0.1:50122" in conclude(classification).verdict


def test_a_role_is_given_to_the_endpoint() -> None:
    """The endpoint of a line has its role where the words around it tell none."""
    (endpoint,) = classify("71:M 29 Nov 2026 10:00:00.000 - Accepted 127.0.0.1:50792").endpoints
    assert endpoint.role == "peer"


_PIECES = st.sampled_from([line[3] for line in LINES] + ["\n", " ", "127.0.0.1:80", "[::1]:9"])


@pytest.mark.parametrize(
    "text",
    [
        "npm ERR! network request to https://registry.shop.example/x failed, reason:"
        " connect ETIMEDOUT 203.0.113.9:443",
        "fatal: unable to access 'https://git.shop.example/a.git/': Failed to connect to"
        " git.shop.example port 443: Connection timed out",
        "ProxyError('Cannot connect to proxy.', OSError('Tunnel connection failed: 407 Proxy"
        " Authentication Required'))",
    ],
)
def test_a_host_that_was_wanted_is_no_proxy(text: str) -> None:
    """Nor is one absent that answered: the same words are about a proxy elsewhere."""
    found = classify(text)
    assert found.errors
    assert found.banner is None


def test_a_taken_port_does_not_hide_a_refusal() -> None:
    """The program took the next port, and its client still asks the first."""
    found = classify("Port 3007 is in use, trying 3008 instead.\nconnect ECONNREFUSED ::1:3007")
    assert found.banner is None
    assert "ECONNREFUSED" in {error.name for error in found.errors}


@given(st.lists(st.one_of(_PIECES, st.text(max_size=20)), max_size=6))
def test_no_text_breaks_it(pieces: list[str]) -> None:
    """Whatever is pasted, a line's span is in the text and its endpoint is one of the text's."""
    text = "".join(pieces)
    classification = classify(text)
    banner = classification.banner
    if banner is not None:
        first, last = banner.span
        assert 0 <= first < last <= len(text)
        assert banner.endpoint is None or banner.endpoint < len(classification.endpoints)
        assert banner.means
        conclude(classification)


def test_time_grows_with_the_text_only() -> None:
    """Ten times the lines take about ten times as long, also where every line matches."""
    text = "".join(f"{line[3][:200]}\n" for line in LINES)

    def took(times: int) -> float:
        start = perf_counter()
        classify(text * times)
        return perf_counter() - start

    took(1)
    assert took(10) < 40 * max(took(1), 0.005)
