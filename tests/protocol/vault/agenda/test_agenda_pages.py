"""`/agenda`: what a person writes in it, sees of it and takes along (VAULT section 12)."""

import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from family_house import HIDDEN, LEO, ROSE, family, open_profile, page
from vault_house import CLAIRE, MARC, Browser, House, key_of, post, sign_in, visiting

from gateway.records.agenda.appointment import (
    Appointment,
    AppointmentStatus,
    Meeting,
    PrivateNote,
    Source,
)
from gateway.records.patients.patient import PatientIdentity

AGENDA, ADD = "/agenda", "/agenda/ajouter"
FORM = {"date": "03/12/2026", "heure": "10:15", "avec": "Dr Roux", "rappel": "jour"}


def put(house: House, name: str, who: PatientIdentity = CLAIRE, **said: object) -> str:
    """An appointment of a sender, in ten days unless it is said otherwise."""
    at = house.clock.now()
    wall = (at + timedelta(days=10)).replace(tzinfo=None)
    meeting = replace(Meeting(wall=wall, who=f"Dr {name}"), **said)  # type: ignore[arg-type]
    one = Appointment(
        id=name[0].lower() * 32,
        patient=key_of(who),
        meeting=meeting,
        made_at=at,
        changed_at=at,
        source=Source(sender="labo"),
    )
    house.agendas.kept[one.id] = one
    return one.id


async def added(client: Browser, **fields: str) -> str:
    """Where the appointment stands."""
    status, place, _ = await post(client, ADD, ADD, **(FORM | fields))
    assert status == 303
    return place.partition("?")[0]


async def test_an_empty_agenda_says_so_and_that_nothing_is_booked_here() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        home = (await page(client, "/"))[1]
        status, shown = await page(client, AGENDA)
    assert status == 200
    assert "<p>Aucun rendez-vous à venir</p>" in shown
    assert "Mon espace santé n'est pas un outil de prise de rendez-vous." in shown
    assert 'data-page="agenda"' in shown
    assert "Prochain rendez-vous" in home


async def test_what_is_added_is_listed_shown_at_home_and_in_its_month() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        place = await added(client, lieu="Reims", motif="Suivi", note="Demander")
        shown = (await page(client, place))[1]
        listed = (await page(client, AGENDA))[1]
        home = (await page(client, "/"))[1]
        month = (await page(client, f"{AGENDA}/mois?mois=2026-12"))[1]
        elsewhere = (await page(client, f"{AGENDA}/mois?mois=2027-01"))[1]
    for words in ("3 décembre 2026 à 10 h 15", "Confirmé", "Reims", "Suivi", "Demander"):
        assert words in shown
    assert 'data-kind="rendez-vous" data-state="booked"' in listed
    assert "Dr Roux" in home
    assert "1 rendez-vous en décembre 2026" in month
    assert "10\u00a0h\u00a015 Dr Roux" in month
    assert "Aucun rendez-vous en janvier 2027" in elsewhere
    acts = [one.trace.action for one in house.traces.rows]
    assert {"appointment-added", "appointment-opened", "agenda-list"} <= set(acts)
    assert all(b"Demander" not in one.trace.details for one in house.traces.rows)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("date", "", "Indiquez la date du rendez-vous."),
        ("date", "32/12/2026", "Saisissez une date, par exemple 12/03/2026."),
        ("heure", "25:00", "Indiquez l'heure du rendez-vous, par exemple 14:05."),
        ("avec", " ", "Indiquez le professionnel ou l'établissement."),
        ("lieu", "x" * 201, "Ce texte compte 201 caractères. Raccourcissez-le à 200 au plus."),
        ("note", "x" * 3001, "Ce texte compte 3\xa0001 caractères."),
        ("fuseau", "Mars/Olympus", "Choisissez une réponse de la liste."),
        ("rappel", "an", "Choisissez une réponse de la liste."),
    ],
)
async def test_a_bad_field_is_said_beside_it_and_the_rest_is_kept(
    field: str, value: str, words: str
) -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        status, _, text = await post(client, ADD, ADD, **(FORM | {"motif": "Suivi", field: value}))
    assert status == 422
    assert words.replace("'", "&#39;") in text
    assert f'id="{field}-error"' in text
    assert 'value="Suivi"' in text
    assert house.agendas.kept == {}


