import pytest

from gateway.records.numbers import whole


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("007", 7), ("999999999", 999_999_999)])
def test_a_whole_number_is_read(text: str, number: int) -> None:
    assert whole(text) == number


@pytest.mark.parametrize("text", ["", "-1", "+1", "1.0", " 1", "1_0", "²", "٣", "1" * 10])
def test_anything_else_is_none(text: str) -> None:
    assert whole(text) is None


def test_thousands_of_digits_are_no_number_either() -> None:
    """`int` raises ValueError for them."""
    assert whole("9" * 5_000) is None
    assert whole("1234", most_digits=3) is None
