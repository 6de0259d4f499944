"""The sentences of causes: a rule's sentence filled in, and the verdict on a text with an error."""

from __future__ import annotations

from checks.causes import servers
from checks.causes.base import CONFIRMED, LIKELY, RULED_OUT
from checks.causes.bind import denied_bare
from checks.findings import wording
from checks.model.words import at
from checks.text.marks.clients import NAMES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from checks.causes.base import Cause
    from checks.causes.situation import Situation
    from checks.text.endpoint import Endpoint

MOST_WORDS = 25
"""Words of a sentence (ENGLISH.md)."""


def filled(sentence: str, situation: Situation) -> str:
    """Return a rule's sentence with the fields of a situation in it."""
    server = servers.known(situation)
    said = sentence.format(
        at=wording.clip(situation.at) or "the address",
        host=wording.clip(situation.host) or "the name",
        port="the port" if situation.port is None else situation.port,
        service=server or "The server",
        server=server or "the server",
        client=client(situation) or "the client",
    )
    return f"The{said[3:]}" if said.startswith("the ") else said


def client(situation: Situation) -> str:
    """The program that printed the message: ``Node.js``; "" where the text does not tell."""
    return NAMES.get(situation.client, "")


HAPPENED: dict[str, str] = {
    "ECONNREFUSED": "{at} refused {connection}.",
    "EADDRINUSE": "{at} is in use.",
    "EACCES": "The system denied {client} access to {at}.",
    "EPERM": "The system forbade {client} to use {at}.",
    "ETIMEDOUT": "{at} did not answer {client} in time.",
    "EHOSTUNREACH": "{at} is unreachable: no route leads to the host.",
    "ENETUNREACH": "{at} is unreachable: this machine has no route to its network.",
    "EADDRNOTAVAIL": "{at} is not an address of this machine.",
    "ECONNRESET": "{at} reset {connection}.",
    "EPIPE": "{at} had closed the connection before {client} wrote to it.",
    "ECONNABORTED": "The connection to {at} was aborted.",
    "EHOSTDOWN": "{at} is unreachable: the host is down.",
    "ENETDOWN": "{at} is unreachable: the network is down.",
    "EAFNOSUPPORT": "The system does not support the IP version of {at}.",
    "EMFILE": "{client} has too many open files for a connection to {at}.",
    "ENOTCONN": "The socket to {at} is not connected.",
    "EINVAL": "The system rejected {at} as an invalid argument.",
    "ENOENT": "The socket file of the server does not exist.",
    "ENOTFOUND": "{host} could not be resolved.",
    "EAI_NONAME": "{host} could not be resolved.",
    "EAI_AGAIN": "{host} could not be resolved now: no name server answered.",
    "EAI_NODATA": "{host} has no address of the requested kind.",
    "EAI_FAIL": "{host} could not be resolved: the name server failed.",
    "EAI_FAMILY": "{host} has no address of the requested IP version.",
    "WSAHOST_NOT_FOUND": "{host} could not be resolved.",
    "WSATRY_AGAIN": "{host} could not be resolved now: no name server answered.",
    "WSANO_RECOVERY": "{host} could not be resolved: the name server failed.",
    "WSANO_DATA": "{host} has no address of the requested kind.",
    "ERR_UNSAFE_PORT": "The browser refuses to open {at}: its port is blocked.",
    "ERR_EMPTY_RESPONSE": "{at} accepted {connection} and closed it without an answer.",
    "ERR_CONNECTION_CLOSED": "{at} closed {connection} before it was done.",
    "ERR_INVALID_HTTP_RESPONSE": "{at} answered {client}, but not in HTTP.",
    "ERR_SSL_PROTOCOL_ERROR": "{at} did not answer the TLS handshake in TLS.",
    "SSL_ERROR_RX_RECORD_TOO_LONG": "{at} answered Firefox's TLS handshake in plain text.",
    "PR_END_OF_FILE_ERROR": "{at} closed the connection during Firefox's TLS handshake.",
    "NGX_HTTP_TO_HTTPS": "{at} expects https and got plain http.",
    "ERR_CERT_AUTHORITY_INVALID": "{client} does not trust the certificate of {at}.",
    "SEC_ERROR_UNKNOWN_ISSUER": "Firefox does not trust the issuer of the certificate of {at}.",
    "ERR_CERT_COMMON_NAME_INVALID": "The certificate of {at} is for another name.",
    "ERR_CERT_DATE_INVALID": "The certificate of {at} is not valid at the client's date.",
    "ERR_BLOCKED_BY_LOCAL_NETWORK_ACCESS_CHECKS": "The browser blocked the page's request to {at}.",
    "ERR_ADDRESS_INVALID": "The browser cannot open {at}: no machine has it.",
    "ERR_NETWORK_ACCESS_DENIED": "Nothing was sent to {at}: the browser may not use the network.",
    "ERR_BLOCKED_BY_CLIENT": "Nothing was sent to {at}: the browser or an extension blocked it.",
    "ERR_PROXY_CONNECTION_FAILED": "The proxy {at} could not be reached.",
    "ERR_INTERNET_DISCONNECTED": "Nothing was sent to {at}: the browser is on no network.",
    "ERR_CONNECTION_FAILED": "{client} could not connect to {at}.",
    "ENOBUFS": "The system had no room for another socket to {at}.",
    "ENFILE": "The system has too many open files for a connection to {at}.",
    "ERR_SSL_VERSION_OR_CIPHER_MISMATCH": "{at} and {client} have no TLS version in common.",
    "ERR_BAD_SSL_CLIENT_AUTH_CERT": "{at} did not accept the certificate of {client}.",
    "CORSMissingAllowOrigin": "{at} answered, but did not allow this page to read it.",
    "CORSDidNotSucceed": "{at} gave the browser no answer that it may show to the page.",
    "ERR_BLOCKED_BY_CORS": "{at} did not allow the page of another origin.",
    "ERR_MIXED_CONTENT": "The browser blocked the request to {at}.",
    "ERR_CLEARTEXT_NOT_PERMITTED": "Nothing was sent to {at}: Android forbids plain http.",
    "NSURLErrorAppTransportSecurityRequiresSecureConnection": (
        "Nothing was sent to {at}: App Transport Security forbids plain http."
    ),
    "DisallowedHost": "{at} answered and refused the host name in the request.",
    "redirect_uri_mismatch": "The log-in service does not accept {at} as a redirect address.",
    "HTTP_502": "{at} answered for another server, which did not answer it.",
    "HTTP_503": "{at} answered that it cannot serve now.",
    "HTTP_504": "{at} answered: the server behind it took too long.",
    "HTTP_407": "A proxy answered for {at} and wants a user name and password.",
    "HTTP_403": "{at} answered and refused the request.",
    "ERR_TOO_MANY_REDIRECTS": "{at} redirects without end.",
    "ERR_HTTP2_PROTOCOL_ERROR": "{at} answered with broken HTTP/2.",
    "ERR_INCOMPLETE_CHUNKED_ENCODING": "{at} ended its answer before it was whole.",
    "ERR_BLOCKED_BY_RESPONSE": "{at} answered, and a header forbids this use of the answer.",
    "ERR_BLOCKED_BY_CSP": "Nothing was sent to {at}: the Content-Security-Policy forbids it.",
    "ERR_NETWORK_CHANGED": "The network changed while the browser connected to {at}.",
    "ERR_NETWORK_IO_SUSPENDED": "The machine went to sleep while the browser connected to {at}.",
    "ERR_ABORTED": "The browser ended the request to {at} itself.",
    "ERR_FAILED": "The request to {at} failed, and the browser does not say why.",
    "ERR_TUNNEL_CONNECTION_FAILED": "The proxy did not open a connection to {at}.",
    "ERR_PROXY_CERTIFICATE_INVALID": "The certificate for {at} is a proxy's, and not trusted.",
    "ERR_SOCKS_CONNECTION_FAILED": "The SOCKS proxy did not connect to {at}.",
    "ERR_CONNECT_FAIL": "A proxy could not connect to {at}.",
    "SSH_OPEN_ADMINISTRATIVELY_PROHIBITED": "The ssh server refused to open the forward.",
    "SSH_OPEN_CONNECT_FAILED": "The far end of the ssh forward could not connect.",
    "SSH_REMOTE_FORWARD_FAILED": "The ssh server does not listen on {at} for the client.",
    "X11_CANNOT_OPEN_DISPLAY": "The program found no X server at its display.",
    "PG_HBA_NO_ENTRY": "{at} answered, and PostgreSQL's pg_hba.conf does not let the client in.",
    "REDIS_DENIED": "{at} answered, and Redis in protected mode does not let the client in.",
    "UFW_BLOCK": "The firewall dropped a packet to {at}.",
    "WSL_LOCALHOST_PROXY": "WSL does not take over the proxy that Windows has on its localhost.",
    "JAVA_LOOPBACK_PAIR": "Java could not connect two of its own sockets on loopback.",
    "ERR_WEBSOCKET_HANDSHAKE": "{at} answered, but did not open the WebSocket.",
    "ERR_LISTEN_FAILED": "The program could not listen on {at}.",
}
"""What happened, by the name of the error; one row for each of :mod:`checks.text.errors.table`."""

