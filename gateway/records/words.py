"""Words as a search compares them: lower case, without accents, letters and digits only."""

import re
import unicodedata

from gateway.records.remembering import remembers_short

MAX_WORD_CHARACTERS = 50
MAX_FOLDED_CHARACTERS = 60_000
"""How much of a document's text a search can find; what follows is not searched."""

ACCENTS = re.compile("[\u0300-\u036f]+")
SIGNS = re.compile(r"[\W_]+")
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Categories of Unicode whose signs show nothing, or move what stands around them."""
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]")
"""What shows nothing; tabs and line ends are left."""
PLAIN = str.maketrans({chr(n): " " for n in range(128) if not chr(n).isalnum()})


def tidy(text: str) -> str:
    """What a person wrote, as it is kept: lines end as one kind of line end, nothing unprintable
    is left, nor anything blank around."""
    return CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def fold(text: str) -> str:
    """Words divided by single spaces."""
    text = text[:MAX_FOLDED_CHARACTERS].casefold()
    if text.isascii():
        return " ".join(text.translate(PLAIN).split())
    plain = ACCENTS.sub("", unicodedata.normalize("NFKD", text))
    return " ".join(SIGNS.sub(" ", plain).split())


def distinct(text: str) -> str:
    """Each folded word once, in the order of its first appearance."""
    folded = map(_fold_word, dict.fromkeys(text[:MAX_FOLDED_CHARACTERS].split()))
    return " ".join(dict.fromkeys(" ".join(folded).split()))


@remembers_short(entries=20_000, characters=MAX_WORD_CHARACTERS)
def _fold_word(word: str) -> str:
    """One written word, which may be several folded ones; the names of tests come again."""
    return " ".join(one[:MAX_WORD_CHARACTERS] for one in fold(word).split())
