"""A day that is none is told, and stays in its field: a date field would empty it."""

import re
from datetime import UTC, datetime
from html import unescape

import pytest
from multidict import MultiDict
from vault_house import House, sign_in, visiting

from gateway.vault.days import date_field, period_of
from gateway.vault.desk.journal import wanted_of
from gateway.vault.document.listing import asked_of
from gateway.vault.words import PERIOD_BACKWARDS

FIELD = re.compile(r'<input type="([a-z]+)" id="(du|au|date)" name="[a-z]+" value="([^"]*)"')
PAGES = ("/documents", "/historique")


async def fields_of(path: str) -> tuple[int, dict[str, tuple[str, str]]]:
    """Status, and type and value of each field for a day."""
    house = House()
    house.add("Bilan")
    async with visiting(house) as client:
        await sign_in(client, house)
        answer = await client.get(path)
        found = FIELD.findall(unescape(await answer.text()))
        return answer.status, {name: (kind, value) for kind, name, value in found}


@pytest.mark.parametrize("path", PAGES)
async def test_what_is_no_day_is_shown_again_as_it_was_typed(path: str) -> None:
    status, fields = await fields_of(f"{path}?du=31/02/2026&au=2026-03-12")
    assert (status, fields["du"]) == (422, ("text", "31/02/2026"))
    assert fields["au"] == ("date", "2026-03-12")


@pytest.mark.parametrize("path", PAGES)
async def test_a_day_as_the_words_of_the_error_show_it_is_taken(path: str) -> None:
    status, fields = await fields_of(f"{path}?du=12/03/2026")
    assert (status, fields["du"]) == (200, ("date", "2026-03-12"))


async def test_a_day_to_come_that_is_none_stays_in_the_simulator() -> None:
    status, fields = await fields_of("/parametres/acces/simulateur?date=demain&lecteur=m:G15_10")
    assert (status, fields["date"]) == (422, ("text", "demain"))


def test_a_period_is_of_whole_days_in_paris() -> None:
    period = period_of(MultiDict({"du": "28/03/2026", "au": "2026-03-29"}))
    assert (period.since, period.until, period.errors) == ("2026-03-28", "2026-03-29", {})
    assert period.begins == datetime(2026, 3, 27, 23, tzinfo=UTC)
    assert period.ends == datetime(2026, 3, 29, 22, tzinfo=UTC)


def test_a_period_that_ends_before_it_begins_is_none_and_stays_as_it_was_typed() -> None:
    period = period_of(MultiDict({"du": "2026-03-29", "au": "2026-03-28"}))
    assert period.errors == {"au": PERIOD_BACKWARDS}
    assert (period.begins, period.ends) == (None, None)
    assert period.typed == {"du": "2026-03-29", "au": "2026-03-28"}


def test_the_journal_and_the_list_keep_both_days_where_one_is_none() -> None:
    query = MultiDict({"du": "hier", "au": "12/03/2026"})
    for typed in (asked_of(query).typed, wanted_of(query).period.typed):
        assert typed == {"du": "hier", "au": "2026-03-12"}


@pytest.mark.parametrize(
    ("value", "kind"), [("", "date"), ("2026-03-12", "date"), ("12/03/26", "text"), ("x", "text")]
)
def test_a_date_field_shows_days_alone(value: str, kind: str) -> None:
    assert date_field(value) == kind
