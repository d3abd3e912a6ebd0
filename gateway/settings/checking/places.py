"""What the settings name on this machine can be used: addresses, folders, certificates.

Each check yields (path of the key, message), as those of `checks`.
"""

import os
import ssl
from collections.abc import Iterator
from pathlib import Path

from gateway.settings.addresses import Address
from gateway.settings.sections.doors import Tls
from gateway.settings.shape import Settings

Fault = tuple[tuple[str | int, ...], str]


def place_faults(settings: Settings) -> Iterator[Fault]:
    yield from _twice(settings)
    yield from _folders(settings)


def _twice(settings: Settings) -> Iterator[Fault]:
    """Doors at one address would not open; of one folder nobody knows whose a file is."""
    doors: dict[Address, str] = {}
    for path, address in _listeners(settings):
        name = ".".join(part for part in path if isinstance(part, str))
        if taken := next((one for one in doors if one.meets(address)), None):
            yield path, f"{doors[taken]} listens at {taken} already"
        doors.setdefault(address, name)
    watched: set[Path] = set()
    for place, folder in enumerate(settings.folder):
        if _unusable_name(folder.path):
            continue  # `_folders` says so
        where = Path(os.path.realpath(folder.path))
        if where in watched:
            yield ("folder", place, "path"), f"{folder.path} is watched for another section already"
        watched.add(where)


def _listeners(settings: Settings) -> Iterator[tuple[tuple[str | int, ...], Address]]:
    yield ("http", "listen"), settings.http.listen
    yield ("metrics", "listen"), settings.metrics.listen
    for place, door in enumerate(settings.mllp):
        yield ("mllp", place, "listen"), door.listen
    if settings.mssante.enabled:
        yield ("mssante", "listen"), settings.mssante.listen


def _folders(settings: Settings) -> Iterator[Fault]:
    named: list[tuple[tuple[str | int, ...], Path]] = [
        (("outbox",), settings.outbox),
        (("audit", "checkpoints"), settings.audit.checkpoints),
    ]
    for place, folder in enumerate(settings.folder):
        named.append((("folder", place, "path"), folder.path))
    for path, where in named:
        if why := _unusable_name(where):
            yield path, f"{str(where)!r} cannot be looked at: {why}"
            continue
        standing = next(one for one in (where, *where.parents) if one.exists())
        if not standing.is_dir():
            yield path, f"{standing} is no folder"
        elif not os.access(standing, os.W_OK | os.X_OK):
            yield path, f"nothing can be written into {standing}: make {where} ours"


def _unusable_name(where: Path) -> str:
    """What the system says of a name that is too long, goes in a circle or through what is closed
    to us; "" for one that is there or could be."""
    try:
        where.stat()
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except OSError as error:
        return error.strerror or type(error).__name__
    except ValueError as error:  # a NUL
        return str(error)
    return ""


def unusable(tls: Tls) -> Iterator[tuple[str, str]]:
    """(key, why) of files that are there and no certificate, no key, or not of each other."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        context.load_verify_locations(tls.certificate)
    except (OSError, ssl.SSLError):
        yield "certificate", f"{tls.certificate} is no certificate in PEM"
    else:
        try:
            context.load_cert_chain(tls.certificate, tls.key, password="")
        except (OSError, ValueError, ssl.SSLError):
            why = "is no key in PEM, has a passphrase, or is that of another certificate"
            yield "key", f"{tls.key} {why}"
    if tls.client_ca is None:
        return
    try:
        context.load_verify_locations(tls.client_ca)
    except (OSError, ssl.SSLError):
        yield "client_ca", f"{tls.client_ca} holds no certificate in PEM"
