"""What an operator may set a listener to, seen from its peers: one gateway, several listeners."""

from collections.abc import Iterator

import pytest
from answers import Ack, Line
from configured import Operator
from daemon_rig import Daemon
from papers import mdm, message, msh, number, pid, report, results
from ports import free_port

SETTINGS = {
    "plain": "",
    "strict": "strict = true",
    "lots": "batch_ack = true",
    "texts": "base64_in_text = true",
    "original": "always_original = true",
    "latin": 'charset_fallback_allowed = true\nfallback_charset = "cp1252"',
}


class House:
    """The running gateway, its one person, and a connection to each listener."""

    def __init__(
        self, operator: Operator, daemon: Daemon, ports: dict[str, int], tokens: tuple[str, str]
    ) -> None:
        self.person = operator.person
        self.daemon = daemon
        self.ports = ports
        self.plain_token, self.token = tokens

    def line(self, name: str) -> Line:
        return Line(f"127.0.0.1:{self.ports[name]}")

    def ask(self, name: str, raw: bytes) -> Ack:
        line = self.line(name)
        try:
            return line.ask(raw)
        finally:
            line.close()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    ports = {name: free_port() for name in SETTINGS}
    toml = '[http]\nlisten = "127.0.0.1:0"\n[metrics]\nlisten = "127.0.0.1:0"\n'
    toml += "[access.switches]\nstrict_mail_matrix = true\n"
    for name, more in SETTINGS.items():
        toml += f'[[mllp]]\nname = "{name}"\nlisten = "127.0.0.1:{ports[name]}"\n'
        toml += f'sender = "laboratory"\nresults_only = true\n{more}\n'
    folder = tmp_path_factory.mktemp("house")
    operator = Operator(folder / "house").prepare(toml)
    plain = operator.sender("laboratory", "--results-only")
    token = operator.sender("careful", "--results-only", "--strict")
    daemon = Daemon(folder, ["--config", str(operator.config)]).start()
    try:
        yield House(operator, daemon, ports, (plain, token))
        assert daemon.stop() == 0
    finally:
        daemon.end()


def test_every_listener_is_told_on_the_console_and_in_the_ready_file(house: House) -> None:
    told = [(one["name"], one["mllp"]) for one in house.daemon.places["listeners"]]
    assert told == [(name, f"127.0.0.1:{port}") for name, port in house.ports.items()]
    said = (house.daemon.folder / "stdout").read_text()
    assert all(f"{place} ({name})" in said for name, place in told)


def oru(house: House, **asked: str) -> bytes:
    """Results; `asked` are MSH-15 and MSH-16 as `accept` and `application`."""
    raw = results(house.person, f"L{number()}")
    both = f"|2.5|||{asked.get('accept', '')}|{asked.get('application', '')}|FRA|"
    return raw.replace(b"|2.5|||||FRA|", both.encode(), 1)


def test_a_strict_listener_refuses_what_others_take_and_says_where(house: House) -> None:
    raw = oru(house)
    broken = raw.replace(b"OBX|2|NM|6690-2^Leucocytes^LN|", b"OBX|2|NM|6690-2^L^LN~1-1^x^LN|")
    assert broken != raw
    ack = house.ask("strict", broken)
    assert ack.code == "AE"
    assert b"ERR||OBX^2^3|198^" in ack.raw
    assert house.ask("strict", oru(house)).code == "AA"
    assert house.ask("plain", broken).code == "AA"


def test_a_strict_listener_validates_a_large_message(house: House) -> None:
    what = report(house.person, narrative="x" * 300_000)
    good = mdm(what, f"L{number()}")
    broken = good.replace(b"|AU\r", b"|AU" + b"|" * 30 + b"x\r")
    ack = house.ask("strict", broken)
    assert ack.code == "AE"
    assert b"ERR||TXA^1|100^" in ack.raw


def test_a_strict_sender_is_validated_at_every_door(house: House) -> None:
    raw = oru(house).replace(b"OBX|2|NM|6690-2^Leucocytes^LN|", b"OBX|2|NM|6690-2^L^LN~1-1^x^LN|")
    reply = house.daemon.post(raw, "application/hl7-v2", token=house.token)
    assert (reply.status, reply.codes) == (422, ["structure"])
    assert reply.json["findings"][0]["where"] == "OBX[2]-3"
    assert house.daemon.post(oru(house), "application/hl7-v2", token=house.token).status == 201


def lot(*messages: bytes) -> bytes:
    return b"BHS|^~\\&|LABO|CHARMES|GW|HERE|20260115||||LOT7\r" + b"".join(messages) + b"BTS|2\r"


