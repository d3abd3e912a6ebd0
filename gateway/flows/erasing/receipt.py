"""The receipt of an erasure: what was erased and when, in words, and its way to the last contact.

It names nobody: who holds it proves by its hashes and key identifiers what is gone.
"""

import json
from dataclasses import dataclass
from datetime import datetime

import orjson

from gateway.flows.sending.notices.words import CODES, HELLO, HELP
from gateway.ports.people.erasures import Erasures
from gateway.ports.people.people import Traces
from gateway.ports.tasks import Outbox
from gateway.records.days import day_of
from gateway.records.patients.account import NewTrace
from gateway.records.patients.erasure import Cause, Erasure
from gateway.records.patients.patient import DESK
from gateway.records.task import NewTask, Task, TaskKind

Place = tuple[str, str]
"""A channel of the outbox (`sms`, `email`, `letter`), and the address."""
TEMPLATE = "erasure-receipt"
SUBJECT = "Votre espace a été supprimé de Mon espace santé"
SENT, GONE = "sent", "gone"
SINCE = {
    Cause.ASKED: "Suppression demandée le",
    Cause.ARCHIVE: "Espace fermé le",
    Cause.KEY_LOST: "Clé perdue, constaté le",
}
IN_SHORT = "Mon espace santé : votre espace a été supprimé le {day}. Reçu n° {id}. {help}"


def written(done: Erasure) -> str:
    """The receipt itself."""
    lines = [
        f"Reçu de suppression n° {done.id}",
        f"{SINCE[done.cause]} {day_of(done.since)}",
        f"Supprimé le {_moment(done.at)}",
        f"Clés détruites : {len(done.keys)}",
        *done.keys,
        f"Documents supprimés : {len(done.documents)} (empreintes SHA-256)",
        *done.documents,
        f"Messages reçus et supprimés : {done.messages}",
        f"Entrées du journal devenues illisibles : {done.entries}",
    ]
    return "\n".join(lines)


def _moment(at: datetime) -> str:
    return f"{day_of(at)} ({at:%Y-%m-%dT%H:%M:%SZ})"


def receipt_task(done: Erasure, place: Place) -> NewTask:
    """In the commit of the erasure: afterwards nobody knows where the person was to be reached."""
    channel, to = place
    payload = {"erasure": done.id, "channel": channel, "to": to}
    return NewTask(
        kind=TaskKind.ERASURE_RECEIPT,
        subject=done.id,
        due_at=done.at,
        payload=json.dumps(payload).encode(),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SendReceipt:
    erasures: Erasures
    traces: Traces
    outbox: Outbox

    async def carry(self, task: Task) -> str:
        """An ERASURE_RECEIPT task. Where it went is forgotten once it left."""
        said = json.loads(task.payload)
        done = await self.erasures.receipt(said["erasure"])
        if done is None:
            return GONE
        await self.outbox.send(
            channel=said["channel"],
            to=said["to"],
            template=TEMPLATE,
            lang="fr",
            subject=SUBJECT,
            body=body_of(done, said["channel"]),
        )
        await self.traces.write([_sent(done, said["channel"])])
        await self.erasures.forget_place(task.id)
        return SENT


def body_of(done: Erasure, channel: str) -> str:
    """A telephone is told where the receipt is; anything else holds it."""
    if channel == "sms":
        return IN_SHORT.format(day=day_of(done.at), id=done.id, help=HELP)
    kept = "Il ne reste que ce reçu et des entrées du journal qui ne nomment personne."
    theirs = "Les professionnels de santé gardent leurs propres dossiers."
    gone = f"Toutes les données de votre espace ont été supprimées le {day_of(done.at)}."
    return "\n".join((HELLO, gone, kept, theirs, "", written(done), "", CODES, HELP))


def _sent(done: Erasure, channel: str) -> NewTrace:
    return NewTrace(
        patient=DESK,
        action="notified",
        permitted=True,
        rule=SENT,
        kind="system",
        actor="",
        actor_name="",
        door="outbox",
        details=orjson.dumps({"notice": TEMPLATE, "erasure": done.id, "channel": channel}),
    )
