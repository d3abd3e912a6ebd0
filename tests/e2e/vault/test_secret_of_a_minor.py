"""A document hidden from representatives, in the running daemon: deposit, opening, new version,
mail and the day it is lifted; no notice at any address, and none that betrays it by its absence."""

import json
from email import message_from_bytes
from pathlib import Path

import pytest
from daemon_rig import Daemon, Make, Visitor, eventually
from desk_rig import Agent
from papers import Person, Report, mdm, number, report

from gateway.mapping.fhir.written.deposit import FileBrought, reference_with
from gateway.records.documents.document import Author

QUARTER = "PT20M"
SEEN, TOLD = "Vaccin de Léo", "Entretien de Léo"
PAGES = (
    *("/", "/profils", "/documents", "/documents?q=entretien", "/parametres", "/parametres/acces"),
    *("/historique", "/historique?moi=oui", "/historique/csv", "/historique/preuve"),
)
KINDS = ("DocumentReference", "AuditEvent")
ORDERS = {"MASQUE_PS": "N", "INVISIBLE_PATIENT": "N", "CONNEXION_SECRETE": "N", "DESTDMP": "Y"}


@pytest.fixture
def demo(make_gateway: Make) -> Daemon:
    return make_gateway().start()


def leo(daemon: Daemon) -> Person:
    return next(Person.of(one) for one in daemon.demo["patients"] if one["birth_given"] == "Léo")


def send(
    daemon: Daemon, what: Report, *, hidden: bool, action: str = "create", box: str = ""
) -> str:
    """An MDM that files a document, and sends it to a mailbox where one is named; its id."""
    orders = ORDERS | {"INVISIBLE_REP_LEGAUX": "Y" if hidden else "N"}
    orders |= {"DESTMSSANTEPAT": "Y"} if box else {}
    lines = ["PRT||UC||SB^^participation|801234567897^HODA^Adam"]
    lines += [f"PRT||UC||RCT^^participation|||||||||||^^X.400^{box}"] if box else []
    lines += [
        f"OBX|{place}|CWE|{code}^^MetaDMPMSS||{value}^^expandedYes-NoIndicator||||||F"
        for place, (code, value) in enumerate(orders.items(), 2)
    ]
    raw = mdm(what, f"SEC{number()}", action=action) + "".join(f"{x}\r" for x in lines).encode()
    ack = daemon.mllp(raw)
    assert ack.code == "AA", ack
    return str(daemon.fate(ack.receipt).json["documents"][0]["id"])


def letters(daemon: Daemon) -> list[tuple[str, str]]:
    """Addressee and template of every notice so far, after the quarter of an hour is over; but
    for Rose, who has results of the demo's own."""
    Agent(daemon).sign_in().wind(QUARTER)
    read = [json.loads(one.read_text()) for one in Path(daemon.demo["outbox"]).glob("*.json")]
    kinds = ("new_document", "changed_document", "access", "opened", "waiting")
    rose = next(one for one in daemon.demo["patients"] if one["birth_given"] == "Rose")
    told = ((one["to"], one["template"]) for one in read if one["template"] in kinds)
    return sorted(one for one in told if one[0] != rose["email"])


def address(daemon: Daemon) -> str:
    """Where Claire is written to."""
    return str(claire(daemon)["email"])


def claire(daemon: Daemon) -> dict[str, str]:
    return next(one for one in daemon.demo["patients"] if one["birth_given"] == "Claire")


def mother(daemon: Daemon) -> Visitor:
    """Claire's browser, in Léo's profile."""
    visitor = Visitor(daemon).sign_in(claire(daemon))
    shown = visitor.get("/profils").body.decode().partition("Ouvrir le profil de Léo<")[0]
    profile = shown.rpartition('name="profil" value="')[2].partition('"')[0]
    visitor.fill("/profils", "/profils", profil=profile)
    return visitor


