"""Tokens of services: kept as hashes, sealed under the patient, dropped one service at once."""

from store_house import NOW, OID, identity, intake

from gateway.clock import SystemIds
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.service import ServiceToken
from gateway.store import Store


def token(store: Store, number: int, service: str) -> ServiceToken:
    patient = store.keys.patient_key(OID, identity().ins or "")
    return ServiceToken(
        token_hash=bytes([number]) * 32, service=service, patient=patient, granted=NOW
    )


async def test_a_token_is_found_by_its_hash_alone(store: Store) -> None:
    await store.journal.file(intake(SystemIds()))
    one = token(store, 1, "carnet")
    await store.service_tokens.keep(one)
    assert await store.service_tokens.find(one.token_hash) == one
    assert await store.service_tokens.find(b"x" * 32) is None


async def test_the_tokens_of_one_service_are_dropped_and_the_others_stay(store: Store) -> None:
    await store.journal.file(intake(SystemIds()))
    first, second, other = (
        token(store, number, service)
        for number, service in ((1, "carnet"), (2, "carnet"), (3, "balance"))
    )
    for one in (first, second, other):
        await store.service_tokens.keep(one)
    assert await store.service_tokens.drop(first.patient, "carnet") == 2
    assert await store.service_tokens.drop(first.patient, "carnet") == 0
    assert await store.service_tokens.find(first.token_hash) is None
    assert await store.service_tokens.find(other.token_hash) == other
    assert await store.service_tokens.drop(PatientKey(b"n" * 16), "balance") == 0
