"""Marks of where a client runs: in a container, in WSL, on a phone, behind a tunnel."""

from __future__ import annotations

_PATHS = (
    r"usr/src/app|usr/app|opt/(?:app|conda|venv|bitnami|airflow|keycloak|app-root|sonarqube)"
    r"|home/(?:node|airflow|jovyan|app|appuser|nonroot)|workspaces|code|srv/app|var/task|bitnami"
    r"|usr/local/(?:bundle|airflow|tomcat|lib/node_modules/n8n)|superset|application|rails"
    r"|docker-entrypoint[\w.-]{0,10}|go/src|go/pkg/mod|app/(?:[\w@.-]{1,40}/){0,12}[\w@.-]{1,60}"
)

MARKS: tuple[tuple[str, tuple[str, ...], str, str], ...] = (
    (
        "compose",
        ("|",),
        r"^[ \t>`]{0,4}(?=[\d_.-]{0,20}[a-zA-Z])[a-z0-9][a-zA-Z0-9_.-]{0,60}[-_]\d{1,3}\s{0,40}"
        r"\|(?!\|)"
        r"|^[a-z0-9][\w.-]{0,60}\.\d{1,3}\.[a-z0-9]{25}@\S{1,60} {1,10}\|",
        "docker compose puts this prefix before a container's output",
    ),
    (
        "compose-name",
        (" |",),
        r"^[a-z][a-z0-9_.-]{1,40} {1,40}\| (?=\S)",
        "docker compose puts such a prefix before a container's output",
    ),
    (
        "pid-1",
        ("[nest] 1", " 1 --- ", "1#1", "process [1]", "[1] [", '"pid":', "(1 on ", "[1] puma"),
        r"\[Nest\] 1 {1,8}- |\b[A-Z]{4,5} 1 --- \[|\b1#1: |\b(?:server|parent"
        r"|reloader) process \[1\]"
        r"|\] \[1\] \[[A-Z]{4,8}\]|\"pid\": ?1(?=[,}\s])|\(1 on [\w.-]{3,64}\)|^\[1\] Puma",
        "process 1 is the main program of a container",
    ),
    (
        "nginx-worker",
        ("#",),
        r"\b([2-9]|[1-9]\d)#\1: ",
        "such a low process id is usual in a container",
    ),
    (
        "container-host",
        ("@", "hostname", " or 127.0.0.1", " on "),
        r"@(?=[a-f]{0,11}\d)[0-9a-f]{12}(?=[:\s\])>/]|$)"
        r"|\bhostname\"?[:=] ?\"?(?=[a-f]{0,11}\d)[0-9a-f]{12}\b"
        r"|\((?=[a-f]{0,11}\d)[0-9a-f]{12} or 127\.0\.0\.1\)| on (?=[a-f]{0,11}\d)[0-9a-f]{12}\)",
        "Docker gives a container such a host name",
    ),
    (
        "container-shell",
        (" #", "bash-", "sh-", "no name!", "\u279c"),
        r"^(?:/[\w./-]{0,40}|~) # |^(?:ba)?sh-(?!3\.2\$)\d\.\d[#$] |\bI have no name!@"
        r"|^\w{1,20} \u279c /workspaces/|^root@[\w.-]{1,60}:/(?:app|code|src|srv|usr/src)\b",
        "the prompt of a shell in a container looks like this",
    ),
    (
        "container-path",
        (
            "/app/", "/usr/", "/opt/", "/home/", "/workspaces", "/code/", "/srv/app", "/var/task",
            "/bitnami", "/superset", "/application/", "/rails/", "docker-entrypoint", "/go/",
        ),
        rf"(?<![\w.:/~*-])(?<!GET )(?<!POST )(?:file://)?/(?:{_PATHS})(?=[/\s:\"'`,)#]|$)",
        "programs in containers are often in this folder",
    ),
    (
        "image-python",
        ("/usr/local/lib/python",),
        r"/usr/local/lib/python3\.\d{1,2}/site-packages/",
        "Docker's Python images keep packages there",
    ),
    (
        "docker-build",
        ("failed to solve", "running in ", "step ", "#", "=> error ["),
        r"^#\d{1,3} (?:\[|\d{1,5}\.\d)|\bfailed to solve: |^Step \d{1,3}/\d{1,3} : "
        r"|---> Running in [0-9a-f]{12}\b|=> ERROR \[[^\]\n]{1,60}\] RUN ",
        "the image is built in a container",
    ),
    (
        "ci-container",
        ("/builds/", "/__w/", "/opt/atlassian", "/bitbucket/"),
        r"(?<![\w.:/-])/(?:builds/[\w.-]{1,60}/|__w/[\w.-]{1,60}/|opt/atlassian/pipelines/)",
        "build servers run jobs in a container here",
    ),
    (
        "alpine",
        ("name does not resolve", "address not available"),
        r"\bName does not resolve\b|\bAddress not available\b",
        "Alpine Linux, the base of many images, uses these words",
    ),
    (
        "docker-run",
        ("docker run", "podman run", "nerdctl run", "docker container run"),
        r"\b(?:docker|podman|nerdctl)(?: container)? run\b",
        "the command starts a container",
    ),
    (
        "docker-exec",
        (
            "docker exec", "docker-compose", "docker compose", "podman exec", "kubectl exec",
            "docker logs", "kubectl logs", "kubectl run",
        ),
        r"\b(?:docker|podman|kubectl) (?:exec|logs)\b|\bdocker[ -]compose (?:-\S+ \S+ )?"
        r"(?:run|exec|up|logs|start)\b|\bkubectl run\b",
        "the command runs in a container or shows its output",
    ),
    (
        "docker-word",
        ("docker", "container", "podman"),
        r"\b[Dd]ocker(?:file)?\b|\b[Pp]odman\b"
        r"|(?<![.\w$/-])(?<!servlet )(?<!Servlet )(?<!IoC )(?<!DI )(?<!web )(?<!Spring )"
        r"[Cc]ontainer\b(?![.(])",
        "the text is about containers",
    ),
    (
        "pod",
        ("svc.cluster", "pod/", "pods/", "probe failed", "kubelet", "in pod", "namespace"),
        r"\.svc\.cluster\.local\b|\b(?:Readiness|Liveness|Startup) probe failed"
        r"|\bpods?/[a-z0-9][\w.-]{1,80}",
        "the text is about a pod in Kubernetes",
    ),
    (
        "gateway-client",
        ("client: 172.", "client: 192.168.65"),
        r"\bclient: (?:172\.(?:1[6-9]|2\d|3[01])\.\d{1,3}\.1|192\.168\.65\.\d{1,3})\b",
        "the caller has the address of Docker's bridge",
    ),
    (
        "wsl",
        ("wsl", "microsoft-standard", "/mnt/c", "/mnt/d", "@desktop-", "@laptop-"),
        r"microsoft-standard\b[\w-]{0,8}|\bWSL ?2?\b|\bwsl(?:\.exe|\$|\.localhost)"
        r"|(?<!\w)/mnt/[cd]/"
        r"|@(?:DESKTOP|LAPTOP)-[A-Z0-9]{7,8}:",
        "this is a sign of WSL, which is Linux on Windows",
    ),
    (
        "toolbox",
        ("docker-machine", "docker toolbox", "192.168.99.", "//c/users"),
        r"\bdocker-machine\b|\bDocker Toolbox\b|\btcp://192\.168\.99\.1\d\d\b"
        r"|(?<![\w:/])//c/Users/",
        "Docker Toolbox runs containers in a virtual machine",
    ),
    (
        "dart",
        ("socketexception", "/flutter", "dioe", "clientexception"),
        r"\b[VDIWEF]/flutter\b|(?<![.\w])SocketException: (?=[^\n]{0,160}(?:OS Error|, errno = "
        r"|, address = |, host: |Failed host lookup))[^\n]{0,80}|\bDioE(?:rror|xception)\b"
        r"|\bClientException with SocketException",
        "Dart, the language of Flutter, prints this",
    ),
    (
        "android",
        (
            "android", "isconnected failed", "libcore", "/okhttp", "system.err", "/reactnative",
            "adb ", "logcat",
        ),
        r"(?<![\w./])android\.(?:app|content|media|net|os|permission|system|util|view"
        r"|webkit)\.\w{2,40}"
        r"|\bisConnected failed\b|\blibcore\.io\b"
        r"|\bcom\.android\.(?!build|builder|ddm|ide|sdk|tools)\w{2,30}"
        r"|\b[VDIWEF]/(?:OkHttp|System\.err|AndroidRuntime|ReactNative\w{0,6})\b|\badb reverse\b"
        r"|\bAndroidRuntime\b",
        "Android prints this",
    ),
    (
        "okhttp",
        ("failed to connect to",),
        r"\bFailed to connect to (?:localhost/127\.0\.0\.1|/127\.0\.0\.1"
        r"|localhost/\[?[0:]{2,15}1\]?):\d{1,5}",
        "OkHttp, the HTTP client of most Android apps, uses these words",
    ),
    (
        "ios",
        ("nsurlerrordomain", "nserrorfailing", "kcferrordomain", "nw_socket", "nw_connection"),
        r"\bNSURLErrorDomain\b|\bNSErrorFailingURL\w{0,20}|\bkCFErrorDomainCFNetwork\b"
        r"|\bnw_(?:socket|connection)_\w{3,40}",
        "Apple's systems print this",
    ),
    (
        "react-native",
        ("network request failed", "react native", "react-native", "metro", "expo"),
        r"\bTypeError: Network request failed\b|^\W{0,8}Network request failed\b(?! with)"
        r"|\b[Rr]eact[ -][Nn]ative\b|\bMetro server\b|\bexpo://"
        r"|\bExpo Go\b",
        "React Native, on a phone or an emulator, prints this",
    ),
    (
        "notebook",
        ("ipython-input", "ipykernel_", "/content/", "/kaggle/", "colab"),
        r"<ipython-input-|/tmp/ipython-input|/tmp/ipykernel_|\s/content/\w|/kaggle/\w|\bcolab\b",
        "a notebook runs on its server's machine, often another one",
    ),
    (
        "remote-shell",
        (
            "@ip-", "ec2-user@", "azureuser@", "vagrant", "opc@", "@vps", "@raspberrypi", "@vm",
            "codespaces",
        ),
        r"\b(?:ec2-user|azureuser|vagrant|opc)@[\w.-]{2,60}|@ip-\d{1,3}-\d{1,3}-\d{1,3}-\d{1,3}\b"
        r"|@(?:vps|raspberrypi|vm)[\w-]{0,30}:|\bcodespaces\b|/home/vagrant\b",
        "the shell is on another machine or in a virtual machine",
    ),
    (
        "virtual-machine",
        ("virtualbox", "vagrant", "vmware", "virtual machine", "hyper-v", "parallels", " vm "),
        r"\b[Vv]irtual ?[Bb]ox\b|\b[Vv]agrant\b|\bVMware\b|\b[Vv]irtual [Mm]achine\b|\bHyper-V\b"
        r"|\bParallels\b"
        r"|(?<!target )(?<!Java )(?<!Dart )(?<!Server )(?<!debuggee )(?<!Client )\bVM\b"
        r"(?! [Ss]ervice| arguments| options| warning)",
        "the text is about a virtual machine",
    ),
    (
        "localhost-slow",
        ("localhost",),
        r"\blocalhost\b(?s:.{0,120}?)\b(?:[12](?:[.,]\d{1,3})?|two|one|a few) ?(?:s|sec|seconds?)\b"
        r"(?=(?s:.{0,120}?)\b127\.0\.0\.1\b)"
        r"|\b127\.0\.0\.1\b(?s:.{0,160}?)\blocalhost\b(?s:.{0,60}?)\b(?:[12](?:[.,]\d{1,3})? ?s\b"
        r"|[12](?:[.,]\d{1,3})? ?sec|[12]\d{3} ?ms|slow)"
        r"|\blocalhost\b[^\n]{0,60}\b(?:is|are) (?:very |so |much |really )?slow(?:er)?\b",
        "on Windows a refused ::1 takes about 2 seconds",
    ),
    (
        "load-tester",
        (
            "siege", "wrk ", "apachebench", "ab -", "k6", "artillery", "jmeter", "locust", "vegeta",
            "autocannon", "gatling", "scenarios", "hey -", "bombardier", "loadtest", "requests/sec",
        ),
        r"\bsiege\b|\bwrk2? -|\bApacheBench\b|\bab -[a-z]|\bk6\b|\b[Aa]rtillery\b|\b[Jj][Mm]eter\b"
        r"|\b[Ll]ocust\b|\bvegeta\b|\bautocannon\b|\b[Gg]atling\b|\bScenarios launched\b"
        r"|\bhey -[a-z]"
        r"|\bbombardier\b|\bloadtest\b|\bRequests/sec\b",
        "this is a load test",
    ),
)  # fmt: skip
"""Key, words of which one must be in the text in lower case, pattern, what it tells."""
