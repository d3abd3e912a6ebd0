"""« Flux »: how many came, from whom, and where the numbers lead."""

from datetime import timedelta

import pytest
from told_messages import ToldMessages, page, tally
from vault_twins import NOW

from gateway.records.intake.finding import Verdict


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
    senders = ("pro/8999-roux", "pro/8998-blanc", "app/carnet/of-claire", "app/carnet/of-marc")
    told = [tally(one, Verdict.ACCEPT, 1) for one in senders]
    boxes = ("284037511604282@patient.mssante.fr", "dr.roux@cabinet.fr", "claire.blanc@cabinet.fr")
    told += [tally(box, Verdict.ACCEPT, 1) for box in boxes]
    _, text = await page("/desk/flux", ToldMessages(told=tuple(told)))
    assert "professionnels, par la page de dépôt" in text
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
