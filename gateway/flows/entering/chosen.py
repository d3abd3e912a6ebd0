"""Passwords that many people choose (VAULT ACC-09), in a list with its origin beside it (`lists`).

The list is unpacked where somebody chooses a password and forgotten at once: that takes a few
milliseconds and a megabyte, and nothing of it stays in memory. The rule of classes has people write
a common word with a capital in front and digits and signs behind: that is seen through.
"""

import zlib
from importlib.resources import files

LEET = str.maketrans("013457@$!", "oleastasi")
ADDED = "0123456789!?.,;:*-_+#@$&% "
"""What people put around a word."""
GZIP, UNPACKED_BYTES = 31, 400_000
"""How zlib reads what gzip packed, into one piece."""
FIRST = 10_000
"""Entries that are refused with something around them too; the others only as they stand."""
SHORTEST_WORD = 4
MORE = (
    "motdepasse mdp azertyuiop doudou chouchou loulou coucou secrets princesse amour jetaime"
    " marseille administrateur bienvenue sante maladie vitale ameli espace espacesante"
    " monespacesante vacances printemps automne hiver"
    " qwertz administrator toto abcdef abcdefg abcdefgh"
)
ALSO = frozenset(MORE.split())
"""What a French house meets besides, refused whatever stands around it."""


def is_common(password: str) -> bool:
    said = password.casefold()
    word = _word(said)
    if word in ALSO:
        return True
    entries = _entries()
    if any(_rank(entries, one) is not None for one in (said, said.translate(LEET))):
        return True
    rank = _rank(entries, word) if len(word) >= SHORTEST_WORD else None
    return rank is not None and rank < FIRST


def _word(said: str) -> str:
    """What is left of it without what stands in for letters, and what was added around them."""
    return "".join(one for one in said.strip(ADDED).translate(LEET) if one.isalpha())


def _entries() -> bytes:
    """One a line, an empty line first."""
    packed = (files("gateway.flows.entering") / "lists" / "passwords.txt.gz").read_bytes()
    return zlib.decompress(packed, wbits=GZIP, bufsize=UNPACKED_BYTES)


def _rank(entries: bytes, word: str) -> int | None:
    """How many are more common; None of what is no entry."""
    place = entries.find(b"\n" + word.encode("utf-8", "replace") + b"\n") if word else -1
    return None if place < 0 else entries.count(b"\n", 0, place)
