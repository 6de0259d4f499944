"""What clients make of localhost by themselves, whatever the system's resolver says.

RFC 6761 §6.3 lets them: names in ``localhost`` may be answered without asking
anyone. Some do and some do not, so one name is several places. Each rule here is
held against the real client by the tests, with hosts files that say otherwise.

- Node.js 17 and later asks getaddrinfo and keeps its order (Node.js manual,
  ``dns.setDefaultResultOrder()``).
- curl 7.78 and later takes 127.0.0.1, then ::1, for localhost and names below it
  (curl's lib/hostip.c, ``get_localhost``); with a full stop at the end it asks
  the system (tried with 7.88.1). 8.14.1 takes ::1, then 127.0.0.1, also with a full
  stop; which curl is asked from is not known here.
- Chromium takes ::1, then 127.0.0.1, for localhost and names below it, also with a
  full stop at the end (net/dns/dns_util.cc, ``ResolveLocalHostname``; tried with
  that of Debian 12). Other browsers may not.
"""

from __future__ import annotations

from checks.model.evidence import Answer
from checks.probe.ask.resolve import is_localhost

NODE, CURL, BROWSERS = "node", "curl", "browsers"


def answers(name: str, system: Answer, *, ipv6: bool = True) -> tuple[Answer, ...]:
    """Return what each client takes for a name; none for a name that is not localhost's.

    Arguments:
        name: as it was given, with its full stop where it has one.
        system: what getaddrinfo gave.
        ipv6: whether this system has ::1.
    """
    if not is_localhost(name):
        return ()
    found = [Answer(NODE, system.addresses, system.error)]
    if name.endswith("."):
        found.append(Answer(CURL, system.addresses, system.error))
    else:
        found.append(Answer(CURL, ("127.0.0.1", "::1") if ipv6 else ("127.0.0.1",)))
    found.append(Answer(BROWSERS, ("::1", "127.0.0.1")))
    return tuple(found)
