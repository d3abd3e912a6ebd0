"""Results that stay in their message: counted at intake, the same when read again."""

from gateway.mapping.hl7v2 import results_in, understand
from gateway.mapping.results import words_in
from gateway.records.documents.observation import ResultsInBody
from gateway.records.intake.reading import DEFAULT_READING, Reading
from gateway.records.words import distinct

ORU = (
    "MSH|^~\\&|LAB|SITE|GW|HERE|20260302101500||ORU^R01^ORU_R01|C1|P|2.5|||||FRA|UNICODE UTF-8\r"
    "PID|1||284037511604282^^^ASIP-SANTE-INS-NIR&1.2.250.1.213.1.4.10&ISO^INS||DURAND^CLAIRE^"
    "CLAIRE^^^^L||19840312|F|||^^^^^^BDL^^75116|||||||||||||||||||||VALI\r"
    "OBR|1|A1|F1^lab|58410-2^Hémogramme^LN\r"
    "OBX|1|NM|718-7^Hémoglobine^LN||13.4|g/dL|13-17|N|||F\r"
    "OBX|2|ST|11545-1^Aspect \\T\\ couleur^LN||clair||||||F\r"
    "NTE|1|L|à contrôler\r"
)


def test_plain_results_are_counted_and_read_only_when_asked() -> None:
    understood = understand(ORU.encode(), DEFAULT_READING)
    results = understood.observations[0]

    assert isinstance(results, ResultsInBody)
    assert len(results) == understood.results == 2
    assert [one.value for one in results] == ["13.4", "clair"]
    assert results[1].text == "Aspect & couleur"
    assert results[1].note == "à contrôler"


def test_the_stored_message_gives_the_same_results_again() -> None:
    understood = understand(ORU.encode(), DEFAULT_READING)

    assert results_in(understood.contents[0].body) == list(understood.observations[0])


def test_names_texts_and_notes_can_be_searched() -> None:
    content = understand(ORU.encode(), DEFAULT_READING).contents[0]
    words = words_in(content.body).split()

    assert content.words is None
    for written in (
        "Hémogramme",
        "Hémoglobine",
        "Aspect & couleur",
        "clair",
        "à contrôler",
        "SITE",
    ):
        assert set(distinct(written).split()) <= set(words)


def test_words_of_a_body_that_is_no_message_are_none() -> None:
    assert words_in(b"PID|1") == ""


def test_rows_with_something_to_say_are_told_and_stay_in_their_message() -> None:
    understood = understand(ORU.replace("13.4", "13,4").encode(), DEFAULT_READING)

    assert [one.code for one in understood.findings] == ["decimal-comma"]
    assert isinstance(understood.observations[0], ResultsInBody)


def test_what_was_read_by_the_fallback_of_a_connection_is_kept_as_it_was_read() -> None:
    raw = ORU.replace("|UNICODE UTF-8", "").replace("clair", "“trouble”").encode("cp1252")
    understood = understand(raw, Reading(fallback_charset="cp1252"))
    results = understood.observations[0]

    assert not isinstance(results, ResultsInBody)
    assert (results[0].text, results[1].value) == ("Hémoglobine", "“trouble”")
    assert "“trouble”" in (understood.contents[0].words or "")
