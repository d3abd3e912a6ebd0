"""Whatever we hold, what we say of it is FHIR R4: each resource by its model, in every state."""

import json
from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Any

from fhir.resources.R4B.auditevent import AuditEvent
from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.documentreference import DocumentReference
from fhir.resources.R4B.list import List
from fhir.resources.R4B.operationoutcome import OperationOutcome
from fhir.resources.R4B.patient import Patient
from fhir_sample import bundle, raw
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec import structs
from shelved_sample import EMPTY_SHA1, full_document, shelved

from gateway.mapping.fhir.written.emit import document_reference, issue, searchset
from gateway.mapping.fhir.written.emit_audit import ACTS, audit_event
from gateway.mapping.fhir.written.emit_list import submission_set
from gateway.mapping.fhir.written.emit_patient import patient
from gateway.mapping.fhir.written.kept import just_filed
from gateway.mapping.fhir.written.outcome import outcome_json, transaction_response
from gateway.records.documents.changed import Changed
from gateway.records.documents.deposited import Deposited
from gateway.records.documents.document import (
    Author,
    Custodian,
    Document,
    Label,
    LegalAuthenticator,
)
from gateway.records.documents.shelved import DocumentStatus
from gateway.records.intake.filing import Filed
from gateway.records.intake.finding import Finding, Severity
from gateway.records.intake.understanding import Submission
from gateway.records.patients.account import AccountState, NewTrace, Person, Trace
from gateway.records.patients.patient import PatientIdentity, PatientKey

NOW = datetime(2026, 3, 12, 9, tzinfo=UTC)
odd = st.sampled_from(
    [
        "",
        " ",
        "\u00a0",
        "a  b",
        " a",
        "a\u00a0",
        "\x00",
        "\t",
        "\ud7ff",
        "é^è",
        "1.2.3^",
        "^",
        "<&>",
        "a\nb",
    ]
)
words = odd | st.text(max_size=12) | st.sampled_from(["1.2.3", "urn:oid:1.2", "fr-FR", "x/y"])
maybe = st.none() | words
times = st.none() | st.sampled_from(
    [
        "2026",
        "2026-13",
        "2026-03-12T25:61:00Z",
        "2026-03-12T24:00:00Z",
        "2026-03-12T10:17Z",
        "2026-02-30",
        "0000-01-01",
    ]
)
texts = dict.fromkeys(("id", "id_system", "family", "given", "organization_id"), maybe)
people = st.builds(
    Author,
    kind=st.sampled_from(["person", "device", "patient", "organization", "?"]),
    role=maybe,
    organization_name=maybe,
    **texts,
)
TIMES = ("creation_time", "service_start", "service_stop")
TRAITS = ("ins", "ins_oid", "birth_family", "birth_given", "used_family", "used_given")
WORDS_OF_A_TRACE = ("rule", "kind", "actor", "actor_name", "profession", "door", "address")
said = st.fixed_dictionaries(
    {
        **{
            one.name: times if one.name in TIMES else maybe
            for one in fields(Document)
            if one.type in ("str | None", str | None)
        },
        "mime_type": words.filter(bool),
        "size": st.integers(0, 2**31 - 1),
        "authors": st.lists(people, max_size=2).map(tuple),
        "custodian": st.none() | st.builds(Custodian, id=maybe, id_system=maybe, name=maybe),
        "legal_authenticator": st.none()
        | st.builds(LegalAuthenticator, id=maybe, family=maybe, given=maybe),
        **{
            name: st.lists(words, max_size=2).map(tuple)
            for name in ("event_codes", "identifiers", "related", "confidentiality")
        },
    }
)
patients = st.builds(PatientIdentity, ins=maybe, ins_oid=maybe)


