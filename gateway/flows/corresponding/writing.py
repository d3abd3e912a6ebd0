"""Write to a professional: whom, how much, which documents; kept and due in one commit."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

import orjson

from gateway.clock import Ids
from gateway.flows.corresponding.box import Box, Boxes
from gateway.flows.corresponding.grouping import ended_by
from gateway.flows.corresponding.refusal import UnwrittenError
from gateway.flows.sending.mails.mail import recipient_of
from gateway.mapping.mail.letter import plain_subject
from gateway.mapping.mail.report import message_id_of
from gateway.records.correspondence.conversation import Draft, Limits, Shut, Unwritten, Way
from gateway.records.correspondence.letter import KeptMail, Letter
from gateway.records.documents.shelved import Shelved
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import NORMAL, AccessAction, Origin, Reader, ReaderKind
from gateway.records.task import NewTask, TaskKind
from gateway.records.words import tidy

SENT = "message-sent"
LINE_BREAKS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
ANSWER = "Re: "
MAX_REFERENCES = 20
ID_LETTERS = 32
"""Of an identifier (`clock.Ids`)."""
SHUT = {
    Shut.ENDED: Unwritten.ENDED,
    Shut.NEVER_WROTE: Unwritten.UNKNOWN_CORRESPONDENT,
    Shut.REFUSED: Unwritten.REFUSED,
    Shut.GONE: Unwritten.GONE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteMail:
    """`domain` is that of the patients' boxes."""

    boxes: Boxes
    limits: Limits
    ids: Ids
    domain: str

    async def __call__(
        self, reader: Reader, patient: PatientKey, draft: Draft, key: str = ""
    ) -> str:
        draft = tidied(draft)
        self._demand_form(draft)
        box = await self._box(reader, patient, draft.conversation)
        identifier = sent_as(patient, draft, key) if key else self.ids.identifier()
        sent = await self.boxes.look.correspondence.mail(identifier) if key else None
        if sent is not None:
            return sent.conversation
        mails = box.mails(draft.conversation) if draft.conversation else ()
        refused = _unwritable(box, mails, draft)
        documents = () if refused else await self._documents(box, mails, draft)
        if refused is None and len(documents) < len(draft.documents):
            refused = Unwritten.NOT_YOURS
        if refused is not None:
            act = self.boxes.entry(box, SENT, permitted=False, rule=refused.value)
            await self.boxes.look.asking.traces.write([act])
            raise UnwrittenError(refused)
        if sum(one.document.size for one in documents) > self.limits.documents_bytes:
            raise UnwrittenError(Unwritten.TOO_LARGE)
        return await self._post(reader, box, identifier, _kept(box, mails, draft, documents))

    async def _box(self, reader: Reader, patient: PatientKey, conversation: str | None) -> Box:
        if conversation is None:
            return await self.boxes(reader, patient, SENT)
        return await self.boxes.of(reader, patient, conversation, SENT)

    def _demand_form(self, draft: Draft) -> None:
        if not draft.text and not draft.documents:
            raise UnwrittenError(Unwritten.EMPTY)
        if len(draft.text) > self.limits.text:
            raise UnwrittenError(Unwritten.TEXT_TOO_LONG)
        if len(draft.documents) > self.limits.documents:
            raise UnwrittenError(Unwritten.TOO_MANY)
        if LINE_BREAKS.search(draft.subject) or len(draft.subject) > self.limits.subject:
            raise UnwrittenError(Unwritten.SUBJECT)

    async def _documents(
        self, box: Box, mails: Sequence[KeptMail], draft: Draft
    ) -> tuple[Shelved, ...]:
        """Those that the reader may open and this correspondent be sent (ACCESS P33, F29)."""
        asking = self.boxes.look.asking
        to = _answered(mails).other if mails else draft.to or ""
        circumstances = replace(NORMAL, origin=Origin.PATIENT)
        gate = await asking.gate(recipient_of(to, None), box.patient, circumstances=circumstances)
        found = []
        for identifier in draft.documents:
            shelved = await asking.shelf.find(identifier)
            if shelved is None or shelved.card.patient != box.patient:
                continue
            facts = await asking.facts(shelved)
            own = box.sight.gate.may(AccessAction.OPEN, facts).permitted
            if own and gate.may(AccessAction.MAIL, facts).permitted:
                found.append(shelved)
        return tuple(found)

    async def _post(self, reader: Reader, box: Box, identifier: str, mail: KeptMail) -> str:
        own = reader.kind is ReaderKind.PATIENT
        name = message_id_of(identifier, 0)
        letter = replace(mail.letter, message_id=f"{name}@{self.domain}")
        mail = replace(
            mail,
            id=identifier,
            conversation=mail.conversation or identifier,
            letter=letter,
            by=reader.id or "",
            by_name="" if own else reader.name,
        )
        task = NewTask(
            kind=TaskKind.MESSAGE,
            subject=mail.id,
            due_at=mail.at,
            patient=mail.patient,
            name=name,
        )
        act = self.boxes.entry(box, SENT, mail.conversation)
        await self.boxes.look.correspondence.post(mail, task, act)
        return mail.conversation


