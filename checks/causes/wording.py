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
    "EPERM": "The system did not allow {client} to use {at}.",
    "ETIMEDOUT": "{at} did not answer: {connection} timed out.",
    "EHOSTUNREACH": "{at} is unreachable: no route leads to the host.",
    "ENETUNREACH": "{at} is unreachable: this machine has no route to its network.",
    "EADDRNOTAVAIL": "{at} is not an address of this machine.",
    "ECONNRESET": "{at} reset {connection}.",
    "EPIPE": "{at} closed the connection before {client} wrote to it.",
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
    "EAI_NODATA": "{host} has no address of the requested type.",
    "EAI_FAIL": "{host} could not be resolved: the name server failed.",
    "EAI_FAMILY": "{host} has no address of the requested IP version.",
    "WSAHOST_NOT_FOUND": "{host} could not be resolved.",
    "WSATRY_AGAIN": "{host} could not be resolved now: no name server answered.",
    "WSANO_RECOVERY": "{host} could not be resolved: the name server failed.",
    "WSANO_DATA": "{host} has no address of the requested type.",
    "ERR_UNSAFE_PORT": "The browser does not open {at}, because it blocks the port.",
    "ERR_EMPTY_RESPONSE": "{at} accepted {connection} and closed it without an answer.",
    "ERR_CONNECTION_CLOSED": "{at} closed {connection} too early.",
    "ERR_INVALID_HTTP_RESPONSE": "{at} answered {client}, but not with HTTP.",
    "ERR_SSL_PROTOCOL_ERROR": "{at} did not answer the TLS handshake with TLS.",
    "SSL_ERROR_RX_RECORD_TOO_LONG": "{at} answered Firefox's TLS handshake in plain text.",
    "PR_END_OF_FILE_ERROR": "{at} closed the connection during Firefox's TLS handshake.",
    "NGX_HTTP_TO_HTTPS": "{at} expects https but got plain http.",
    "ERR_CERT_AUTHORITY_INVALID": "{client} does not trust the certificate of {at}.",
    "SEC_ERROR_UNKNOWN_ISSUER": "Firefox does not trust the issuer of the certificate of {at}.",
    "ERR_CERT_COMMON_NAME_INVALID": "The certificate of {at} is for another name.",
    "ERR_CERT_DATE_INVALID": "The certificate of {at} is not valid on the client's date.",
    "ERR_BLOCKED_BY_LOCAL_NETWORK_ACCESS_CHECKS": "The browser blocked the page's request to {at}.",
    "ERR_ADDRESS_INVALID": "The browser cannot open {at}: it is not an address to connect to.",
    "ERR_NETWORK_ACCESS_DENIED": "{at} got no request: the system denied the browser the network.",
    "ERR_BLOCKED_BY_CLIENT": "{at} got no request: the browser or an extension blocked it.",
    "ERR_PROXY_CONNECTION_FAILED": "The proxy {at} could not be reached.",
    "ERR_INTERNET_DISCONNECTED": "{at} got no request: this machine has no network.",
    "ERR_CONNECTION_FAILED": "{client} could not connect to {at}.",
    "ENOBUFS": "The system had no buffer space for a connection to {at}.",
    "ENFILE": "The system has too many open files for a connection to {at}.",
    "ERR_SSL_VERSION_OR_CIPHER_MISMATCH": "{at} and {client} have no TLS version in common.",
    "ERR_BAD_SSL_CLIENT_AUTH_CERT": "{at} did not accept the certificate of {client}.",
    "CORSMissingAllowOrigin": "{at} answered, but did not allow this page to read the answer.",
    "CORSDidNotSucceed": "The browser got no readable answer from {at}.",
    "ERR_BLOCKED_BY_CORS": "{at} did not allow a page of another origin.",
    "ERR_MIXED_CONTENT": "The browser blocked the request to {at}.",
    "ERR_CLEARTEXT_NOT_PERMITTED": "{at} got no request: Android does not allow plain http.",
    "NSURLErrorAppTransportSecurityRequiresSecureConnection": (
        "{at} got no request: App Transport Security does not allow plain http."
    ),
    "DisallowedHost": "{at} rejected the host name in the request.",
    "redirect_uri_mismatch": "The login service does not accept {at} as a redirect address.",
    "HTTP_502": "{at} answered 502: the server behind it did not answer.",
    "HTTP_503": "{at} answered 503: it cannot serve requests now.",
    "HTTP_504": "{at} answered 504: the server behind it took too long.",
    "HTTP_407": "A proxy on the way to {at} requires a user name and password.",
    "HTTP_403": "{at} answered 403: it denied the request.",
    "ERR_TOO_MANY_REDIRECTS": "{at} redirects in a loop.",
    "ERR_HTTP2_PROTOCOL_ERROR": "{at} answered with invalid HTTP/2.",
    "ERR_INCOMPLETE_CHUNKED_ENCODING": "{at} ended its answer too early.",
    "ERR_BLOCKED_BY_RESPONSE": "{at} answered, but a header does not allow this use of the answer.",
    "ERR_BLOCKED_BY_CSP": "{at} got no request: the page's Content-Security-Policy blocked it.",
    "ERR_NETWORK_CHANGED": "The network changed while the browser connected to {at}.",
    "ERR_NETWORK_IO_SUSPENDED": "The machine went to sleep while the browser connected to {at}.",
    "ERR_ABORTED": "The browser cancelled the request to {at}.",
    "ERR_FAILED": "The request to {at} failed, and the browser does not say why.",
    "ERR_TUNNEL_CONNECTION_FAILED": "The proxy did not open a connection to {at}.",
    "ERR_PROXY_CERTIFICATE_INVALID": "{client} does not trust the proxy's certificate for {at}.",
    "ERR_SOCKS_CONNECTION_FAILED": "The SOCKS proxy did not connect to {at}.",
    "ERR_CONNECT_FAIL": "A proxy could not connect to {at}.",
    "SSH_OPEN_ADMINISTRATIVELY_PROHIBITED": "The SSH server refused to open the forward.",
    "SSH_OPEN_CONNECT_FAILED": "The far end of the SSH forward could not connect.",
    "SSH_REMOTE_FORWARD_FAILED": "The SSH server did not open {at} for the client.",
    "X11_CANNOT_OPEN_DISPLAY": "The program found no X server at its display.",
    "PG_HBA_NO_ENTRY": "{at} answered, but PostgreSQL's pg_hba.conf does not allow the client.",
    "REDIS_DENIED": "{at} answered, but Redis in protected mode does not accept the client.",
    "UFW_BLOCK": "The firewall dropped a packet to {at}.",
    "WSL_LOCALHOST_PROXY": "WSL cannot use a proxy that listens on Windows' localhost.",
    "JAVA_LOOPBACK_PAIR": "Java could not connect to itself on the loopback address.",
    "ERR_WEBSOCKET_HANDSHAKE": "{at} answered, but did not open the WebSocket.",
    "ERR_LISTEN_FAILED": "The program could not listen on {at}.",
}
"""What happened, by the name of the error; one row for each of :mod:`checks.text.errors.table`."""

_AT_OPERATION: dict[tuple[str, str], str] = {
    ("EADDRINUSE", "connect"): "{client} found no free local port to connect to {at}.",
    ("EADDRNOTAVAIL", "connect"): "{client} found no local address to connect to {at}.",
    ("EACCES", "connect"): "The system did not allow {client} to connect to {at}.",
    ("EACCES", "bind"): "The system did not allow the program to listen on {at}.",
    ("EACCES", "listen"): "The system did not allow the program to listen on {at}.",
    ("EPERM", "bind"): "The system did not allow the program to listen on {at}.",
    ("EADDRNOTAVAIL", "bind"): "The program cannot listen on {at}.",
    ("EADDRNOTAVAIL", "listen"): "The program cannot listen on {at}.",
    ("EAFNOSUPPORT", "bind"): "The program cannot listen on {at}: the system has no IPv6.",
    ("EINVAL", "connect"): "The system rejected {at} as a target.",
    ("ENOENT", "connect"): "The socket file that {client} uses does not exist.",
}
"""The same, where the operation makes it another sentence."""

_UNTOLD = "The text alone does not show why."
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


_ARTICLES = frozenset("The A An No This Another One Connections In On It Your There".split())
