"""« Rejouer »: two readings side by side, then a page before the act, then the act, once."""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient
from told_messages import RECEIPT, ToldMessages, envelope
from vault_house import CLAIRE, House, hire, key_of, post, sign_in_operator, visiting

from gateway.access.grid import shipped_grid
from gateway.errors import RefusedError
from gateway.flows.desk.agent import DeskGate
from gateway.flows.desk.messages.listing import MessageDesk
from gateway.flows.desk.messages.replaying import ReplayDesk
from gateway.flows.difference import QUOTED, UNQUOTED, Difference
from gateway.flows.replay import Replay
from gateway.records.documents.replayed import Replayed
from gateway.records.intake.filing import Answer
from gateway.records.intake.finding import Verdict
from gateway.records.intake.messages import Message
from gateway.records.patients.account import NewTrace
from gateway.records.patients.patient import PatientIdentity
from gateway.records.readers.operator import OperatorRole
from gateway.vault.desk.messages.replay import FIELD_WORDS

PLACE = f"/desk/messages/{RECEIPT}"
RELABELLED = (
    Difference(what="finding", before="none", after="warning title-missing at DURAND CLAIRE.pdf"),
    Difference(what="documents[0].label", before="AUTR_DOC", after="BIOLOGIE"),
    Difference(what="documents[0].type_code", before="00000-0", after="11502-2"),
    Difference(what="documents[0].type_display", before="Chez Claire", after="Chez Zoé"),
    Difference(what="documents[0].language", before="Claire", after="Zoé"),
    Difference(what="documents[0].mime_type", before="text/xml", after="application/pdf"),
    Difference(what="documents[0].hash_ok", before="False", after="True"),
    Difference(what="documents[1].patient.birth_family", before="present", after="changed"),
    Difference(what="documents[1].confidentiality", before="N", after="R"),
)
Client = TestClient[web.Request, web.Application]


@dataclass
class ToldReplays:
    """A twin of `ReplayReceipt` that is also the port of what it kept."""

    found: Replay
    dropped: bool = False
    kept: list[NewTrace] = field(default_factory=list)

    @property
    def replays(self) -> "ToldReplays":
        return self

    async def compare(self, receipt: str) -> Replay:
        if self.dropped:
            raise RefusedError(f"the bytes of receipt {receipt} were dropped")
        return replace(self.found, differences=()) if self.kept else self.found

    async def __call__(self, receipt: str, *, told: Callable[[Replay], NewTrace]) -> Replay:
        found = await self.compare(receipt)
        if found.differences:
            self.kept.append(told(found))
        return found

    async def latest(self, receipt: str) -> Replayed | None:
        if not self.kept:
            return None
        return Replayed(
            receipt=receipt,
            at=envelope().at,
            by=self.kept[-1].actor,
            software="9.9.9",
            verdict=self.found.after,
        )


def replay(*differences: Difference, **changes: object) -> ToldReplays:
    found = Replay(
        receipt=RECEIPT,
        before=Verdict.ACCEPT,
        after=Verdict.ACCEPT,
        differences=differences,
        shown=["d" * 32] if differences else [],
    )
    return ToldReplays(found=replace(found, **changes))  # type: ignore[arg-type]  # any field


def furnish(told: ToldReplays, verdict: Verdict = Verdict.ACCEPT) -> House:
    house = House()
    gate = DeskGate(
        traces=house.traces, clock=house.clock, grid=shipped_grid(), switches=house.switches
    )
    message = Message(
        envelope=envelope(verdict),
        patient=key_of(CLAIRE),
        answer=Answer(receipt=RECEIPT, verdict=verdict),
        control_id="",
        documents=(),
        tasks=(),
        answers=(),
    )
    messages = MessageDesk(gate=gate, messages=ToldMessages(one=message))
    replays = ReplayDesk(messages=messages, replay=told)  # type: ignore[arg-type]  # its twin
    house.furnish_desk = lambda rooms: replace(rooms, messages=messages, replays=replays)
    hire(house, OperatorRole.TECHNIQUE)
    return house


async def shown(client: Client, path: str) -> tuple[int, str]:
    answer = await client.get(path)
    return answer.status, html.unescape(await answer.text())


def rows(text: str) -> list[list[str]]:
    """The cells of each difference, as they are read aloud."""
    found = re.findall(r'<tr data-kind="difference".*?</tr>', text, re.DOTALL)
    cells = [re.findall(r"<t[hd].*?</t[hd]>", one, re.DOTALL) for one in found]
    return [[re.sub(r"<[^>]+>", "", cell).strip() for cell in row] for row in cells]


