"""Kinds of specimen, by whatever name a laboratory gives them (VAULT BIO-02)."""

from gateway.records.remembering import remembers_short
from gateway.records.words import fold

SPECIMEN_WORDS = {
    "BLD": "sang",
    "BLDA": "sang artériel",
    "BLDC": "sang capillaire",
    "BLDV": "sang veineux",
    "CSF": "liquide céphalo-rachidien",
    "PLAS": "plasma",
    "SER": "sérum",
    "SPT": "crachat",
    "STL": "selles",
    "UR": "urine",
}
"""Codes of HL70487 and HL70070 that stand without their words."""


def specimen_words(said: str) -> str:
    """In words where a laboratory wrote the code alone."""
    return SPECIMEN_WORDS.get(said.upper(), said)


@remembers_short(entries=1024, characters=60)
def kind_of(said: str) -> str:
    """Equal for one kind: « SER », « Sérum », « serum »; "" where none is said."""
    return fold(specimen_words(said))
