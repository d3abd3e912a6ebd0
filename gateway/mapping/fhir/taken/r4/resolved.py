"""Strict mode: what the Composition of a FHIR document names stands in its Bundle, once.

R4 Bundle, Resolving references in Bundles: a relative reference begins where the fullUrl of its
own entry does, and names nothing where that one is a URN. An ingestion is milder (`room`).
"""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from gateway.mapping.fhir.findings import error
from gateway.mapping.fhir.json import Json
from gateway.mapping.fhir.taken.bundles.bundle import entries_of
from gateway.mapping.fhir.taken.bundles.room import HISTORY
from gateway.mapping.fhir.taken.r4.invariants import ASKING
from gateway.mapping.fhir.values import obj, text
from gateway.records.intake.finding import Finding

ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
"""RFC 3986, scheme."""
RESTFUL = re.compile(r"(https?://.*/)[A-Za-z]+/[A-Za-z0-9\-.]{1,64}")


def full_url_findings(bundle: Json) -> Iterator[Finding]:
    """R4 Bundle.entry.fullUrl: an absolute address or a URN, never one that is relative."""
    for number, entry in enumerate(entries_of(bundle)):
        full = text(entry, "fullUrl")
        if full and not ABSOLUTE.match(full):
            message = "Write each fullUrl with its scheme, such as https or urn: it is absolute."
            yield error("bundle-full-url", f"Bundle.entry[{number}].fullUrl", message)
        if full and bundle.get("type") not in ASKING and _names_another(full, entry):
            message = "A fullUrl of a server ends with the type and the id of its resource."
            yield error("bundle-full-url", f"Bundle.entry[{number}].fullUrl", message)


def _names_another(full: str, entry: Json) -> bool:
    """What is asked of a server (ASKING) gets its id there; all else bears its own."""
    held = obj(entry, "resource")
    kind, own = text(held, "resourceType"), text(held, "id")
    if not kind or not own or not RESTFUL.fullmatch(full):
        return False
    return not full.endswith(f"/{kind}/{own}")


def composition_findings(bundle: Json) -> Iterator[Finding]:
    first = next(iter(entries_of(bundle)), {})
    composition = obj(first, "resource")
    if bundle.get("type") != "document" or composition.get("resourceType") != "Composition":
        return
    known = Counter(name for entry in entries_of(bundle) for name in _names(entry))
    base = RESTFUL.fullmatch(text(first, "fullUrl") or "")
    for place, reference in _references(composition, "Composition"):
        whole = reference if ABSOLUTE.match(reference) else f"{base[1] if base else ''}{reference}"
        if known[whole] != 1:
            message = "Name one entry of the Bundle: by its fullUrl, and its version if it has two."
            yield error("reference-unresolved", place, message)


def _names(entry: Json) -> Iterator[str]:
    if full := text(entry, "fullUrl"):
        yield full
        if version := text(entry, "resource", "meta", "versionId"):
            yield f"{full}{HISTORY}{version}"


def _references(value: Any, place: str) -> Iterator[tuple[str, str]]:
    """Where each stands and what it names; what is contained and what names it are left out."""
    if isinstance(value, list):
        for number, one in enumerate(value):
            yield from _references(one, f"{place}[{number}]")
    elif isinstance(value, dict):
        if (named := text(value, "reference")) and not named.startswith("#"):
            yield place, named
        for name, one in value.items():
            if name != "contained":
                yield from _references(one, f"{place}.{name}")
