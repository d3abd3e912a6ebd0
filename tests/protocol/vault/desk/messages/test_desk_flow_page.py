"""« Flux »: how many came, from whom, and where the numbers lead."""

from dataclasses import replace
from datetime import timedelta

import pytest
from told_messages import ToldMessages, page, tally
from vault_house import House
from vault_twins import NOW
from work_twins import with_glance

from gateway.records.health import Check
from gateway.records.intake.finding import Verdict
from gateway.records.intake.messages import Beat
from gateway.records.task import MAIL_LANE, Pause, Queue, TaskKind

MAILS = Queue(
    kind=TaskKind.MAIL,
    lane=None,
    size=9,
    oldest=NOW - timedelta(minutes=4),
    next_due=NOW,
    taken=0,
    tries=0,
)
LIS = replace(MAILS, kind=TaskKind.FORWARD, lane="forward:lis", size=3, oldest=NOW)
RELEASES = replace(MAILS, kind=TaskKind.RELEASE, size=50, oldest=NOW - timedelta(days=1))


async def test_an_hour_without_a_message_is_said() -> None:
    messages = ToldMessages()
    status, text = await page("/desk/flux", messages)
    assert (status, "Aucun message sur cette période." in text) == (200, True)
    assert messages.since == [NOW - timedelta(hours=1)]


@pytest.mark.parametrize(("period", "hours"), [("24h", 24), ("7j", 168), ("chef", 1)])
async def test_a_period_that_there_is_not_is_the_last_hour(period: str, hours: int) -> None:
    messages = ToldMessages()
    assert (await page(f"/desk/flux?periode={period}", messages))[0] == 200
    assert messages.since == [NOW - timedelta(hours=hours)]


async def test_counts_are_links_and_senders_tell_their_commonest_finding() -> None:
    messages = ToldMessages(
        told=(
            tally("labo", Verdict.ACCEPT, 1_204, "date"),
            tally("labo", Verdict.REFUSE, 7, "date", "title"),
            tally("clinique", Verdict.HOLD, 2, "ins-missing"),
        ),
        more=True,
    )
    _, text = await page("/desk/flux?periode=24h", messages)
    assert 'data-id="recus" data-state="1213"' in text
    assert 'href="/desk/messages?periode=24h&verdict=refuse"><strong>7</strong>' in text
    assert text.index('data-id="labo"') < text.index('data-id="clinique"')
    assert "1\u00a0204" in text
    assert "<code>date</code></a> (1\u00a0211)" in text
    assert "emetteur=clinique&verdict=attente" in text
    assert "Plus de 100 000 messages" in text


async def test_of_deposits_by_people_nobody_is_named() -> None:
    """Two professionals, two patients of one application, and mailboxes."""
    senders: tuple[str, ...] = ("pro/8999-roux", "pro/8998-blanc", "patient/" + "ab" * 16)
    senders += ("app/carnet/of-claire", "app/carnet/of-marc")

    told = [tally(one, Verdict.ACCEPT, 1) for one in senders]
    boxes = ("284037511604282@patient.mssante.fr", "dr.roux@cabinet.fr", "claire.blanc@cabinet.fr")
    told += [tally(box, Verdict.ACCEPT, 1) for box in boxes]
    _, text = await page("/desk/flux", ToldMessages(told=tuple(told)))
    assert "professionnels, par la page de dépôt" in text
    assert ">patients, par leurs pages</a>" in text
    assert "application carnet" in text
    assert "boîtes de patients @patient.mssante.fr" in text
    assert "boîtes @cabinet.fr" in text
    people = (("pro/", 2), ("app/carnet/", 2), ("@cabinet.fr", 2), ("@patient.mssante.fr", 1))
    for shown, count in people:
        assert f'data-kind="emetteur" data-id="{shown}"' in text
        assert f">{count}<" in text
    names = [box.partition("@")[0] for box in boxes]
    for hidden in ("-roux", "-blanc", "of-claire", "of-marc", *names):
        assert hidden not in text


async def test_the_last_day_of_a_sender_is_told_by_three_hours() -> None:
    heard = [Beat(sender="labo", part=0, count=1), Beat(sender="labo", part=7, count=8)]
    heard += [Beat(sender="dr.roux@cabinet.fr", part=3, count=2)]
    heard += [Beat(sender="claire.blanc@cabinet.fr", part=3, count=3)]
    told = tuple(tally(one, Verdict.ACCEPT, 1) for one in ("labo", "dr.roux@cabinet.fr", "muet"))
    _, text = await page("/desk/flux", ToldMessages(told=told, heard=heard))
    assert '<span aria-hidden="true">▁······▇</span>' in text
    assert "la plus ancienne d'abord : 1, 0, 0, 0, 0, 0, 0, 8<" in text
    assert ": 0, 0, 0, 5, 0, 0, 0, 0<" in text
    assert '<span aria-hidden="true">········</span>' in text


async def test_a_house_at_rest_has_three_good_marks() -> None:
    house = House()
    with_glance(house)
    _, text = await page("/desk/flux", ToldMessages(), house)
    for name in ("base", "messagerie", "file"):
        assert f'data-kind="etat" data-id="{name}" data-state="ok"' in text
    assert "File sortante : vide" in text


async def test_what_waits_to_leave_is_counted_with_its_oldest() -> None:
    """Work that stays inside is no mail of anybody."""
    house = House()
    work = with_glance(house)
    work.queues.of_kinds, work.queues.of_lanes = [MAILS, RELEASES], [LIS]
    _, text = await page("/desk/flux", ToldMessages(), house)
    assert "File sortante : 12, la plus ancienne 4\u00a0min" in text
    work.queues.cut = True
    _, text = await page("/desk/flux", ToldMessages(), house)
    assert "File sortante : plus de 12, " in text


async def test_what_leaves_on_a_day_to_come_keeps_nobody_waiting() -> None:
    house = House()
    work = with_glance(house)
    later = replace(MAILS, kind=TaskKind.INVITATION, next_due=NOW + timedelta(days=36))
    work.queues.of_kinds = [later]
    _, text = await page("/desk/flux", ToldMessages(), house)
    assert "File sortante : vide" in text
    work.queues.of_kinds = [replace(later, tries=1)]
    _, text = await page("/desk/flux", ToldMessages(), house)
    assert "File sortante : 9, la plus ancienne" in text


async def test_mail_that_is_tried_again_or_paused_is_said() -> None:
    house = House()
    work = with_glance(house)
    work.queues.of_kinds = [replace(MAILS, tries=2)]
    _, text = await page("/desk/flux", ToldMessages(), house)
    assert "Messagerie : nouveaux essais" in text
    work.pauses.held[MAIL_LANE] = Pause(lane=MAIL_LANE, since=NOW, by="op", reason="relais")
    _, text = await page("/desk/flux", ToldMessages(), house)
    assert "Messagerie : en pause" in text


@pytest.mark.parametrize(
    ("check", "state"), [(Check.WRITABLE, "no"), (Check.DISK, "no"), (Check.LOG, "ok")]
)
async def test_the_mark_of_the_base_is_that_of_ready(check: Check, state: str) -> None:
    house = House()
    with_glance(house).watch.reasons[check] = "said"
    _, text = await page("/desk/flux", ToldMessages(), house)
    assert f'data-id="base" data-state="{state}"' in text
