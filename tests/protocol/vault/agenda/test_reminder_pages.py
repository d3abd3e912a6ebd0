"""Own reminders on the page of the agenda (VAULT AGE-04)."""

import re

from family_house import page
from vault_house import House, post, sign_in, visiting

AGENDA = "/agenda"


async def test_the_eleventh_reminder_of_a_day_is_refused_in_words() -> None:
    house = House()
    form, act = {"titre": "Pilule", "date": "05/12/2026", "repetition": "jamais"}, "/agenda/rappels"
    async with visiting(house) as client:
        await sign_in(client, house)
        answers = [await post(client, AGENDA, act, **form) for _ in range(11)]
        past = await post(client, AGENDA, act, **(form | {"date": "05/12/2001"}))
    assert [one[0] for one in answers] == [303] * 10 + [422]
    assert "Vous ne pouvez pas ajouter plus de 10 rappels pour une même date." in answers[-1][2]
    assert past[0] == 422
    assert len(house.agendas.own) == 10


async def test_a_reminder_that_is_sent_twice_is_one_and_the_tenth_of_a_day_too() -> None:
    house = House()
    form, act = {"titre": "Pilule", "date": "05/12/2026", "repetition": "jamais"}, "/agenda/rappels"
    async with visiting(house) as client:
        await sign_in(client, house)
        shown = (await page(client, AGENDA))[1]
        keys = [f"{n:032x}" for n in range(10)]
        answers = [await post(client, AGENDA, act, cle=key, **form) for key in [*keys, keys[-1]]]
        wrong = await post(client, AGENDA, act, cle=keys[0], **(form | {"titre": ""}))
    assert re.search(r'name="cle" value="[\w-]{20,}"', shown)
    assert [one[0] for one in answers] == [303] * 11
    assert len(house.agendas.own) == 10
    assert f'name="cle" value="{keys[0]}"' in wrong[2]
