"""Strict mode: cardinalities of the profiles that meta.profile names (FHIR.md section 3).

MHD 4.2 (IHE.MHD.…) and PDSm 3.1, which narrows it. A profile is told by the last word of its
address: guides move between hosts and versions.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from gateway.mapping.fhir.findings import error
from gateway.mapping.fhir.json import Json
from gateway.mapping.fhir.taken.bundles.bundle import submission_sets
from gateway.mapping.fhir.taken.bundles.room import kind_named
from gateway.mapping.fhir.taken.r4.elements import KIND
from gateway.mapping.fhir.taken.resources.payload import decode
from gateway.mapping.fhir.values import extension, obj, objs, text
from gateway.records.intake.finding import Finding

ARCHIVED = "pdsm-ext-is-archived"
FORBIDDEN = ("modifierExtension", "docStatus")
SHA1_BYTES = 20
ONCE = ("type", "category", "subject")
EMPTY: tuple[object, ...] = (None, "", [], {})


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What must be there, by the element that bears it, and what is never used in an attachment;
    `guide` is said to the sender and begins the code of a finding; `unused` are elements of the
    DocumentReference."""

    guide: str
    elements: tuple[str, ...]
    attachment: tuple[str, ...]
    never: str
    unused: tuple[str, ...] = FORBIDDEN
    content: tuple[str, ...] = ()
    context: tuple[str, ...] = ()
    one_event: bool = False


MINIMAL = Profile(
    guide="MHD",
    elements=("masterIdentifier", "status", "content"),
    attachment=("contentType", "url"),
    never="data",
)
COMPREHENSIVE = Profile(
    guide="MHD",
    elements=(*MINIMAL.elements, "type", "category", "subject", "securityLabel", "context"),
    attachment=(*MINIMAL.attachment, "language", "creation"),
    never="data",
    content=("format",),
    context=("facilityType", "practiceSetting", "sourcePatientInfo"),
)
SIMPLIFIED = Profile(
    guide="MHD",
    elements=("masterIdentifier", "status", "subject", "content"),
    attachment=("contentType", "data"),
    never="url",
)
DOCUMENTS = {
    "pdsm-comprehensive-document-reference": Profile(
        guide="PDSm",
        elements=(*COMPREHENSIVE.elements, "date", "author", "custodian", "contained"),
        attachment=(*COMPREHENSIVE.attachment, "title", "size", "hash"),
        never="data",
        content=COMPREHENSIVE.content,
        context=("period", *COMPREHENSIVE.context),
    ),
    "pdsm-simplified-publish": Profile(
        guide="PDSm",
        elements=(*SIMPLIFIED.elements, "date", "author", "custodian"),
        attachment=(*SIMPLIFIED.attachment, "title"),
        never="url",
        unused=(*FORBIDDEN, "identifier"),
        one_event=True,
    ),
    "IHE.MHD.Comprehensive.DocumentReference": COMPREHENSIVE,
    "IHE.MHD.UnContained.Comprehensive.DocumentReference": COMPREHENSIVE,
    "IHE.MHD.Minimal.DocumentReference": MINIMAL,
    "IHE.MHD.SimplifiedPublish.DocumentReference": SIMPLIFIED,
}
WHOLE_SETS = frozenset(
    {
        "pdsm-submissionset-comprehensive",
        "IHE.MHD.Comprehensive.SubmissionSet",
        "IHE.MHD.UnContained.Comprehensive.SubmissionSet",
    }
)
SETS = WHOLE_SETS | {"IHE.MHD.Minimal.SubmissionSet"}
DEPOSITS = {
    "pdsm-comprehensive-provide-document-bundle": "PDSm",
    "IHE.MHD.Comprehensive.ProvideBundle": "MHD",
    "IHE.MHD.UnContained.Comprehensive.ProvideBundle": "MHD",
    "IHE.MHD.Minimal.ProvideBundle": "MHD",
}


def profile_findings(resource: Json) -> Iterator[Finding]:
    """Of a DocumentReference, a SubmissionSet or the Bundle of a deposit; the first profile that
    is known here."""
    named = _named(resource)
    match resource.get("resourceType"):
        case "List":
            yield from _set_findings(resource, named)
        case "DocumentReference":
            known = next((DOCUMENTS[one] for one in named if one in DOCUMENTS), None)
            if known:
                yield from _document_findings(resource, known)
            yield from _archived_findings(resource)
        case "Bundle":
            yield from _deposit_findings(resource, named)


