"""One conversation: its messages, the oldest first, and the form of an answer."""

from dataclasses import replace

from aiohttp import web

from gateway.mapping.files.archive.names import EXTENSIONS
from gateway.mapping.files.own_file import DEPOSITED
from gateway.records.correspondence.conversation import (
    Conversation,
    Enclosed,
    Folder,
    Mail,
    Opened,
    Way,
)
from gateway.vault.messaging import words
from gateway.vault.messaging.form import Typed, Wrong, typed_in
from gateway.vault.messaging.listing import about, shut_words, title_of
from gateway.vault.messaging.room import PATH, room_of
from gateway.vault.messaging.sheet import ATTACH, letter, sheet_of
from gateway.vault.rendering import Face, html
from gateway.vault.visit import VISIT


async def conversation_page(request: web.Request) -> web.Response:
    """Field `joindre` of the address: the form opens with the documents to choose from."""
    return await conversation_view(request, request.match_info["id"])


async def conversation_view(
    request: web.Request,
    conversation: str,
    *,
    typed: Typed | None = None,
    wrong: Wrong | None = None,
) -> web.Response:
    """A conversation that is a draft alone is the form of a new message."""
    patient, reader = request[VISIT].holder()
    opened = await room_of(request).opened(reader, patient, conversation)
    typed = typed or typed_in(opened.draft, conversation)
    if not opened.mails:
        return await sheet_of(request, typed, wrong=wrong, draft=opened.draft)
    return await _view(request, opened, typed, wrong)


async def _view(
    request: web.Request, opened: Opened, typed: Typed, wrong: Wrong | None
) -> web.Response:
    visit, one = request[VISIT], opened.conversation
    asks = ATTACH in request.query
    may_write = one.shut is None
    more = await letter(request, typed, with_documents=asks) if may_write else {}
    return html(
        "messaging/conversation.html",
        status=wrong.status if wrong else 200,
        more=more,
        face=_less(visit.face, sum(mail.is_new for mail in opened.mails)),
        title=one.subject or words.NO_SUBJECT,
        current=PATH,
        data_page=f"{PATH[1:]}/{one.id}",
        errors=wrong.errors if wrong else {},
        refusal=wrong.code if wrong else "",
        done=words.DONE.get(request.query.get("fait", ""), ""),
        back=title_of(visit.face.of),
        base=f"{PATH}/{one.id}",
        one=one,
        who=one.correspondent.name,
        about=about(one.correspondent),
        shut=shut_words(one),
        may_write=may_write,
        mails=[_mail(one, mail, visit.face.profile_name) for mail in opened.mails],
        typed=typed,
        saved_at=opened.draft.saved_at if opened.draft and not wrong else None,
        in_bin=Folder.BIN in one.folders,
        archived=Folder.ARCHIVED in one.folders,
    )


def _less(face: Face, read: int) -> Face:
    """The frame was made before these messages were read."""
    left = face.unread.get(PATH, 0) - read
    return replace(face, unread={PATH: left} if left > 0 else {})


def _mail(conversation: Conversation, mail: Mail, holder: str) -> dict[str, object]:
    """`holder` is the first name of whose profile it is."""
    shape, said, mark = words.DELIVERIES[mail.delivery] if mail.delivery else ("", "", "")
    return {
        "id": mail.id,
        "own": mail.way is Way.OUT,
        "by": "Vous" if mail.is_own else mail.by or holder,
        "at": mail.at,
        "is_new": mail.is_new,
        "text": mail.text,
        "state": mail.delivery.value if mail.delivery else "received",
        "shape": shape,
        "said": said,
        "mark": mark,
        "reason": words.REASONS[mail.reason] if mail.reason else "",
        "enclosed": [_enclosed(one, conversation.id, mail.id) for one in mail.enclosed],
        "shared": mail.shared,
    }


def _enclosed(one: Enclosed, conversation: str, mail: str) -> dict[str, object]:
    is_file = one.place >= 0
    return {
        "name": one.name or words.UNNAMED,
        "address": f"{PATH}/{conversation}/pieces/{mail}/{one.place}" if is_file else "",
        "piece": f"{conversation}/{mail}/{one.place}" if one.mime_type in DEPOSITED else "",
        "size": one.size,
        "document": one.document,
        "refused": words.kept_back(one.refused) if one.refused else "",
    }


async def enclosed_file(request: web.Request) -> web.Response:
    """What came with a message, as an attachment under a name of ours: its own is a stranger's."""
    patient, reader = request[VISIT].holder()
    conversation, mail = request.match_info["id"], request.match_info["mail"]
    place = int(request.match_info["number"])
    given = await room_of(request).enclosed(reader, patient, conversation, mail, place)
    kind = given.mime_type
    extension = EXTENSIONS.get(kind, "bin")
    return web.Response(
        body=given.body,
        headers={
            "Content-Type": kind if kind in EXTENSIONS else "application/octet-stream",
            "Content-Disposition": f'attachment; filename="piece-{mail[:8]}-{place}.{extension}"',
        },
    )
