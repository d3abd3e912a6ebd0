"""`_lastUpdated`: whoever asks for what changed hears of what he may see, and of nothing else."""

from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
from aiohttp.test_utils import TestClient
from aiohttp.web import Application, Request
from msgspec import structs
from vault_house import CLAIRE, INS_TEST, PRO_TOKEN, House, key_of, sign_in, visiting
from vault_twins import NOW

from gateway.records.documents.document import Label
from gateway.records.documents.mask import Mask
from gateway.records.documents.shelved import DocumentStatus
from gateway.records.patients.account import Choice, ChoiceKind
from gateway.records.readers.access import Hide

PRO = {"Authorization": f"Bearer {PRO_TOKEN}"}
SEARCH = "/fhir/DocumentReference"
WHO = {"patient.identifier": f"urn:oid:{INS_TEST}|{CLAIRE.ins}", "status": "current"}
HOUR = timedelta(hours=1)
ROUX = Hide(to="professional", id="801234567890", since=NOW)
Client = TestClient[Request, Application]


def said(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


async def polled(
    client: Client, since: datetime, headers: dict[str, str] | None = None, **asked: str
) -> list[dict[str, Any]]:
    """What changed at `since` or later."""
    params = WHO | {"_lastUpdated": f"ge{said(since)}"} | asked
    answer = await client.get(SEARCH, params=params, headers=headers)
    assert answer.status == 200, await answer.text()
    bundle = await answer.json()
    found = [entry["resource"] for entry in bundle.get("entry", [])]
    assert bundle["total"] == len(found)
    return found


def by_another(house: House, name: str) -> str:
    """Dr Roux did not write it: a mask or a hide keeps it from her."""
    one = house.shelf.shelved[name]
    card = structs.replace(one.card, author_ids=("899700000000",), organization="1999999999")
    house.shelf.shelved[name] = replace(one, card=card)
    return name


async def test_who_sees_through_a_mask_hears_of_it_and_of_its_end() -> None:
    house = House()
    name = house.add("Bilan")
    async with visiting(house) as client:
        assert await polled(client, NOW, PRO) == []
        await house.shelf.mask({name: Mask(since=NOW)}, at=NOW)
        (masked,) = await polled(client, NOW, PRO)
        house.clock.at = NOW + HOUR
        assert await polled(client, NOW + HOUR, PRO) == []
        await house.shelf.mask({name: None}, at=NOW + HOUR)
        (shown,) = await polled(client, NOW + HOUR, PRO)
    assert masked["meta"]["lastUpdated"].startswith(said(NOW)[:-1])
    assert shown["meta"]["lastUpdated"].startswith(said(NOW + HOUR)[:-1])
    assert masked["meta"]["versionId"] != shown["meta"]["versionId"]


@pytest.mark.parametrize("ends_by_itself", [False, True])
async def test_what_was_masked_is_news_to_a_reader_when_it_appears(ends_by_itself: bool) -> None:
    house = House()
    name = by_another(house, house.add("Bilan"))
    until = NOW + HOUR if ends_by_itself else None
    await house.shelf.mask({name: Mask(since=NOW, until=until)}, at=NOW)
    async with visiting(house) as client:
        assert await polled(client, NOW - 9 * 24 * HOUR, PRO) == []
        house.clock.at = NOW + HOUR
        if ends_by_itself:
            one = house.shelf.shelved[name].card
            assert one.mask is not None
            house.shelf.change(name, masked_by_patient=one.mask.holds(NOW + HOUR))
        else:
            await house.shelf.mask({name: None}, at=NOW + HOUR)
        assert [one["id"] for one in await polled(client, NOW + HOUR, PRO)] == [name]


async def test_what_was_hidden_from_one_reader_is_news_to_that_reader_alone() -> None:
    house = House()
    name = by_another(house, house.add("Bilan"))
    await house.shelf.hide([name], ROUX, at=NOW)
    async with visiting(house) as client:
        assert await polled(client, NOW - 9 * 24 * HOUR, PRO) == []
        house.clock.at = NOW + HOUR
        end = replace(ROUX, since=NOW + HOUR, until=NOW + HOUR)
        await house.shelf.hide([name], end, at=NOW + HOUR)
        assert [one["id"] for one in await polled(client, NOW + HOUR, PRO)] == [name]
        await sign_in(client, house)
        assert await polled(client, NOW) == []


async def test_who_saw_through_what_was_hidden_hears_nothing_of_it() -> None:
    house = House()
    name = house.add("Bilan")
    async with visiting(house) as client:
        before = await client.get(f"{SEARCH}/{name}", headers=PRO)
        await house.shelf.hide([name], ROUX, at=NOW)
        house.clock.at = NOW + HOUR
        assert await polled(client, NOW, PRO) == []
        await house.shelf.hide([name], replace(ROUX, until=NOW), at=NOW + HOUR)
        assert await polled(client, NOW, PRO) == []
        after = await client.get(f"{SEARCH}/{name}", headers=PRO)
        assert await after.read() == await before.read()


async def test_an_own_label_is_news_to_the_patient_alone() -> None:
    house = House()
    name = house.add("Bilan")
    await house.shelf.label(name, own=Label.CERT_MED, at=NOW)
    async with visiting(house) as client:
        assert await polled(client, NOW, PRO) == []
        await sign_in(client, house)
        assert [one["id"] for one in await polled(client, NOW)] == [name]
        house.clock.at = later = NOW + timedelta(minutes=1)
        await house.shelf.label(name, own=None, at=later)
        assert [one["id"] for one in await polled(client, later)] == [name]


async def test_an_announcement_is_news_to_the_patient_alone() -> None:
    house = House()
    name = house.add("Annonce", codes=("N", "INVISIBLE_PATIENT"))
    async with visiting(house) as client:
        await sign_in(client, house)
        assert await polled(client, NOW - 9 * 24 * HOUR) == []
        await house.shelf.mark_announced(name, at=NOW)
        assert [one["id"] for one in await polled(client, NOW)] == [name]
        assert await polled(client, NOW, PRO) == []


async def test_a_document_that_was_replaced_says_since_when() -> None:
    house = House()
    name = house.add("Bilan")
    card = house.shelf.shelved[name].card
    changed = card.changed._replace(at=NOW)
    house.shelf.change(name, status=DocumentStatus.SUPERSEDED, changed=changed)
    async with visiting(house) as client:
        await sign_in(client, house)
        answer = await client.get(f"{SEARCH}/{name}")
        made = await answer.json()
    assert (made["status"], made["meta"]["lastUpdated"][:19]) == ("superseded", said(NOW)[:-1])
    assert parsedate_to_datetime(answer.headers["Last-Modified"]) == NOW


async def test_a_hidden_document_that_changes_changes_no_answer() -> None:
    answers = []
    for there in (False, True):
        house = House()
        house.add("Bilan")
        name = by_another(house, house.add("Secret")) if there else None
        async with visiting(house) as client:
            if name:
                await house.shelf.hide([name], ROUX, at=NOW)
                await house.shelf.mask({name: Mask(since=NOW)}, at=NOW)
                await house.shelf.mask({name: None}, at=NOW)
                await house.shelf.label(name, own=Label.CERT_MED, at=NOW)
            for sort in ("", "_lastUpdated", "-_lastUpdated", "-date"):
                for since in ("2020", said(NOW)):
                    params = WHO | {"_lastUpdated": f"ge{since}", "_sort": sort}
                    answer = await client.get(SEARCH, params=params, headers=PRO)
                    answers.append((there, (await answer.text()).replace(str(client.port), "")))
    assert [text for there, text in answers if there] == [
        text for there, text in answers if not there
    ]


async def walked(client: Client, house: House, sort: str, changing: list[str]) -> list[str]:
    """The ids of all pages; between two of them another document is masked."""
    seen: list[str] = []
    params = "&".join(f"{name}={value}" for name, value in WHO.items())
    place = f"{SEARCH}?{params}&_sort={sort}&_count=3"
    while place:
        bundle = await (await client.get(place, headers=PRO)).json()
        seen += [entry["resource"]["id"] for entry in bundle["entry"]]
        if changing:
            house.clock.at += timedelta(minutes=1)
            mask = Mask(since=house.clock.at)
            await house.shelf.mask({changing.pop(): mask}, at=house.clock.at)
        links = {link["relation"]: link["url"] for link in bundle["link"]}
        place = urlsplit(links.get("next", ""))._replace(scheme="", netloc="").geturl()
    return seen


@pytest.mark.parametrize("sort", ["_lastUpdated", "-_lastUpdated"])
async def test_who_walks_by_changes_misses_nothing_that_changes_meanwhile(sort: str) -> None:
    house = House()
    names = [house.add(f"Bilan {number}") for number in range(10)]
    async with visiting(house) as client:
        expected = names if sort == "_lastUpdated" else names[::-1]
        assert await walked(client, house, sort, []) == expected
        changing = [names[0], names[5], names[9]]
        seen = await walked(client, house, sort, list(changing))
    assert set(seen) == set(names)
    last = {name: place for place, name in enumerate(seen)}
    assert sorted(changing, key=last.__getitem__) == changing[::-1]
    assert all(seen.count(name) == 1 for name in names if name not in changing)


async def test_the_order_of_changes_is_that_of_the_times_told() -> None:
    house = House()
    names = [house.add(f"Bilan {number}") for number in range(3)]
    await house.shelf.mask({names[0]: Mask(since=NOW)}, at=NOW)
    async with visiting(house) as client:
        for sort in ("_lastUpdated", "-_lastUpdated"):
            found = await polled(client, NOW - 9 * 24 * HOUR, PRO, _sort=sort)
            moments = [one["meta"]["lastUpdated"] for one in found]
            assert moments == sorted(moments, reverse=sort.startswith("-"))
            assert found[0 if sort.startswith("-") else -1]["id"] == names[0]


async def test_a_version_that_is_held_is_not_sent_again() -> None:
    house = House()
    name = house.add("Bilan")
    async with visiting(house) as client:
        for place in (f"{SEARCH}/{name}", f"/fhir/Binary/{name}?_format=json"):
            first = await client.get(place, headers=PRO)
            held = PRO | {"If-None-Match": first.headers["ETag"]}
            again = await client.get(place, headers=held)
            assert (again.status, await again.read()) == (304, b"")
            assert again.headers["ETag"] == first.headers["ETag"]
        other = await client.get(place, headers=PRO | {"If-None-Match": 'W/"x"'})
        assert other.status == 200
        gone = await client.get(f"{SEARCH}/{'f' * 32}", headers=PRO | {"If-None-Match": "*"})
        assert gone.status == 404


async def test_a_new_agreement_makes_all_of_a_record_news_to_whom_it_is_given() -> None:
    house = House()
    house.add("Bilan")
    async with visiting(house) as client:
        assert await polled(client, NOW + HOUR, PRO) == []
        kind = ChoiceKind.CARE_PROFESSIONAL
        again = Choice(kind=kind, target=ROUX.id, since=NOW + HOUR)
        await house.people.choose(key_of(CLAIRE), again)
        house.clock.at = NOW + 2 * HOUR
        (shown,) = await polled(client, NOW + HOUR, PRO)
        assert await polled(client, NOW + 2 * HOUR, PRO) == []
    assert shown["meta"]["lastUpdated"].startswith(said(NOW + HOUR)[:-1])
