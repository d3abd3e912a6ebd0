"""`\\,` `\\|` `\\$` and `\\\\` in a value of a FHIR search (R4 search, escaping)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.vault.fhir.search.tokens import alternatives, codes_of, plain_of, token_agrees

LETTERS = st.text(alphabet=",|$\\ab", min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("A\\,B", True),
        ("A,B", False),
        ("x,A\\,B", True),
        ("urn:oid:1.2|A\\,B", True),
        ("urn:oid:1.3|A\\,B", False),
    ],
)
def test_an_escaped_comma_is_part_of_the_code(value: str, found: bool) -> None:
    assert token_agrees([("1.2", "A,B")], value) is found


@pytest.mark.parametrize(
    ("value", "found"),
    [("A\\|B", True), ("urn:oid:1.2|A\\|B", True), ("A|B", False), ("|A\\|B", False)],
)
def test_an_escaped_bar_parts_no_system_from_its_code(value: str, found: bool) -> None:
    assert token_agrees([("1.2", "A|B")], value) is found


@pytest.mark.parametrize("value", ["5\\$", "5$"])
def test_a_dollar_is_one_with_its_escape_and_without(value: str) -> None:
    assert token_agrees([("", "5$")], value)


@pytest.mark.parametrize("value", ["A\\\\", "A\\"])
def test_a_backslash_that_escapes_nothing_is_itself(value: str) -> None:
    assert token_agrees([("", "A\\")], value)


def test_the_codes_of_a_criterion_are_told_without_their_escapes() -> None:
    assert codes_of("s|a\\,b,c") == ["a,b", "c"]


@given(st.lists(LETTERS, min_size=1, max_size=5))
def test_what_is_escaped_is_read_as_it_was_written(words: list[str]) -> None:
    table = str.maketrans({one: f"\\{one}" for one in "\\,|$"})
    asked = ",".join(word.translate(table) for word in words)
    assert [plain_of(one) for one in alternatives(asked)] == words
    assert all(token_agrees([("1.2", word)], asked) for word in words)


@given(st.text(alphabet=",|$\\ab", max_size=40))
def test_any_value_is_read(value: str) -> None:
    assert isinstance(token_agrees([("1.2", "a")], value), bool)
    assert all(alternatives(value))
