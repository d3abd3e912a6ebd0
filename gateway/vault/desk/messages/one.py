"""« Un message »: its verdict as a sentence, when what happened, its findings, what followed."""

from datetime import datetime, timedelta

from aiohttp import web

from gateway.errors import RefusedError
from gateway.flows.desk.messages.opening import Shut
from gateway.mapping.hl7v2.control.ack import (
    APPLICATION_CONDITIONS,
    CONDITIONS,
    codes_of,
    severity_of,
    told,
)
from gateway.records.documents.replayed import Replayed
from gateway.records.intake.filing import Answer, Door
from gateway.records.intake.finding import Finding, Verdict
from gateway.records.intake.messages import Envelope, FiledAs, Message
from gateway.records.intake.understanding import Format
from gateway.records.task import TaskLine
from gateway.vault import words
from gateway.vault.desk.acting import agent_of
from gateway.vault.desk.frame import desk_html
from gateway.vault.desk.identities import HELD
from gateway.vault.desk.messages.octets import SHUT_WORDS
from gateway.vault.desk.messages.said import (
    MARKS,
    MESSAGES,
    SEVERITY_WORDS,
    STATUS_WORDS,
    VERDICT_WORDS,
    message_desk,
)
from gateway.vault.desk.signin import desk_of
from gateway.vault.desk.words import DOOR_WORDS, kind_words, lasted, sender_words
from gateway.vault.porch import sorry
from gateway.vault.visit import VISIT

NOTICES = {
    "rejoue": "La nouvelle lecture est appliquée. La première est gardée à côté.",
    "deja": "La nouvelle lecture était déjà appliquée : rien n'a changé.",
}
BLOCKS = {Verdict.ACCEPT: "ok", Verdict.HOLD: "warn", Verdict.REFUSE: "bad"}


async def message_page(request: web.Request) -> web.Response:
    try:
        one = await message_desk(request).show(agent_of(request), request.match_info["id"])
    except RefusedError:
        return sorry(request[VISIT], 404, words.NOT_HERE)
    envelope, findings = one.envelope, one.answer.findings if one.answer else ()
    return desk_html(
        request,
        "messages/message",
        title="Message",
        place=f"{MESSAGES}/{envelope.receipt}",
        one=one,
        envelope=envelope,
        door=DOOR_WORDS[envelope.door],
        sender=sender_words(envelope.sender),
        verdict=VERDICT_WORDS[envelope.verdict],
        block=BLOCKS[envelope.verdict],
        shape=MARKS[envelope.verdict][0],
        sentence=_sentence(one),
        held=f"{HELD}/{envelope.receipt}" if envelope.verdict is Verdict.HOLD else "",
        timeline=_timeline(one, await _reread(request, envelope)),
        findings=[_finding(each) for each in findings],
        documents=[_document(each) for each in one.documents],
        reply=_reply(one, one.answer) if one.answer else None,
        tasks=[_task(each) for each in one.tasks],
        notice=NOTICES.get(request.query.get("fait", ""), ""),
        shut=await _shut(request, envelope),
        segmented=envelope.read and envelope.format == Format.HL7V2,
        replayable=envelope.read and envelope.verdict is not Verdict.HOLD,
    )


def _sentence(one: Message) -> str:
    """What became of it, before anything else is read."""
    count = len(one.documents)
    match one.envelope.verdict:
        case Verdict.ACCEPT if count:
            return f"Accepté : {words.plural(count, 'document rangé', 'documents rangés')}."
        case Verdict.ACCEPT:
            return "Accepté : ce message ne porte aucun document à ranger."
        case Verdict.HOLD:
            return "En attente : gardé, mais pas rangé tant que ses constats le retiennent."
    return "Refusé : rien n'a été rangé. Son émetteur le sait, et peut le renvoyer corrigé."


async def _shut(request: web.Request, envelope: Envelope) -> str:
    """Why its bytes are not opened; "" where somebody may ask for them."""
    openings = desk_of(request).openings
    if openings is None:
        return SHUT_WORDS[Shut.NOT_REFUSED]
    why = await openings.is_shut(envelope.receipt)
    return SHUT_WORDS[why] if why else ""


