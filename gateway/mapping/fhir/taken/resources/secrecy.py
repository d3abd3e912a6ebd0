"""Who may see a document, as FHIR writes it: securityLabel or confidentiality, and meta.security.

What is said here and cannot be read is an error, never N: passed over, it would show what its
sender meant to hide. What a resource says of itself hides its document too: the stricter holds.
"""

from collections.abc import Iterator
from typing import Any

from gateway.mapping.datatypes.confidentiality import MISSPELT
from gateway.mapping.fhir.findings import error
from gateway.mapping.fhir.json import Json
from gateway.mapping.fhir.values import codings, obj, objs, text
from gateway.records.intake.finding import Finding
from gateway.records.readers.access import CODES

NORMAL = ("N",)
OF_CARE = frozenset({"R", "V"})
HIDING = (CODES | MISSPELT.keys()) - {*NORMAL, *OF_CARE}
"""Words that mean the same in whatever system a sender puts them (TRE_A07)."""
OTHER_LABELS = ("http://snomed.info/", "http://terminology.hl7.org/", "http://hl7.org/")
"""Systems whose codes in a securityLabel, but for Confidentiality, are no order to hide."""
CONFIDENTIALITY = "Confidentiality"


def labels_of(document: Json) -> tuple[str, ...]:
    """The codes of a DocumentReference in their order, N where it has none."""
    concepts = objs(document, "securityLabel")
    ours = (one for concept in concepts for one in codings(concept) if _is_order(one))
    said = tuple(code for one in ours if (code := text(one, "code")))
    return _once(said or NORMAL, document)


def confidentiality_of(composition: Json, bundle: Json) -> tuple[str, ...]:
    """The same of a FHIR document: its header has one code, the others stand in meta.security."""
    said = text(composition, "confidentiality")
    return _once((said,) if said else NORMAL, composition, bundle)


def label_findings(document: Json, where: str) -> Iterator[Finding]:
    told = document.get("securityLabel")
    for number, one in enumerate(told if isinstance(told, list) else [told]):
        if one is not None and not any(text(each, "code") for each in codings(one)):
            yield _unread(f"{where}.securityLabel[{number}]")


def confidentiality_findings(composition: Json) -> Iterator[Finding]:
    if composition.get("confidentiality") is not None and not text(composition, "confidentiality"):
        yield _unread("Composition.confidentiality")


def _once(said: tuple[str, ...], *resources: Json) -> tuple[str, ...]:
    more = (one for resource in resources for one in objs(obj(resource, "meta"), "security"))
    return tuple(dict.fromkeys((*said, *(text(one, "code") or "" for one in more if _hides(one)))))


def _hides(coding: Json) -> bool:
    code = text(coding, "code")
    of_care = code in OF_CARE and CONFIDENTIALITY in (text(coding, "system") or "")
    return code in HIDING or of_care


def _is_order(coding: Any) -> bool:
    """JDV_J08 is extensible (FHIR.md section 4). A code of no known system may hide."""
    system = text(coding, "system") or ""
    another = system.startswith(OTHER_LABELS) and CONFIDENTIALITY not in system
    return not another or text(coding, "code") in HIDING


def _unread(where: str) -> Finding:
    message = "Give who may see the document by a code of JDV_J08: what is here cannot be read."
    return error("confidentiality-unknown", where, message)
