"""Entries of an archive that are no documents of the patient, though they are in order.

A signature of the lot (IHE DSG, type E1762) and a DICOM object (the manifest of images, folder
SS000001) come with the documents. They stay in the bytes of the receipt and are never shown.
"""

from gateway.mapping.files.enclosed import begins_xml
from gateway.mapping.xdm.ebrim.metadata import RegistryEntry
from gateway.records.intake.finding import Finding, Severity

SIGNATURE_TYPE = "E1762"
DICOM_TYPE = "application/dicom"
DICOM_MAGIC, DICOM_PREAMBLE_BYTES = b"DICM", 128


def beside(registry: RegistryEntry, body: bytes, where: str) -> Finding | None:
    """What is said of such an entry; None for a document."""
    if registry.code("typeCode") == SIGNATURE_TYPE:
        return _kept("xdm-signature", where, "A signature of the lot is kept, not checked.")
    magic = body[DICOM_PREAMBLE_BYTES : DICOM_PREAMBLE_BYTES + len(DICOM_MAGIC)]
    named = registry.mime_type == DICOM_TYPE
    if magic == DICOM_MAGIC or (named and not begins_xml(body)):
        return _kept("xdm-imaging", where, "A DICOM object is kept with the message, not filed.")
    return None


def _kept(code: str, where: str, message: str) -> Finding:
    return Finding(code=code, severity=Severity.WARNING, where=where, message=message)
