"""What was read stays read, by whom it was; what is thrown away is so for everybody."""

from store_house import OID, identity, intake

from gateway.clock import SystemIds
from gateway.ports.people.notices import Marked
from gateway.records.patients.account import NewTrace
from gateway.records.patients.patient import PatientKey
from gateway.store import Store

PARENT, OTHER = "aa" * 32, "bb" * 32


def gone(patient: PatientKey) -> NewTrace:
    return NewTrace(
        patient=patient,
        action="notice-deleted",
        permitted=True,
        rule="P40",
        kind="patient",
        actor=patient.hex(),
        actor_name="",
    )


async def test_marks_are_kept_by_reader_and_deletion_for_all(store: Store) -> None:
    await store.journal.file(intake(SystemIds()))
    patient = store.keys.patient_key(OID, identity().ins or "")
    marks = store.notice_marks
    await marks.read(patient, PARENT, [3, 5])
    await marks.read(patient, PARENT, [5, 7])
    await marks.drop(patient, [5], act=gone(patient))
    assert await marks.of(patient, PARENT) == Marked(read=frozenset({3, 5, 7}), gone=frozenset({5}))
    assert await marks.of(patient, OTHER) == Marked(gone=frozenset({5}))
    assert await marks.of(PatientKey(b"n" * 32), PARENT) == Marked()
    written = await store.traces.of_patient(patient, limit=10)
    assert "notice-deleted" in [one.trace.action for one in written]
