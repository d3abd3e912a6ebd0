"""« Segments » : number, name, fields with their names of the standard, values masked."""

from aiohttp import web

from gateway.errors import RefusedError
from gateway.flows.desk.messages.segments import SegmentDesk
from gateway.mapping.hl7v2.er7.shape import FieldShape, SegmentShape
from gateway.vault import words
from gateway.vault.desk.acting import agent_of
from gateway.vault.desk.frame import desk_html
from gateway.vault.desk.messages.said import MESSAGES
from gateway.vault.desk.signin import desk_of
from gateway.vault.desk.words import HOW_WORDS
from gateway.vault.document.listing import page_number
from gateway.vault.porch import sorry
from gateway.vault.visit import VISIT


async def segments_page(request: web.Request) -> web.Response:
    receipt = request.match_info["id"]
    place = f"{MESSAGES}/{receipt}/segments"
    try:
        found = await _segments(request).show(
            agent_of(request), receipt, page=page_number(request.query)
        )
    except RefusedError:
        return sorry(request[VISIT], 404, words.NOT_HERE)
    shape, page = found.shape, found.page
    return desk_html(
        request,
        "messages/segments",
        title="Segments",
        place=place,
        envelope=found.envelope,
        charset=shape.charset + HOW_WORDS.get(shape.how, ""),
        version=shape.version,
        count=shape.count,
        segments=[_segment(one) for one in shape.segments],
        page=page,
        pages=found.pages,
        previous=f"{place}?page={page - 1}" if page > 1 else "",
        following=f"{place}?page={page + 1}" if page < found.pages else "",
    )


def _segments(request: web.Request) -> SegmentDesk:
    segments = desk_of(request).segments
    if segments is None:
        raise RefusedError("this house shows no segments at its desk")
    return segments


def _segment(one: SegmentShape) -> dict[str, object]:
    return {
        "number": one.number,
        "name": one.name,
        "fields": [_field(one.name, each) for each in one.fields],
        "more": one.more,
    }


def _field(segment: str, one: FieldShape) -> dict[str, object]:
    length = words.plural(one.characters, "caractère", "caractères")
    if one.repetitions > 1:
        length = f"{length}, {words.number(one.repetitions)} répétitions"
    if one.cut:
        length = f"{length}, et {words.size(one.cut)} en base64"
    return {
        "place": f"{segment}-{one.number}",
        "name": one.name,
        "type": one.type,
        "shown": one.shown,
        "length": length,
    }
