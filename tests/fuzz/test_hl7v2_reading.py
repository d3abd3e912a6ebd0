"""Laws of the HL7v2 reader: it never raises, never loses a row, and reads back what it wrote."""

import base64
import string

from hypothesis import given
from hypothesis import strategies as st

from gateway.mapping.datatypes.times import date_of, iso_of
from gateway.mapping.hl7v2 import split_batch, understand
from gateway.mapping.hl7v2.er7.delimiters import DEFAULT, Delimiters
from gateway.mapping.hl7v2.er7.encapsulated import Cut, find_cuts, read_base64
from gateway.mapping.hl7v2.er7.escapes import escape, unescape
from gateway.mapping.hl7v2.inspect import message_json
from gateway.records.intake.finding import Verdict
from gateway.records.intake.reading import DEFAULT_READING

HEAD = b"MSH|^~\\&|A|B|C|D|20260115||ORU^R01|1|P|2.5|||||FRA|UNICODE UTF-8\r"
WORDS = r"MSH|^~\&| \rPID|1|| \rOBX|1|NM| \rOBX|1|ED|a^b||^T^X^Base64^ UENs | ^ ~ & \ F Hex \X0D\ é"
pieces = st.sampled_from(
    (*(word.replace("\\r", "\r").encode() for word in WORDS.split()), b"\r", b"\n", b"\0", b"\xff")
)
messages = st.lists(pieces, max_size=60).map(b"".join)
marks = st.permutations(list("|^~\\&#$!@")).map(lambda m: Delimiters(*m[:5]))


@given(st.one_of(messages, st.binary(max_size=300), messages.map(lambda m: HEAD + m)))
def test_any_bytes_are_understood_or_refused_never_raised(raw: bytes) -> None:
    for one in split_batch(raw) or [raw]:
        understood = understand(one, DEFAULT_READING)
        assert understood.findings or understood.verdict is Verdict.ACCEPT
        assert len(understood.documents) == len(understood.contents) == len(understood.observations)
        if understood.message is not None:
            message_json(understood.message, understood.findings, understood.verdict)


@given(st.text(st.characters(exclude_categories=["C", "Z"])), marks)
def test_a_leaf_written_can_be_read_back(text: str, own: Delimiters) -> None:
    assert unescape(escape(text, own), own) == text
    assert not set(escape(text, own)) & {own.field, own.component, own.repetition}


@given(st.text(string.printable))
def test_undoing_escapes_leaves_text_without_escapes_alone(text: str) -> None:
    plain = text.replace("\\", "")
    assert unescape(plain, DEFAULT) == plain


@given(st.binary(max_size=200), st.sampled_from([b"", b"\r", b"\n", b"|F\r", b"|\rOBX|2|NM|x"]))
def test_an_ed_is_cut_out_where_it_stands(data: bytes, tail: bytes) -> None:
    text = base64.b64encode(data)
    raw = HEAD + b"OBX|1|ED|x||^TEXT^XML^Base64^" + text + tail
    (cut,) = find_cuts(raw, b"|", b"^")
    assert raw[cut.start : cut.stop] == cut.data == text
    assert read_base64(cut).body == data


@given(st.binary(max_size=120))
def test_base64_never_raises_and_says_what_is_wrong(data: bytes) -> None:
    decoded = read_base64(Cut(data, 0, len(data)))
    assert decoded.problem == "" or decoded.body == b""
    assert decoded.piece is None or decoded.problem == ""


@given(st.text(st.sampled_from("0123456789+-.TZ /é٣"), max_size=26))
def test_any_time_is_iso_or_nothing(text: str) -> None:
    for iso in (iso_of(text), date_of(text)):
        assert iso is None or (iso.isascii() and iso[:4].isdigit())


@given(st.lists(st.integers(0, 999), min_size=1, max_size=40))
def test_no_row_is_lost(values: list[int]) -> None:
    rows = b"".join(b"OBX|%d|NM|1-1^x^LN||%d||||||F\r" % (n, v) for n, v in enumerate(values))
    understood = understand(HEAD + b"PID|1||7^^^X^PI\rOBR|1\r" + rows, DEFAULT_READING)
    assert [one.value for one in understood.observations[0]] == [str(value) for value in values]


def test_no_input_costs_more_than_its_length() -> None:
    """A megabyte of each would take minutes if any step looked at it twice per byte."""
    size = 1_000_000
    for part in (b"|ED|", b"\r", b"\ra", b"\rNTE|1||x", b"OBX|1|ED|", b"\\X41", b"\n\r", b"\rMSH"):
        raw = HEAD + b"PID|1\rOBX|1|ED|a||^T^X^Base64^" + part * (size // len(part))
        for one in (split_batch(raw) or [raw])[:3]:
            assert understand(one, DEFAULT_READING).verdict is Verdict.REFUSE
