"""`/messagerie`: the conversations of a folder, with words to look for (VAULT MSG-07)."""

from dataclasses import dataclass
from urllib.parse import urlencode

from aiohttp import web

from gateway.access.professions import profession_name
from gateway.records.correspondence.conversation import (
    Conversation,
    ConversationPage,
    Correspondent,
    Folder,
)
from gateway.vault.document.listing import MAX_SEARCH_CHARACTERS, page_number
from gateway.vault.messaging import words
from gateway.vault.messaging.room import PATH, room_of
from gateway.vault.rendering import html
from gateway.vault.visit import VISIT
from gateway.vault.words import of, plural


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the address asks for; an unknown folder is the first one."""

    folder: Folder
    words: str
    page: int

    def address(self, *, page: int = 1) -> str:
        pairs = [
            ("dossier", "" if self.folder is Folder.RECEIVED else self.folder.value),
            ("q", self.words),
            ("page", str(page) if page > 1 else ""),
        ]
        kept = [(name, value) for name, value in pairs if value]
        return PATH + (f"?{urlencode(kept)}" if kept else "")


def asked_of(request: web.Request) -> Asked:
    said = request.query.get("dossier", "")
    return Asked(
        folder=Folder(said) if said in set(Folder) else Folder.RECEIVED,
        words=request.query.get("q", "").strip()[:MAX_SEARCH_CHARACTERS],
        page=page_number(request.query),
    )


async def messages_page(request: web.Request) -> web.Response:
    """Fields `dossier`, `q` and `page`."""
    return await box_view(request, done=words.DONE.get(request.query.get("fait", ""), ""))


async def box_view(
    request: web.Request, *, status: int = 200, done: str = "", missing: str = ""
) -> web.Response:
    visit, asked = request[VISIT], asked_of(request)
    patient, reader = visit.holder()
    room = room_of(request)
    found = await room.listing(reader, patient, asked.folder, asked.words, asked.page)
    pages = max(1, -(-found.total // room.page_size))
    return html(
        "messaging/list.html",
        status=status,
        face=visit.face,
        title=title_of(visit.face.of),
        current=PATH,
        data_page=PATH[1:],
        done=done,
        missing=missing,
        asked=asked,
        folders=[(one.value, text, found.counts[one]) for one, text in words.FOLDERS.items()],
        rows=[row_of(one) for one in found.conversations],
        sentence=sentence(found, asked),
        unread=plural(found.unread, "message non lu", "messages non lus") if found.unread else "",
        page=asked.page,
        pages=pages,
        previous=asked.address(page=asked.page - 1) if asked.page > 1 else "",
        following=asked.address(page=asked.page + 1) if asked.page < pages else "",
    )


def title_of(of: str) -> str:
    return f"{words.MESSAGING} {of}" if of else words.MESSAGING


def row_of(one: Conversation) -> dict[str, object]:
    return {
        "id": one.id,
        "subject": one.subject or words.NO_SUBJECT,
        "name": one.correspondent.name or words.NOBODY,
        "about": about(one.correspondent),
        "at": one.last_at,
        "state": "unread" if one.unread else "read" if one.count else "draft",
        "unread": one.unread,
        "count": plural(one.count, "message", "messages") if one.count else "",
        "has_draft": one.has_draft,
        "shut": shut_words(one),
    }


def about(one: Correspondent) -> str:
    """« Médecin · Cabinet des Charmes »; "" where no more than the name is known."""
    profession = profession_name(one.profession) if one.profession else ""
    return " · ".join(part for part in (profession, one.organization or "") if part)


def shut_words(one: Conversation) -> str:
    name = one.correspondent.name
    return words.SHUT[one.shut].format(name=name, of_name=of(name)) if one.shut else ""


def sentence(found: ConversationPage, asked: Asked) -> str:
    """« 4 conversations dans Reçus : « bilan » »."""
    count = plural(found.total, "conversation", "conversations")
    told = f"{count} dans « {words.FOLDERS[asked.folder]} »"
    return f"{told} : « {asked.words} »" if asked.words else f"{told}, de la plus récente"
