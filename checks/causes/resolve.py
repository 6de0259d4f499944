"""Causes of a name that was not resolved, or that leads to the wrong address."""

from __future__ import annotations

from checks.causes import servers
from checks.causes.base import Clue, Rule
from checks.causes.connect import CONNECT, REFUSED, SILENT, is_own_site
from checks.causes.misled import misled
from checks.causes.steps import connect, resolve

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from checks.causes.situation import Situation
    from checks.findings.base import Fix

UNRESOLVED = (
    "ENOTFOUND", "EAI_NONAME", "EAI_AGAIN", "EAI_NODATA", "EAI_FAIL", "EAI_FAMILY",
    "WSAHOST_NOT_FOUND", "WSATRY_AGAIN", "WSANO_RECOVERY", "WSANO_DATA",
)  # fmt: skip
"""Errors of a look-up."""

_URL_AS_HOST = r"(?:enotfound|getaddrinfo|lookup|resolve) [^\n]{0,12}https?://"
_NOW = ("EAI_AGAIN", "EAI_FAIL", "WSATRY_AGAIN", "WSANO_RECOVERY")
"""Those that say that no name server answered."""


def _no_localhost(situation: Situation) -> Iterator[Clue]:
    if situation.words(_URL_AS_HOST, ""):
        return
    name = situation.host.lower().rstrip(".")
    if situation.words(r"\b(?:enotfound|eai_again) ['\"]?https?://", ""):
        return  # a URL was looked up as if it were a name
    if name == "localhost":
        yield Clue(90, situation.at_endpoint("the resolver did not find localhost itself"))
        return
    told = situation.words(
        r"(?:enotfound|eai_again|lookup|resolve(?: host)?:?|host name|unknownhostexception:?)"
        r" ['\"]?localhost\b(?![.-])",
        "the resolver did not find localhost itself",
    )
    if told:
        yield Clue(90, told)


def _wrong_entry(situation: Situation) -> Iterator[Clue]:
    found = misled(situation)
    if found is None and situation.port in (80, 443) and is_own_site(situation):
        if not situation.is_loopback:
            says = "such a name is usually only in the hosts file"
            yield Clue(23, situation.at_endpoint(says))
    elif found is not None:
        yield Clue(86 if found.name == "localhost" else 66, found.because)


def _no_alias(situation: Situation) -> Iterator[Clue]:
    if situation.name_kind == "host-alias" or situation.host.endswith(".internal"):
        yield Clue(
            90, situation.at_endpoint("on Linux, Docker adds this name only if you ask for it")
        )
        return
    told = situation.words(
        r"\bhost\.(?:docker|containers)\.internal\b",
        "on Linux, Docker adds this name only if you ask for it",
    )
    if told:
        yield Clue(80, told)


def _service_name(situation: Situation) -> Iterator[Clue]:
    if situation.name_kind != "single-label":
        return
    yield Clue(
        47, situation.at_endpoint("a name without a dot is usually a container's or a local one")
    )
    yield from situation.marked({"compose": 32, "docker-word": 22, "container-path": 22})
    if servers.is_service(situation.host):
        yield Clue(12, situation.at_endpoint("services of compose files often have such a name"))
    docker = situation.words(r"\b127\.0\.0\.11(?::53\b|#53\b)", "this is Docker's own name server")
    if docker:
        yield Clue(40, docker)
    if situation.words(r"^(?:sudo|ssh|ping|scp|rsync): ", ""):
        yield Clue(-24)


def _wrong_address(situation: Situation) -> Iterator[Clue]:
    endpoint = situation.endpoint
    if situation.error.name in UNRESOLVED:
        url = situation.words(_URL_AS_HOST, "this is a URL, but the client needs a host name")
        if url:
            yield Clue(60, url)
        yield Clue(24, situation.at_endpoint("the resolver did not find this name"))
    elif endpoint is not None and endpoint.host is not None and not situation.is_loopback:
        if meant := connect.meant(situation):
            yield Clue(90, situation.at_endpoint(f"{meant} without its brackets is one address"))
        if situation.is_wildcard or situation.asks_itself:
            return
        silent = situation.error.name in SILENT
        yield Clue(30 if silent else 22, situation.at_endpoint("the address of another machine"))


def _wrong_address_steps(situation: Situation) -> tuple[Fix, ...]:
    if situation.error.name in UNRESOLVED:
        return resolve.look_up(situation)
    return connect.right_address(situation)


def _silent_server(situation: Situation) -> Iterator[Clue]:
    if situation.named(*_NOW) or "temporary failure in name resolution" in situation.low:
        yield Clue(46, situation.at_error("no name server answered"))
    else:
        yield Clue(10)


RULES: tuple[Rule, ...] = (
    Rule(
        key="hosts-missing-localhost",
        says="The hosts file has no line for localhost, so the system asked a name server.",
        page="loopback/localhost/#no-line-in-the-hosts-file",
        steps=resolve.add_localhost,
        errors=UNRESOLVED,
        operations=("resolve", "connect"),
        look=_no_localhost,
        finding="C308",
        confirmed_by=("C308",),
    ),
    Rule(
        key="hosts-entry-wrong",
        says="The hosts file or the name server has the wrong address for the name.",
        page="loopback/localhost/#a-wrong-line-in-the-hosts-file",
        steps=resolve.hosts_entry,
        errors=(*REFUSED, "ETIMEDOUT", "EHOSTUNREACH", "ERR_SSL_PROTOCOL_ERROR"),
        operations=CONNECT,
        look=_wrong_entry,
    ),
    Rule(
        key="host-docker-internal-linux",
        says="On Linux, {host} does not exist in a container unless you add it.",
        page="uses/containers/#from-the-container-to-the-host",
        steps=resolve.host_gateway,
        errors=UNRESOLVED,
        look=_no_alias,
        finding="A115",
    ),
    Rule(
        key="service-name-unknown",
        says="{host} is a container, and the client is not in that container's network.",
        page="uses/containers/#container-to-container",
        steps=resolve.service_name,
        errors=UNRESOLVED,
        look=_service_name,
        finding="C308",
    ),
    Rule(
        key="wrong-address",
        says="The client uses the wrong address or host name.",
        page="troubleshooting/not-responding/#another-address",
        steps=_wrong_address_steps,
        errors=(*UNRESOLVED, *REFUSED, *SILENT),
        look=_wrong_address,
        finding="C308",
        ruled_out_by=("C301",),
    ),
    Rule(
        key="name-server-silent",
        says="The name server does not answer, or this machine has no network connection.",
        page="troubleshooting/not-responding/#another-address",
        steps=resolve.name_server,
        errors=UNRESOLVED,
        look=_silent_server,
        finding="C308",
    ),
)
