"""The table of error messages: one row for each error that is told apart.

A row holds the number that each system gives the error, the names it has, the
words that programs print for it, one sentence on what happened, and the
findings to look at. To add an error is to add its row, and a message of it to
``tests/vectors/error_messages.json``. :mod:`checks.text.errors.index` turns the
rows for look-up; the reference page lists them.

Sources of the numbers, each read in the file named:

* linux: include/uapi/asm-generic/errno.h (x86 and Arm; MIPS, SPARC, Alpha and
  PA-RISC number differently) and glibc netdb.h.
* macos: xnu bsd/sys/errno.h; getaddrinfo's from Darwin's netdb.h.
* freebsd: sys/sys/errno.h, the same numbers as macOS for every row here.
* solaris: illumos uts/common/sys/errno.h.
* windows: the WSA numbers of Winsock ("Windows Sockets Error Codes").
* chromium: net/base/net_error_list.h.

Words of glibc in other languages are those of its message catalogues (2.36).
"""

from __future__ import annotations

from checks.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


class ErrorRow(NamedTuple):
    """One error.

    All names and words are in lower case, with a straight apostrophe. Words
    match as whole words. A bar at either end asks that no word stands there:
    "|broken pipe" reads ``write: Broken pipe`` but not "the broken pipe". A
    leading at-sign asks for a host before: "@refused to connect" reads
    ``127.0.0.1 refused to connect`` but not "she refused to connect".

    Arguments:
        name: the name it is given: the POSIX symbol where it has one.
        says: what happened, in one sentence.
        codes: its number, by system (and ``chromium``).
        leads_to: codes of findings, most likely first.
        symbols: names that stand for this error and no other.
        wordings: words that stand for this error and no other.
        linux: the same, printed by Linux (glibc) alone.
        macos: the same, printed by macOS and the BSDs.
        windows: the same, printed by Windows.
        guarded: words that files share; they count beside a word of sockets.
        hints: names and words that suggest it; they count when nothing else does.
        uv: the number that libuv (Node.js) gives it on Windows.
        apple: its NSURLErrorDomain number.
    """

    name: str
    says: str
    codes: Mapping[str, int] = {}
    leads_to: tuple[str, ...] = ()
    symbols: tuple[str, ...] = ()
    wordings: tuple[str, ...] = ()
    linux: tuple[str, ...] = ()
    macos: tuple[str, ...] = ()
    windows: tuple[str, ...] = ()
    guarded: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    uv: int = 0
    apple: int = 0


def _unix(
    linux: int, bsd: int, solaris: int, windows: int = 0, chromium: int = 0
) -> dict[str, int]:
    """Numbers by system, the systems without one left out."""
    numbers = {
        "linux": linux,
        "macos": bsd,
        "freebsd": bsd,
        "solaris": solaris,
        "windows": windows,
        "chromium": chromium,
    }
    return {system: number for system, number in numbers.items() if number}


UNNAMED = "ERR_CONNECTION_FAILED"
"""The row for messages that say no more than that there is no connection."""

