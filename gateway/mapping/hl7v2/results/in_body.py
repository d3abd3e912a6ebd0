"""What stays in a stored message without a document, and is read there again when asked for."""

from gateway.mapping.hl7v2.control.header import read_header
from gateway.mapping.hl7v2.er7.segments import Row, Segments, read_segments
from gateway.mapping.hl7v2.er7.splitter import Split, split
from gateway.mapping.hl7v2.results.document import facility_of, title_of, words_of
from gateway.mapping.hl7v2.results.observations import read_rows
from gateway.mapping.hl7v2.volet.flags import part_orders
from gateway.records.documents.observation import Observation
from gateway.records.intake.reading import DEFAULT_READING


def results_in(body: bytes) -> list[Observation]:
    """One observation a result row, in order, as `ResultsInBody` left them there."""
    parted = split(body, DEFAULT_READING)
    if parted is None:
        return []
    segments, rows = _rows(parted)
    return read_rows(rows, segments, parted)


def words_in(body: bytes) -> str:
    """What a patient may search for: the title, the facility, the names of groups and rows, texts
    and notes. Not folded."""
    parted = split(body, DEFAULT_READING)
    if parted is None:
        return ""
    segments, rows = _rows(parted)
    header = read_header(parted.lines[0], parted.marks, parted.charset, parted.how)
    words = words_of(rows, segments, parted.marks, parted.charset)
    title = title_of(rows, segments, parted)
    return " ".join((title, facility_of(header), words))


def _rows(parted: Split) -> tuple[Segments, list[Row]]:
    """The result rows, as `understand` told them from orders and documents."""
    segments = read_segments(parted)
    _, rows = part_orders(segments.rows, parted)
    return segments, [row for row in rows if row.fields[2] != "ED"]
