"""Which report the results of a message are: of biology, unless their orders name another.

What the order itself is called by an official type comes first, then the section that made the
examination (OBR-24), then words that can mean imaging alone (decision 036).
"""

from collections.abc import Sequence
from functools import lru_cache

from gateway.mapping.hl7v2.control.header import component
from gateway.mapping.hl7v2.er7.delimiters import Delimiters
from gateway.mapping.hl7v2.er7.segments import Row
from gateway.mapping.hl7v2.results.coded import chosen
from gateway.mapping.labels import Labelled, label_of, type_known, type_system_of
from gateway.mapping.labels.titles import code_clue
from gateway.mapping.tables import rows as table
from gateway.mapping.units import is_loinc
from gateway.records.documents.document import Label

BIOLOGY, IMAGING = "11502-2", "18748-4"
CATEGORIES = {IMAGING: "imaging", "29274-8": "vital-signs"}
SECTIONS = {row["section"]: row["type_code"] for row in table("diagnostic_sections")}
NOT_OF_A_SENDER = ("DOCPAT", "EXPPAT", "REMB")
"""Written by the patient, and by the health insurance."""
TRE_A05 = ("TRE_A05", "TRE-A05")
MIN_OWN_CODE = 3
REMEMBERED, MAX_CHARACTERS = 1_024, 200
"""Orders, and of one field."""


def kind_of_orders(requests: Sequence[list[str]], rows: Sequence[Row], marks: Delimiters) -> str:
    """The typeCode on which all orders with results agree, else that of biology."""
    used = {row.group for row in rows}
    told = {_kind_of(requests[one], marks) if one >= 0 else "" for one in used}
    return (told.pop() if len(told) == 1 else "") or BIOLOGY


def category_of(request: list[str], marks: Delimiters) -> str:
    """The category of FHIR of an order's rows; "" where none of them fits."""
    kind = _kind_of(request, marks) or BIOLOGY
    named = label_of(kind, None, None).label
    return CATEGORIES.get(kind, "laboratory" if named is Label.BIOLOGIE else "")


def _kind_of(request: list[str], marks: Delimiters) -> str:
    named = request[4][:MAX_CHARACTERS] if len(request) > 4 else ""
    section = request[24][:MAX_CHARACTERS] if len(request) > 24 else ""
    return _kind(named, section, marks)


@lru_cache(maxsize=REMEMBERED)
def _kind(named: str, section: str, marks: Delimiters) -> str:
    """ "" where nothing is told."""
    parts = [*named.split(marks.component), *[""] * 6]
    if official := _official(*parts[0:3:2]) or _official(*parts[3:6:2]):
        return official
    if found := _of_section(component(section, 1, marks).strip().upper()):
        return found
    words = chosen(named, marks.component)[1]
    return IMAGING if words and _is_imaging(label_of(None, None, words)) else ""


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
