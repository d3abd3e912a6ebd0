"""A registry of invented documents, and stored queries as software writes them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from lxml import etree

from gateway.mapping.xds.query.asked import Query, read_query
from gateway.mapping.xds.query.objects import Entry, Registry, registered, seen_set
from gateway.records.documents.deposited import Deposited
from gateway.records.documents.document import Author, Document, Label
from gateway.records.documents.shelved import Card, DocumentStatus
from gateway.records.intake.understanding import Submission
from gateway.records.patients.patient import PatientIdentity, PatientKey

QUERY = "urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0"
RIM = "urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0"
FIND_DOCUMENTS = "urn:uuid:14d4debf-8f97-4251-9a74-a90016b0af0d"
FIND_BY_REFERENCE = "urn:uuid:12941a89-e02e-4be5-967c-ce4bfc8fe492"
FIND_SETS = "urn:uuid:f26abbcb-ac74-4422-8a30-edb644bbc1a9"
GET_DOCUMENTS = "urn:uuid:5c4f972b-d56b-40ac-a5fc-c8ca9b40b9d4"
GET_SETS = "urn:uuid:51224314-5390-4169-9b91-b1980040715a"
GET_ASSOCIATIONS = "urn:uuid:a7ae438b-4bc2-4642-93e9-be891f7bb155"
GET_DOCUMENTS_AND_ASSOCIATIONS = "urn:uuid:bab9529a-4a10-40b3-a01f-f68a615d247a"
GET_SET_AND_CONTENTS = "urn:uuid:e8e3cb2c-e39c-46b9-99e4-c12f57260b83"
GET_RELATED = "urn:uuid:d90e5407-b356-4d91-a89f-873917b4b0e6"
GET_ALL = "urn:uuid:10b545ea-725c-446d-9b95-8aeb444eddf3"
FIND_FOLDERS = "urn:uuid:958f3006-baad-4929-a4de-ff1114824431"
STATUS = "urn:oasis:names:tc:ebxml-regrep:StatusType:"
APPROVED = f"('{STATUS}Approved')"
REPLACES = "urn:ihe:iti:2007:AssociationType:RPLC"
HAS_MEMBER = "urn:oasis:names:tc:ebxml-regrep:AssociationType:HasMember"
ANNE = PatientKey(b"a" * 16)
AT = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)
INS, INS_OID = "255069999999924", "1.2.250.1.213.1.4.10"
ALL_APPROVED = {"$XDSDocumentEntryStatus": APPROVED}
Slots = Mapping[str, str | Sequence[str]]


def identifier(number: int) -> str:
    """An id of ours."""
    return f"{number:032x}"


def urn_of(number: int) -> str:
    return f"urn:uuid:00000000-0000-0000-0000-{number:012x}"


def request(
    query: str, slots: Slots, *, returns: str = "LeafClass", twice: Slots | None = None
) -> etree._Element:
    """An AdhocQueryRequest; `twice` are second Slots of a name."""
    written = [*slots.items(), *(twice or {}).items()]
    made = (
        "".join(
            f'<rim:Slot name="{name}"><rim:ValueList>'
            + "".join(
                f"<rim:Value>{one}</rim:Value>"
                for one in ([value] if isinstance(value, str) else value)
            )
            + "</rim:ValueList></rim:Slot>"
            for name, value in written
        )
        .replace("&ISO", "&amp;ISO")
        .replace("^^^&1", "^^^&amp;1")
    )
    return etree.fromstring(
        f'<q:AdhocQueryRequest xmlns:q="{QUERY}" xmlns:rim="{RIM}">'
        f'<q:ResponseOption returnComposedObjects="true" returnType="{returns}"/>'
        f'<rim:AdhocQuery id="{query}">{made}</rim:AdhocQuery></q:AdhocQueryRequest>'
    )


def query(
    name: str, slots: Slots, *, returns: str = "LeafClass", twice: Slots | None = None
) -> Query:
    return read_query(request(name, slots, returns=returns, twice=twice))


def card(number: int, **changes: object) -> Card:
    said: dict[str, object] = {
        "id": identifier(number),
        "patient": ANNE,
        "receipt": identifier(100 + number),
        "status": DocumentStatus.CURRENT,
        "type_code": "11502-2",
        "class_code": "11",
        "label": Label.BIOLOGIE,
        "title": f"Document {number}",
        "author": "Dr Synthèse",
        "author_ids": (),
        "organization": None,
        "organization_name": "",
        "act_date": None,
        "codes": ("N",),
        "mime_type": "text/xml",
        "size": 10,
        "results": 0,
        "deposited_at": AT,
        "hidden_from": None,
        "announced_at": None,
        "by_patient": False,
    }
    return Card(**{**said, **changes})  # type: ignore[arg-type]  # any field of a card


DOCUMENT = Document(
    patient=PatientIdentity(ins=INS, ins_oid=INS_OID, birth_family="ESSAI", birth_given="ANNE"),
    type_code="11502-2",
    type_system="2.16.840.1.113883.6.1",
    type_display="CR d'examens biologiques",
    class_code="11",
    format_code="urn:ihe:lab:xd-lab:2008",
    title="Bilan",
    creation_time="2026-01-15T08:15:00Z",
    service_start="2026-01-14T08:00:00Z",
    event_codes=("CODE1", "CODE2"),
    practice_setting="AMBULATOIRE",
    facility_type="SA07",
    language="fr-FR",
    authors=(Author(kind="person", id="899700218896", family="FICTIVE", given="CLAIRE"),),
    related=("1.2.3.4^CMD-7",),
    sha1="a" * 40,
    size=10,
)


def entry(
    number: int, *, listed: bool = True, replaced_by: int | None = None, **changes: object
) -> Entry:
    """`changes` are fields of the document, or codes, status and masked_by_patient of its card."""
    of_card = {k: changes.pop(k) for k in ("codes", "status", "masked_by_patient") if k in changes}
    own = card(number, **of_card)
    named = {"unique_id": f"1.2.250.1.999.{number}", "title": f"Document {number}", **changes}
    document = replace(DOCUMENT, **named)  # type: ignore[arg-type]  # any field of a document
    return Entry(
        card=own,
        document=registered(own, document, None),
        listed=listed,
        replaced_by=None if replaced_by is None else identifier(replaced_by),
    )


def registry(*entries: Entry, said: Submission | None = None) -> Registry:
    """Each document came alone, with its own receipt (its number and a hundred)."""
    deposits = [
        (
            Deposited(
                receipt=one.card.receipt,
                patient=ANNE,
                at=AT,
                documents=(one.card.id,),
                submission=said,
            ),
            one,
        )
        for one in entries
    ]
    return Registry(
        entries={one.card.id: one for one in entries},
        sets={deposited.receipt: seen_set(deposited, (one,)) for deposited, one in deposits},
    )
