"""`[http] address`: where others reach this house, and nothing more."""

import pytest

from gateway.settings.addresses import read_own


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("", ""),
        ("https://coffre.example", "https://coffre.example"),
        (" https://coffre.example:8443/ ", "https://coffre.example:8443"),
        ("https://[2001:db8::1]", "https://[2001:db8::1]"),
        ("http://localhost:8080", "http://localhost:8080"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
    ],
)
def test_an_address_is_kept_without_its_slash(written: str, read: str) -> None:
    assert read_own(written) == read


@pytest.mark.parametrize(
    "written",
    [
        "coffre.example",
        "http://coffre.example",
        "https://coffre.example/vault",
        "https://coffre.example?a=b",
        "https://coffre.example#a",
        "https://a:b@coffre.example",
        "https://coffre.example:99999",
        "https://",
        "https://coffre example",
        "https://coffre.example\nX: y",
        "javascript:alert(1)",
        3,
        None,
    ],
)
def test_what_is_none_says_what_to_write(written: object) -> None:
    with pytest.raises(ValueError, match=r"https|[Pp]ort"):
        read_own(written)
