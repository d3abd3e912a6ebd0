"""Splitting: delimiters, character sets, line ends, continuation, batches, escapes."""

import pytest
from hl7_samples import PID, ROWS, message, msh, results

from gateway.mapping.hl7v2 import split_batch, understand
from gateway.mapping.hl7v2.er7.delimiters import DEFAULT, Delimiters, delimiters_of
from gateway.mapping.hl7v2.er7.escapes import escape, unescape
from gateway.mapping.hl7v2.er7.splitter import split
from gateway.records.intake.finding import Verdict
from gateway.records.intake.reading import DEFAULT_READING, Reading


def codes(raw: bytes, reading: Reading = DEFAULT_READING) -> list[str]:
    return [finding.code for finding in understand(raw, reading).findings]


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
def test_segments_end_with_cr_lf_or_both(end: str) -> None:
    parted = split(message(msh(), PID, *ROWS, end=end), DEFAULT_READING)
    assert parted is not None
    assert [line[:3] for line in parted.lines] == ["MSH", "PID", "ORC", "OBR", "OBX", "OBX"]


def test_a_line_that_is_no_segment_continues_the_field_before_it() -> None:
    raw = message(msh(), PID, "OBR|1", "OBX|1|TX|a^b^L||premiere ligne", "seconde ligne||||||F")
    understood = understand(raw, DEFAULT_READING)
    assert understood.observations[0][0].value == "premiere ligne\nseconde ligne"
    assert "continuation-line" in [finding.code for finding in understood.findings]


def test_a_byte_order_mark_before_msh_is_skipped() -> None:
    assert understand(b"\xef\xbb\xbf" + results(), DEFAULT_READING).verdict is Verdict.ACCEPT


@pytest.mark.parametrize(
    "raw", [b"", b"PID|1", b"<xml/>", b"MSH", b"MSHAAAAALABAA\r", b"\xff\xfeM\0"]
)
def test_what_does_not_begin_with_msh_is_unreadable(raw: bytes) -> None:
    understood = understand(raw, DEFAULT_READING)
    assert understood.message is None
    assert [(f.condition, f.fatal) for f in understood.findings] == [(100, True)]


def test_a_separator_that_is_another_letter_once_decoded_separates_nothing() -> None:
    """0xB8 is a cedilla in Latin-1, by which MSH is peeked at, and a letter in Latin-9."""
    for rest in (b"", b"\rNTE|1\r", b"\rMSH\r"):
        answer = understand(b"MSH\xb8^~\\&\xb8LAB" + rest, DEFAULT_READING)
        assert answer.verdict is Verdict.REFUSE
        assert [one.code for one in answer.findings] == ["msh-unreadable"]


@pytest.mark.parametrize("marks", ["^&&^", "^~\\\\&", "|||", "^~A&"])
def test_separators_that_are_not_distinct_marks_refuse_the_message(marks: str) -> None:
    raw = results().replace(b"^~\\&", marks.encode(), 1)
    understood = understand(raw, DEFAULT_READING)
    assert understood.verdict is Verdict.REFUSE
    assert any(finding.fatal for finding in understood.findings)


def test_an_msh_2_of_two_characters_names_no_escape() -> None:
    assert delimiters_of("MSH|^~|LAB") == Delimiters("|", "^", "~", "", "")


def test_other_separators_are_taken_from_the_message_itself() -> None:
    raw = results().replace(b"\\", b"!").replace(b"&", b"@").replace(b"^", b"$").replace(b"|", b"#")
    assert understand(raw, DEFAULT_READING).verdict is Verdict.ACCEPT


@pytest.mark.parametrize(
    ("declared", "codec", "charset", "how"),
    [
        ("UNICODE UTF-8", "utf-8", "utf-8", "declared"),
        ("UTF-8", "utf-8", "utf-8", "declared"),
        ("8859/1", "latin-1", "iso8859-1", "declared"),
        ("8859/15", "iso8859-15", "iso8859-15", "declared"),
        ("8859/15~UNICODE UTF-8", "iso8859-15", "iso8859-15", "declared"),
        ("", "utf-8", "utf-8", "default"),
        ("", "iso8859-15", "iso8859-15", "guessed"),
        ("ASCII", "iso8859-15", "iso8859-15", "guessed"),
    ],
)
def test_accents_survive_every_character_set(
    declared: str, codec: str, charset: str, how: str
) -> None:
    raw = message(
        msh(charset=declared),
        PID.replace("PATTE^Ana^Ana Lea", "PÂTÉ^Zoé^Zoé"),
        *ROWS,
        charset=codec,
    )
    read = understand(raw, DEFAULT_READING).message
    assert read is not None
    assert (read.family, read.given) == ("PÂTÉ", "Zoé")
    assert (read.header.charset, read.header.charset_how) == (charset, how)


