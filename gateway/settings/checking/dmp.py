"""Whom the DMP door trusts, and the DMPs that are fed: files that are there and can be used, and
what production refuses."""

import re
from collections.abc import Iterable, Iterator
from itertools import chain, pairwise
from os.path import isfile

from gateway.mapping.vihf.card import card_of
from gateway.mapping.vihf.trust import trust_of
from gateway.records.documents.document import Label
from gateway.records.patients.patient import Profile
from gateway.settings.addresses import parse_dmp
from gateway.settings.sections.dmp import OID, DmpSoftware
from gateway.settings.sections.dmp_forward import DmpForward
from gateway.settings.shape import Settings

Fault = tuple[tuple[str | int, ...], str]
OTHERS_MAY_READ = 0o077
FINGERPRINT = re.compile(r"[0-9A-Fa-f]{64}")


def dmp_forward_faults(settings: Settings) -> Iterator[Fault]:
    """Who is fed: files that can be used, names that are nobody else's."""
    names = [one.name for one in settings.forward]
    names = sorted([*names, *(one.name for one in settings.dmp.forward)])
    if any(one == other for one, other in pairwise(names)):
        yield ("dmp", "forward"), "two destinations have the same name, [[forward]] among them"
    for place, one in enumerate(settings.dmp.forward):
        faults = (
            _card_faults(one),
            labels_unknown(one.labels),
            _connection_faults(one, settings.tasks.lease_seconds),
        )
        for name, why in chain.from_iterable(faults):
            yield ("dmp", "forward", place, name), why


def labels_unknown(labels: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The key and what is wrong with it."""
    if unknown := sorted(set(labels) - {label.value for label in Label}):
        known = ", ".join(label.value for label in Label)
        yield "labels", f"there is no label {unknown[0]}; known: {known}"


def _card_faults(one: DmpForward) -> Iterator[tuple[str, str]]:
    named = {"card": one.card, "card_key": one.card_key, "ca": one.ca}
    named |= {"certificate": one.certificate, "key": one.key}
    missing = {name: file for name, file in named.items() if file and not isfile(file)}
    yield from ((name, f"there is no file {file}") for name, file in missing.items())
    if missing.keys() & {"card", "card_key"}:
        return
    secret = one.card_key or one.card
    for name, file in (("card_key" if one.card_key else "card", secret), ("key", one.key)):
        if file and isfile(file) and file.stat().st_mode & OTHERS_MAY_READ:
            yield name, f"others may read {file}: chmod 600"
    try:
        card = card_of(one.card.read_bytes(), secret.read_bytes())
    except ValueError as error:
        yield "card", f"with card_key is no {error}"
        return
    if not (one.structure or card.structure):
        yield "structure", "is needed: the certificate has no OU, or several"


def _connection_faults(one: DmpForward, lease_seconds: float) -> Iterator[tuple[str, str]]:
    where = parse_dmp(one.to)
    if not where.tls and not where.is_loopback:
        yield "to", "is on another machine: write dmp+https://"
    if (one.certificate is None) != (one.key is None):
        yield "certificate", "and key come together"
    if one.answer_seconds > lease_seconds * 0.8:
        yield "answer_seconds", "must fit into four fifths of tasks.lease_seconds"


def dmp_trust_faults(settings: Settings) -> Iterator[Fault]:
    """Nothing of a door that is closed."""
    dmp = settings.dmp
    if not dmp.enabled:
        return
    tls = settings.http.tls
    if tls is None or tls.client_ca is None:
        text = (
            "software comes with a client certificate: give [http.tls] client_ca, and"
            " client_required = false for browsers"
        )
        yield ("dmp", "enabled"), text
    yield from _files(settings)
    for place, oid in enumerate(dmp.policies):
        if not OID.fullmatch(oid):
            yield ("dmp", "policies", place), "is no OID"
    yield from _software(dmp.software, production=settings.profile is Profile.PRODUCTION)


def _files(settings: Settings) -> Iterator[Fault]:
    dmp, production = settings.dmp, settings.profile is Profile.PRODUCTION
    if not dmp.authorities:
        yield ("dmp", "authorities"), "nobody is trusted: name those whose certificates sign VIHFs"
    if production and not dmp.revocations:
        yield ("dmp", "revocations"), "name the lists of revoked certificates of the authorities"
    named = [(name, file) for name in ("authorities", "revocations") for file in getattr(dmp, name)]
    missing = [(name, file) for name, file in named if not isfile(file)]
    yield from ((("dmp", name), f"there is no file {file}") for name, file in missing)
    if missing:
        return
    contents = {
        name: [file.read_bytes() for key, file in named if key == name] for name, _ in named
    }
    try:
        trust_of(contents.get("authorities", ()), demo=not production)
    except ValueError as error:
        yield ("dmp", "authorities"), f"holds {_why(error)}"
        return
    try:
        trust_of(contents.get("authorities", ()), contents.get("revocations", ()))
    except ValueError as error:
        yield ("dmp", "revocations"), f"holds {_why(error)}"


def _why(error: ValueError) -> str:
    """Our own words; a library's may quote what it read."""
    told = str(error)
    return told if told.startswith(("a ", "the ")) else "what is no certificate and no list"


def _software(software: tuple[DmpSoftware, ...], *, production: bool) -> Iterator[Fault]:
    names = sorted(one.sender for one in software)
    if any(one == other for one, other in pairwise(names)):
        yield ("dmp", "software"), "two of them are of the same sender"
    signing = sorted(fingerprint_of(text) for one in software for text in one.certificates)
    if any(one == other for one, other in pairwise(signing)):
        yield ("dmp", "software"), "two of them sign with the same certificate"
    for place, one in enumerate(software):
        here: tuple[str | int, ...] = ("dmp", "software", place)
        if not all(FINGERPRINT.fullmatch(fingerprint_of(text)) for text in one.certificates):
            yield (*here, "certificates"), "are SHA-256 fingerprints: 64 hexadecimal digits"
        if production and one.sha1:
            yield (*here, "sha1"), "SHA-1 can be forged: not in production"


def fingerprint_of(text: str) -> str:
    """As it is compared: small letters, without the colons that tools write."""
    return text.replace(":", "").strip().lower()
