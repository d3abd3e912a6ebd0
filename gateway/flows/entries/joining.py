"""Join two entries that tell of one thing (VAULT VAC-02): one stays, with what only the other had.

The patient's side joins; what a professional wrote or confirmed stays as it is.
"""

from msgspec import structs

from gateway.errors import DeniedError
from gateway.flows.entries.refusals import NotOwnEntryError, StaleEntryError
from gateway.flows.entries.room import MedicalProfile
from gateway.flows.reading.decided.asking import NOT_THERE
from gateway.records.entries.content import EntryContent
from gateway.records.entries.entry import Entry
from gateway.records.entries.kind import EntryKind
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import AccessAction, Reader


async def join(
    profile: MedicalProfile,
    reader: Reader,
    patient: PatientKey,
    kind: EntryKind,
    pair: tuple[str, str],
) -> None:
    """The one that may not be deleted stays, else the first. Raises DeniedError for what is not
    there, StaleEntryError for two that are not the same (any more), NotOwnEntryError where neither
    may be deleted."""
    listed = await profile.listing(reader, patient, [kind])
    by_id = {one.id: one for one in listed.entries}
    if not set(pair) <= set(by_id) or pair[0] == pair[1]:
        raise DeniedError(NOT_THERE)
    stays, goes = by_id[pair[0]], by_id[pair[1]]
    if not listed.may(goes, AccessAction.DELETE):
        stays, goes = goes, stays
    if not listed.may(goes, AccessAction.DELETE):
        raise NotOwnEntryError("Neither of the two may be deleted by this reader.")
    whole = _whole(stays, goes)
    if whole != stays.content and listed.may(stays, AccessAction.REPLACE):
        await profile.write.change(reader, patient, stays.id, whole, version=stays.version)
    await profile.change.delete(reader, patient, goes.id, goes.version)


def _whole(stays: Entry, goes: Entry) -> EntryContent:
    """What stays, with the words that it lacks. Raises StaleEntryError."""
    kept, other = stays.content, goes.content
    if kept is None or other is None or not kept.same() or kept.same() != other.same():
        raise StaleEntryError("These two are not the same.")
    lacking = {
        name: getattr(other, name)
        for name in kept.__struct_fields__
        if not getattr(kept, name) and getattr(other, name)
    }
    return structs.replace(kept, **lacking)
