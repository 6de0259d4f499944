"""Causes of a request that a browser, a phone, a system or a server's own check forbids."""

from __future__ import annotations

from checks.causes.base import Clue, Rule
from checks.causes.steps import http as steps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from checks.causes.situation import Situation


def _other_origin(situation: Situation) -> Iterator[Clue]:
    """The words of CORS stand around other blocks as well; those say so themselves."""
    if situation.has("address-space", "mixed-content"):
        yield Clue(-60)


def _csp(situation: Situation) -> Iterator[Clue]:
    low = situation.low
    if "violates" in low or "refused to" in low:
        yield from situation.marked({"csp": 80})


def _unsafe(situation: Situation) -> Iterator[Clue]:
    if situation.error.name == "ERR_UNSAFE_PORT":
        yield Clue(80, situation.at_error("the browser did not try to connect"))


def _network_changed(situation: Situation) -> Iterator[Clue]:
    if situation.error.name in ("ERR_NETWORK_CHANGED", "ERR_NETWORK_IO_SUSPENDED"):
        yield Clue(80, situation.at_error("the browser cancelled its requests because of that"))


def _resource_policy(situation: Situation) -> Iterator[Clue]:
    if situation.error.name == "ERR_BLOCKED_BY_RESPONSE":
        yield Clue(80, situation.at_error("a header of the answer blocks other origins"))


_WEB_PAGES = "security/web-pages/"
_DEVICES = "uses/devices/#what-android-and-ios-forbid"

RULES: tuple[Rule, ...] = (
    Rule(
        key="local-network-access",
        says="The page's site has no permission for this address (Local Network Access).",
        page="troubleshooting/local-network-access/",
        steps=steps.local_network,
        marks={"address-space": 100},
    ),
    Rule(
        key="cors-other-origin",
        says="The server does not send Access-Control-Allow-Origin for the page's origin.",
        page="troubleshooting/cors/",
        steps=steps.cors,
        marks={"cors": 75},
        look=_other_origin,
    ),
    Rule(
        key="cors-no-answer",
        says="The connection itself failed, and the browser reports that as a CORS error.",
        page="troubleshooting/cors/#which-message",
        steps=steps.cors_no_answer,
        marks={"cors-no-answer": 60},
    ),
    Rule(
        key="mixed-content",
        says="An https page is not allowed to use this http:// or ws:// address.",
        page=f"{_WEB_PAGES}#mixed-content",
        steps=steps.mixed_content,
        marks={"mixed-content": 100},
    ),
    Rule(
        key="unsafe-port",
        says="The port is on the browser's list of blocked ports.",
        page="ports/browser-blocked/",
        steps=steps.forbidden_port,
        marks={"unsafe-port": 60},
        look=_unsafe,
        finding="P203",
    ),
    Rule(
        key="android-cleartext",
        says="The app's network security configuration does not allow plain http to this host.",
        page=_DEVICES,
        steps=steps.android_cleartext,
        marks={"cleartext": 100},
    ),
    Rule(
        key="ios-ats",
        says="The app's Info.plist does not allow plain http to this host.",
        page=_DEVICES,
        steps=steps.ios_ats,
        marks={"ats": 100},
    ),
    Rule(
        key="host-not-allowed",
        says="The name is not in the server's list of allowed hosts.",
        page="troubleshooting/host-check/",
        steps=steps.allow_host,
        marks={"host-check": 90},
    ),
    Rule(
        key="devtools-origin-rejected",
        says="Chrome's debug port does not allow this origin.",
        page="security/debug-ports/#one-by-one",
        steps=steps.devtools_origin,
        marks={"devtools-origin": 100},
    ),
    Rule(
        key="content-security-policy",
        says="The page's Content-Security-Policy (connect-src) does not list this address.",
        page=f"{_WEB_PAGES}#the-pages-own-policy",
        steps=steps.content_policy,
        look=_csp,
    ),
    Rule(
        key="browser-extension",
        says="An ad blocker or another extension blocks the request.",
        page="troubleshooting/browser-errors/#the-browser-did-not-try",
        steps=steps.extension,
        marks={"extension": 90},
    ),
    Rule(
        key="network-changed",
        says="The machine's network changed during the request: Wi-Fi, a VPN, or sleep.",
        page="troubleshooting/browser-errors/#it-is-not-the-connection",
        steps=steps.reload,
        look=_network_changed,
    ),
    Rule(
        key="cross-origin-resource-policy",
        says="A header of the answer does not allow other origins to use it.",
        page="uses/web/#two-ports-are-two-origins",
        steps=steps.resource_policy,
        look=_resource_policy,
    ),
    Rule(
        key="insecure-context",
        says="The page is not a secure context, because it uses http and is not from localhost.",
        page="uses/https/#which-local-addresses-are-a-secure-context",
        steps=steps.secure_context,
        marks={"insecure-context": 80},
    ),
    Rule(
        key="windows-app-loopback",
        says="Windows does not allow this packaged app to connect to loopback.",
        page="troubleshooting/permission/#windows-apps-and-loopback",
        steps=steps.loopback_exempt,
        marks={"uwp": 45},
    ),
)
