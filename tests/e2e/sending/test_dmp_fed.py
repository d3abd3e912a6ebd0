"""A configured gateway feeds a DMP, which is the demo: real SOAP, real cards, real answers."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from asking import CONFIG, NOBODY, asking, once, tasks, told
from configured import Operator, order
from daemon_rig import Daemon, eventually
from listening_peer import ListeningPeer
from papers import Person, Report, mdm, report

FEEDS = '[[dmp.forward]]\nname = "dmp"\nto = "dmp+{to}"\ncard = "{card}"\ncard_key = "{key}"\n'


@dataclass
class House:
    """A hospital's gateway, and the DMP that it feeds."""

    daemon: Daemon
    operator: Operator
    dmp: Daemon
    answers: ListeningPeer
    doctor: dict[str, str]

    def paper(self, who: Person | None = None) -> Report:
        return report(
            who or self.dmp.person(), author=self.doctor["id"], house=self.doctor["organization"]
        )

    def sent(self, what: Report, control: str, action: str = "create", **orders: str) -> None:
        message = asking(mdm(what, control, action=action), **orders)
        assert self.daemon.mllp(message).code == "AA"

    def told(self, control: str) -> tuple[str, str, str]:
        """What its sender is told of a message, once he is."""
        eventually(lambda: control in {one[1] for one in map(told, self.answered())})
        return next(one for one in map(told, self.answered()) if one[1] == control)

    def answered(self) -> list[bytes]:
        return once(self.answers.messages)


@pytest.fixture(scope="module")
def house(gateway: Daemon, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("feeding")
    [doctor] = (one for one in gateway.demo["professionals"] if one["profession"] == "G15_10/SM26")
    card = Path(gateway.demo["dmp"]["cards"][doctor["id"]])
    feeds = FEEDS.format(to=gateway.places["http"], card=card, key=card.with_suffix(".key"))
    peer = ListeningPeer().start()
    operator = Operator(folder / "house").prepare(f"{CONFIG}{feeds}answer_seconds = 4.0\n")
    operator.sender("laboratory", "--answers", f"mllp://{peer.place}")
    daemon = Daemon(folder, ["--config", str(operator.config)])
    try:
        yield House(daemon.start(), operator, gateway, peer, doctor)
        assert daemon.stop() == 0
    finally:
        daemon.end()
        peer.stop()


def test_a_document_that_asks_for_it_is_fed_replaced_and_deleted(house: House) -> None:
    """ZAM^Z01 is the DMP's own word: this house has no space of that patient."""
    first = house.paper()
    house.sent(first, "FED-1")
    assert house.told("FED-1") == ("Z01", "FED-1", "Y")
    [filed] = house.dmp.filed(first.who, first.id)
    assert house.dmp.content(filed) == first.document()

    second = first.next(title="Compte rendu corrigé")
    house.sent(second, "FED-2", "replace")
    assert house.told("FED-2") == ("Z01", "FED-2", "Y")
    assert [one["status"] for one in house.dmp.filed(first.who, second.id)] == ["current"]

    itself = replace(second, replaces="")
    house.sent(itself, "MASK-1", "replace", MASQUE_PS="Y", MODIF_CONF_CODE="Y")
    assert house.told("MASK-1") == ("Z01", "MASK-1", "Y")
    [masked] = house.dmp.filed(first.who, second.id)
    codes = [one["coding"][0]["code"] for one in masked["securityLabel"]]
    assert "MASQUE_PS" in codes

    house.sent(second, "FED-3", "delete")
    assert house.told("FED-3") == ("Z01", "FED-3", "Y")
    assert house.dmp.filed(first.who, second.id) == []


def test_a_person_without_a_dmp_is_a_dead_letter_and_the_sender_hears_the_dmp_s_code(
    house: House,
) -> None:
    house.sent(house.paper(NOBODY), "NONE-1")
    assert house.told("NONE-1") == ("Z01", "NONE-1", "N")
    said = next(one for one in house.answers.messages if b"NONE-1" in one)
    assert b"|XDSUnknownPatientId^" in said
    assert [one["outcome"] for one in tasks(house.operator, "--dead")] == [
        "refused: XDSUnknownPatientId"
    ]


def test_what_does_not_ask_for_it_is_not_fed(house: House) -> None:
    """The patient has a space here, so the vault takes it; nothing waits for the DMP."""
    what = house.paper(house.operator.person)
    house.sent(what, "NOT-1", DESTDMP="N", ACK_RECEPTION="N")
    assert [one for one in tasks(house.operator) if one["lane"]] == []


def test_a_lot_that_is_sent_again_is_there_already_and_is_filed_once(house: House) -> None:
    what = house.paper()
    house.sent(what, "TWICE-1")
    house.told("TWICE-1")
    eventually(lambda: not [one for one in tasks(house.operator) if one["lane"]])
    receipt = house.daemon.mllp(asking(mdm(what, "TWICE-1"))).receipt
    [line] = [
        line
        for line in order(
            "task", "list", "--json", "--receipt", receipt, "--config", str(house.operator.config)
        ).stdout.splitlines()
        if '"forward"' in line
    ]
    number = str(json.loads(line)["id"])
    done = order("task", "retry", number, "--config", str(house.operator.config))
    assert done.returncode == 0, done.stderr
    eventually(lambda: len([one for one in house.answered() if b"TWICE-1" in one]) > 1)
    assert len(house.dmp.filed(what.who, what.id)) == 1
    assert what.who.ins not in house.daemon.log.read_text("utf-8")
