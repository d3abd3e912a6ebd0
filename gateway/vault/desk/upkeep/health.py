"""« Santé » : the checks of `/health/ready`, the disk, the signed head of the log, versions."""

from aiohttp import web

from gateway.errors import RefusedError
from gateway.flows.desk.health import Health
from gateway.records.health import Check
from gateway.vault.desk.frame import desk_html
from gateway.vault.desk.signin import desk_of
from gateway.vault.desk.words import age

PLACE = "/desk/sante"
CHECK_WORDS = {
    Check.STORE: ("Écriture", "la base doit être rouverte : redémarrez la passerelle"),
    Check.DISK: ("Réserve du disque", "entamée : les dépôts sont remis à plus tard"),
    Check.COMMITS: ("Enregistrement en cours", "il dure trop longtemps"),
    Check.DATABASE: ("Base de données", "elle ne répond pas à temps"),
    Check.WRITABLE: (
        "Base ouverte en écriture",
        "elle ne se laisse que lire, comme après une bascule : rien ne peut être enregistré",
    ),
    Check.LOG: ("Journal des accès", "il n'est plus ce qui a été signé : plus rien n'est signé"),
}
ENGINE_WORDS = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


async def health_page(request: web.Request) -> web.Response:
    health = desk_of(request).health
    if health is None:
        raise RefusedError("this house shows its health to nobody")
    found = await health()
    head = found.head
    return desk_html(
        request,
        "upkeep/health",
        title="Santé",
        place=PLACE,
        now=found.now,
        checks=_checks(found),
        ready=not any(one.reason for one in found.checks if one.check is not Check.LOG),
        disk=found.disk,
        head=head,
        head_age=age(found.now - head.at) if head else "",
        versions=found.versions,
        engine=ENGINE_WORDS.get(found.versions.engine, found.versions.engine),
    )


def _checks(found: Health) -> list[dict[str, object]]:
    """`is_well`, the name in words, what is wrong where something is, and since when."""
    return [
        {
            "id": one.check.value,
            "name": CHECK_WORDS[one.check][0],
            "is_well": not one.reason,
            "wrong": CHECK_WORDS[one.check][1],
            "since": one.since,
            "age": age(found.now - one.since),
        }
        for one in found.checks
    ]