def test_euro_and_oe_are_read_in_latin_9_not_latin_1() -> None:
    raw = message(
        msh(charset="8859/15"), PID, "OBR|1", "OBX|1|ST|a^b||cœur €||||||F", charset="iso8859-15"
    )
    assert understand(raw, DEFAULT_READING).observations[0][0].value == "cœur €"


def test_a_false_declaration_is_refused_with_102_and_taken_where_allowed() -> None:
    raw = message(msh(), PID.replace("Ana", "Zoé"), *ROWS, charset="latin-1")
    refused = understand(raw, DEFAULT_READING)
    assert [(f.code, f.condition, f.where) for f in refused.findings] == [
        ("charset-false", 102, "MSH-18")
    ]
    allowed = understand(raw, Reading(charset_fallback_allowed=True))
    assert allowed.verdict is Verdict.ACCEPT


def test_a_fallback_that_cannot_read_the_bytes_gives_way_to_one_that_can() -> None:
    raw = message(msh(charset=""), PID.replace("Ana", "Zoé"), *ROWS, charset="latin-1")
    read = understand(raw, Reading(fallback_charset="utf-8")).message
    assert read is not None
    assert (read.given, read.header.charset) == ("Zoé", "iso8859-15")


def test_an_unknown_set_is_refused_with_103() -> None:
    assert codes(results(charset="KLINGON")) == ["charset-unknown"]


def test_a_deleted_msh_18_is_read_as_an_empty_one() -> None:
    assert codes(results(charset='""')) == []


@pytest.mark.parametrize("declared", ["", "ASCII", "KLINGON"])
def test_a_guessed_set_is_told_in_words_that_are_true_of_every_msh_18(declared: str) -> None:
    raw = message(msh(charset=declared), PID.replace("Ana", "Zoé"), *ROWS, charset="latin-1")
    found = {f.code: f.message for f in understand(raw, DEFAULT_READING).findings}
    assert "empty" not in found["charset-guessed"]


def test_utf_8_bytes_declared_as_latin_9_are_suspected() -> None:
    raw = message(msh(charset="8859/15"), PID.replace("Ana", "Zoé"), *ROWS)
    assert codes(raw) == ["charset-suspect"]


@pytest.mark.parametrize(
    ("declared", "codec", "charset"),
    [
        ("ISO-8859-15", "iso8859-15", "iso8859-15"),
        ("iso8859-1", "latin-1", "iso8859-1"),
        ("8859-15", "iso8859-15", "iso8859-15"),
        ("UTF8", "utf-8", "utf-8"),
        ("windows-1252", "cp1252", "cp1252"),
    ],
)
def test_a_set_by_another_name_is_read_and_told(declared: str, codec: str, charset: str) -> None:
    raw = message(msh(charset=declared), PID.replace("Ana", "Zoé"), *ROWS, charset=codec)
    read = understand(raw, DEFAULT_READING)
    assert read.message is not None
    assert (read.message.given, read.message.header.charset) == ("Zoé", charset)
    assert [(one.code, one.severity) for one in read.findings] == [("charset-name", "warning")]


def test_windows_1252_declared_as_latin_is_suspected() -> None:
    raw = message(
        msh(charset="8859/1"), PID, "OBR|1", "OBX|1|ST|a^b||l’œil||||||F", charset="cp1252"
    )
    assert codes(raw) == ["charset-suspect"]


@pytest.mark.parametrize("charset", ["UNICODE UTF-8", ""])
def test_text_encoded_twice_is_suspected(charset: str) -> None:
    twice = "Zoé".encode().decode("latin-1")
    assert codes(message(msh(charset=charset), PID.replace("Ana", twice), *ROWS)) == [
        "charset-suspect"
    ]
    assert codes(message(msh(charset=charset), PID.replace("Ana", "Ângela"), *ROWS)) == []


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
def test_line_ends_may_be_mixed(end: str) -> None:
    raw = results().replace(b"\rPID", b"\nPID").replace(b"\rOBX|2", f"{end}OBX|2".encode())
    read = understand(raw, DEFAULT_READING)
    assert (read.verdict, read.results) == (Verdict.ACCEPT, 2)


@pytest.mark.parametrize("encoding", ["^~\\&#", "^~\\&", "^~\\", "^~", "^"])
def test_msh_2_may_name_five_marks_or_fewer(encoding: str) -> None:
    raw = results().replace(b"MSH|^~\\&|", f"MSH|{encoding}|".encode())
    read = understand(raw, DEFAULT_READING)
    assert read.results == 2
    assert read.message is not None
    assert read.message.header.control_id == "M1"


