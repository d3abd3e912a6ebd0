"""Strict mode: the R4 model of fhir.resources and the cardinalities of PDSm (FHIR.md section 3).

Imported only where it is asked for: the models are heavy. Nothing of the input is quoted.
"""

import json
import re
from collections.abc import Iterator
from itertools import islice

from fhir.resources.R4B import get_fhir_model_class
from pydantic import ValidationError

from gateway.mapping.fhir.findings import error, warning
from gateway.mapping.fhir.json import Json
from gateway.mapping.fhir.taken.bundles.bundle import entries_of
from gateway.mapping.fhir.taken.r4.elements import element_findings, null_findings
from gateway.mapping.fhir.taken.r4.invariants import invariant_findings
from gateway.mapping.fhir.taken.r4.narrative import narrative_findings
from gateway.mapping.fhir.taken.r4.profiles import profile_findings
from gateway.mapping.fhir.taken.r4.resolved import composition_findings, full_url_findings
from gateway.mapping.fhir.values import codings, obj, objs, text
from gateway.records.intake.finding import Finding

MAX_FINDINGS = 20
LOINC = "http://loinc.org"
CONTROL = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f]")
NOT_IN_CONTAINED = ("versionId", "lastUpdated", "security")


def strict_findings(resource: Json) -> list[Finding]:
    """At most 20 findings of the model, then those of the profiles named in meta.profile."""
    found = [*_model_findings(resource), *_value_findings(resource)]
    found.extend(islice(null_findings(resource, _kind(resource)), MAX_FINDINGS))
    found.extend((*full_url_findings(resource), *composition_findings(resource)))
    found.extend(narrative_findings(resource))
    found.extend(invariant_findings(resource))
    if _kind(resource) == "Bundle":
        found.extend(profile_findings(resource))
    held = [obj(entry, "resource") for entry in entries_of(resource)] or [resource]
    for one in held:
        found.extend(_contained_findings(one))
        match one.get("resourceType"):
            case "DocumentReference" | "List":
                found.extend(profile_findings(one))
            case "Observation":
                found.extend(_vital_sign_findings(one))
    return found


def _kind(resource: Json) -> str:
    return text(resource, "resourceType") or "Resource"


def _model_findings(resource: Json) -> Iterator[Finding]:
    kind = text(resource, "resourceType") or ""
    try:
        model = get_fhir_model_class(kind)
        made = model.model_validate_json(json.dumps(resource, default=_number))
        yield from element_findings(made, resource)
    except ValidationError as errors:
        for one in errors.errors(include_input=False, include_url=False)[:MAX_FINDINGS]:
            steps = [str(step) for step in one["loc"]]
            where = ".".join([kind, *steps])[:200]
            yield error("fhir-model", where, "This element does not fit R4: check it.")
    except (KeyError, LookupError, ValueError, TypeError, AttributeError):
        yield error("fhir-model", "Resource.resourceType", "This is no resource of R4.")


def _value_findings(resource: Json) -> Iterator[Finding]:
    """R4 JSON: no array, object or string is empty, and a string has no control character."""
    waiting: list[tuple[str, object]] = [(_kind(resource), resource)]
    while waiting:
        where, value = waiting.pop()
        if value in ("", [], {}):
            message = "Leave out what is empty."
            yield error("fhir-empty", where[:200], message)
        elif isinstance(value, str) and CONTROL.search(value):
            message = "Leave out control characters other than tab, CR and LF."
            yield error("fhir-control", where[:200], message)
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