def _deposit_findings(bundle: Json, named: list[str]) -> Iterator[Finding]:
    """Two sets are refused in every mode; without one it is none of these deposits."""
    guide = next((DEPOSITS[one] for one in named if one in DEPOSITS), None)
    if guide and not submission_sets(bundle):
        message = f"Send a SubmissionSet (List with code submissionset): {guide} requires it."
        yield error(f"{guide.lower()}-cardinality", "Bundle.entry", message)


def _named(resource: Json) -> list[str]:
    told = obj(resource, "meta").get("profile")
    listed = told if isinstance(told, list) else []
    return [str(one).partition("|")[0].rpartition("/")[2] for one in listed]


def _document_findings(resource: Json, profile: Profile) -> Iterator[Finding]:
    where = "DocumentReference"
    yield from _missing(resource, profile.elements, where, profile)
    yield from _unused(resource, profile.unused, where, profile)
    yield from _named_findings(resource, where, profile)
    for name in ONCE:
        if isinstance(value := resource.get(name), list) and len(value) > 1:
            yield _told(profile, f"{where}.{name}", f"Send one {name}.")
    context = obj(resource, "context")
    yield from _missing(context, profile.context, f"{where}.context", profile)
    if profile.one_event and len(objs(context, "event")) > 1:
        yield _told(profile, f"{where}.context.event", "Send at most one event.")
    if "period" in profile.context:
        yield from _missing(obj(context, "period"), ("start",), f"{where}.context.period", profile)
    contents = objs(resource, "content")
    if len(contents) != 1:
        yield _told(profile, f"{where}.content", "Send exactly one content.")
    for content in contents:
        yield from _missing(content, profile.content, f"{where}.content", profile)
        yield from _attachment(obj(content, "attachment"), f"{where}.content.attachment", profile)


def _named_findings(resource: Json, where: str, profile: Profile) -> Iterator[Finding]:
    """The document and the patient, by what names them."""
    if named := obj(resource, "masterIdentifier"):
        yield from _missing(named, ("system", "value"), f"{where}.masterIdentifier", profile)
    kind = kind_named(obj(resource, "subject"))
    if KIND.fullmatch(kind) and kind != "Patient":
        yield error("fhir-reference", f"{where}.subject", "It may name Patient, and nothing else.")


def _attachment(attachment: Json, where: str, profile: Profile) -> Iterator[Finding]:
    yield from _missing(attachment, profile.attachment, where, profile)
    yield from _unused(attachment, (profile.never,), where, profile)
    if said := text(attachment, "hash"):
        hashed = decode(said)[0]
        if hashed is None:
            yield error("base64", f"{where}.hash", "Write hash in base64.")
        elif len(hashed) != SHA1_BYTES:
            message = f"Write the {SHA1_BYTES} bytes of the SHA-1 in base64."
            yield error("hash-length", f"{where}.hash", message)


def _archived_findings(resource: Json) -> Iterator[Finding]:
    for one in objs(resource, "extension"):
        url = (text(one, "url") or "").rpartition("/")[2]
        if url == ARCHIVED and not isinstance(one.get("valueBoolean"), bool):
            message = "isArchived is a valueBoolean."
            yield error("pdsm-cardinality", "DocumentReference.extension", message)


def _set_findings(resource: Json, named: list[str]) -> Iterator[Finding]:
    known = next((one for one in named if one in SETS), None)
    if known is None:
        return
    whole = known in WHOLE_SETS
    profile = DOCUMENTS["pdsm-comprehensive-document-reference"] if "pdsm" in known else MINIMAL
    elements = ("status", "mode", "code", "date", *(("subject",) if whole else ()))
    yield from _missing(resource, elements, "List", profile)
    if (mode := text(resource, "mode")) and mode != "working":
        yield _told(profile, "List.mode", "The mode of a SubmissionSet is working.")
    for name in ("ihe-sourceId", *(("ihe-designationType",) if whole else ())):
        if not extension(resource, name):
            yield _told(profile, "List.extension", f"The extension {name} is required.")
    yield from _unused(resource, ("encounter", "orderedBy", "emptyReason"), "List", profile)


def _missing(
    element: Json, names: tuple[str, ...], where: str, profile: Profile
) -> Iterator[Finding]:
    for name in names:
        if element.get(name) in EMPTY:
            yield _told(profile, f"{where}.{name}", f"{name} is required by {profile.guide}.")


def _unused(
    element: Json, names: tuple[str, ...], where: str, profile: Profile
) -> Iterator[Finding]:
    for name in names:
        if name in element:
            yield _told(profile, f"{where}.{name}", f"{name} is not used in this profile.")


def _told(profile: Profile, where: str, message: str) -> Finding:
    return error(f"{profile.guide.lower()}-cardinality", where, message)
