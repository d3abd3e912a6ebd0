"""« Santé » : whether the house is well, and what was done to keep it so."""

import asyncio
import html
import re
from datetime import timedelta

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient
from health_twins import Log, Seen, with_health
from vault_house import House, hire, post, sign_in_operator, token_of, visiting
from vault_twins import NOW

from gateway.clock import Discipline
from gateway.errors import DeferredError
from gateway.flows.log.verify_log import Verified
from gateway.records.health import BESIDE, Check, Deed, Disk, Upkept, Versions
from gateway.records.log import Sealed
from gateway.records.readers.operator import OperatorRole

PLACE = "/desk/sante"
Client = TestClient[web.Request, web.Application]


def plain(page: str) -> str:
    text = html.unescape(page).replace("\u00a0", " ")
    return " ".join(re.sub(r"<[^>]+>", " ", text.partition("<main")[2]).split())


async def shown(house: House) -> str:
    hire(house, OperatorRole.TECHNIQUE)
    async with visiting(house) as client:
        await sign_in_operator(client)
        answer = await client.get(PLACE)
        assert answer.status == 200
        return plain(await answer.text())


async def test_a_house_that_is_well_says_so_in_words_and_shapes() -> None:
    head = Sealed(size=42, root=b"\x01" * 32, at=NOW - timedelta(minutes=1), note="", peaks=())
    seen = Seen(room=Disk(free=5_000_000_000, reserve=256_000_000))
    text = await shown(with_health(seen, head))
    assert "● La passerelle prend les dépôts." in text
    assert "Base de données ● bon 4 min ( 12 mars 2026 à 14 h 01 )" in text
    assert "✕" not in text
    assert "Place libre 5,0 Go Réserve 256,0 Mo" in text
    assert "il y a 1 min ( 12 mars 2026 à 14 h 04 ), 42 lignes" in text
    assert "0.1.0 Schéma 0024 , SQLite" in text


@pytest.mark.parametrize("check", Check)
async def test_what_is_wrong_is_named_and_only_the_log_stops_no_deposit(check: Check) -> None:
    text = await shown(with_health(Seen({check: "no"})))
    assert text.count("✕ en défaut") == 1
    assert ("La passerelle prend les dépôts." in text) == (check in BESIDE)


async def test_what_is_not_known_is_said_to_be_unknown() -> None:
    behind = Versions(gateway="0.1.0", engine="postgresql", schema="0023", newest="0024")
    text = await shown(with_health(Seen(known=behind)))
    assert "Place libre inconnue" in text
    assert "aucune : le journal n'est pas encore signé" in text
    assert "Dernière sauvegarde aucune n'est notée" in text
    assert "Dernier essai de restauration aucun n'est noté" in text
    assert "De cette machine le système ne dit pas" in text
    assert "Du serveur de la base" not in text
    assert "Dernière vérification aucune n'est notée" in text
    assert "▲ cette version attend 0024" in text


async def test_backups_and_their_trial_are_told_with_their_age() -> None:
    at = NOW - timedelta(hours=26)
    done = {
        Deed.BACKUP: Upkept(deed=Deed.BACKUP, at=at),
        Deed.RESTORE: Upkept(deed=Deed.RESTORE, at=NOW - timedelta(days=9), of=at, size=40),
        Deed.LOG: Upkept(deed=Deed.LOG, at=NOW - timedelta(minutes=3), size=42),
    }
    text = await shown(with_health(Seen(done=done)))
    assert "Dernière sauvegarde il y a 1 jour ( 11 mars 2026 à 12 h 05 )" in text
    assert "essai de restauration ● bon il y a 9 jours ( 3 mars 2026 à 14 h 05 )" in text
    assert ", sur la sauvegarde du 11 mars 2026 à 12 h 05" in text
    assert "vérification ● aucun défaut il y a 3 min ( 12 mars 2026 à 14 h 02 ), 42 lignes" in text


