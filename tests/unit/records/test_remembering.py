"""A memory counts what it keeps: short texts once, long ones never."""

from gateway.records.remembering import remembers_short


def test_a_short_text_is_worked_out_once_and_a_long_one_each_time() -> None:
    asked: list[str] = []

    @remembers_short(entries=8, characters=3)
    def length(text: str) -> int:
        """Of a text."""
        asked.append(text)
        return len(text)

    assert [length(one) for one in ("abc", "abc", "abcd", "abcd")] == [3, 3, 4, 4]
    assert asked == ["abc", "abcd", "abcd"]
    assert length.__doc__ == "Of a text."


def test_the_oldest_is_forgotten_first() -> None:
    asked: list[str] = []

    @remembers_short(entries=1, characters=3)
    def same(text: str) -> str:
        asked.append(text)
        return text

    assert [same(one) for one in ("a", "b", "a")] == ["a", "b", "a"]
    assert asked == ["a", "b", "a"]
