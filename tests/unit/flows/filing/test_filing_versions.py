"""The judgement of one intake: replacements, corrections, conflicts and deletions."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from filing_samples import (
    DOCUMENT,
    NOW,
    PERSON,
    SHA,
    codes,
    facts,
    intake,
    judge,
    known,
    understanding,
)

from gateway.access.time import one_month_after
from gateway.adapters.http.answers import answer_status
from gateway.records.documents.document import RESULTS_TYPE, Action
from gateway.records.documents.shelved import DocumentStatus
from gateway.records.intake.finding import Verdict
from gateway.records.intake.understanding import Format
from gateway.records.messages.message import Header, Message
from gateway.records.patients.patient import PatientKey


def test_one_unique_id_with_two_contents_is_a_conflict() -> None:
    filing = judge(intake(understanding(DOCUMENT)), facts(PERSON, documents=(known("1.2.3.4"),)))

    assert filing.answer.verdict is Verdict.REFUSE
    assert codes(filing) == ["unique-id-conflict"]


def test_one_document_twice_in_one_intake_is_filed_once() -> None:
    filing = judge(intake(understanding(DOCUMENT, DOCUMENT)), facts(PERSON))

    assert (filing.answer.verdict, codes(filing)) == (Verdict.ACCEPT, ["already-filed"])
    assert [one.id for one in filing.answer.documents] == ["id1", "id1"]
    assert [one.index for one in filing.shelvings] == [0]
    assert len(filing.tasks) == 1


def test_of_several_documents_it_is_told_which_one_was_here() -> None:
    here = known("1.2.3.4", sha256=bytes.fromhex(SHA))
    other = replace(DOCUMENT, unique_id="1.2.3.5", sha256="0" * 64)
    filing = judge(intake(understanding(other, DOCUMENT)), facts(PERSON, documents=(here,)))

    assert [one.message for one in filing.answer.findings] == [
        "Document 2 of 2 is filed already; nothing was created of it."
    ]
    assert [one.known for one in filing.answer.documents] == [False, True]
    assert not filing.answer.made_nothing
    assert answer_status(filing.answer) == 201
    alone = judge(intake(understanding(DOCUMENT)), facts(PERSON, documents=(here,)))
    assert alone.answer.made_nothing
    assert answer_status(alone.answer) == 200


def test_one_unique_id_with_two_contents_in_one_intake_is_a_conflict() -> None:
    other = replace(DOCUMENT, sha256="cd" * 32)
    filing = judge(intake(understanding(DOCUMENT, other)), facts(PERSON))

    assert (filing.answer.verdict, codes(filing)) == (Verdict.REFUSE, ["unique-id-conflict"])
    assert not filing.shelvings


@pytest.mark.parametrize(("first", "second"), [("1.2.3.4", "1.2.3.5"), (None, None)])
def test_two_ids_and_documents_without_one_are_filed_each(
    first: str | None, second: str | None
) -> None:
    both = [replace(DOCUMENT, unique_id=one, set_id=None) for one in (first, second)]
    filing = judge(intake(understanding(*both)), facts(PERSON))

    assert (codes(filing), [one.index for one in filing.shelvings]) == ([], [0, 1])


def test_one_document_is_withdrawn_once_by_one_intake() -> None:
    gone = replace(DOCUMENT, action=Action.DELETE, unique_id="1.2.3.3")
    filing = judge(intake(understanding(gone, gone)), facts(PERSON, documents=(known(),)))

    assert [one.id for one in filing.changes] == ["old"]


@pytest.mark.parametrize("action", [Action.CREATE, Action.REPLACE])
@pytest.mark.parametrize("before", ["1.2.3^BIO", "1.2.3"])
def test_results_of_an_order_continue_it_also_where_it_was_known_by_its_number_alone(
    action: Action, before: str
) -> None:
    more = replace(DOCUMENT, mime_type=RESULTS_TYPE, set_id="1.2.3^BIO", action=action)
    filing = judge(intake(understanding(more)), facts(PERSON, documents=(known(set_id=before),)))

    assert [(one.id, one.status) for one in filing.changes] == [("old", DocumentStatus.SUPERSEDED)]
    assert len(filing.shelvings) == 1


@pytest.mark.parametrize(("kind", "before"), [(RESULTS_TYPE, "1.2.3^MICRO"), ("text/xml", "1.2.3")])
def test_results_of_another_authority_and_other_documents_continue_nothing(
    kind: str, before: str
) -> None:
    more = replace(DOCUMENT, mime_type=kind, set_id="1.2.3^BIO")
    filing = judge(intake(understanding(more)), facts(PERSON, documents=(known(set_id=before),)))

    assert (len(filing.changes), len(filing.shelvings)) == (0, 1)


@pytest.mark.parametrize("action", [Action.CREATE, Action.REPLACE])
def test_a_withdrawn_document_does_not_come_again(action: Action) -> None:
    gone = known("1.2.3.4", sha256=bytes.fromhex(SHA), status=DocumentStatus.WITHDRAWN)
    again = replace(DOCUMENT, action=action)
    filing = judge(intake(understanding(again)), facts(PERSON, documents=(gone,)))

    assert (filing.answer.verdict, codes(filing)) == (Verdict.REFUSE, ["document-withdrawn"])
    assert filing.answer.findings[0].condition == 205


def test_a_superseded_document_that_comes_again_is_already_filed() -> None:
    older = known("1.2.3.4", sha256=bytes.fromhex(SHA), status=DocumentStatus.SUPERSEDED)
    filing = judge(intake(understanding(DOCUMENT)), facts(PERSON, documents=(older,)))

    assert (filing.answer.verdict, codes(filing)) == (Verdict.ACCEPT, ["already-filed"])


def test_a_replacement_supersedes_and_keeps_the_clock_of_the_hidden_document() -> None:
    since = NOW - timedelta(days=10)
    hidden = replace(
        DOCUMENT,
        action=Action.REPLACE,
        replaces="1.2.3.3",
        confidentiality=("N", "INVISIBLE_PATIENT"),
    )

    filing = judge(
        intake(understanding(hidden)), facts(PERSON, documents=(known(hidden_from=since),))
    )

    assert filing.changes[0].status is DocumentStatus.SUPERSEDED
    assert filing.changes[0].by == "id1"
    assert filing.shelvings[0].hidden_from == since
    told = [(json.loads(one.payload)["notice"], one.due_at) for one in filing.tasks]
    assert told == [("opened", one_month_after(since)), ("waiting", since + timedelta(days=14))]


@pytest.mark.parametrize(
    ("days", "announced", "told"),
    [
        (0, False, ["opened", "waiting"]),
        (14, False, ["opened"]),
        (27, False, ["opened"]),
        (40, False, ["changed_document"]),
        (3, True, ["changed_document"]),
    ],
)
def test_a_new_version_tells_what_the_former_had_not_told(
    days: int, announced: bool, told: list[str]
) -> None:
    since = NOW - timedelta(days=days)
    target = known(hidden_from=since, announced_at=NOW if announced else None)
    hidden = ("N", "INVISIBLE_PATIENT")
    newer = replace(DOCUMENT, action=Action.REPLACE, replaces="1.2.3.3", confidentiality=hidden)

    filing = judge(intake(understanding(newer)), facts(PERSON, documents=(target,)))

    assert [json.loads(one.payload)["notice"] for one in filing.tasks] == told


def test_the_withdrawal_of_a_document_that_waits_is_not_told() -> None:
    for since, count in ((NOW - timedelta(days=3), 0), (None, 1)):
        gone = replace(DOCUMENT, action=Action.DELETE, unique_id="1.2.3.3")
        filing = judge(
            intake(understanding(gone)), facts(PERSON, documents=(known(hidden_from=since),))
        )
        assert len(filing.tasks) == count


def test_new_documents_enter_masked_where_the_patient_has_it_so() -> None:
    for wanted in (True, False):
        person = replace(PERSON, masks_new=wanted)
        newer = replace(DOCUMENT, action=Action.REPLACE, replaces="1.2.3.3")
        for made, held in ((DOCUMENT, ()), (newer, (known(),))):
            filing = judge(intake(understanding(made)), facts(person, documents=held))
            assert filing.shelvings[0].masked is wanted


def test_a_stranger_may_not_replace() -> None:
    target = known(sender="other", organization="9999", author_ids=("899",))
    newer = replace(DOCUMENT, action=Action.REPLACE, replaces="1.2.3.3")

    filing = judge(intake(understanding(newer)), facts(PERSON, documents=(target,)))

    assert codes(filing) == ["not-author"]
    assert filing.answer.findings[0].application == 901


def test_an_older_version_cannot_be_replaced() -> None:
    target = known(status=DocumentStatus.SUPERSEDED)
    newer = replace(DOCUMENT, action=Action.REPLACE, replaces="1.2.3.3")

    filing = judge(intake(understanding(newer)), facts(PERSON, documents=(target,)))

    assert filing.answer.findings[0].application == 900


@pytest.mark.parametrize("form", [Format.XDS, Format.CDA])
def test_what_is_archived_is_replaced_at_every_door_but_that_of_xds(form: Format) -> None:
    newer = replace(DOCUMENT, action=Action.REPLACE, replaces="1.2.3.3")
    understood = replace(understanding(newer), format=form)
    filing = judge(intake(understood), facts(PERSON, documents=(known(archived=True),)))
    told = ["replaced-not-approved"] if form is Format.XDS else []
    assert codes(filing) == told


def test_a_lot_replaces_nothing_that_was_deleted_and_hears_of_nothing_archived_by_others() -> None:
    newer = replace(DOCUMENT, action=Action.REPLACE, replaces="1.2.3.3")
    lot = intake(replace(understanding(newer), format=Format.XDS))
    gone = known(status=DocumentStatus.WITHDRAWN)
    others = known(sender="other", organization="9999", author_ids=("899",), archived=True)
    for target, told in ((gone, "replaced-not-approved"), (others, "not-author")):
        assert codes(judge(lot, facts(PERSON, documents=(target,)))) == [told]


def test_a_document_of_another_patient_is_as_unknown_as_none() -> None:
    newer = replace(DOCUMENT, action=Action.REPLACE, replaces="1.2.3.3")
    other = known(patient=PatientKey(b"other"), set_id=None)
    understood = replace(understanding(newer), format=Format.HL7V2)

    with_other = judge(intake(understood), facts(PERSON, documents=(other,)))
    without = judge(intake(understood), facts(PERSON))

    assert with_other.answer == without.answer
    assert with_other.answer.findings[0].condition == 204


@pytest.mark.parametrize(
    ("event", "action", "where"),
    [
        ("MDM^T10^MDM_T02", Action.REPLACE, "TXA-13"),
        ("MDM^T04^MDM_T02", Action.DELETE, "TXA-12"),
        ("ORU^R01^ORU_R01", Action.REPLACE, "OBX-5"),
        ("ORU^R01^ORU_R01", Action.DELETE, "OBX-5"),
    ],
)
def test_a_message_is_told_in_which_of_its_fields_an_unknown_document_is_named(
    event: str, action: Action, where: str
) -> None:
    newer = replace(DOCUMENT, action=action, replaces="1.2.3.3")
    message = Message(header=Header(type=event))
    understood = replace(understanding(newer), format=Format.HL7V2, message=message)

    told = judge(intake(understood), facts(PERSON)).answer.findings[0]

    assert (told.code, told.where) == ("replaced-unknown", where)


def test_a_cda_that_replaces_what_came_before_our_time_is_filed_with_a_warning() -> None:
    newer = replace(DOCUMENT, action=Action.REPLACE, replaces="1.2.3.3")

    filing = judge(intake(understanding(newer)), facts(PERSON))

    assert filing.answer.verdict is Verdict.ACCEPT
    assert codes(filing) == ["replaced-unknown"]


def test_corrected_results_of_a_set_we_do_not_know_are_filed_as_the_first() -> None:
    corrected = replace(DOCUMENT, action=Action.REPLACE, replaces=None)
    understood = replace(understanding(corrected), format=Format.HL7V2)

    filing = judge(intake(understood), facts(PERSON))

    assert filing.answer.verdict is Verdict.ACCEPT
    assert not codes(filing)
    assert not filing.changes


def test_corrected_results_supersede_the_current_ones_of_their_set() -> None:
    corrected = replace(DOCUMENT, action=Action.REPLACE, replaces=None)

    filing = judge(intake(understanding(corrected)), facts(PERSON, documents=(known(),)))

    assert [change.id for change in filing.changes] == ["old"]


def test_a_deletion_withdraws_and_a_second_one_changes_nothing() -> None:
    gone = replace(DOCUMENT, action=Action.DELETE)
    target = known("1.2.3.4")

    first = judge(intake(understanding(gone)), facts(PERSON, documents=(target,)))
    withdrawn = replace(target, status=DocumentStatus.WITHDRAWN)
    second = judge(intake(understanding(gone)), facts(PERSON, documents=(withdrawn,)))

    assert first.changes[0].status is DocumentStatus.WITHDRAWN
    assert not first.shelvings
    assert second.answer.verdict is Verdict.ACCEPT
    assert not second.changes
