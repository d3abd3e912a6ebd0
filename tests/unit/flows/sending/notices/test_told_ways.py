"""A notice leaves by the way that its receiver chose; some leave whatever was chosen."""

import json
from dataclasses import replace

import pytest
from reading_twins import ANNE, NOW
from test_told import Letters, claimed, house_of_anne, notify_of

from gateway.records.notices import Way
from gateway.records.patients.account import Choice, ChoiceKind
from gateway.records.task import NewTask, TaskKind

MOBILE, EMAIL = "0612345678", "anne@example.org"


async def told(kind: str, way: Way, notice: str, *, mobile: str | None = MOBILE) -> list[str]:
    """Where it went; the outcome last."""
    house, letters = house_of_anne(), Letters()
    house.people.logins[ANNE] = replace(house.people.logins[ANNE], mobile=mobile)
    chosen = Choice(kind=ChoiceKind.NOTICE, target=kind, since=NOW, scopes=(way.value,))
    house.people.chosen.append(chosen)
    payload = json.dumps({"notice": notice}).encode()
    task = NewTask(kind=TaskKind.NOTICE, subject="one", due_at=NOW, patient=ANNE, payload=payload)
    (outcome,) = await notify_of(house, letters).carry(claimed([task]))
    return [*(one["to"] for one in letters.sent), str(outcome)]


@pytest.mark.parametrize(
    ("way", "places"),
    [
        (Way.EMAIL, [EMAIL, "sent"]),
        (Way.SMS, [MOBILE, "sent"]),
        (Way.BOTH, [EMAIL, MOBILE, "sent"]),
        (Way.NONE, ["turned-off"]),
    ],
)
async def test_a_new_document_is_told_as_was_chosen(way: Way, places: list[str]) -> None:
    assert await told("N1", way, "new_document") == places


async def test_what_was_chosen_for_another_kind_changes_nothing() -> None:
    assert await told("N2", Way.NONE, "new_document") == [EMAIL, "sent"]


async def test_who_has_no_mobile_any_more_is_told_by_mail() -> None:
    assert await told("N1", Way.SMS, "new_document", mobile=None) == [EMAIL, "sent"]


async def test_what_is_never_turned_off_leaves_all_the_same() -> None:
    assert await told("N7", Way.NONE, "password-changed") == [EMAIL, "sent"]
    assert await told("N8", Way.NONE, "sharing") == [EMAIL, "sent"]
