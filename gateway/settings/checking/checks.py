"""What a configuration must also fulfil: secrets that exist, TLS off the machine, hosting.

Each check yields (path of the key, message); lines are added here.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from os.path import isdir, isfile  # no name is too long for them: Path raises
from pathlib import Path

from gateway.errors import RefusedError
from gateway.mapping.help_places import read_places
from gateway.mapping.labels import type_known, type_system_of
from gateway.records.patients.patient import Profile
from gateway.settings.addresses import parse_receiver
from gateway.settings.checking.dmp import (
    OTHERS_MAY_READ,
    dmp_forward_faults,
    dmp_trust_faults,
    labels_unknown,
)
from gateway.settings.checking.lines import line_of
from gateway.settings.checking.places import place_faults, unusable
from gateway.settings.checking.problems import Problem
from gateway.settings.sections.dmp import dmp_faults
from gateway.settings.sections.doors import Tls
from gateway.settings.sections.psc import psc_faults
from gateway.settings.shape import Settings

Fault = tuple[tuple[str | int, ...], str]
PASSWORD_IN_URL = re.compile(r"^[^/]+://[^/@]*:[^/@]+@")
PUT_BACK = "put yours back, or let `gateway init` make one for a new database"


def house_problems(settings: Settings, text: str) -> tuple[Problem, ...]:
    """Every fault of settings that are well formed; `text` gives the lines."""
    faults = [
        *_store(settings),
        *_tls(settings),
        *_doors(settings),
        *dmp_faults(settings.dmp),
        *dmp_trust_faults(settings),
        *dmp_forward_faults(settings),
        *_sending(settings),
        *_applications(settings),
        *_local_types(settings),
        *_cda(settings),
        *_growth(settings),
        *_help(settings),
        *_psc(settings),
        *_production(settings),
        *place_faults(settings),
    ]
    return problems_of(text, faults)


def problems_of(text: str, faults: list[Fault]) -> tuple[Problem, ...]:
    """The faults with the lines of their keys."""
    return tuple(
        Problem(
            ".".join(part for part in path if isinstance(part, str)), line_of(text, path), message
        )
        for path, message in faults
    )


def _store(settings: Settings) -> Iterator[Fault]:
    store = settings.store
    if not isdir(store.keys):
        yield ("store", "keys"), f"there is no folder {store.keys}: {PUT_BACK}"
    if PASSWORD_IN_URL.match(store.url):
        yield ("store", "url"), "holds a password: move it to ~/.pgpass or PGPASSFILE"
    if settings.access.grid is not None and not isfile(settings.access.grid):
        yield ("access", "grid"), f"there is no file {settings.access.grid}"


def _growth(settings: Settings) -> Iterator[Fault]:
    folder = settings.growth.reference_dir
    if folder is None:
        return
    if not isdir(folder):
        yield ("growth", "reference_dir"), f"there is no folder {folder}"
        return
    from gateway.mapping.growth.folder import references_of

    try:
        references_of(folder)
    except (OSError, RefusedError) as error:
        yield ("growth", "reference_dir"), str(error)


def _cda(settings: Settings) -> Iterator[Fault]:
    xsd = settings.cda.xsd
    if xsd is None:
        return
    if not isfile(xsd):
        yield ("cda", "xsd"), f"there is no file {xsd}"
        return
    from gateway.mapping.cda.schema import load_schema

    try:
        load_schema(xsd)
    except RefusedError as error:
        yield ("cda", "xsd"), str(error)


def _help(settings: Settings) -> Iterator[Fault]:
    file = settings.help.places
    if file is None:
        return
    try:
        read_places(file.read_text("utf-8-sig"))
    except (OSError, ValueError) as error:
        yield ("help", "places"), f"{file.name}: {getattr(error, 'strerror', None) or error}"


def _psc(settings: Settings) -> Iterator[Fault]:
    psc = settings.psc
    if psc is None:
        return
    yield from psc_faults(psc)
    yield from _file(("psc", "client_secret"), psc.client_secret, secret=True)
    if isfile(psc.client_secret) and not psc.client_secret.read_text("utf-8", "replace").strip():
        yield ("psc", "client_secret"), "is an empty file"


def _tls(settings: Settings) -> Iterator[Fault]:
    for path, tls in tls_sections(settings):
        yield from _files(path, tls)
    relay = settings.mssante.relay
    if relay is None:
        return
    here = ("mssante", "relay")
    if (relay.certificate is None) != (relay.key is None):
        yield here, "certificate and key come together"
    for name in ("ca", "certificate", "key"):
        file = getattr(relay, name)
        if file is not None:
            yield from _file((*here, name), file, secret=name == "key")
    if relay.certificate is not None and relay.ca is None:
        yield (*here, "certificate"), "is shown to nobody without ca: mail would leave in clear"
    if settings.mssante.sender_address is None:
        yield (*here,), "with a relay, mssante.sender_address says whom our mails come from"


def tls_sections(settings: Settings) -> Iterator[tuple[tuple[str | int, ...], Tls]]:
    if settings.http.tls:
        yield ("http", "tls"), settings.http.tls
    if settings.mssante.tls:
        yield ("mssante", "tls"), settings.mssante.tls
    for place, door in enumerate(settings.mllp):
        if door.tls:
            yield ("mllp", place, "tls"), door.tls


def _files(path: tuple[str | int, ...], tls: Tls) -> Iterator[Fault]:
    missing = [
        *_file((*path, "certificate"), tls.certificate),
        *_file((*path, "key"), tls.key, secret=True),
    ]
    if tls.client_ca is not None:
        missing += _file((*path, "client_ca"), tls.client_ca)
    yield from missing or (((*path, name), why) for name, why in unusable(tls))


def _file(path: tuple[str | int, ...], file: Path, *, secret: bool = False) -> Iterator[Fault]:
    if not isfile(file):
        yield path, f"there is no file {file}"
    elif secret and file.stat().st_mode & OTHERS_MAY_READ:
        yield path, f"others may read {file}: chmod 600"


def _doors(settings: Settings) -> Iterator[Fault]:
    for place, door in enumerate(settings.mllp):
        if door.sender is None and (door.tls is None or door.tls.client_ca is None):
            yield (
                ("mllp", place),
                "nobody is known here: name a sender, or ask for certificates (tls.client_ca)",
            )
    names = sorted(door.name for door in settings.mllp)
    if any(one == other for one, other in pairwise(names)):
        yield ("mllp",), "two listeners have the same name"
    if settings.mssante.enabled and not settings.mssante.sender_domains:
        yield ("mssante", "sender_domains"), "nobody may write: name the domains that may"


def _sending(settings: Settings) -> Iterator[Fault]:
    sending = settings.sending
    if (sending.certificate is None) != (sending.key is None):
        yield ("sending",), "certificate and key come together"
    for name in ("ca", "certificate", "key"):
        file = getattr(sending, name)
        if file is not None:
            yield from _file(("sending", name), file, secret=name == "key")
    if sending.connect_seconds + sending.answer_seconds > settings.tasks.lease_seconds * 0.8:
        text = "with connect_seconds, it must fit into four fifths of tasks.lease_seconds"
        yield ("sending", "answer_seconds"), text
    names = sorted(one.name for one in settings.forward)
    if any(one == other for one, other in pairwise(names)):
        yield ("forward",), "two destinations have the same name"
    for place, one in enumerate(settings.forward):
        yield from ((("forward", place, name), why) for name, why in labels_unknown(one.labels))


def _applications(settings: Settings) -> Iterator[Fault]:
    services = sorted(one.id for one in settings.application)
    if any(one == other for one, other in pairwise(services)):
        yield ("application",), "two services have the same id"


def _local_types(settings: Settings) -> Iterator[Fault]:
    named = sorted((one.code, one.system) for one in settings.local_type)
    if any(one == other for one, other in pairwise(named)):
        yield ("local_type",), "two of them have the same code and system"
    for place, one in enumerate(settings.local_type):
        if type_known(one.code) and one.system in ("", type_system_of(one.code)):
            text = "is an official type: its label is that of the national table"
            yield ("local_type", place, "code"), text


def _production(settings: Settings) -> Iterator[Fault]:
    if settings.profile is not Profile.PRODUCTION:
        return
    hosting = settings.hosting
    if hosting.country != "FR":
        yield ("hosting", "country"), 'health data are hosted in France: country = "FR" (GEN-07)'
    if not hosting.name.strip():
        yield ("hosting", "name"), "name the certified host (GEN-07)"
    if not hosting.hds_certificate.strip():
        yield ("hosting", "hds_certificate"), "give the number of the HDS certificate (GEN-07)"
    yield from _open_doors(settings)
    yield from _open_ways(settings)


def _open_doors(settings: Settings) -> Iterator[Fault]:
    """Nothing readable leaves the machine in production."""
    message = "is reached from other machines: give certificate and key"
    http = settings.http
    if http.tls is None and not http.listen.is_loopback:
        yield ("http", "tls"), message
    for place, door in enumerate(settings.mllp):
        if door.tls is None and not door.listen.is_loopback:
            yield ("mllp", place, "tls"), message
    mail = settings.mssante
    if mail.enabled and mail.tls is None and not mail.listen.is_loopback:
        yield ("mssante", "tls"), message


def _open_ways(settings: Settings) -> Iterator[Fault]:
    """The same of what leaves."""
    relay = settings.mssante.relay
    if relay is not None and relay.ca is None and not relay.address.is_loopback:
        yield ("mssante", "relay", "ca"), "the relay is on another machine: name its authorities"
    for place, one in enumerate(settings.forward):
        if leaves_readable(one.to):
            yield ("forward", place, "to"), "is on another machine: write mllps://"
    if settings.sending.answers and leaves_readable(settings.sending.answers):
        yield ("sending", "answers"), "is on another machine: write mllps://"


def leaves_readable(receiver: str) -> bool:
    """Whether messages to this address could be read on their way."""
    where = parse_receiver(receiver)
    return not where.tls and not where.address.is_loopback
