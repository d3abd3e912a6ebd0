"""« Émetteurs » : a card for each sender, and nobody's name on it."""

import html
import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
from vault_house import House, hire, sign_in_operator, visiting
from vault_twins import NOW

from gateway.flows.desk.named import shown_sender
from gateway.flows.desk.senders import SenderDesk, common_codes
from gateway.records.intake.filing import Door
from gateway.records.intake.finding import Verdict
from gateway.records.intake.scorecard import Noticed, Sent, Wire
from gateway.records.patients.account import SenderAccount
from gateway.records.readers.operator import OperatorRole

INS = "284037511604282"


def sent(sender: str, verdict: Verdict, count: int, *, door: Door = Door.MLLP) -> Sent:
    return Sent(sender=sender, door=door, format="hl7v2", verdict=verdict, count=count, last=NOW)


@dataclass
class Counted:
    """The ports `Scorecards` and `SenderAccounts`; `asked` since when."""

    rows: list[Sent] = field(default_factory=list)
    codes: list[Noticed] = field(default_factory=list)
    accounts: list[SenderAccount] = field(default_factory=list)
    more: bool = False
    asked: list[datetime] = field(default_factory=list)

    async def sent(
        self, since: datetime, until: datetime, *, among: int
    ) -> tuple[list[Sent], bool]:
        self.asked.append(since)
        return self.rows, self.more

    async def noticed(self, since: datetime, until: datetime, *, among: int) -> list[Noticed]:
        return self.codes

    async def senders(self) -> list[SenderAccount]:
        return self.accounts


async def shown(counted: Counted, query: str = "", *, ends: datetime | None = None) -> str:
    house = House()
    desk = SenderDesk(
        scorecards=counted, accounts=counted, clock=house.clock, ends=lambda _name: ends
    )
    house.furnish_desk = lambda rooms: replace(rooms, senders=desk)
    hire(house, OperatorRole.TECHNIQUE)
    async with visiting(house) as client:
        await sign_in_operator(client)
        answer = await client.get(f"/desk/emetteurs{query}")
        assert answer.status == 200
        return html.unescape(await answer.text())


def card(page: str, name: str) -> str:
    found = re.search(rf'<li data-kind="emetteur" data-id="{name}">.*?</li>', page, re.S)
    assert found, page
    return " ".join(re.sub(r"<[^>]+>", " ", found[0]).split())


async def test_a_card_tells_volume_rate_formats_doors_and_the_commonest_findings() -> None:
    codes = [
        Noticed(receipt="r3", sender="labo", codes=("late", "loinc")),
        Noticed(receipt="r2", sender="labo", codes=("late",), count=4),
    ]
    rows = [
        sent("labo", Verdict.ACCEPT, 7),
        sent("labo", Verdict.HOLD, 1),
        sent("labo", Verdict.REFUSE, 1, door=Door.HTTP),
    ]
    text = card(await shown(Counted(rows, codes)), "labo")
    assert "Reçus 9, dont 77,8 % acceptés" in text
    assert "● 7 acceptés" in text
    assert "◐ 1 en attente" in text
    assert "✕ 1 refusé" in text
    assert "Portes HL7 (MLLP) (8), dépôt HTTP (1)" in text
    assert "Formats hl7v2 (9)" in text
    assert "late 5 r3" in text
    assert "loinc 1 r3" in text
    assert "12 mars 2026" in text


async def test_five_findings_at_most_stand_on_a_card() -> None:
    codes = [Noticed(receipt="r", sender="labo", codes=tuple("abcdefg"))]
    page = await shown(Counted([sent("labo", Verdict.REFUSE, 1)], codes))
    assert page.count('data-kind="constat"') == 5


async def test_an_account_that_sent_nothing_has_a_card_that_says_so() -> None:
    accounts = [
        SenderAccount(name="ris", token_hash=b"x", disabled=True),
        SenderAccount(name="pacs", certificate="ab" * 32),
    ]
    page = await shown(Counted(accounts=accounts))
    assert "rien sur cette période" in card(page, "ris")
    assert "✕ désactivé" in card(page, "ris")
    assert "par jeton" in card(page, "ris")
    assert "par certificat" in card(page, "pacs")
    assert "abab" not in page


async def test_without_any_sender_the_page_says_so() -> None:
    assert "Aucun émetteur sur cette période." in await shown(Counted())


@pytest.mark.parametrize(
    ("query", "days"), [("", 7), ("?jours=7", 7), ("?jours=30", 30), ("?jours=9999", 7)]
)
async def test_the_time_is_seven_days_or_thirty(query: str, days: int) -> None:
    counted = Counted()
    await shown(counted, query)
    assert counted.asked == [NOW - timedelta(days=days)]