def test_a_batch_gets_an_answer_for_each_message_or_one_batch(house: House) -> None:
    first, second = oru(house), oru(house)
    line = house.line("plain")
    line.send(lot(first, second))
    answers = [line.answer() for _ in range(2)]
    line.close()
    controls = [raw.split(b"|")[9].decode() for raw in (first, second)]
    assert [one.control for one in answers] == controls
    assert [one.code for one in answers] == ["AA", "AA"]
    whole = house.ask("lots", lot(oru(house), oru(house))).raw.decode().split("\r")
    assert whole[0].startswith("BHS|^~\\&|GW|HERE|LABO|CHARMES|")
    assert whole[0].endswith("|LOT7")
    assert [row[:6] for row in whole if row.startswith(("MSA", "BTS"))] == ["MSA|AA"] * 2 + [
        "BTS|2"
    ]


def test_one_bad_message_of_a_batch_spoils_no_other(house: House) -> None:
    bad = oru(house).replace(b"ORU^R01^ORU_R01", b"ORU^R99^ORU_R01")
    whole = house.ask("lots", lot(bad, oru(house))).raw
    assert [row[4:6] for row in whole.split(b"\r") if row.startswith(b"MSA")] == [b"AR", b"AA"]


@pytest.mark.parametrize(
    ("listener", "make"),
    [("plain", "results"), ("plain", "document"), ("lots", "document"), ("strict", "results")],
)
def test_a_batch_of_one_message_keeps_its_bytes(house: House, listener: str, make: str) -> None:
    one = oru(house) if make == "results" else mdm(report(house.person), f"L{number()}")
    raw = lot(one).replace(b"BTS|2", b"BTS|1")
    token = house.token if listener == "strict" else house.plain_token
    ack = house.ask(listener, raw)
    assert b"MSA|AA|" in ack.raw, ack.raw
    reply = house.daemon.post(raw, "application/hl7-v2", token=token)
    assert reply.status in (200, 201), reply.body
    again = house.ask(listener, raw)
    assert b"MSA|AA|" in again.raw


@pytest.mark.parametrize(
    ("accept", "application", "good", "bad"),
    [
        ("AL", "NE", ["CA"], ["CE"]),
        ("AL", "AL", ["CA", "AA"], ["CE"]),
        ("SU", "NE", ["CA"], []),
        ("ER", "NE", [], ["CE"]),
        ("NE", "NE", [], []),
    ],
)
def test_conditions_of_acknowledgement_over_the_wire(
    house: House, accept: str, application: str, good: list[str], bad: list[str]
) -> None:
    taken = oru(house, accept=accept, application=application)
    refused = taken.replace(b"|F|||20260115\r", b"|Q|||20260115\r")
    refused = refused.replace(b"|L", b"|LX", 1)
    for raw, codes in ((taken, good), (refused, bad)):
        line = house.line("plain")
        line.send(raw)
        line.send(oru(house))
        answers = [line.answer().code for _ in range(len(codes) + 1)]
        line.close()
        assert answers == [*codes, "AA"]


def test_a_listener_may_always_answer_in_original_mode(house: House) -> None:
    assert house.ask("original", oru(house, accept="AL", application="NE")).code == "AA"


def test_a_false_character_set_is_102_or_read_by_the_fallback(house: House) -> None:
    raw = oru(house).decode().replace("Hémogramme", "Hémogramme d’urgence")
    false = raw.encode("cp1252")
    ack = house.ask("plain", false)
    assert (ack.code, ack.errors) == ("AE", [("E", "102", "")])
    assert b"MSH^1^18" in ack.raw
    assert house.ask("latin", false).code == "AA"


def test_a_document_in_text_is_102_or_read_where_the_listener_says_so(house: House) -> None:
    raw = mdm(report(house.person), f"L{number()}")
    text = raw.replace(b"|ED|", b"|TX|").replace(b"^text^XML^Base64^", b"")
    assert house.ask("plain", text).errors[0] == ("E", "102", "")
    ack = house.ask("texts", text.replace(b"|L", b"|LX", 1))
    assert ack.code == "AA", ack.raw


def test_the_mail_matrix_binds_at_the_door(house: House) -> None:
    raw = mdm(report(house.person), f"L{number()}")
    asked = b"OBX|2|CWE|DESTMSSANTEPS^^MetaDMPMSS||Y||||||F\r"
    ack = house.ask("plain", raw + asked)
    assert (ack.code, ("E", "199", "") in ack.errors) == ("AE", True)


def test_two_patients_in_one_message_are_198(house: House) -> None:
    second = pid(house.person, local="7") + "\r"
    raw = oru(house).replace(b"OBR|1|", second.encode() + b"OBR|1|", 1)
    assert ("E", "198", "") in house.ask("plain", raw).errors


def test_a_message_of_nothing_but_its_header_and_patient_is_100(house: House) -> None:
    raw = message(msh("ORU^R01^ORU_R01", f"L{number()}"), pid(house.person))
    ack = house.ask("plain", raw)
    assert (ack.code, ack.errors) == ("AE", [("E", "100", "")])
