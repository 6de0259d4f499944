"""What people type into the search, and the page that answers it.

A page is found by its text anyway. Here are the words that it does not have, and those that
many pages have but one page is about. Order and upper case do not matter.
"""

from __future__ import annotations

import re
from functools import cache

from checks.findings import CATALOGUE

WORDS = """
index: 127.0.0.1 | 127.0.0.1 62893 | what is 127.0.0.1:62893
classify: explain error | explain address | paste error | parse address | convert ip | decode ip
    | what is this ip
loopback/: 127.0.0.1 | what is 127.0.0.1 | meaning of 127.0.0.1 | 127.0.0.1 explained
    | loopback interface | lo0 | what is loopback | home address | ping 127.0.0.1
loopback/start: beginner | what is an ip address | for beginners | start here | learn
    | what is localhost
loopback/block: 127.0.0.0/8 | 127.0.1.1 | 127.0.0.2 | 127.0.0.53 | other loopback addresses
    | second loopback address | ifconfig lo0 alias
loopback/ipv6: ::1 | ipv6 loopback | ::ffff:127.0.0.1 | IPV6_V6ONLY | ipv4-mapped | dual stack
loopback/localhost: localhost | hosts file | /etc/hosts
    | C:\\Windows\\System32\\drivers\\etc\\hosts | *.localhost | localhost.localdomain
    | getaddrinfo | localhost ipv6 | localhost resolves to ::1
loopback/unspecified: 0.0.0.0 | :: | [::] | INADDR_ANY | bind all interfaces
    | listen on all interfaces | 0.0.0.0 vs 127.0.0.1 | wildcard address | any address
loopback/spellings: 127.1 | 0x7f000001 | 2130706433 | 017700000001 | hex ip | octal ip
    | decimal ip | ip as integer | leading zeros | inet_aton
ports/: what is a port | port number | socket | tcp port | udp port | 5-tuple
ports/ranges: port range | dynamic ports | private ports | registered ports | well-known ports
    | system ports | 49152 | 65535 | ip_local_port_range | highest port
ports/ephemeral: ephemeral port | random port | source port | TIME_WAIT | port exhaustion
    | out of ports | EADDRNOTAVAIL | tcp_tw_reuse | cannot assign requested address
    | 32768 60999
ports/62893: 62893 | port 62893 | what uses port 62893
ports/browser-blocked: ERR_UNSAFE_PORT | unsafe port | restricted port | address is restricted
    | port 6000 | port 6666 | bad port | blocked port
ports/development: default port | default ports list | port 3000 | port 5000 | port 5173
    | port 8000 | port 8080 | airplay 5000 | common ports | which port does
uses/: examples of loopback
uses/web: dev server | vite --host | vite | next.js | webpack dev server | allowedHosts
    | react dev server | hot reload | flask | django runserver | npm run dev | angular | 5173
    | 3000
uses/databases: postgres | postgresql | mysql | mariadb | redis | mongodb | sql server | sqlite
    | 5432 | 3306 | 6379 | 27017 | 1433 | database connection refused | psql could not connect
    | listen_addresses | bind-address
uses/services: api | microservice | rest api | local api | grpc | health check | service port
uses/tests: port 0 | free port | random free port | find free port | unused port | port race
    | flaky test | wait for port | wait for server | pytest port | CI tests
uses/debuggers: debugger | debugpy | node --inspect | 9229 | chrome devtools | 9222 | jdwp
    | 5005 | pycharm | intellij | vs code debug | xdebug | attach debugger | jetbrains 63342
uses/diagnostics: lsof | ss -ltnp | netstat -ano | nc | telnet | nmap | Test-NetConnection
    | Get-NetTCPConnection | tcpdump loopback | wireshark loopback | packet capture
    | which process uses port | list open ports | check open port | fuser
uses/tunnels: ssh -L | ssh -R | ssh -D | ssh tunnel | port forward | port forwarding
    | kubectl port-forward | ngrok | cloudflared | socat | reverse tunnel
uses/containers: docker localhost | docker | host.docker.internal | docker compose | podman
    | docker port mapping | publish port | docker -p | container to host | host gateway
    | kubernetes | virtualbox | 172.17.0.1 | --network host | published port connection reset
    | docker compose connect to postgres refused | database in docker refused
uses/https: self signed certificate | mkcert | localhost certificate | https localhost
    | NET::ERR_CERT_AUTHORITY_INVALID | ssl error | tls certificate | HSTS | secure context
uses/oauth: redirect_uri | redirect uri mismatch | oauth callback | login callback | PKCE
    | native app login | loopback redirect
uses/devices: adb reverse | phone | android emulator | 10.0.2.2 | ios simulator | test on phone
    | access from another device | access localhost from phone | same wifi | lan access
    | from another computer
uses/remote: codespaces | vs code remote | remote ssh | dev container | gitpod | forwarded port
    | remote development | github codespaces
uses/local-ai: ollama | lm studio | llama.cpp | local llm | open webui | comfyui
    | stable diffusion | vllm | OLLAMA_HOST | OLLAMA_ORIGINS | 11434 | 1234
uses/wsl: wsl | wsl2 | wsl localhost | windows subsystem for linux | portproxy
    | wsl mirrored networking | networkingMode
security/: is localhost secure | security of localhost
security/reach: who can reach | expose localhost | exposed port | reachable from internet
    | reachable from network | is my port open
security/binding: bind address | bind to localhost | listen only on localhost | ollama
    | OLLAMA_HOST | OLLAMA_ORIGINS | jupyter --ip | jupyter | --host 0.0.0.0 | bind 127.0.0.1
    | listen address
security/web-pages: dns rebinding | can a website access localhost | web page localhost
    | csrf localhost | private network access | browser port scan | drive-by
security/conflicts: port hijack | port squatting | two programs same port | SO_REUSEPORT
    | SO_EXCLUSIVEADDRUSE | same port twice
security/firewalls: ufw | iptables | nftables | firewalld | windows defender firewall | pf
    | docker bypasses ufw | open port in firewall
security/ssrf: ssrf | server-side request forgery | 169.254.169.254 | metadata | filter bypass
    | blocklist bypass
security/debug-ports: remote debugging port | --remote-debugging-port | werkzeug debugger
    | jdwp exploit | jupyter token | inspector | debug mode in production
security/checklist: checklist | hardening
troubleshooting/: help | not working | troubleshoot | localhost not working | diagnose | fix
troubleshooting/not-responding: ECONNREFUSED | WSAECONNREFUSED | 10061 | errno 111 | errno 61
    | connection refused | this site can't be reached | ERR_CONNECTION_REFUSED
    | localhost refused to connect | timeout | ETIMEDOUT | connection reset | ECONNRESET
    | ERR_EMPTY_RESPONSE | server not responding | unable to connect | failed to fetch
    | connection refused node | connection refused python | connection refused java
    | requests ConnectionError max retries exceeded | java.net.ConnectException
    | curl failed to connect to localhost port | curl: (7) | couldn't connect to server
troubleshooting/in-use: EADDRINUSE | address already in use | port already in use
    | port already allocated | errno 98 | errno 48 | WSAEADDRINUSE | 10048
    | kill process on port | kill port | free a port | stop server | which process | find pid
    | taskkill | kill -9 | SO_REUSEADDR | only one usage of each socket address | bind failed
    | airplay | port in use but nothing listens | in use but no process | lsof shows nothing
troubleshooting/firewall: firewall | blocked by firewall | antivirus
    | allow app through firewall
troubleshooting/localhost-or-127: localhost vs 127.0.0.1
    | localhost works but 127.0.0.1 does not | localhost slow | hosts file | node localhost ipv6
    | ::1 refused | connect ECONNREFUSED ::1
troubleshooting/elsewhere: docker connection refused | from container | from wsl | wsl2
    | wsl localhost | from another computer | from phone | virtual machine | cannot reach host
    | host.docker.internal
troubleshooting/permission: permission denied | EACCES | WSAEACCES | 10013 | errno 13 | EPERM
    | operation not permitted | port 80 | port 443 | privileged port | below 1024 | sudo
    | setcap | root | excluded port range | netsh | access permissions forbidden
    | hyper-v reserved
troubleshooting/unix-sockets: unix socket | .sock | docker.sock | ENOENT socket | socket file
    | mysqld.sock | .s.PGSQL.5432 | AF_UNIX
troubleshooting/browser-errors: chrome error | ERR_ | NS_ERROR | DNS_PROBE
    | ERR_CONNECTION_REFUSED | ERR_ADDRESS_INVALID | ERR_SSL_PROTOCOL_ERROR
    | ERR_TOO_MANY_REDIRECTS | firefox error | safari error | this site can't be reached
troubleshooting/intermittent: sometimes fails | flaky | intermittent | random timeout
    | now and then | too many connections | EMFILE | too many open files | slow
troubleshooting/virus: virus | malware | trojan | hacked | suspicious connection
    | is it dangerous | is it safe | unknown connection | backdoor
troubleshooting/target-vm: connected to the target vm | disconnected from the target vm
    | target vm | transport socket | jdwp | intellij console | intellij debug address
troubleshooting/local-network-access: local network access | private network access | LNA | PNA
    | loopback address space | unknown address space
    | ERR_BLOCKED_BY_LOCAL_NETWORK_ACCESS_CHECKS | blocked by cors policy address space
    | permission was denied for this request to access
troubleshooting/cors: cors | access-control-allow-origin | blocked by cors policy | preflight
    | no cors | cross-origin
troubleshooting/proxies: proxy | HTTP_PROXY | NO_PROXY | corporate proxy | bypass proxy | 407
    | vpn
troubleshooting/host-check: invalid host header | blocked request this host is not allowed
    | allowedHosts | DisallowedHost | ALLOWED_HOSTS | host not allowed | server.allowedHosts
troubleshooting/kubectl: kubectl | kubeconfig | the connection to the server was refused
    | 8080 kubectl | did you specify the right host or port | minikube
    | kubernetes api server | 6443
reference/errors/: errno | error codes | winerror | error table | list of errors | WSAE
reference/blocks/: special-purpose registry | reserved addresses | private addresses | rfc 6890
    | bogon | 192.168 | 10.0.0.0/8 | 172.16.0.0/12
reference/services/: iana | service names | registered ports list | /etc/services
reference/browser-blocked/: list of unsafe ports | bad ports
reference/cli/: command line | --help | options | exit code | install | download
    | python3 -m checks | usage
reference/api/: python api | import checks | library
reference/json/: json output | json schema | --json
reference/claims/: myths | misconceptions | wrong
reference/glossary/: glossary | definition | terms | meaning of
reference/self-check/: tests | pyodide | how is this made | colophon
reference/findings/: codes | all findings
reference/findings/nothing-listening: no listener | nothing listens | connection refused
    | ECONNREFUSED
reference/findings/port-in-use: port in use | EADDRINUSE | address already in use
    | kill process on port | errno 98
reference/findings/time-wait: TIME_WAIT | SO_REUSEADDR
reference/findings/port-reserved: excluded port range | excludedportrange | winnat | WSAEACCES
    | 10013 | hyper-v
reference/findings/bind-not-permitted: EACCES bind | permission denied port | WSAEACCES
reference/findings/contested-port: airplay | macos 5000 | airplay receiver | control center
reference/findings/backlog-full: backlog full | accept queue | somaxconn | listen backlog
reference/findings/dropped: timed out | no answer | ETIMEDOUT | firewall drop
reference/findings/unreachable: ENETUNREACH | EHOSTUNREACH | no route to host
    | network is unreachable
reference/findings/name-not-resolved: ENOTFOUND | EAI_NONAME | name or service not known
    | could not resolve host | nodename nor servname | DNS_PROBE_FINISHED_NXDOMAIN | 11001
reference/findings/address-not-available: EADDRNOTAVAIL | cannot assign requested address
    | errno 99 | 10049
reference/findings/no-local-port: ephemeral ports exhausted | EADDRNOTAVAIL connect | 10055
    | WSAENOBUFS
reference/findings/out-of-descriptors: EMFILE | too many open files | ulimit
reference/findings/certificate-problem: self signed certificate | certificate expired
    | CERTIFICATE_VERIFY_FAILED | ERR_CERT | hostname mismatch
reference/findings/tls-mismatch: wrong version number | ERR_SSL_PROTOCOL_ERROR
    | plain http request was sent to https port
reference/findings/unauthenticated-service: no password | without password | no authentication
reference/findings/open-cors: cors | access-control-allow-origin
reference/findings/proxy-variable: HTTP_PROXY | NO_PROXY | proxy
reference/findings/http-error-status: 404 | 500 | 502 bad gateway | 503 | 403 forbidden
reference/findings/accepts-then-closes: empty reply from server | ERR_EMPTY_RESPONSE | curl 52
reference/findings/accepts-any-host: dns rebinding | host header | invalid host header
reference/findings/wrong-family: refused on ipv4 | listens on ipv6 only
"""
"""A page and its phrases; a line that begins with spaces goes on."""


def of(address: str) -> tuple[str, ...]:
    """Return the phrases of a page.

    Arguments:
        address: below the site's: ``troubleshooting/in-use/``.
    """
    return _phrases().get(address, ())


def read(text: str) -> dict[str, tuple[str, ...]]:
    """Return the phrases of each address."""
    found = {}
    for line in re.sub(r"\n +", " ", text.strip()).splitlines():
        name, _, phrases = line.partition(": ")
        address = "" if name == "index" else name.rstrip("/") + "/"
        found[address] = tuple(each.strip() for each in phrases.split(" | "))
    return found


@cache
def _phrases() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for finding in CATALOGUE:
        found[f"reference/findings/{finding.slug}/"] = finding.code, finding.slug
    for address, phrases in read(WORDS).items():
        found[address] = (*found.get(address, ()), *phrases)
    return found
