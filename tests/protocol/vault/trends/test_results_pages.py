"""`/resultats`: the analyses of a record, one curve, and who is told what of it (VAULT BIO)."""

import pytest
from result_samples import row
from trends_house import TSH, analyses, bring, marks, page, values, with_tsh
from vault_house import CLAIRE, MARC, Browser, House, key_of, sign_in, visiting

LIST, CURVE = "/resultats", "/resultats/3016-3"
MARKUP = '<script>alert("x")</script><b>TSH</b>'


async def opened(client: Browser, house: House, path: str) -> str:
    await sign_in(client, house)
    status, text = await page(client, path)
    assert status == 200
    return text


async def test_the_list_tells_the_last_value_in_the_laboratorys_own_words() -> None:
    house, names = with_tsh()
    async with visiting(house) as client:
        text = await opened(client, house, LIST)
    assert analyses(text) == ["TSH"]
    assert "3,1\N{NO-BREAK SPACE}mIU/L" in text
    assert "Intervalle du laboratoire : 0,4 à 4,0\N{NO-BREAK SPACE}mIU/L" in text
    assert "dans l'intervalle du laboratoire" in text
    assert "plus bas que le 12 janvier 2026" in text
    assert "3 résultats" in text
    assert f'href="/documents/{names[2]}"' in text
    assert "Ces résultats ne remplacent pas l'avis de votre médecin." in text


async def test_three_tsh_in_two_spellings_of_a_unit_are_one_curve_of_three_points() -> None:
    house, names = with_tsh()
    async with visiting(house) as client:
        text = await opened(client, house, CURVE)
    assert (text.count("<figure"), marks(text)) == (1, 3)
    assert "Les valeurs données en mUI/L sont converties en mIU/L." in text
    assert values(text) == [f"{one}\N{NO-BREAK SPACE}mIU/L" for one in ("3,1", "4,6", "6,8")]
    assert 'role="img"' in text
    assert "3 valeurs, du 12 octobre 2025 au 1 mars 2026." in text
    assert "La plus haute : 6,8\N{NO-BREAK SPACE}mIU/L, le 12 octobre 2025." in text
    assert "La dernière valeur est plus basse que la précédente." in text
    assert text.count('class="shape up"') == 3, "two points and the legend: flagged by the lab"
    assert text.index("Voir les valeurs en tableau") > text.index("</figure>")
    assert all(f'href="/documents/{name}"' in text for name in names)
    assert "style=" not in text.partition("<main")[2], "colours are classes, for the policy"


async def test_an_open_value_a_provisional_one_and_a_corrected_one_are_told_and_marked() -> None:
    house = House()
    bring(
        house,
        "Un",
        row("<0.05", "2026-01-01", group_id="A"),
        row("3.0", "2026-01-05", group_id="B", status="P"),
        row("7.7", "2026-01-09", group_id="C"),
    )
    bring(house, "Deux", row("2.7", "2026-01-09", group_id="C", status="C"))
    async with visiting(house) as client:
        text = await opened(client, house, CURVE)
    assert marks(text) == 3
    assert 'class="shape open"' in text
    assert 'class="ring"' in text
    assert values(text)[-1] == "< 0,05\N{NO-BREAK SPACE}mUI/L"
    assert "(provisoire)" in text
    assert "(corrigé)" in text
    assert "auparavant : 7,7\N{NO-BREAK SPACE}mUI/L" in text
    assert "7,7" not in text.partition("</figure>")[0]


async def test_results_that_are_no_numbers_stand_in_a_table_without_a_curve() -> None:
    house = House()
    bring(house, "Un", row("1e999"), row("NaN", "2026-01"), row("1:80", value_type="SN"))
    async with visiting(house) as client:
        text = await opened(client, house, CURVE)
    assert (marks(text), text.count("<figure")) == (0, 0)
    assert {"1e999\N{NO-BREAK SPACE}mUI/L", "NaN\N{NO-BREAK SPACE}mUI/L"} < set(values(text))
    assert "janvier 2026" in text


async def test_opening_a_curve_is_traced_as_the_opening_of_its_documents() -> None:
    house, names = with_tsh()
    bring(house, "Autre", row("5", code="718-7", text="Hémoglobine"))
    async with visiting(house) as client:
        await opened(client, house, CURVE)
    told = [one.trace for one in house.traces.rows if one.trace.action in ("search", "contents")]
    assert [one.action for one in told] == ["search", "contents", "contents", "contents"]
    assert {one.document for one in told} == {None, *names}
    assert {one.actor for one in told} == {key_of(CLAIRE).hex()}


