"""Keep how a person wants to see measures: one entry of the record, changed in place (MEA-05)."""

from gateway.flows.entries.listing import ListEntries
from gateway.flows.entries.refusals import FullError, StaleEntryError
from gateway.flows.entries.room import MedicalProfile
from gateway.records.entries.entry import Entry
from gateway.records.entries.kind import EntryKind
from gateway.records.entries.measure_choices import MeasureChoices
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Reader

KIND = EntryKind.MEASURE_CHOICES


async def choose(
    medical: MedicalProfile, reader: Reader, patient: PatientKey, chosen: MeasureChoices
) -> None:
    """Raises DeniedError, UnfitError, StaleEntryError."""
    kept = await _kept(medical.listing, reader, patient)
    if kept is None:
        try:
            await medical.write.add(reader, patient, KIND, chosen)
        except FullError as error:
            raise StaleEntryError("They were chosen meanwhile.") from error
    elif kept.content != chosen:
        await medical.write.change(reader, patient, kept.id, chosen, version=kept.version)


async def _kept(listing: ListEntries, reader: Reader, patient: PatientKey) -> Entry | None:
    listed = await listing(reader, patient, [KIND])
    return next(iter(listed.entries), None)
