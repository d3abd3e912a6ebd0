"""Whole numbers as people type them and as peers write them."""


def whole(text: str, *, most_digits: int = 9) -> int | None:
    """A number of 0 or more in ASCII digits, None for any other text. So many digits are enough
    for any count or version; `int` raises for thousands of them."""
    is_number = text.isascii() and text.isdecimal() and len(text) <= most_digits
    return int(text) if is_number else None
