"""Where the receipt of an erasure goes: the last contact of the person (VAULT ACC-17)."""

from datetime import datetime

from gateway.flows.erasing.receipt import Place
from gateway.flows.reading.decided.facts import latest_day
from gateway.flows.sending.notices.addressees import addressees, place_of
from gateway.ports.people.entering.activations import Activations
from gateway.ports.people.people import People
from gateway.records.patients.patient import PatientKey


async def last_contact(
    people: People, activations: Activations, patient: PatientKey, now: datetime
) -> Place | None:
    """Of the login, else what came with a provisional code, else that of who stands for the person,
    else a letter. Raises LostKeyError."""
    if (own := await place_of(people, patient)) is not None:
        return own
    code = await activations.handed_over(patient)
    if code is not None and (code.email or code.mobile):
        return ("email", code.email) if code.email else ("sms", code.mobile)
    person, choices = await people.person(patient), await people.choices(patient)
    birth = latest_day(person.identity.birth_date if person else None)
    for other in addressees(patient, choices, now, birth=birth)[1:]:
        name = PatientKey(bytes.fromhex(other.id or ""))
        if (theirs := await place_of(people, name)) is not None:
            return theirs
    return await place_of(people, patient, by_letter=True)
