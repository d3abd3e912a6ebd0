"""Binding addresses: port 0, demo ports that give way, one port shared by several workers."""

import errno
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from gateway.settings import Address

NOT_TO_BE_HAD = frozenset({errno.EADDRINUSE, errno.EADDRNOTAVAIL, errno.EACCES})


@contextmanager
def door(name: str, address: Address) -> Iterator[None]:
    """An address that cannot be had is told with the door it was for."""
    try:
        yield
    except OSError as error:
        if isinstance(error, socket.gaierror):
            raise OSError(error.errno, error.strerror, f"{name} {address}") from error
        if error.errno not in NOT_TO_BE_HAD or error.filename is not None:
            raise
        raise OSError(error.errno, os.strerror(error.errno), f"{name} {address}") from error


def bind(address: Address, *, share: bool = False, backlog: int | None = 1024) -> socket.socket:
    """A bound socket; it listens unless `backlog` is None.

    Raises OSError when the port is taken and does not give way.
    """
    try:
        return _bind(address.host, address.port, share=share, backlog=backlog)
    except OSError as error:
        if error.errno != errno.EADDRINUSE or not address.gives_way:
            raise
        return _bind(address.host, 0, share=share, backlog=backlog)


def free_port(address: Address) -> int:
    """The port to ask for: as wished, or 0 where it is taken and may give way."""
    try:
        with _bind(address.host, address.port, share=False, backlog=1):
            return address.port
    except OSError as error:
        if error.errno != errno.EADDRINUSE or not address.gives_way:
            raise
        return 0


def _bind(host: str, port: int, *, share: bool, backlog: int | None) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if share:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        listener.bind((host, port))
        if backlog is not None:
            listener.listen(backlog)
        listener.settimeout(0)
    except OSError:
        listener.close()
        raise
    return listener


def address_of(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return str(Address(str(host), int(port)))