async def test_an_hour_overseas_is_shown_with_its_place() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        place = await added(client, fuseau="Indian/Reunion")
        shown = (await page(client, place))[1]
    assert "3 décembre 2026 à 10 h 15 (heure locale : La Réunion)" in shown
    assert 'datetime="2026-12-03T06:15:00+00:00"' in shown


async def test_a_stale_form_changes_nothing() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        place = await added(client)
        change, cancel = f"{place}/modifier", f"{place}/annuler"
        first = await post(client, change, change, **FORM, version="1")
        stale = [
            await post(client, change, change, **FORM, version="1"),
            await post(client, cancel, cancel, version="1"),
        ]
        cancelled, again = [await post(client, cancel, cancel, version="2") for _ in range(2)]
        shown = (await page(client, place))[1]
    assert [first[0], cancelled[0]] == [303, 303]
    assert again[:2] == cancelled[:2], "a second click is the first"
    assert [one[0] for one in stale] == [409, 409]
    assert all('data-refusal="version"' in one[2] for one in stale)
    assert "Annulé" in shown


async def test_what_a_sender_told_may_be_noted_but_not_changed() -> None:
    house = House()
    place = f"{AGENDA}/{put(house, 'Sender')}"
    async with visiting(house) as client:
        await sign_in(client, house)
        change, cancel = f"{place}/modifier", f"{place}/annuler"
        refused = [
            await post(client, change, change, **FORM, version="1"),
            await post(client, cancel, cancel, version="1"),
        ]
        noted = await post(
            client, change, change, note="Venir à jeun", rappel="semaine", version="1"
        )
        shown = (await page(client, place))[1]
    assert [one[0] for one in refused] == [403, 403]
    assert all('data-refusal="professionnel"' in one[2] for one in refused)
    assert noted[0] == 303
    assert "Dr Sender" in shown
    assert "Venir à jeun" in shown
    assert "Une semaine avant" in shown


async def test_the_words_of_a_status_are_those_of_the_specification_and_errors_leave() -> None:
    house = House()
    for name, status in (
        ("Fini", AppointmentStatus.FULFILLED),
        ("Manque", AppointmentStatus.NOSHOW),
        ("Attente", AppointmentStatus.PENDING),
        ("Erreur", AppointmentStatus.ENTERED_IN_ERROR),
    ):
        put(house, name, status=status)
    async with visiting(house) as client:
        await sign_in(client, house)
        shown = (await page(client, AGENDA))[1]
    assert re.findall(r'class="tag">([^<]+)', shown) == ["En attente", "Honoré", "Non honoré"]
    assert "Dr Erreur" not in shown


async def test_past_ones_stay_and_are_found_by_their_words() -> None:
    house = House()
    put(house, "Vieux", wall=datetime.fromisoformat("2001-02-03T09:00"), reason="Vaccin")
    put(house, "Autre")
    async with visiting(house) as client:
        await sign_in(client, house)
        shown = (await page(client, f"{AGENDA}?q=vaccin"))[1]
    assert "Dr Vieux" in shown
    assert "Dr Autre" not in shown
    assert "0 rendez-vous à venir, 1 passé : « vaccin »" in shown


