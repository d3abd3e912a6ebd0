"""Who may follow whose document, and what a version with other flags may change."""

from dataclasses import replace

import pytest
from filing_samples import (
    CLAIRE,
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
from msgspec import structs

from gateway.records.documents.document import RESULTS_TYPE, Action, Document
from gateway.records.documents.shelved import DocumentStatus
from gateway.records.intake.filing import Filing
from gateway.records.intake.finding import Verdict
from gateway.records.intake.understanding import Format
from gateway.records.messages.message import Header, Message
from gateway.records.patients.patient import PatientKey

OTHER = PatientKey(b"other")
STRANGE: dict[str, object] = {"sender": "other", "organization": "9999", "author_ids": ("899",)}
NEWER = replace(DOCUMENT, action=Action.REPLACE, replaces="1.2.3.3")
MASKED = ("N", "MASQUE_PS")
HIDDEN = ("N", "INVISIBLE_PATIENT")


@pytest.mark.parametrize(
    "near", [{"sender": "labo"}, {"organization": "1750"}, {"author_ids": ("898", "801")}]
)
def test_its_sender_its_organisation_or_one_of_its_authors_may_replace_a_document(
    near: dict[str, object],
) -> None:
    target = known("1.2.3.3", **(STRANGE | near))
    filing = judge(intake(understanding(NEWER)), facts(PERSON, documents=(target,)))

    assert [one.id for one in filing.changes] == ["old"]


@pytest.mark.parametrize(("bound", "changed"), [("750", ["old"]), ("8888", [])])
def test_the_organisation_a_sender_is_bound_to_may_replace_whoever_sent_it(
    bound: str, changed: list[str]
) -> None:
    nobody = replace(NEWER, authors=())
    one = structs.replace(intake(understanding(nobody)), organization=bound)
    target = known("1.2.3.3", **(STRANGE | {"organization": "1750"}))

    assert [one.id for one in judge(one, facts(PERSON, documents=(target,))).changes] == changed


def test_results_of_a_strangers_order_are_the_first_of_their_own() -> None:
    more = replace(DOCUMENT, mime_type=RESULTS_TYPE)
    filing = judge(
        intake(understanding(more)), facts(PERSON, documents=(known("1.2.3.3", **STRANGE),))
    )

    assert (filing.answer.verdict, len(filing.changes)) == (Verdict.ACCEPT, 0)
    assert len(filing.shelvings) == 1


def test_results_of_another_patients_order_of_that_number_continue_nothing() -> None:
    more = replace(DOCUMENT, mime_type=RESULTS_TYPE)
    filing = judge(intake(understanding(more)), facts(PERSON, documents=(known(patient=OTHER),)))

    assert (filing.answer.verdict, len(filing.changes)) == (Verdict.ACCEPT, 0)


def test_a_stranger_corrects_no_results() -> None:
    corrected = replace(DOCUMENT, mime_type=RESULTS_TYPE, action=Action.REPLACE)
    target = known("1.2.3.3", **STRANGE)
    filing = judge(intake(understanding(corrected)), facts(PERSON, documents=(target,)))

    assert (filing.answer.verdict, codes(filing)) == (Verdict.REFUSE, ["not-author"])


def test_a_sender_bound_to_an_organisation_is_not_believed_to_write_for_another() -> None:
    one = structs.replace(intake(understanding(NEWER)), organization="8888")
    target = known("1.2.3.3", sender="other", organization="1750", author_ids=("801",))

    assert codes(judge(one, facts(PERSON, documents=(target,)))) == ["not-author"]


def test_a_new_document_of_a_known_set_that_is_no_result_continues_nothing() -> None:
    filing = judge(intake(understanding(DOCUMENT)), facts(PERSON, documents=(known(),)))

    assert (filing.answer.verdict, len(filing.changes)) == (Verdict.ACCEPT, 0)


def test_the_document_of_another_patient_is_no_copy_whatever_its_bytes() -> None:
    """The answer would name it, and say that it is there."""
    other = known("1.2.3.4", patient=OTHER, sha256=bytes.fromhex(SHA))
    filing = judge(intake(understanding(DOCUMENT)), facts(PERSON, documents=(other,)))

    assert (filing.answer.verdict, codes(filing)) == (Verdict.REFUSE, ["unique-id-conflict"])
    assert not filing.answer.documents


def test_a_version_that_is_hidden_after_an_open_one_is_hidden_from_now_on() -> None:
    newer = replace(NEWER, confidentiality=HIDDEN)
    filing = judge(intake(understanding(newer)), facts(PERSON, documents=(known(),)))

    assert [one.hidden_from for one in filing.shelvings] == [NOW]


def flagged(
    confidentiality: tuple[str, ...], before: tuple[str, ...], *, flag: str | None = "Y"
) -> Filing:
    """The same document again, by a message that says its flags change."""
    document: Document = replace(
        DOCUMENT, action=Action.REPLACE, replaces="1.2.3.4", confidentiality=confidentiality
    )
    flags = {"MODIF_CONF_CODE": flag} if flag else {}
    message = Message(header=Header(control_id="C1"), patient=CLAIRE, flags=flags)
    understood = replace(understanding(document), format=Format.HL7V2, message=message)
    one = known("1.2.3.4", sha256=bytes.fromhex(SHA), codes=before)
    return judge(intake(understood), facts(PERSON, documents=(one,)))


@pytest.mark.parametrize(
    ("now", "before"),
    [
        (MASKED, ("N",)),
        (HIDDEN, ("N",)),
        ((*MASKED, "INVISIBLE_PATIENT"), MASKED),
        (("N",), HIDDEN),
        ((), ("R",)),
    ],
)
def test_other_flags_of_a_document_are_a_version_with_the_same_bytes(
    now: tuple[str, ...], before: tuple[str, ...]
) -> None:
    filing = flagged(now, before)

    assert (filing.answer.verdict, codes(filing)) == (Verdict.ACCEPT, [])
    assert [(one.id, one.status) for one in filing.changes] == [("old", DocumentStatus.SUPERSEDED)]
    assert [one.document.confidentiality for one in filing.shelvings] == [now]


@pytest.mark.parametrize("now", [("N",), HIDDEN])
def test_a_sender_lifts_no_mask(now: tuple[str, ...]) -> None:
    filing = flagged(now, MASKED)

    assert (filing.answer.verdict, codes(filing)) == (Verdict.REFUSE, ["unmask-denied"])
    assert not filing.changes


@pytest.mark.parametrize(
    ("now", "before", "flag"),
    [
        (MASKED, MASKED, "Y"),
        ((), ("N",), "Y"),
        (("N",), ("N",), "Y"),
        (MASKED, ("N",), "N"),
        (MASKED, ("N",), None),
    ],
)
def test_the_same_flags_or_no_word_of_them_make_no_version(
    now: tuple[str, ...], before: tuple[str, ...], flag: str | None
) -> None:
    filing = flagged(now, before, flag=flag)

    assert (filing.answer.verdict, codes(filing)) == (Verdict.ACCEPT, ["already-filed"])
    assert not filing.changes
    assert not filing.shelvings


def test_a_deletion_of_what_is_not_there_is_refused_and_one_by_another_id_finds_it() -> None:
    gone = replace(DOCUMENT, action=Action.DELETE, set_id=None)
    nothing = judge(intake(understanding(gone)), facts(PERSON))
    assert (nothing.answer.verdict, len(nothing.changes)) == (Verdict.REFUSE, 0)

    named = replace(gone, replaces="1.2.3.3")
    found = judge(intake(understanding(named)), facts(PERSON, documents=(known(),)))
    assert [(one.id, one.status) for one in found.changes] == [("old", DocumentStatus.WITHDRAWN)]

    own = judge(intake(understanding(gone)), facts(PERSON, documents=(known("1.2.3.4"),)))
    assert [(one.id, one.status) for one in own.changes] == [("old", DocumentStatus.WITHDRAWN)]