ERRORS: tuple[ErrorRow, ...] = (
    ErrorRow(
        "ECONNREFUSED",
        "The connection was refused: the machine answered at once, and most often that means that "
        "no program listens on that address and port; a firewall that rejects answers the same.",
        _unix(111, 61, 146, 10061, -102),
        ("C302", "C309", "C303", "C310", "C311"),
        symbols=(
            "econnrefused",
            "wsaeconnrefused",
            "err_connection_refused",
            "connectionrefused",
            "connectionrefusederror",
            "ns_error_connection_refused",
            "pr_connect_refused_error",
            "portunreachableexception",
        ),
        wordings=(
            "connection refused",
            "connection was refused",
            "@refused to connect",
            "tns:no listener",
            "verbindungsaufbau abgelehnt",
            "connexion refusée",
            "conexión rehusada",
            "connessione rifiutata",
            "conexão recusada",
            "拒绝连接",
            "连接被拒绝",
            "拒绝了我们的连接请求",
            "接続を拒否されました",
            "в соединении отказано",
        ),
        windows=(
            "target machine actively refused it",
            "the remote computer refused the network connection",
            "connection refused: connect",
            "zielcomputer die verbindung verweigerte",
            "ordinateur cible l'a expressément refusée",
            "equipo de destino denegó expresamente dicha conexión",
            "由于目标计算机积极拒绝",
            "無法連線，因為目標電腦拒絕連線",
        ),
        uv=-4078,
    ),
    ErrorRow(
        "EADDRINUSE",
        "The address and port are already taken: another socket holds them, or an earlier "
        "connection of theirs has not expired yet.",
        _unix(98, 48, 125, 10048, -147),
        ("B402", "B404", "B403"),
        symbols=(
            "eaddrinuse",
            "wsaeaddrinuse",
            "err_address_in_use",
            "addrinuse",
            "addressalreadyinuse",
            "addressinuse",
            "portinuseexception",
            "ns_error_socket_address_in_use",
            "pr_address_in_use_error",
        ),
        wordings=(
            "address already in use",
            "|address in use",
            "port already in use",
            "port is already in use",
            "port is in use",
            "port may already be in use",
            "|port in use",
            "address and port are already in use",
            "port is already allocated",
            "port already allocated",
            "port is already used",
            "already running on port",
            "connection in use: (",
            "adresse wird bereits verwendet",
            "adresse déjà utilisée",
            "la dirección ya se está usando",
            "indirizzo già in uso",
            "endereço já em uso",
            "地址已在使用",
            "アドレスは既に使用中です",
            "адрес уже используется",
        ),
        windows=(
            "only one usage of each socket address",
            "address already in use: bind",
            "address already in use: jvm_bind",
            "normalerweise darf jede socketadresse",
            "une seule utilisation de chaque adresse de socket",
            "sólo se permite un uso de cada dirección de socket",
            "solo se permite un uso de cada dirección de socket",
            "通常每个套接字地址",
        ),
        uv=-4091,
    ),
    ErrorRow(
        "EACCES",
        "The system did not allow it: on Unix most often a port below 1024 without the right to "
        "it, on Windows a port in a reserved range or held by another program.",
        _unix(13, 13, 13, 10013),
        ("B405", "B407", "C306"),
        symbols=("eacces", "wsaeacces", "pr_no_access_rights_error"),
        wordings=(
            "bind: permission denied",
            "connect: permission denied",
            "socketerror.accessdenied",
            "errorkind::permissiondenied",
            "kind: permissiondenied",
        ),
        windows=(
            "access a socket in a way forbidden by its access permissions",
            "permission denied: connect",
            "permission denied: bind",
            "aufgrund der zugriffsrechte des sockets unzulässig",
            "interdite par ses autorisations d'accès",
            "no permitido por sus permisos de acceso",
            "访问权限不允许的方式做了一个访问套接字的尝试",
        ),
        guarded=(
            "permission denied",
            "permissionerror",
            "keine berechtigung",
            "permission non accordée",
            "permiso denegado",
        ),
        uv=-4092,
    ),
    ErrorRow(
        "EPERM",
        "The system forbade it: a firewall rule, a sandbox or a missing right stopped the program "
        "itself, and nothing went out.",
        _unix(1, 1, 1),
        ("C306", "B405"),
        symbols=("eperm",),
        guarded=("operation not permitted",),
        uv=-4048,
    ),
    ErrorRow(
        "ETIMEDOUT",
        "No answer came in time: something on the way dropped the packets, or the program at the "
        "other end did not take the connection or did not answer on it.",
        _unix(110, 60, 145, 10060, -118),
        ("C304", "C305", "C315"),
        symbols=(
            "etimedout",
            "wsaetimedout",
            "err_connection_timed_out",
            "err_timed_out",
            "esockettimedout",
            "ns_error_net_timeout",
            "pr_connect_timeout_error",
            "pr_io_timeout_error",
            "und_err_connect_timeout",
            "und_err_headers_timeout",
            "connecttimeouterror",
            "readtimeouterror",
            "httpconnecttimeoutexception",
        ),
        wordings=(
            "connection timed out",
            "connect timed out",
            "operation timed out",
            "read timed out",
            "timed out while connecting",
            "timed out connecting",
            "connection attempt timed out",
            "connection has timed out",
            "urlopen error timed out",
            "|timed out|",
            "|request timed out|",
            "|i/o timeout",
            "|tls handshake timeout",
            "connect timeout error",
            "exceptions.connecttimeout",
            "exceptions.readtimeout",
            "httpx.connecttimeout",
            "httpx.readtimeout",
            "net::opentimeout",
            "net::readtimeout",
            "errorkind::timedout",
            "kind: timedout",
            "socketerror.timedout",
            "{:error, :timeout}",
            "@took too long to respond",
            "@is taking too long to respond",
            "wartezeit für die verbindung ist abgelaufen",
            "connexion terminée par expiration du délai d'attente",
            "expiró el tiempo de conexión",
            "connessione scaduta",
            "tempo esgotado para conexão",
            "连接超时",
            "接続がタイムアウトしました",
            "время ожидания соединения истекло",
        ),
        windows=(
            "connected party did not properly respond after a period of time",
            "the semaphore timeout period has expired",
            "connection timed out: connect",
        ),
        hints=(
            "timeouterror",
            "sockettimeoutexception",
            "connecttimeoutexception",
            "socket.timeout",
            "context deadline exceeded",
        ),
        uv=-4039,
        apple=-1001,
    ),
    ErrorRow(
        "EHOSTUNREACH",
        "The machine cannot be reached: a router or a firewall said so, or nothing on the local "
        "network answers for that address.",
        _unix(113, 65, 148, 10065, -109),
        ("C307", "C306"),
        symbols=(
            "ehostunreach",
            "wsaehostunreach",
            "err_address_unreachable",
            "hostunreachable",
            "pr_host_unreachable_error",
        ),
        wordings=(
            "no route to host",
            "host unreachable",
            "host is unreachable",
            "keine route zum zielrechner",
            "aucun chemin d'accès pour atteindre l'hôte cible",
            "没有到主机的路由",
        ),
        windows=("socket operation was attempted to an unreachable host",),
        hints=("noroutetohostexception",),
        uv=-4073,
    ),
    ErrorRow(
        "ENETUNREACH",
        "This machine has no route to that address: it does not know where to send the packets.",
        _unix(101, 51, 128, 10051),
        ("C307",),
        symbols=(
            "enetunreach",
            "wsaenetunreach",
            "networkunreachable",
            "pr_network_unreachable_error",
        ),
        wordings=(
            "network is unreachable",
            "network unreachable",
            "netzwerk ist nicht erreichbar",
            "le réseau n'est pas accessible",
            "la red es inaccesible",
            "网络不可达",
        ),
        windows=(
            "socket operation was attempted to an unreachable network",
            "network is unreachable: connect",
        ),
        uv=-4062,
    ),
    ErrorRow(
        "EADDRNOTAVAIL",
        "The address is not one of this machine's, so nothing can be bound to it; when it comes "
        "from a connect, no local port was left or the target was not usable.",
        _unix(99, 49, 126, 10049),
        ("B406",),
        symbols=(
            "eaddrnotavail",
            "wsaeaddrnotavail",
            "addrnotavailable",
            "addressnotavailable",
            "pr_address_not_available_error",
        ),
        wordings=(
            "cannot assign requested address",
            "could not bind on any address out of",
            "address not available",
            "angeforderte adresse kann nicht zugewiesen werden",
            "ne peut attribuer l'adresse demandée",
            "no se puede asignar la dirección solicitada",
            "无法指定被请求的地址",
        ),
        macos=("can't assign requested address",),
        windows=(
            "requested address is not valid in its context",
            "cannot assign requested address: bind",
            "cannot assign requested address: jvm_bind",
            "cannot assign requested address: connect",
            "在其上下文中，该请求的地址无效",
        ),
        uv=-4090,
    ),
    ErrorRow(
        "ECONNRESET",
        "The connection was cut off: the other end, or something between, ended it at once "
        "instead of closing it in order.",
        _unix(104, 54, 131, 10054, -101),
        ("C314", "S603", "S602"),
        symbols=(
            "econnreset",
            "wsaeconnreset",
            "err_connection_reset",
            "connectionreset",
            "connectionreseterror",
            "ns_error_net_reset",
            "pr_connect_reset_error",
        ),
        wordings=(
            "connection reset by peer",
            "connection reset by remote",
            "connection reset by",
            "connection was reset",
            "|connection reset",
            "socket hang up",
            "verbindung wurde vom kommunikationspartner zurückgesetzt",
            "connexion ré-initialisée par le correspondant",
            "conexión reinicializada por la máquina remota",
            "连接被对方重设",
        ),
        windows=(
            "existing connection was forcibly closed by the remote host",
            "specified network name is no longer available",
            "远程主机强迫关闭了一个现有的连接",
        ),
        uv=-4077,
    ),
    ErrorRow(
        "EPIPE",
        "The program wrote to a connection (or pipe) that the other end had already closed.",
        _unix(32, 32, 32),
        ("C314",),
        symbols=("epipe", "brokenpipe", "brokenpipeerror"),
        wordings=("|broken pipe", "relais brisé (pipe)", "|tubería rota", "断开的管道"),
        uv=-4047,
    ),
    ErrorRow(
        "ECONNABORTED",
        "The connection was given up on this machine: the system or a program here ended it.",
        _unix(103, 53, 130, 10053, -103),
        ("C314",),
        symbols=(
            "econnaborted",
            "wsaeconnaborted",
            "err_connection_aborted",
            "connectionaborted",
            "connectionabortederror",
            "pr_connect_aborted_error",
        ),
        wordings=("software caused connection abort",),
        windows=(
            "established connection was aborted by the software in your host machine",
            "你的主机中的软件中止了一个已建立的连接",
        ),
        uv=-4079,
    ),
    ErrorRow(
        "EHOSTDOWN",
        "The system holds the other machine to be switched off or out of reach: nothing answers "
        "for its address.",
        _unix(112, 64, 147, 10064),
        ("C307",),
        symbols=("ehostdown", "wsaehostdown", "hostdown"),
        wordings=("|host is down",),
        windows=("socket operation failed because the destination host was down",),
        uv=-4031,
    ),
    ErrorRow(
        "ENETDOWN",
        "The network interface that the connection needs is down.",
        _unix(100, 50, 127, 10050),
        ("C307",),
        symbols=("enetdown", "wsaenetdown", "networkdown", "pr_network_down_error"),
        wordings=("|network is down",),
        windows=("socket operation encountered a dead network",),
        uv=-4063,
    ),
    ErrorRow(
        "EAFNOSUPPORT",
        "The system does not offer this kind of address here: most often IPv6 is switched off, or "
        "an IPv6 address was given to an IPv4 socket.",
        _unix(97, 47, 124, 10047),
        ("C309", "C307"),
        symbols=("eafnosupport", "wsaeafnosupport", "pr_address_not_supported_error"),
        wordings=("address family not supported",),
        windows=("address incompatible with the requested protocol was used",),
        uv=-4089,
    ),
    ErrorRow(
        "EMFILE",
        "The program has as many files and connections open as the system lets it have, so it can "
        "neither open nor accept another.",
        _unix(24, 24, 24, 10024),
        ("C305",),
        symbols=("emfile", "wsaemfile"),
        wordings=("too many open sockets",),
        guarded=("too many open files",),
        uv=-4066,
    ),
    ErrorRow(
        "ENOTCONN",
        "The program used a socket as if it were connected, and it is not, or no longer.",
        _unix(107, 57, 134, 10057),
        ("C302", "C314"),
        symbols=("enotconn", "wsaenotconn", "pr_not_connected_error", "socketerror.notconnected"),
        wordings=("errorkind::notconnected", "kind: notconnected"),
        linux=("transport endpoint is not connected",),
        macos=("|socket is not connected",),
        windows=("disallowed because the socket is not connected",),
        uv=-4053,
    ),
    ErrorRow(
        "EINVAL",
        "The system took what it was given for the socket to be senseless, such as binding a "
        "socket that is already bound, or a link-local address without its interface.",
        _unix(22, 22, 22, 10022),
        (),
        symbols=("wsaeinval",),
        wordings=(
            "bind: invalid argument",
            "connect: invalid argument",
            "listen: invalid argument",
            "bind einval",
            "connect einval",
            "listen einval",
        ),
        uv=-4071,
    ),
    ErrorRow(
        "ENOENT",
        "The socket file that the client was told to use does not exist: the server is not "
        "running, or it keeps its socket somewhere else.",
        _unix(2, 2, 2),
        ("C302",),
        wordings=(
            "connect enoent",
            "connect: no such file or directory",
            "[2002] no such file or directory",
        ),
        guarded=("failed: no such file or directory",),
        uv=-4058,
    ),
    ErrorRow(
        "ENOTFOUND",
        "The name could not be turned into an address: the resolver has none for it, or could not "
        "be asked.",
        {"chromium": -105},
        ("C308", "A115", "C317"),
        symbols=(
            "enotfound",
            "nxdomain",
            "dns_probe_finished_nxdomain",
            "dns_probe_possible",
            "err_name_not_resolved",
            "err_name_resolution_failed",
            "ns_error_unknown_host",
            "pr_directory_lookup_error",
            "unknownhostexception",
            "hostnotfound",
        ),
        wordings=(
            "could not resolve host",
            "couldn't resolve host",
            "couldn't resolve hostname",
            "could not resolve hostname",
            "unable to resolve host address",
            "could not resolve proxy",
            "could not translate host name",
            "unable to resolve host",
            "|no such host",
            "server ip address could not be found",
            "dns address could not be found",
            "having trouble finding that site",
            "host not found in upstream",
            "specified hostname could not be found",
            "safari can't find the server",
            "ping request could not find host",
            "unknown mysql server host",
            "|unknown host",
            "bad address '",
            "bad hostname '",
        ),
        hints=(
            "gaierror",
            "getaddrinfo failed",
            "nameresolutionerror",
            "unresolvedaddressexception",
            "php_network_getaddresses",
            "|server not found",
        ),
        uv=-3008,
        apple=-1003,
    ),
    ErrorRow(
        "EAI_NONAME",
        "The resolver knows no such name: neither the hosts file nor the name server has it.",
        {"linux": -2, "macos": 8, "freebsd": 8, "windows": 11001},
        ("C308", "A115", "C317"),
        symbols=("eai_noname",),
        wordings=(
            "|name does not resolve",
            "der name oder der dienst ist nicht bekannt",
            "nom ou service inconnu",
            "nombre o servicio desconocido",
            "未知的名称或服务",
        ),
        linux=("name or service not known",),
        macos=("nodename nor servname provided",),
    ),
    ErrorRow(
        "EAI_AGAIN",
        "The resolver could not answer now: no name server replied, or the one asked failed.",
        {"linux": -3, "macos": 2, "freebsd": 2, "windows": 11002},
        ("C308",),
        symbols=("eai_again",),
        wordings=(
            "temporary failure in name resolution",
            "server misbehaving",
            "temporärer fehler bei der namensauflösung",
            "échec temporaire dans la résolution du nom",
            "fallo temporal en la resolución del nombre",
            "域名解析暂时失败",
        ),
        uv=-3001,
    ),
    ErrorRow(
        "EAI_NODATA",
        "The name exists but has no address of the kind that was asked for.",
        {"linux": -5, "macos": 7},
        ("C308", "C317"),
        symbols=("eai_nodata",),
        wordings=("no address associated with name",),
        linux=("no address associated with hostname",),
        macos=("no address associated with nodename",),
        uv=-3007,
    ),
    ErrorRow(
        "EAI_FAIL",
        "The name server answered with an error that asking again will not mend.",
        {"linux": -4, "macos": 4, "freebsd": 4, "windows": 11003},
        ("C308",),
        symbols=("eai_fail",),
        wordings=("non-recoverable failure in name resolution",),
        uv=-3004,
    ),
    ErrorRow(
        "EAI_FAMILY",
        "The resolver was asked for a kind of address that this system does not offer.",
        {"linux": -6, "macos": 5, "freebsd": 5, "windows": 10047},
        ("C317", "C309"),
        symbols=("eai_family", "eai_addrfamily"),
        wordings=(
            "ai_family not supported",
            "address family for hostname not supported",
        ),
        uv=-3005,
    ),
    ErrorRow(
        "WSAHOST_NOT_FOUND",
        "Windows knows no such name: neither the hosts file nor the name server has it.",
        {"windows": 11001},
        ("C308", "A115", "C317"),
        symbols=("wsahost_not_found",),
        windows=("no such host is known", "不知道这样的主机"),
    ),
    ErrorRow(
        "WSATRY_AGAIN",
        "Windows could not look the name up now: no name server gave a usable answer.",
        {"windows": 11002},
        ("C308",),
        symbols=("wsatry_again",),
        windows=(
            "usually a temporary error during hostname resolution",
            "usually a temporary error that occurs during host name resolution",
        ),
    ),
    ErrorRow(
        "WSANO_RECOVERY",
        "The name look-up failed with an error that asking again will not mend.",
        {"windows": 11003},
        ("C308",),
        symbols=("wsano_recovery",),
        windows=("non-recoverable error occurred during a database lookup",),
    ),
    ErrorRow(
        "WSANO_DATA",
        "The name exists but has no address of the kind that was asked for.",
        {"windows": 11004},
        ("C308", "C317"),
        symbols=("wsano_data",),
        windows=("no data of the requested type was found",),
    ),
    ErrorRow(
        "ERR_UNSAFE_PORT",
        "The browser did not even try: the port is on its list of ports that web pages may not "
        "use.",
        {"chromium": -312},
        ("P203",),
        symbols=("err_unsafe_port", "ns_error_port_access_not_allowed"),
        wordings=(
            "this address is restricted",
            "normally used for purposes other than web browsing",
            "not allowed to use restricted network port",
            "error: bad port",
        ),
    ),
    ErrorRow(
        "ERR_EMPTY_RESPONSE",
        "The program took the connection and closed it without sending an answer.",
        {"chromium": -324},
        ("C314", "S602"),
        symbols=("err_empty_response", "remotedisconnected", "ns_error_net_empty_response"),
        wordings=(
            "empty reply from server",
            "closed connection without response",
            "@didn't send any data",
            "unexpected end of file from server",
            "awaiting response... no data received",
            '": eof',
        ),
    ),
    ErrorRow(
        "ERR_CONNECTION_CLOSED",
        "The other end closed the connection before it was done.",
        {"chromium": -100},
        ("C314", "S603"),
        symbols=("err_connection_closed", "ns_error_net_interrupt"),
        wordings=(
            "server closed the connection unexpectedly",
            "connection closed by remote host",
            "connection was interrupted",
            "connection unexpectedly closed",
        ),
        apple=-1005,
    ),
    ErrorRow(
        "ERR_INVALID_HTTP_RESPONSE",
        "What answers on that port does not speak HTTP.",
        {"chromium": -370},
        ("S602", "S603"),
        symbols=("err_invalid_http_response", "badstatusline", "hpe_invalid_constant"),
        wordings=(
            "received http/0.9 when not allowed",
            "malformed http response",
            "parse error: expected http/",
        ),
    ),
    ErrorRow(
        "ERR_SSL_PROTOCOL_ERROR",
        "The TLS handshake made no sense to the client: most often the server speaks plain text, "
        "such as http, on that port.",
        {"chromium": -107},
        ("S603", "S602"),
        symbols=("err_ssl_protocol_error", "wrong_version_number", "err_ssl_wrong_version_number"),
        wordings=(
            "|wrong version number",
            "server gave http response to https client",
            "first record does not look like a tls handshake",
            "unsupported or unrecognized ssl message",
            "|packet length too long",
        ),
        hints=("sent an invalid response", "ssl_connect: ssl_error_syscall"),
        apple=-1200,
    ),
    ErrorRow(
        "SSL_ERROR_RX_RECORD_TOO_LONG",
        "Firefox asked for TLS and got something else: most often the server speaks plain http on "
        "that port.",
        {},
        ("S603",),
        symbols=("ssl_error_rx_record_too_long",),
    ),
    ErrorRow(
        "PR_END_OF_FILE_ERROR",
        "Firefox asked for TLS and the other end closed the connection during the handshake.",
        {},
        ("S603", "C314"),
        symbols=("pr_end_of_file_error",),
    ),
    ErrorRow(
        "NGX_HTTP_TO_HTTPS",
        "Plain http was sent to a port where the server expects TLS (https).",
        {},
        ("S603",),
        wordings=(
            "client sent an http request to an https server",
            "plain http request was sent to https port",
            "speaking plain http to an ssl-enabled server port",
            "requires tls. use https",
        ),
    ),
    ErrorRow(
        "ERR_CERT_AUTHORITY_INVALID",
        "The server's certificate is not signed by anyone this client trusts, as with a "
        "self-signed one.",
        {"chromium": -202},
        ("S604",),
        symbols=(
            "err_cert_authority_invalid",
            "depth_zero_self_signed_cert",
            "self_signed_cert_in_chain",
            "unable_to_verify_leaf_signature",
            "unable_to_get_issuer_cert_locally",
            "mozilla_pkix_error_self_signed_cert",
        ),
        wordings=(
            "certificate problem: self-signed certificate",
            "certificate problem: self signed certificate",
            "certificate problem: unable to get local issuer certificate",
            "verify failed: self-signed certificate",
            "verify failed: self signed certificate",
            "verify failed: unable to get local issuer certificate",
            "error: self-signed certificate",
            "error: self signed certificate",
            "certificate signed by unknown authority",
            "pkix path building failed",
        ),
        hints=("certificate_verify_failed",),
        apple=-1202,
    ),
    ErrorRow(
        "SEC_ERROR_UNKNOWN_ISSUER",
        "The server's certificate is signed by an issuer that Firefox does not know.",
        {},
        ("S604",),
        symbols=("sec_error_unknown_issuer",),
    ),
    ErrorRow(
        "ERR_CERT_COMMON_NAME_INVALID",
        "The server's certificate is for another name or address than the one asked for.",
        {"chromium": -200},
        ("S604",),
        symbols=(
            "err_cert_common_name_invalid",
            "ssl_error_bad_cert_domain",
            "err_tls_cert_altname_invalid",
        ),
        wordings=(
            "hostname mismatch, certificate is not valid for",
            "ip address mismatch, certificate is not valid for",
            "no alternative certificate subject name matches",
            "hostname/ip does not match certificate's altnames",
        ),
    ),
    ErrorRow(
        "ERR_CERT_DATE_INVALID",
        "The server's certificate has expired or is not valid yet, or a clock is wrong.",
        {"chromium": -201},
        ("S604",),
        symbols=(
            "err_cert_date_invalid",
            "sec_error_expired_certificate",
            "cert_has_expired",
        ),
        wordings=(
            "certificate has expired or is not yet valid",
            "verify failed: certificate has expired",
            "certificate problem: certificate has expired",
            "error: certificate has expired",
        ),
    ),
    ErrorRow(
        "ERR_BLOCKED_BY_LOCAL_NETWORK_ACCESS_CHECKS",
        "The browser stopped a page from reaching this machine or the local network, because the "
        "page comes from a more public place and has no permission for it.",
        {},
        (),
        symbols=(
            "err_blocked_by_local_network_access_checks",
            "err_blocked_by_private_network_access_checks",
        ),
        wordings=(
            "resource is in more-private address space",
            "permission was denied for this request to access the `loopback` address space",
            "permission was denied for this request to access the `local` address space",
            "permission was denied for this request to access the `unknown` address space",
        ),
    ),
    ErrorRow(
        "ERR_ADDRESS_INVALID",
        "The browser was given an address or port that nothing can be connected to, such as the "
        "port 0.",
        {"chromium": -108},
        ("A103", "P201"),
        symbols=("err_address_invalid",),
    ),
    ErrorRow(
        "ERR_NETWORK_ACCESS_DENIED",
        "The browser was kept from the network, most likely by a firewall or by security software "
        "on this machine.",
        {"chromium": -138},
        ("C306",),
        symbols=("err_network_access_denied",),
    ),
    ErrorRow(
        "ERR_BLOCKED_BY_CLIENT",
        "The browser itself, or an extension in it, blocked the request; nothing was sent.",
        {"chromium": -20},
        (),
        symbols=("err_blocked_by_client",),
    ),
    ErrorRow(
        "ERR_PROXY_CONNECTION_FAILED",
        "The client could not connect to the proxy that it is set to use; the target was never "
        "asked.",
        {"chromium": -130},
        ("C302", "C304"),
        symbols=("err_proxy_connection_failed", "ns_error_proxy_connection_refused"),
        wordings=("proxy server is refusing connections",),
    ),
    ErrorRow(
        "ERR_INTERNET_DISCONNECTED",
        "The system told the browser that this machine is on no network.",
        {"chromium": -106},
        ("C307",),
        symbols=("err_internet_disconnected", "ns_error_offline"),
        apple=-1009,
    ),
    ErrorRow(
        UNNAMED,
        "No connection came about, and the message does not say whether it was refused, ran into "
        "silence or found no way.",
        {"chromium": -104},
        ("C302", "C304", "C307", "C309", "C310"),
        symbols=("err_connection_failed",),
        hints=(
            "newconnectionerror",
            "maxretryerror",
            "connectexception",
            "httphostconnectexception",
            "clientconnectorerror",
            "mongoserverselectionerror",
            "mongonetworkerror",
            "httpx.connecterror",
            "httpcore.connecterror",
            "all connection attempts failed",
            "failed to establish a new connection",
            "connect call failed",
            "|failed to connect to",
            "|could not connect to",
            "|couldn't connect to",
            "|cannot connect to",
            "|can't connect to",
            "|unable to connect",
            "couldn't connect to server",
            "could not connect to server",
            "could not connect to the server",
            "could not open connection to the host",
            "cannot connect to the docker daemon",
            "can't establish a connection to the server at",
            "can't connect to the server at",
            "can't reach database server at",
            "could not be established. broker may not be available",
            "safari can't connect to the server",
            "site can't be reached",
            "can't reach this page",
            "can't connect to mysql server on",
            "can't connect to local mysql server through socket",
            "tcptestsucceeded : false",
            "tcptestsucceeded: false",
        ),
        apple=-1004,
    ),
)

