"""What deposits leave in the access log: those filed, what they took away, and refused tries."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import NamedTuple

import orjson

from gateway.flows.reading.decided.trace import UNFILED
from gateway.records.documents.document import Action, Document
from gateway.records.documents.shelved import DocumentStatus
from gateway.records.intake.filing import Filing, Intake, Shelving, StatusChange
from gateway.records.intake.finding import Verdict
from gateway.records.patients.account import NewTrace
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Reader, ReaderKind

NO_DETAILS = b"{}"
HIDING = ("INVISIBLE_PATIENT", "INVISIBLE_REPRESENTANTS_LEGAUX")


def traces_of(intake: Intake, filing: Filing) -> list[NewTrace]:
    """A line for each document filed, and for each that its author took away: nothing is shelved
    that would tell the latter (VAULT DOC-10). Before them what operators decided of it, which is
    refused where it goes on waiting all the same."""
    traces: list[NewTrace] = []
    if intake.act is not None:
        waits = filing.answer.verdict is Verdict.HOLD
        traces.append(replace(intake.act, permitted=not waits))
    traces += [_deposit(intake, shelving, filing) for shelving in filing.shelvings]
    if filing.changes:
        gone = (one for one in filing.changes if one.status is DocumentStatus.WITHDRAWN)
        traces += [_withdrawal(intake, one) for one in gone]
    return traces


class RefusedDeposit(NamedTuple):
    """`hidden` are the codes by which its author hides the document from somebody."""

    rule: str
    hidden: tuple[str, ...] = ()


def refused_deposits(
    intake: Intake, patient: PatientKey | None, refused: Iterable[RefusedDeposit]
) -> tuple[NewTrace, ...]:
    """A refused try is an act too (VAULT GEN-06): one entry a rule, and apart what is hidden, which
    whom it is hidden from does not hear of (REP-07, DOC-11)."""
    if patient is None:
        return ()
    return tuple(_refusal(intake, patient, one) for one in dict.fromkeys(refused))


def hidden_by(document: Document) -> tuple[str, ...]:
    return hiding_in(document.confidentiality)


def hiding_in(codes: Collection[str]) -> tuple[str, ...]:
    """Those that hide a document from somebody on the patient's side."""
    return tuple(code for code in HIDING if code in codes)


def by_hand(
    reader: Reader,
    patient: PatientKey,
    *,
    permitted: bool,
    rule: str,
    document: str | None = None,
    details: bytes = NO_DETAILS,
) -> NewTrace:
    """A deposit by a person at a page of ours, under that person's own name."""
    return NewTrace(
        patient=patient,
        action="deposit",
        permitted=permitted,
        rule=rule,
        kind=reader.kind,
        actor=reader.id or "",
        actor_name=reader.name,
        profession=reader.profession,
        organization=reader.organisation_name,
        document=document,
        door=reader.door,
        address=reader.address,
        details=details,
    )


def _deposit(intake: Intake, shelving: Shelving, filing: Filing) -> NewTrace:
    """The first line of a document's history: who put it there, through which door; and what it
    brought of the patient's choices: the default mask, and those of the version it replaced."""
    patient, document, details = shelving.patient, shelving.id, _stood(shelving, filing)
    if (who := intake.depositor) is not None:
        rule = "P21" if who.kind is ReaderKind.PROFESSIONAL else "P20"
        return by_hand(who, patient, permitted=True, rule=rule, document=document, details=details)
    name = _establishment(intake, shelving.document)
    made = _by_software(intake, patient, "deposit", rule="P22", name=name, document=document)
    return made if details == NO_DETAILS else replace(made, details=details)


def _withdrawal(intake: Intake, change: StatusChange) -> NewTrace:
    if (who := intake.depositor) is not None:
        rule = "P26" if who.kind is ReaderKind.PROFESSIONAL else "P25"
        made = by_hand(who, change.patient, permitted=True, rule=rule, document=change.id)
        return replace(made, action="delete")
    documents = intake.understanding.documents
    named = next((one for one in documents if one.action is Action.DELETE), documents[0])
    name = _establishment(intake, named)
    return _by_software(intake, change.patient, "delete", rule="P26", name=name, document=change.id)


def _refusal(intake: Intake, patient: PatientKey, refused: RefusedDeposit) -> NewTrace:
    rule, name = refused.rule, intake.organization or intake.known_as
    if intake.depositor is not None:
        made = by_hand(intake.depositor, patient, permitted=False, rule=rule)
    else:
        made = _by_software(intake, patient, "deposit", rule=rule, name=name, permitted=False)
    if not refused.hidden:
        return made
    return replace(made, details=orjson.dumps({UNFILED: refused.hidden}))


def _by_software(
    intake: Intake,
    patient: PatientKey,
    action: str,
    *,
    rule: str,
    name: str,
    document: str | None = None,
    permitted: bool = True,
) -> NewTrace:
    return NewTrace(
        patient=patient,
        action=action,
        permitted=permitted,
        rule=rule,
        kind="system",
        actor=intake.known_as,
        actor_name=name,
        document=document,
        door=intake.door.value,
    )


def _establishment(intake: Intake, document: Document) -> str:
    """The name that a patient knows: the author's establishment, else what the sender is called."""
    author = next(iter(document.authors), None)
    name = author.organization_name if author is not None else None
    return name or intake.organization or intake.known_as


def _stood(shelving: Shelving, filing: Filing) -> bytes:
    """Nothing for nearly every deposit, which must stay cheap."""
    if not filing.changes and not shelving.masked:
        return NO_DETAILS
    replaced = [change.id for change in filing.changes if change.by == shelving.id]
    details = {"replaces": replaced[0]} if replaced else {}
    return orjson.dumps(details | ({"masked": "default"} if shelving.masked else {}))
