"""Strict mode: the R4 model of fhir.resources and the cardinalities of PDSm (FHIR.md section 3).

Imported only where it is asked for: the models are heavy. Nothing of the input is quoted.
"""

import json
from collections.abc import Iterator

from fhir.resources.R4B import get_fhir_model_class
from pydantic import ValidationError

from gateway.mapping.fhir.findings import error, warning
from gateway.mapping.fhir.json import Json
from gateway.mapping.fhir.taken.bundle import entries_of
from gateway.mapping.fhir.taken.narrative import narrative_findings
from gateway.mapping.fhir.taken.payload import decode
from gateway.mapping.fhir.taken.resolved import composition_findings, full_url_findings
from gateway.mapping.fhir.values import codings, obj, objs, text
from gateway.records.intake.finding import Finding

MAX_FINDINGS = 20
LOINC = "http://loinc.org"
COMPREHENSIVE = "pdsm-comprehensive-document-reference"
SIMPLIFIED = "pdsm-simplified-publish"
ARCHIVED = "pdsm-ext-is-archived"
BOTH = ("masterIdentifier", "status", "subject", "date", "author", "custodian", "content")
MORE = ("contained", "type", "category", "securityLabel", "context")
ATTACHMENT_BOTH = ("contentType", "title")
ATTACHMENT_MORE = ("language", "size", "hash", "url", "creation")
CONTEXT_MORE = ("period", "facilityType", "practiceSetting", "sourcePatientInfo")
NOT_IN_CONTAINED = ("versionId", "lastUpdated", "security")


def strict_findings(resource: Json) -> list[Finding]:
    """At most 20 findings of the model, then those of the profiles named in meta.profile."""
    found = [*_model_findings(resource), *_empty_findings(resource)]
    found.extend((*full_url_findings(resource), *composition_findings(resource)))
    found.extend(narrative_findings(resource))
    held = [obj(entry, "resource") for entry in entries_of(resource)] or [resource]
    for one in held:
        found.extend(_contained_findings(one))
        match one.get("resourceType"):
            case "DocumentReference":
                found.extend(_profile_findings(one))
            case "Observation":
                found.extend(_vital_sign_findings(one))
    return found


def _model_findings(resource: Json) -> Iterator[Finding]:
    kind = text(resource, "resourceType") or ""
    try:
        model = get_fhir_model_class(kind)
        model.model_validate_json(json.dumps(resource, default=_number))
    except ValidationError as errors:
        for one in errors.errors(include_input=False, include_url=False)[:MAX_FINDINGS]:
            steps = [str(step) for step in one["loc"]]
            where = ".".join([kind, *steps])[:200]
            yield error("fhir-model", where, "This element does not fit R4: check it.")
    except (KeyError, LookupError, ValueError, TypeError, AttributeError):
        yield error("fhir-model", "Resource.resourceType", "This is no resource of R4.")


def _empty_findings(resource: Json) -> Iterator[Finding]:
    """R4 JSON: no array, object or string is empty."""
    waiting: list[tuple[str, object]] = [(text(resource, "resourceType") or "Resource", resource)]
    while waiting:
        where, value = waiting.pop()
        if value in ("", [], {}):
            message = "Leave out what is empty."
            yield error("fhir-empty", where[:200], message)
        elif isinstance(value, dict):
            waiting.extend((f"{where}.{name}", inner) for name, inner in value.items())
        elif isinstance(value, list):
            waiting.extend((f"{where}[{at}]", inner) for at, inner in enumerate(value))


def _vital_sign_findings(resource: Json) -> Iterator[Finding]:
    """R4 vital signs profile: a measure of this category is named in LOINC."""
    categories = {text(one, "code") for each in objs(resource, "category") for one in codings(each)}
    systems = {text(one, "system") for one in codings(resource.get("code"))}
    if "vital-signs" in categories and LOINC not in systems:
        yield error("vital-signs-code", "Observation.code", "Name a vital sign in LOINC too.")


def _number(value: object) -> float:
    return float(str(value))


def _contained_findings(resource: Json) -> Iterator[Finding]:
    """dom-3 and dom-4: what is contained is referenced, and has no version of its own.

    A warning: the guides' own examples break both (FHIR.md section 3, traps).
    """
    inner = objs(resource, "contained")
    if not inner:
        return
    written = json.dumps(resource, default=_number)
    kind = text(resource, "resourceType") or "Resource"
    for one in inner:
        own = text(one, "id") or ""
        if f'"#{own}"' not in written and '"#"' not in json.dumps(one, default=_number):
            message = "A contained resource is not referenced (dom-3)."
            yield warning("fhir-dom-3", f"{kind}.contained", message)
        if any(name in obj(one, "meta") for name in NOT_IN_CONTAINED):
            message = "A contained resource has no versionId, lastUpdated or security (dom-4)."
            yield warning("fhir-dom-4", f"{kind}.contained.meta", message)


def _profile_findings(resource: Json) -> Iterator[Finding]:
    profiles = obj(resource, "meta").get("profile")
    named = {str(one).rpartition("/")[2] for one in profiles} if isinstance(profiles, list) else ()
    if COMPREHENSIVE in named:
        yield from _missing(resource, (*BOTH, *MORE), "DocumentReference")
        yield from _missing(obj(resource, "context"), CONTEXT_MORE, "DocumentReference.context")
        yield from _missing(
            obj(resource, "context", "period"), ("start",), "DocumentReference.context.period"
        )
        yield from _contents(resource, (*ATTACHMENT_BOTH, *ATTACHMENT_MORE), never="data")
    elif SIMPLIFIED in named:
        yield from _missing(resource, BOTH, "DocumentReference")
        yield from _contents(resource, (*ATTACHMENT_BOTH, "data"), never="url")
    for one in objs(resource, "extension"):
        url = (text(one, "url") or "").rpartition("/")[2]
        if url == ARCHIVED and not isinstance(one.get("valueBoolean"), bool):
            message = "isArchived is a valueBoolean."
            yield error("pdsm-cardinality", "DocumentReference.extension", message)


def _contents(resource: Json, needed: tuple[str, ...], *, never: str) -> Iterator[Finding]:
    contents = objs(resource, "content")
    if len(contents) != 1:
        yield error("pdsm-cardinality", "DocumentReference.content", "Send exactly one content.")
    for content in contents:
        where = "DocumentReference.content.attachment"
        attachment = obj(content, "attachment")
        yield from _missing(attachment, needed, where)
        if (said := text(attachment, "hash")) and decode(said)[0] is None:
            yield error("base64", f"{where}.hash", "Write hash in base64.")
        if never in attachment:
            message = f"{never} is not used in this profile."
            yield error("pdsm-cardinality", f"{where}.{never}", message)


def _missing(element: Json, names: tuple[str, ...], where: str) -> Iterator[Finding]:
    for name in names:
        if element.get(name) in (None, "", [], {}):
            message = f"{name} is required by PDSm."
            yield error("pdsm-cardinality", f"{where}.{name}", message)