async def test_a_count_that_was_cut_says_so_and_pages_keep_the_time() -> None:
    rows = [sent(f"s{number}", Verdict.ACCEPT, 1) for number in range(26)]
    page = await shown(Counted(rows, more=True), "?jours=30")
    assert "plus de dépôts que cette page n'en compte" in page
    assert 'href="/desk/emetteurs?jours=30&page=2" rel="next"' in page


async def test_people_who_sent_are_counted_together_and_never_named() -> None:
    rows = [
        sent(f"{INS}@patient.mssante.fr", Verdict.ACCEPT, 1, door=Door.SMTP),
        sent("claire.durand@cabinet.fr", Verdict.ACCEPT, 1, door=Door.SMTP),
        sent("dr.roux@cabinet.fr", Verdict.REFUSE, 1, door=Door.SMTP),
        sent("pro/801234567890", Verdict.ACCEPT, 1, door=Door.PAGES),
        sent(f"app/carnet/{INS}", Verdict.ACCEPT, 1, door=Door.FHIR),
    ]
    codes = [Noticed(receipt="r1", sender="dr.roux@cabinet.fr", codes=("late",))]
    page = await shown(Counted(rows, codes))
    assert "Reçus 2, dont 50,0 % acceptés" in card(page, "@cabinet.fr")
    assert "late 1 r1" in card(page, "@cabinet.fr")
    assert "application carnet" in card(page, "app/carnet/")
    assert "professionnels, par la page" in card(page, "pro/")
    for word in (INS, "durand", "roux", "801234567890"):
        assert word not in page


@pytest.mark.parametrize(
    ("sender", "said"),
    [
        ("labo", "labo"),
        ("10.0.0.7", "10.0.0.7"),
        ("<>", "<>"),
        ("x@", "@●●●"),
        ("dr.roux@Cabinet.fr", "@cabinet.fr"),
        (f"{INS}@patient.mssante.fr", "@patient.mssante.fr"),
        ("pro/801234567890", "pro/"),
        ("app/a/b", "app/a/"),
    ],
)
def test_a_sender_is_shown_as_what_it_is_and_so_it_stays(sender: str, said: str) -> None:
    assert shown_sender(sender) == said
    assert shown_sender(said) == said


async def test_every_door_has_words_and_a_verdict_that_nothing_got_is_left_out() -> None:
    rows = [sent(f"by-{door}", Verdict.ACCEPT, 1, door=door) for door in Door]
    page = await shown(Counted(rows))
    assert "en attente</span>" not in page
    assert "Portes page de dépôt (1)" in card(page, "by-pages")


async def test_a_card_tells_versions_and_character_sets_and_how_these_are_known() -> None:
    wires = [
        (Wire(version="2.5", charset="utf-8", how="declared"), 7),
        (Wire(version="2.3.1", charset="iso8859-1", how="guessed"), 2),
        (Wire(version="?", charset="ascii", how="default"), 1),
        (None, 4),
    ]
    rows = [replace(sent("labo", Verdict.ACCEPT, count), wire=wire) for wire, count in wires]
    text = card(await shown(Counted([*rows, sent("pacs", Verdict.ACCEPT, 1)])), "labo")
    assert "Versions HL7 2.5 (7), 2.3.1 (2), MSH-12 illisible (1)" in text
    assert "Jeux de caractères utf-8 (7) · iso8859-1, deviné : MSH-18 ne le dit pas (2)" in text
    assert "ascii, par défaut (1)" in text
    other = await shown(Counted([sent("pacs", Verdict.ACCEPT, 1)]))
    assert "Versions HL7" not in card(other, "pacs")


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (None, "Fin du certificat inconnue : il n'est pas venu depuis le démarrage"),
        (200, "Fin du certificat 28 septembre 2026 à 15 h 05 , vue à sa dernière connexion"),
        (20, "Fin du certificat ▲ bientôt 1 avril 2026"),
        (-1, "Fin du certificat ▲ bientôt 11 mars 2026"),
    ],
)
async def test_the_end_of_a_certificate_is_told_where_it_was_seen(
    days: int | None, said: str
) -> None:
    accounts = [SenderAccount(name="pacs", certificate="ab" * 32)]
    ends = None if days is None else NOW + timedelta(days=days)
    assert said in card(await shown(Counted(accounts=accounts), ends=ends), "pacs")
    by_token = [SenderAccount(name="ris", token_hash=b"x")]
    assert "Fin du certificat" not in await shown(Counted(accounts=by_token), ends=ends)


def test_findings_that_are_as_common_stand_by_the_alphabet_as_on_the_page_of_the_flow() -> None:
    noticed = [
        Noticed(receipt="r2", sender="labo", codes=("title", "date"), count=2),
        Noticed(receipt="r1", sender="labo", codes=("title", "author"), count=1),
        Noticed(receipt="r0", sender="labo", codes=("author",), count=1),
    ]
    (codes,) = common_codes(noticed).values()
    assert [(one.code, one.count) for one in codes] == [("title", 3), ("author", 2), ("date", 2)]