def sent_as(patient: PatientKey, draft: Draft, key: str) -> str:
    """The id of what a form sends: a second click on it is the same message, other words written
    into it are another one."""
    said = [key, draft.to, draft.subject, draft.text, draft.documents]
    return sha256(patient + orjson.dumps(said)).hexdigest()[:ID_LETTERS]


def tidied(draft: Draft) -> Draft:
    """Its text as it is kept, and no document named twice."""
    return replace(
        draft,
        text=tidy(draft.text),
        subject=draft.subject.strip(),
        documents=tuple(dict.fromkeys(draft.documents)),
    )


def _unwritable(box: Box, mails: Sequence[KeptMail], draft: Draft) -> Unwritten | None:
    if mails:
        shut = box.conversation(mails[-1].conversation).shut
        if shut is not None:
            return SHUT[shut]
        meant = draft.to and draft.to.lower() != _answered(mails).other.lower()
        return Unwritten.OTHER_CORRESPONDENT if meant else None
    to = (draft.to or "").lower()
    if to in box.writable:
        return None if draft.subject else Unwritten.SUBJECT
    if to in box.known.refused:
        return Unwritten.REFUSED
    ended = ended_by(box.sight.mails, to)
    return Unwritten.ENDED if ended else Unwritten.UNKNOWN_CORRESPONDENT


def _kept(
    box: Box, mails: Sequence[KeptMail], draft: Draft, documents: Sequence[Shelved]
) -> KeptMail:
    """As it is kept, its id and Message-ID apart. It answers the last mail that came in."""
    at = box.sight.gate.now
    answered = _answered(mails) if mails else None
    to = answered.other if answered else box.writable[(draft.to or "").lower()].address
    subject = draft.subject
    if mails:
        subject = ANSWER + plain_subject(mails[0].letter.subject)
    return KeptMail(
        id="",
        patient=box.patient,
        conversation=(mails[-1].conversation if mails else draft.conversation) or "",
        way=Way.OUT,
        at=at,
        letter=Letter(subject=subject, sender="", text=draft.text, answers=_references(answered)),
        documents=tuple(one.card.id for one in documents),
        under=tuple(box.sight.hidden_in(mails[-1].conversation)) if mails else (),
        titles=tuple(one.card.title for one in documents),
        to=to,
        read_at=at,
    )


def _answered(mails: Sequence[KeptMail]) -> KeptMail:
    came = [one for one in mails if one.way is Way.IN]
    return came[-1] if came else mails[-1]


def _references(answered: KeptMail | None) -> tuple[str, ...]:
    """The nearest first, whole Message-IDs as the mail that is answered bore them."""
    if answered is None or answered.letter.message_id is None:
        return ()
    return (answered.letter.message_id, *answered.letter.answers)[:MAX_REFERENCES]
