"""A file that was made is stored in pieces, and downloaded from the middle of any of them."""

import io
import random
import zipfile
from itertools import pairwise

from vault_house import CLAIRE, House, key_of
from vault_twins import NOW

from gateway.flows.exporting.pieces import PIECE_BYTES, Pieces, Writing
from gateway.flows.exporting.take import Taken
from gateway.mapping.files.archive.zip import layout_of
from gateway.records.patients.export import Export


async def test_a_file_of_several_pieces_is_the_same_from_wherever_it_is_gone_on_with() -> None:
    house = House()
    room = house.rooms().exporting
    assert room is not None
    key = key_of(CLAIRE)
    export = Export(
        id="a" * 32, patient=key, asker=key, name="", base="", asked_at=NOW, ends_at=NOW
    )

    async def put(file: int, number: int, octets: bytes) -> None:
        await house.exports.put(export.id, file, number, octets)

    body = random.Random(7).randbytes(2 * PIECE_BYTES + 99)  # noqa: S311 - what does not shrink
    both = Pieces(12, put)
    before = Writing("a.eml", both)
    await before.write(b"Bonjour")
    small = await before.end(mail="m" * 32)
    writing = Writing("bundle.json", both)
    for first in range(0, len(body), 70_000):
        await writing.write(body[first : first + 70_000])
    member = await writing.close()
    pieces = [len(one) for one in house.exports.pieces.values()]
    assert pieces[:2] == [PIECE_BYTES, PIECE_BYTES]
    assert sum(pieces) == small.packed + member.packed
    assert (small.at, member.at) == (0, small.packed)
    layout = layout_of([member, small], NOW)
    taken = Taken(room=room, export=export, layout=layout)

    async def between(start: int, stop: int) -> bytes:
        return b"".join([run async for run in taken.octets(start, stop)])

    whole = await between(0, layout.size)
    with zipfile.ZipFile(io.BytesIO(whole)) as opened:
        assert opened.read("bundle.json") == body
        assert opened.read("a.eml") == b"Bonjour"
    edges = [
        layout.parts[1].start + PIECE_BYTES * number + more
        for number in (0, 1, 2)
        for more in (-1, 0, 1)
    ]
    places = [0, *edges, layout.size]
    assert b"".join([await between(a, b) for a, b in pairwise(places)]) == whole
    assert await between(edges[3], edges[7]) == whole[edges[3] : edges[7]]