async def _reread(request: web.Request, envelope: Envelope) -> Replayed | None:
    replays = desk_of(request).replays
    return await replays.latest(envelope.receipt) if replays and envelope.read else None


def _timeline(one: Message, reread: Replayed | None) -> list[tuple[datetime | None, str]]:
    """The hour where one is kept, and what happened then."""
    envelope = one.envelope
    found = len(one.answer.findings) if one.answer else len(envelope.codes)
    said = words.plural(found, "constat", "constats") if found else "aucun constat"
    door, sender = DOOR_WORDS[envelope.door], sender_words(envelope.sender)
    lines: list[tuple[datetime | None, str]] = [
        (envelope.at, f"Reçu par la porte « {door} », de {sender}."),
        (None, f"Compris comme {envelope.format}, {words.size(envelope.size)} : {said}."),
    ]
    lines.append((envelope.filed_at, _filed(envelope)))
    done = [task for task in one.tasks if task.settled_at]
    if one.tasks:
        last = max((task.settled_at for task in done if task.settled_at), default=None)
        lines.append((last, f"Suites terminées : {len(done)} sur {len(one.tasks)}."))
    lines += [(at, f"Accusé applicatif revenu (reçu {name}).") for name, at in one.answers]
    if reread is not None:
        said = VERDICT_WORDS[reread.verdict]
        lines.append((reread.at, f"Relu par la version {reread.software} : {said}."))
    return lines


def _filed(envelope: Envelope) -> str:
    """A message that was answered at once is filed at the instant when it came."""
    if envelope.filed_at is None:
        return f"{VERDICT_WORDS[envelope.verdict].capitalize()}."
    later = envelope.filed_at - envelope.at
    if later < timedelta(seconds=1):
        return "Rangé et confirmé à son émetteur."
    return f"Rangé, {lasted(later)} plus tard."


def _finding(one: Finding) -> dict[str, object]:
    shape, said, css = SEVERITY_WORDS[one.severity]
    return {
        "code": one.code,
        "shape": shape,
        "severity": said,
        "css": css,
        "holds": one.holds,
        "where": one.where,
        "message": one.message,
        "rule": _rule(one),
    }


def _rule(one: Finding) -> str:
    """The codes of the tables that the finding bears (HL70357, HL70533)."""
    parts = []
    if one.condition is not None:
        parts.append(f"{one.condition} {CONDITIONS.get(one.condition, '')}".strip())
    if one.application is not None:
        parts.append(f"{one.application} {APPLICATION_CONDITIONS.get(one.application, '')}".strip())
    return ", ".join(parts)


def _document(one: FiledAs) -> dict[str, object]:
    return {
        "id": one.id,
        "unique_id": one.unique_id or "",
        "type_code": one.type_code or "",
        "state": STATUS_WORDS[one.status] if one.status else "inconnu",
        "status": one.status.value if one.status else "",
        "known": one.known,
    }


def _reply(one: Message, answer: Answer) -> dict[str, object]:
    """What the answer said. Its bytes are not kept; of HL7v2 its codes follow from the findings."""
    hl7 = one.envelope.door is Door.MLLP and one.envelope.format == Format.HL7V2
    refused = answer.verdict is Verdict.REFUSE
    letter = "A" if not refused else "R" if any(f.fatal for f in answer.findings) else "E"
    errors = [_error(each, refused=refused) for each in told(answer.findings)] if hl7 else []
    return {"hl7": hl7, "letter": letter, "errors": errors}


def _error(one: Finding, *, refused: bool) -> dict[str, object]:
    condition, application = codes_of(one)
    return {
        "place": one.where,
        "condition": condition,
        "severity": severity_of(one, refused=refused),
        "application": application or "",
        "code": one.code,
    }


def _task(one: TaskLine) -> dict[str, object]:
    if one.dead:
        shape, state, css = "✕", "échec", "no"
    elif one.settled_at:
        shape, state, css = "●", "terminée", "ok"
    else:
        shape, state, css = "◐", "en attente", "masked"
    return {
        "id": one.id,
        "words": kind_words(one.kind),
        "kind": str(one.kind),
        "shape": shape,
        "state": state,
        "css": css,
        "when": one.settled_at or one.due_at,
        "attempts": one.attempts,
        "outcome": one.outcome or one.reason or "",
    }
