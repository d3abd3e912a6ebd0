"""`/agenda/prevention`: what is asked by age, and what people say of it (VAULT AGE-05, AGE-08)."""

import csv
import io
import re
from dataclasses import replace

from export_house import copy_of
from family_house import HIDDEN, LEO, ROSE, family, open_profile, page
from vault_house import CLAIRE, House, key_of, post, sign_in, visiting

from gateway.records.documents.document import Label
from gateway.records.notices import PREVENTION_DUE
from gateway.records.patients.account import NewTrace

AGENDA, LIST = "/agenda", "/agenda/prevention"
TITLE = "Examens médicaux et vaccinations à réaliser"
BREAST = "Dépistage du cancer du sein"


def of_fifty(house: House, *, sex: str | None = "F", birth: str = "1976-03-12") -> House:
    """Claire is fifty today."""
    who = house.people.persons[key_of(CLAIRE)]
    identity = replace(who.identity, birth_date=birth, sex=sex)
    house.people.persons[key_of(CLAIRE)] = replace(who, identity=identity)
    return house


def state(shown: str, rule: str) -> str:
    """Of the line of this rule; "" where it is not there."""
    found = re.search(rf'data-id="{rule}\.[^"]*" data-kind="\w+" data-state="(\w+)"', shown)
    return found[1] if found else ""


def acts(house: House) -> list[tuple[str, bool]]:
    return [(one.trace.action, one.trace.permitted) for one in house.traces.rows]


async def test_what_is_asked_now_stands_in_the_agenda_with_why() -> None:
    house = of_fifty(House())
    async with visiting(house) as client:
        await sign_in(client, house)
        agenda = (await page(client, AGENDA))[1]
        status, shown = await page(client, LIST)
    assert status == 200
    assert f"<h2>{TITLE}</h2>" in agenda
    assert f"<h1>{TITLE}</h1>" in shown
    for text in (agenda, shown):
        assert state(text, "sein") == state(text, "colorectal") == "A_PLANIFIER"
        assert "Parce que vous avez 50 ans ou plus." in text
        assert "concerné" not in text
    assert acts(house).count(("prevention-list", True)) == 1


async def test_what_concerns_one_sex_is_offered_with_a_word_where_the_sex_is_not_known() -> None:
    house = of_fifty(House(), sex=None)
    async with visiting(house) as client:
        await sign_in(client, house)
        shown = (await page(client, LIST))[1]
    assert f'{BREAST} <span class="soft">(si vous êtes concerné(e))</span>' in shown
    assert "colorectal <span" not in shown


async def test_without_a_day_of_birth_the_page_says_why_there_is_no_list() -> None:
    house = of_fifty(House(), birth="1976")
    async with visiting(house) as client:
        await sign_in(client, house)
        status, shown = await page(client, LIST)
        agenda = (await page(client, AGENDA))[0]
    assert (status, agenda) == (200, 200)
    assert "La date de naissance n'est pas connue au jour près" in shown


async def test_what_is_done_has_its_date_and_may_be_taken_back_twice_as_once() -> None:
    house = of_fifty(House())
    said = {"examen": "sein", "date": "10/03/2026"}
    async with visiting(house) as client:
        await sign_in(client, house)
        first = await post(client, LIST, f"{LIST}/fait", **said)
        again = await post(client, LIST, f"{LIST}/fait", **said)
        done = (await page(client, first[1]))[1]
        back = {"examen": "sein", "date": "2026-03-10"}
        undone = [await post(client, LIST, f"{LIST}/annuler", **back) for _ in range(2)]
        shown = (await page(client, LIST))[1]
    assert first[:2] == again[:2] == (303, f"{LIST}?fait=fait")
    assert state(done, "sein") == "REALISE"
    assert "10 mars 2026" in done
    assert "Examen noté comme réalisé" in done
    assert [one[0] for one in undone] == [303, 303]
    assert state(shown, "sein") == "A_PLANIFIER"
    assert all(b"sein" not in one.trace.details for one in house.traces.rows)


