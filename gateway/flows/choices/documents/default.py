"""« Par défaut, je rends visibles mes nouveaux documents » (VAULT CHO-08, RULES D13)."""

from gateway.flows.choices.act import Fact, may_manage, write
from gateway.flows.reading.decided.asking import Asking
from gateway.records.patients.account import ChoiceKind
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Manage, Reader


async def show_new(asking: Asking, reader: Reader, patient: PatientKey, *, shown: bool) -> None:
    """Off: what is filed from now on, by anybody, enters masked in the commit that files it.
    Nothing that was filed before changes, either way. Raises DeniedError."""
    permitted = await may_manage(asking, reader, patient, Manage.MASKING)
    person = await asking.people.person(patient)
    if person is not None and person.masks_new == (not shown):
        return
    fact = Fact(ChoiceKind.NEW_MASKED, "", holds=not shown)
    await write(asking, permitted, fact, act="new-masked")