WINERROR: dict[int, str] = {
    64: "ECONNRESET",
    121: "ETIMEDOUT",
    1225: "ECONNREFUSED",
    1231: "ENETUNREACH",
    1232: "EHOSTUNREACH",
    1236: "ECONNABORTED",
    12002: "ETIMEDOUT",
    12007: "ENOTFOUND",
    12029: UNNAMED,
    12031: "ECONNRESET",
}
"""Windows' own numbers: of overlapped sockets (winerror.h) and of WinINet (wininet.h)."""

ELSEWHERE: dict[str, tuple[str, ...]] = {
    # Linux, asm-generic/errno.h, where macOS and the BSDs have an error of sockets.
    "47": ("level 3 reset",),
    "48": ("link number out of range",),
    "49": ("protocol driver not attached",),
    "50": ("no csi structure available",),
    "51": ("level 2 halted",),
    "53": ("invalid request descriptor",),
    "54": ("exchange full",),
    "57": ("invalid slot",),
    "60": ("device not a stream",),
    "61": ("no data available",),
    "64": ("machine is not on the network",),
    "65": ("package not installed",),
    # macOS, bsd/sys/errno.h, where Linux has one.
    "98": ("no sr resources", "no stream resources"),
    "99": ("not a stream",),
    "100": ("protocol error",),
    "101": ("stream ioctl timeout",),
    "103": ("policy not found", "no such policy"),
    "104": ("state not recoverable",),
}
"""Words that, after a number, show that it counts on the other family of systems."""