async def test_the_family_agenda_names_each_profile_and_leaves_out_what_is_hidden() -> None:
    """AGE-03: a parent sees the own and the child's; of what is hidden with the minor nothing."""
    house = family()
    put(house, "Mien")
    put(house, "Enfant", LEO)
    hidden = put(house, "Secret", LEO, codes=HIDDEN)
    async with visiting(house) as client:
        await sign_in(client, house)
        shown = (await page(client, f"{AGENDA}?profil=tous"))[1]
        alone = (await page(client, f"{AGENDA}?profil={key_of(LEO).hex()}"))[1]
        nobody = await page(client, f"{AGENDA}?profil={'0' * 32}")
        await open_profile(client, LEO)
        within = (await page(client, AGENDA))[1]
        missing = await client.get(f"{AGENDA}/{hidden}")
    assert "<strong>Moi</strong>" in shown
    assert "<strong>Léo</strong>" in shown
    assert "Dr Mien" not in alone
    assert nobody[0] == 404
    for text in (shown, alone, within):
        assert "Dr Enfant" in text
        assert "Dr Secret" not in text
    assert missing.status == 404


async def test_a_caregiver_adds_for_whom_he_helps_and_sees_no_private_note() -> None:
    house = family()
    name = put(house, "Aidee", ROSE)
    kept = house.agendas.kept[name]
    note = PrivateNote(by=key_of(ROSE).hex(), text="Pour moi seule")
    house.agendas.kept[name] = replace(kept, beside=replace(kept.beside, notes=(note,)))
    async with visiting(house) as client:
        await sign_in(client, house, "marc81durand")
        together = (await page(client, f"{AGENDA}?profil=tous"))[1]
        await open_profile(client, ROSE)
        shown = (await page(client, f"{AGENDA}/{name}"))[1]
        await added(client)
    assert "Dr Aidee" not in together
    assert "Dr Aidee" in shown
    assert "Pour moi seule" not in shown
    assert {one.patient for one in house.agendas.kept.values()} == {key_of(ROSE)}


async def test_a_subscription_tells_no_detail_by_itself_and_ends_with_its_secret() -> None:
    house = House()
    put(house, "Secret")
    place = "/agenda/abonnement"
    async with visiting(house) as client:
        await sign_in(client, house)
        made = (await post(client, place, place))[2]
        address = re.search(r"<code>http://[^/]+(/[^<]+)</code>", made)
        assert address is not None
        again = (await page(client, place))[1]
    async with visiting(house) as stranger:
        read = await stranger.get(address[1])
        body, tag = await read.text(), read.headers["ETag"]
        known = await stranger.get(address[1], headers={"If-None-Match": tag})
        wrong = await stranger.get(address[1].replace(address[1][-10:-4], "zzzzzz"))
        house.agendas.read_at.clear()
        ended = await stranger.get(address[1])
    assert "<code>" not in again
    assert read.content_type == "text/calendar"
    assert "SUMMARY:Rendez-vous médical" in body
    assert "Dr Secret" not in body
    assert [known.status, wrong.status, ended.status] == [304, 404, 404]
    told = [one.trace for one in house.traces.rows if one.trace.action == "agenda-feed"]
    assert told
    assert all(b'"address":"private"' in one.details for one in told)
    assert all(one.address == "" for one in told)


async def test_an_agenda_and_one_of_it_are_files_with_details() -> None:
    house = House()
    name = put(house, "Fichier")
    async with visiting(house) as client:
        await sign_in(client, house)
        for place in (f"{AGENDA}/agenda.ics", f"{AGENDA}/{name}/rendez-vous.ics"):
            answer = await client.get(place)
            assert answer.status == 200
            assert "Dr Fichier" in await answer.text()
            assert "attachment" in answer.headers["Content-Disposition"]


async def test_another_persons_appointment_is_not_there_whatever_is_asked_of_it() -> None:
    house = House()
    name = put(house, "Autre", MARC)
    async with visiting(house) as client:
        await sign_in(client, house)
        asked = [f"{AGENDA}/{name}{end}" for end in ("", "/modifier", "/annuler")]
        read = [(await client.get(one)).status for one in asked]
        done = [
            (await post(client, AGENDA, one, **FORM, version="1"))[0]
            for one in asked
            if one != asked[0]
        ]
    assert read + done == [404] * 5
    assert house.agendas.kept[name].version == 1
