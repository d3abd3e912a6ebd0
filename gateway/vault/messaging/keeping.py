"""Putting a conversation away, deleting it, refusing its sender, and receipts (MSG-07, 08, 12)."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from gateway.errors import DeniedError, RefusedError
from gateway.flows.corresponding.room import Messages
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Reader
from gateway.vault.messaging import words
from gateway.vault.messaging.listing import box_view
from gateway.vault.messaging.room import PATH, room_of
from gateway.vault.porch import see_other
from gateway.vault.rendering import html
from gateway.vault.signing_in.signin import field
from gateway.vault.visit import VISIT
from gateway.vault.words import of

Verb = Callable[[Messages], Callable[[Reader, PatientKey, str], Awaitable[None]]]
MOVES: dict[str, tuple[Verb, str]] = {
    "archiver": (lambda room: room.archive, "archive"),
    "desarchiver": (lambda room: room.unarchive, "desarchive"),
    "corbeille": (lambda room: room.to_bin, "corbeille"),
    "restaurer": (lambda room: room.restore, "restaure"),
    "accepter": (lambda room: room.take_sender, "accepte"),
}
"""What the field `acte` says, and what is told when it is done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """A page that says what an act does before it is done (PAGES 2, rule 8)."""

    act: str
    effects: tuple[str, ...]
    verb: Verb
    place: str
    done: str
    stays: bool
    """Whether there is a conversation to go back to."""


DELETE = Asking(
    act="Supprimer cette conversation",
    effects=(words.DELETED_FOR_EVER, words.DOCUMENTS_STAY),
    verb=lambda room: room.delete,
    place="supprimer",
    done="supprime",
    stays=False,
)
REFUSE = Asking(
    act="Refuser les messages de cet expéditeur",
    effects=words.REFUSE_EFFECTS,
    verb=lambda room: room.refuse_sender,
    place="refuser",
    done="refuse",
    stays=True,
)
DROP = Asking(
    act="Supprimer ce brouillon",
    effects=(words.DRAFT_LOST,),
    verb=lambda room: room.drop_draft,
    place="brouillon",
    done="brouillon-supprime",
    stays=True,
)


async def move(request: web.Request) -> web.Response:
    """Field `acte`."""
    patient, reader = request[VISIT].holder()
    conversation, said = request.match_info["id"], await field(request, "acte")
    if said not in MOVES:
        raise RefusedError("acte is archiver, desarchiver, corbeille, restaurer or accepter")
    verb, done = MOVES[said]
    await verb(room_of(request))(reader, patient, conversation)
    return see_other(f"{PATH}/{conversation}?fait={done}")


async def delete_page(request: web.Request) -> web.Response:
    return await _ask(request, DELETE)


async def delete(request: web.Request) -> web.Response:
    """A second click finds nothing to delete: it is told so in the list, and like any other id."""
    try:
        return await _do(request, DELETE)
    except DeniedError:
        return await box_view(request, status=404, missing=words.NO_MORE)


async def refuse_page(request: web.Request) -> web.Response:
    return await _ask(request, REFUSE)


async def refuse(request: web.Request) -> web.Response:
    return await _do(request, REFUSE)


async def drop_page(request: web.Request) -> web.Response:
    return await _ask(request, DROP)


async def drop(request: web.Request) -> web.Response:
    return await _do(request, DROP)


async def _ask(request: web.Request, asking: Asking) -> web.Response:
    visit = request[VISIT]
    patient, reader = visit.holder()
    one = await room_of(request).about(reader, patient, request.match_info["id"])
    base = f"{PATH}/{one.id}"
    return html(
        "messaging/confirm.html",
        face=visit.face,
        title=asking.act,
        current=PATH,
        data_page=f"{base[1:]}/{asking.place}",
        one=one,
        subject=one.subject or words.NO_SUBJECT,
        who=one.correspondent.name or words.NOBODY,
        back=base,
        place=f"{base}/{asking.place}",
        effects=[said.format(of_name=of(one.correspondent.name)) for said in asking.effects],
        act=asking.act,
    )


async def _do(request: web.Request, asking: Asking) -> web.Response:
    patient, reader = request[VISIT].holder()
    conversation, room = request.match_info["id"], room_of(request)
    one = await room.about(reader, patient, conversation)
    await asking.verb(room)(reader, patient, conversation)
    place = f"{PATH}/{conversation}" if asking.stays and one.count else PATH
    return see_other(f"{place}?fait={asking.done}")


async def change_receipts(request: web.Request) -> web.Response:
    """Field `accuses`: oui, or nothing."""
    patient, reader = request[VISIT].holder()
    allowed = await field(request, "accuses") == "oui"
    await room_of(request).receipts(reader, patient, allowed=allowed)
    return see_other(f"/parametres?fait={'accuses' if allowed else 'sans-accuses'}")
