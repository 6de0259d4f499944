"""The table of tools' wordings: one row for each line in which a tool prints an address.

A row is a tuple of text: its key, the tool, the name of its kind (:mod:`.kinds`), words, a
pattern, and as ``field: text`` what is special to it; :class:`.rows.BannerRow` tells what
the fields are. So the table is one constant, and a visitor of the page loads half of what
as many calls would be. The first row that matches wins, so what failed stands before what
is well, and a named tool before any tool. To add a line is to add its row here and its
example to ``tests/text/test_banners.py``.

The comment above a row, or above several of one source, says where the wording was read:
the repository and the file that prints it, or the manual. "Seen" is a printed line of that
form in public texts; without a comment the row was written after the tool's usual output.
"""

# fmt: off
TABLE = (
    # --- the JVM and the JetBrains IDEs: intellij-community, JavaDebuggerBundle.properties ----
    # JetBrains/intellij-community
    # java/debugger/openapi/resources/messages/JavaDebuggerBundle.properties; the Chinese and
    # Japanese forms below: seen
    ("jetbrains-port-taken", "the JetBrains IDE", "TAKEN", "debugger",
     r"unable to open debugger port \(?<at>\)?[^\n]{0,120}(?:bindexception|in use|bind)"
     r"[^\n]{0,60}",
     "means: The JetBrains IDE could not open its debugger port {at}: another program "
     "uses it, or the system reserves it.",
     "step: End the old debug session, or make the IDE choose another debugger port."),
    # Android ddmlib, DdmPreferences: debuggers from port 8600 on, 8700 for the chosen program
    ("jetbrains-device-refused", "the JetBrains IDE", "ABSENT", "debugger",
     r"<raw>unable to open debugger port \(?(?P<at>(?:localhost|127\.0\.0\.1):8[67][0-9]{2})\)?"
     r"[^\n]{0,80}(?:connectexception|refused)[^\n]{0,60}",
     "means: The JetBrains IDE found no debugger at {at}, a port that Android's tools forward to "
     "a program on a device.",
     "step: Start the program on the device for debugging, then forward the port to it again."),
    ("jetbrains-attach-refused", "the JetBrains IDE", "ABSENT", "debugger",
     r"unable to open debugger port \(?<at>\)?[^\n]{0,80}(?:connectexception|refused)"
     r"[^\n]{0,60}",
     "means: The JetBrains IDE found no debugger agent at {at}: the program was not started for "
     "debugging.",
     "step: Start the program with "
     "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address={port}."),
    ("jetbrains-program-failed", "the JetBrains IDE", "ABSENT", "debugger",
     r"unable to open debugger port \(?<at>\)?[^\n]{0,120}",
     "means: The JetBrains IDE waited for a debugger connection at {at}, but the program "
     "did not start.",
     "step: Read the program's own output and the event log: often another port of it is "
     "taken."),
    ("jetbrains-connect-failed", "the JetBrains IDE", "ABSENT",
     "failed to establish connection to the target vm",
     "means: The JetBrains IDE found no JVM to debug at {at}.",
     "step: Start the program for debugging first; compare its port with the run "
     "configuration."),
    ("jetbrains-stopped", "the JetBrains IDE", "SESSION", "vm",
     r"(?:disconnected from the target vm|目标 ?vm ?断开连接|vm から切断されました)"
     r"[\s\S]{0,1500}?(?:exit code|退出代码|終了コード)\s?为?\s?(?P<code>-?[1-9][0-9]{0,9})"
     r"(?![0-9])",
     "means: The debug session at {at} ended because the program ended with exit code "
     "{code}: the lines above say why."),
    ("jetbrains-disconnected", "the JetBrains IDE", "SESSION", "vm",
     r"(?:disconnected from the target vm|目标 ?vm ?断开连接|vm から切断されました)",
     "means: The debug session at {at} ended with the program: the lines above and the "
     "exit code say why."),
    ("jetbrains-connected", "the JetBrains IDE", "SESSION", "vm",
     r"connected to the target vm|连接到目标 ?vm|ターゲット vm に接続",
     "means: The JetBrains IDE and the program that it debugs are connected at {at}: the "
     "debug session began."),
    ("jetbrains-waits", "the JetBrains IDE", "DEBUG", "vm connection debugger",
     r"(?:connecting to the target vm|listening to the connection), address",
     "means: The JetBrains IDE waits at {at} for the program that it debugs."),
    # openjdk src/jdk.jdwp.agent/share/native/libdt_socket/socketTransport.c; openhab-addons #256
    ("jdwp-http", "the JVM", "MISTAKEN", "handshake",
     r"(?:listening for transport dt_socket at address: <port>[\s\S]{0,300}?)?"
     r"debugger failed to attach: handshake failed - received >(?:get|post|put|head|options|"
     r"delete|patch|connect|pri) [^\n]{0,80}",
     "means: An HTTP client, such as a browser or a health check, connected to the JVM's debug "
     "port. The JVM runs on.",
     "step: Let it use the application's own port, often 8080, instead of the debug port."),
    # openjdk, JDWP agent, run with JDK 17
    ("jdwp-handshake", "the JVM", "DEBUG", "handshake",
     r"listening for transport dt_socket at address: <port>[\s\S]{0,300}?handshake failed"
     r"[^\n]{0,80}",
     "means: A client that is no debugger probed the JVM's debugger at {at} and left: the "
     "JVM listens again."),
    ("jdwp-probed", "the JVM", "DEBUG", "handshake",
     r"debugger failed to attach: handshake failed[^\n]{0,80}",
     "means: A client that is no Java debugger, such as a port scan or a health check, connected "
     "to the JVM's debug port and left.",
     "port: set"),
    ("jdwp-listening", "the JVM", "DEBUG", "dt_socket",
     r"listening for transport dt_socket at address: (?:[^\s\x01]{1,60}:)?<port>",
     "port: set"),
    # openjdk, JPDA Connection and Invocation; seen
    ("jdwp-taken", "the JVM", "TAKEN", "jdwp transport",
     r"transport error 202: bind failed[^\n]{0,60}",
     "means: The JVM could not open its debugger port: another program already uses it.",
     "step: End the other debug session, or give -agentlib:jdwp another address."),
    ("jdwp-refused", "the JVM", "ABSENT", "transport",
     r"transport error 202: connect failed[^\n]{0,60}",
     "means: The JVM connects to a debugger when it starts, but no debugger listened there.",
     "step: Start the debugger first, or start the program without -agentlib:jdwp."),
    # --- Node.js, Python, Go, PHP, Ruby, native code ------------------------------------------
    # nodejs/node src/inspector_socket_server.cc; nodejs.org, Debugging
    ("node-inspector-taken", "Node.js's inspector", "TAKEN", "inspector",
     r"starting inspector on <at> failed[^\n]{0,80}",
     "step: Use --inspect=0 or another port; the program runs on without a debugger."),
    ("node-inspector", "the inspector of Node.js (or Deno)", "DEBUG", "debugger",
     r"debugger listening on (?:ws://)?<at>"),
    # nodejs/node src/inspector_socket_server.cc
    ("node-inspector-url", "the inspector of Node.js (or Deno)", "DEBUG", "ws",
     r"<at>/[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b"),
    ("devtools-page", "DevTools", "SESSION", "devtools",
     r"<raw>devtools://[^\s]{0,300}?\bws=(?P<at>[0-9a-z.:\[\]-]{3,60}:[0-9]{1,5})",
     "means: This page of Chrome's DevTools debugs the program whose inspector listens at "
     "{at}."),
    ("node-inspector-ended", "Node.js's inspector", "SESSION",
     "waiting for the debugger to disconnect",
     "means: The Node.js program has ended and waits until the debugger disconnects."),
    # oven-sh/bun src/js/internal/debugger.ts
    ("bun-inspector", "Bun's inspector", "DEBUG", "bun",
     r"bun inspector[\s\S]{0,200}?listening:?\s{1,40}<at>"),
    # microsoft/debugpy src/debugpy/_vendored/pydevd/_pydevd_bundle/pydevd_comm.py
    ("pydevd-refused", "the Python debugger (pydevd)", "ABSENT", "connect",
     r"^[^\n]{0,60}could not connect to (?P<at>\x01{1,4096}(?:: [0-9]{1,5})?|"
     r"[a-z0-9_.-]{1,60}: [0-9]{1,5})\s{0,40}\n[\s\S]{0,3000}?(?:connectionrefused|pydev|"
     r"errno|winerror)[^\n]{0,100}",
     "means: The Python debugger (pydevd) could not reach the IDE at {at}: no debug "
     "server listens there.",
     "step: Start the debug session in the IDE first. In a container, use the address of "
     "the IDE's machine."),
    # seen; the options are pydevd.py's and pydevconsole.py's
    ("pydevd", "PyCharm's debugger", "SESSION", "pydevd",
     r"pydevd(?:\.py)?\b[^\n]{0,600}?(?:--(?:client|host)[ =']{1,3}<any>|--port[ "
     r"=']{1,3}<port>)",
     "means: The Python program connects to PyCharm's debugger, which listens at {at}: "
     "the debug session began."),
    ("pydevd-connected", "PyCharm's debugger", "SESSION", "connected to pydev debugger",
     "means: The Python program is connected to PyCharm's debugger: the debug session began."),
    ("pycharm-console", "PyCharm's Python console", "SESSION", "pydevconsole",
     r"pydevconsole\.py\b[^\n]{0,300}?(?:--host[ =]<any>|--port[ =]<port>)",
     "means: PyCharm's Python console and the IDE talk to each other at {at}."),
    # seen: what VS Code writes into its terminal
    ("debugpy", "debugpy (VS Code's Python debugger)", "SESSION", "debugpy",
     r"debugpy[^\n]{0,200}?(?:launcher['\"]?|--connect|--listen|--port)[ =]{1,3}<port>",
     "means: VS Code and the Python program that it debugs (debugpy) talk to each other "
     "at {at}."),
    # go-delve/delve pkg/logflags/logflags.go, cmd/dlv/cmds/commands.go
    ("delve", "Delve (Go's debugger)", "DEBUG", "api dap",
     r"(?:api|dap) server listening at: ?<at>",
     "means: Delve, the debugger for Go, is running: the editor connects to it at {at}."),
    ("delve-taken", "Delve (Go's debugger)", "TAKEN", "couldn't start listener"),
    # binutils-gdb gdbserver/remote-utils.cc; seen
    ("gdb-peer", "gdbserver", "CLIENT", "debugging", r"remote debugging from host <at>",
     "reach: {CODE}"),
    ("gdbserver", "gdbserver", "DEBUG", "created",
     r"process [^\n]{0,200}created; pid[^\n]{0,40}\n[^\n]{0,20}listening on port <port>"),
    # LLVM, lldb debugserver; seen
    ("lldb-server", "LLDB's debug server", "DEBUG", "listening",
     r"listening to port <port> for a connection from"),
    # ios-control/ios-deploy src/ios-deploy/ios-deploy.m
    ("ios-deploy", "ios-deploy", "SESSION", "fruitstrap_connect_url connect",
     r"<raw>\bconnect://[^\s\"]{3,60}|fruitstrap_connect_url",
     "means: LLDB reaches the iOS device's debugger at {at}, this machine's end of a "
     "tunnel to the device."),
    ("gdb-remote", "GDB", "SESSION", "remote", r"target (?:extended-)?remote (?:tcp:)?<at>",
     "means: GDB connects to a debug server, such as gdbserver or QEMU, at {at}."),
    ("openocd", "OpenOCD", "DEBUG", "gdb", r"listening on port <port> for gdb connections"),
    ("openocd-control", "OpenOCD", "SERVER", "tcl telnet",
     r"listening on port <port> for (?:tcl|telnet) connections",
     "means: OpenOCD, a debugger for chips, is running and accepts commands at {at}.",
     "reach: Anyone who can connect controls the chip. Keep it on loopback."),
    ("clion", "the JetBrains IDE", "SESSION", "debugger", r"debugger connected to <at>",
     "means: The JetBrains IDE's debugger is connected at {at}: the debug session began."),
    # xdebug/xdebug src/debugger/com.c
    ("xdebug-absent", "the editor", "ABSENT", "xdebug debugging",
     r"(?:could not connect to debugging client|time-out connecting to debugging client)"
     r"[^\n]{0,30}<at>[^\n]{0,80}",
     "means: Xdebug found no editor that listens for the debugger at {at}. PHP continues without "
     "it.",
     "step: Start listening in the editor. In a container, set "
     "xdebug.client_host=host.docker.internal."),
    ("xdebug", "Xdebug", "SESSION", "debugging", r"connected to debugging client: <at>"),
    # xdebug/xdebug src/debugger/com.c; seen
    ("xdebug-connecting", "Xdebug", "SESSION", "configured",
     r"connecting to configured address/port: <at>",
     "means: Xdebug connects to the editor's debugger at {at}; the next line says whether "
     "it answered."),
    # ruby-debug/ruby-debug-ide; seen
    ("ruby-ide", "the Ruby debugger of RubyMine", "DEBUG", "fast",
     r"fast debugger \([^\n]{0,120}listens on <at>"),
    # ruby/debug lib/debug/server.rb
    ("ruby-debug", "Ruby's debug gem", "DEBUG", "debugger",
     r"debugger: debugger can attach via tcp/ip \(<at>"),
    # seen
    ("unity-debugger", "Unity's script debugger", "DEBUG", "debugger monooptions",
     r"starting managed debugger on port <port>(?P<all>[\s\S]{0,300}?address=0\.0\.0\.0)?|"
     r"monooptions[^\n]{0,200}debugger-agent",
     "means: The game is a Unity development build: its script debugger listens at {at}.",
     "reach: On 0.0.0.0, every machine on the network can run code in the game. Build releases "
     "without script debugging."),
    ("debugger-waits", "the debugger", "DEBUG", "debugger",
     r"wait(?:ing|s)? for (?:a |the )?debugger[^\n\x01]{0,60}<port>",
     "means: The program waits for a debugger at {at} before it goes on."),
    ("jdwp-server", "the JVM", "DEBUG", "jdwp xrunjdwp agentlib",
     r"(?:agentlib:jdwp|xrunjdwp)[^\n]{0,200}server=y[^\n]{0,80}address=(?:"
     r"[^\s,\x01]{0,60}:)?<port>|(?:agentlib:jdwp|xrunjdwp)[^\n]{0,80}address=\x01{1,4096}"
     r"[^\n]{0,80}server=y",
     "port: set"),
    ("jdwp-client", "the JVM", "SESSION", "jdwp xrunjdwp agentlib",
     r"(?:agentlib:jdwp|xrunjdwp)[^\n]{0,200}?address=(?:[^\s,\x01]{0,60}:)?<port>",
     "means: The JVM is started for debugging: it connects to the IDE, which listens at "
     "{at}."),
    # seen: the command line of each run of IntelliJ IDEA
    ("idea-rt", "IntelliJ IDEA", "SESSION", "idea_rt", r"idea_rt\.jar['\"]?=(?P<at>[0-9]{2,5})",
     "means: IntelliJ IDEA started this program, and uses {at} to stop it cleanly.",
     "reach: -"),
    # seen
    ("netbeans", "NetBeans", "SESSION", "attached jpda debugger to",
     "means: NetBeans attached its debugger to the JVM at {at}: the debug session began."),
    # --- browsers, drivers and tests ----------------------------------------------------------
    # seen, as are the next three
    ("chromedriver-version", "ChromeDriver", "ABSENT", "driver chromedriver supports",
     r"cannot connect to (?:chrome|microsoft edge) at <at>[\s\S]{0,600}?only supports"
     r"[^\n]{0,60}",
     "means: The driver could not control the browser at {at}: the versions of driver and "
     "browser do not match.",
     "step: Install the driver for the browser's version, or use Selenium Manager, which chooses "
     "it."),
    ("chromedriver-started", "the browser", "ABSENT", "chrome edge",
     r"cannot connect to (?:chrome|microsoft edge) at <at>[^\n]{0,40}(?:\n[^\n]{0,20}not "
     r"reachable)?",
     "means: The driver started a browser with its debug port at {at}, and the browser "
     "ended or never opened it.",
     "step: Without a display, start the browser with --headless=new, as root or in a "
     "container also with --no-sandbox.", "where: caller"),
    ("chromedriver-cannot", "the browser", "ABSENT", "chrome edge",
     r"cannot connect to (?:chrome|microsoft edge) at <at>[^\n]{0,40}(?:\n[^\n]{0,20}not "
     r"reachable)?",
     "means: The driver found no browser at {at}: no browser with remote debugging is "
     "running there.",
     "step: Start it with --remote-debugging-port={port} and its own --user-data-dir."),
    ("driver-gone", "the driver", "ABSENT", "httpconnectionpool session webdriver",
     r"httpconnectionpool\(host=['\"]?<at>[^\n]{0,20}max retries exceeded with url: "
     r"/session[^\n]{0,300}",
     "means: Selenium's driver is not running at {at} any more: it ended, by quit() or by "
     "a crash.",
     "step: Do not call the driver after quit(); look above for a crash of the browser or "
     "driver."),
    # chromium content/browser/devtools; seen
    ("devtools", "the browser (Chrome, Edge or Electron)", "CONTROL", "devtools",
     r"devtools listening on (?:ws:)?/{0,2}<at>"),
    ("devtools-url", "the browser (Chrome, Edge or Electron)", "CONTROL", "devtools",
     r"<at>/devtools/(?:browser|page)/[0-9a-f-]{8,40}"),
    # mozilla-central remote/webdriver-bidi/WebDriverBiDi.sys.mjs; seen
    ("firefox-remote", "Firefox", "CONTROL", "webdriver marionette",
     r"webdriver bidi listening on (?:ws:)?/{0,2}<at>|"
     r"marionette\s{1,8}info\s{1,8}listening on port "),
    # seen
    ("chromedriver", "ChromeDriver", "DRIVER", "chromedriver",
     r"starting chromedriver [^\n]{0,120}on port <port>|chromedriver was started "
     r"successfully"),
    ("edgedriver", "Microsoft Edge WebDriver", "DRIVER", "edge webdriver msedgedriver",
     r"starting (?:microsoft edge webdriver|msedgedriver) [^\n]{0,120}on port <port>"),
    # mozilla/geckodriver; seen
    ("geckodriver", "geckodriver (Firefox's driver)", "DRIVER", "geckodriver",
     r"geckodriver\s{1,8}info\s{1,8}listening on <at>"),
    ("iedriver", "the driver of Internet Explorer", "DRIVER", "internetexplorerdriver",
     r"started internetexplorerdriver server[\s\S]{0,200}?listening on port <port>"),
    # SeleniumHQ/selenium, grid Standalone.java
    ("selenium-grid", "Selenium Server", "DRIVER", "selenium",
     r"started selenium (?:standalone|hub|node|router)[^\n]{0,80}<at>|selenium server is "
     r"up and running on port "),
    # appium/appium packages/appium/lib/bootstrap/main-helpers.ts
    ("appium", "Appium", "DRIVER", "appium", r"appium rest http interface listener started on <at>",
     "means: Appium is running at {at} and waits for tests that drive devices.",
     "reach: {DEVICE}",
     "port: default"),
    ("appium-forward", "Appium", "FORWARD", "uiautomator2",
     r"forwarding uiautomator2 server port [0-9\x01]{2,9} to (?:local )?port <port>",
     "means: Appium forwards {at} to its server on the Android device."),
    # karma-runner/karma lib/server.js
    ("karma", "Karma (the test server)", "DRIVER", "karma",
     r"karma v?[0-9.]{0,12} ?server started at <at>",
     "means: Karma, the test server, is running at {at} and waits for browsers.",
     "reach: -",
     "port: default"),
    ("playwright-server", "the Playwright server", "CONTROL", "playwright",
     r"playwright[\s\S]{0,200}listening on (?:ws:)?/{0,2}<at>"),
    # microsoft/playwright, show-report; seen
    ("playwright-report", "Playwright's report server", "WEB", "html",
     r"serving html report at <at>"),
    # cypress-io/cypress packages/errors; seen
    ("cypress-absent", "the server of the app", "ABSENT", "cypress",
     r"cypress (?:could not verify that this server is running|failed trying to load)"
     r"[\s\S]{0,200}?<at>",
     "means: Cypress found no server at {at}: the app under test is not running there.",
     "step: Start the app first, or correct baseUrl."),
    ("vitest-ui", "Vitest's page", "WEB", "__vitest__", r"ui started at <at>"),
    # --- mobile, Flutter, games ---------------------------------------------------------------
    # flutter/flutter packages/flutter_tools/lib/src/run_hot.dart
    ("dart-lost", "the Dart VM service", "ABSENT", "service",
     r"error connecting to the service protocol[^\n]{0,80}<at>[^\n]{0,80}",
     "means: Flutter could not reach the app's Dart VM service at {at}: the app ended or "
     "was not reached.",
     "step: Run the app again; on a device allow the local network and unlock it."),
    # flutter/flutter flutter_tools; seen, as are the next two
    ("flutter-web", "the web server of the Flutter app", "WEB", "dart",
     r"\.dart is being served at <at>"),
    ("dart-vm", "the Dart VM service of the Flutter app", "DEBUG", "dart observatory",
     r"(?:dart vm service[^\n]{0,120}|observatory[^\n]{0,120})(?:available at|listening on)"
     r":? ?<at>",
     "means: The Flutter app runs: its Dart VM service waits for debuggers at {at}."),
    ("dart-debug", "the Dart debug service of the Flutter app", "DEBUG", "debug",
     r"debug service(?: listening on|:) <at>"),
    ("dart-vm-url", "the Dart VM service", "DEBUG", "http ws",
     r"<at>/[a-z0-9_-]{8,14}=/?(?:ws)?(?=\s|$)",
     "means: {at} looks like the Dart VM service of a Flutter app, which waits for "
     "debuggers."),
    ("dart-devtools", "Dart DevTools (debugger and profiler)", "WEB", "devtools",
     r"(?:devtools debugger and profiler[^\n]{0,120}available at|serving devtools at):? "
     r"?<at>"),
    # dart-lang/sdk pkg/dtd; seen
    ("dart-tooling", "the Dart Tooling Daemon", "SERVER", "tooling",
     r"dart tooling daemon[^\n]{0,60}<at>"),
    # Android Open Source Project, adb: "adb connect" to a device in the local network; seen
    ("adb-network", "the device", "ABSENT", "connect",
     r"<raw>(?P<adb>(?:\badb|scrcpy)[\s\S]{0,400}?)?(?:failed to|cannot|unable to) connect to '?"
     r"(?P<at>(?:10\.[0-9]{1,3}|192\.168)\.[0-9]{1,3}\.[0-9]{1,3}:(?(adb)[0-9]{1,5}|5555))"
     r"(?![0-9])'?: [^\n]{0,80}?(?:refused|10061\b)[^\n]{0,60}",
     "means: The device at {at} does not listen for adb: its TCP mode is off, or its adb port is "
     "different.",
     "step: Connect the device with its cable, and run `adb tcpip 5555`."),
    ("adb-cannot", "the emulator or device", "ABSENT", "connect",
     r"failed to connect to '<at>': [^\n]{0,120}|(?:cannot|unable to) connect to <any>(?::"
     r"[0-9]{1,5})?: (?:connection refused|no connection could be made)[^\n]{0,120}",
     "means: adb found no emulator or device at {at}: it is not running, or its adb port is "
     "different.",
     "step: Start the emulator first; `adb devices` lists what is connected."),
    ("adb-device", "adb", "REACHED", "devices attached daemon",
     r"list of devices attached\s[\s\S]{0,300}?<at>\s{1,40}(?:device|offline|unauthorized)",
     "means: adb runs and is connected to an Android emulator (or device) at {at}.",
     "reach: {DEVICE}"),
    ("adb-row", "adb", "REACHED", "device offline unauthorized",
     r"^<at>\s{1,20}(?:device|offline|unauthorized)\s{0,40}$",
     "means: adb knows an Android emulator or device at {at}.",
     "reach: {DEVICE}"),
    # seen, as is the list of devices
    ("adb-start", "adb (the Android debug bridge)", "SERVER", "daemon",
     r"daemon not running; starting (?:it )?now (?:at tcp:|on port )<port>",
     "reach: {DEVICE}",
     "port: default"),
    ("adb-connected", "adb", "REACHED", "connected", r"^(?:already )?connected to <at>\s{0,40}$",
     "means: adb is connected to an Android emulator or device at {at}.",
     "reach: {DEVICE}"),
    # React Native, Troubleshooting
    ("metro-absent", "Metro", "ABSENT", "development metro script",
     r"could not connect to development server[\s\S]{0,400}?<at>|unable to load script"
     r"[^\n]{0,80}metro|could not connect to development server",
     "means: The React Native app found no Metro development server at {at}: it is not running, "
     "or the device connected to itself.",
     "step: Run `npx react-native start`. On an Android device also: `adb reverse "
     "tcp:8081 tcp:8081`."),
    ("metro", "Metro (React Native's development server)", "WEB", "metro waiting expo",
     r"(?:metro|web is) waiting on <at>|welcome to metro"),
    # libimobiledevice/libusbmuxd tools/iproxy.c
    ("iproxy", "iproxy", "FORWARD", "device", r"creating listening port <port> for device port"),
    # seen
    ("lol", "the League of Legends client", "SERVER",
     "leagueclientux leagueclient riotclientservices",
     r"(?:leagueclient(?:ux)?|riotclientservices)\b[^\n]{0,300}?--app-port=<port>",
     "means: The League of Legends client talks to its own window at {at}, its local API.",
     "reach: A token in the command line protects it.",
     "port: random"),
    # seen
    ("minecraft-lan", "Minecraft", "SERVER", "game serving",
     r"(?:local game hosted on port|started serving on) \[?<port>",
     "port: random"),
    ("minecraft-peer", "the Minecraft server", "CLIENT", "entity",
     r"\[/?<at>\] logged in with entity id"),
    ("minecraft", "the Minecraft server", "SERVER", "minecraft",
     r"starting minecraft server on (?:\*:|[^\n]{0,40}?)<port>",
     "port: default"),
    ("unity-player", "Unity's player", "SERVER", "playerconnection",
     r"playerconnection (?:initialized network socket|listening)[^\n]{0,20}?[: ]<port>"),
    # --- logins in the browser ----------------------------------------------------------------
    # hashicorp/terraform internal/command/login.go
    ("login-ports-taken", "terraform login", "TAKEN", "oauth tcp",
     r"no tcp port numbers? between (?P<first>[0-9]{2,5}) and (?P<last>[0-9]{2,5}) are "
     r"available[^\n]{0,60}",
     "means: terraform login needs one port of {first} to {last} for the browser's "
     "answer, and all are taken.",
     "step: End a program that uses one of them, then log in again."),
    ("login-gone", "the tool that started the login", "ABSENT", "code",
     r"<at>/?[^\s?]{0,200}\?(?:[^\s]{0,600}&)?code=[^\s]{1,2000}[\s\S]{0,120}?(?:refused|"
     r"can.t be reached|unable to connect|err_connection)[^\n]{0,40}",
     "means: The browser returned from a login to {at}, but the tool that waited there has ended "
     "or runs on another machine.",
     "step: Start the login again on this machine, or forward the port: `ssh -L "
     "{port}:127.0.0.1:{port}`.",
     "reach: {SECRET}",
     "port: random"),
    # RFC 6749 section 4.1.2.1
    ("login-denied", "the tool that started the login", "TAKEN", "error",
     r"<at>/?[^\s?]{0,200}\?(?:[^\s]{0,600}&)?error=(?P<code>[a-z_]{3,60})",
     "means: The browser returned from the login to {at} with an error instead of a code: {code}.",
     "step: Log in again and allow the access. The tool's output says what it needs."),
    # RFC 8252 section 7.3; cli/oauth webapp/local_server.go; seen
    ("login-redirect", "the tool that started the login", "LOGIN",
     "redirect_uri redirect_url redirecturi",
     r"redirect_?ur[il]=https?(?:%3a|:)(?:%2f|/){2}(?P<at>(?:127\.0\.0\.1|localhost|%5b"
     r"(?:%3a|:){2}1%5d|\[::1\])(?:(?:%3a|:)[0-9]{1,5})?|\x01{1,4096})"),
    ("login-callback", "the tool that started the login", "LOGIN", "code",
     r"<at>/?[^\s?]{0,200}\?(?:[^\s]{0,600}&)?code=[^\s]{4,2000}",
     "means: The browser returned from a login to {at}, where the tool that started the login "
     "reads the code.",
     "reach: {SECRET}"),
    # rclone/rclone lib/oauthutil; seen
    ("rclone", "rclone", "LOGIN", "rclone browser code",
     r"(?:go to the following link|open)[^\n]{0,40}: ?<at>/auth\?state="),
    # openai/codex, login; seen
    ("login-server", "the tool that started the login", "LOGIN", "login authentication",
     r"(?:local login server on|login server (?:running|started|listening) (?:on|at)) <at>"),
    ("kubelogin", "kubelogin", "LOGIN", "authentication", r"open <at>\S{0,100} for authentication"),
    # --- requests and connections in a server's log: the caller -------------------------------
    # golang/go src/net/net.go, OpError
    ("go-cut", "the Go client", "CUT", "tcp",
     r"(?P<op>read|write) tcp <at>-><to>: (?:(?:read|write|wsasend|wsarecv): )?[^\n]{0,160}",
     "means: {at} is the Go client's own end (source port): the server at {other} cut the "
     "connection.",
     "step: Read the log of the server at {other}: it closed or reset the connection.",
     "where: client"),
    ("go-left", "the Go server", "CLIENT", "tcp",
     r"(?:read|write) tcp <at>-><to>: (?:(?:read|write|wsasend|wsarecv): )?[^\n]{0,160}",
     "means: The client at {other} ended its connection to the Go server at {at}.",
     "role: listener", "where: server"),
    # unbit/uwsgi core/logging.c, the default log-format
    ("uwsgi-access", "uWSGI", "ACCESS", "vars generated",
     r"<raw>\[pid: [0-9]{1,8}\|app: [^\n|]{1,12}\|req: [0-9/-]{1,20}\] (?P<at>[0-9a-f.:]{3,45}) "
     r"\([^)\n]{0,60}\) \{[^}\n]{1,40}\} \[[^\]\n]{1,40}\] (?P<method>[a-z]{3,10}) [^\n]{0,2000}?"
     r"\(http/[0-9.]{1,3} (?P<status>[1-5][0-9]{2})\)",
     "means: {at} is the client's address in uWSGI's log: a request came from it{answer}.",
     "port: -"),
    # jupyter/notebook notebook/auth/login.py; jupyter-server/jupyter_server auth/login.py
    ("jupyter-token", "Jupyter", "CLIENT", "authenticated",
     r"<raw>accepting (?:one-time-)?token-authenticated connection from (?P<at>[0-9a-f.:]{3,45})",
     "means: {at} is the client's address: a browser logged in to Jupyter with its token.",
     "port: -"),
    # tornadoweb/tornado tornado/web.py, Application.log_request; jupyter_server log.py
    ("tornado-access", "the server (Tornado, as in Jupyter)", "ACCESS", "get post put delete head",
     r"<raw>\b(?P<status>[1-5][0-9]{2}) (?P<method>get|post|put|delete|head|options|patch) "
     r"/\S{0,2000} \((?P<at>[0-9a-f.:]{3,45})\) [0-9.]{1,12} ?ms",
     "means: {at} is the client's address in the log of {tool}: a request came from it{answer}.",
     "port: -"),
    # encode/uvicorn uvicorn/protocols, h11_impl.py and the websockets' files
    ("uvicorn-ws", "uvicorn", "CLIENT", "websocket",
     r"\(?'?<at>\)? - \"websocket [^\n\"]{0,500}\" \[accepted\]"),
    ("uvicorn-access", "uvicorn", "ACCESS", "info",
     r"^\s{0,40}info:?\s{1,40}\(?'?<at>\)? - \"(?P<method>[a-z]{3,10}) [^\n\"]{0,2000}\""
     r"(?: (?P<status>[1-5][0-9]{2}))?"),
    # django/daphne daphne/management/commands/runserver.py; seen
    ("channels-access", "Django's development server", "ACCESS", "http websocket",
     r"(?:http (?P<method>[a-z]{3,10}) [^\s]{1,2000} (?P<status>[1-5][0-9]{2}) \["
     r"[0-9.]{1,12}, <at>\]|websocket [a-z]{3,12} [^\s]{1,500} \[<any>\])"),
    ("hypercorn-access", "hypercorn", "ACCESS", "info",
     r"\[info\] <at> - - \[[^\]\n]{1,40}\] \"(?P<method>[a-z]{3,10}) [^\n\"]{0,2000}\" "
     r"(?P<status>[1-5][0-9]{2})"),
    # go-chi/chi middleware/logger.go
    ("chi-access", "the Go server", "ACCESS", "from",
     r"\"(?P<method>[a-z]{3,10}) <to>[^\n\"]{0,2000}\" from <at> - (?P<status>[1-5][0-9]{2})",
     "means: {at} is the client's end (its source port) of a request to the server at "
     "{other}{answer}."),
    # php/php-src sapi/cli/php_cli_server.c; seen
    ("php-access", "PHP's built-in server", "ACCESS",
     "accepted closing closed get post put delete head",
     r"\] <at> (?:accepted|closing|closed|\[(?P<status>[1-5][0-9]{2})\]: (?P<method>"
     r"[a-z]{3,10}) )",
     "reach: The server's own port is in the line 'Development Server (...) started'."),
    ("php-invalid", "PHP's built-in server", "CLIENT", "invalid", r"\] <at> invalid request"),
    # django/django django/core/servers/basehttp.py; seen
    ("django-broken-pipe", "Django's development server", "LEFT", "broken",
     r"broken pipe from \('?<at>\)?",
     "means: {at} is the client's end: the browser left before Django's answer was "
     "complete, which is harmless."),
    # golang/go src/net/http/server.go, as the next
    ("go-tls-handshake", "the Go server", "CLIENT", "handshake",
     r"http: tls handshake error from <at>",
     "means: {at} is the client's end: a client left during the TLS handshake with the Go "
     "server."),
    ("go-panic", "the Go server", "BROKE", "panic", r"http: panic serving <at>: [^\n]{0,160}"),
    ("aspnet-request", "ASP.NET Core", "ACCESS", "request",
     r"request (?:starting|finished) http/[0-9.]{1,3} (?P<method>[a-z]{3,10}) "
     r"<at>\S{0,2000}(?:[^\n]{0,80}? - (?P<status>[1-5][0-9]{2}) )?",
     "means: {at} is the address of the ASP.NET Core server itself, which got a "
     "request{answer}.",
     "role: listener",
     "port: kept"),
    ("haproxy-access", "HAProxy", "ACCESS", "haproxy", r"haproxy\[[0-9]{1,8}\]: <at> \["),
    # postgres/postgres; PostgreSQL manual, log_connections
    ("postgres-received", "PostgreSQL", "CLIENT", "log",
     r"log:\s{1,40}connection (?:received|authorized|authenticated): (?:[^\n]{0,80})?<at>"),
    # PostgreSQL manual, log_line_prefix, %r
    ("postgres-prefix", "PostgreSQL", "CLIENT", "log error fatal statement detail",
     r"<raw>(?P<at>(?:[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9a-f:]{2,39}|localhost)\("
     r"[0-9]{2,5}\))[^\n]{0,60}(?:log|detail|statement):"),
    ("postgres-left", "PostgreSQL", "LEFT", "disconnection",
     r"disconnection: session time[^\n]{0,200}<at>"),
    # seen, both before and since MongoDB 4.4 (JSON)
    ("mongo-accepted", "MongoDB", "CLIENT", "accepted ended remote metadata end",
     r"\[listener\] connection accepted from <at>|connection accepted\","
     r"[^\n]{0,60}\"remote\":\"<any>|connection accepted from <any> #[0-9]{1,9} \(|"
     r"received client metadata from <any>"),
    ("mongo-left", "MongoDB", "LEFT", "ended end",
     r"end connection <at>|connection ended\",[^\n]{0,60}\"remote\":\"<any>"),
    ("redis-left", "Redis", "LEFT", "client",
     r"^[0-9]{1,8}:[mscx] [^\n]{0,60}client closed connection"),
    ("redis-monitor", "Redis", "CLIENT", "redis laddr get set del",
     r"^[0-9]{10}\.[0-9]{6} \[[0-9]{1,3} <at>\]|\bid=[0-9]{1,9} addr=<any> "),
    # redis/redis src/socket.c; Redis manual, MONITOR and CLIENT LIST
    ("redis-accepted", "Redis", "CLIENT", "accepted",
     r"^[0-9]{1,8}:[mscx] [^\n]{0,60}[-*.#] accepted <at>"),
    # redis/redis src/redis-cli.c
    ("redis-prompt", "redis-cli", "REACHED", "", r"^<at>(?:\[[0-9]{1,3}\])?> ",
     "means: redis-cli is connected to the Redis server at {at}: this is its prompt."),
    # apache/zookeeper NIOServerCnxnFactory.java; seen, as are the next three
    ("zookeeper-accepted", "ZooKeeper", "CLIENT",
     "nioservercxn nioservercnxnfactory nioservercnxn zookeeper socket",
     r"nioserverc(?:xn|nxn)[^\n]{0,300}(?:accepted socket connection from|session"
     r"[^\n]{0,80} (?:at|client)) /?<at>"),
    ("zookeeper-left", "ZooKeeper", "LEFT", "socket",
     r"closed socket connection for client /?<at>"),
    ("zookeeper-clients", "ZooKeeper", "CLIENT", "queued", r"/?<at>\[[0-9]{1,3}\]\(queued=[0-9]"),
    ("zookeeper-own", "the ZooKeeper client", "OWN", "initiating session",
     r"socket connection established[^\n]{0,40}client: /?<at>"),
    # nats-io/nats-server server/client.go
    ("nats", "NATS", "CLIENT", "cid", r"<at> - cid:[0-9]{1,9}"),
    # rabbitmq/rabbitmq-server, rabbit_reader; seen
    ("rabbitmq", "RabbitMQ", "CLIENT", "amqp rabbitmq",
     r"amqp connection[^\n]{0,60}\(<at> ?-> ?<any>|connection <[0-9.]{3,20}> \(<any> ?-> "
     r"?<any>"),
    ("amqp-name", "RabbitMQ", "CLIENT", "amqp rabbitmq connection_name",
     r"(?:amqp|rabbit|connection_name)[^\n]{0,120}<at> ?-> ?<to>",
     "means: {at} is the client's end (its source port) of a connection to RabbitMQ at "
     "{other}."),
    # eclipse/mosquitto src/net.c; the port is the broker's, which had no other one before 2.0
    ("mosquitto-address", "Mosquitto (MQTT)", "CLIENT", "new",
     r"<raw>new connection from (?P<at>[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9a-z.-]{1,253}) on port "
     r"(?P<own>[0-9]{1,5})\b",
     "means: {at} is the address of a client, which connected to port {own} of Mosquitto (MQTT).",
     "port: -"),
    # eclipse/mosquitto src/handle_connect.c
    ("mosquitto", "Mosquitto (MQTT)", "CLIENT", "new client",
     r"new (?:connection from <at> on port|client connected from <any> as )"),
    ("kafka-connection", "Kafka", "CLIENT", "kafka socketserver processor",
     r"<raw>[0-9.]{7,15}:[0-9]{1,5}-(?P<at>[0-9.]{7,15}:[0-9]{1,5})-[0-9]{1,9}\b"),
    # MySQL manual, SHOW PROCESSLIST
    ("mysql-processes", "MySQL", "CLIENT", "sleep query command processlist daemon",
     r"\| {0,20}<at> {0,20}\|[^\n|]{0,60}\| {0,12}(?:sleep|query|command|connect|binlog "
     r"dump|execute)\b",
     "means: {at} is the client's end (its source port) of one connection of MySQL's "
     "process list."),
    # ClickHouse/ClickHouse src/Server; seen
    ("clickhouse", "ClickHouse", "CLIENT", "tcphandlerfactory httphandlerfactory httphandler",
     r"(?:tcp request\. address|http request for [^\n]{0,80}address): <at>"),
    # etcd-io/etcd server/embed/etcd.go and serve.go, server/etcdmain/etcd.go
    ("etcd", "etcd", "SERVER", "embed etcdmain etcd traffic",
     r"(?:embed|etcdmain|etcd)\b[^\n]{0,40}(?:listening for|serving(?: insecure)?) client requests"
     r" on <at>|serving client traffic (?:in)?securely[^\n]{0,120}\"address\":\"<any>"),
    ("etcd-peers", "etcd", "SERVER", "embed etcdmain etcd",
     r"(?:embed|etcdmain|etcd)\b[^\n]{0,40}listening for peers on <at>",
     "means: etcd is running and listens on {at} for the other members of its cluster."),
    # mysql/mysql-server sql/mysqld.cc, network_init() and ER_STARTUP; MariaDB/server sql/mysqld.cc
    ("mysqld-ready", "MySQL (or MariaDB)", "SERVER", "mysqld mariadbd",
     r"<raw>(?:mysqld|mariadbd)\S{0,12}: ready for connections[^\n]{0,200}\n?[^\n]{0,200}?"
     r"\bport: (?P<at>[1-9][0-9]{1,4})"),
    ("mysqld-open", "MySQL (or MariaDB)", "SERVER", "bind",
     r"<raw>server hostname \(bind-address\): '(?:\*|::|0\.0\.0\.0|\(null\))'; port: "
     r"(?P<at>[0-9]{2,5})",
     "means: MySQL (or MariaDB) starts and listens on {at} for its clients.",
     "reach: It listens on every address of the machine, so other machines can connect."),
    ("mysqld", "MySQL (or MariaDB)", "SERVER", "bind",
     r"<raw>server hostname \(bind-address\): '(?P<own>[^'\n]{1,60})'; port: (?P<at>[0-9]{2,5})",
     "means: MySQL (or MariaDB) starts and listens on {own}, {at}, for its clients."),
    # hashicorp/vault command/server.go, InitListeners(); OpenBao has the same
    ("vault", "Vault (or OpenBao)", "SERVER", "listener",
     r"listener [0-9]{1,2}: tcp \(addr: \"<at>\", cluster address:"),
    ("etcd-rejected", "etcd", "LEFT", "rejected", r"rejected connection[^\n]{0,40}?<at>"),
    # FreeRADIUS, radclient; seen
    ("radius-server", "the RADIUS server", "CLIENT", "access",
     r"received access-request id [0-9]{1,3} from <at> to <any>"),
    ("radius-reject", "the RADIUS server", "CUT", "access",
     r"received access-reject id [0-9]{1,3} from <to> to <at>[^\n]{0,40}",
     "means: The RADIUS server at {other} rejected the login. {at} is the client's end.",
     "step: Correct the user's name or password, or the secret that client and server share."),
    ("radius", "the RADIUS client", "OWN", "access",
     r"(?:received access-(?:accept|challenge) id [0-9]{1,3} from <to> to|sent "
     r"access-request id [0-9]{1,3} from) <at>",
     "means: {at} is the own end of the RADIUS client, which asked the server and got its "
     "answer."),
    ("slapd", "OpenLDAP", "CLIENT", "accept", r"accept from ip=<at> \(ip=<any>\)"),
    ("bind-query", "the DNS server", "CLIENT", "query",
     r"client (?:@0x[0-9a-f]{4,20} )?<at> \([^\n]{1,260}\): (?:query|view)"),
    # openssh/openssh-portable auth.c, packet.c, sshd.c
    ("sshd-accepted", "sshd", "CLIENT", "accepted",
     r"accepted (?:publickey|password|keyboard-interactive\S{0,10}|gssapi\S{0,20}|hostbased"
     r"|none) for [^\s]{1,80} from <at>",
     "means: {at} is the client's end: sshd logged this user in, from this machine or "
     "through a tunnel."),
    ("sshd-failed", "sshd", "BROKE", "failed invalid",
     r"(?:failed (?:password|publickey|none|keyboard-interactive\S{0,10}) for|invalid user)"
     r" [^\n]{0,100}?from <at>",
     "means: {at} is the client's end: sshd refused a login because name, password or key "
     "was wrong.",
     "step: If that was not you, find the program on this machine that tries to log in."),
    ("sshd-left", "sshd", "LEFT", "connection disconnected disconnect identification",
     r"(?:(?:connection (?:closed|reset)|disconnected) (?:by|from) (?:authenticating user|"
     r"invalid user)[^\n]{0,100}?<at>|(?:connection (?:closed|reset) by|did not receive "
     r"identification string from) <any>|<any> \[preauth\])",
     "means: {at} is the client's end: the client left sshd before it had logged in, as "
     "probes and wrong keys do."),
    ("sshd-over", "sshd", "LEFT", "disconnect disconnected",
     r"(?:received disconnect from|disconnected from user \S{1,60}|disconnected from) <at>"),
    ("sshd-connection", "sshd", "CLIENT", "connection", r"connection from <at> on <any>"),
    # MetaCubeX/mihomo; seen
    ("clash-failed", "the proxy (Clash, mihomo)", "BROKE", "dial",
     r"\[(?:tcp|udp)\] dial [^\n]{0,120}?<at>(?:\([^)\n]{1,60}\))? --> [^\n]{0,300}error"
     r"[^\n]{0,200}",
     "means: {at} is the end of the program that uses the proxy (Clash), which could not "
     "reach the host.",
     "step: Read the error behind the arrow: it says why the proxy could not reach that "
     "host."),
    # MetaCubeX/mihomo; seen
    ("clash", "the proxy (Clash, mihomo)", "CLIENT", "tcp udp",
     r"\[(?:tcp|udp)\] <at>(?P<program>\([^)\s]{1,60}\))? --> ",
     "means: {at} is the client's end: a program on this machine {program} used the proxy "
     "(Clash), which passed the connection on."),
    ("xray", "the proxy (V2Ray, Xray)", "CLIENT", "accepted",
     r"(?:from )?<at> accepted (?:tcp:|udp:|//)"),
    ("sing-box", "the proxy (sing-box)", "CLIENT", "inbound",
     r"inbound[^\n]{0,60}connection from <at>"),
    ("mitmproxy", "mitmproxy", "CLIENT", "client", r"<at>\]?:? client ?connect\b"),
    ("mitmproxy-left", "mitmproxy", "LEFT", "client", r"<at>\]?:? client ?disconnect\b"),
    # seen
    ("tigervnc", "the VNC server", "CLIENT", "connections",
     r"connections: (?:accepted|closed): (?:<any>|[0-9a-f.:]{3,45}::(?P<at>[0-9]{2,5}))"),
    # seen
    ("socat-peer", "socat", "CLIENT", "accepting",
     r"accepting connection from af=[0-9]{1,2} <at> on"),
    # OpenBSD nc(1), Ncat; seen
    ("nc-peer", "netcat", "CLIENT", "received connect ncat",
     r"connection received on [^\s\x01]{1,80} (?P<at>[0-9]{2,5})|ncat: connection from "
     r"<any>|connect to \[[^\]\n]{1,45}\] from \S{1,80} \(?[\[\(][^\]\)\n]{1,45}[\]\)] "
     r"[0-9]{2,5}"),
    ("iperf", "iperf", "OWN", "local", r"\] local <at> connected (?:to|with) <any>"),
    ("netty-ends", "the client or server (Netty)", "OWN", "id",
     r"\bl:[^\s\x01]{0,60}<at> ?[-!] ?r:[^\s\x01]{0,60}<to>",
     "means: {at} is the own end of a Netty connection; the other end is {other}."),
    # ray-project/ray, Tune's reporter; seen
    ("ray-table", "Ray Tune", "NONE", "running pending terminated",
     r"\| (?:running|pending|terminated|error)\s{1,40}\| <at> {1,40}\|",
     "means: In Ray Tune's table the number behind the node's address is the process id "
     "of the trial, not a port.",
     "port: -"),
    # --- Kubernetes, containers, virtual machines ---------------------------------------------
    # kubernetes/kubectl pkg/cmd/util/helpers.go
    ("kubectl-no-config", "kubectl", "ABSENT", "server",
     r"<raw>the connection to the server (?:localhost|127\.0\.0\.1):8080 was refused"
     r"[^\n]{0,80}",
     "means: kubectl found no kubeconfig and used its default, {at}, where no API server listens.",
     "step: Set KUBECONFIG, or write a kubeconfig: `minikube update-context`, `kind "
     "export kubeconfig`."),
    ("kubectl-refused", "the Kubernetes API server", "ABSENT", "server",
     r"the connection to the server <at> was refused[^\n]{0,80}|unable to connect to the "
     r"server: dial tcp <any>[^\n]{0,200}",
     "means: The cluster's API server at {at} did not answer kubectl: the cluster is not "
     "running, or the kubeconfig has an old port.",
     "step: Start the cluster (`minikube start`, `docker ps` for kind), then write its "
     "kubeconfig again."),
    # kubernetes/client-go tools/portforward/portforward.go; seen
    ("port-forward-lost", "kubectl port-forward", "ABSENT", "pod",
     r"(?:error: )?lost connection to pod",
     "means: kubectl port-forward ended: the pod was stopped or replaced.",
     "step: Run kubectl port-forward again."),
    ("port-forward-taken", "kubectl port-forward", "TAKEN", "unable listeners",
     r"unable to listen on (?:any of the requested ports|port )[^\n]{0,200}"),
    ("docker-allocated", "Docker", "TAKEN", "allocated",
     r"bind for <at> failed: port is already allocated",
     "means: Docker could not publish {at}: another container or program already uses "
     "that port.",
     "step: Find the container with `docker ps`, stop it, or publish another port."),
    ("docker-reserved", "Docker", "TAKEN", "ports",
     r"ports are not available: [^\n]{0,300}(?:forbidden by its access|\(?10013\b)[^\n]{0,60}",
     "means: Docker could not publish {at}: Windows reserves the port, or a program uses it "
     "exclusively.",
     "step: Look for the port in `netsh int ipv4 show excludedportrange protocol=tcp`. If a "
     "range includes it, publish another port."),
    ("docker-in-use", "Docker", "TAKEN", "ports",
     r"ports are not available: [^\n]{0,300}(?:already in use|only one usage)[^\n]{0,80}",
     "means: Docker could not publish {at}: another program uses the port.",
     "step: Find the program that uses the port, then stop it or publish another port."),
    ("docker-not-available", "Docker", "TAKEN", "ports", r"ports are not available: [^\n]{0,300}",
     "means: Docker could not publish {at}: another program uses the port, or Windows "
     "reserves it.",
     "step: Find the program that uses the port, or publish another port. `netsh int ipv4 show "
     "excludedportrange protocol=tcp` shows the ranges of Windows."),
    ("docker-absent", "the Docker daemon", "ABSENT", "docker",
     r"cannot connect to the docker daemon at (?:[a-z]{2,6}://)?<at>[^\n]{0,60}"),
    # kubernetes/minikube cmd/minikube/cmd/service.go
    ("minikube-service", "minikube", "FORWARD", "docker terminal",
     r"because you are using a docker driver on[^\n]{0,60}terminal needs to be open"
     r"[^\n]{0,40}",
     "means: {at} is minikube's tunnel to the service: it works as long as that terminal "
     "stays open.",
     "port: random"),
    # kubernetes/minikube cmd/minikube/cmd/dashboard.go
    ("minikube-dashboard", "minikube's dashboard", "FORWARD", "kubernetes",
     r"<at>/api/v1/namespaces/kubernetes-dashboard/\S{0,200}",
     "means: {at} is the proxy to the cluster's dashboard (kubectl proxy): it works as "
     "long as the command runs.",
     "reach: Anyone who can connect acts with your rights in the cluster.",
     "port: random"),
    ("minikube-tunnel", "minikube", "FORWARD", "tunnel", r"starting tunnel for service",
     "means: minikube opens a tunnel from this machine to the service, while that terminal is "
     "open."),
    # kubernetes/kubectl pkg/cmd/clusterinfo/clusterinfo.go
    ("kubectl-cluster", "the Kubernetes API server", "SERVER", "running",
     r"(?:control plane|kubernetes master|\w{2,20}) is running at <at>",
     "means: The Kubernetes API server of the cluster is running at {at}, a port of this "
     "machine that leads to it."),
    ("kubectl-proxy", "kubectl proxy", "FORWARD", "starting", r"starting to serve on <at>",
     "means: kubectl proxy serves the cluster's API at {at} while the command runs.",
     "reach: Anyone who can connect acts with your rights in the cluster."),
    # kubernetes/client-go tools/portforward/portforward.go
    ("port-forward", "kubectl port-forward", "FORWARD", "forwarding",
     r"forwarding from <at> -> (?P<to>[0-9]{1,5})",
     "means: kubectl forwards {at} to port {to} of the pod while the command runs."),
    ("port-forward-handling", "kubectl port-forward", "FORWARD", "handling",
     r"handling connection for <port>"),
    ("kubeconfig", "the Kubernetes API server", "SERVER", "clusters cluster kubeconfig",
     r"server: ?['\"]?<at>",
     "means: A kubeconfig names {at} as the API server of the cluster, to which kubectl connects."),
    ("kubeconfig-server", "the Kubernetes API server", "SERVER", "server",
     r"<raw>^\s{0,12}server: ?https://(?P<at>(?:127\.0\.0\.1|localhost|\[::1\]|0\.0\.0\.0):"
     r"[0-9]{2,5})\s{0,40}$",
     "means: A kubeconfig names {at} as the API server of the cluster, to which kubectl connects."),
    # seen
    ("docker-ps", "Docker", "FORWARD", "tcp udp",
     r"<at> ?-> ?(?P<to>[0-9]{1,5}(?:-[0-9]{1,5})?)/(?:tcp|udp)",
     "means: Docker publishes port {to} of the container at {at}: what connects there "
     "reaches the container."),
    ("docker-port", "Docker", "FORWARD", "tcp udp",
     r"(?P<to>[0-9]{1,5})/(?:tcp|udp) ?-> ?(?:[a-z]{2,8}:)?/{0,2}<at>",
     "means: Port {to} of the container is published at {at}: what connects there reaches "
     "the container."),
    # kubernetes/minikube docker-env; seen
    ("docker-env", "the Docker daemon", "REACHED", "docker_host",
     r"docker_host['\"]?\s{0,3}[:=]\s{0,3}['\"]?(?:tcp:)?/{0,2}<at>",
     "means: DOCKER_HOST sends the docker commands of this terminal to the daemon at "
     "{at}, such as minikube's.",
     "reach: With TLS. Who holds its keys is root there."),
    ("docker-proxy", "Docker", "FORWARD", "docker-proxy proxy",
     r"docker-proxy[^\n]{0,80}-host-port <port>"),
    ("podman-machine", "Podman's machine", "REACHED", "podman", r"<at>/run/[^\n]{0,60}podman",
     "means: Podman reaches its virtual machine by SSH at {at}.",
     "port: random"),
    # hashicorp/vagrant; seen
    ("vagrant-next", "Vagrant", "NEXT", "collision",
     r"fixed port collision for (?P<to>[0-9]{1,5}) => (?P<old>[0-9]{1,5})\. now on port "
     r"<port>",
     "means: Another program uses port {old}, so Vagrant uses {at} for port {to} of the "
     "machine."),
    ("vagrant", "Vagrant", "FORWARD", "guest ssh",
     r"ssh address: <at>|[0-9]{1,5} \(guest\) => (?P<at2>[0-9]{2,5}) \(host\)"),
    ("lima", "Lima", "FORWARD", "forwarding", r"forwarding tcp from <to> to <at>"),
    # GoogleContainerTools/skaffold, port forwarding; seen
    ("skaffold", "Skaffold", "FORWARD", "remote",
     r"remote port [0-9\x01]{1,5} -> (?:address )?<at>"),
    # microsoft/vscode, the server; seen, as is the next
    ("vscode-server", "the VS Code Server", "SERVER", "server extension",
     r"server bound to <at> \(ipv[46]\)|extension host agent listening on [0-9\x01]{2,16}",
     "means: The VS Code Server is running at {at}; the editor reaches it through a "
     "forwarded port.",
     "reach: Anyone who connects with its token can run code as you.",
     "port: random"),
    ("vscode-forward", "VS Code Remote", "FORWARD", "forwarding",
     r"starting forwarding server\. ?local ?port <port> -> socks ?port"),
    ("vscode-web", "VS Code in the browser", "WEB", "tkn web",
     r"web ui available at <at>|<any>/?\?tkn=",
     "reach: {TOKEN}"),
    # --- tunnels, proxies, displays -----------------------------------------------------------
    # openssh/openssh-portable channels.c, as are the next
    ("ssh-bind-taken", "ssh", "TAKEN", "bind channel_setup_fwd_listener_tcpip",
     r"<raw>bind \[[0-9a-f.:]{2,45}\]:[0-9]{1,5}: address already in use(?:[\s\S]{0,200}?"
     r"(?:local forwarding|cannot listen to port)[^\n]{0,20})?|"
     r"channel_setup_fwd_listener_tcpip: cannot listen to port: [0-9]{2,5}",
     "means: ssh could not forward {at}: another program, often an ssh that still runs, "
     "already listens there.",
     "step: End that ssh, or choose another local port in -L."),
    ("ssh-remote-taken", "sshd", "TAKEN", "forwarding",
     r"remote port forwarding failed for listen port <port>",
     "means: The far machine could not open {at} for ssh -R: the port is taken there or "
     "not allowed.",
     "step: Choose another port in -R, or end the earlier session on the far machine."),
    ("ssh-local", "ssh", "FORWARD", "local connections",
     r"local connections to <at> forwarded to remote address (?P<to>\x01{1,4096}|\S{1,80})|"
     r"local forwarding listening on <any>",
     "means: ssh forwards {at} to {other} on the far side while it runs."),
    ("ssh-remote", "ssh", "FORWARD", "remote",
     r"remote (?:connections from|forward success for: listen) \S{0,80}?[: ]?<port>",
     "means: The far machine forwards {at} to this one through ssh while it runs."),
    ("ssh-request", "ssh", "FORWARD", "forwarding",
     r"connection to port <port> forwarding to [^\n]{1,80} requested"),
    ("ssh-allocated", "ssh", "FORWARD", "allocated",
     r"allocated port <port> for remote forward to"),
    ("ssh-authenticated", "ssh", "REACHED", "authenticated debug1",
     r"authenticated to [^\n\x01]{0,80}\(?<at>\)? (?:\(via proxy\) )?using|debug1: "
     r"connecting to [^\n\x01]{1,80}(?:\[[^\]\n]{0,45}\] )?(?:port )?<any>",
     "means: ssh connects to the server at {at}."),
    ("putty", "PuTTY", "FORWARD", "forwarding", r"(?:local )?port <port> forwarding to \S"),
    ("socat", "socat", "FORWARD", "af", r"listening on af=[0-9]{1,2} <at>"),
    ("nc-listen", "netcat", "SERVER", "listening",
     r"^listening on (?:\[[^\]\n]{0,45}\] \(family[^)\n]{0,20}port |\S{1,60} )<port>\)?$|"
     r"^ncat: listening on <any>"),
    ("nc-succeeded", "netcat", "REACHED", "succeeded",
     r"connection to (?:<at>|[^\n\x01]{1,80} port) \[[^\]\n]{1,30}\] succeeded",
     "means: The connection test to {at} succeeded: a server listens there."),
    ("curl-connected", "curl", "REACHED", "connected established",
     r"\* (?:connected|established connection) to [^\n\x01]{0,80}[^\n]{0,30}<at>"),
    # cloudflare/cloudflared metrics; seen
    ("cloudflared", "cloudflared", "SERVER", "metrics", r"starting metrics server on <at>",
     "means: cloudflared serves its own metrics at {at}; the tunnel itself is another "
     "connection.",
     "port: random"),
    ("ngrok-absent", "your server", "ABSENT", "ngrok",
     r"(?:err_ngrok_8012|failed to (?:complete|establish) (?:tunnel connection|a "
     r"connection to the upstream))[\s\S]{0,300}?<at>",
     "means: The tunnel works, but no server answers ngrok at {at} on this machine.",
     "step: Start the server, or give ngrok its port."),
    ("ngrok", "ngrok", "REACHED", "forwarding", r"forwarding\s{1,20}\S{1,200} -> <at>",
     "means: ngrok forwards requests from the internet to {at} on this machine.",
     "reach: Anyone who has the public address can reach that server."),
    ("ngrok-web", "ngrok's inspector", "WEB", "web",
     r"web interface\s{1,20}<at>|starting web service\"? [^\n]{0,40}addr=<any>"),
    ("chisel", "chisel", "FORWARD", "chisel tun", r"tun: proxy#[^\n]{0,80}: listening"),
    ("sshuttle", "sshuttle", "FORWARD", "redirector", r"redirector listening on \('?<at>"),
    # aws/session-manager-plugin portsession; seen
    ("ssm", "the AWS session", "FORWARD", "sessionid", r"port <port> opened for sessionid"),
    # Google Cloud SDK, iap_tunnel_websocket_helper.py; seen
    ("iap", "gcloud's IAP tunnel", "FORWARD", "picking testing",
     r"picking local unused port \[<port>|testing if tunnel connection works"
     r"[\s\S]{0,80}listening on port \["),
    ("cloud-sql", "the Cloud SQL proxy", "FORWARD", "listening",
     r"\[[a-z0-9-]{1,60}:[a-z0-9-]{1,40}:[a-z0-9-]{1,60}\] listening on <at>"),
    ("tsh", "tsh", "FORWARD", "proxying",
     r"proxying connections to [^\n]{1,80} on <at>|proxying <any> to remote"),
    ("mitmproxy-listen", "mitmproxy", "FORWARD", "proxy",
     r"http\(s\) proxy listening at (?:\*:)?<port>",
     "means: mitmproxy is running: programs use it as their proxy at {at}."),
    ("burp", "Burp Suite's proxy", "FORWARD", "proxy", r"proxy service started on <at>",
     "means: Burp Suite's proxy is running at {at}."),
    ("npm-proxy", "the proxy", "ABSENT", "npm yarn pnpm registry fetcherror",
     r"(?:npm|yarn|pnpm|fetcherror)[\s\S]{0,300}?request to <any>[^\n]{0,200}reason: "
     r"connect (?:econnrefused|etimedout) <at>",
     "means: npm's settings name a proxy at {at}, and no proxy listens there.",
     "step: Start the proxy, or remove it: `npm config delete proxy` and `npm config "
     "delete https-proxy`.",
     "where: proxy"),
    ("git-proxy", "the proxy", "ABSENT", "unable access",
     r"unable to access '<any>[^\n]{0,200}': failed to connect to <at>[^\n]{0,160}",
     "means: git's settings name a proxy at {at}, and no proxy listens there.",
     "step: Start the proxy, or remove it: `git config --global --unset http.proxy`, and "
     "the variable https_proxy.",
     "where: proxy"),
    ("pip-proxy", "the proxy", "ABSENT", "proxyerror",
     r"proxyerror[^\n]{0,300}(?:refused|10061|cannot connect to proxy)"
     r"(?![^\n]{0,200}tunnel connection failed)[^\n]{0,120}",
     "means: The settings name a proxy, and no proxy listens there.",
     "step: Start the proxy, or remove the variables http_proxy and https_proxy."),
    # seen
    ("x11-rejected", "the X display", "ABSENT", "x11 display",
     r"(?:x11 connection rejected because of wrong authentication|(?:cannot|can't|could not"
     r"|unable to) (?:open|connect to)(?: the)?(?: x)? ?display)[\s\S]{0,200}?"
     r"(?P<at>localhost:1[0-9](?:\.[0-9])?|\x01{1,4096})",
     "means: The X display {at} of the ssh session (ports from 6010) did not accept the program.",
     "step: Connect again with `ssh -X`. As another user, copy the key with `xauth`."),
    ("x11-wrong", "the X display", "ABSENT", "x11",
     r"x11 connection rejected because of wrong authentication",
     "means: The X display of the ssh session did not accept the program, which has no key for it.",
     "step: Connect again with `ssh -X`. As another user, copy the key with `xauth`."),
    ("qemu-vnc", "QEMU's VNC server", "SERVER", "vnc", r"vnc server running on <at>",
     "reach: {OPEN}"),
    ("x11vnc", "the VNC server", "SERVER", "vnc",
     r"listening for vnc connections on [^\n]{0,60}port\(?s?\)? <port>|the vnc desktop is"),
    ("novnc", "noVNC", "WEB", "vnc", r"navigate to this url:\s{1,40}<at>"),
    # --- another port than usual --------------------------------------------------------------
    ("angular-taken", "Angular's development server", "TAKEN", "port",
     r"port <port> is already in use\. use '--port'[^\n]{0,60}"),
    ("spring-taken", "the Spring Boot application", "TAKEN", "server",
     r"web server failed to start\. port <port> was already in use[^\n]{0,20}"),
    # jupyter-server/jupyter_server jupyter_server/serverapp.py
    ("jupyter-next", "Jupyter", "NEXT", "port",
     r"the port <port> is already in use, trying another port"),
    # facebook/create-react-app react-dev-utils/WebpackDevServerUtils.js, as is cra below
    ("something-runs", "the development server", "TAKEN", "something running",
     r"something is already running on port <port>[^\n]{0,20}"),
    ("expo-next", "Expo", "NEXT", "running",
     r"port <port> is (?:running this app in another window|being used by another process)"
     r"[^\n]{0,40}(?:\s{1,40}\W{0,4}use port [0-9\x01]{2,6} instead[^\n]{0,20})?",
     "means: Another program, often an earlier run, uses {at}, so Expo offers another port."),
    # vitejs/vite packages/vite/src/node/http.ts; gohugoio/hugo commands/server.go;
    # vercel/next.js; seen
    ("next-port", "the program", "NEXT", "port ports",
     r"(?:the )?port:? <port>(?: \([^)\n]{1,40}\))? (?:is |was |are )?(?:already )?(?:in "
     r"use|being used|used|taken|occupied|not available|unavailable|busy)[^\n\x01]{0,60}?"
     r"[.,;:!]?[ (]{1,3}(?:so )?(?:[a-z]{2,20} )?(?:try|trying|using|picking|attempting|"
     r"attempt|moving|switching|falling back|starting|will use|increment|next)[^\n]{0,80}"),
    # vercel/serve source/main.ts; seen
    ("next-port-picked", "the program", "NEXT", "picked",
     r"this port was picked because <port> is in use[^\n]{0,20}"),
    ("spark-next", "Spark", "NEXT", "attempting",
     r"could not bind on port <port>\. attempting port [0-9\x01]{1,6}"),
    # --- notebooks, data, AI ------------------------------------------------------------------
    # seen
    ("zmq-taken", "the Jupyter kernel", "TAKEN", "zmqerror zmq",
     r"zmq[^\n]{0,40}address already in use(?: \(addr='<at>'?\)?)?",
     "means: The Jupyter kernel (or another ZeroMQ program) could not use {at}: another program "
     "already uses the port.",
     "step: Start the kernel again: it then gets other ports."),
    ("py4j-gone", "Spark's Java server", "ABSENT", "py4jnetworkerror java",
     r"trying to connect to the java server \(?<at>[^\n]{0,80}",
     "means: PySpark's Java server at {at} is not running any more: it ended or crashed.",
     "step: Read the Java messages above (often out of memory), then make a new "
     "SparkSession."),
    # pytorch/pytorch torch/csrc/distributed/c10d/socket.cpp; seen, as is the next
    ("torch-absent", "PyTorch's rendezvous server", "ABSENT", "c10d",
     r"c10d[^\n]{0,60}client socket has (?:failed to connect|timed out)[^\n]{0,120}",
     "means: A worker of torch.distributed did not reach the main process at {at}.",
     "step: Start rank 0 first, and give every worker the same MASTER_ADDR and MASTER_PORT."),
    ("torch-taken", "PyTorch", "TAKEN", "c10d server",
     r"server socket has failed to (?:listen|bind)[^\n]{0,200}",
     "step: End the other training run, or set another MASTER_PORT."),
    # jupyter-server/jupyter_server jupyter_server/serverapp.py
    ("jupyter", "Jupyter", "WEB", "jupyter notebook browser serverapp lab token urls",
     r"to access the (?:jupyter )?(?:server|notebook), open this file|jupyter[^\n]{0,40} "
     r"is running at:?|copy and paste one of these urls|<at>/(?:lab|tree|notebooks?)"
     r"?/?\S{0,80}\?token=",
     "means: {at} is the address of the Jupyter notebook server, which is running: open "
     "it in a browser.",
     "reach: {TOKEN}",
     "port: default"),
    # gradio-app/gradio gradio/blocks.py
    ("colab-runtime", "the web interface", "WEB", "url", r"running on local url:\s{1,40}<at>",
     "means: {at} is the address of a Gradio web interface, which is running: open it in "
     "a browser.",
     "reach: This machine only; share=True publishes it on the internet.",
     "port: default"),
    ("streamlit", "the Streamlit app", "WEB", "streamlit", r"you can now view your streamlit app"),
    ("tensorboard", "TensorBoard", "WEB", "tensorboard", r"tensorboard [0-9][^\n]{0,20} at <at>"),
    ("ray", "Ray's dashboard", "WEB", "dashboard", r"view the (?:ray )?dashboard at <at>",
     "reach: {OPEN}"),
    ("dask", "Dask", "SERVER", "distributed",
     r"distributed[^\n]{0,80}(?:scheduler at|start worker at|listening to|dashboard at)"
     r":\s{1,40}<at>",
     "port: random"),
    ("spark-service", "Spark", "SERVER", "successfully",
     r"successfully started service '[a-z.]{1,40}' on port <port>",
     "port: random"),
    ("spark-ui", "Spark's web page", "WEB", "sparkui", r"sparkui[^\n]{0,60}started at <at>"),
    ("bokeh", "the Bokeh app", "WEB", "bokeh", r"bokeh app running at:? <at>"),
    # ollama/ollama server/routes.go
    ("ollama", "Ollama", "SERVER", "routes", r"routes\.go:[0-9]{1,5}[^\n]{0,20}listening on <at>",
     "means: Ollama, which runs language models, is running: its API listens on {at}.",
     "reach: {OPEN}",
     "port: default"),
    ("lmstudio", "LM Studio's server", "SERVER", "studio",
     r"lm studio server\][^\n]{0,60}(?:listening on port )?<port>",
     "reach: {OPEN}"),
    # ggml-org/llama.cpp tools/server; seen
    ("llama", "llama.cpp's server", "SERVER", "main llama_server update_slots",
     r"(?:main|llama_server|update_slots): (?:http )?server is listening on <at>",
     "reach: {OPEN}"),
    # ros/ros_comm clients/roscpp/src/libros/master.cpp; tools/roslaunch, tools/rosnode
    ("ros-absent", "the ROS master", "ABSENT", "master",
     r"<raw>failed to contact master at \[(?P<at>[^\]\s]{1,253}:[0-9]{1,5})\][^\n]{0,20}",
     "step: Start `roscore` on the master's machine, and set ROS_MASTER_URI to its address."),
    ("ros-silent", "the ROS master", "ABSENT", "unable",
     r"unable to communicate with master!?",
     "step: Start `roscore` on the master's machine, and set ROS_MASTER_URI to its address."),
    ("roscore", "the ROS master (roscore)", "SERVER", "master ros_master_uri",
     r"process\[master\]: started[^\n]{0,60}\n[^\n]{0,20}ros_master_uri=<at>"
     r"|ros_master_uri=<any>[\s\S]{0,300}?process\[master\]: started"),
    ("roslaunch", "roslaunch", "REACHED", "roslaunch ros_master_uri",
     r"started roslaunch server <any>[\s\S]{0,4000}?ros_master_uri=<at>",
     "means: roslaunch is running and uses the ROS master at {at}."),
    ("ros-setting", "", "REACHED", "ros_master_uri", r"ros_master_uri=['\"]?<at>",
     "means: {at} is the ROS master, as ROS_MASTER_URI says: ROS nodes connect to it."),
    # scrapy/scrapy scrapy/extensions/telnet.py
    ("scrapy", "Scrapy's telnet console", "SERVER", "telnet", r"telnet console listening on <at>",
     "reach: Anyone who has its user name and password can run code as you."),
    # netkit-telnet and GNU inetutils, telnet/commands.c: status() and tn()
    ("telnet", "telnet", "REACHED", "escape",
     r"<raw>connected to (?P<at>[^\s]{1,253}?)\.\s{1,4}escape character is '"
     r"(?![\s\S]{0,2000}?connection closed by foreign)",
     "means: telnet is connected to {at}: a program listens there and accepted the connection."),
    # Comfy-Org/ComfyUI server.py
    ("comfyui", "ComfyUI (a web interface for image models)", "WEB", "gui",
     r"to see the gui go to: <at>",
     "reach: {OPEN}",
     "port: default"),
    # modelcontextprotocol/inspector; seen
    ("mcp-inspector", "the MCP Inspector", "WEB", "mcp proxy",
     r"proxy server listening on <at>[\s\S]{0,200}?mcp inspector is up and running at <any>"
     r"|mcp inspector is (?:up and )?running at <any>|mcp[\s\S]{0,80}proxy server "
     r"listening on",
     "means: The MCP Inspector is running: its proxy listens on {at}, its page is the "
     "other address.",
     "reach: Anyone who connects to the proxy with its token can start programs here.",
     "port: default"),
    # breejs/api README.md and config/index.js: 62893 is the default
    ("bree", "Bree (a job scheduler for Node.js)", "SERVER", "bree",
     r"bree api server listening on <port>",
     "means: The API of Bree, a job scheduler for Node.js, is running on {at} (62893 is "
     "its default port).",
     "reach: It starts and stops jobs, and requires a JWT. It sets no host, so it listens on "
     "every address.",
     "port: default"),
    ("trace-viewer", "Go's trace viewer", "WEB", "trace", r"trace viewer is listening on <at>",
     "port: random"),
    ("pprof", "pprof (Go's profiler)", "WEB", "serving", r"serving web ui on <at>",
     "port: random"),
    # pgadmin-org/pgadmin4 web/pgAdmin4.py, runtime/src/js/misc.js
    ("pgadmin", "pgAdmin 4", "WEB", "pgadmin", r"navigate to <at>",
     "reach: This machine only, with a key in the address. In the desktop version the "
     "port is random.",
     "port: default"),
    # --- web servers, build tools, daemons ----------------------------------------------------
    # seen
    ("iis-failed", "IIS Express", "TAKEN", "iis register",
     r"failed to register url \"<at>[^\n]{0,300}|unable to launch the iis express web "
     r"server[^\n]{0,200}",
     "means: IIS Express could not use {at}: another program uses the port, or Windows reserves "
     "it.",
     "step: Run `netsh int ipv4 show excludedportrange protocol=tcp`, then end the "
     "other program or change the port in launchSettings.json."),
    ("iis-absent", "IIS Express", "ABSENT", "iis",
     r"unable to connect to web server '?iis express[^\n]{0,80}"),
    ("kestrel-taken", "the ASP.NET Core application", "TAKEN", "bind",
     r"failed to bind to address <at>: address already in use[^\n]{0,40}"),
    ("django-taken", "Django's development server", "TAKEN", "port",
     r"^error: that port is already in use[^\n]{0,20}"),
    # gradle/gradle DefaultDaemonConnector.java; seen
    ("gradle-daemon", "the Gradle daemon", "ABSENT", "gradle",
     r"could not connect to the gradle daemon[^\n]{0,40}",
     "means: Gradle started its daemon and could not reach it on loopback: a firewall, "
     "VPN or sandbox blocks it.",
     "step: Allow connections to 127.0.0.1, then run `./gradlew --stop` and build again."),
    ("gradle-connect", "the other Gradle process", "ABSENT", "gradle port",
     r"<raw>could not connect to server \[[0-9a-f-]{8,40} port:(?P<at>[0-9]{2,5})"
     r"[^\n]{0,300}",
     "means: The other Gradle process (daemon or worker) did not answer at {at}: it "
     "ended, or loopback is blocked.",
     "step: Run `./gradlew --stop`, look for an out-of-memory error, and allow "
     "connections to 127.0.0.1."),
    # gradle/gradle DaemonRegistryUpdater.java
    ("gradle", "the Gradle daemon", "SERVER", "addresses",
     r"<raw>\[[0-9a-f-]{8,40} port:(?P<at>[0-9]{2,5}), addresses:",
     "port: random"),
    # sbt/sbt main-command/src/main/scala/sbt/internal/server/Server.scala
    ("sbt", "sbt (Scala's build tool)", "SERVER", "sbt", r"sbt server started at <at>",
     "port: random"),
    ("bloop", "Bloop (a build server for Scala)", "SERVER", "bloop", r"bloop[^\n]{0,40} at <at>"),
    # jetbrains.com/help/idea, built-in web server; seen
    ("jetbrains-page", "the JetBrains IDE's built-in web server", "WEB", "_ijt",
     r"<at>/[^\s?]{0,400}\?\S{0,200}_ijt=",
     "means: {at} is the web server built into the JetBrains IDE, which shows this page "
     "itself.",
     "reach: This machine only; _ijt is a token of the IDE.",
     "port: default"),
    # seen
    ("iis", "IIS Express", "WEB", "registered", r"successfully registered url \"<at>",
     "means: {at} is the address of the project's web server, IIS Express, which is running.",
     "port: kept"),
    ("kestrel", "the ASP.NET Core application (its web server Kestrel)", "WEB", "now",
     r"now listening on: <at>",
     "port: kept"),
    # gohugoio/hugo commands/server.go
    ("hugo", "Hugo's preview", "WEB", "bind",
     r"web server is available at <at>[^\n]{0,60}bind address"),
    # caddyserver/caddy admin.go
    ("caddy-admin", "Caddy", "SERVER", "admin",
     r"<raw>admin endpoint started[^\n]{0,40}?\baddress[\\\"]{0,2}\s?:\s?[\\\"]{1,2}(?:tcp/)?"
     r"(?P<at>[a-z0-9.:\[\]-]{2,80})",
     "means: Caddy is running and accepts commands at {at}, its admin endpoint.",
     "reach: Anyone who can connect there can change what Caddy serves. Keep it on loopback.",
     "port: default"),
    # pallets/werkzeug src/werkzeug/serving.py
    ("flask", "Flask's development server", "WEB", "flask development werkzeug",
     r"(?:this is a development server\.|serving flask app|werkzeug)[\s\S]{0,300}?running "
     r"on <at>"),
    # encode/uvicorn uvicorn/server.py
    ("uvicorn", "uvicorn (a Python web server)", "WEB", "uvicorn", r"uvicorn running on <at>",
     "port: default"),
    ("gunicorn", "gunicorn (a Python web server)", "WEB", "listening",
     r"\[info\] listening at: <at>"),
    ("django", "Django's development server", "WEB", "development",
     r"starting (?:asgi/[a-z]{1,20} [^\n]{0,40})?development server at <at>"),
    ("http-server-py", "Python's http.server", "WEB", "serving",
     r"serving http on [^\n]{0,60}<at>"),
    ("php-server", "PHP's built-in server", "WEB", "development",
     r"development server \(<at>\) started"),
    # php-src sapi/cli/php_cli_server.c, until 7.3
    ("php-server-7", "PHP's built-in server", "WEB", "development",
     r"php [0-9][^\n]{0,40} development server started[^\n]{0,60}\nlistening on <at>"),
    ("laravel", "Laravel's development server", "WEB", "server", r"server running on \[<at>"),
    ("puma", "Puma (Rails's web server)", "WEB", "puma ctrl",
     r"^(?:[^\n|\x01]{1,60}\| )?\s{0,4}\* (?:puma[\s\S]{0,200}?)?listening on <at>"),
    # rails/rails railties/lib/rails/commands/server/server_command.rb, before 5.1
    ("rails", "the Rails application", "WEB", "rails",
     r"\brails [0-9]\S{0,20} application starting in [a-z]{1,20} on <at>",
     "means: {at} is the address of the Rails application, which is starting: open it in a "
     "browser."),
    ("jekyll", "Jekyll's preview", "WEB", "server", r"^\s{0,8}server address:\s{1,40}<at>"),
    # vitejs/vite packages/vite/src/node/logger.ts
    ("vite", "Vite's development server", "WEB", "local vite", r"\u279c\s{1,40}local:\s{1,40}<at>",
     "reach: This machine only, unless it is started with --host."),
    ("next", "the Next.js development server", "WEB", "next started",
     r"next\.js [0-9][\s\S]{0,60}?local:\s{1,40}<at>|started server on [^\n]{0,40}url: <any>"),
    ("angular", "Angular's development server", "WEB", "angular",
     r"angular live development server is listening on <at>"),
    ("webpack", "webpack's development server", "WEB", "webpack wds",
     r"(?:webpack-dev-server\]|wds)[^\n]{0,20} (?:project is running at:?|loopback:|local:)"
     r"\s{1,40}<at>"),
    ("browsersync", "Browsersync", "WEB", "browsersync",
     r"\[browsersync\] (?:access urls|proxying)[\s\S]{0,120}?<at>"),
    ("spring", "the Spring Boot application", "WEB", "started tomcat netty jetty undertow",
     r"(?:tomcat|netty|jetty|undertow) started on ports?(?:\(s\))?:? <port>",
     "port: default"),
    ("actix", "the server (actix-web)", "WEB", "actix",
     r"actix-web-service[^\n]{0,80}listening on: <at>"),
    ("rocket", "Rocket (a Rust web server)", "WEB", "rocket", r"rocket has launched from <at>"),
    ("phoenix", "the Phoenix application", "WEB", "endpoint",
     r"running [\w.]{2,80}endpoint with [^\n]{1,60} (?:at|on) <at>"),
    ("docusaurus", "Docusaurus", "WEB", "docusaurus", r"docusaurus website is running at:? <at>"),
    ("storybook", "Storybook", "WEB", "storybook", r"storybook[\s\S]{0,200}?local:\s{1,40}<at>"),
    ("cra", "the React development server", "WEB", "view",
     r"you can now view [^\n]{1,60} in the browser\.[\s\S]{0,80}?<at>"),
    ("localserver", "the local development server", "WEB", "local",
     r"^\W{0,12}local(?: url)?:?\s{1,20}<at>"),
    # --- any program: read by the form of the line --------------------------------------------
    # gin-gonic/gin logger.go
    ("gin-access", "Gin, a Go web framework,", "ACCESS", "gin",
     r"<raw>\[gin\][^\n|]{1,40}\| (?P<status>[1-5][0-9]{2}) \|[^\n|]{1,30}\|\s{1,20}(?P<at>"
     r"[0-9a-f.:]{3,45}) \|\s{0,3}(?P<method>[a-z]{3,10}) ",
     "means: {at} is the client's address in the log of a server (Gin): a request came "
     "from it{answer}.",
     "port: -"),
    ("access", "", "ACCESS", "http",
     r"<at>[^\n\x01\"]{0,120}\"(?P<method>get|post|put|delete|head|options|patch|connect|"
     r"propfind) [^\n\"]{0,2000}http/[0-9.]{1,3}\"(?: (?P<status>[1-5][0-9]{2})\b)?",
     "means: {at} is the client's end (its source port) of a request to a server{answer}."),
    # nginx and Apache manuals, combined log format
    ("access-log", "", "ACCESS", "http",
     r"<raw>^(?P<at>[0-9a-f.:]{3,45}) \S{1,60} \S{1,60} \[[^\]\n]{1,40}\] \"(?P<method>"
     r"[a-z]{3,10}) [^\n\"]{0,2000}\"(?: (?P<status>[1-5][0-9]{2})\b)?",
     "means: {at} is the client's address in the log of a web server: a request came from "
     "it{answer}.",
     "port: -"),
    ("access-short", "", "ACCESS", "get post put delete head options patch",
     r"<at>[ \]|:-]{1,4}\"?(?P<method>get|post|put|delete|head|options|patch) /"
     r"[^\s]{0,500}\"?(?: (?P<status>[1-5][0-9]{2})\b)?",
     "means: {at} is the client's end (its source port) of a request to a server{answer}."),
    ("client", "", "CLIENT",
     "accept accepted accepting connection connections connected client connect request",
     r"(?:accept(?:ed|ing)?(?: [a-z]{1,20}){0,4}|(?:new|incoming|got|received|inbound|"
     r"handling) (?:[a-z]{1,20} ){0,2}(?:connection|client|request|session)s?|connected by|"
     r"connections?(?: [a-z]{1,12}){0,2} from|(?:connection|client|request|user|peer|"
     r"session)s? (?:[a-z]{1,20} ){0,2}(?:accepted|connected|received|established|opened))"
     r"(?: (?:was )?(?:from|by|of|at|for|on))?(?: client| address| peer| remote)?[ :=\["
     r"(/'\"-]{1,4}<at>",
     "means: {CLIENTS}"),
    ("client-left", "", "LEFT",
     "closed disconnected disconnect disconnecting left lost client connection session "
     "closing",
     r"(?:(?:connection|client|session|peer|user) (?:[a-z]{1,20} ){0,2}(?:closed|"
     r"disconnected|left|lost|ended|gone)|disconnect(?:ed|ing)?|closing (?:connection|"
     r"client))(?: (?:from|by|of|for|with|to))?(?: client| address| peer| remote)?[ :=\["
     r"(/'\"-]{1,4}<at>|(?:client|peer|user|connection|session)[ :\[(/'\"]{1,3}(?:from )"
     r"?<any>[)\]'\"]{0,2}:? (?:[a-z]{1,12} ){0,2}(?:disconnected|closed|left|lost|ended|"
     r"gone)",
     "means: {at} is the client's end (its source port): the client left the program that "
     "printed this."),
    ("client-after", "", "CLIENT", "connected accepted joined connection established",
     r"(?:client|peer|user|connection)[ :\[(/'\"]{1,3}(?:from )?<at>[)\]'\"]{0,2}:? (?:"
     r"[a-z]{1,12} ){0,2}(?:connected|accepted|joined|opened|established)",
     "means: {CLIENTS}"),
    ("caller", "", "CLIENT",
     "from remote remote_addr remoteaddr remoteaddress remote_address client client_addr "
     "clientaddr client_address peer peer_addr peeraddr",
     r"(?:\bfrom|\b(?:remote|client|peer)[_ -]?(?:addr(?:ess)?|ip|endpoint)?)(?: client| "
     r"address| peer)?['\"]?[ :=\[(/'\"]{1,4}<at>",
     "means: {CLIENTS}",
     "where: calls"),
    ("caller-cjk", "", "CLIENT", "",
     r"(?:来自|來自|客户端|客戶端|新连接|新的连接|連接自|接続元)[^\n\x01]{0,16}<at>|(?:접속|"
     r"연결)[^\n\x01]{0,16}<any>",
     "means: {CLIENTS}",
     "where: caller"),
    ("listens-cjk", "", "SERVER", "",
     r"(?:监听|監聽|启动|啟動|运行|運行|访问|訪問|地址|服务|服務|起動|待ち受け|アクセス|서버"
     r"|실행|접속|слушает|запущен)[^\n\x01]{0,24}<at>",
     "means: {RUNS}",
     "where: own"),
    ("open-foreign", "", "SERVER", "",
     r"(?:请[^\n\x01不无]{0,24}(?:复制|打开|访问|浏览器)|откройте|перейдите|ブラウザで)[^\x01不无]{0,60}<at>",
     "means: {RUNS}",
     "where: own"),
    ("listens-port", "", "SERVER", "listener endpoint listening",
     r"\bstart(?:ing|ed) (?:[a-z]{2,20} ){0,3}listener,? (?:on )?port:? <port>"
     r"|\bregistered (?:with|at|on) endpoint ['\"]?<any>"
     r"|\blistening on (?:ip|ipv4|ipv6|host)[:=] ?<any>",
     "means: {RUNS}",
     "where: own"),
    ("listens", "", "SERVER",
     "listening listens running runs started starting serving serves served available "
     "ready up bound live hosted reachable healthy passed deployed accessible opened open "
     "visit browse navigate reached established exposed mounted go escuchando corriendo "
     "iniciado iniciada disponible rodando executando escutando lauscht gestartet "
     "erreichbar ascolto avviato coute uft",
     r"(?:\b(?:listening|listens|running|runs|started|starting|serving|serves|served|"
     r"available|ready|up|bound|live|hosted|reachable|reached|healthy|passed|deployed|"
     r"accessible|established|exposed|mounted|escuchando|corriendo|iniciad[oa]|disponible|"
     r"rodando|executando|escutando|lauscht|gestartet|erreichbar|ascolto|avviato)\b|écoute|"
     r"läuft|démarré|disponível)(?: [a-z0-9./()-]{1,20}){0,3}? ?(?:\b(?:on|at|to|in|as|via|"
     r"url|port|address|en|na|no|em|sur|à|auf|unter|su|puerto|porta)\b|:|=|=>|->)(?: (?:the"
     r"|your|a|el|la|le|http|https|tcp|udp|port|puerto|porta|address|url|host|browser|"
     r"localhost|interface)){0,3}(?: \(?port\)?)?[ :=\[(<'\"➜-]{1,6}<port>|\b(?:open|visit|"
     r"browse|navigate|go)\b(?: [a-z]{1,12}){0,5}[ :=\[(<'\"-]{1,4}(?=[a-z]{0,5}\x01)<any>",
     "means: {RUNS}",
     "where: own"),
    ("labelled", "", "SERVER",
     "ui gui dashboard app api server page site docs swagger panel console frontend "
     "backend admin preview url local web",
     r"^\W{0,8}(?:[a-z0-9-]{1,20} ){0,3}(?:ui|gui|dashboard|app|api|server|page|site|docs|"
     r"swagger|panel|console|frontend|backend|admin|preview|url|local)"
     r"\s{0,2}:?\s{1,8}<at>\S{0,100}\s{0,40}$",
     "means: {RUNS}",
     "where: own"),
    ("reached", "", "REACHED", "connected connect connection",
     r"\bconnect(?:ed|ion)? to (?:[a-z]{1,20} ){0,3}(?:at |on )?\(?<at>\)? (?:succeeded|"
     r"established|ok\b|open)|\bconnected to (?:[a-z]{1,20} ){0,3}(?:(?:at|on) )?\(?<any>",
     "means: The program that printed this line is connected to the server at {at}."),
    ("arrow", "", "CLIENT", "", r"<at> ?(?:->|-->|=>|\u2192|\u27f6) ?<to>",
     "means: {at} is the client's end (its source port) of a connection to the server at "
     "{other}.",
     "where: ends"),
    ("by-role", "", "CLIENT", "", r"<at>",
     "means: {CLIENTS}",
     "where: peer"),
)
# fmt: on
