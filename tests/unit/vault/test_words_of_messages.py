"""Whatever may be told of a message has its words, and every refusal a status (VAULT GEN-03)."""

from gateway.records.correspondence.conversation import (
    Delivery,
    Folder,
    Limits,
    Reason,
    Shut,
    Unwritten,
)
from gateway.vault.messaging import words
from gateway.vault.messaging.form import Typed, refused


def test_every_folder_state_reason_and_refusal_has_its_words() -> None:
    assert list(words.FOLDERS) == list(Folder)
    assert set(words.DELIVERIES) == set(Delivery)
    assert set(words.REASONS) == set(Reason)
    assert set(words.SHUT) == set(Shut)
    assert set(words.REFUSALS) == set(Unwritten)


def test_no_words_of_a_refusal_keep_a_blank() -> None:
    for code in Unwritten:
        for fil, of in (("", ""), ("f", ""), ("", "de Léo")):
            wrong = refused(code, Typed(fil=fil, texte="a"), Limits(), "Dr Roux", of)
            assert wrong.code == code
            assert not any("{" in said for said in wrong.errors.values())


def test_an_answer_has_no_field_of_the_correspondent_to_lead_to() -> None:
    for code in (Unwritten.ENDED, Unwritten.REFUSED, Unwritten.GONE):
        assert list(refused(code, Typed(fil="f"), Limits(), "Dr Roux", "").errors) == [""]
