"""What stands in a file of an archive: a CDA, FHIR or results that are read, else a plain file.

The first three tell of themselves; what they say completes the envelope or contradicts it.
"""

from gateway.mapping.cda import CdaReading, read_cda
from gateway.mapping.fhir.taken.read import understand_fhir
from gateway.mapping.fhir.taken.resources.composition import MIME_TYPE as FHIR_JSON
from gateway.mapping.files.enclosed import begins_xml, read_single
from gateway.mapping.hl7v2 import understand, words_in
from gateway.records.documents.document import CDA_TYPES, RESULTS_TYPE, BodyKind
from gateway.records.intake.finding import Finding
from gateway.records.intake.reading import Reading
from gateway.records.intake.understanding import Understanding

FHIR_TYPES = (FHIR_JSON, "application/json+fhir", "application/json")
HL7_TYPES = (RESULTS_TYPE, "application/hl7-v2")

Inside = tuple[CdaReading | None, BodyKind | None, tuple[Finding, ...]]


def read_inside(mime: str, body: bytes, reading: Reading) -> Inside:
    """`mime` in small letters, without parameters. The second and third are the kind of body and
    why it cannot be taken as it is."""
    if mime in CDA_TYPES or begins_xml(body):
        read = read_cda(body, reading)
    elif mime in FHIR_TYPES:
        read = _only(understand_fhir(body, reading))
    elif mime in HL7_TYPES:
        read = _only(understand(body, reading))
    else:
        return (None, *read_single(mime, body))
    return read, read.document.body if read.document else None, read.findings


def same_kind(declared: str, own: str) -> bool:
    """Whether a declared type is a name of the type that was read in the file."""
    return any(declared in kind and own in kind for kind in (CDA_TYPES, FHIR_TYPES, HL7_TYPES))


def _only(understood: Understanding) -> CdaReading:
    """The input as one document, which is the whole of it; a carrier of others is refused."""
    documents = understood.documents
    whole = len(documents) == 1 and documents[0].mime_type in (FHIR_JSON, RESULTS_TYPE)
    if documents and not whole:
        return CdaReading(document=None, findings=read_single("", b"")[1])
    body = next((one.body for one in understood.contents), b"")
    words = next((one.words for one in understood.contents), "")
    return CdaReading(
        document=next(iter(documents), None),
        words=words_in(body) if words is None else words,
        observations=next(iter(understood.observations), ()),
        findings=understood.findings,
    )
