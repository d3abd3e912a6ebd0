"""The attestation as a paper: what VAULT VAC-05 names, and nothing else of health."""

from datetime import date

from gateway.mapping.files.pdf.tagged import Heading, Paper, Paragraph, Table, tagged_pdf
from gateway.mapping.prevention.vaccines.attestation import Standing
from gateway.records.patients.attestation import Attestation, written
from gateway.vault import words

TITLE = "Attestation de vaccination"
HEAD = ("Vaccination obligatoire", "Dates")
NO_DAY = "aucune date notée"
ORIGIN = (
    "Établie d'après les vaccinations notées dans Mon espace santé par la famille et par les"
    " professionnels de santé."
)
ASK = "Pour vérifier cette attestation : {address}, code {code}"


def attestation_pdf(one: Attestation, *, address: str) -> bytes:
    """`address` is where its code is checked. Takes some time: PDFium is loaded for it."""
    born = f"né(e) le {words.day(one.birth_date)}"
    return tagged_pdf(
        Paper(
            title=TITLE,
            made_at=one.made_at,
            blocks=(
                Heading(TITLE),
                Paragraph(f"{one.names}, {born}"),
                Paragraph(standing_of(one)),
                Table(HEAD, tuple((row.title, days_of(row.days)) for row in one.valences), (2, 3)),
                Paragraph(f"Attestation du {words.date_of(one.made_at)}. {ORIGIN}"),
                Paragraph(ASK.format(address=address, code=written(one.code))),
            ),
        )
    )


def standing_of(one: Attestation) -> str:
    """The words of VAC-05."""
    if one.standing == Standing.UP_TO_DATE:
        return "Vaccinations obligatoires : à jour"
    if one.standing == Standing.CONTRAINDICATED:
        return "Contre-indication : oui"
    return f"Vaccinations obligatoires : non à jour à la date du {words.date_of(one.made_at)}"


def days_of(days: tuple[str, ...]) -> str:
    return ", ".join(words.day(date.fromisoformat(one)) for one in days) or NO_DAY
