"""Who printed a line: the wordings of tools that print a loopback address.

Most people meet ``127.0.0.1:62893`` in a line that is no error: a debugger that has
connected, the caller in a server's log, the address of a tunnel. The line tells whose
end the address is, whether all is well, and what to do first.

:mod:`.table` has the wordings, a row a line; :mod:`.reader` finds them in a text. Both
are loaded for running text only, and for URLs that a tool may have printed.
"""

from __future__ import annotations

from checks.text.banners.banner import Banner
from checks.text.banners.reader import read as find

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.text.endpoint import Endpoint

__all__ = ["Banner", "find", "with_role"]


def with_role(endpoints: tuple[Endpoint, ...], banner: Banner | None) -> tuple[Endpoint, ...]:
    """Return endpoints with the role that a tool's line gives one that has none yet.

    Arguments:
        endpoints: of the text, in its order.
        banner: the line; None where there is none.
    """
    if banner is None or banner.endpoint is None or not banner.role:
        return endpoints
    index = banner.endpoint
    one = endpoints[index]
    if one.role is not None:
        return endpoints
    return (*endpoints[:index], one._replace(role=banner.role), *endpoints[index + 1 :])
