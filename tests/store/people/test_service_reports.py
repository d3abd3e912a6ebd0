"""Reports of services on each engine: sealed, in their order, answered once."""

from dataclasses import replace
from datetime import timedelta

from store_house import NOW, OID, identity, intake

from gateway.clock import SystemIds
from gateway.records.catalogue.reports import Report, ReportReason
from gateway.records.patients.account import NewTrace
from gateway.records.patients.patient import PatientKey
from gateway.store import Store


def report(key: PatientKey, number: int) -> Report:
    return Report(
        id=f"r{number}",
        patient=key,
        service="carnet",
        name="Carnet",
        reason=ReportReason.OTHER,
        words="Il insiste.",
        at=NOW + timedelta(seconds=number),
    )


def act(key: PatientKey, action: str) -> NewTrace:
    return NewTrace(
        patient=key,
        action=action,
        permitted=True,
        rule="APP-08",
        kind="patient",
        actor="",
        actor_name="",
    )


async def test_a_report_waits_in_its_order_and_is_answered_once(store: Store) -> None:
    await store.journal.file(intake(SystemIds()))
    key = store.keys.patient_key(OID, identity().ins or "")
    for number in (2, 1):
        await store.reports.add(report(key, number), act=act(key, "service-reported"))
    assert [one.id for one in await store.reports.waiting(limit=9)] == ["r1", "r2"]
    assert [one.id for one in await store.reports.waiting(limit=1)] == ["r1"]
    assert [one.id for one in await store.reports.of(key)] == ["r2", "r1"]
    found = await store.reports.find("r1")
    assert found == report(key, 1)
    answered = replace(found, answer="Merci.", answered_at=NOW + timedelta(days=1))
    told = act(key, "service-report-answered")
    assert await store.reports.answer(answered, act=told)
    assert not await store.reports.answer(replace(answered, answer="Encore."), act=told)
    assert await store.reports.find("r1") == answered
    assert [one.id for one in await store.reports.waiting(limit=9)] == ["r2"]
    assert await store.reports.find("nothing") is None
    assert await store.reports.find("\x00") is None
