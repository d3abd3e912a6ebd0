"""ITI-57 as software of the DMP writes it: a set, and what it does to documents (XDS.md section 7).

An entry is text that names its own attributes, so that a test changes one of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import uuid4

LCM = "urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0"
RIM = "urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0"
STATUS = "urn:oasis:names:tc:ebxml-regrep:StatusType:"
FRENCH = "urn:asip:ci-sis:2010:StatusType:"
IHE_2010 = "urn:ihe:iti:2010:AssociationType:"
HAS_MEMBER = "urn:oasis:names:tc:ebxml-regrep:AssociationType:HasMember"
ACTION = "urn:ihe:iti:2010:UpdateDocumentSet"
STABLE = "urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1"
CONFIDENTIALITY = "urn:uuid:f4f85eac-e6cb-4883-b524-f2705394840f"
PREFIXES = {
    "Approved": STATUS,
    "Deprecated": STATUS,
    "Archived": FRENCH,
    "Deleted": FRENCH,
}
SET = "SubmissionSet01"
OID = "1.2.250.1.213.1.4.10"


def entry_uuid(document: str) -> str:
    """Of our id, 32 hexadecimal digits."""
    parts = (document[:8], document[8:12], document[12:16], document[16:20], document[20:])
    return f"urn:uuid:{'-'.join(parts)}"


def slot(name: str, *values: str) -> str:
    listed = "".join(f"<rim:Value>{one}</rim:Value>" for one in values)
    return f'<rim:Slot name="{name}"><rim:ValueList>{listed}</rim:ValueList></rim:Slot>'


def classified(scheme: str, code: str, system: str = "1.2.3") -> str:
    return (
        f'<rim:Classification classificationScheme="{scheme}" nodeRepresentation="{code}"'
        f' classifiedObject="x" id="{uuid4()}">{slot("codingScheme", system)}'
        f'<rim:Name><rim:LocalizedString value="{code}"/></rim:Name></rim:Classification>'
    )


def identified(scheme: str, value: str) -> str:
    return (
        f'<rim:ExternalIdentifier identificationScheme="{scheme}" value="{value}"'
        f' registryObject="x" id="{uuid4()}"/>'
    )


def patient_id(ins: str, oid: str = OID) -> str:
    return f"{ins}^^^&amp;{oid}&amp;ISO^NH"


def submission_set(ins: str, *, unique_id: str | None = None, without: Sequence[str] = ()) -> str:
    named = unique_id or f"2.25.{uuid4().int}"
    said = {
        "submissionTime": slot("submissionTime", "20260301080000"),
        "node": '<rim:Classification id="c1" nodeRepresentation=""'
        f' classificationNode="urn:uuid:a54d6aa5-d40d-43f9-88c5-b4633d873bdd"'
        f' classifiedObject="{SET}"/>',
        "author": '<rim:Classification id="c2" nodeRepresentation="" classifiedObject="x"'
        ' classificationScheme="urn:uuid:a7058bb9-b4e4-4307-ba5b-e3f0ab85e12d">'
        f"{slot('authorPerson', '801234567897^FICTIVE^CLAIRE')}</rim:Classification>",
        "contentTypeCode": classified("urn:uuid:aa543740-bdda-424e-8c96-df4873be8500", "04"),
        "sourceId": identified("urn:uuid:554ac39e-e3fe-47fe-b233-965d2a147832", "1.2.250.9"),
        "uniqueId": identified("urn:uuid:96fdda7c-d067-4183-912e-bf5ee74998a8", named),
        "patientId": identified("urn:uuid:6b5aea1a-874d-4603-a4bc-96a0a7b38446", patient_id(ins)),
    }
    inside = "".join(text for name, text in said.items() if name not in without)
    return f'<rim:RegistryPackage id="{SET}">{inside}</rim:RegistryPackage>'


def link(kind: str, target: str, *slots: str, source: str = SET) -> str:
    return (
        f'<rim:Association id="{uuid4()}" associationType="{kind}" sourceObject="{source}"'
        f' targetObject="{target}">{"".join(slots)}</rim:Association>'
    )


def status_of(word: str) -> str:
    return PREFIXES.get(word, STATUS) + word


def availability(document: str, before: str, after: str) -> str:
    """`document` is our id, the others words as Approved."""
    return link(
        f"{IHE_2010}UpdateAvailabilityStatus",
        entry_uuid(document),
        slot("OriginalStatus", status_of(before)),
        slot("NewStatus", status_of(after)),
    )


@dataclass(frozen=True, kw_only=True)
class Version:
    """A new metadata version: `slots`, `codes` (confidentialityCode) and what stands `beside` as
    XML; `attributes` of the ExtrinsicObject besides its ids."""

    document: str
    ins: str
    unique_id: str
    codes: Sequence[str] = ("N",)
    previous: str | None = "1"
    slots: Mapping[str, str] = field(default_factory=dict)
    beside: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    name: str = "Document01"

    @property
    def text(self) -> str:
        about = {
            "id": self.name,
            "lid": entry_uuid(self.document),
            "objectType": STABLE,
            "mimeType": "text/xml",
            **self.attributes,
        }
        told = " ".join(f'{name}="{value}"' for name, value in about.items())
        inside = [slot(name, value) for name, value in self.slots.items()]
        inside += [classified(CONFIDENTIALITY, one) for one in self.codes]
        inside += [
            self.beside,
            identified("urn:uuid:58a6f841-87b3-4a3e-92fd-a8ffeff98427", patient_id(self.ins)),
            identified("urn:uuid:2e82c1f6-a085-4c72-9da3-8640a32e42ab", self.unique_id),
        ]
        slots = [slot("SubmissionSetStatus", "Original")]
        slots += [slot("PreviousVersion", self.previous)] if self.previous is not None else []
        return f"<rim:ExtrinsicObject {told}>{''.join(inside)}</rim:ExtrinsicObject>" + link(
            HAS_MEMBER, self.name, *slots
        )


def update(*pieces: str) -> str:
    """The body: a set and what it does, each written as above."""
    return (
        f'<lcm:SubmitObjectsRequest xmlns:lcm="{LCM}" xmlns:rim="{RIM}">'
        f"<rim:RegistryObjectList>{''.join(pieces)}</rim:RegistryObjectList>"
        "</lcm:SubmitObjectsRequest>"
    )
