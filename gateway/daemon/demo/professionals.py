"""Invented professionals and operators of the demo: seven professions, three organisations."""

from gateway.mapping.identity import in_capitals
from gateway.records.patients.account import Professional
from gateway.records.readers.operator import OperatorRole
from gateway.settings.demo import DEMO_CENTRE15

CABINET = ("1751234565", "Cabinet des Tilleuls")
MAIL_DOMAIN = "@demo.mssante.fr"
HOSPITAL = ("1690000018", "Centre hospitalier de la Passerelle")

CENTRE_15 = (DEMO_CENTRE15, "SAMU 51, centre 15")


def _one(
    number: str, name: str, profession: str, specialty: str | None, where: tuple[str, str]
) -> Professional:
    """`number` is a PS_IdNat (8 + RPPS); nobody has a token yet."""
    return Professional(
        id=number,
        name=name,
        profession=profession,
        specialty=specialty,
        organization=where[0],
        organization_name=where[1],
        mail=_mail(name),
    )


def _mail(name: str) -> str:
    """An address of nobody, made of a name: « Dr Hélène Roux » → helene.roux@…"""
    return ".".join(in_capitals(name.removeprefix("Dr ")).lower().split()) + MAIL_DOMAIN


ROUX = _one("899900000018", "Dr Hélène Roux", "G15_10", "SM26", CABINET)
WEBER = _one("899900000026", "Dr Paul Weber", "G15_10", "SM40", HOSPITAL)
NURSE = _one("899900000034", "Inès Kaci", "G15_60", None, CABINET)
PHARMACIST = _one("899900000042", "Hugo Lenoir", "G15_21", None, HOSPITAL)
PODIATRIST = _one("899900000059", "Marc Blanc", "G15_80", None, CABINET)
MIDWIFE = _one("899900000067", "Sonia Prat", "G15_50", None, HOSPITAL)
DENTIST = _one("899900000075", "Éric Simon", "G15_40", None, CABINET)
REGULATOR = _one("899900000083", "Dr Karim Petit", "G15_10", "SM59", CENTRE_15)
PROFESSIONALS = (ROUX, WEBER, NURSE, PHARMACIST, PODIATRIST, MIDWIFE, DENTIST, REGULATOR)
OPERATOR_ROLES: tuple[OperatorRole, ...] = (
    OperatorRole.CONSEILLER,
    OperatorRole.VALIDEUR,
    OperatorRole.GESTIONNAIRE,
    OperatorRole.TECHNIQUE,
)
AUDITOR_ROLES: tuple[OperatorRole, ...] = (OperatorRole.AUDITEUR,)
OPERATORS = {"operateur1": "Camille Fabre", "operateur2": "Noé Tessier"}
AUDITORS = {"auditeur1": "Aline Marchal"}
"""By login. Acts under four eyes need both operators (VAULT DSK-01)."""