SOCKET_WORDS = frozenset(
    "accept accepting bind binding bindexception connect connecting connection dial listen"
    " listener listening make_sock recvfrom sendmsg sendto setsockopt socket socketexception"
    " socketerror sockets tcp tcp4 tcp6 udp udp4 udp6".split()
)
"""Words beside which "permission denied" and its like are about a socket."""

FILE_CALLS = (
    "access|chmod|chown|copyfile|lstat|mkdir|mkdtemp|open|opendir|readdir|readlink|rename|rmdir"
    "|scandir|spawn|stat|symlink|unlink|uv_cwd|watch"
)
"""System calls of files and processes, as Node.js names them beside an error."""

FILE_SIGNS = (
    r"[\])]?:?[a-z ]{0,40}"
    rf"(?:, (?:{FILE_CALLS})\b|: ['\"]| ?\((?:publickey|password|keyboard|gssapi)"
    r"|, please try again)"
)
"""What follows "permission denied" and its like where a file or a log-in was refused."""

NUMBER_WORDS = frozenset(
    "errno winerror error errorcode err code socketexception net_error nsposixerrordomain"
    " kcferrordomaincfnetwork nsurlerrordomain _kcfstreamerrorcodekey kcfstreamerrorcodekey"
    " mysql".split()
)
"""Words that a number of an error stands behind."""

