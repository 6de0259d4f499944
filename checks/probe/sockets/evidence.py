"""The rows of a socket table as evidence: with their owners, and what is known of them."""

from __future__ import annotations

from checks.address import blocks, ipv4, ipv6
from checks.model import words
from checks.model.evidence import Listener, Peer
from checks.model.words import TCP
from checks.probe import system
from checks.probe.machine import cgroups
from checks.probe.machine.interfaces import name as interface_name
from checks.probe.machine.linux import privileged
from checks.rules import owners as rules

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from checks.model.evidence import Interface, Owner, Unit
    from checks.probe.machine.processes import Holders
    from checks.probe.sockets.row import Row


class Describer:
    """Turns rows into evidence; remembers what it has looked up.

    Arguments:
        interfaces: the machine's addresses.
        held: the processes that hold each inode.
        owners: those that hold each row, where the reader of the table tells.
        units: whether the unit is looked up also where an owner is seen.
        reasons: whether a listener without an owner says why it has none.
    """

    def __init__(
        self,
        interfaces: Sequence[Interface],
        held: Holders,
        owners: Mapping[Row, tuple[Owner, ...]] | None = None,
        *,
        units: bool = True,
        reasons: bool = False,
    ) -> None:
        self.held = held
        self.owners = owners
        self.of_owners = units
        self.reasons = reasons
        self.names = {each.address: each.name for each in reversed(interfaces) if each.name}
        self.users: dict[int, str] = {}
        self.groups: dict[int, Unit | None] = {}
        self.reaches: dict[tuple[str, int], tuple[str, str | None]] = {}

    def peer(self, row: Row) -> Peer:
        """Return a row that takes no traffic as evidence."""
        return Peer(
            protocol=row.protocol,
            state=row.state,
            local=words.at(row.local, row.local_port),
            remote=words.at(row.remote, row.remote_port) if row.remote_port else None,
            owners=self.holding(row),
        )

    def listener(self, row: Row) -> Listener:
        """Return a row that takes traffic as evidence."""
        owners = self.holding(row)
        where = row.local, row.interface
        reach = self.reaches.get(where)
        if reach is None:
            reach = self.reaches[where] = self.reach(row)
        tcp = row.protocol == TCP
        unit = None if owners and not self.of_owners else self.unit(row, owners)
        hidden = self.reasons and row.inode is not None and not owners
        return Listener(
            protocol=row.protocol,
            address=row.local,
            port=row.local_port,
            v6only=row.v6only,
            queue=row.receive if tcp else None,
            backlog=row.send if tcp else None,
            uid=row.uid,
            user=self.user(row.uid, owners),
            inode=row.inode,
            unit=None if unit is None else cgroups.text(unit),
            owners=owners,
            reach=reach[0],
            interface=reach[1],
            source=row.source,
            managed_by=unit,
            no_owner=no_owner(self.held) if hidden else None,
        )

    def holding(self, row: Row) -> tuple[Owner, ...]:
        """The processes that hold a socket."""
        if self.owners is not None:
            return self.owners.get(row, ())
        return self.held.owners.get(row.inode or 0, ())

    def user(self, uid: int | None, owners: tuple[Owner, ...]) -> str | None:
        """The login name of a socket's user, asked for once; without one that of the owner."""
        if uid is None:
            return owners[0].user if owners else None
        if uid not in self.users:
            self.users[uid] = system.user_name(uid)
        return self.users[uid]

    def unit(self, row: Row, owners: tuple[Owner, ...]) -> Unit | None:
        """The unit or container; by the socket's own control group where that tells more.

        So it does where no owner is seen, and of a socket that systemd holds for a unit.
        """
        main = rules.main(owners)
        if main is None:
            return self.group(row.cgroup) if row.cgroup else None
        unit = main.managed_by
        if row.cgroup and cgroups.is_manager(unit):
            return self.group(row.cgroup) or unit
        return unit

    def group(self, number: int) -> Unit | None:
        """The unit or container of a control group, asked for once."""
        if number not in self.groups:
            self.groups[number] = cgroups.unit_of_number(number)
        return self.groups[number]

    def reach(self, row: Row) -> tuple[str, str | None]:
        """Who can connect, by bound address and interface; and that interface's name."""
        # All of 127.0.0.0/8 is on the interface of 127.0.0.1, the one address that is listed.
        listed = "127.0.0.1" if row.local.startswith("127.") else row.local
        tied = interface_name(row.interface) if row.interface else None
        name = tied or self.names.get(listed)
        if row.interface and name == "lo":
            return "host", name
        if row.local in ("0.0.0.0", "::"):
            return ("network" if name else "any"), name
        version = 6 if ":" in row.local else 4
        value = (ipv6 if version == 6 else ipv4).parse(row.local)
        loopback = value is not None and blocks.is_loopback(version, value)
        return ("host" if loopback else "network"), name


def no_owner(holders: Holders) -> str:
    """Why no owner was seen, as :attr:`checks.model.evidence.Listener.no_owner` has it.

    Never "nobody": what is not in /proc may be elsewhere.
    """
    if not holders.seen:
        return "no-processes"
    if not holders.hidden:
        return "not-found"
    return "not-all-read" if privileged() else "other-user"


def unseen(listener: Listener, holders: Holders) -> str:
    """Say why a listener has no owner: hidden is not the same as absent.

    Arguments:
        listener: one whose ``no_owner`` is set.
        holders: what the pass over the processes found.
    """
    where = f"{listener.protocol} {words.at(listener.address, listener.port)}"
    if listener.no_owner == "no-processes":
        return (
            f"The processes could not be read (/proc shows none): the owner of {where} is unknown."
        )
    if listener.no_owner == "other-user":
        user = listener.user or "another user"
        return f"The process that holds {where} is hidden from this user; it belongs to {user}."
    note = f"No process was found that holds {where}: "
    if listener.no_owner == "not-all-read":
        count = f"{holders.hidden} process{'es' if holders.hidden > 1 else ''}"
        return note + f"{count} could not be read."
    return note + (
        "the kernel itself may, or a process of another PID namespace, such as a container's."
    )
