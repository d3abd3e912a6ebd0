"""Values of stored queries: times as the instants they begin, patterns as LIKE means them."""

import contextlib
import fnmatch
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.mapping.xds.query.values import instant_of, like, values_of


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("2026", "20260101000000"),
        ("202603", "20260301000000"),
        ("20260315", "20260315000000"),
        ("2026031509", "20260315090000"),
        ("202603150930", "20260315093000"),
        ("20260315093001", "20260315093001"),
    ],
)
def test_a_time_is_its_first_second(written: str, instant: str) -> None:
    assert instant_of(written) == instant


@pytest.mark.parametrize("written", ["", "20", "20263", "2026-01-15", "٢٠٢٦", "202603150930011"])
def test_what_is_no_time_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="a time is"):
        instant_of(written)


@pytest.mark.parametrize(
    ("text", "pattern", "agrees"),
    [
        ("899^FICTIVE^CLAIRE", "%FICTIVE%", True),
        ("899^FICTIVE^CLAIRE", "%fictive^cl_ire", True),
        ("899^FICTIVE^CLAIRE", "FICTIVE%", False),
        ("ab", "a_", True),
        ("ab", "_", False),
        ("", "%", True),
        ("", "", True),
        ("a.b", "a.b", True),
        ("axb", "a.b", False),
    ],
)
def test_a_pattern_is_sql_like_without_case(text: str, pattern: str, *, agrees: bool) -> None:
    assert like(text, pattern) is agrees


@given(st.text("ab%_", max_size=8), st.text("ab", max_size=8))
def test_a_pattern_agrees_where_the_same_glob_does(pattern: str, text: str) -> None:
    glob = pattern.replace("%", "*").replace("_", "?")
    assert like(text, pattern) is bool(re.match(fnmatch.translate(glob), text))


def test_a_pattern_of_many_wildcards_ends_soon() -> None:
    assert not like("a" * 2_000, "%a" * 500 + "b")


@given(
    st.lists(
        st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1),
        min_size=1,
        max_size=5,
    )
)
def test_a_list_that_is_written_comes_back(texts: list[str]) -> None:
    written = "(" + ", ".join("'" + one.replace("'", "''") + "'" for one in texts) + ")"
    assert [one.text for one in values_of(written)] == texts


@given(st.text("'(),x ", max_size=30))
def test_any_text_is_values_or_a_value_error(text: str) -> None:
    with contextlib.suppress(ValueError):
        list(values_of(text))
