"""The file of a service as a publisher hands it in: JSON, and every key of it is known."""

import re
from collections.abc import Iterator
from dataclasses import MISSING, fields
from datetime import date
from urllib.parse import urlsplit

from msgspec import ValidationError, convert

from gateway.access.scopes import scope_of
from gateway.errors import RefusedError
from gateway.mapping.fhir.json import load_json
from gateway.mapping.oidc.client_assertion import is_client_key
from gateway.records.catalogue.files import Judgement, ServiceFile

MAX_FILE_BYTES = 65_536
MAX_TEXT, MAX_ITEMS, MAX_KEYS = 2_000, 50, 4
IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)
DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)
ADDRESS = re.compile(r"[!$&-;=?-Z_a-z~%\[\]@]{1,500}", re.ASCII)
"""What an address is written with (RFC 3986), without `#`: no fragment (RFC 6749, 3.1.2)."""
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
LOOPBACK = ("127.0.0.1", "[::1]")
"""Where an installed program listens (RFC 8252, 7.3); a name could be led elsewhere."""
TAKEN = frozenset({"autoriser"})


def read_file(raw: bytes) -> ServiceFile:
    """Raises RefusedError, which says what to mend."""
    said = load_json(raw, max_bytes=MAX_FILE_BYTES)
    known = {one.name for one in fields(ServiceFile)}
    if unknown := sorted(set(said) - known):
        raise RefusedError(f"clé inconnue : {unknown[0][:64]}")
    needed = (one.name for one in fields(ServiceFile) if one.default is MISSING)
    if missing := sorted(set(needed) - set(said)):
        raise RefusedError(f"clé absente : {missing[0]}")
    try:
        file = convert(said, ServiceFile)
    except ValidationError as error:
        raise RefusedError(f"valeur inattendue : {str(error)[:200]}") from None
    if fault := next(_faults(file), ""):
        raise RefusedError(fault)
    return file


def _faults(file: ServiceFile) -> Iterator[str]:
    yield from _of_texts(file)
    yield from (f"scopes : {one[:80]} n'existe pas" for one in file.scopes if not scope_of(one))
    yield from (f"redirects : {one[:80]}" for one in file.redirects if not is_redirect(one))
    if file.secret_sha256 and not DIGEST.fullmatch(file.secret_sha256):
        yield "secret_sha256 : 64 chiffres hexadécimaux, ou rien"
    yield from _of_keys(file)
    yield from (fault for one in file.judgements for fault in _of_judgement(one))
    if len({one.criterion for one in file.judgements}) < len(file.judgements):
        yield "judgements : un avis par critère"


def _of_texts(file: ServiceFile) -> Iterator[str]:
    if not IDENTIFIER.fullmatch(file.id) or file.id in TAKEN:
        yield "id : lettres, chiffres, point, tiret, 64 signes au plus"
    for name in ("name", "publisher", "description", "price"):
        if not 0 < len(getattr(file, name).strip()) <= MAX_TEXT:
            yield f"{name} : de 1 à {MAX_TEXT} signes"
    for name in ("themes", "regions", "languages", "scopes", "redirects"):
        if not 0 < len(getattr(file, name)) <= MAX_ITEMS:
            yield f"{name} : de 1 à {MAX_ITEMS} éléments"
    for name in ("terms", "privacy"):
        if not _is_page(getattr(file, name)):
            yield f"{name} : une adresse https"


def _of_keys(file: ServiceFile) -> Iterator[str]:
    if file.keys and file.secret_sha256:
        yield "keys : des clés publiques ou secret_sha256, pas les deux"
    if len(file.keys) > MAX_KEYS:
        yield f"keys : {MAX_KEYS} clés au plus"
    if not all(is_client_key(one) for one in file.keys):
        yield "keys : des clés publiques avec un kid, RSA (2048 bits ou plus) ou EC P-384"
    if len({one.get("kid") for one in file.keys}) < len(file.keys):
        yield "keys : un kid par clé"


def _of_judgement(one: Judgement) -> Iterator[str]:
    if not one.referee.strip():
        yield "judgements : referee est vide"
    if not (_is_day(one.since) and _is_day(one.until) and one.since <= one.until):
        yield "judgements : since et until sont deux jours, AAAA-MM-JJ"


def _is_day(said: str) -> bool:
    try:
        return bool(DAY.fullmatch(said)) and bool(date.fromisoformat(said))
    except ValueError:
        return False


def _is_page(said: str) -> bool:
    parts = _parts(said)
    return parts is not None and parts[0] == "https"


def is_redirect(said: str) -> bool:
    """https; http to the machine itself; or the scheme of an installed program, which is a domain
    name turned round (RFC 8252, 7)."""
    parts = _parts(said)
    if parts is None:
        return False
    scheme, host = parts
    return scheme == "https" or (scheme == "http" and host in LOOPBACK) or "." in scheme


def _parts(said: str) -> tuple[str, str] | None:
    """Scheme and host without its port; None for what is no address, or holds credentials."""
    if not ADDRESS.fullmatch(said):
        return None
    try:
        parts = urlsplit(said)
        host = parts.netloc.rpartition(":")[0] if parts.port else parts.netloc
    except ValueError:
        return None
    web = parts.scheme in ("https", "http")
    return None if "@" in parts.netloc or (web and not host) else (parts.scheme, host)
