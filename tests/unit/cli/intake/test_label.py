"""`gateway label`: the review list, an operator's word, and replays under it."""

import json
from dataclasses import replace

import pytest
from place import NOTHING, Place, cda, nameless

from gateway.records.documents.document import Label
from gateway.records.intake.filing import Answer
from gateway.records.intake.understanding import Understanding
from gateway.store import Store

SECRETS = ("ZEBULONIX", "Zoé", "1955", "255089999999966", "IPP7", "inventé", "TESTEUR")
WHO = ("--by", "Lou Testeur", "--reason", "the sender says so")


def vague(data: bytes) -> bytes:
    """A document whose code is the sender's own; model, author and words say nothing."""
    data = data.replace(b' displayName="CR d\'examens biologiques"', b"")
    data = data.replace(b"1.2.250.1.213.1.1.1.55", b"1.2.250.1.999.55")
    data = data.replace(b"G15_10/SM03", b"G15_10/SM26").replace(b"Labo fictif", b"Maison fictive")
    return data.replace(
        b'code="11502-2" codeSystem="2.16.840.1.113883.6.1"', b'code="XX9" codeSystem="1.2.3.4"'
    )


@pytest.fixture
def guess(place: Place) -> Answer:
    place.open_space()
    answer = place.deposit(vague(cda(1)))
    assert [one.label for one in answer.documents] == [Label.CPT_REND]
    return answer


def label_now(place: Place, document: str) -> tuple[Label, str]:
    async def look(store: Store) -> tuple[Label, str]:
        shelved = await store.shelf.find(document)
        assert shelved is not None
        assert shelved.card.label is shelved.document.label
        return shelved.card.label, shelved.document.label_rule

    return place.inside(look)


def test_a_guess_is_listed_by_what_the_rules_saw_and_nothing_else(
    place: Place, guess: Answer
) -> None:
    (line,) = place.lines("label", "list")
    assert line["document"] == guess.documents[0].id
    assert (line["sender"], line["receipt"]) == ("labo", guess.receipt)
    assert (line["type_code"], line["label"]) == ("XX9", "CPT_REND")
    assert (line["label_rule"], line["label_confidence"]) == ("title:compte-rendu", "low")
    told = place.done("label", "list")
    assert told.split("\t")[0] == guess.documents[0].id
    assert not [one for one in SECRETS if one in nameless(told + json.dumps(line))]


def test_an_official_type_is_not_on_the_list(place: Place) -> None:
    place.open_space()
    place.deposit(cda(1))
    assert place.lines("label", "list", "--below", "high") == []


def test_the_threshold_is_a_setting_and_an_option_overrides_it(place: Place, guess: Answer) -> None:
    assert guess.documents
    before = place.config.read_text()
    after = before.replace('# review_below = "medium"', 'review_below = "low"')
    assert before != after
    place.config.write_text(after)
    assert place.lines("label", "list") == []
    assert len(place.lines("label", "list", "--below", "medium")) == 1


def test_an_operators_word_is_the_label_of_all_and_can_be_taken_back(
    place: Place, guess: Answer
) -> None:
    name = guess.documents[0].id
    assert "CPT_REND → CERT_MED" in place.done("label", "set", name, "CERT_MED", *WHO)
    assert label_now(place, name) == (Label.CERT_MED, "operator:Lou Testeur")
    assert place.lines("label", "list") == []
    place.done("label", "unset", name, *WHO)
    assert label_now(place, name) == (Label.CPT_REND, "title:compte-rendu")
    assert len(place.lines("label", "list")) == 1
    assert "nobody decided" in place.fails("label", "unset", name, *WHO)


def test_an_operators_word_survives_replays_and_is_no_difference(
    place: Place, guess: Answer
) -> None:
    name = guess.documents[0].id
    place.done("label", "set", name, "CERT_MED", *WHO)
    place.done("replay", guess.receipt, "--dry-run")
    assert "understood as before" in place.done("replay", guess.receipt)
    assert label_now(place, name) == (Label.CERT_MED, "operator:Lou Testeur")


def without_a_rule(understood: Understanding) -> Understanding:
    documents = tuple(
        replace(one, label=Label.AUTR_DOC, label_rule="default", label_confidence="low")
        for one in understood.documents
    )
    return replace(understood, documents=documents)


def test_a_replay_under_an_operators_word_is_what_unset_gives_back(place: Place) -> None:
    place.open_space()
    filed = place.deposit(vague(cda(1)), without_a_rule)
    name = filed.documents[0].id
    place.done("label", "set", name, "CERT_MED", *WHO)
    place.done("replay", filed.receipt)
    assert label_now(place, name) == (Label.CERT_MED, "operator:Lou Testeur")
    place.done("replay", filed.receipt, "--dry-run")
    place.done("label", "unset", name, *WHO)
    assert label_now(place, name) == (Label.CPT_REND, "title:compte-rendu")
    place.done("replay", filed.receipt, "--dry-run")


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        (["set", NOTHING, "CERT_MED", *WHO], 1, "there is no document"),
        (["unset", NOTHING, *WHO], 1, "there is no document"),
        (["set", NOTHING, "CERT_MED", "--by", " ", "--reason", "x"], 2, "cannot be empty"),
        (["set", NOTHING, "DOC_ADM", *WHO], 2, "RADIO_SC"),
    ],
    ids=["set", "unset", "nobody", "none-of-the-eight"],
)
def test_what_cannot_be_done_is_said(
    place: Place, words: list[str], status: int, told: str
) -> None:
    assert told in place.fails("label", *words, status=status)


def test_codes_that_wait_are_counted_and_one_word_in_the_configuration_settles_them(
    place: Place, guess: Answer
) -> None:
    (line,) = place.lines("label", "list", "--codes")
    assert line == {
        "documents": 1,
        "sender": "labo",
        "type_code": "XX9",
        "type_system": "1.2.3.4",
        "label": "CPT_REND",
    }
    assert place.done("label", "list", "--codes") == "1\tlabo\tXX9\t1.2.3.4\tCPT_REND\n"
    with place.config.open("a") as file:
        file.write('\n[[local_type]]\ncode = "XX9"\nlabel = "BIOLOGIE"\n')
    place.done("replay", guess.receipt)
    assert label_now(place, guess.documents[0].id) == (Label.BIOLOGIE, "local:XX9")
    assert place.lines("label", "list", "--below", "high") == []