def test_nobody_is_told_of_it_until_its_author_lifts_it(demo: Daemon) -> None:
    who, to = leo(demo), address(demo)
    secret = report(who, title=TOLD, narrative=TOLD)
    name = send(demo, secret, hidden=True)
    assert letters(demo) == []
    again = secret.next()
    send(demo, again, hidden=True, action="replace")
    assert letters(demo) == []

    visitor, whose = mother(demo), f"patient.identifier=urn:oid:{who.oid}%7C{who.ins}"
    for path in (*PAGES, *(f"/fhir/{kind}?{whose}" for kind in KINDS)):
        shown = visitor.get(path)
        text = shown.body.decode()
        assert (shown.status, TOLD in text, name in text) == (200, False, False), path
    assert visitor.get(f"/fhir/DocumentReference?{whose}").json["total"] == 0
    refused, absent = visitor.get(f"/documents/{name}"), visitor.get(f"/documents/{'f' * 32}")
    assert refused.status == absent.status == 404

    send(demo, again.next(), hidden=False, action="replace")
    assert letters(demo) == [(to, "changed_document")]
    assert TOLD in mother(demo).get("/documents").body.decode()


def test_an_access_to_it_alone_is_told_to_nobody_and_the_next_is_the_first(demo: Daemon) -> None:
    name = send(demo, report(leo(demo), title=TOLD), hidden=True)
    opened = demo.http("GET", f"/fhir/DocumentReference/{name}", headers=demo.doctor)
    assert opened.status == 200
    assert letters(demo) == []
    assert "Roux" not in mother(demo).get("/historique").body.decode()

    assert demo.search(leo(demo))  # a list, which a parent may read of
    assert letters(demo) == [(address(demo), "access")]
    assert "Roux" in mother(demo).get("/historique").body.decode()


def test_it_is_mailed_to_no_box_of_a_minor(demo: Daemon) -> None:
    who = leo(demo)
    box, folder = f"{who.ins}@patient.mssante.fr", Path(demo.demo["outbox"]).parent / "sent-mail"
    send(demo, report(who, title=TOLD), hidden=True, box=box)
    send(demo, report(who, title=SEEN), hidden=False, box=box)

    def sent() -> list[str]:
        mails = [message_from_bytes(one.read_bytes()) for one in sorted(folder.glob("*.eml"))]
        return [str(one["Subject"]) for one in mails if one["To"] == box]

    eventually(sent)
    assert len(sent()) == 1


def reference(who: Person, *codes: str) -> bytes:
    """A DocumentReference with these codes of confidentiality."""
    return reference_with(
        FileBrought(
            unique_id=f"urn:oid:1.2.250.1.999.77.{number()}",
            patient=who.identity,
            author=Author(kind="person", id="801234567897", family="Adam", given="Lou"),
            mime_type="text/plain",
            body=f"{TOLD} {number()}".encode(),
            codes=codes,
            type_code="11488-4",
            type_system="2.16.840.1.113883.6.1",
            type_display="CR de consultation",
            title=TOLD,
            act_date="2026-03-01",
        )
    )


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("INVISIBLE_REPRENSANTS_LEGAUX", 201),  # as an older text has it
        ("INVISIBLE_REPRESENTANT_LEGAL", 422),
        ("invisible_representants_legaux", 422),
        ("SECRET", 422),
    ],
)
def test_no_spelling_of_the_order_shows_it_to_a_parent(
    gateway: Daemon, code: str, status: int
) -> None:
    who = leo(gateway)
    headers = gateway.sender() | {"Content-Type": "application/fhir+json"}
    body = reference(who, "N", code)
    reply = gateway.http("POST", "/fhir/DocumentReference", body, headers)
    assert reply.status == status, reply.body
    if status == 422:
        assert b"INVISIBLE_REPRESENTANTS_LEGAUX" in reply.body
    assert TOLD not in mother(gateway).get("/documents").body.decode()
