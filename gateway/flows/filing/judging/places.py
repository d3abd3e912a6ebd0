"""Where each format says what the judge has something to say of: `where` of its findings."""

from collections.abc import Mapping
from dataclasses import dataclass

from gateway.records.documents.document import Action
from gateway.records.intake.understanding import Format, Understanding


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """`named` is what a sender points to where it must be right on the document it replaces."""

    patient: str
    traits: str
    opposition: str
    kind: str
    author: str
    unique_id: str
    named: str
    replaced: str


CDA = Places(
    patient="/ClinicalDocument/recordTarget/patientRole",
    traits="/ClinicalDocument/recordTarget/patientRole/patient",
    opposition="/ClinicalDocument/recordTarget/patientRole",
    kind="/ClinicalDocument/code",
    author="/ClinicalDocument/author",
    unique_id="/ClinicalDocument/id",
    named="/ClinicalDocument/relatedDocument",
    replaced="/ClinicalDocument/relatedDocument",
)
HL7V2 = Places(
    patient="PID-3",
    traits="PID-5",
    opposition="PID-3",
    kind="OBX-3",
    author="OBX-5",
    unique_id="OBX-5",
    named="TXA-13",
    replaced="OBX-5",
)
"""Fields, which ERR-2 can name: the document stands in OBX-5, and so do rows without one."""
FHIR = Places(
    patient="DocumentReference.subject",
    traits="DocumentReference.subject",
    opposition="DocumentReference.subject",
    kind="DocumentReference.type",
    author="DocumentReference.author",
    unique_id="DocumentReference.masterIdentifier",
    named="DocumentReference.relatesTo",
    replaced="DocumentReference.relatesTo",
)
XDM = Places(
    patient="METADATA.XML: patientId",
    traits="METADATA.XML: sourcePatientInfo",
    opposition="METADATA.XML: patientId",
    kind="METADATA.XML: typeCode",
    author="METADATA.XML: author",
    unique_id="METADATA.XML: uniqueId",
    named="METADATA.XML: uniqueId",
    replaced="relatedDocument",
)
XDS = Places(
    patient="DocumentEntry.patientId",
    traits="DocumentEntry.sourcePatientInfo",
    opposition="DocumentEntry.patientId",
    kind="DocumentEntry.typeCode",
    author="DocumentEntry.author",
    unique_id="DocumentEntry.uniqueId",
    named="Association RPLC",
    replaced="Association RPLC",
)
BY_FORMAT: Mapping[Format, Places] = {
    Format.HL7V2: HL7V2,
    Format.FHIR: FHIR,
    Format.XDM: XDM,
    Format.XDS: XDS,
    Format.MAIL: XDM,
}


def places_in(form: Format) -> Places:
    """Those of a CDA where a document came alone."""
    return BY_FORMAT.get(form, CDA)


def place_of_target(understood: Understanding, action: Action) -> str:
    """Where an input that must be right on it names what it replaces or deletes.

    An MDM says so in TXA-13, and in TXA-12 for a deletion (XDM_HL7V2 A3); an ORU has no TXA.
    """
    places = places_in(understood.format)
    if understood.format is not Format.HL7V2:
        return places.named
    if understood.message is None or not understood.message.header.type.startswith("MDM"):
        return places.replaced
    return "TXA-12" if action is Action.DELETE else places.named
