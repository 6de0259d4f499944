"""What can stop a connection between this machine and another one nearby: a VPN or a permission."""

from __future__ import annotations

from checks.causes.base import Clue

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from checks.causes.situation import Situation


def vpn(situation: Situation) -> Iterator[Clue]:
    """Whether a VPN may have taken the route to another machine."""
    if situation.may_be_loopback:
        return
    if situation.is_private:
        at_all = 46 if situation.error.name == "ETIMEDOUT" else 30
        at_all -= 6 * situation.has("browser")  # rather the firewall of a machine nearby
        yield Clue(
            at_all, situation.at_endpoint("a private network: a VPN may take over its route")
        )
    else:
        yield Clue(12)
    told = situation.words(
        r"\b(?:vpn|anyconnect|globalprotect|wireguard|openvpn|tailscale|utun\d{1,2}|tun0)\b",
        "the text names a VPN",
    )
    if told:
        yield Clue(40, told)


def macos_privacy(situation: Situation) -> Iterator[Clue]:
    """Local addresses only, and names of multicast DNS: Apple, TN3179."""
    if situation.endpoint is None and situation.system == "macos":
        yield Clue(20, situation.at_error("on macOS a missing permission causes the same error"))
        return
    named = situation.host.lower().rstrip(".").endswith(".local")
    if (not situation.is_private and not named) or situation.is_bridge:
        return
    says = "a name of the local network" if named else "an address of the local network"
    yield Clue(35, situation.at_endpoint(says))
    if situation.system == "macos" or "sendto" in situation.low:
        yield from situation.marked({"macos": 40})
        yield Clue(10)
        if situation.error.system == "macos" and "macos" not in situation.marks:
            yield Clue(20, situation.at_error("this is macOS's number"))
    elif situation.system in ("linux", "windows"):
        yield Clue(-35)
