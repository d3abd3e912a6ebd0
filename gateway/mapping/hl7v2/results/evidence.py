"""Whether an order whose words can mean imaging is one of a laboratory, by all else that is said.

« Echo virus », an IRMA, an ASP: where no section tells (OBR-24), a specimen, units of amounts in a
volume, names of analyses and who sent them tell more than such a word (decision 036).
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from operator import attrgetter

from gateway.mapping.hl7v2.control.header import component
from gateway.mapping.hl7v2.er7.delimiters import Delimiters
from gateway.mapping.hl7v2.er7.segments import LAST, Row, Segments, tail_of
from gateway.mapping.hl7v2.er7.splitter import Split
from gateway.mapping.hl7v2.results.carets import meant
from gateway.mapping.hl7v2.results.coded import chosen, stated
from gateway.mapping.labels import label_of
from gateway.mapping.labels.clues import plain
from gateway.records.documents.document import Label

LABORATORY = re.compile(
    r"\b(?:\w*LAB|LABOS?|LABS|LABORATO\w*|LBM|SIL|LIS|SGL|BIOLOGIE|BIOLOGY|\w*BIOLOGISTES?|"
    r"BIOCHIMIE|HEMATOLOGIE|BACTERIOLOGIE|VIROLOGIE|SEROLOGIE|MICROBIOLOGIE|IMMUNOLOGIE)\b"
)
"""In the name of a sender or a producer, made `plain`."""
ANALYSIS = re.compile(
    r"\b(?:AC|AB|AG|IG[AEGM]|ANTICORPS|ANTIBOD(?:Y|IES)|ANTIGENES?|SERUM|PLASMA|SER PLAS|BLOOD|"
    r"URINES?|CSF|TITR?ER?S?|CULTURES?|ARN|ADN|RNA|DNA|PCR|NAA|PROBE|SEROLOG\w*|CT PCR)\b"
)
"""In the name of a row: what LOINC and laboratories write there, whatever was looked for."""
IN_A_VOLUME = re.compile(
    r"/ ?(?:[dcmuµnpf]?l|mm ?3|mm\^3|[hl]pf|10\*\d+)\b|\b(?:u\.?i|iu|copies|ufc|cfu|log)\b|\[i?u\]",
    re.IGNORECASE,
)
OF_AN_IMAGE = re.compile(
    r"(?:[mc]?m[23²³]?|[mc]?m/s|[mcd]?Gy\W?.*|mSv|HU|UH|SUV|mmHg|mm\[Hg\]|g/cm2)", re.IGNORECASE
)
SENSITIVITIES = frozenset("SIR")
AMBIGUOUS = re.compile(r"\b(?:ECHOS?|IRMA|ASP|TSA|TEP|PET|CT|MR|US|SPECT|SCAN|RADIOS?)\b")
"""Words and abbreviations of imaging that laboratories have too."""
NARRATIVE = ("TX", "FT")
MAX_ROWS = 100
"""Looked at of one order."""

_group = attrgetter("group")


def is_of_laboratory(words: str, number: int, segments: Segments, parted: Split) -> bool:
    """Of the order `number`, whose name is `words`: more rows of a laboratory than others; where
    the name is no more than ambiguous, one such row or the name of the sender."""
    marks, request = parted.marks, segments.requests[number]
    if number in segments.specimens or _has_specimen(request, marks):
        return True
    rows = _rows_of(number, segments.rows)
    others = [row for row in rows if not _is_analysis(row, marks)]
    ours = len(rows) - len(others)
    imaged = any(_is_measured(row, marks) for row in others)
    narrated = sum(imaged or row.fields[2] in NARRATIVE for row in others)
    if ours > narrated:
        return True
    return not imaged and _is_ambiguous(words) and bool(ours or _sent_by(rows, parted))


def _rows_of(number: int, rows: Sequence[Row]) -> Sequence[Row]:
    """The first ones of a group; rows stand in the order of their groups."""
    first = bisect_left(rows, number, key=_group)
    behind = bisect_right(rows, number, first, key=_group)
    return rows[first : min(behind, first + MAX_ROWS)]


def _has_specimen(request: Sequence[str], marks: Delimiters) -> bool:
    """OBR-15.1; what follows it may be the part of the body that was looked at."""
    return len(request) > 15 and bool(stated(component(request[15], 1, marks)))


def _is_analysis(row: Row, marks: Delimiters) -> bool:
    if IN_A_VOLUME.search(_unit(row, marks)) or row.fields[8] in SENSITIVITIES:
        return True
    name = chosen(row.fields[3], marks.component)[1]
    if not name:
        return False
    told = label_of(None, None, name)
    by_name = told.label is Label.BIOLOGIE and told.confidence != "low"
    return by_name or ANALYSIS.search(plain(name)) is not None


def _is_measured(row: Row, marks: Delimiters) -> bool:
    return OF_AN_IMAGE.fullmatch(_unit(row, marks)) is not None


def _unit(row: Row, marks: Delimiters) -> str:
    return meant(row.fields[6].partition(marks.component)[0] if row.fields[6] else "")


def _is_ambiguous(words: str) -> bool:
    """Nothing of imaging is left without its ambiguous words."""
    left = AMBIGUOUS.sub(" ", plain(words))
    return label_of(None, None, left).label is not Label.RADIO_SC


def _sent_by(rows: Iterable[Row], parted: Split) -> bool:
    """A laboratory, by MSH-3 and MSH-4 or by what the rows say of who made them (OBX-15)."""
    names = parted.fields(0)[2:4]
    names += [tail_of(row, parted.marks.field)[3] for row in rows if row.fields[LAST]]
    return any(LABORATORY.search(plain(name)) for name in names)
