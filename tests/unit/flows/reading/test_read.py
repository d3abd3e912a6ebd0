"""Reading: each list, opening and search is decided, traced first, and silent about refusals."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from reading_twins import (
    ANNE,
    DOCTOR,
    HOLDER,
    NURSE,
    PAUL,
    PHYSICIAN,
    WAITING,
    FullTraces,
    House,
    card,
    choice,
    house_of,
    person,
    refusal,
)

from gateway.errors import DeniedError
from gateway.flows.choices.documents.mask import mask, unmask
from gateway.flows.choices.emergency import enter
from gateway.flows.reading.decided.facts import patient_reader, professional_reader
from gateway.flows.reading.listing import Filters
from gateway.records.documents.document import Label
from gateway.records.documents.shelved import DocumentStatus
from gateway.records.patients.account import AccountState, ChoiceKind
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Mode, NoticeKind, Origin, Reader, ReaderKind
from gateway.records.readers.switches import OFF, ON, Switches


async def test_the_holder_lists_all_but_what_waits_for_an_announcement() -> None:
    house = house_of(card("one"), card("two", codes=WAITING), card("three", by_patient=True))
    listing = await house.read.list_documents(HOLDER, ANNE)
    assert {one.id for one in listing.cards} == {"one", "three"}
    assert listing.labels == {Label.BIOLOGIE: 2}


async def test_a_list_leaves_one_trace_with_counts_and_ids_sealed_under_their_rules() -> None:
    house = house_of(card("one"), card("two", codes=WAITING))
    await house.read.list_documents(HOLDER, ANNE)
    (trace,) = house.traces.written
    assert (trace.action, trace.permitted, trace.rule) == ("list", True, "P01")
    kept = json.loads(trace.kept)
    assert (kept["shown"], kept["refused"]) == (1, 1)
    assert kept["rules"] == {"P01": ["one"], "F27": ["two"]}
    assert json.loads(trace.details)["grid"] == "d" * 16


async def test_a_trace_names_the_settings_that_are_not_the_usual_ones() -> None:
    house = house_of(card("one"))
    switches = Switches(administrators=OFF, restricted_as_masked=ON)
    read = replace(house.read, switches=switches)
    await read.open_document(HOLDER, "one")
    assert json.loads(house.traces.written[0].details)["settings"] == {"administrators": False}


async def test_a_professional_without_consent_gets_an_empty_list_that_says_why() -> None:
    house = house_of(card("one"))
    listing = await house.read.list_documents(PHYSICIAN, ANNE)
    assert listing.cards == ()
    assert listing.standing.rule == "F50"
    assert [(trace.permitted, trace.rule) for trace in house.traces.written] == [(False, "F50")]


async def test_a_professional_with_consent_lists_what_his_profession_may_read() -> None:
    house = house_of(card("one"), card("two", type_code="other"), card("three", type_code=None))
    house.agree(DOCTOR)
    house.agree(NURSE)
    doctors = await house.read.list_documents(PHYSICIAN, ANNE)
    nurses = await house.read.list_documents(professional_reader(NURSE), ANNE)
    assert [one.id for one in doctors.cards] == ["one"]
    assert nurses.cards == ()
    assert nurses.standing.permitted


async def test_opening_is_traced_before_a_body_can_be_asked() -> None:
    house = house_of(card("one"))
    opened = await house.read.open_document(HOLDER, "one", action="download")
    assert (house.traces.written[0].action, house.traces.written[0].document) == ("download", "one")
    assert house.shelf.bodies_given == []
    assert await house.read.read_body(opened) == b"<own bytes/>"
    assert await house.read.observations(opened) == []


async def test_nothing_is_given_when_the_trace_cannot_be_written() -> None:
    house = house_of(card("one"))
    house.traces = FullTraces()
    with pytest.raises(OSError, match="no space"):
        await house.read.open_document(HOLDER, "one")
    with pytest.raises(OSError, match="no space"):
        await house.read.list_documents(HOLDER, ANNE)
    assert house.shelf.bodies_given == house.shelf.read == []


async def test_only_the_holders_opening_marks_a_document_as_read() -> None:
    house = house_of(card("one"), card("seen", read=True))
    house.agree()
    await house.read.open_document(PHYSICIAN, "one")
    assert house.shelf.read == []
    await house.read.open_document(HOLDER, "one")
    await house.read.open_document(HOLDER, "seen")
    assert house.shelf.read == ["one"]


async def test_refused_and_not_there_are_told_alike() -> None:
    house = house_of(card("one"), card("hidden", codes=WAITING))
    refused = await refusal(house, PHYSICIAN, "one")
    hidden = await refusal(house, HOLDER, "hidden")
    absent = await refusal(house, PHYSICIAN, "absent")
    assert str(refused) == str(hidden) == str(absent)
    assert refused.rule == hidden.rule == absent.rule == ""


async def test_a_refused_opening_is_traced_with_its_rule() -> None:
    house = house_of(card("one"))
    await refusal(house, PHYSICIAN, "one")
    (trace,) = house.traces.written
    assert (trace.permitted, trace.rule, trace.actor_name) == (False, "F50", "Dr Synthèse")


async def test_a_patient_never_opens_or_lists_another_ones_record() -> None:
    house = house_of(card("one"))
    house.people.known[PAUL] = person(PAUL)
    stranger = patient_reader(PAUL, name="Paul ESSAI")
    await refusal(house, stranger, "one")
    listing = await house.read.list_documents(stranger, ANNE)
    assert listing.cards == ()
    assert not listing.standing.permitted
    assert {trace.rule for trace in house.traces.written} == {"D00"}
    assert "Paul" not in repr(house.traces.written)
    with pytest.raises(DeniedError):
        await house.read.history(stranger, ANNE)


async def test_a_record_nobody_knows_is_told_like_a_refusal() -> None:
    with pytest.raises(DeniedError):
        await House().read.list_documents(PHYSICIAN, PAUL)


async def test_a_closed_account_shows_nothing_to_anybody() -> None:
    house = house_of(card("one"))
    house.people.known[ANNE] = person(ANNE, state=AccountState.CLOSED)
    for reader in (HOLDER, PHYSICIAN):
        assert (await house.read.list_documents(reader, ANNE)).standing.rule == "F10"


async def test_a_block_and_a_mask_take_effect_on_the_next_call() -> None:
    house = house_of(card("one"))
    house.agree()
    await house.read.open_document(PHYSICIAN, "one")
    await mask(house.read, HOLDER, ["one"])
    assert (await house.read.list_documents(PHYSICIAN, ANNE)).cards == ()
    await unmask(house.read, HOLDER, ["one"])
    await house.read.open_document(PHYSICIAN, "one")
    house.people.chosen.append(choice(ChoiceKind.BLOCK, DOCTOR.id))
    await refusal(house, PHYSICIAN, "one")
    assert house.traces.written[-1].rule == "F44"


async def test_only_the_holder_masks() -> None:
    house = house_of(card("one", author_ids=(DOCTOR.id,)))
    house.agree()
    with pytest.raises(DeniedError):
        await mask(house.read, PHYSICIAN, ["one"])
    with pytest.raises(DeniedError):
        await mask(house.read, patient_reader(PAUL), ["one"])
    assert not house.shelf.shelved["one"].card.masked_by_patient


async def test_an_emergency_reading_keeps_its_reason_in_the_trace() -> None:
    house = house_of(card("one"))
    await enter(house.read, PHYSICIAN, ANNE, Mode.BRIS_DE_GLACE, "coma")
    await house.read.open_document(PHYSICIAN, "one")
    trace = house.traces.written[-1]
    assert (trace.rule, trace.emergency) == ("P06", True)
    assert json.loads(trace.details)["reason"] == "coma"


async def test_an_older_version_takes_the_masks_of_the_current_one() -> None:
    house = House()
    older = card("v1", status=DocumentStatus.SUPERSEDED)
    house.shelf.put(older, superseded_by="v2")
    house.shelf.put(card("v2", status=DocumentStatus.SUPERSEDED), superseded_by="v3")
    house.shelf.put(card("v3", codes=WAITING))
    await refusal(house, HOLDER, "v1")
    assert house.traces.written[-1].rule == "F27"
    house.shelf.put(card("v3"))
    await house.read.open_document(HOLDER, "v1")
    opened = await house.read.open_document(HOLDER, "v3")
    assert [one.id for one in await house.read.versions(opened)] == ["v2"]


async def test_a_version_takes_the_masks_of_the_current_one_over_any_number() -> None:
    house = House()
    last = 150
    for number in range(last):
        older = card(f"v{number}", status=DocumentStatus.SUPERSEDED)
        house.shelf.put(older, superseded_by=f"v{number + 1}")
    house.shelf.put(card(f"v{last}", codes=WAITING))
    await refusal(house, HOLDER, "v0")
    assert house.traces.written[-1].rule == "F27"


async def test_a_chain_of_versions_that_loops_still_ends() -> None:
    house = House()
    house.shelf.put(card("v1", status=DocumentStatus.SUPERSEDED), superseded_by="v2")
    house.shelf.put(card("v2", status=DocumentStatus.SUPERSEDED), superseded_by="v1")
    assert (await house.read.open_document(HOLDER, "v1")).decision.permitted


async def test_a_newer_version_that_went_to_another_record_is_not_told_of() -> None:
    house = House()
    house.shelf.put(card("v1", status=DocumentStatus.SUPERSEDED), superseded_by="v2")
    house.shelf.put(card("v2"))
    opened = await house.read.open_document(HOLDER, "v1")
    newer = await house.read.newer(opened)
    assert newer is not None
    assert newer.id == "v2"
    house.shelf.change("v2", patient=PAUL)
    assert await house.read.newer(opened) is None


async def test_older_versions_are_not_for_professionals() -> None:
    house = House()
    house.shelf.put(card("v1", status=DocumentStatus.SUPERSEDED), superseded_by="v2")
    house.shelf.put(card("v2"))
    house.agree()
    opened = await house.read.open_document(PHYSICIAN, "v2")
    assert await house.read.versions(opened) == []


async def test_a_search_counts_only_what_the_reader_may_find() -> None:
    house = house_of(card("one"), card("two", codes=WAITING), card("three"))
    house.shelf.found = {"one", "two"}
    found = await house.read.search(HOLDER, ANNE, Filters(words="Kaléidoscope"))
    assert [one.id for one in found.cards] == ["one"]
    assert found.labels == {Label.BIOLOGIE: 1}
    (trace,) = house.traces.written
    assert trace.action == "search"
    assert b"idoscope" not in trace.details


async def test_a_mail_is_decided_again_when_it_leaves() -> None:
    house = house_of(card("one"), card("masked", codes=("MASQUE_PS",)))
    mailbox = Reader(kind=ReaderKind.SYSTEM, id="cabinet@example.mssante.fr")
    read = house.read
    assert (await read.may_mail(mailbox, "one", origin=Origin.SENDER)).rule == "P30"
    assert (await read.may_mail(mailbox, "masked", origin=Origin.SENDER)).rule == "F60"
    assert (await read.may_mail(HOLDER, "one", origin=Origin.SENDER)).rule == "P31"
    assert not (await read.may_mail(mailbox, "absent", origin=Origin.SENDER)).permitted
    assert [trace.action for trace in house.traces.written] == ["mail"] * 3


async def test_a_secret_of_a_minor_is_announced_to_nobody() -> None:
    house = house_of(card("one", codes=("INVISIBLE_REPRESENTANTS_LEGAUX",)))
    child = replace(person(ANNE).identity, birth_date="2015-01-01")
    house.people.known[ANNE] = person(ANNE, identity=child)
    shelved = house.shelf.shelved["one"]
    assert (await house.read.may_notify(shelved, NoticeKind.NEW_DOCUMENT)).rule == "F29"
    house.people.known[ANNE] = person(ANNE)
    assert (await house.read.may_notify(shelved, NoticeKind.NEW_DOCUMENT)).rule == "P40"


async def test_a_hidden_document_opens_by_itself_after_a_month() -> None:
    since = datetime(2026, 2, 15, 10, tzinfo=UTC)
    house = house_of(card("due", codes=WAITING, hidden_from=since))
    assert (await house.read.open_document(HOLDER, "due")).decision.rule == "P01"


async def test_a_document_of_nobodys_record_is_not_there_and_stops_no_other_notice() -> None:
    house = house_of(card("lost", patient=PatientKey(b"n" * 16)))
    shelved = house.shelf.shelved["lost"]
    assert not (await house.read.may_notify(shelved, NoticeKind.NEW_DOCUMENT)).permitted
    assert not (await house.read.may_mail(PHYSICIAN, "lost", origin=Origin.SENDER)).permitted
    await refusal(house, PHYSICIAN, "lost")
