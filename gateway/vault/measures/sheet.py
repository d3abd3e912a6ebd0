"""`mesures.csv` of a copy: one measure a line, as it is shown and as it came (VAULT EXP-02)."""

from gateway.mapping.measures.kinds import kind_of
from gateway.records.entries.entry import Entry, EntryState
from gateway.records.entries.measure import Measure
from gateway.records.readers.access import Reader, ReaderKind
from gateway.vault.measures import said

COLUMNS = (
    *("mesure", "code", "date", "valeur", "valeur2", "unite"),
    *("valeur_recue", "valeur2_recue", "unite_recue"),
    *("precision", "appareil", "motif", "commentaire", "source", "etat"),
)


def cells_of(entry: Entry, reader: Reader) -> list[str]:
    """None for another kind of entry."""
    one = entry.content
    if not isinstance(one, Measure):
        return []
    kind = kind_of(one.code)
    return [
        *(kind.label if kind else "", one.code, said.iso_of(one)),
        *(one.value, one.value2, one.unit),
        *(one.sent_value, one.sent_value2, one.sent_unit),
        *(", ".join(said.beside_of(one)), one.device, one.reason, one.comment),
        said.source_of(entry, own=reader.kind is ReaderKind.PATIENT),
        "masquée" if entry.state is EntryState.HIDDEN else "visible",
    ]
