"""Who may ask for a copy and download it, how often, and until when (VAULT EXP-01, EXP-04)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from export_house import PATH, ask, asked, copy_of, make
from family_house import LEO, ROSE, family, open_profile, page, tie
from msgspec import structs
from vault_house import CLAIRE, MARC, House, key_of, sign_in, visiting

from gateway.errors import DeniedError
from gateway.flows.exporting.take import end_exports
from gateway.records.patients.account import AccountState, ChoiceKind
from gateway.records.patients.export import ExportState


def acts(house: House) -> list[tuple[str, bool]]:
    found = [row.trace for row in house.traces.rows if row.trace.action.startswith("export")]
    return [(one.action, one.permitted) for one in found]


async def test_it_is_downloaded_three_times_in_a_week_and_each_is_told_in_the_log() -> None:
    house = House()
    house.add("Bilan")
    async with visiting(house) as client:
        await sign_in(client, house)
        assert "Demander une copie" in (await page(client, PATH))[1]
        copy = await copy_of(client, house)
        address = f"{PATH}/{asked(house).id}"
        assert "encore 2 fois" in (await page(client, PATH))[1]
        for _ in range(2):
            assert await (await client.get(address)).read() == copy.whole
        status, shown = await page(client, address)
        assert (status, "déjà été téléchargée 3 fois" in shown) == (410, True)
        assert 'data-state="spent"' in (await page(client, PATH))[1]
        assert (await ask(client))[0] == 303  # a new one takes its place
        assert (await page(client, address))[0] == 404
    assert acts(house) == [
        ("export-asked", True),
        ("export-made", True),
        *[("export-downloaded", True)] * 3,
        ("export-downloaded", False),
        ("export-asked", True),
        ("export-downloaded", False),
    ]


async def test_a_download_goes_on_at_any_byte_and_counts_once() -> None:
    house = House()
    house.add("Bilan", body=bytes(range(256)) * 40)
    async with visiting(house) as client:
        await sign_in(client, house)
        whole = (await copy_of(client, house)).whole
        made = asked(house)
        address, size = f"{PATH}/{made.id}", len(whole)
        looked = await client.head(address, headers={"Range": "bytes=7-"})
        assert (looked.status, looked.content_length) == (200, size)
        assert (made.size, made.downloads) == (size, 1)
        for asks, start, stop in (
            (f"bytes={size // 2}-", size // 2, size),
            ("bytes=7-700", 7, 701),
            ("bytes=-9", size - 9, size),
            (f"bytes=5-{size * 9}", 5, size),
        ):
            answer = await client.get(address, headers={"Range": asks})
            assert (answer.status, await answer.read()) == (206, whole[start:stop]), asks
            assert answer.headers["Content-Range"] == f"bytes {start}-{stop - 1}/{size}"
            assert answer.headers["ETag"] == f'"{made.tag}"'
        behind = await client.get(address, headers={"Range": f"bytes={size}-"})
        assert (behind.status, behind.headers["Content-Range"]) == (416, f"bytes */{size}")
        assert asked(house).downloads == 1
        for headers in (
            {"Range": "bytes=7-9", "If-Range": '"another"'},
            {"Range": "bytes=0-1,4-5"},
        ):
            answer = await client.get(address, headers=headers)
            assert (answer.status, await answer.read()) == (200, whole)
        assert asked(house).downloads == 3
        own = {"Range": "bytes=7-9", "If-Range": f'"{made.tag}"'}
        assert (await client.get(address, headers=own)).status == 206


async def test_who_never_began_a_download_does_not_go_on_with_one_for_nothing() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        await ask(client)
        made = await make(house)
        answer = await client.get(f"{PATH}/{made.id}", headers={"Range": "bytes=1-"})
        assert (answer.status, asked(house).downloads) == (206, 1)


async def test_the_password_is_asked_again_and_a_second_copy_waits_for_the_first() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        for wrong in ("", "Autre-9-Chose"):
            status, _, text = await ask(client, mot_de_passe=wrong)
            assert (status, 'id="mot_de_passe-error"' in text) == (422, True)
        assert not house.exports.kept
        _, form = await page(client, PATH)
        token = form.partition('name="jeton" value="')[2].partition('"')[0]
        assert (await ask(client))[0] == 303
        assert 'data-state="making"' in (await page(client, PATH))[1]
        assert "en préparation" in (await page(client, "/parametres/fermer"))[1]
        fields = {"jeton": token, "mot_de_passe": "Un-mot-de-passe-9"}
        answer = await client.post(PATH, data=fields, allow_redirects=False)
        assert (answer.status, 'data-refusal="copie"' in await answer.text()) == (409, True)
        assert (await client.get(f"{PATH}/{asked(house).id}")).status == 404  # not ready
    assert acts(house)[:3] == [
        ("export-asked", False),
        ("export-asked", True),
        ("export-asked", False),
    ]


async def test_nothing_begins_where_the_disk_has_no_room_for_it() -> None:
    house = House()
    house.exports.free_bytes = 4_000_000
    async with visiting(house) as client:
        await sign_in(client, house)
        assert (await ask(client))[0] == 303
        house.exports.kept.clear()
        house.exports.free_bytes -= 1
        status, _, text = await ask(client)
        assert (status, 'data-refusal="place"' in text) == (507, True)
    assert not house.exports.kept


async def test_nobody_else_finds_it_and_a_caregiver_cannot_ask() -> None:
    house = family()
    tie(house, LEO, ChoiceKind.PARENT, MARC)
    async with visiting(house) as client, visiting(house) as other:
        await sign_in(client, house)
        await open_profile(client, LEO)
        await copy_of(client, house)
        address = f"{PATH}/{asked(house).id}"
        await sign_in(other, house, "marc81durand")
        absent = await page(other, f"{PATH}/{'0' * 32}")
        assert await page(other, address) == absent
        await open_profile(other, LEO)  # he represents the child too
        assert (await other.get(address)).status == 404
        await open_profile(client, CLAIRE)
        assert (await client.get(address)).status == 404  # of another profile than the one shown
        await open_profile(other, ROSE)
        for path in (PATH, address):
            status, shown = await page(other, path)
            assert (status, 'data-refusal="proche-aidant"' in shown) == (403, True)
        fields = {"jeton": "", "mot_de_passe": "Un-mot-de-passe-9"}
        assert (await other.post(PATH, data=fields)).status == 403
    assert [one.asker for one in house.exports.kept.values()] == [key_of(CLAIRE)]


async def test_what_may_not_be_read_any_more_is_not_downloaded_either() -> None:
    house = House()
    document = house.add("Bilan")
    async with visiting(house) as client:
        await sign_in(client, house)
        await copy_of(client, house)
        one = house.shelf.shelved[document]
        waits = structs.replace(one.card, codes=("N", "INVISIBLE_PATIENT"))
        house.shelf.shelved[document] = replace(one, card=waits)
        status, shown = await page(client, f"{PATH}/{asked(house).id}")
        assert (status, "ne peut plus être téléchargée" in shown) == (410, True)
    assert acts(house)[-1] == ("export-downloaded", False)


async def test_a_right_that_ends_while_the_copy_is_made_or_waits_takes_it_away() -> None:
    house = family()
    async with visiting(house) as client:
        await sign_in(client, house)
        assert await open_profile(client, LEO) == 303
        await copy_of(client, house)
        first = asked(house)
        house.exports.kept.clear()
        assert (await ask(client))[0] == 303
        house.people.chosen[key_of(LEO)].clear()
        with pytest.raises(DeniedError):
            await make(house)
        house.exports.kept[first.id] = first
        assert (await client.get(f"{PATH}/{first.id}")).status == 404


async def test_a_space_that_closes_gives_no_copy_and_is_offered_one_before() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        shown = (await page(client, "/parametres/fermer"))[1]
        assert shown.index(f'href="{PATH}"') < shown.index('href="/parametres/fermer/confirmer"')
        await ask(client)
        key = key_of(CLAIRE)
        house.people.persons[key] = replace(house.people.persons[key], state=AccountState.CLOSED)
        with pytest.raises(DeniedError):
            await make(house)


async def test_a_copy_ends_after_seven_days_and_the_log_says_so() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        await copy_of(client, house)
        made = asked(house)
        assert made.state is ExportState.READY
        room = house.rooms().exporting
        assert room is not None
        house.clock.at = made.ends_at - timedelta(seconds=1)
        await end_exports(room)
        assert asked(house) == made
        house.clock.at = made.ends_at
        await sign_in(client, house)
        assert (await client.get(f"{PATH}/{made.id}")).status == 410
        assert "Demander une copie" in (await page(client, PATH))[1]
        await end_exports(room)
    assert not house.exports.kept
    assert acts(house)[-1] == ("export-expired", True)
