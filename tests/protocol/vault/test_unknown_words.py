"""Words that no table holds, by wire: a profession, a type, a date. Nobody reads more by them, and
each is refused with a rule in the log or with words that say what to mend."""

from dataclasses import replace

import pytest
from vault_house import (
    CLAIRE,
    INS_TEST,
    PRO_TOKEN,
    House,
    key_of,
    sign_in,
    sign_in_professional,
    visiting,
)

from gateway.records.readers.access import AccessAction

BEARER = {"Authorization": f"Bearer {PRO_TOKEN}"}
WHO = f"patient.identifier=urn:oid:{INS_TEST}|{CLAIRE.ins}"
SEARCH = f"/fhir/DocumentReference?{WHO}"
PROFESSIONS = {
    "nobody's code": ("G15_999", None, "F55"),
    "no code": ("médecin", None, "F55"),
    "markup": ("<b>G15_10</b>", None, "F55"),
    "in lower case": ("g15_10", None, "F55"),
    "with a blank behind": ("G15_10 ", None, "F55"),
    "of another feed": ("A00_ALIM_AM", None, "F55"),
    "empty": ("", None, "F54"),
    "the code of no profession": ("R291_99", None, "F54"),
    "a column that may not beside one that may": ("G15_10", "GENR12", "F56"),
    "an activity of no care": ("G15_10", "GENR99", "F41"),
}


@pytest.mark.parametrize("case", PROFESSIONS)
async def test_a_profession_that_no_column_holds_reads_nothing_though_agreed_to(case: str) -> None:
    profession, activity, rule = PROFESSIONS[case]
    house = House()
    name = house.add("Bilan")
    house.people.pros[0] = replace(house.people.pros[0], profession=profession, activity=activity)
    async with visiting(house) as client:
        answer = await client.get(SEARCH, headers=BEARER)
        assert (answer.status, (await answer.json())["total"]) == (200, 0)
        for path in (f"DocumentReference/{name}", f"Binary/{name}"):
            assert (await client.get(f"/fhir/{path}", headers=BEARER)).status == 404, path
        await sign_in_professional(client)
        shown = await (await client.get(f"/pro/patients/{key_of(CLAIRE).hex()}")).text()
        assert "Bilan" not in shown
        assert (await client.get(f"/pro/documents/{name}")).status == 404
    refused = [row.trace for row in house.traces.rows if row.trace.document == name]
    assert {one.rule for one in refused} == {rule}
    assert not any(one.permitted for one in refused)


@pytest.mark.parametrize("code", ["unheard-of", "<script>", "11502-2 ", "1" * 300, "💥"])
async def test_a_type_that_no_row_holds_is_the_patients_alone(code: str) -> None:
    house = House()
    name = house.add("Bilan", type_code=code)
    async with visiting(house) as client:
        answer = await client.get(SEARCH, headers=BEARER)
        assert (await answer.json())["total"] == 0
        assert (await client.get(f"/fhir/Binary/{name}", headers=BEARER)).status == 404
        assert house.traces.rows[-1].trace.rule == "F55"
        await sign_in(client, house)
        assert (await client.get(f"/documents/{name}")).status == 200
    opened = [row.trace for row in house.traces.rows if row.trace.action == AccessAction.OPEN]
    assert [one.rule for one in opened] == ["P01"]


NO_DATES = [
    *("demain", "2026-02-31", "2026-13-01", "0000-01-01", "-1", "1e9", "'", "2026-W10"),
    *("2026-03-01T25:00", "2026-3-1", "20260301", "٢٠٢٦-٠٣-٠١", "2026-03-01T10:00+99:00"),
]
PAGES = ("/documents", "/historique", "/historique/csv")


@pytest.mark.parametrize("date", NO_DATES)
async def test_what_is_no_date_is_refused_with_words(date: str) -> None:
    house = House()
    house.add("Bilan")
    async with visiting(house) as client:
        await sign_in(client, house)
        for path in PAGES:
            for name in ("du", "au"):
                answer = await client.get(path, params={name: date})
                assert answer.status == 422, (path, name)
                assert 'class="error"' in await answer.text()
        for kind in ("DocumentReference", "AuditEvent"):
            for prefix in ("", "ge", "lt", "ap", "2026,"):
                asked = {"date": prefix + date}
                answer = await client.get(f"/fhir/{kind}?{WHO}", params=asked)
                assert answer.status == 400, (kind, prefix)
                assert "date is YYYY" in await answer.text()


DATES = {
    "2026": 1,
    "2026-03": 1,
    "2026-03-01": 1,
    "2026-03-02": 0,
    "": 1,
    "ge2026-03-01T10:30:00+01:00": 1,
    "gt2026-03-01T10:30:00+01:00": 0,
    "lt2026-03-01T10:30+01:00": 0,
    "le2026-03-01T09:30:00Z": 1,
    "2025,2026-03": 1,
}


@pytest.mark.parametrize("date", DATES)
async def test_a_date_is_read_with_its_precision_and_its_offset(date: str) -> None:
    house = House()
    house.add("Bilan")  # 2026-03-01T09:30:00Z
    async with visiting(house) as client:
        answer = await client.get(SEARCH, params={"creation": date}, headers=BEARER)
        assert (answer.status, (await answer.json()).get("total")) == (200, DATES[date])
