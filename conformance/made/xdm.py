"""An IHE_XDM.ZIP: README.TXT, INDEX.HTM, one SUBSET and its METADATA.XML (IHE ITI TF-2, 3.32)."""

import hashlib
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

from conformance.made.cda import Paper

WHEN = (2026, 1, 15, 10, 15, 0)
RIM, LCM = (
    "urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0",
    "urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0",
)
APPROVED = "urn:oasis:names:tc:ebxml-regrep:StatusType:Approved"
HAS_MEMBER = "urn:oasis:names:tc:ebxml-regrep:AssociationType:HasMember"
SET_NODE = "a54d6aa5-d40d-43f9-88c5-b4633d873bdd"
ENTRY_TYPE = "7edca82f-054d-47f2-a032-9b2a5b5186c1"
CLASS, TYPE = "41a5887f-8865-4c09-adf7-e362475b143a", "f0306f51-975f-434e-a61c-c59651d33983"
FORMAT = "a09d5840-386c-46f2-b5ad-9c3699a4309d"
CONFIDENTIALITY = "f4f85eac-e6cb-4883-b524-f2705394840f"
FACILITY, SETTING = "f33fb8ac-18af-42cc-ae0e-ed0b0bdb91e1", "cccf5598-8b07-4b77-a05e-ae952c785ead"
AUTHOR = "93606bcf-9494-43ec-9b4e-a7748d1a838d"
SET_AUTHOR, CONTENT_TYPE = (
    "a7058bb9-b4e4-4307-ba5b-e3f0ab85e12d",
    "aa543740-bdda-424e-8c96-df4873be8500",
)
ENTRY_PATIENT, ENTRY_ID = (
    "58a6f841-87b3-4a3e-92fd-a8ffeff98427",
    "2e82c1f6-a085-4c72-9da3-8640a32e42ab",
)
SET_PATIENT, SET_SOURCE = (
    "6b5aea1a-874d-4603-a4bc-96a0a7b38446",
    "554ac39e-e3fe-47fe-b233-965d2a147832",
)
SET_ID = "96fdda7c-d067-4183-912e-bf5ee74998a8"
README = "Emetteur : Laboratoire fictif (1999999999)\r\nLogiciel : kit de conformite\r\n"
INDEX = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<html xmlns="http://www.w3.org/1999/xhtml"><head>'
    "<title>IHE_XDM</title></head><body><p>Emetteur : Laboratoire fictif (1999999999)</p>"
    '<p><a href="README.TXT">README.TXT</a></p></body></html>\n'
)


@dataclass
class Entry:
    """One document of an archive; a check may make its metadata lie."""

    paper: Paper
    body: bytes = b""
    file: str = "DOC0001.XML"
    hash: str = ""
    size: str = ""
    unique_id: str = ""
    type: str = ""
    patient: str = ""
    action: str = ""

    def __post_init__(self) -> None:
        self.body = self.body or self.paper.cda()
        self.hash = self.hash or hashlib.sha1(self.body, usedforsecurity=False).hexdigest()
        self.size = self.size or str(len(self.body))
        self.unique_id = self.unique_id or self.paper.id
        self.type = self.type or self.paper.type
        self.patient = self.patient or patient_id(self.paper)


@dataclass
class Archive:
    """`files` are further members, or others in place of those that would be written."""

    entries: Sequence[Entry]
    id: str
    set_patient: str = ""
    subset: str = "SUBSET01"
    metadata: str = "METADATA.XML"
    files: dict[str, bytes] = field(default_factory=dict)

    def members(self) -> dict[str, bytes]:
        folder = f"IHE_XDM/{self.subset}"
        made = {"README.TXT": README.encode(), "INDEX.HTM": INDEX.encode()}
        made[f"{folder}/{self.metadata}"] = metadata_xml(self).encode()
        made |= {f"{folder}/{one.file}": one.body for one in self.entries}
        return made | self.files

    def zip(self) -> bytes:
        return zipped(self.members())


def zipped(members: dict[str, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The same members give the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name, WHEN), data, method)
    return out.getvalue()


def patient_id(paper: Paper) -> str:
    return f"{paper.who.ins}^^^&{paper.who.oid}&ISO^NH"


def metadata_xml(archive: Archive) -> str:
    first = archive.entries[0].paper
    lot = f"urn:uuid:00000000-0000-4000-8000-{abs(hash_of(archive.id)):012x}"
    objects = [submission_set(archive, first, lot)]
    for number, entry in enumerate(archive.entries, 1):
        name = f"{lot[:-2]}{number:02x}"
        objects += [document_entry(entry, name), association(lot, name, number)]
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<lcm:SubmitObjectsRequest xmlns:lcm="{LCM}"'
        f' xmlns:rim="{RIM}"><rim:RegistryObjectList>{"".join(objects)}</rim:RegistryObjectList>'
        "</lcm:SubmitObjectsRequest>\n"
    )


def hash_of(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:5])


