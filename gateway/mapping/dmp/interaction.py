"""An HL7v3 interaction of the DMP's patient services: what it asks, or what it answered.

Elements are looked for in the namespace urn:hl7-org:v3, whatever its prefix. What is not asked
for is not looked at: clients write more than a server needs.
"""

from enum import StrEnum
from typing import NamedTuple

from gateway.mapping.cda.nodes import V3, attribute, every, first
from gateway.mapping.identity import ALL_INS_OIDS, ins_shape_ok
from gateway.mapping.soap.message import FaultError
from gateway.mapping.xml import Element

INTERACTION = "PRPA_IN"
GET_DEMOGRAPHICS = f"{V3}PRPA_IN201307UV02"
FIND_CANDIDATES, ADD, REVISE = (f"{V3}PRPA_IN{number}UV02" for number in (201305, 201311, 201314))
TRANSACTIONS = {
    "PRPA_IN201305UV02": "TD0.5",
    "PRPA_IN201306UV02": "TD0.5",
    "PRPA_IN201307UV02": "TD0.2",
    "PRPA_IN201308UV02": "TD0.2",
}
ANSWERS = frozenset({"PRPA_IN201306UV02", "PRPA_IN201308UV02"})
MAX_IDENTIFIER_CHARACTERS = 200
"""Of what an answer repeats: the message's id, the query's, the sender's."""


class Reason(StrEnum):
    """`controlActProcess/reasonCode` (1.2.250.1.213.1.1.4.11) of the two that are served."""

    EXISTENCE = "TEST_EXST"
    ADMINISTRATIVE = "CNSLT_DATA"


class Identifier(NamedTuple):
    """An II: `root` is an OID or a UUID."""

    root: str
    extension: str | None = None


class Interaction(NamedTuple):
    """What stands on the outside of any of them; None or empty for what it does not say.

    `acknowledgement` is AA, AE or AR, as an attribute or as an element (both are met), `response`
    the queryResponseCode. `patients` are the identifiers that are asked about or answered.
    """

    name: str
    id: Identifier | None
    sender: Identifier | None
    processing: str | None
    reason: str | None
    query_id: Identifier | None
    patients: tuple[Identifier, ...]
    acknowledgement: str | None
    response: str | None

    @property
    def transaction(self) -> str | None:
        return TRANSACTIONS.get(self.name)

    @property
    def is_answer(self) -> bool:
        return self.name in ANSWERS


class PatientQuery(NamedTuple):
    """A PRPA_IN201307UV02 that is understood: TD0.2, or TD1.3a by its `reason`."""

    ins: str
    ins_oid: str
    reason: Reason
    message_id: Identifier
    query_id: Identifier
    sender: Identifier
    processing: str


def read_interaction(body: Element) -> Interaction:
    """Raises FaultError for what is no interaction of HL7v3."""
    name = str(body.tag).removeprefix(V3)
    if not name.startswith(INTERACTION):
        raise _wrong("Le corps n'est pas une interaction HL7v3 PRPA_IN.")
    act = first(body, "controlActProcess")
    query = first(act, "queryByParameter")
    answer = first(act, "queryAck")
    acknowledged = first(body, "acknowledgement")
    return Interaction(
        name=name,
        id=_identifier(first(body, "id")),
        sender=_identifier(first(body, "sender/device/id")),
        processing=attribute(body, "code", "processingCode"),
        reason=attribute(act, "code", "reasonCode"),
        query_id=_identifier(first(query if query is not None else answer, "queryId")),
        patients=_patients(act, query),
        acknowledgement=attribute(acknowledged, "typeCode")
        or attribute(acknowledged, "code", "typeCode"),
        response=attribute(answer, "code", "queryResponseCode"),
    )


def read_patient_query(body: Element) -> PatientQuery:
    """Raises FaultError where it does not say who is asked about, or asks for something else."""
    read = read_interaction(body)
    if read.id is None or read.query_id is None:
        raise _wrong("L'identifiant du message (id) ou de la requête (queryId) manque.")
    if read.reason not in set(Reason):
        raise _wrong("reasonCode : seuls TEST_EXST et CNSLT_DATA sont servis ici.")
    if len(set(read.patients)) != 1:
        raise _wrong("patientIdentifier : donner un patient et un seul.")
    asked = read.patients[0]
    known = asked.root in ALL_INS_OIDS
    if not known or not asked.extension or not ins_shape_ok(asked.extension):
        raise _wrong("patientIdentifier : donner un INS de 15 caractères et son OID.")
    return PatientQuery(
        ins=asked.extension,
        ins_oid=asked.root,
        reason=Reason(read.reason),
        message_id=read.id,
        query_id=read.query_id,
        sender=read.sender or Identifier(""),
        processing=read.processing if read.processing in ("D", "P", "T") else "P",
    )


def _patients(act: Element | None, query: Element | None) -> tuple[Identifier, ...]:
    asked = every(query, "parameterList/patientIdentifier/value")
    asked = asked or every(query, "parameterList/livingSubjectId/value")
    told = every(act, "subject/registrationEvent/subject1/patient/id")
    found = (_identifier(one) for one in told or asked)
    return tuple(one for one in found if one is not None)


def _identifier(node: Element | None) -> Identifier | None:
    """None for an absent one, and for one without a root."""
    root = attribute(node, "root") if node is not None else None
    if node is None or root is None:
        return None
    extension = attribute(node, "extension")
    if max(len(root), len(extension or "")) > MAX_IDENTIFIER_CHARACTERS:
        raise _wrong(f"Un identifiant dépasse {MAX_IDENTIFIER_CHARACTERS} caractères.")
    return Identifier(root, extension)


def _wrong(reason: str) -> FaultError:
    return FaultError("Sender", reason)
