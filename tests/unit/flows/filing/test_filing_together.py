"""The judgement of several documents of one intake: each as if those before it were filed."""

from dataclasses import replace

import pytest
from filing_samples import (
    DOCUMENT,
    NOW,
    PERSON,
    codes,
    facts,
    intake,
    judge,
    known,
    understanding,
)

from gateway.flows.filing.judging.together import in_order, in_rings
from gateway.records.documents.document import Action, Document
from gateway.records.documents.shelved import DocumentStatus
from gateway.records.intake.filing import Filing
from gateway.records.intake.finding import Verdict
from gateway.records.intake.understanding import Format

OLD = "1.2.3.3"


def made(number: int, replaces: str | None = None, **changes: object) -> Document:
    action = Action.CREATE if replaces is None else Action.REPLACE
    one = replace(
        DOCUMENT,
        action=action,
        unique_id=f"1.9.{number}",
        replaces=replaces,
        set_id=None,
        sha256=f"{number:02d}" * 32,
    )
    return replace(one, **changes)  # type: ignore[arg-type]  # the tests name real fields


def filed(*documents: Document, form: Format = Format.XDM) -> Filing:
    understood = replace(understanding(*documents), format=form)
    return judge(intake(understood), facts(PERSON, documents=(known(OLD),)))


def left(filing: Filing) -> list[tuple[str, str, str | None]]:
    return [(one.id, one.status, one.by) for one in filing.changes]


@pytest.mark.parametrize("form", [Format.XDM, Format.FHIR, Format.HL7V2])
def test_two_that_replace_one_document_are_refused_together(form: Format) -> None:
    filing = filed(made(1, OLD), made(2, OLD), form=form)

    assert (filing.answer.verdict, codes(filing)) == (Verdict.REFUSE, ["version-not-latest"])
    assert not filing.shelvings


def test_what_was_deleted_by_one_document_is_not_replaced_by_another() -> None:
    gone = replace(made(1), action=Action.DELETE, unique_id=OLD)

    assert codes(filed(gone, made(2, OLD))) == ["version-not-latest"]
    assert codes(filed(made(2, OLD), gone)) == ["version-not-latest"]


@pytest.mark.parametrize("newest_first", [False, True])
def test_versions_that_come_together_follow_each_other(*, newest_first: bool) -> None:
    chain = [made(1, OLD), made(2, "1.9.1"), made(3, "1.9.2")]
    documents = chain[::-1] if newest_first else chain
    filing = filed(*documents, form=Format.HL7V2)

    assert (filing.answer.verdict, codes(filing)) == (Verdict.ACCEPT, [])
    assert [one.unique_id for one in filing.answer.documents] == [
        one.unique_id for one in documents
    ]
    assert left(filing) == [
        ("old", DocumentStatus.SUPERSEDED, "id1"),
        ("id1", DocumentStatus.SUPERSEDED, "id2"),
        ("id2", DocumentStatus.SUPERSEDED, "id3"),
    ]


def test_a_new_version_beside_a_first_one_continues_its_set() -> None:
    filing = filed(made(1, set_id="1.5"), made(2, "1.8", set_id="1.5"))

    assert (codes(filing), left(filing)) == ([], [("id1", DocumentStatus.SUPERSEDED, "id2")])


def test_the_clock_of_a_hidden_document_is_that_of_its_first_version() -> None:
    hidden = ("N", "INVISIBLE_PATIENT")
    both = made(1, confidentiality=hidden), made(2, "1.9.1", confidentiality=hidden)

    assert [one.hidden_from for one in filed(*both).shelvings] == [NOW, NOW]


def test_what_comes_with_its_deletion_is_withdrawn() -> None:
    one = made(1)
    filing = filed(one, replace(one, action=Action.DELETE))

    assert left(filing) == [("id1", DocumentStatus.WITHDRAWN, None)]
    assert [one.id for one in filing.answer.documents] == ["id1", "id1"]


def test_documents_that_replace_each_other_have_an_order_all_the_same() -> None:
    ring = [made(1, "1.9.2"), made(2, "1.9.1"), made(3)]

    assert sorted(in_order(ring)) == [0, 1, 2]
    assert in_order([made(1, "1.9.1"), made(2)]) == [0, 1]


@pytest.mark.parametrize("form", [Format.XDM, Format.XDS, Format.FHIR, Format.HL7V2])
@pytest.mark.parametrize("length", [2, 3])
def test_documents_that_replace_each_other_are_refused_together(form: Format, length: int) -> None:
    """Else one of them was filed and put away by the other in one breath."""
    ring = [made(number, f"1.9.{(number + 1) % length}") for number in range(length)]
    filing = filed(made(8), made(9, "1.9.0"), *ring, form=form)

    assert (filing.answer.verdict, set(codes(filing))) == (Verdict.REFUSE, {"replaces-each-other"})
    assert not filing.shelvings
    assert in_rings([made(8), made(9, "1.9.0"), *ring]) == list(range(2, length + 2))


def test_what_leads_to_itself_alone_is_no_ring_of_several() -> None:
    assert in_rings([made(1, "1.9.1"), made(2, "1.9.1"), made(3, OLD)]) == []
