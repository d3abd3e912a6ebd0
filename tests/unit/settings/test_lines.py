"""Lines of keys, and that no text breaks the search."""

from hypothesis import given
from hypothesis import strategies as st

from gateway.settings import Problem, SettingsError
from gateway.settings.checking.lines import line_of
from gateway.settings.load import parse_settings

TEXT = """\
profile = "test"
[http]
listen = "127.0.0.1:0"
tls.key = "k"
[[mllp]]
name = "a"
[[mllp]]
[mllp.tls]
key = "k"
"""


def test_a_key_of_the_top_has_its_line() -> None:
    assert line_of(TEXT, ("profile",)) == 1


def test_a_dotted_key_has_its_line() -> None:
    assert line_of(TEXT, ("http", "tls", "key")) == 4


def test_a_missing_key_has_the_line_of_its_section() -> None:
    assert line_of(TEXT, ("http", "max_body_bytes")) == 2


def test_a_key_below_a_repeated_section_has_its_own_line() -> None:
    assert line_of(TEXT, ("mllp", 0, "name")) == 6
    assert line_of(TEXT, ("mllp", 1, "tls", "key")) == 9


def test_a_section_that_is_nowhere_has_no_line() -> None:
    assert line_of(TEXT, ("hosting", "country")) is None


def problems_of(text: str) -> tuple[Problem, ...] | None:
    try:
        parse_settings(text)
    except SettingsError as error:
        return error.problems
    return None


@given(st.text(alphabet='abhtp[]".=\n# {},1', max_size=80))
def test_any_text_is_read_or_refused_with_reasons(text: str) -> None:
    assert problems_of(text) != ()
