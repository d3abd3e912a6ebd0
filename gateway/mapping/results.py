"""What stays in a document's own bytes, read again when somebody asks: results, words."""

from collections.abc import Sequence

from gateway.mapping import cda, hl7v2
from gateway.mapping.understand import format_of
from gateway.records.documents.observation import Observation
from gateway.records.intake.understanding import Format
from gateway.records.words import distinct


def results_in(body: bytes) -> Sequence[Observation]:
    """The observations of a stored body, the same as its understanding counted at intake."""
    match format_of(body):
        case Format.HL7V2:
            return hl7v2.results_in(body)
        case Format.CDA:
            return cda.results_in(body)
        case _:
            return ()


def words_in(body: bytes) -> str:
    """The folded words a patient may search for in a body whose `Content.words` is None."""
    return distinct(hl7v2.words_in(body))
