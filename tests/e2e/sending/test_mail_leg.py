"""The mail leg of an HL7v2 message: what leaves, to whom, and what the rules keep here."""

from email import message_from_bytes
from email.policy import SMTP
from html import unescape
from pathlib import Path

import pytest
from daemon_rig import Daemon, Visitor, eventually
from desk_rig import Agent
from papers import Report, mdm, number, report, stranger
from receipts import dsn, message_id

from gateway.mapping.mail import understand_mail
from gateway.records.intake.reading import DEFAULT_READING

DOCTOR = "dr.fictif@exemple.mssante.fr"
US = "passerelle@demo.mssante.fr"
TREATING = "helene.roux@demo.mssante.fr"
ORDERS = {"MASQUE_PS": "N", "INVISIBLE_PATIENT": "N", "INVISIBLE_REP_LEGAUX": "N"}


def with_mail(what: Report, control: str, to: str = DOCTOR, **orders: str) -> bytes:
    """The MDM with a recipient (PRT) and its orders (MetaDMPMSS)."""
    lines = [
        "PRT||UC||SB^^participation|801234567897^HODA^Adam",
        "PRT||UC||RCT^^participation|||||||||||^^X.400^" + to,
    ]
    flags = ORDERS | {"CONNEXION_SECRETE": "N", "DESTDMP": "Y", "DESTMSSANTEPS": "Y"} | orders
    for place, (code, value) in enumerate(flags.items(), 2):
        lines.append(f"OBX|{place}|CWE|{code}^^MetaDMPMSS||{value}^^expandedYes-NoIndicator||||||F")
    return mdm(what, control) + "".join(f"{line}\r" for line in lines).encode()


def sent_to(gateway: Daemon, address: str) -> list[bytes]:
    folder = Path(gateway.demo["outbox"]).parent / "sent-mail"
    mails = [path.read_bytes() for path in sorted(folder.glob("*.eml"))]
    return [raw for raw in mails if message_from_bytes(raw)["To"] == address]


def text_of(raw: bytes) -> str:
    part = message_from_bytes(raw, policy=SMTP).get_body()
    assert part is not None
    return str(part.get_content())


def test_a_recipient_gets_the_document_in_an_archive_that_reads_the_same(
    gateway: Daemon,
) -> None:
    what, address = report(gateway.person()), f"dr{number()}@exemple.mssante.fr"

    assert gateway.mllp(with_mail(what, f"E2E{number()}", address)).code == "AA"
    (raw,) = eventually(lambda: sent_to(gateway, address))

    understood = understand_mail(raw, DEFAULT_READING)
    assert [one.unique_id for one in understood.documents] == [what.id]
    assert understood.contents[0].body == what.document()
    assert message_from_bytes(raw)["X-MSS-CODECDA"] == what.type


def test_the_mail_leaves_though_the_patient_has_no_space_here(gateway: Daemon) -> None:
    what, address = report(stranger()), f"dr{number()}@exemple.mssante.fr"

    ack = gateway.mllp(with_mail(what, f"E2E{number()}", address))

    assert ack.code == "AA"
    assert "vault-absent" in gateway.fate(ack.receipt).codes
    (raw,) = eventually(lambda: sent_to(gateway, address))
    assert understand_mail(raw, DEFAULT_READING).contents[0].body == what.document()


def test_the_senders_own_words_go_to_whom_they_are_for(gateway: Daemon) -> None:
    what, doctor = report(gateway.person()), f"dr{number()}@exemple.mssante.fr"
    box = f"{what.who.ins}@patient.mssante.fr"
    words = [
        "PRT||UC||RCT|||||||||||^^X.400^" + box,
        "OBX|20|ED|CORPSMAIL_PS^^MetaDMPMSS||^TEXT^^Base64^Q2hlciBjb25mcsOocmU=||||||F",
        "OBX|21|ED|CORPSMAIL_PATIENT^^MetaDMPMSS||^TEXT^^Base64^Qm9uam91cg==||||||F",
        "OBX|22|CE|DESTMSSANTEPAT^^MetaDMPMSS||Y||||||F",
        "NTE|1|||FIN",
    ]
    raw = with_mail(what, f"E2E{number()}", doctor) + "".join(f"{w}\r" for w in words).encode()
    before = len(sent_to(gateway, box))

    assert gateway.mllp(raw).code == "AA"
    (professional,) = eventually(lambda: sent_to(gateway, doctor))
    patient = eventually(lambda: sent_to(gateway, box)[before:])[0]

    assert ("Cher confrère" in text_of(professional), "Bonjour" in text_of(patient)) == (True, True)
    ends = [message_from_bytes(one)["X-MSS-MES"] for one in (professional, patient)]
    assert ends == [None, "FIN"]


