"""How dates, hours and sizes are said, and the eight labels."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.mapping.labels import Labelled, label_of
from gateway.mapping.labels.clues import Origin, Signs
from gateway.records.documents.document import Author
from gateway.vault import words

BIOLOGIST = Author(kind="person", specialty="G15_10/SM03")


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("2026-03-12", "12 mars 2026"),
        ("2026-01-01", "1 janvier 2026"),
        ("2026-03", "mars 2026"),
        ("2026", "2026"),
        ("2026-03-12T23:30:00Z", "13 mars 2026"),
        ("2026-08-12T23:30Z", "13 août 2026"),
        ("", ""),
        (None, ""),
        ("n'importe quoi", "n'importe quoi"),
    ],
)
def test_a_date_is_said_as_precisely_as_it_is_known(value: str | None, said: str) -> None:
    assert words.day(value) == said


def test_an_instant_is_said_in_paris_time() -> None:
    noon = datetime(2026, 3, 12, 13, 5, tzinfo=UTC)
    assert words.moment(noon) == "12 mars 2026 à 14\xa0h\xa005"


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (0, "0\xa0octets"),
        (999, "999\xa0octets"),
        (1_000, "1\xa0Ko"),
        (12_345, "12\xa0Ko"),
        (1_500_000, "1,5\xa0Mo"),
        (2_500_000_000, "2,5\xa0Go"),
    ],
)
def test_a_size_is_said_in_powers_of_ten(count: int, said: str) -> None:
    assert words.size(count) == said


@given(st.text(max_size=40))
def test_no_text_in_place_of_a_date_breaks_a_page(value: str) -> None:
    assert isinstance(words.day(value), str)


@given(
    st.from_regex(r"[0-9]{4}(-[0-9]{2}){0,2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?Z?)?", fullmatch=True)
)
def test_no_impossible_date_breaks_a_page(value: str) -> None:
    assert isinstance(words.day(value), str)


@pytest.mark.parametrize(
    ("found", "kind"),
    [
        (label_of("11502-2", None, None), "type"),
        (label_of("18842-5", None, None), "loinc"),
        (label_of("XX9", None, None, type_display="Ordonnance"), "display"),
        (label_of("ORDO", None, None), "code"),
        (label_of("XX9", "31", None), "class"),
        (label_of("XX9", None, "IRM"), "title"),
        (label_of("XX9", None, None, origin=Origin("urn:ihe:pharm:pre:2010")), "format"),
        (label_of("XX9", None, None, origin=Origin(None, (BIOLOGIST,))), "author"),
        (label_of("XX9", None, None, gather=lambda: Signs(results=3)), "results"),
        (label_of("XX9", None, None), "default"),
    ],
)
def test_every_rule_of_a_label_has_its_sentence(found: Labelled, kind: str) -> None:
    assert found.rule.partition(":")[0] == kind
    assert "{label}" in words.WHY_LABEL[kind] or kind == "results"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Léo", "de Léo"),
        ("Inès Kaci", "d'Inès Kaci"),
        ("Éric", "d'Éric"),
        ("Hélène", "d'Hélène"),
        ("Yves", "d'Yves"),
        ("Yasmine", "de Yasmine"),
        ("", "de "),
    ],
)
def test_a_name_is_elided_as_one_says_it(name: str, said: str) -> None:
    assert words.of(name) == said