def submission_set(archive: Archive, first: Paper, lot: str) -> str:
    patient = archive.set_patient or patient_id(first)
    return (
        f'<rim:RegistryPackage id="{lot}" status="{APPROVED}">'
        + slot("submissionTime", "20260115093000")
        + localized("Lot fictif")
        + f'<rim:Classification id="s0" classificationNode="urn:uuid:{SET_NODE}"'
        f' classifiedObject="{lot}" nodeRepresentation=""/>'
        + authored("s1", SET_AUTHOR, lot, first)
        + classified("s2", CONTENT_TYPE, lot, "07", "1.2.250.1.213.1.1.4.22")
        + identified("s3", SET_PATIENT, lot, "XDSSubmissionSet.patientId", patient)
        + identified("s4", SET_SOURCE, lot, "XDSSubmissionSet.sourceId",
                     f"1.2.250.1.71.4.2.2.{first.house}")
        + identified("s5", SET_ID, lot, "XDSSubmissionSet.uniqueId", archive.id)
        + "</rim:RegistryPackage>"
    )  # fmt: skip


def document_entry(entry: Entry, name: str) -> str:
    paper, who = entry.paper, entry.paper.who
    info = (f"PID-5|{who.family}^{who.given}^{who.givens}^^^^L", f"PID-7|{who.birth}",
            f"PID-8|{who.sex}", f"PID-11|^^^^^^BDL^^{who.place}")  # fmt: skip
    slots = {"hash": entry.hash, "size": entry.size, "URI": entry.file,
             "creationTime": "20260115091500", "languageCode": "fr-FR",
             "legalAuthenticator": person(paper), "serviceStartTime": "20260115071500",
             "sourcePatientId": entry.patient}  # fmt: skip
    model = "urn:ihe:iti:xds-sd:pdf:2008" if paper.file else "urn:ihe:lab:xd-lab:2008"
    action = slot("urn:action:extraMetadataSlot", entry.action) if entry.action else ""
    return (
        f'<rim:ExtrinsicObject id="{name}" mimeType="text/xml" objectType="urn:uuid:{ENTRY_TYPE}"'
        f' status="{APPROVED}">'
        + "".join(slot(key, value) for key, value in slots.items())
        + slot("sourcePatientInfo", *info)
        + action
        + localized(paper.title)
        + authored(f"{name}a", AUTHOR, name, paper)
        + classified(f"{name}b", CLASS, name, "10", "1.2.250.1.213.1.1.4.1")
        + classified(f"{name}c", CONFIDENTIALITY, name, paper.confidentiality,
                     "2.16.840.1.113883.5.25")
        + classified(f"{name}d", FORMAT, name, model, "1.2.250.1.213.1.1.4.2.282")
        + classified(f"{name}e", FACILITY, name, "SA25", "1.2.250.1.71.4.2.4")
        + classified(f"{name}f", SETTING, name, "AMBULATOIRE", "1.2.250.1.213.1.1.4.9")
        + classified(f"{name}g", TYPE, name, entry.type, "2.16.840.1.113883.6.1")
        + identified(f"{name}h", ENTRY_PATIENT, name, "XDSDocumentEntry.patientId", entry.patient)
        + identified(f"{name}i", ENTRY_ID, name, "XDSDocumentEntry.uniqueId", entry.unique_id)
        + "</rim:ExtrinsicObject>"
    )  # fmt: skip


def association(lot: str, name: str, number: int) -> str:
    return (
        f'<rim:Association id="urn:uuid:00000000-0000-4000-9000-{number:012x}"'
        f' associationType="{HAS_MEMBER}" sourceObject="{lot}" targetObject="{name}">'
        f"{slot('SubmissionSetStatus', 'Original')}</rim:Association>"
    )


def authored(name: str, scheme: str, target: str, paper: Paper) -> str:
    house = f"Laboratoire fictif^^^^^&1.2.250.1.71.4.2.2&ISO^IDNST^^^{paper.house}"
    return (
        f'<rim:Classification id="{name}" classificationScheme="urn:uuid:{scheme}"'
        f' classifiedObject="{target}" nodeRepresentation="">'
        f"{slot('authorPerson', person(paper))}{slot('authorInstitution', house)}"
        "</rim:Classification>"
    )


def person(paper: Paper) -> str:
    return f"{paper.author}^TESTEUR^Lou^^^^^^&1.2.250.1.71.4.2.1&ISO^D^^^IDNPS"


def slot(name: str, *values: str) -> str:
    listed = "".join(f"<rim:Value>{escape(one)}</rim:Value>" for one in values)
    return f'<rim:Slot name="{name}"><rim:ValueList>{listed}</rim:ValueList></rim:Slot>'


def localized(text: str) -> str:
    return f'<rim:Name><rim:LocalizedString xml:lang="FR" value={quoteattr(text)}/></rim:Name>'


def classified(name: str, scheme: str, target: str, code: str, system: str) -> str:
    return (
        f'<rim:Classification id="{name}" classificationScheme="urn:uuid:{scheme}"'
        f' classifiedObject="{target}" nodeRepresentation="{code}">'
        f"{slot('codingScheme', system)}{localized(code)}</rim:Classification>"
    )


def identified(name: str, scheme: str, target: str, label: str, value: str) -> str:
    return (
        f'<rim:ExternalIdentifier id="{name}" identificationScheme="urn:uuid:{scheme}"'
        f' registryObject="{target}" value={quoteattr(value)}>{localized(label)}'
        "</rim:ExternalIdentifier>"
    )