def emergency(gateway: Daemon) -> bytes:
    """The mail that the treating doctor of the first patient gets when Dr Weber enters."""
    who, before = gateway.person(), set(sent_to(gateway, TREATING))
    weber = next(one for one in gateway.demo["professionals"] if "Weber" in one["name"])
    desk = Visitor(gateway)
    desk.fill("/pro", "/pro/connexion", jeton_demonstration=weber["token"])
    found = desk.fill("/pro", "/pro/patients", ins=who.ins)
    address = found.headers["location"] + "/urgence"
    assert desk.fill(address, address, motif="coma", incapable="oui").status == 303
    (mail,) = eventually(lambda: set(sent_to(gateway, TREATING)) - before)
    return bytes(mail)


def test_the_treating_doctor_is_mailed_of_an_emergency_and_the_patient_reads_it(
    gateway: Daemon, patient: Visitor
) -> None:
    who, mail = gateway.person(), emergency(gateway)
    said = text_of(mail) + str(message_from_bytes(mail, policy=SMTP)["Subject"])
    assert "médecin traitant" in said
    assert not any(word in said for word in (who.ins, who.family, who.given, "Weber", "coma"))
    eventually(
        lambda: "est averti d&#39;un accès en urgence" in patient.get("/historique").body.decode()
    )


def test_operator_and_patient_learn_that_the_mail_to_the_treating_doctor_came_back(
    gateway: Daemon, patient: Visitor
) -> None:
    bring_back(gateway, emergency(gateway))
    eventually(lambda: 'kind="doctor-notice",outcome="returned"' in gateway.metrics())
    page = unescape(patient.get("/historique").body.decode())
    assert "n'a pas reçu l'avis d'un accès en urgence : le message est revenu" in page
    assert "est averti d'un accès en urgence" in page


def bring_back(gateway: Daemon, mail: bytes, code: str = "550") -> None:
    """As the relay does, with the header of the mail."""
    date, said = str(message_from_bytes(mail)["Date"]), f"smtp; {code} 5.1.1 No such mailbox"
    with gateway.smtp() as client:
        client.sendmail("", [US], dsn(message_id(mail), to=US, date=date, diagnostic=said))


def test_the_late_return_of_a_mail_undoes_no_later_try(gateway: Daemon, patient: Visitor) -> None:
    """The operator tries it again at the desk, once its first return is told."""
    domain = f"cabinet{number()}.mssante.fr"
    address = f"dr@{domain}"
    raw = with_mail(report(gateway.person()), f"E2E{number()}", address)
    assert gateway.mllp(raw).code == "AA"
    (first,) = eventually(lambda: sent_to(gateway, address))
    bring_back(gateway, first)
    desk = Agent(gateway).sign_in()
    (letter,) = eventually(lambda: letters_of(desk, domain))
    said = unescape(patient.get("/historique").body.decode())
    assert "n'a pas reçu un document par messagerie sécurisée" in said
    place = f"/desk/echecs/{letter}/relancer"
    assert desk.wind("PT2S").status == 303
    assert desk.fill(place, place).status == 303
    second = eventually(lambda: set(sent_to(gateway, address)) - {first})
    bring_back(gateway, first, "551")
    eventually(lambda: 'kind="mail-report",outcome="earlier"' in gateway.metrics())
    assert letters_of(desk, domain) == []
    bring_back(gateway, *second)
    assert eventually(lambda: letters_of(desk, domain)) == [letter]


def letters_of(desk: Agent, domain: str) -> list[str]:
    """Numbers of the dead letters for this domain."""
    page = desk.get("/desk/echecs").body.decode()
    rows = page.split('data-kind="courrier"')[1:]
    return [row.split('data-id="')[1].split('"')[0] for row in rows if domain in row]


@pytest.mark.parametrize(
    "orders", [{"MASQUE_PS": "Y"}, {"DESTMSSANTEPS": "N", "DESTMSSANTEPAT": "N"}]
)
def test_a_masked_document_and_one_without_an_order_are_never_mailed(
    gateway: Daemon, orders: dict[str, str]
) -> None:
    secret = f"dr{number()}@exemple.mssante.fr"
    gateway.mllp(with_mail(report(gateway.person()), f"E2E{number()}", secret, **orders))
    later = f"dr{number()}@exemple.mssante.fr"
    gateway.mllp(with_mail(report(gateway.person()), f"E2E{number()}", later))

    assert eventually(lambda: sent_to(gateway, later))
    assert sent_to(gateway, secret) == []