async def test_a_trial_that_failed_and_a_log_with_faults_are_told_as_such() -> None:
    done = {
        Deed.RESTORE: Upkept(deed=Deed.RESTORE, at=NOW, faults=1),
        Deed.LOG: Upkept(deed=Deed.LOG, at=NOW, size=42, faults=2),
    }
    text = await shown(with_health(Seen(done=done)))
    assert "essai de restauration ✕ en défaut il y a 0 s" in text
    assert "Dernière vérification ✕ 2 défauts il y a 0 s" in text


@pytest.mark.parametrize(
    ("kernel", "ahead", "said"),
    [
        (Discipline(kept=True, within=timedelta(milliseconds=12)), None, "● tenue par un serveur"),
        (Discipline(kept=True, within=timedelta(milliseconds=12)), None, "juste à 12 ms près"),
        (Discipline(kept=True, within=timedelta(seconds=1.5)), None, "juste à 1,5 s près"),
        (Discipline(kept=False, within=timedelta(16)), None, "▲ tenue par aucun serveur de temps"),
        (None, timedelta(milliseconds=-20), "Du serveur de la base la même heure, à 500 ms près"),
        (None, timedelta(seconds=3), "Du serveur de la base en avance de 3,0 s"),
        (None, timedelta(minutes=-7), "Du serveur de la base en retard de 7 min"),
    ],
)
async def test_the_clock_is_told_as_far_as_it_is_known(
    kernel: Discipline | None, ahead: timedelta | None, said: str
) -> None:
    assert said in await shown(with_health(Seen(servers=ahead), kernel=kernel))


async def settled(client: Client) -> str:
    """The page once nothing is verified any more."""
    async with asyncio.timeout(120):
        while "Vérification en cours" in (text := plain(await (await client.get(PLACE)).text())):
            pass
    return text


async def test_the_log_is_verified_beside_everything_else_once_at_a_time() -> None:
    log = Log(Verified(size=42, count=1, faults=["entry 7 is altered"]))
    house = with_health(Seen(), log=log)
    hire(house, OperatorRole.TECHNIQUE)
    async with visiting(house) as client:
        await sign_in_operator(client)
        jeton = {"jeton": await token_of(client, PLACE)}
        for _ in range(2):
            answer = await client.post(f"{PLACE}/verifier", data=jeton, allow_redirects=False)
            assert answer.status == 303
        page = plain(await (await client.get(answer.headers["Location"])).text())
        assert "Vérification du journal commencée." in page
        assert "Vérification en cours depuis 0 s." in page
        assert "Vérifier le journal" not in page
        log.go_on.set()
        assert "entry 7 is altered" in await settled(client)
    assert log.reads == 1
    (act,) = [one.trace for one in house.traces.rows if one.trace.action == "audit-verify"]
    assert (act.permitted, act.rule, act.actor) == (True, "DSK-01", "101")


@pytest.mark.parametrize("error", [DeferredError("away"), RuntimeError("a bug of ours")])
async def test_a_verification_that_fails_says_so_and_may_be_begun_again(error: Exception) -> None:
    log = Log(error=error)
    log.go_on.set()
    house = with_health(Seen(), log=log)
    hire(house, OperatorRole.TECHNIQUE)
    async with visiting(house) as client:
        await sign_in_operator(client)
        await post(client, PLACE, f"{PLACE}/verifier")
        assert "✕ sans résultat le 12 mars 2026 à 14 h 05 : recommencez" in await settled(client)
        log.error = None
        await post(client, PLACE, f"{PLACE}/verifier")
        assert "sans résultat" not in await settled(client)
    assert log.reads == 2


async def test_a_verification_without_end_is_broken_off() -> None:
    house = with_health(Seen(), log=Log(), most=timedelta(milliseconds=1))
    hire(house, OperatorRole.TECHNIQUE)
    async with visiting(house) as client:
        await sign_in_operator(client)
        await post(client, PLACE, f"{PLACE}/verifier")
        assert "✕ sans résultat" in await settled(client)
