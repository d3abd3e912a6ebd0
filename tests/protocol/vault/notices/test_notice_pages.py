"""« Notifications » by the wire: unread first, read, thrown away, and by which way they leave."""

import re
from dataclasses import replace

import pytest
from family_house import HIDDEN, LEO, ROSE, family, open_profile, page
from vault_house import CLAIRE, House, key_of, post, sign_in, visiting

from gateway.records.patients.account import ChoiceKind, NewTrace

LIST, SETTINGS = "/notifications", "/parametres/notifications"


def of_roux(action: str, *, emergency: bool = False) -> NewTrace:
    return NewTrace(
        patient=key_of(CLAIRE),
        action=action,
        permitted=True,
        rule="P11",
        kind="professional",
        actor="801",
        actor_name="soignant 801",
        emergency=emergency,
    )


def titles(shown: str) -> list[str]:
    return [one.strip() for one in re.findall(r"<h2>([^<]*)", shown)]


async def test_what_others_did_is_listed_and_own_acts_are_not() -> None:
    house = House()
    own = replace(of_roux("deposit"), kind="patient", actor=key_of(CLAIRE).hex())
    await house.traces.write([of_roux("deposit"), of_roux("emergency", emergency=True), own])
    async with visiting(house) as client:
        await sign_in(client, house)
        _, shown = await page(client, LIST)
    assert titles(shown) == ["L'espace a été consulté en urgence", "Un document a été ajouté"]
    assert "2 notifications, dont 2 non lues" in shown
    assert "soignant 801" in shown


async def test_read_ones_come_last_and_all_are_read_at_once() -> None:
    house = House()
    await house.traces.write([of_roux("deposit"), of_roux("message-received")])
    async with visiting(house) as client:
        await sign_in(client, house)
        assert (await post(client, LIST, f"{LIST}/lues", numero="2"))[1] == f"{LIST}?fait=lues"
        _, shown = await page(client, LIST)
        assert titles(shown) == ["Un document a été ajouté", "Un message est arrivé"]
        assert re.findall(r'data-state="([\w-]+)"', shown) == ["non-lue", "lue"]
        await post(client, LIST, f"{LIST}/lues")
        _, shown = await page(client, LIST)
        assert "non lue" not in shown
        assert "Tout marquer comme lu" not in shown


async def test_a_deleted_one_is_gone_for_the_other_parent_too_and_stays_in_the_history() -> None:
    house = family()
    deposit = replace(of_roux("deposit"), patient=key_of(LEO))
    await house.traces.write([deposit])
    async with visiting(house) as client:
        await sign_in(client, house)
        await open_profile(client, LEO)
        status, shown = await page(client, f"{LIST}/supprimer?numero=1")
        assert status == 200
        assert "Elle disparaît aussi pour les autres personnes qui gèrent ce profil." in shown
        done = await post(client, f"{LIST}/supprimer?numero=1", f"{LIST}/supprimer", numero="1")
        assert done[1] == f"{LIST}?fait=supprimee"
        assert "Aucune notification." in (await page(client, LIST))[1]
        assert "a déposé un document" in (await page(client, "/historique"))[1]
    assert (key_of(LEO), "", 1) in house.notice_marks.rows
    assert house.traces.rows[-1].trace.action in {"trace", "notice-deleted"}
    assert "notice-deleted" in {one.trace.action for one in house.traces.rows}


async def test_a_notice_of_a_hidden_document_is_not_told_to_a_parent() -> None:
    house = family()
    name = house.add("Secret", owner=LEO, codes=HIDDEN)
    await house.traces.write([replace(of_roux("deposit"), patient=key_of(LEO), document=name)])
    async with visiting(house) as client:
        await sign_in(client, house)
        await open_profile(client, LEO)
        assert "Aucune notification." in (await page(client, LIST))[1]
        assert (await page(client, f"{LIST}/supprimer?numero=1"))[0] == 404


@pytest.mark.parametrize("number", ["99", "x", "", "1" * 40, "-1"])
async def test_a_number_that_is_no_notice_of_this_reader_is_not_there(number: str) -> None:
    house = House()
    await house.traces.write([of_roux("deposit")])
    async with visiting(house) as client:
        await sign_in(client, house)
        assert (await page(client, f"{LIST}/supprimer?numero={number}"))[0] == 404


async def test_a_caregiver_gets_none() -> None:
    house = family()
    await house.traces.write([replace(of_roux("deposit"), patient=key_of(ROSE))])
    async with visiting(house) as client:
        await sign_in(client, house, "marc81durand")
        await open_profile(client, ROSE)
        assert (await page(client, LIST))[0] == 404


async def test_the_first_page_says_what_is_to_be_seen() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        assert "À voir" not in (await page(client, "/"))[1]
        await house.traces.write([of_roux("emergency", emergency=True)] * 2)
        _, shown = await page(client, "/")
        assert "À voir" in shown
        assert "L'espace a été consulté en urgence" in shown
        assert "(2 fois)" in shown


async def test_each_kind_leaves_by_the_way_that_is_chosen() -> None:
    house = family()
    async with visiting(house) as client:
        await sign_in(client, house)
        done = await post(client, SETTINGS, SETTINGS, n1="sms", n5="les-deux")
        assert done[:2] == (303, f"{SETTINGS}?fait=envois")
        _, shown = await page(client, SETTINGS)
        assert 'name="n1" value="sms" checked' in shown
        assert 'name="n5" value="les-deux" checked' in shown
        assert 'name="n2" value="sms" checked' in shown  # there is no e-mail address
        assert shown.count("toujours envoyée") == 5
        assert (
            "a changé l'envoi des notifications" in (await page(client, "/historique?moi=oui"))[1]
        )
    chosen = house.people.chosen[key_of(CLAIRE)]
    assert [one.target for one in chosen if one.kind is ChoiceKind.NOTICE] == ["N1", "N5"]


@pytest.mark.parametrize(
    "fields",
    [
        *({kind: "espace"} for kind in ("n5", "n7", "n8", "n10", "n11")),
        *({"n12": "sms"}, {"n1": "fax"}, {"N1": "sms"}),
    ],
)
async def test_what_cannot_be_chosen_is_refused_and_nothing_changes(
    fields: dict[str, str],
) -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        assert (await post(client, SETTINGS, SETTINGS, n2="sms", **fields))[0] == 422
    assert not [
        one for one in house.people.chosen.get(key_of(CLAIRE), []) if one.kind is ChoiceKind.NOTICE
    ]
