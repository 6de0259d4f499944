"""/proc/net, on recorded tables; test_netlink.py compares it with the live kernel."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from checks.probe.sockets import procfs

HEADER = (
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt"
    "   uid  timeout inode\n"
)
LISTENER = (
    "   0: 0100007F:F5AD 00000000:0000 0A 00000000:00000003 00:00000000 00000000"
    "  1000        0 29041 1 0000000000000000 100 0 0 10 0\n"
)
TIME_WAIT = (
    "   1: 0100007F:F5AD 0100007F:9C40 06 00000000:00000000 03:00001770 00000000"
    "     0        0 0 3 0000000000000000\n"
)
OTHER_WAY = (
    "   2: 0100007F:9C40 0100007F:F5AD 01 00000005:00000007 00:00000000 00000000"
    "  1000        0 29042 1 0000000000000000 20 4 30 10 -1\n"
)
LISTENER6 = (
    "   0: 00000000000000000000000001000000:F5AD 00000000000000000000000000000000:0000 0A"
    " 00000000:00000000 00:00000000 00000000  1000        0 29043 1 0000000000000000 100 0 0 10 0\n"
)

pytestmark = pytest.mark.skipif(
    sys.byteorder != "little", reason="recorded on a little-endian machine"
)


def tree(tmp_path: Path, **tables: str) -> str:
    """A /proc with these tables under net/."""
    (tmp_path / "net").mkdir()
    for name, text in tables.items():
        (tmp_path / "net" / name).write_text(text)
    return str(tmp_path)


def test_a_listener(tmp_path: Path) -> None:
    """Address bytes are reversed words; the second queue is what waits to be accepted."""
    (row,) = procfs.sockets("tcp", 4, 62893, tree(tmp_path, tcp=HEADER + LISTENER))
    assert row[:7] == ("tcp", "listen", 4, "127.0.0.1", 62893, "0.0.0.0", 0)
    assert (row.receive, row.send, row.uid, row.inode) == (3, None, 1000, 29041)


def test_an_ipv6_listener(tmp_path: Path) -> None:
    """Each of the four words is reversed on its own."""
    (row,) = procfs.sockets("tcp", 6, 62893, tree(tmp_path, tcp6=HEADER + LISTENER6))
    assert (row.local, row.remote) == ("::1", "::")


def test_only_the_local_port_counts(tmp_path: Path) -> None:
    """A connection to the port from elsewhere is not a row of the port."""
    rows = procfs.sockets(
        "tcp", 4, 62893, tree(tmp_path, tcp=HEADER + LISTENER + TIME_WAIT + OTHER_WAY)
    )
    assert [row.state for row in rows] == ["listen", "time-wait"]
    assert rows[1].uid is None
    assert rows[1].inode is None


def test_every_row_without_a_port(tmp_path: Path) -> None:
    """Port 0 asks for the whole table; a connection has both queues."""
    rows = procfs.sockets(
        "tcp", 4, 0, tree(tmp_path, tcp=HEADER + LISTENER + TIME_WAIT + OTHER_WAY)
    )
    assert len(rows) == 3
    assert (rows[2].send, rows[2].receive) == (5, 7)


MALFORMED = [
    "\n",
    "garbage\n",
    "   0: zz:F5AD 0:0 0A\n",
    LISTENER[:40] + "\n",
    LISTENER.replace("0A", "xx"),
    LISTENER.replace("0100007F", "01007F"),
    "\0" * 50 + "\n",
    "   0: 0100007F:F5AD " * 3 + "\n",
]


@pytest.mark.parametrize("line", MALFORMED)
def test_malformed_lines_are_left_out(tmp_path: Path, line: str) -> None:
    """A line that is no row does not hide the rows around it."""
    root = tree(tmp_path, tcp=HEADER + LISTENER + line + LISTENER)
    assert len(procfs.sockets("tcp", 4, 62893, root)) == 2


def test_a_state_not_known_yet_is_kept(tmp_path: Path) -> None:
    """A new kernel's new state is a row all the same."""
    root = tree(tmp_path, tcp=HEADER + LISTENER.replace(" 0A ", " 1F "))
    assert procfs.sockets("tcp", 4, 62893, root)[0].state == "state-1F"


def test_a_missing_table_is_an_oserror(tmp_path: Path) -> None:
    """Without IPv6 there is no tcp6; that is told from an empty table."""
    with pytest.raises(FileNotFoundError):
        procfs.sockets("tcp", 6, 62893, tree(tmp_path, tcp=HEADER))
    assert procfs.sockets("tcp", 4, 62893, str(tmp_path)) == []
