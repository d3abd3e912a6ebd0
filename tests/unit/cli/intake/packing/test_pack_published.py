"""Every published document, put into a real store, packed and read again: the same metadata."""

from dataclasses import replace
from pathlib import Path

import pytest
from packing_house import PackingHouse
from place import Place

from gateway.mapping.xdm import understand_xdm
from gateway.records.documents.document import Document
from gateway.records.intake.finding import Verdict
from gateway.records.intake.reading import DEFAULT_READING
from gateway.records.intake.understanding import Format, Understanding
from gateway.store import Store

CORPUS = Path(__file__).resolve().parents[6] / "shared" / "corpus"
FAMILIES = [
    ("cda", "*.xml", Format.CDA, 25),
    ("xdm", "*.ZIP", Format.XDM, 20),
    ("hl7v2-world", "*.hl7", Format.HL7V2, 1),
]

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="no corpus beside the repository")


def metadata(document: Document) -> Document:
    """Without what only an envelope has: whether its hash and size were right."""
    return replace(document, hash_ok=None, size_ok=None)


async def same_again(house: PackingHouse, raw: bytes, kind: Format) -> Understanding | None:
    """What was packed, read again; None where the input files no document."""
    understood = house.understood(raw, kind)
    first = understood[0]
    if len(understood) > 1 or first.verdict is Verdict.REFUSE or not first.documents:
        return None
    await house.know(first.documents[0])
    answer = await house.deposit(raw, kind)
    if answer.verdict is not Verdict.ACCEPT:
        return None
    packed = await house.pack(answer.receipt)
    assert packed.archive == (await house.pack(answer.receipt)).archive
    back = understand_xdm(packed.archive, DEFAULT_READING)
    assert back.verdict is not Verdict.REFUSE
    assert list(map(metadata, back.documents)) == list(map(metadata, first.documents))
    assert [one.body for one in back.contents] == [one.body for one in first.contents]
    for before, after in zip(first.observations, back.observations, strict=True):
        assert list(after) == list(before)
    assert all(one.hash_ok and one.size_ok for one in back.documents)
    if first.submission is not None:
        assert back.submission == first.submission
    return back


@pytest.mark.parametrize(("family", "pattern", "kind", "least"), FAMILIES)
def test_what_is_packed_is_what_was_published(
    sqlite_place: Place, family: str, pattern: str, kind: Format, least: int
) -> None:
    async def work(store: Store) -> int:
        house = PackingHouse(store)
        files = sorted((CORPUS / family).glob(pattern))
        read = [await same_again(house, path.read_bytes(), kind) for path in files]
        return sum(one is not None for one in read)

    assert sqlite_place.inside(work) >= least
