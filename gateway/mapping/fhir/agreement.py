"""Does a DocumentReference say the same as the CDA it carries (FHIR.md section 6)?"""

from collections.abc import Iterator

from gateway.mapping.fhir.document_reference import Referenced
from gateway.mapping.fhir.findings import error, hold
from gateway.mapping.fhir.json import Json
from gateway.mapping.fhir.values import first_coding, text, unique_id
from gateway.mapping.identity import same_traits
from gateway.records.document import Document
from gateway.records.finding import Finding


def reference_findings(resource: Json, read: Referenced, where: str) -> Iterator[Finding]:
    inside = read.inside.document if read.inside else None
    if inside is None:
        return
    yield from _patients(read.document, inside, where)
    said = unique_id(resource.get("masterIdentifier"))
    if said and inside.unique_id and said != inside.unique_id:
        message = "masterIdentifier is not the id of the CDA."
        yield hold("unique-id-differs", f"{where}.masterIdentifier", message)
    kind = text(first_coding(resource.get("type")), "code")
    if kind and inside.type_code and kind != inside.type_code:
        yield hold("type-differs", f"{where}.type", "type is not the code of the CDA.")
    if not set(inside.confidentiality) <= set(read.document.confidentiality):
        message = "securityLabel leaves out the confidentiality code of the CDA."
        yield hold("confidentiality-differs", f"{where}.securityLabel", message)


def _patients(document: Document, inside: Document, where: str) -> Iterator[Finding]:
    own, other = document.patient, inside.patient
    if own.ins and other.ins and (own.ins, own.ins_oid) != (other.ins, other.ins_oid):
        message = "The subject is not the patient of the CDA."
        yield error("patient-mismatch", f"{where}.subject", message, application=904)
    elif same_traits(own, other):
        message = "The patient and the CDA give different identity traits."
        yield hold("traits-differ", f"{where}.subject", message)
