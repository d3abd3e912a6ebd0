"""The kit's own eyes: frames, HL7v2, acknowledgements and XML."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kit_samples import SERIAL, mdm, results

from conformance.made.hl7 import adt
from conformance.made.person import Person, ins_key, invented
from conformance.made.serial import Serial
from conformance.reading.ack import read_ack
from conformance.reading.frames import Deframer, Framed
from conformance.reading.hl7 import UnreadableError, read_message
from conformance.reading.xml import BadXmlError, read_xml
from conformance.sender.archive import read_archive
from conformance.wire.address import Address, BadAddressError, read_address

PAYLOADS = st.lists(
    st.binary(min_size=1, max_size=40).map(lambda raw: raw.translate(None, b"\x0b\x1c"))
)


def drained(chunks: list[bytes]) -> list[Framed]:
    deframer = Deframer()
    return [one for chunk in chunks for one in deframer.feed(chunk)]


@given(PAYLOADS, st.integers(1, 30))
def test_frames_do_not_depend_on_how_the_bytes_were_cut(messages: list[bytes], cut: int) -> None:
    stream = b"".join(b"\x0b" + one + b"\x1c\r" for one in messages)
    chunks = [stream[at : at + cut] for at in range(0, len(stream), cut)]
    assert drained(chunks) == drained([stream])
    assert [one.body for one in drained(chunks)] == messages


@pytest.mark.parametrize(
    ("stream", "wanted"),
    [
        (b"junk\x0ba\x1c\r", [Framed(b"a", stray=b"junk")]),
        (b"\x0ba\x0bb\x1c\r", [Framed(b"b", restarted=True)]),
        (b"\x0ba\x1c\x0bb\x1c\r", [Framed(b"a", bare_end=True), Framed(b"b")]),
        (b"\x0b\x1c\r\x0ba\x1c\r", [Framed(b""), Framed(b"a")]),
        (b"\x0ba\x1c", []),
        (b"no frame", []),
    ],
)
def test_what_is_wrong_with_a_frame_is_kept(stream: bytes, wanted: list[Framed]) -> None:
    assert drained([stream]) == wanted


def test_an_open_frame_is_told() -> None:
    deframer = Deframer()
    assert list(deframer.feed(b"\x0bhalf")) == []
    assert (deframer.open, deframer.waiting) == (True, 4)


def test_fields_are_numbered_as_the_standard_does() -> None:
    message = read_message(b"MSH|^~\\&|A|B\rPID|1||x^^^y&z&ISO~w\r")
    assert [message.msh.field(number) for number in (1, 2, 3, 4)] == ["|", "^~\\&", "A", "B"]
    pid = message.all("PID")[0]
    assert (pid.part(3, 4, 2), pid.repetitions(3), pid.part(3, of="w")) == (
        "z",
        ["x^^^y&z&ISO", "w"],
        "w",
    )
    assert message.get("ZZZ", 1) == ""


def test_delimiters_and_escapes_are_those_of_the_message() -> None:
    message = read_message(b"MSH!$*?%!A\rPID!1!!a?F?b?E?S?c!x$y\r")
    assert message.get("PID", 3) == "a!b?S?c"
    assert message.get("PID", 4, 2) == "y"


@pytest.mark.parametrize(
    ("declared", "raw", "charset", "wrong"),
    [
        ("", "é".encode(), "utf-8", False),
        ("", "é".encode("latin-1"), "iso8859-15", False),
        ("UNICODE UTF-8", "é".encode("latin-1"), "utf-8", True),
        ("8859/15", "œ".encode("iso8859-15"), "iso8859-15", False),
    ],
)
def test_the_character_set_is_read_and_not_believed(
    declared: str, raw: bytes, charset: str, wrong: bool
) -> None:
    head = f"MSH|^~\\&|||||||A^B|1|T|2.5||||||{declared}|".encode()
    message = read_message(head + raw + b"\r")
    assert (message.charset, message.charset_error) == (charset, wrong)


@pytest.mark.parametrize("raw", [b"", b"PID|1", b"MSH", b"MSHAAAAAAAA", b"MSH|\r\r\r\r\r\r\r"])
def test_what_has_no_header_is_no_message(raw: bytes) -> None:
    with pytest.raises(UnreadableError):
        read_message(raw)


def test_an_acknowledgement_says_what_it_found() -> None:
    ack = read_ack(
        b"MSH|^~\\&|A|B|C|D|||ACK^R01^ACK|9\rMSA|AE|K1\r"
        b"ERR||PID^1^3|207^x^HL70357|E|904^y^HL70533\r"
    )
    assert (ack.code, ack.about, ack.receipt, ack.refused) == ("AE", "K1", "9", True)
    assert ack.says("904")
    assert ack.says("207")
    assert not ack.says("100")
    assert str(ack) == "AE (E/207/904 at PID^1^3)"
    with pytest.raises(UnreadableError):
        read_ack(b"MSH|^~\\&|A\rPID|1\r")


@pytest.mark.parametrize(
    "raw",
    [b"<a>", b"", b"<!DOCTYPE a><a/>", b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///x">]><a>&x;</a>'],
)
def test_xml_with_a_document_type_or_without_an_end_is_refused(raw: bytes) -> None:
    with pytest.raises(BadXmlError):
        read_xml(raw)


def test_an_archive_is_opened_within_bounds() -> None:
    assert read_archive(b"no").error
    assert read_archive(b"PK\x05\x06" + b"\0" * 18).names == ()


def test_the_same_seed_makes_the_same_bytes() -> None:
    first, second = (Serial(5, "x") for _ in range(2))
    who = invented(Serial(5, "who"))
    assert results(("PV1", 2, "N")).raw() != results(("PV1", 2, "N")).raw()
    assert adt(who, first.control()).raw() == adt(who, second.control()).raw()
    assert Serial(6, "x").control() != Serial(5, "x").control() != Serial(5, "y").control()
    assert len(Serial(2**31 - 1, "x" * 99).control()) <= 20
    assert len(Serial(2**31 - 1, "x" * 99).oid()) <= 64


@pytest.mark.parametrize(
    ("number", "key"), [("2790351215189", "89"), ("180052A004123", "10"), ("290112B033045", "62")]
)
def test_the_key_of_a_matricule(number: str, key: str) -> None:
    assert ins_key(number) == key


@given(st.integers(0, 2**31), st.text(max_size=20))
def test_invented_people_have_right_keys(seed: int, name: str) -> None:
    who = invented(Serial(seed, name))
    assert ins_key(who.ins[:13]) == who.ins[13:] != who.with_wrong_key().ins[13:]
    assert len(who.ins) == 15


def test_a_person_is_read_from_a_file_of_the_demo() -> None:
    line = {"ins": "1", "birth_family": "A", "birth_given": "B", "birth_date": "1984-03-12",
            "sex": "F", "birth_place": "75056"}  # fmt: skip
    who = Person.of(line)
    assert (who.birth, who.givens, who.oid) == ("19840312", "B", "1.2.250.1.213.1.4.10")


def test_a_draft_is_written_with_its_own_delimiters() -> None:
    draft = mdm()
    draft.separators = "!$*?%"
    message = read_message(draft.raw())
    assert message.get("PID", 3, 4, 2) == "1.2.250.1.213.1.4.10"
    assert message.control == draft.control


def test_addresses_are_read_as_an_operator_writes_them() -> None:
    assert read_address("127.0.0.1:2575", "mllp", "mllps") == Address("127.0.0.1", 2575)
    assert read_address("mllps://hote:1", "mllp", "mllps").tls
    assert str(read_address("[::1]:25", "smtp")) == "[::1]:25"
    for text in ("hote", "http://hote:1", "mllp://:1", "mllp://h:99999999"):
        with pytest.raises(BadAddressError):
            read_address(text, "mllp")
    assert SERIAL.uuid() != SERIAL.uuid()


def test_to_try_or_to_listen_needs_nothing_but_the_standard_library_and_lxml() -> None:
    program = (
        "import sys; before = set(sys.modules);"
        "import conformance.cli, conformance.commands.gateway, conformance.commands.sender;"
        "print(*sorted({name.split('.')[0] for name in set(sys.modules) - before}"
        " - set(sys.stdlib_module_names)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    found = [name for name in done.stdout.split() if "cython" not in name]  # lxml's own
    assert found == ["conformance", "lxml"]
