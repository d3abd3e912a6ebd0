"""Which report the results of a message are: of biology, unless their orders name another.

What the order itself is called by an official type comes first, then the section that made the
examination (OBR-24), then words that can mean imaging alone, if nothing in the message speaks of a
laboratory (decision 036).
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from gateway.mapping.datatypes.units import is_loinc
from gateway.mapping.hl7v2.control.header import component
from gateway.mapping.hl7v2.er7.delimiters import Delimiters
from gateway.mapping.hl7v2.er7.segments import Row, Segments
from gateway.mapping.hl7v2.er7.splitter import Split
from gateway.mapping.hl7v2.results.coded import chosen
from gateway.mapping.hl7v2.results.evidence import is_of_laboratory
from gateway.mapping.labels import Labelled, label_of, type_known, type_system_of
from gateway.mapping.labels.titles import code_clue
from gateway.mapping.tables import rows as table
from gateway.records.documents.document import Label

BIOLOGY, IMAGING = "11502-2", "18748-4"
CATEGORIES = {IMAGING: "imaging", "29274-8": "vital-signs"}
SECTIONS = {row["section"]: row["type_code"] for row in table("diagnostic_sections")}
NOT_OF_A_SENDER = ("DOCPAT", "EXPPAT", "REMB")
"""Written by the patient, and by the health insurance."""
TRE_A05 = ("TRE_A05", "TRE-A05")
MIN_OWN_CODE = 3
IMAGING_ACT = re.compile(r"[A-Z]{2}Q[HJKLMN][0-9]{3}")
"""CCAM, of the form of its codes: to look (Q) by a scanner (H), ultrasound (M, J), X-rays (K), a
scintigraphy (L) or MRI (N); an ECG is DEQP003, a coloscopy HHQE005, a biology has figures alone."""
REMEMBERED, MAX_CHARACTERS = 1_024, 200
"""Orders, and of one field."""
MAX_BY_WORDS = 50
"""Orders of one message whose words are weighed; no report of imaging has as many."""


def kind_of_orders(rows: Sequence[Row], segments: Segments, parted: Split) -> str:
    """The typeCode on which all orders with results agree, else that of biology."""
    used = {row.group for row in rows}
    told = {kind_of_order(one, segments, parted) if one >= 0 else BIOLOGY for one in used}
    return told.pop() if len(told) == 1 else BIOLOGY


def category_of(number: int, segments: Segments, parted: Split) -> str:
    """The category of FHIR of an order's rows; "" where none of them fits."""
    kind = kind_of_order(number, segments, parted)
    named = label_of(kind, None, None).label
    return CATEGORIES.get(kind, "laboratory" if named is Label.BIOLOGIE else "")


def kind_of_order(number: int, segments: Segments, parted: Split) -> str:
    """The typeCode of the order `number` (an index of `segments.requests`)."""
    request = segments.requests[number]
    named = request[4][:MAX_CHARACTERS] if len(request) > 4 else ""
    section = request[24][:MAX_CHARACTERS] if len(request) > 24 else ""
    if told := _told(named, section, parted.marks):
        return told
    words = _imaging_words(named, parted.marks) if number < MAX_BY_WORDS else ""
    if not words or is_of_laboratory(words, number, segments, parted):
        return BIOLOGY
    return IMAGING


@lru_cache(maxsize=REMEMBERED)
def _told(named: str, section: str, marks: Delimiters) -> str:
    """By an official type or by the section; "" where neither tells."""
    parts = [*named.split(marks.component), *[""] * 6]
    official = _official(*parts[0:3:2]) or _official(*parts[3:6:2])
    made = official or _of_section(component(section, 1, marks).strip().upper())
    seen = any(IMAGING_ACT.fullmatch(one.strip()) for one in parts[0:4:3])
    return made or (IMAGING if seen else "")


@lru_cache(maxsize=REMEMBERED)
def _imaging_words(named: str, marks: Delimiters) -> str:
    """The name of an order where it can mean imaging, else ""."""
    words = chosen(named, marks.component)[1]
    return words if words and _is_imaging(label_of(None, None, words)) else ""


def _official(code: str, system: str) -> str:
    """The code where it is one of the value sets of types; a LOINC code is told by its shape."""
    if not type_known(code) or code.startswith(NOT_OF_A_SENDER):
        return ""
    return code if is_loinc(code) or system in (*TRE_A05, type_system_of(code)) else ""


def _of_section(section: str) -> str:
    """By the table, else by what a code of the sender's own abbreviates (IRM, RADIO)."""
    if found := SECTIONS.get(section):
        return found
    abbreviated = code_clue(section) if len(section) >= MIN_OWN_CODE else None
    imaging = abbreviated is not None and abbreviated.label is Label.RADIO_SC
    return IMAGING if imaging else ""


def _is_imaging(found: Labelled) -> bool:
    return found.label is Label.RADIO_SC and found.confidence == "high"
