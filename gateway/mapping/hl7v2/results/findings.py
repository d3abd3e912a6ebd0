"""What is wrong with result rows, or odd (HL7V2 section 8): told once for each thing, capped.

A row that cannot be read as a result is an error; one that would be read otherwise than it was
meant is a warning; a code or a unit that no table knows is a remark, and kept as it is.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import islice, repeat

from gateway.mapping.datatypes.times import iso_of
from gateway.mapping.datatypes.units import is_loinc, is_ucum
from gateway.mapping.hl7v2.control.header import component
from gateway.mapping.hl7v2.er7.delimiters import Delimiters
from gateway.mapping.hl7v2.er7.segments import LAST, PAD, Row, place_of
from gateway.mapping.hl7v2.findings import failure, info, tolerated, warning
from gateway.mapping.hl7v2.results.carets import meant
from gateway.mapping.hl7v2.results.coded import DELETED, SYSTEMS, chosen
from gateway.mapping.hl7v2.results.observations import TIMED, hour_of, unit_of
from gateway.mapping.measures.of_documents import CODES as MEASURES
from gateway.mapping.measures.of_documents import is_unit_of
from gateway.records.intake.finding import Finding
from gateway.records.intake.reading import Reading

STATUSES = frozenset("CDFINOPRSUVWXAB")
"""HL70085."""
CORRECTING = frozenset("CDW")
WITHOUT_NUMBER = frozenset("DIONPXSRU")
"""Statuses under which a numeric row may have no number: deleted, not done, not yet there."""
NAMES = (
    "NM ST SN TX FT CE CWE CNE CF IS ID DT TM TS DTM ED RP EI CX XPN XCN XAD XTN XON NA MA CP CQ DR"
    " SI PL HD MO PN CK TN AD"
)
TYPES = frozenset(NAMES.split())
"""HL70125."""
NUMERIC = ("NM", "SN")
MOMENTS = TIMED | {"TM"}
NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)", re.ASCII)
NOT_NUMBER = re.compile(r"[^0-9.+-]")
COMMA = re.compile(r"[+-]?\d+,\d+", re.ASCII)
MAX_TOLD = 20
PANELS, MAX_PANEL_CHARACTERS = 512, 4_000
Asked = Callable[[frozenset[str], str], bool]


def result_findings(
    rows: Sequence[Row], requests: Sequence[list[str]], marks: Delimiters, *, reading: Reading
) -> list[Finding]:
    """Every error of a row; of warnings and remarks the first of each kind and thing."""
    columns = list(zip(*[row.fields for row in rows], strict=False))
    found = [] if not rows or _is_plain(columns, marks) else _row_findings(rows, marks, reading)
    if rows and rows[0].group < 0:
        text = "Results belong to an order: an OBR stands before the first OBX."
        found.append(tolerated("order-missing", "OBR", 100, text, strict=reading.strict))
    elif rows and not CORRECTING.isdisjoint(columns[11]):
        found += _correction_findings(rows, requests, marks)
    return found


def _is_plain(columns: Sequence[Sequence[str]], marks: Delimiters) -> bool:
    """Nothing to say about any row: the usual case, asked of whole columns (0 to OBX-12)."""
    mark, kinds, names = marks.component, set(columns[2]), frozenset(columns[3])
    return (
        STATUSES.issuperset(columns[11])
        and TYPES.issuperset(kinds)
        and kinds.isdisjoint(MOMENTS)
        and _of_a_panel(_panel_named, _are_named, names, mark)
        and (
            _of_a_panel(_panel_of_none, _are_no_measures, names, mark)
            or all(map(_fits, columns[2], columns[3], columns[5], columns[6], repeat(mark)))
        )
        and _of_a_panel(_panel_units, _are_units, frozenset(columns[6]), mark)
        and _are_numbers(columns[2], columns[5])
        and not ("SN" in kinds and "," in "".join(columns[5]))
        and all(_is_timed(one, marks) for one in set(columns[LAST]))
    )


def _of_a_panel(remembered: Asked, asked: Asked, values: frozenset[str], mark: str) -> bool:
    """Senders repeat their panels; what is longer than a panel is not remembered."""
    is_panel = len("".join(values)) <= MAX_PANEL_CHARACTERS
    return remembered(values, mark) if is_panel else asked(values, mark)


def _are_numbers(kinds: Sequence[str], values: Sequence[str]) -> bool:
    """All values of type NM; what is odd about one is for `_number_findings`."""
    numbers = [value for kind, value in zip(kinds, values, strict=True) if kind == "NM"]
    if NOT_NUMBER.search("".join(numbers)):
        return False
    try:
        return bool(list(map(float, numbers))) or not numbers
    except ValueError:
        return False


def _row_findings(rows: Sequence[Row], marks: Delimiters, reading: Reading) -> list[Finding]:
    found: dict[tuple[str, str], Finding] = {}
    for row in rows:
        for thing, one in _of_row(row, marks, reading):
            found.setdefault((one.code, thing), one)
    return list(islice(found.values(), MAX_TOLD))


def _correction_findings(
    rows: Sequence[Row], requests: Sequence[list[str]], marks: Delimiters
) -> list[Finding]:
    """A correction names the order that it corrects."""
    corrected = sorted({row.group for row in rows if row.fields[11] in CORRECTING})
    unnamed = [at for at in corrected if not component((requests[at] + PAD)[3], 1, marks)]
    if not unnamed:
        return []
    place = f"OBR[{unnamed[0] + 1}]-3" if unnamed[0] else "OBR-3"
    text = "A correction names its order in OBR-3: without it the earlier result stays beside it."
    return [warning("correction-unnamed", place, text)]


def _of_row(row: Row, marks: Delimiters, reading: Reading) -> Iterator[tuple[str, Finding]]:
    """Each finding with what it is about, so that the same is not told twice."""
    fields = row.fields
    yield from _name_findings(row, marks)
    status, kind, value = fields[11], fields[2], fields[5]
    if not status:
        text = "OBX-11 (result status) is empty."
        yield str(row.number), failure("required", place_of(row, 11), 101, text)
    elif status not in STATUSES:
        text = "OBX-11 is not in table HL70085."
        yield str(row.number), failure("status", place_of(row, 11), 103, text)
    if value and kind not in TYPES:
        text = "OBX-2 is no data type of HL7: OBX-5 is kept as text."
        found = tolerated("value-type", place_of(row, 2), 103, text, strict=reading.strict)
        yield kind, found
    if kind in NUMERIC:
        yield from _number_findings(row, marks)
    yield from _unit_findings(row, marks)
    if not _is_timed(fields[LAST], marks):
        yield "", warning("date", place_of(row, 14), "OBX-14 is not a date: it was left out.")
    if kind in MOMENTS and value not in ("", DELETED) and not _is_moment(kind, value, marks):
        what = "a time" if kind == "TM" else "a date"
        yield "", warning("date-value", place_of(row, 5), f"OBX-5 is not {what}: kept as text.")


def _unit_findings(row: Row, marks: Delimiters) -> Iterator[tuple[str, Finding]]:
    fields, unit = row.fields, unit_of(row.fields[6], marks.component)
    if not _fits(fields[2], fields[3], fields[5], fields[6], marks.component):
        text = "OBX-6 is no unit of this measure: kept in its document, and no measure is made."
        yield f"{fields[3]} {unit}", info("unit-unknown", place_of(row, 6), text)
    elif not is_ucum(meant(unit)):
        text = "OBX-6 is no UCUM unit: kept as text."
        yield unit, info("unit-text", place_of(row, 6), text)


def _is_moment(kind: str, value: str, marks: Delimiters) -> bool:
    parts = value.split(marks.repetition) if marks.repetition else [value]
    if kind == "TM":
        return all(hour_of(one) for one in parts)
    return all(_is_time(component(one, 1, marks)) for one in parts)


def _name_findings(row: Row, marks: Delimiters) -> Iterator[tuple[str, Finding]]:
    code, text, system = chosen(row.fields[3], marks.component)
    if not code and not text:
        words = "OBX-3 (what was observed) is empty."
        yield str(row.number), failure("required", place_of(row, 3), 101, words)
    elif system in SYSTEMS and code and not is_loinc(code):
        words = "OBX-3 names LOINC, and its check digit is wrong: is it a local code?"
        yield code, info("loinc-check", place_of(row, 3), words)


def _number_findings(row: Row, marks: Delimiters) -> Iterator[tuple[str, Finding]]:
    value, place = row.fields[5].strip(), place_of(row, 5)
    values = value.split(marks.repetition) if marks.repetition else [value]
    if any(COMMA.fullmatch(part) for one in values for part in one.split(marks.component)):
        text = "A number has a decimal point; the comma was kept as text."
        yield "", warning("decimal-comma", place, text)
    elif row.fields[2] == "SN":
        return
    elif not value and row.fields[11] not in WITHOUT_NUMBER:
        yield "", info("no-value", place, "OBX-5 is empty: shown as not given.")
    elif not all(_is_number(one.strip()) for one in values):
        text = "OBX-2 says NM and OBX-5 is no number: kept as text. Send SN (<5) or ST (words)."
        yield "", warning("not-a-number", place, text)


def _is_number(value: str) -> bool:
    """Or none, or a deleted one."""
    return value in ("", DELETED) or NUMBER.fullmatch(value) is not None


def _are_named(values: frozenset[str], mark: str) -> bool:
    """OBX-3 of all rows."""
    return all(_is_named(*chosen(value, mark)) for value in values)


def _is_named(code: str, text: str, system: str) -> bool:
    return bool(code or text) and (system not in SYSTEMS or not code or is_loinc(code))


def _are_units(values: frozenset[str], mark: str) -> bool:
    return all(is_ucum(meant(unit_of(value, mark))) for value in values)


def _are_no_measures(values: frozenset[str], mark: str) -> bool:
    """OBX-3 of all rows: none is a measure of VAULT section 8, which takes some units only."""
    return not any(_is_measure(*chosen(value, mark)) for value in values)


def _is_measure(code: str, _text: str, system: str) -> bool:
    return system in SYSTEMS and code in MEASURES


def _fits(kind: str, name: str, value: str, unit: str, mark: str) -> bool:
    """A number that names a measure is in a unit of it."""
    if kind not in NUMERIC or value in ("", DELETED):
        return True
    short = len(name) + len(unit) <= MAX_PANEL_CHARACTERS
    return _remembered_unit(name, unit, mark) if short else _is_unit(name, unit, mark)


def _is_unit(name: str, unit: str, mark: str) -> bool:
    told = chosen(name, mark)
    return not _is_measure(*told) or is_unit_of(told[0], meant(unit_of(unit, mark)))


_remembered_unit = lru_cache(maxsize=PANELS)(_is_unit)
_panel_of_none = lru_cache(maxsize=PANELS)(_are_no_measures)
_panel_named = lru_cache(maxsize=PANELS)(_are_named)
_panel_units = lru_cache(maxsize=PANELS)(_are_units)


def _is_timed(rest: str, marks: Delimiters) -> bool:
    """`rest` is what follows OBX-11."""
    if not rest:
        return True
    fields = rest.split(marks.field, 3)
    return len(fields) < 3 or _is_time(component(fields[2], 1, marks))


def _is_time(value: str) -> bool:
    return value in ("", DELETED) or iso_of(value) is not None
