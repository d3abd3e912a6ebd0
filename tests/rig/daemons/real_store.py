"""The store of a configuration, opened as the daemon beside it opens it, and a space in it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from gateway.clock import SystemClock, SystemIds
from gateway.daemon.rooms.judged import judged_store
from gateway.records.intake.filing import IdentityChange
from gateway.records.patients.account import AccountState
from gateway.records.patients.patient import PatientIdentity, PatientKey
from gateway.settings import read_settings
from gateway.store import Store


@asynccontextmanager
async def opened(config: Path) -> AsyncIterator[Store]:
    settings, _text = read_settings(config)
    store = judged_store(settings, clock=SystemClock(), ids=SystemIds())
    try:
        yield store
    finally:
        await store.close()


async def open_space(
    store: Store, patient: PatientIdentity, *, qualified: bool = True
) -> PatientKey:
    """An active space of this patient; `qualified` as the index holds the identity."""
    key = store.keys.patient_key(patient.ins_oid or "", patient.ins or "")
    change = IdentityChange(
        key=key, identity=patient, qualified=qualified, state=AccountState.ACTIVE
    )
    await store.people.change_identity(change)
    return key
