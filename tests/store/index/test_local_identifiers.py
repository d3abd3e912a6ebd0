"""A local identifier leads to a record once an ADT that is qualified says so."""

from dataclasses import replace

from papers import adt, message, msh, pid, results
from ward_house import ALIX, Ward, numbered

from gateway.records.intake.finding import Verdict
from gateway.records.readers.access import Reader, ReaderKind


async def test_a_document_known_by_a_local_identifier_waits_for_the_adt_that_qualifies_it(
    ward: Ward,
) -> None:
    await ward.open(ALIX)
    held = await ward.send(numbered(ALIX, "R1", "IPP1"))
    assert held.verdict is Verdict.HOLD
    assert (await ward.send(adt(ALIX, "A1", local="IPP1"))).verdict is Verdict.ACCEPT
    assert await ward.fate(held) is Verdict.ACCEPT
    assert await ward.count(ALIX) == 1
    assert (await ward.send(numbered(ALIX, "R2", "IPP1"))).verdict is Verdict.ACCEPT
    assert await ward.count(ALIX) == 2
    person = await ward.store.people.person_by_local_id("1.2.250.1.999.31^IPP1")
    assert person is not None
    assert (person.key, person.status) == (ward.key(ALIX), "VALI")


async def test_who_brought_a_held_document_is_asked_again_when_it_is_released(ward: Ward) -> None:
    at_work = Reader(
        kind=ReaderKind.PROFESSIONAL, id="890000000033", profession="G15_10", function="FON-29"
    )
    await ward.open(ALIX)
    held = await ward.send(numbered(ALIX, "R1", "IPP1"), depositor=at_work)
    kept = await ward.store.journal.receipt(held.receipt)
    assert kept is not None
    assert kept.depositor == at_work
    assert (await ward.send(adt(ALIX, "A1", local="IPP1"))).verdict is Verdict.ACCEPT
    assert await ward.fate(held) is Verdict.REFUSE
    assert await ward.count(ALIX) == 0
    family_doctor = replace(at_work, function=None)
    assert (
        await ward.send(numbered(ALIX, "R2", "IPP1"), depositor=family_doctor)
    ).verdict is Verdict.ACCEPT


async def test_an_identity_that_is_not_validated_releases_nothing(ward: Ward) -> None:
    await ward.open(ALIX)
    held = await ward.send(results(ALIX, "R1", local="IPP1", status="PROV"))
    draft = message(msh("ADT^A28^ADT_A05", "A1"), pid(ALIX, local="IPP1", status="PROV"))
    await ward.send(draft)
    assert await ward.fate(held) is Verdict.HOLD
    assert await ward.store.people.person_by_local_id("1.2.250.1.999.31^IPP1") is None


async def test_a_namespace_of_another_house_is_another_identifier(ward: Ward) -> None:
    await ward.open(ALIX)
    own = adt(ALIX, "A1", local="IPP1").replace(b"&1.2.250.1.999.31&ISO", b"")
    await ward.send(own)
    one = numbered(ALIX, "R1", "IPP1").replace(b"&1.2.250.1.999.31&ISO", b"")
    assert (await ward.send(one, "1888888888")).verdict is Verdict.HOLD
    two = numbered(ALIX, "R2", "IPP1").replace(b"&1.2.250.1.999.31&ISO", b"")
    assert (await ward.send(two)).verdict is Verdict.ACCEPT
