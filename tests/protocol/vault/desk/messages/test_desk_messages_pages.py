"""« Messages » and « Un message »: what they say, to whom, and what they never say."""

from dataclasses import replace
from datetime import timedelta

import pytest
from told_messages import RECEIPT, ToldMessages, envelope, page
from vault_house import CLAIRE, House, key_of
from vault_twins import NOW

from gateway.records.documents.document import Label
from gateway.records.documents.shelved import DocumentStatus
from gateway.records.intake.filing import Answer, Door, Filed
from gateway.records.intake.finding import Finding, Severity, Verdict
from gateway.records.intake.messages import (
    Envelopes,
    FiledAs,
    Message,
    Place,
    Search,
)
from gateway.records.patients.patient import DESK
from gateway.records.task import TaskKind, TaskLine

MINUTE = timedelta(minutes=1)


def finding(**changes: object) -> Finding:
    made = Finding(
        code="title-missing",
        severity=Severity.ERROR,
        where="DURAND CLAIRE.pdf: hash",
        message="The name DURAND of 284037511604282 is not “Claire”.",
        condition=207,
        application=904,
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # any field of a finding


def message(verdict: Verdict = Verdict.ACCEPT, *findings: Finding, **changes: object) -> Message:
    filed = Filed(id="d" * 32, label=Label.BIOLOGIE, unique_id="1.2^3", type_code="11502-2")
    task = TaskLine(
        id=7,
        kind=TaskKind.FORWARD,
        subject=RECEIPT,
        lane="forward:lis",
        attempts=3,
        created_at=NOW,
        due_at=NOW + MINUTE,
        settled_at=NOW + MINUTE,
        outcome="refused: AE 207 904",
        dead=True,
    )
    made = Message(
        envelope=envelope(verdict),
        patient=key_of(CLAIRE),
        answer=Answer(receipt=RECEIPT, verdict=verdict, findings=findings, documents=(filed,)),
        control_id="CTRL1",
        documents=(
            FiledAs(
                id=filed.id,
                unique_id="1.2^3",
                type_code="11502-2",
                status=DocumentStatus.SUPERSEDED,
            ),
        ),
        tasks=(task,),
        answers=(("e" * 32, NOW),),
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # any field of a message


async def test_filters_reach_the_store_as_they_were_typed_and_are_said() -> None:
    messages = ToldMessages(found=Envelopes(rows=(envelope(Verdict.REFUSE),), total=1))
    query = (
        "recu=ABC&controle=C1&unique=1.2%5E3&emetteur=labo&verdict=refuse&constat=date"
        "&format=cda&porte=http&du=2026-01-02&au=12/03/2026"
    )
    status, text = await page(f"/desk/messages?{query}", messages)
    (asked,) = messages.asked
    assert (asked.receipt, asked.control_id, asked.unique_id) == ("abc", "C1", "1.2^3")
    assert (asked.sender, asked.verdict, asked.code) == ("labo", Verdict.REFUSE, "date")
    assert (asked.format, asked.door) == ("cda", Door.HTTP)
    assert asked.since is not None
    assert asked.until is not None
    assert f"{asked.since:%Y-%m-%d} {asked.until:%Y-%m-%dT%H}" == "2026-01-02 2026-03-12T23"
    assert status == 200
    assert "1 message : refusés" in text
    assert "depuis le 2 janvier 2026, jusqu'au 12 mars 2026" in text
    assert "Effacer les filtres" in text


@pytest.mark.parametrize(
    ("typed", "asked_for"),
    [
        ("dr.roux@cabinet.fr", "@cabinet.fr"),
        ("284037511604282@patient.mssante.fr", "@patient.mssante.fr"),
        ("pro/8999-roux", "pro/"),
        ("@cabinet.fr", "@cabinet.fr"),
    ],
)
async def test_nobody_learns_by_asking_that_a_person_wrote(typed: str, asked_for: str) -> None:
    messages = ToldMessages(found=Envelopes(rows=(envelope(sender=typed),), total=26))
    _, text = await page(f"/desk/messages?emetteur={typed}", messages)
    (asked,) = messages.asked
    assert asked.sender == asked_for
    assert f"de {asked_for}" in text
    assert typed == asked_for or typed not in text


@pytest.mark.parametrize(
    "query",
    ["verdict=x&format=y&porte=z&periode=1an", "avant=x", "avant=9-", f"avant={'9' * 40}-1", ""],
)
async def test_a_choice_that_there_is_not_is_no_filter(query: str) -> None:
    messages = ToldMessages()
    status, text = await page(f"/desk/messages?{query}", messages)
    assert (status, messages.asked, messages.places) == (200, [Search()], [None])
    assert "Aucun message sur cette période." in text


async def test_signs_that_no_database_takes_are_left_out() -> None:
    messages = ToldMessages()
    assert (await page("/desk/messages?controle=A%00B%ff%0a&recu=%ed%a0%80", messages))[0] == 200
    (asked,) = messages.asked
    assert "\0" not in asked.control_id + asked.receipt
    assert asked.control_id.startswith("AB")
    (asked.control_id + asked.receipt).encode()


@pytest.mark.parametrize("query", ["du=31/02/2026", "au=x", "du=2026-02-02&au=2026-02-01"])
async def test_a_day_that_is_none_is_told_at_its_field_and_nothing_is_looked_for(
    query: str,
) -> None:
    messages = ToldMessages()
    status, text = await page(f"/desk/messages?{query}", messages)
    assert (status, 'aria-invalid="true"' in text, messages.asked) == (422, True, [])


async def test_the_next_page_goes_on_where_this_one_ends() -> None:
    found = Envelopes(rows=(envelope(),), total=30, following=Place(at=NOW, number=77), more=True)
    messages = ToldMessages(found=found)
    _, text = await page("/desk/messages?verdict=accepte", messages)
    following = text.partition('" rel="next"')[0].rpartition('href="')[2]
    assert following.startswith("/desk/messages?verdict=accepte&avant=")
    assert "30 messages" in text
    assert "Seuls les 100 000 plus récents sont comptés" in text
    again = ToldMessages(found=found)
    _, text = await page(following, again)
    assert again.places == [Place(at=NOW, number=77)]
    assert "Première page" in text


async def test_the_list_is_taken_away_with_no_cell_that_a_spreadsheet_reckons() -> None:
    risky = envelope(sender="=cmd|calc", filed_at=NOW + MINUTE)
    messages = ToldMessages(found=Envelopes(rows=(risky,), total=1))
    status, text = await page("/desk/messages/csv?verdict=refuse", messages)
    head, line, _ = text.split("\r\n")
    assert (status, messages.asked[0].verdict) == (200, Verdict.REFUSE)
    assert head.endswith(
        "heure,reçu,émetteur,porte,format,octets,verdict,constats,délai en secondes"
    )
    assert line.startswith(f"{NOW:%Y-%m-%dT%H:%M:%SZ},{RECEIPT},'=cmd|calc,mllp,hl7v2,2000,accept,")
    assert line.endswith("title-missing,60")
    assert (await page("/desk/messages/csv?du=x", ToldMessages()))[0] == 422


async def test_a_list_is_an_entry_of_the_log_and_so_is_each_message() -> None:
    house, messages = House(), ToldMessages(one=message())
    await page("/desk/messages?constat=date", messages, house)
    await page(f"/desk/messages/{RECEIPT}", messages, house)
    await page("/desk/flux", messages, house)
    told = [row.trace for row in house.traces.rows if row.trace.action != "login"]
    assert [(one.action, one.rule, one.patient) for one in told] == [
        ("messages", "DSK-01", DESK),
        ("message", "DSK-01", key_of(CLAIRE)),
    ]
    assert b'"constat":"date"' in told[0].details
    assert (told[1].kind, told[1].actor, told[1].actor_name) == ("operator", "101", "3422")


async def test_one_message_says_what_to_mend_and_nobodys_name() -> None:
    messages = ToldMessages(one=message(Verdict.REFUSE, finding(), finding(fatal=True)))
    status, text = await page(f"/desk/messages/{RECEIPT}", messages)
    assert status == 200
    assert "Refusé : rien n'a été rangé." in text
    assert "The name ●●● of ●●● is not ●●●." in text
    assert "●●●.pdf: hash" in text
    assert "207 Application internal error, 904 INS does not match" in text
    assert "MSA-1 = AR" in text
    assert "MSA-2 = CTRL1" in text
    for said in ("1.2^3", "11502-2", "remplacé", "message réexpédié", "échec"):
        assert said in text
    assert "refused: AE 207 904" in text
    for hidden in ("DURAND", "284037511604282", "Claire", "BIOLOGIE", "forward:lis"):
        assert hidden not in text


async def test_what_follows_of_a_kind_that_this_version_does_not_know_bears_its_own_name() -> None:
    one = message()
    tasks = tuple(replace(task, kind="of-tomorrow") for task in one.tasks)
    status, text = await page(
        f"/desk/messages/{RECEIPT}", ToldMessages(one=replace(one, tasks=tasks))
    )
    assert (status, "of-tomorrow" in text) == (200, True)


async def test_a_message_filed_later_says_how_much_later() -> None:
    late = replace(message(), envelope=envelope(filed_at=NOW + timedelta(hours=2, minutes=5)))
    _, text = await page(f"/desk/messages/{RECEIPT}", ToldMessages(one=late))
    assert "Rangé, 2\u00a0h\u00a005 plus tard." in text


async def test_a_message_filed_within_the_second_was_filed_at_once() -> None:
    soon = replace(message(), envelope=envelope(filed_at=NOW + timedelta(milliseconds=400)))
    _, text = await page(f"/desk/messages/{RECEIPT}", ToldMessages(one=soon))
    assert "Reçu par la porte « HL7 (MLLP) », de labo." in text
    assert "Rangé et confirmé à son émetteur." in text


async def test_of_an_erased_person_the_envelope_is_left() -> None:
    bare = replace(message(), answer=None, documents=(), envelope=envelope(read=False))
    _, text = await page(f"/desk/messages/{RECEIPT}", ToldMessages(one=bare))
    assert "il ne reste que l'enveloppe" in text


async def test_a_form_that_a_person_filled_in_has_no_control_id_to_show() -> None:
    by_hand = replace(message(), control_id="aabb:1", envelope=envelope(door=Door.PAGES))
    _, text = await page(f"/desk/messages/{RECEIPT}", ToldMessages(one=by_hand))
    assert "aabb:1" not in text


async def test_a_receipt_that_there_is_not_is_a_page_that_is_not_there() -> None:
    house, messages = House(), ToldMessages()
    for name in ("f" * 32, "%ed%a0%80", "%00"):
        assert (await page(f"/desk/messages/{name}", messages, house))[0] == 404
    assert [row.trace.action for row in house.traces.rows if row.trace.patient == DESK].count(
        "message"
    ) == 3