def test_the_two_characters_backslash_r_end_no_segment() -> None:
    raw = message(msh(), PID, "OBR|1", r"OBX|1|ST|a^b||un\rOBX|2|deux||||||F")
    assert understand(raw, DEFAULT_READING).results == 1


def test_nul_bytes_are_refused() -> None:
    assert "nul-byte" in codes(results().replace(b"PATTE", b"PA\0TTE"))


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (r"a\F\b\S\c\R\d\T\e\E\f", "a|b^c~d&e\\f"),
        (r"l1\.br\l2", "l1\nl2"),
        (r"\H\gras\N\ maigre", "gras maigre"),
        (r"caf\XC3A9\ ", "café "),
        (r"nul\X00\fin", r"nul\X00\fin"),
        (r"cr\X0D\fin", "cr\nfin"),
        (r"crlf\X0D\\X0A\fin\X0d0a\.", "crlf\nfin\n."),
        (r"inconnu \Zxx\ ", r"inconnu \Zxx\ "),
        (r"C:\dossier", r"C:\dossier"),
        ("\\", "\\"),
    ],
)
def test_escapes_are_undone_once_in_the_leaf(written: str, read: str) -> None:
    assert unescape(written, DEFAULT) == read


def test_what_is_escaped_can_be_read_back() -> None:
    text = "a|b^c~d&e\\f É"
    assert unescape(escape(text, DEFAULT), DEFAULT) == text


def test_a_batch_gives_one_message_for_each_msh_without_its_trailers() -> None:
    one, two = results(control_id="M1"), results(control_id="M2")
    raw = b"FHS|^~\\&|LAB\rBHS|^~\\&|LAB\r" + one + two + b"BTS|2\rFTS|1\r"
    assert split_batch(raw) == [one, two]


def test_a_single_message_stays_as_it_is() -> None:
    raw = b"\xef\xbb\xbf" + results()
    assert split_batch(results()) == [results()]
    assert split_batch(raw)[0].endswith(results())


@pytest.mark.parametrize("raw", [b"", b"FHS|^~\\&|LAB\rBTS|0\r", b"EVN|A04\rPID|1\r"])
def test_no_message_in_a_batch_is_an_empty_list(raw: bytes) -> None:
    assert split_batch(raw) == []


def test_too_many_segments_fields_or_repetitions_are_refused() -> None:
    small = Reading(max_segments=10, max_fields=40, max_repetitions=20)
    assert codes(message(msh(), *["NTE|1"] * 20), small) == ["too-many"]
    assert codes(message(msh(), "PID" + "|" * 50), small) == ["too-many"]
    assert codes(message(msh(), "PID|1||" + "1~" * 30), small) == ["too-many"]


def test_more_lines_than_any_message_has_are_not_looked_at() -> None:
    """As segments, and as lines that would continue one field."""
    for line in ("NTE|1", "suite"):
        answer = understand(message(msh(), PID, *[line] * 150_000), DEFAULT_READING)
        assert "too-many" in {one.code for one in answer.findings}
        assert answer.verdict is Verdict.REFUSE


def test_a_message_above_the_limit_is_refused_unread() -> None:
    understood = understand(results(), Reading(max_message_bytes=100))
    assert [(f.code, f.condition, f.fatal) for f in understood.findings] == [
        ("too-large", 207, True)
    ]


@pytest.mark.parametrize(
    "left", [b"\x1c", b"\x1c\r", b"\r\x1c\r", b"\r\x1c\r\n", b"\r\x1a", b"\r\0\0", b"\x1c" * 3000]
)
def test_what_mllp_or_a_file_leaves_at_the_end_is_no_part_of_the_last_field(left: bytes) -> None:
    whole = results().rstrip(b"\r")
    left_behind = understand(whole + left, DEFAULT_READING)
    assert left_behind.observations[0][-1].status == "F"
    assert [one.code for one in left_behind.findings] == codes(results())
    assert left_behind.contents[0].body == whole + left


def test_mllp_between_the_messages_of_a_file_is_no_part_of_them() -> None:
    between = b"\x1c\r\x0b"
    one, two = split_batch(results() + between + results() + b"\x1c\r")
    assert codes(one) == codes(two) == codes(results())


def test_a_control_character_inside_a_message_is_still_told() -> None:
    assert "nul-byte" in codes(results().replace(b"Sodium", b"So\0dium"))
    parted = split(results() + b"\x1c\rNTE|1||x\r", DEFAULT_READING)
    assert parted is not None
    assert parted.lines[-1] == "NTE|1||x"
