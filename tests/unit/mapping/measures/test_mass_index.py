"""IMC of weight and height (VAULT MEA-04)."""

from datetime import date
from decimal import Decimal

from gateway.mapping.measures.mass import MassIndex, Taken, mass_indexes

BORN = date(2018, 3, 12)
GROWN = date(1984, 3, 12)


def taken(day: str, number: str, at: str = "") -> Taken:
    return Taken(id=f"{number}@{day}", day=date.fromisoformat(day), at=at, number=Decimal(number))


def values(found: list[MassIndex]) -> list[tuple[str, str, str]]:
    return [(one.day.isoformat(), str(one.number), one.height) for one in found]


def test_each_weight_has_the_index_of_the_latest_height_before_it() -> None:
    found = mass_indexes(
        [taken("2025-06-01", "24.5"), taken("2025-01-01", "23")],
        [taken("2025-05-01", "122"), taken("2024-12-01", "119.5"), taken("2025-07-01", "123")],
        BORN,
    )
    assert values(found) == [
        ("2025-01-01", "16.1", "119.5@2024-12-01"),
        ("2025-06-01", "16.5", "122@2025-05-01"),
    ]


def test_a_height_of_the_same_day_counts_whichever_was_written_first() -> None:
    found = mass_indexes(
        [taken("2025-06-01", "24.5", "08:00")], [taken("2025-06-01", "122", "09:00")], BORN
    )
    assert len(found) == 1


def test_a_childs_height_holds_a_year_and_an_adults_for_ever() -> None:
    old = [taken("2024-01-01", "120")]
    assert len(mass_indexes([taken("2025-01-01", "24")], old, BORN)) == 1
    assert mass_indexes([taken("2025-01-03", "24")], old, BORN) == []
    assert len(mass_indexes([taken("2025-01-03", "61")], [taken("2003-01-01", "164")], GROWN)) == 1


def test_without_a_height_there_is_no_index() -> None:
    assert mass_indexes([taken("2025-01-01", "24")], [], BORN) == []
    assert mass_indexes([taken("2025-01-01", "61")], [taken("2025-02-01", "164")], GROWN) == []
