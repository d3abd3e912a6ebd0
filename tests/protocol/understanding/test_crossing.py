"""What crosses to a helper and back: the same understanding, however the stream was cut."""

import base64
from dataclasses import fields, is_dataclass, replace
from pathlib import Path

import msgspec
import pytest
from dmp_authority import DmpAuthority
from hypothesis import given
from hypothesis import strategies as st
from lot_sample import LOT, entity

from gateway.adapters.understanding.crossing import (
    Crossing,
    CrossingContent,
    Failure,
    Frames,
    answer_in,
    framed,
    manner_in,
    packed_answer,
    packed_manner,
)
from gateway.mapping.understand import understand_at_door
from gateway.records.documents.document import Label
from gateway.records.documents.observation import ResultsInBody
from gateway.records.intake.reading import DEFAULT_READING, Reading
from gateway.records.intake.understanding import Content, Format, Piece, Understanding

EXAMPLES = sorted(
    one for one in (Path(__file__).parents[3] / "examples").iterdir() if one.suffix != ".md"
)
MDM = (
    b"MSH|^~\\&|LOGICIEL|CABINET|GW|HERE|20260302101500||MDM^T02^MDM_T02|C1|P|2.6\r"
    b"EVN|T02|20260302101500\rPID|1||284037511604282^^^ASIP-SANTE-INS-NIR&1.2.250.1.213.1.4.10&ISO^INS"
    b"||DURAND^CLAIRE^^^^^L||19840312|F\rPV1|1|N\rTXA|1|CN|TX||||||||||1.2.3|||||AU\r"
    b"OBX|1|ED|11488-4^x^LN||^TEXT^XML^Base64^CDA||||||F\r"
)
ORU = (
    MDM[: MDM.index(b"TXA")].replace(b"MDM^T02^MDM_T02", b"ORU^R01^ORU_R01")
    + b"OBR|1\rOBX|1|NM|718-7^Hb^LN||1.5|g/dL|||||F\r"
)
ODD = (b"", b"MSH", b"<a", b"{}", b"PK\x03\x04", b"Subject: x\r\n\r\nx")


def alike(one: object, other: object) -> bool:
    """Equal, results that are read when asked for included."""
    if isinstance(one, ResultsInBody):
        return isinstance(other, ResultsInBody) and list(one) == list(other)
    if is_dataclass(one):
        names = [field.name for field in fields(one)]
        return type(one) is type(other) and all(
            alike(getattr(one, name), getattr(other, name)) for name in names
        )
    if isinstance(one, tuple | list) and isinstance(other, tuple | list):
        return type(one) is type(other) and len(one) == len(other) and all(map(alike, one, other))
    return type(one) is type(other) and one == other


def crossed(raw: bytes) -> list[Understanding]:
    answer = answer_in(packed_answer(raw, understand_at_door(raw, DEFAULT_READING)), raw)
    assert isinstance(answer, list)
    return answer


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.name)
def test_an_understanding_crosses_whole(example: Path) -> None:
    raw = example.read_bytes()

    assert alike(understand_at_door(raw, DEFAULT_READING), crossed(raw))


@pytest.mark.parametrize("raw", ODD)
def test_so_does_what_cannot_be_read(raw: bytes) -> None:
    assert alike(understand_at_door(raw, DEFAULT_READING), crossed(raw))


def test_a_signed_lot_crosses_with_the_certificate_that_signed_it() -> None:
    signer = DmpAuthority().signer()
    raw = entity(replace(LOT, signer=signer))

    [answer] = crossed(raw)
    assert alike(understand_at_door(raw, DEFAULT_READING), [answer])
    assert answer.signed_by == signer.der


def test_the_bytes_of_the_input_do_not_cross_twice() -> None:
    raw = EXAMPLES[-1].read_bytes() + b"\r".join(b"NTE|1||%d" % n for n in range(2_000))
    (understood,) = understand_at_door(raw, DEFAULT_READING)

    assert len(packed_answer(raw, [understood])) < len(raw)
    (answer,) = crossed(raw)
    assert answer.contents[0].body is raw