_AT_OPERATION: dict[tuple[str, str], str] = {
    ("EADDRINUSE", "connect"): "{client} found no free local port to connect to {at}.",
    ("EADDRNOTAVAIL", "connect"): "{client} found no local address to connect to {at}.",
    ("EACCES", "connect"): "The system did not let {client} connect to {at}.",
    ("EACCES", "bind"): "The system did not let the program listen on {at}.",
    ("EACCES", "listen"): "The system did not let the program listen on {at}.",
    ("EPERM", "bind"): "The system did not let the program listen on {at}.",
    ("EADDRNOTAVAIL", "bind"): "The program cannot listen on {at}.",
    ("EADDRNOTAVAIL", "listen"): "The program cannot listen on {at}.",
    ("EAFNOSUPPORT", "bind"): "The program cannot listen on {at}: the system has no IPv6.",
    ("EINVAL", "connect"): "The system rejected {at} as a target.",
    ("ENOENT", "connect"): "The socket file that {client} uses does not exist.",
}
"""The same, where the operation makes it another sentence."""

_UNTOLD = "The text alone cannot tell why."
"""What is said in place of a cause where none is likely."""


def happened(situation: Situation, *, usual: bool = True) -> str:
    """Return what happened to which endpoint, in one sentence.

    Arguments:
        situation: of an error.
        usual: whether to name what mostly listens on the port.
    """
    error = situation.error
    who = client(situation)
    operation = error.operation or ("bind" if denied_bare(situation) else "")
    sentence = _AT_OPERATION.get((error.name, operation)) or HAPPENED.get(error.name)
    if sentence is None:
        return error.says if error.name else ""
    said = sentence.format(
        at=_place(situation, usual=usual),
        host=wording.clip(situation.host) or "the host name",
        client=who or "the client",
        connection=_connection(who),
    )
    return f"The{said[3:]}" if said.startswith("the ") else said


