"""`/plus`: all that the navigation does not name, each with a sentence (PAGES section 2)."""

from collections.abc import Callable
from typing import NamedTuple

from aiohttp import web

from gateway.vault.rendering import MORE, Face, html
from gateway.vault.visit import VISIT


def anybody(_face: Face) -> bool:
    return True


class Place(NamedTuple):
    """`in_another` stands in its place inside another's profile: `{of}` is « de Léo »."""

    path: str
    words: str
    in_another: str
    sentence: str
    is_shown: Callable[[Face], bool] = anybody


def reads_history(face: Face) -> bool:
    return face.reads_history


def manages(face: Face) -> bool:
    return face.manages


PLACES = (
    Place(
        "/mesures", "Mesures", "Mesures {of}", "Poids, tension, glycémie, croissance d'un enfant."
    ),
    Place(
        "/resultats",
        "Résultats de biologie dans le temps",
        "Résultats de biologie {of} dans le temps",
        "Les chiffres des analyses, d'un document à l'autre.",
    ),
    Place(
        "/vaccination",
        "Vaccinations",
        "Vaccinations {of}",
        "Vaccins faits et à venir, attestation pour l'école.",
    ),
    Place(
        "/notifications",
        "Notifications",
        "Notifications",
        "Ce qui est arrivé dans l'espace.",
        reads_history,
    ),
    Place(
        "/historique",
        "Qui a consulté mes documents ?",
        "Qui a consulté les documents {of} ?",
        "Chaque consultation, avec sa date et sa raison.",
        reads_history,
    ),
    Place(
        "/parametres/acces",
        "Qui a accès à mes documents",
        "Qui a accès aux documents {of}",
        "Autoriser, bloquer, masquer, l'urgence, le médecin traitant.",
        manages,
    ),
    Place(
        "/catalogue",
        "Catalogue de services",
        "Catalogue de services",
        "Des applications que l'État a choisies, et ce que vous leur permettez.",
    ),
    Place(
        "/profils",
        "Profils de ma famille",
        "Profils de ma famille",
        "Changer de profil, répondre à une invitation.",
    ),
    Place(
        "/parametres",
        "Paramètres",
        "Paramètres",
        "Notifications, apparence, partage, copie des données, fermeture.",
        manages,
    ),
    Place("/aide", "Aide", "Aide", "Le 3422, un guide, de l'aide près de chez vous."),
)


async def more_page(request: web.Request) -> web.Response:
    face = request[VISIT].face
    return html(
        "patient/more.html",
        face=face,
        title="Plus",
        current=MORE,
        data_page=MORE[1:],
        places=[
            (one.path, one.in_another.format(of=face.of) if face.of else one.words, one.sentence)
            for one in PLACES
            if one.is_shown(face)
        ],
    )
