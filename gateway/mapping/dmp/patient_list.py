"""`patientsSpecific`: patientList, the records that a reader may open (TD0.4)."""

import re
from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from gateway.mapping.datatypes.times import FIRST_YEAR, LAST_YEAR
from gateway.mapping.dmp.output import PATIENT, add, add_each, asked, moment, output
from gateway.mapping.soap.message import FaultError
from gateway.mapping.xml import Element
from gateway.records.patients.habilitation import ListedPatient

NAMESPACE = "urn:si-dmp-patients"
OPERATION = "patientList"
_DAY = re.compile(r"\d{8}|\d{4}-\d\d-\d\d|\d\d/\d\d/\d{4}", re.ASCII)


class Since(StrEnum):
    """`dateType`, spelt as the DMP spells it: of which date `startDate` is the first."""

    AUTHORISATION = "LASTAUTORIZATION"
    DOCUMENT = "LASTDOC"


class PatientListQuery(NamedTuple):
    """`start` is a civil day of Paris, None for no limit."""

    start: date | None
    since: Since


def read_patient_list(body: Element) -> PatientListQuery:
    """Raises FaultError for a date or a dateType that is none."""
    kind, start = asked(body, "dateType"), asked(body, "startDate")
    if kind not in (None, *Since):
        raise FaultError("Sender", "dateType : donner LASTAUTORIZATION ou LASTDOC.")
    day = None if start is None else _day(start)
    if start is not None and day is None:
        raise FaultError("Sender", "startDate : donner un jour, JJMMAAAA ou AAAAMMJJ.")
    return PatientListQuery(day, Since(kind) if kind else Since.AUTHORISATION)


def _day(text: str) -> date | None:
    """Of eight digits one order at most is a day of our years: no century is a month."""
    if _DAY.fullmatch(text) is None:
        return None
    digits = re.sub(r"\D", "", text)
    first = _date(digits[:4], digits[4:6], digits[6:])
    return first or _date(digits[4:], digits[2:4], digits[:2])


def _date(year: str, month: str, day: str) -> date | None:
    if not FIRST_YEAR <= int(year) <= LAST_YEAR:
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def patient_list_answer(patients: Iterable[ListedPatient]) -> Element:
    answer, made = output(OPERATION, NAMESPACE)
    for one in patients:
        _line(add(made, "patientlistData"), one)
    return answer


def _line(line: Element, one: ListedPatient) -> None:
    known = one.identity
    named = add(line, "patientIdentifier")
    add_each(named, nationalId=known.ins, nationalIdType=PATIENT)
    add_each(
        line,
        lastName=known.used_family or known.birth_family,
        patronymicalName=known.birth_family,
        firstName=known.used_given or known.birth_given,
        dateOfBirth=(known.birth_date or "").replace("-", ""),
        MT="true" if one.treating else "false",
        lastUpdateDate=moment(one.last_update) if one.last_update else None,
        lastAddDate=moment(one.last_add) if one.last_add else None,
    )