async def test_both_readings_stand_side_by_side_without_a_label_or_a_name() -> None:
    house = furnish(replay(*RELABELLED))
    async with visiting(house) as client:
        await sign_in_operator(client)
        status, text = await shown(client, f"{PLACE}/rejouer")
    assert status == 200
    assert rows(text) == [
        ["Constat", "− avant : aucun", "+ aujourd'hui : title-missing, attention, ●●●.pdf"],
        ["Document 1 : Libellé", "− avant : présent", "+ aujourd'hui : présent, autre"],
        ["Document 1 : Code de type", "− avant : 00000-0", "+ aujourd'hui : 11502-2"],
        [
            "Document 1 : Nom du type, de l'émetteur",
            "− avant : présent",
            "+ aujourd'hui : présent, autre",
        ],
        ["Document 1 : Langue", "− avant : présent", "+ aujourd'hui : présent, autre"],
        ["Document 1 : Type de fichier", "− avant : text/xml", "+ aujourd'hui : application/pdf"],
        ["Document 1 : Empreinte juste", "− avant : non", "+ aujourd'hui : oui"],
        ["Document 2 : Nom de naissance", "− avant : présent", "+ aujourd'hui : présent, autre"],
        ["Document 2 : Confidentialité", "− avant : N", "+ aujourd'hui : R"],
    ]
    assert not re.search(r"Claire|Zoé|DURAND|BIOLOGIE|AUTR_DOC", text)
    (look,) = [one.trace for one in house.traces.rows if one.trace.action == "message"]
    assert look.patient == key_of(CLAIRE)


async def test_the_page_before_the_act_counts_what_changes_and_what_never_does() -> None:
    async with visiting(furnish(replay(*RELABELLED))) as client:
        await sign_in_operator(client)
        _, text = await shown(client, f"{PLACE}/rejouer/appliquer")
    assert "1 document change de libellé ou de type pour ses lecteurs." in text
    same = "1 document est compris avec une autre identité : il reste chez la même personne."
    assert same in text
    assert "1 document est compris avec une autre confidentialité : il garde sa visib" in text


async def test_what_was_shown_is_applied_in_the_name_of_the_agent_and_once() -> None:
    told = replay(*RELABELLED)
    async with visiting(furnish(told)) as client:
        await sign_in_operator(client)
        page = await (await client.get(f"{PLACE}/rejouer/appliquer")).text()
        (seen,) = re.findall(r'name="vu" value="([0-9a-f]{64})"', page)
        first = await post(client, "/desk/aide", f"{PLACE}/rejouer/appliquer", vu=seen)
        second = await post(client, "/desk/aide", f"{PLACE}/rejouer/appliquer", vu=seen)
        _, text = await shown(client, f"{PLACE}?fait=rejoue")
        _, nothing = await shown(client, f"{PLACE}/rejouer")
    assert first[:2] == (303, f"{PLACE}?fait=rejoue")
    assert second[:2] == (303, f"{PLACE}?fait=deja")
    (act,) = told.kept
    assert (act.action, act.actor, act.kind) == ("message-replayed", "101", "operator")
    assert "La nouvelle lecture est appliquée." in text
    assert "Relu par la version 9.9.9 : accepté." in text
    assert "Compris aujourd'hui comme alors" in nothing


async def test_what_changed_since_the_page_is_not_applied() -> None:
    told = replay(*RELABELLED)
    async with visiting(furnish(told)) as client:
        await sign_in_operator(client)
        answer = await post(client, "/desk/aide", f"{PLACE}/rejouer/appliquer", vu="0" * 64)
    assert (answer[0], told.kept) == (409, [])
    assert "Relire les différences" in html.unescape(answer[2])


async def test_a_refused_message_stays_refused_and_that_is_said() -> None:
    verdict = Difference(what="verdict", before="refuse", after="accept")
    told = replay(verdict, before=Verdict.REFUSE, shown=[])
    async with visiting(furnish(told, Verdict.REFUSE)) as client:
        await sign_in_operator(client)
        _, text = await shown(client, f"{PLACE}/rejouer")
        _, before = await shown(client, f"{PLACE}/rejouer/appliquer")
    assert ["Verdict", "− avant : refusé", "+ aujourd'hui : accepté"] in rows(text)
    assert "Il reste refusé : son émetteur peut le renvoyer." in text
    assert "Aucun document ne change de libellé ni de type" in before


@pytest.mark.parametrize("path", ["rejouer", "rejouer/appliquer"])
async def test_what_is_held_is_settled_with_its_identity(path: str) -> None:
    async with visiting(furnish(replay(), Verdict.HOLD)) as client:
        await sign_in_operator(client)
        status, text = await shown(client, f"{PLACE}/{path}")
        _, message = await shown(client, PLACE)
    assert status == 409
    assert f'href="/desk/identites/{RECEIPT}"' in text
    assert "Rejouer" not in message


@pytest.mark.parametrize("path", ["rejouer", "rejouer/appliquer"])
async def test_bytes_that_are_gone_and_receipts_that_are_none_are_not_there(path: str) -> None:
    told = replay()
    told.dropped = True
    async with visiting(furnish(told)) as client:
        await sign_in_operator(client)
        assert (await client.get(f"{PLACE}/{path}")).status == 404
        assert (await client.get(f"/desk/messages/{'0' * 32}/{path}")).status == 404


async def test_only_who_follows_messages_replays_one() -> None:
    told = replay(*RELABELLED)
    house = furnish(told)
    hire(house, OperatorRole.VALIDEUR, login="valideur1")
    async with visiting(house) as client:
        await sign_in_operator(client, "valideur1")
        assert (await client.get(f"{PLACE}/rejouer")).status == 403
        done = await post(client, "/desk/aide", f"{PLACE}/rejouer/appliquer", vu="")
    assert (done[0], told.kept) == (403, [])


def test_every_field_that_is_compared_has_its_french_words() -> None:
    compared = {*QUOTED, *UNQUOTED, *(f"patient.{one.name}" for one in fields(PatientIdentity))}
    assert compared | {"verdict", "documents", "finding"} == set(FIELD_WORDS)