def test_a_document_inside_does_not_cross_back_either() -> None:
    letter = (EXAMPLES[1].read_bytes() + b" " * 20_000).strip() + b" " * 20_000
    carried = base64.b64encode(letter)
    raw = MDM.replace(b"CDA", carried)
    (understood,) = understand_at_door(raw, DEFAULT_READING)

    assert understood.contents[0].body == letter
    assert len(packed_answer(raw, [understood])) < len(letter) / 2
    assert alike([understood], crossed(raw))


def test_a_document_in_a_batch_of_one_crosses_itself() -> None:
    letter = EXAMPLES[1].read_bytes() + b" " * 5_000
    carried = MDM.replace(b"CDA", base64.b64encode(letter))
    raw = b"FHS|^~\\&\rBHS|^~\\&\r" + carried + b"BTS|1\rFTS|1\r"

    (answer,) = crossed(raw)

    assert answer.contents[0].body == letter
    assert alike(understand_at_door(raw, DEFAULT_READING), [answer])


@pytest.mark.parametrize("as_base64", [False, True])
def test_a_document_that_stands_elsewhere_crosses_itself(as_base64: bool) -> None:
    raw = EXAMPLES[1].read_bytes() + b" " * 5_000
    (understood,) = understand_at_door(raw, DEFAULT_READING)
    (content,) = understood.contents
    piece = Piece(0, 5_000, base64=as_base64)
    moved = replace(content, body=bytes(5_000), piece=piece)

    answer = answer_in(packed_answer(raw, [replace(understood, contents=(moved,))]), raw)

    assert isinstance(answer, list)
    assert answer[0].contents[0].body == bytes(5_000)


FRAMES = st.tuples(st.integers(0, 2**64 - 1), st.integers(0, 2**16 - 1), st.binary(max_size=300))


@given(st.lists(FRAMES, max_size=8), st.data())
def test_frames_do_not_depend_on_how_the_stream_was_cut(
    sent: list[tuple[int, int, bytes]], data: st.DataObject
) -> None:
    pieces_sent = (framed(ticket, content, manner=manner) for ticket, manner, content in sent)
    stream = b"".join(map(b"".join, pieces_sent))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=8)))
    frames = Frames()
    pieces = (stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True))

    assert [frame for piece in pieces for frame in frames.feed(piece)] == sent


def test_a_manner_crosses_with_its_limits() -> None:
    types = (("X", "", Label.BIOLOGIE),)
    schema = Path("CDA.xsd")
    reading = Reading(strict=True, max_segments=7, cda_schema=schema, local_types=types)
    manner = (reading, Format.MAIL)

    assert manner_in(packed_manner(manner)) == manner


def test_a_failure_crosses_with_its_place() -> None:
    failure = Failure("ValueError", "gateway.mapping.understand:42")

    assert answer_in(packed_answer(b"", failure), b"") == failure


def test_every_field_of_an_understanding_crosses() -> None:
    assert [one.name for one in fields(Understanding)] == list(Crossing.__struct_fields__)
    assert [one.name for one in fields(Content)] == list(CrossingContent.__struct_fields__)


def test_results_are_read_again_in_the_body_they_stay_in() -> None:
    (answer,) = crossed(ORU)

    assert isinstance(answer.observations[0], ResultsInBody)
    assert [found.value for found in answer.observations[0]] == ["1.5"]


@pytest.mark.parametrize(
    "forged",
    [
        b"",
        b"\xc1",
        msgspec.msgpack.encode("done"),
        msgspec.msgpack.encode([["hl7v2"]]),
        msgspec.msgpack.encode([["print", "accept", *[None] * 10]]),
        msgspec.msgpack.encode(
            [["hl7v2", "accept", [], None, None, [], [], [], "many", 0, None, None]]
        ),
        msgspec.msgpack.encode(msgspec.msgpack.Ext(1, b"done")),
    ],
)
def test_nothing_but_an_understanding_is_made_of_an_answer(forged: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - msgspec's own words
        answer_in(forged, b"")


def test_a_piece_outside_the_input_brings_nothing_in() -> None:
    """What a helper would say that a stranger took over."""
    content = [{"start": -5_000, "stop": 10**9, "base64": False}, None, None]
    nothing = [None] * 5
    understood = ["cda", "accept", [], None, None, [], [content], [], 0, 0, *nothing]

    answer = answer_in(msgspec.msgpack.encode([understood]), b"<a/>")

    assert isinstance(answer, list)
    assert answer[0].contents[0].body == b"<a/>"
