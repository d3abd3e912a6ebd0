"""An operator's word over the rules' label, and back."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.mapping.labels import LABEL_TEXTS
from gateway.mapping.labels.decided import as_decided, decided, undecided
from gateway.records.documents.document import Document, Label
from gateway.records.patients.patient import PatientIdentity

PLAIN = Document(patient=PatientIdentity())
DOUBTED = replace(
    PLAIN,
    label=Label.BIOLOGIE,
    label_text=LABEL_TEXTS[Label.BIOLOGIE],
    label_rule="type:11502-2",
    label_doubt="ORD_SOIN title:ordonnance",
)


@pytest.mark.parametrize("before", [PLAIN, DOUBTED])
@given(label=st.sampled_from(Label), by=st.text())
def test_what_is_decided_and_taken_back_is_as_before(
    before: Document, label: Label, by: str
) -> None:
    after = decided(before, label, by=by)
    assert (after.label, after.label_text, after.label_doubt) == (label, LABEL_TEXTS[label], None)
    assert undecided(after) == before
    assert undecided(decided(after, Label.CERT_MED, by="x")) == before


def test_todays_reading_stands_under_the_word_of_the_stored_one() -> None:
    stored = decided(PLAIN, Label.CERT_MED, by="Lou")
    found = as_decided(DOUBTED, stored)
    assert (found.label, found.label_rule) == (Label.CERT_MED, "operator:Lou")
    assert undecided(found) == DOUBTED


def test_a_word_that_was_taken_back_stands_no_more_in_an_older_reading() -> None:
    older = decided(DOUBTED, Label.CERT_MED, by="Lou")
    assert as_decided(older, PLAIN) == DOUBTED
    assert as_decided(older, None) == DOUBTED
