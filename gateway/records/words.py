"""Words as a search compares them: lower case, without accents, letters and digits only."""

import unicodedata

MAX_WORD_CHARACTERS = 50
MAX_FOLDED_CHARACTERS = 60_000
"""How much of a document's text a search can find; what follows is not searched."""

PLAIN = str.maketrans({chr(n): " " for n in range(128) if not chr(n).isalnum()})


def fold(text: str) -> str:
    """Words divided by single spaces."""
    text = text[:MAX_FOLDED_CHARACTERS].casefold()
    if text.isascii():
        return " ".join(text.translate(PLAIN).split())
    plain = unicodedata.normalize("NFKD", text)
    letters = "".join(
        char if char.isalnum() else " " for char in plain if not unicodedata.combining(char)
    )
    return " ".join(letters.split())


def distinct(text: str) -> str:
    """Each folded word once, in the order of its first appearance."""
    words = (word[:MAX_WORD_CHARACTERS] for word in fold(text).split())
    return " ".join(dict.fromkeys(words))
