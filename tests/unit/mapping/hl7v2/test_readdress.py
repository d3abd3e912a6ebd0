"""A message for somebody else: only what was asked for changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.mapping.hl7v2.readdress import readdressed

RAW = b"MSH|^~\\&|LAB|A|GW|B|20260115||ORU^R01|C1|P|2.5\r\nPID|1|\xff|\xe9\rZZZ|x\n"


@given(st.binary(max_size=400).map(lambda tail: RAW + tail.strip(b"\x0b\x1c")))
def test_without_an_order_no_byte_changes(raw: bytes) -> None:
    assert readdressed(raw) == raw


def test_only_the_receiver_is_rewritten() -> None:
    changed = readdressed(RAW, application="LIS^1.2^ISO", facility="")
    assert changed == RAW.replace(b"|GW|B|", b"|LIS^1.2^ISO||")


def test_one_field_alone_is_rewritten() -> None:
    assert readdressed(RAW, facility="HOSPITAL") == RAW.replace(b"|GW|B|", b"|GW|HOSPITAL|")


def test_a_short_msh_is_made_long_enough() -> None:
    assert readdressed(b"MSH|^~\\&|A\rPID|1\r", facility="H") == b"MSH|^~\\&|A|||H\rPID|1\r"


def test_block_characters_around_an_upload_are_no_part_of_it() -> None:
    assert readdressed(b"\x0b" + RAW + b"\x1c") == RAW


def test_what_is_no_message_is_not_rewritten() -> None:
    with pytest.raises(ValueError, match="MSH"):
        readdressed(b"PID|1\r", application="X")


def test_the_receiver_is_written_in_the_separators_of_the_message() -> None:
    raw = b"MSH$!~\\&$LAB$A$GW$B$20260115\rPID$1\r"
    changed = readdressed(raw, application="LIS^1.2^ISO", facility="A$B!C")
    assert changed == raw.replace(b"$GW$B$", b"$LIS!1.2!ISO$A\\F\\B\\S\\C$")


def test_a_separator_in_a_leaf_is_escaped() -> None:
    changed = readdressed(RAW, application="A|B~C\\D", facility="H&1.2&ISO")
    assert changed == RAW.replace(b"|GW|B|", b"|A\\F\\B\\R\\C\\E\\D|H&1.2&ISO|")


def test_what_no_character_set_has_in_common_is_not_written() -> None:
    with pytest.raises(ValueError, match="ASCII"):
        readdressed(RAW, facility="H\u00f4pital")