async def test_a_day_that_cannot_be_is_said_beside_its_field_and_kept() -> None:
    house = of_fifty(House())
    async with visiting(house) as client:
        await sign_in(client, house)
        wrong = [
            (day, await post(client, LIST, f"{LIST}/fait", examen="sein", date=day))
            for day in ("", "hier", "13/03/2026", "11/03/1976")
        ]
        allowed = await post(client, LIST, f"{LIST}/fait", examen="sein", date="12/03/2026")
    for day, (status, _, shown) in wrong:
        assert status == 422
        assert 'id="date-sein.2026-03-12-error"' in shown
        assert f'name="date" value="{day}"' in shown or f'value="{day}"' in shown
    assert "Indiquez une date entre la naissance et aujourd&#39;hui." in wrong[2][1][2]
    assert allowed[0] == 303
    assert len(house.preventions.kept) == 1


async def test_what_is_in_no_list_of_this_reader_is_not_there_and_the_try_is_in_the_log() -> None:
    house = of_fifty(House())
    day = {"date": "10/03/2026"}
    async with visiting(house) as client:
        await sign_in(client, house)
        tried = [
            await post(client, LIST, f"{LIST}/fait", examen="enfant-j8", **day),
            await post(client, LIST, f"{LIST}/fait", examen="vaccin-dtp-45-ans", **day),
            await post(client, LIST, f"{LIST}/annuler", examen="sein", **day),
            await post(client, LIST, f"{LIST}/pas-fait", examen="sein", debut="2026-03-12"),
            await post(client, LIST, f"{LIST}/rappels", examen="", rappel="non"),
            await post(client, LIST, f"{LIST}/autre", examen="sein", document="d" * 32),
        ]
    assert [one[0] for one in tried] == [404] * 6
    refused = [action for action, permitted in acts(house) if not permitted]
    assert refused == [
        *("examination-done", "examination-done", "examination-undone", "examination-missed"),
        *("prevention-silenced", "examination-refused"),
    ]
    assert house.preventions.kept == {}


async def test_a_line_may_be_refused_for_ever_without_a_reason_and_asked_for_again() -> None:
    house = of_fifty(House())
    async with visiting(house) as client:
        await sign_in(client, house)
        silent = await post(client, LIST, f"{LIST}/rappels", examen="sein", rappel="non")
        shown, agenda = (await page(client, LIST))[1], (await page(client, AGENDA))[1]
        heard = await post(client, LIST, f"{LIST}/rappels", examen="sein", rappel="oui")
        after = (await page(client, AGENDA))[1]
    assert (silent[1], heard[1]) == (f"{LIST}?fait=sans-rappel", f"{LIST}?fait=avec-rappel")
    assert shown.index("Sans rappel") < shown.index(BREAST)
    assert state(agenda, "sein") == ""
    assert state(after, "sein") == "A_PLANIFIER"


async def test_a_report_of_mammography_asks_whether_it_is_done_and_is_believed_or_not() -> None:
    house = of_fifty(House())
    report = house.add(
        "Mammographie", type_code="18748-4", act_date="2026-03-02", label=Label.RADIO_SC
    )
    async with visiting(house) as client:
        await sign_in(client, house)
        asked = (await page(client, LIST))[1]
        other = {"examen": "sein", "document": report}
        refused = [await post(client, LIST, f"{LIST}/autre", **other) for _ in range(2)]
        shown = (await page(client, LIST))[1]
    assert "Déjà réalisé ?" in asked
    assert f'href="/documents/{report}"' in asked
    assert 'name="date" value="2026-03-02"' in asked
    assert [one[0] for one in refused] == [303, 303]
    assert "Déjà réalisé ?" not in shown


async def test_a_document_that_is_hidden_from_its_patient_proposes_nothing() -> None:
    house = of_fifty(House())
    house.add(
        "Mammographie",
        type_code="18748-4",
        act_date="2026-03-02",
        codes=("N", "INVISIBLE_PATIENT"),
    )
    async with visiting(house) as client:
        await sign_in(client, house)
        shown = (await page(client, LIST))[1]
    assert state(shown, "sein") == "A_PLANIFIER"
    assert "Déjà réalisé ?" not in shown