CURL: dict[int, str] = {6: "ENOTFOUND", 7: UNNAMED, 28: "ETIMEDOUT", 52: "ERR_EMPTY_RESPONSE"}
"""Exit codes of curl that say what happened (curl(1), "EXIT CODES")."""

PATTERNS: tuple[tuple[str, str, str], ...] = (
    (
        "port",
        r"\bport[ :#]{1,2}[0-9]{1,5}\b[^\n.]{0,24}?"
        r"\b(?:already in use|(?:is|was) (?:already |currently )?(?:in use|being used|allocated"
        r"|taken|occupied)|(?<=[0-9] )in use)\b",
        "EADDRINUSE",
    ),
    ("refused", r"\bconnection to the server \S{1,255} was refused\b", "ECONNREFUSED"),
    ("refused", r"\bconnection to \S{1,255} refused\b", "ECONNREFUSED"),
    ("timeout", r"\btimeout of [0-9]{1,9} ?ms exceeded\b", "ETIMEDOUT"),
    ("timed", r"\bconnection to \S{1,255} timed out\b", "ETIMEDOUT"),
    ("lookup", r"\blookup [^\n]{1,200}?: i/o timeout\b", "EAI_AGAIN"),
    (
        "x509",
        r"\bx509: certificate is valid for [^\n]{1,255}?, not ",
        "ERR_CERT_COMMON_NAME_INVALID",
    ),
    ("websocket", r"\bwebsocket connection to '\S{1,255}' failed\b", UNNAMED),
    (
        "connect",
        r"\bconnect to (?:\([^)\n]{1,80}\)|\S{1,255}(?: port [0-9]{1,5})?)"
        r"(?: \([^)\n]{1,20}\))? failed\b",
        UNNAMED,
    ),
)
"""Wordings with a hole in them: a word that must be in the text, the pattern, the error."""