def _place(situation: Situation, *, usual: bool) -> str:
    """The endpoint with what mostly listens there; a word for it where the text names none."""
    error = situation.error
    place = wording.clip(situation.at)
    if error.name == "EADDRINUSE" and error.operation != "connect" and situation.port is None:
        place = ""  # a host is never in use
    if not place:
        if error.operation in ("bind", "listen") or denied_bare(situation):
            return "the port"
        if error.name == "ERR_ADDRESS_INVALID":
            return "this address"
        if error.name == "ERR_PROXY_CONNECTION_FAILED":
            return "of the client"
        return servers.name(situation) or "the server"
    name = servers.name(situation) if usual and situation.port else ""
    return f"{place} ({name}'s default port)" if name else place


def _connection(who: str) -> str:
    if who == "Node.js":
        return "Node's connection"
    if who.startswith("the ") or "'" in who:
        return f"the connection of {who}"
    return f"{who}'s connection" if who else "the connection"


def verdict(situation: Situation, causes: Sequence[Cause]) -> str:
    """Return one or two sentences: the endpoint, what happened to it, and the likeliest cause.

    Arguments:
        situation: of the text's most telling error.
        causes: of the text, the likeliest first.
    """
    told = [cause for cause in causes if cause.state != RULED_OUT]
    first = told[0] if told else None
    if first is not None and first.state == CONFIRMED:
        second = first.says
    elif first is not None and first.likelihood == LIKELY:
        second = f"Most likely {_lowered(first.says)}"
    else:
        second = _UNTOLD if situation.error.name else ""
    if second and not situation.error.name and situation.at:
        return f"{wording.clip(situation.at)}: {second[:1].lower()}{second[1:]}"
    said = " ".join(filter(None, (happened(situation), second)))
    if len(said.split()) <= MOST_WORDS:
        return said
    return " ".join(filter(None, (happened(situation, usual=False), second)))


def passed(endpoint: Endpoint) -> str:
    """Return the sentence on a text whose errors a later line takes back.

    Arguments:
        endpoint: of the first error.
    """
    host, port = endpoint.host, endpoint.port
    name = (host.address or host.text.strip("[]")) if host else ""
    number = port.number if port else None
    place = at(name, number) if name and number is not None else name or f"port {number}"
    return (
        f"The connection to {wording.clip(place)} failed at first."
        " A later line says that it is connected."
    )


def _lowered(sentence: str) -> str:
    """A sentence as the end of another: its article in lower case, names as they are."""
    word, space, rest = sentence.partition(" ")
    return f"{word.lower()}{space}{rest}" if word in _ARTICLES else sentence


_ARTICLES = frozenset(("The", "A", "An", "No", "Another", "In", "On", "It", "Your", "There"))