async def test_the_list_opens_only_the_documents_of_the_values_that_it_shows() -> None:
    house, names = with_tsh()
    async with visiting(house) as client:
        await opened(client, house, LIST)
    told = [one.trace.document for one in house.traces.rows if one.trace.action == "contents"]
    assert told == [names[2], names[1]], "the last value, and the one it is compared with"


@pytest.mark.parametrize("path", ["/resultats/718-7", "/resultats/l-0", "/resultats/%3Cb%3E"])
async def test_an_analysis_of_nobody_is_no_page(path: str) -> None:
    house, _ = with_tsh()
    with_tsh(MARC, house)
    async with visiting(house) as client:
        await sign_in(client, house)
        assert (await page(client, path))[0] == 404
        assert (await page(client, LIST))[1].count("3 résultats") == 1


async def test_an_analysis_is_found_by_its_name() -> None:
    house, _ = with_tsh()
    bring(house, "Fer", row("9", "2026-02-01", code="2276-4", text="Férritine sérique"))
    async with visiting(house) as client:
        assert analyses(await opened(client, house, LIST)) == ["TSH", "Férritine sérique"]
        found = (await page(client, f"{LIST}?q=ferri+SER"))[1]
        assert analyses(found) == ["Férritine sérique"]
        assert "1 analyse : « ferri SER »" in found
        nothing = (await page(client, f"{LIST}?q=rritine"))[1]
        assert "Aucune analyse ne correspond à « rritine »." in nothing


async def test_without_a_result_it_says_so() -> None:
    house = House()
    house.add("Bilan")
    async with visiting(house) as client:
        assert "Aucun résultat chiffré pour l'instant." in await opened(client, house, LIST)


async def test_a_period_narrows_the_curve_and_its_table() -> None:
    house, _ = with_tsh()
    async with visiting(house) as client:
        await sign_in(client, house)
        shown = {
            period: values((await page(client, f"{CURVE}?periode={period}"))[1])
            for period in ("", "mois", "semestre", "annee", "siecle")
        }
    assert [len(shown[one]) for one in shown] == [3, 1, 3, 3, 3]
    house.clock.at = house.clock.at.replace(year=2028)
    async with visiting(house) as client:
        text = await opened(client, house, f"{CURVE}?periode=mois")
    assert "Aucun résultat sur cette période." in text


async def test_ten_thousand_results_of_one_analysis_are_pages_of_two_hundred() -> None:
    house = House()
    rows = [
        row(str(n), f"20{n // 360 % 100:02d}-{1 + n // 30 % 12:02d}-{1 + n % 28:02d}")
        for n in range(10_000)
    ]
    bring(house, "Beaucoup", *rows)
    async with visiting(house) as client:
        text = await opened(client, house, CURVE)
        last = (await page(client, f"{CURVE}?page=50"))[1]
    assert "10000 résultats, page 1 sur 50" in text
    assert marks(text) == len(values(text)) == marks(last) == 200
    assert f'href="{CURVE}?page=2"' in text
    assert 'rel="next"' not in last


async def test_a_hostile_name_is_cut_and_nothing_in_it_is_markup() -> None:
    house = House()
    said = {"code": "", "system": "", "text": MARKUP + "x" * 10_000, "range": "é" * 10_000}
    bring(house, MARKUP, row("2", "2026-01-01", unit="<i>" * 9, **said), row("3", **said))
    async with visiting(house) as client:
        await sign_in(client, house)
        raw = await (await client.get(LIST)).text()
        key = raw.partition('data-id="l-')[2].partition('"')[0]
        curve = await (await client.get(f"{LIST}/l-{key}")).text()
    assert "alert(&#34;x&#34;)" in raw
    for text in (raw, curve):
        assert "<script>alert" not in text
        assert "<b>TSH" not in text
        assert "<i>" not in text
        assert len(text) < 20_000
    assert "Cette analyse n'a pas de code commun" in curve


async def test_the_home_page_leads_there() -> None:
    house, _ = with_tsh()
    async with visiting(house) as client:
        assert f'href="{LIST}"' in await opened(client, house, "/")


def test_the_samples_are_those_of_the_specification() -> None:
    assert [one.unit for _, one in TSH] == ["mUI/L", "mUI/L", "mIU/L"]
