"""What was read in a paste, on its way from the readers to the classification."""

from __future__ import annotations

from checks.model.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from checks.text.banners import Banner
    from checks.text.endpoint import Endpoint
    from checks.text.errors import ErrorMessage
    from checks.text.settings import Setting
    from checks.text.tables import Table


class Reading(NamedTuple):
    """The fields of a :class:`checks.text.Classification`, without the text itself."""

    kind: str
    endpoints: tuple[Endpoint, ...] = ()
    errors: tuple[ErrorMessage, ...] = ()
    banner: Banner | None = None
    tables: tuple[Table, ...] = ()
    settings: tuple[Setting, ...] = ()
