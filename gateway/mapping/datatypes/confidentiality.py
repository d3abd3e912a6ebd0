"""Who may see a document, as its sender wrote it: JDV_J08, or nothing is taken.

A code that no rule of access knows cannot be kept: dropped, it would show what a sender meant to
hide (ACCESS section 2 has no other codes).
"""

from dataclasses import replace

from gateway.records.documents.document import BodyKind, Document
from gateway.records.intake.finding import Finding, Severity, Verdict, verdict_of
from gateway.records.intake.understanding import Format, Understanding
from gateway.records.readers.access import CODES

MISSPELT = {"INVISIBLE_REPRENSANTS_LEGAUX": "INVISIBLE_REPRESENTANTS_LEGAUX"}
"""As an older text has it (RULES H4)."""
OF_LESS = frozenset({"U", "L", "M"})
"""HL7 v3 Confidentiality below Normal; read as Normal, never as visible to all."""
KNOWN = CODES | OF_LESS
XDM = "METADATA.XML: confidentialityCode"
PLACES = {
    Format.FHIR: "DocumentReference.securityLabel",
    Format.HL7V2: "OBX-5",
    Format.XDM: XDM,
    Format.XDS: "DocumentEntry.confidentialityCode",
    Format.MAIL: XDM,
}


def with_known_codes(understood: Understanding) -> Understanding:
    """The same with its codes spelt as the value set has them; refused for one that it has not."""
    if all(CODES.issuperset(one.confidentiality) for one in understood.documents):
        return understood
    documents = tuple(_spelt(one) for one in understood.documents)
    form = understood.format
    found = [_unknown(_place(form, one)) for one in documents if not _known(one)]
    if understood.verdict is Verdict.REFUSE:
        found = []
    findings = (*understood.findings, *found)
    verdict = verdict_of(findings) if found else understood.verdict
    return replace(understood, documents=documents, findings=findings, verdict=verdict)


def _known(document: Document) -> bool:
    return KNOWN.issuperset(document.confidentiality)


def _spelt(document: Document) -> Document:
    codes = (MISSPELT.get(code, code) for code in document.confidentiality)
    return replace(document, confidentiality=tuple(dict.fromkeys(codes)))


def _place(form: Format, document: Document) -> str:
    """Where its own format has the code."""
    if form is Format.FHIR and document.body is BodyKind.FHIR:
        return "Composition.confidentiality"
    return PLACES.get(form, "/ClinicalDocument/confidentialityCode")


def _unknown(where: str) -> Finding:
    return Finding(
        code="confidentiality-unknown",
        severity=Severity.ERROR,
        where=where,
        message="Send N, R or V, and of MASQUE_PS, INVISIBLE_PATIENT and "
        "INVISIBLE_REPRESENTANTS_LEGAUX those that hold (JDV_J08): nothing was taken.",
    )