def valid(model: Any, made: bytes | dict[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(made) if isinstance(made, bytes) else made
    model.model_validate(told)
    return told


@given(
    said=said,
    patient=patients,
    status=st.sampled_from(DocumentStatus),
    masked=st.booleans(),
    label=st.sampled_from(Label),
    moved=st.booleans(),
)
def test_a_document_of_any_words_in_any_state_is_valid(
    said: dict[str, Any],
    patient: PatientIdentity,
    status: DocumentStatus,
    masked: bool,
    label: Label,
    moved: bool,
) -> None:
    document = replace(full_document(), patient=patient, **said)
    one = shelved(document, masked=masked)
    changed = Changed(seen=NOW) if moved else Changed()
    card = structs.replace(one.card, status=status, own_label=label, changed=changed)
    made = valid(DocumentReference, document_reference(replace(one, card=card)))
    assert made["meta"]["versionId"]


@given(
    said=st.builds(
        Submission,
        unique_id=maybe,
        source_id=maybe,
        time=times | words,
        content_type=maybe,
        author=maybe,
    ),
    kept=st.booleans(),
    source=words,
)
def test_a_submission_set_of_any_words_is_valid(said: Submission, kept: bool, source: str) -> None:
    one = Deposited(
        receipt="a" * 32,
        patient=PatientKey(bytes(16)),
        at=NOW,
        documents=("b" * 32,),
        submission=said if kept else None,
    )
    patient = {"type": "Patient", "display": "unknown"}
    made = submission_set(one, ["b" * 32], patient=patient, source=source, changed=NOW)
    valid(List, made)


@given(
    action=st.sampled_from([*ACTS, "open", "download", "export", "mail", "notify"]),
    permitted=st.booleans(),
    emergency=st.booleans(),
    text=st.fixed_dictionaries(dict.fromkeys(WORDS_OF_A_TRACE, words)),
    organization=maybe,
    document=st.sampled_from([None, "b" * 32]),
)
def test_an_entry_of_the_log_is_a_valid_event(
    action: str,
    permitted: bool,
    emergency: bool,
    text: dict[str, str],
    organization: str | None,
    document: str | None,
) -> None:
    trace = NewTrace(
        patient=PatientKey(bytes(16)),
        action=action,
        permitted=permitted,
        emergency=emergency,
        organization=organization,
        document=document,
        **text,  # type: ignore[arg-type]  # words of a trace
    )
    event = audit_event(Trace(number=7, at=NOW, trace=trace), {"display": "x"}, "http://h/fhir")
    made = valid(AuditEvent, event)
    assert len(made["agent"]) == 3


@example(identity=PatientIdentity(used_family="Durand", used_given="\u00a0"))
@given(
    identity=st.builds(
        PatientIdentity,
        birth_date=times | words,
        sex=maybe,
        **dict.fromkeys(TRAITS, maybe),
    )
)
def test_a_person_of_any_traits_is_a_valid_patient(identity: PatientIdentity) -> None:
    key = PatientKey(bytes(16))
    valid(
        Patient,
        patient(Person(key=key, state=AccountState.ACTIVE, identity=identity, qualified=True)),
    )


findings = st.builds(
    Finding, code=words, severity=st.sampled_from(Severity), where=words, message=words
)


@given(st.lists(findings, max_size=3))
def test_findings_of_any_words_make_a_valid_outcome(found: list[Finding]) -> None:
    valid(OperationOutcome, outcome_json(found))


@given(found=st.lists(findings, max_size=2), known=st.booleans(), copy=st.booleans())
def test_the_answer_to_a_transaction_is_valid(
    found: list[Finding], known: bool, copy: bool
) -> None:
    filed = Filed(id="d1", label=Label.CPT_REND, unique_id="1.2", at=NOW, known=known)
    assert just_filed(filed, full_document())
    answer = transaction_response(
        raw(bundle()), [filed], findings=found, copy=copy, receipt="r1" if known else ""
    )
    valid(Bundle, answer)


def test_a_searchset_with_entries_and_warnings_is_valid() -> None:
    one = document_reference(shelved(replace(full_document(), sha1=EMPTY_SHA1)))
    made = searchset(
        [one],
        base="http://h/fhir",
        total=1,
        links={"self": "http://h/fhir/DocumentReference?a=b"},
        issues=[issue("not-supported", "x", severity="warning")],
    )
    valid(Bundle, made)
