"""What waits in Claire's box when a demo begins: a letter with a paper, and a few words."""

from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from gateway.daemon.demo.people import CLAIRE, INS_TEST
from gateway.daemon.demo.professionals import ROUX, WEBER
from gateway.daemon.rooms.house import House
from gateway.flows.receive import Delivery
from gateway.mapping.files.pdf.card import Box, CardText, card_pdf
from gateway.records.intake.filing import Door
from gateway.records.intake.understanding import Format
from gateway.records.patients.account import Professional
from gateway.records.task import TaskKind

PAPER = card_pdf(
    CardText(
        title="Lettre d'orientation (document de démonstration)",
        under="Dr Hélène Roux, Cabinet des Tilleuls",
        boxes=(Box(title="Motif", lines=("Avis sur une douleur du genou.",)),),
        foot="Inventé pour la démonstration.",
    )
)
ORIENTED = """Bonjour,

Voici la lettre d'orientation dont nous avons parlé. Donnez-la au spécialiste que vous verrez.

Vous pouvez me répondre ici.

Dr Hélène Roux
"""
INVITED = """Bonjour,

Votre rendez-vous de contrôle est confirmé. Venez avec vos derniers résultats.

Dr Paul Weber
"""
HOUR = timedelta(hours=1)


async def correspond(house: House) -> None:
    """Once in the life of a demo. Nobody is told of them: its outbox begins empty."""
    claire = house.store.keys.patient_key(INS_TEST, CLAIRE)
    if await house.store.correspondence.mails(claire):
        return
    to = f"{CLAIRE}@{house.settings.mssante.patient_domain}"
    for mail, who in (
        (_mail(house, to, WEBER, "Votre rendez-vous de contrôle", INVITED), WEBER),
        (_oriented(house, to), ROUX),
    ):
        delivery = Delivery(
            sender=who.mail or "",
            writer=who.mail,
            door=Door.SMTP,
            raw=mail.as_bytes(),
            reading=house.settings.reading(),
            recipients=(to,),
            declared=Format.MAIL,
            box=claire,
        )
        await house.receive.file_all(delivery, house.receive.understand(delivery))
    await _say_nothing(house)


async def _say_nothing(house: House) -> None:
    """Nothing else was filed yet."""
    tasks, now = house.store.tasks, house.clock.now()
    kinds = frozenset({TaskKind.NOTICE})
    for task in await tasks.claim(now + HOUR, lease=HOUR, limit=10, kinds=kinds):
        await tasks.settle(task, outcome="demo", at=now)


def _oriented(house: House, to: str) -> EmailMessage:
    mail = _mail(house, to, ROUX, "Lettre d'orientation", ORIENTED)
    mail.add_attachment(
        PAPER, maintype="application", subtype="pdf", filename="lettre-orientation.pdf"
    )
    return mail


def _mail(house: House, to: str, who: Professional, subject: str, text: str) -> EmailMessage:
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = who.mail, to, subject
    mail["Date"] = format_datetime(house.clock.now())
    mail["Message-ID"] = f"<{house.ids.identifier()}@demo.mssante.fr>"
    mail.set_content(text)
    return mail
