"""A mail for a patient's box enters its conversation, in the commit of its receipt.

Pure. What is refused, or waits for a person to look at an identity, enters nothing: what it says
might be somebody else's. A mail of words alone, which no shelf takes, is taken here.
"""

import json
from collections.abc import Iterable
from dataclasses import replace

import orjson
from msgspec import structs

from gateway.flows.filing.acts import hidden_by
from gateway.flows.filing.judging.people import OPEN_STATES
from gateway.flows.reading.decided.trace import UNFILED
from gateway.flows.sending.notices.quarter import quarter_after
from gateway.flows.sending.notices.words import NEW_MESSAGE
from gateway.records.correspondence.conversation import Way
from gateway.records.correspondence.letter import KeptMail, Letter
from gateway.records.intake.filing import Answer, Continued, Facts, Filing, Intake
from gateway.records.intake.finding import Verdict
from gateway.records.patients.account import NewTrace, Person
from gateway.records.patients.patient import PatientKey
from gateway.records.task import NewTask, TaskKind

NO_DOCUMENT = "mail-no-document"
RECEIVED, ENDED, SENDER_REFUSED = "message-received", "message-ended", "message-refused"
FROM_KNOWN_DOMAIN = "MSG-12"
"""The sender's domain is on the white list, and the patient refuses not this sender."""


def entered(intake: Intake, box: PatientKey, filing: Filing, facts: Facts) -> Filing:
    """The filing with its mail, the notice of it and its entries in the log, where it has one."""
    letter, person = intake.understanding.letter, facts.persons.get(box)
    if letter is None or person is None or person.state not in OPEN_STATES or not filing.store:
        return filing
    if intake.understanding.documents and not _are_of(person, filing, facts):
        return filing
    if _is_words_alone(filing.answer):
        left = tuple(one for one in filing.answer.findings if one.code != NO_DOCUMENT)
        answer = replace(filing.answer, verdict=Verdict.ACCEPT, findings=left)
        filing = structs.replace(filing, answer=answer, patient=box)
    if filing.answer.verdict is not Verdict.ACCEPT or intake.understanding.report is not None:
        return filing
    continued = facts.continued or Continued(intake.receipt)
    mail = KeptMail(
        id=intake.receipt,
        patient=box,
        conversation=continued.conversation,
        way=Way.IN,
        at=intake.at,
        letter=letter,
        documents=tuple(dict.fromkeys(one.id for one in filing.answer.documents)),
        under=tuple(continued.under),
    )
    codes = [*map(hidden_by, intake.understanding.documents), *continued.under.values()]
    return structs.replace(
        filing,
        mail=mail,
        tasks=(*filing.tasks, _notice(mail)),
        traces=(*filing.traces, *_acts(mail, codes)),
    )


def _are_of(person: Person, filing: Filing, facts: Facts) -> bool:
    """Whether the documents stand in the record whose box it is."""
    if filing.patient is None:
        return False
    found = facts.persons.get(filing.patient) or facts.locals.get(filing.patient)
    return found is not None and found.key == person.key


def _is_words_alone(answer: Answer) -> bool:
    holding = {one.code for one in answer.findings if one.holds}
    return answer.verdict is Verdict.HOLD and holding == {NO_DOCUMENT}


def _notice(mail: KeptMail) -> NewTask:
    return NewTask(
        kind=TaskKind.NOTICE,
        subject=mail.id,
        due_at=quarter_after(mail.at),
        patient=mail.patient,
        payload=json.dumps({"notice": NEW_MESSAGE}).encode(),
    )


def said_of(conversation: str, codes: Iterable[tuple[str, ...]]) -> dict[str, object]:
    """What an entry of the log tells: of a conversation with a hidden document nobody hears from
    whom that is hidden (REP-07, DOC-11)."""
    hidden = sorted({code for some in codes for code in some})
    return {"conversation": conversation} | ({UNFILED: hidden} if hidden else {})


def _acts(mail: KeptMail, codes: Iterable[tuple[str, ...]]) -> list[NewTrace]:
    details = orjson.dumps(said_of(mail.conversation, codes))
    act = act_of_sender(mail.letter, mail.patient, RECEIVED, details=details)
    return [act, replace(act, action=ENDED)] if mail.letter.is_last else [act]


def act_of_sender(
    letter: Letter, patient: PatientKey, act: str, *, permitted: bool = True, details: bytes = b"{}"
) -> NewTrace:
    return NewTrace(
        patient=patient,
        action=act,
        permitted=permitted,
        rule=FROM_KNOWN_DOMAIN,
        kind="system",
        actor=letter.sender,
        actor_name=f"{letter.display} ({letter.sender})" if letter.display else letter.sender,
        door="smtp",
        details=details,
    )
