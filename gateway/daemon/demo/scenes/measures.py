"""Measures of the demo: Claire's tensions and glycémies, Léo's growth (VAULT section 8).

Invented. They are written by the flow of the page: Claire for herself, and for Léo as his mother.
"""

from datetime import datetime, time, timedelta

from gateway.daemon.demo.people import CLAIRE, INS_TEST, LEO
from gateway.daemon.rooms.house import House
from gateway.errors import RefusedError
from gateway.flows.family.profiles import stand
from gateway.flows.reading.decided.facts import patient_reader
from gateway.mapping.measures.judged import WrongPart
from gateway.mapping.measures.kinds import GLUCOSE, HEIGHT, PRESSURE, WEIGHT, kind_of
from gateway.mapping.measures.made import Told, When, made
from gateway.mapping.measures.typed import read_typed
from gateway.records.duration import PARIS
from gateway.records.entries.kind import EntryKind
from gateway.records.entries.measure import Measure
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Reader
from gateway.vault.called import full_name

FASTING, AFTER = "53049-3", "16915-1"
TENSIONS = ((90, "14/9"), (60, "13,5/8,5"), (30, "132/84"), (7, "13/8"))
GLUCOSES = (
    (40, "1,08", "g/L", FASTING),
    (20, "6,1", "mmol/L", FASTING),
    (2, "126", "mg/dL", AFTER),
)
"""Days ago, as typed."""
WEIGHTS = ((90, "5,9"), (400, "9,8"), (760, "12,3"), (1130, "14,4"), (1490, "16,5"), (1860, "18,6"),
           (2230, "20,9"), (2960, "26,2"), (3690, "32,8"))  # fmt: skip
HEIGHTS = ((400, "76"), (760, "87,5"), (1130, "96"), (1490, "103"), (1860, "110"), (2230, "116"),
           (2960, "128"), (3690, "139"))  # fmt: skip
"""Age in days, as typed."""
MORNING = time(7, 12, tzinfo=PARIS)


async def measure(house: House) -> None:
    """Once in the life of a demo."""
    keys, medical = house.store.keys, house.vault.medical
    claire, leo = (keys.patient_key(INS_TEST, one) for one in (CLAIRE, LEO))
    if medical is None or await house.store.entries.of(claire, [EntryKind.MEASURE]):
        return
    now = house.clock.now()
    mother = await house.store.people.person(claire)
    if mother is None:
        return
    own = patient_reader(claire, name=full_name(mother))
    for days, typed in TENSIONS:
        await _write(house, own, claire, _one(PRESSURE, typed, now - timedelta(days=days)))
    for days, typed, unit, moment in GLUCOSES:
        at = now - timedelta(days=days)
        await _write(house, own, claire, _one(GLUCOSE, typed, at, unit=unit, moment=moment))
    beside = (await stand(house.vault.read, house.vault.ties, mother, own, leo)).gate
    born = datetime.combine(beside.record.birth_date, MORNING)
    for code, values in ((WEIGHT, WEIGHTS), (HEIGHT, HEIGHTS)):
        for days, typed in values:
            await _write(house, beside.reader, leo, _one(code, typed, born + timedelta(days=days)))


async def _write(house: House, reader: Reader, patient: PatientKey, one: Measure) -> None:
    medical = house.vault.medical
    if medical is not None:
        await medical.write.add(reader, patient, EntryKind.MEASURE, one)


def _one(code: str, typed: str, at: datetime, *, unit: str = "", moment: str = "") -> Measure:
    kind = kind_of(code)
    found = read_typed(kind, typed, "", unit) if kind else None
    if kind is None or found is None or isinstance(found, WrongPart):
        raise RefusedError("the demo's own measures were not taken")
    when = When(datetime.combine(at.astimezone(PARIS).date(), MORNING), is_day=False)
    told = Told(moment=moment)
    return made(kind, found.numbers, when, sent=found.said, unit=found.unit, told=told)
