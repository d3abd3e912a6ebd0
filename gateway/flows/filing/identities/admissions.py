"""An ADT judged: what it teaches is committed together, or it waits for a person as a whole."""

import json
from collections.abc import Iterable

from gateway.clock import Ids
from gateway.flows.filing.consequences import release
from gateway.flows.filing.identities.book import Learned
from gateway.flows.filing.identities.consents import facts_of
from gateway.flows.filing.identities.learning import learn
from gateway.flows.filing.judging.people import names_of
from gateway.ports.people.people import PatientNames
from gateway.records.intake.filing import Answer, Facts, Filing, Intake
from gateway.records.intake.finding import Finding, Verdict
from gateway.records.messages.message import Message
from gateway.records.patients.account import NewTrace
from gateway.records.patients.admission import Admission
from gateway.records.patients.index import NewMerge
from gateway.records.patients.patient import PatientKey

RULE = "adt"
"""What a trace names where the word of a sender changed whose record a name leads to."""


def admitted(
    intake: Intake, message: Message, facts: Facts, names: PatientNames, ids: Ids
) -> Filing:
    """Feeds the patient index and releases what waited for these names; held where it
    contradicts what is known."""
    found = intake.understanding.findings
    said = message.admission or Admission(event="")
    known = learn(intake, said, facts, names)
    if known.findings:
        answer = _answer(intake, Verdict.HOLD, (*found, *known.findings))
        return Filing(answer=answer, waits_for=names_of_all(said, names, intake.house))
    consents, more = facts_of(intake, message, known.about)
    merge = _merge(intake, said.event, known, ids)
    waking = tuple(dict.fromkeys(known.names))
    owner = PatientKey(known.about) if known.about is not None else None
    return Filing(
        answer=_answer(intake, Verdict.ACCEPT, (*found, *known.told, *more)),
        patient=owner,
        identities=tuple(known.identities),
        links=tuple(known.links),
        merge=merge,
        consents=tuple(consents),
        traces=_traces(intake, merge, owner),
        tasks=(release(intake, owner, waking),) if waking else (),
    )


def names_of_all(said: Admission, names: PatientNames, house: str) -> tuple[bytes, ...]:
    """Every name that its subjects go by: what would have it judged again."""
    found: list[bytes] = []
    for one in said.subjects:
        found += names_of(one.identity, names, house)
    return tuple(dict.fromkeys(found))


def _answer(intake: Intake, verdict: Verdict, findings: Iterable[Finding]) -> Answer:
    return Answer(receipt=intake.receipt, verdict=verdict, findings=tuple(findings))


def _merge(intake: Intake, event: str, known: Learned, ids: Ids) -> NewMerge | None:
    if not known.merges:
        return None
    return NewMerge(
        id=ids.identifier(),
        event=event,
        sender=intake.sender,
        receipt=intake.receipt,
        links=tuple(known.merges),
    )


def _traces(
    intake: Intake, merge: NewMerge | None, owner: PatientKey | None
) -> tuple[NewTrace, ...]:
    """Every name that a merge moves is on record where it came from and where it went."""
    if merge is None or owner is None:
        return ()
    details = json.dumps({"merge": merge.id, "event": merge.event, "receipt": merge.receipt})
    about = {owner, *(one.name for one in merge.links)}
    return tuple(
        NewTrace(
            patient=PatientKey(one),
            action="identity",
            permitted=True,
            rule=RULE,
            kind="system",
            actor=intake.sender,
            actor_name=intake.organization or intake.sender,
            door=intake.door.value,
            details=details.encode(),
        )
        for one in sorted(about)
    )