async def test_of_a_child_each_profile_is_named_and_over_periods_are_said_done_or_not() -> None:
    house = family()
    async with visiting(house) as client:
        await sign_in(client, house)
        await open_profile(client, LEO)
        shown = (await page(client, LIST))[1]
        opened = re.search(r'data-id="enfant-m9\.([\d-]+)"', shown)
        assert opened
        missed = await post(client, LIST, f"{LIST}/pas-fait", examen="enfant-m9", debut=opened[1])
        after = (await page(client, LIST))[1]
        everybody = (await page(client, f"{AGENDA}?profil=tous"))[1]
    assert f"<h1>{TITLE} : Léo</h1>" in shown
    assert "Parce que Léo a 8 mois ou plus." in shown
    assert state(shown, "enfant-m9") == "NON_RENSEIGNE"
    assert missed[0] == 303
    assert state(after, "enfant-m9") == "NON_REALISE"
    assert "<strong>Léo</strong>" in everybody
    assert state(everybody, "mt-dents") == state(everybody, "col-hpv") == "A_PLANIFIER"


async def test_a_certificate_hidden_from_parents_proposes_nothing_to_them() -> None:
    house = family()
    async with visiting(house) as client:
        await sign_in(client, house)
        await open_profile(client, LEO)
        for codes in (HIDDEN, ("N",)):
            certificate(house, codes)
            shown = (await page(client, LIST))[1]
            assert ("Déjà réalisé ?" in shown) is (codes == ("N",))


def certificate(house: House, codes: tuple[str, ...]) -> None:
    """CS9, of Léo."""
    document = house.add(
        "Certificat", owner=LEO, type_code="CERT_DECL", act_date="2017-02-01", codes=codes
    )
    one = house.shelf.shelved[document]
    paper = replace(one.document, format_code="urn:asip:ci-sis:cse-cs9:2017")
    house.shelf.shelved[document] = replace(one, document=paper)


async def test_a_caregiver_says_what_is_done_for_whom_he_helps() -> None:
    house = family()
    async with visiting(house) as client:
        await sign_in(client, house, "marc81durand")
        assert await open_profile(client, ROSE) == 303
        done = await post(client, LIST, f"{LIST}/fait", examen="colorectal", date="01/02/2026")
    assert done[0] == 303
    (one,) = house.preventions.kept.values()
    assert one.patient == key_of(ROSE)


async def test_a_notice_in_the_space_names_the_examination_and_says_why() -> None:
    house = of_fifty(House())
    told = NewTrace(
        patient=key_of(CLAIRE),
        action=PREVENTION_DUE,
        permitted=True,
        rule="AGE-07",
        kind="system",
        actor="",
        actor_name="Mon espace santé",
        details=b'{"examination": "sein"}',
    )
    async with visiting(house) as client:
        await sign_in(client, house)
        await house.traces.write([told])
        shown = (await page(client, "/notifications"))[1]
    assert f"{BREAST}, parce que vous avez 50 ans ou plus." in shown
    assert "a rappelé un examen ou une vaccination à réaliser" in shown
    assert f'href="{LIST}"' in shown


async def test_what_was_said_and_not_taken_back_goes_along_in_a_copy() -> None:
    house = of_fifty(House())
    async with visiting(house) as client:
        await sign_in(client, house)
        for day in ("10/03/2026", "11/03/2026"):
            await post(client, LIST, f"{LIST}/fait", examen="sein", date=day)
        await post(client, LIST, f"{LIST}/annuler", examen="sein", date="2026-03-11")
        copy = await copy_of(client, house)
    (told,) = csv.DictReader(io.StringIO(copy.text("prevention.csv")))
    assert (told["examen"], told["reponse"], told["date"]) == (BREAST, "réalisé", "2026-03-10")
    assert "1 réponse à propos des examens" in copy.text("LISEZMOI.html")
