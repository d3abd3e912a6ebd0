"""Which downstream systems an input goes on to: one task each, in the commit that files it.

A message goes on as it came; to a DMP its documents go (XDS.md section 11).
"""

import json
from collections.abc import Iterable, Sequence

from msgspec import structs

from gateway.flows.sending.messages.business import YES, Json, dmp_asker
from gateway.mapping.hl7v2.control.header import event_of
from gateway.records.documents.document import CDA_TYPES, Document
from gateway.records.intake.filing import Filed, Filing, Intake
from gateway.records.intake.finding import Verdict
from gateway.records.messages.forward import ForwardRule
from gateway.records.patients.account import Person
from gateway.records.patients.patient import PatientKey
from gateway.records.task import NewTask, TaskKind

LANE = "forward:"


def open_ways(rules: Sequence[ForwardRule], persons: Iterable[Person]) -> Sequence[ForwardRule]:
    """Nothing feeds the DMP of who is opposed to that (ZFA-9 IO, XDM_HL7V2 A7)."""
    if rules and any(one.feeding_opposed for one in persons):
        return [rule for rule in rules if not rule.to_dmp]
    return rules


def destinations(intake: Intake, rules: Iterable[ForwardRule]) -> list[ForwardRule]:
    """The rules that select this input; only a DMP takes what is no HL7v2 message of an own."""
    message = intake.understanding.message
    if message is not None and message.business_ack is not None:
        return []
    event = event_of(message.header) if message is not None else None
    return [rule for rule in rules if _selects(rule, intake, event)]


def _selects(rule: ForwardRule, intake: Intake, event: tuple[str, str] | None) -> bool:
    if rule.senders and intake.sender not in rule.senders:
        return False
    if rule.types and not (event and any(_is_of(one, event) for one in rule.types)):
        return False
    if not (_feeds(rule, intake) if rule.to_dmp else event):
        return False
    labels = {document.label.value for document in intake.understanding.documents}
    return not rule.labels or not labels.isdisjoint(rule.labels)


def _feeds(rule: ForwardRule, intake: Intake) -> bool:
    """A DMP takes CDA, of who asks for it; a word of the patient's own goes nowhere by itself."""
    understood = intake.understanding
    if not any(one.mime_type in CDA_TYPES for one in understood.documents):
        return False
    if understood.message is None:
        return intake.sender in rule.senders and intake.depositor is None
    return understood.message.flags.get("DESTDMP") == YES


def _is_of(written: str, event: tuple[str, str]) -> bool:
    """ "ORU" is every ORU; "ORU^R01" and "ORU^R01^ORU_R01" are this event."""
    parts = tuple(written.split("^"))[:2]
    return parts == event[: len(parts)]


def goes_elsewhere(intake: Intake, rules: Iterable[ForwardRule]) -> bool:
    """Whether the message has another leg than the vault: mail, or a downstream system."""
    message = intake.understanding.message
    return bool((message and message.forwards) or destinations(intake, rules))


def answers_for_dmp(intake: Intake, rules: Iterable[ForwardRule]) -> bool:
    """Whether ZAM^Z01 is the vault's to say: where no DMP is fed whose own word it is."""
    return not any(rule.to_dmp for rule in destinations(intake, rules))


def sent_on(intake: Intake, filing: Filing, rules: Iterable[ForwardRule]) -> Filing:
    """Whatever else became of it: an accepted message goes on to who is to have it."""
    if not filing.store or filing.answer.verdict is not Verdict.ACCEPT:
        return filing
    tasks = forwards(intake, rules, filing.patient, filing.answer.documents)
    return structs.replace(filing, tasks=(*filing.tasks, *tasks)) if tasks else filing


def forwards(
    intake: Intake,
    rules: Iterable[ForwardRule],
    patient: PatientKey | None,
    filed: Sequence[Filed] = (),
) -> list[NewTask]:
    """`filed` runs beside the documents of the understanding, or is empty where none was filed."""
    documents = intake.understanding.documents
    ids: list[str | None] = [one.id for one in filed]
    ids = ids or [None] * len(documents)
    asked = [_asked(document, id_) for document, id_ in zip(documents, ids, strict=True)]
    message = intake.understanding.message
    return [
        NewTask(
            kind=TaskKind.FORWARD,
            subject=intake.receipt,
            due_at=intake.at,
            patient=patient,
            payload=json.dumps(_payload(rule, asked, intake)).encode(),
            lane=LANE + rule.name,
            name=message.header.control_id if message and not rule.to_dmp else None,
        )
        for rule in destinations(intake, rules)
    ]


def _payload(rule: ForwardRule, asked: list[dict[str, object]], intake: Intake) -> Json:
    payload: Json = {"forward": rule.name, "documents": asked}
    return payload | {"ack": dmp_asker(intake)} if rule.to_dmp else payload


def _asked(document: Document, identifier: str | None) -> dict[str, object]:
    """What the decision at the moment of leaving needs of a document that is not on a shelf."""
    return {
        "id": identifier,
        "type": document.type_code,
        "class": document.class_code,
        "codes": list(document.confidentiality),
    }
