"""The JSON loader refuses what parsers disagree about."""

import time

import pytest

from gateway.errors import RefusedError
from gateway.mapping.fhir.json import MAX_DEPTH, load_json


def code(raw: bytes, max_bytes: int = 10_000_000) -> str:
    with pytest.raises(RefusedError) as caught:
        load_json(raw, max_bytes=max_bytes)
    assert caught.value.finding is not None
    return caught.value.finding.code


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"", "json-syntax"),
        (b"[]", "json-syntax"),
        (b'{"a": 1', "json-syntax"),
        (b'{"a": 1} x', "json-syntax"),
        (b'{"a": "\xe9"}', "json-encoding"),
        (b'{"a": "\\ud800"}', "json-encoding"),
        (b'{"a": 1, "a": 2}', "json-duplicate-key"),
        (b'{"__proto__": {}}', "json-key"),
        (b'{"a": NaN}', "json-number"),
        (b'{"a": -Infinity}', "json-number"),
        (b'{"a": 1e999999999}', "json-number"),
        (b'{"a": ' + b"1" * 5_000 + b"}", "json-number"),
        (b'{"a":' * 100_000, "json-too-deep"),
        (b"[" * 100_000 + b"]" * 100_000, "json-too-deep"),
        (b'{"a": [' + b"{}," * 60_000 + b"{}]}", "json-too-many"),
        (b'{"a": [' + b"[]," * 60_000 + b"[]]}", "json-too-many"),
    ],
)
def test_a_json_that_parsers_disagree_about_is_refused(raw: bytes, expected: str) -> None:
    assert code(raw) == expected


def test_size_is_checked_before_parsing() -> None:
    assert code(b"{" * 100, max_bytes=99) == "json-too-big"


def test_brackets_inside_strings_do_not_count_as_depth() -> None:
    text = "[{" * 1_000 + '\\"' + "]" * 10
    assert load_json(f'{{"a": "{text}"}}'.encode(), max_bytes=10_000)["a"].startswith("[{")


def test_the_deepest_json_allowed_is_read() -> None:
    raw = b'{"a":' * (MAX_DEPTH - 1) + b"{}" + b"}" * (MAX_DEPTH - 1)
    assert load_json(raw, max_bytes=10_000)


def test_a_pair_of_surrogates_is_one_character() -> None:
    assert load_json(b'{"a": "\\ud83d\\ude00"}', max_bytes=100) == {"a": "\U0001f600"}


@pytest.mark.parametrize("end", [b"", b"\\", b"x", b'\\"', b"\\\\"])
def test_a_string_that_never_ends_is_read_once(end: bytes) -> None:
    """Thirty thousand escaped quotes: as many beginnings of a string that goes to the end."""
    began = time.process_time()
    assert code(b'{"a": "' + b'\\"' * 30_000 + end) == "json-syntax"
    assert time.process_time() - began < 1


def test_brackets_before_a_string_that_never_ends_are_counted() -> None:
    assert code(b"[" * 100_000 + b'"[{') == "json-too-deep"


def test_json_that_breaks_off_is_told_with_its_line() -> None:
    with pytest.raises(RefusedError, match="line 2, character 6") as caught:
        load_json(b'{"a": 1,\n"b": "c', max_bytes=100)
    assert caught.value.finding is not None
    assert caught.value.finding.code == "json-syntax"
