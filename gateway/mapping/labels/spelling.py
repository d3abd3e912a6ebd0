"""Misspelt words of a title as the tables spell them: one letter wrong, in long words only."""

from collections.abc import Iterator

from gateway.mapping.tables import rows

min_letters = 7
MAX_WORDS = 30


def _shortened(word: str) -> Iterator[str]:
    """The word itself and without each of its letters.

    Two words that share one of these are one letter apart: missing, added, another or, side by
    side, exchanged.
    """
    yield word
    for place in range(len(word)):
        yield word[:place] + word[place + 1 :]


_KNOWN = frozenset(row["word"] for row in rows("title_spellings"))
_NEAR = {short: word for word in sorted(_KNOWN) for short in _shortened(word)}


def respelt(words: str) -> str:
    """`words` (capitals divided by blanks) with every near miss corrected; itself where none is."""
    return " ".join(map(_word, words.split(" ", MAX_WORDS)))


def _word(word: str) -> str:
    if len(word) < min_letters or word in _KNOWN or not word.isalpha():
        return word
    return next((_NEAR[short] for short in _shortened(word) if short in _NEAR), word)
