"""« Santé » : the checks of `/health/ready`, disk and backups, clock, the access log, versions."""

from datetime import datetime, timedelta

from aiohttp import web

from gateway.errors import RefusedError
from gateway.flows.desk.health import Health, HealthDesk
from gateway.records.health import BESIDE, Check, Deed, Timing
from gateway.vault.desk.acting import agent_of
from gateway.vault.desk.frame import desk_html
from gateway.vault.desk.signin import desk_of
from gateway.vault.desk.upkeep.said import CHECK_WORDS
from gateway.vault.desk.words import age
from gateway.vault.porch import see_other

PLACE = "/desk/sante"
ENGINE_WORDS = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


VERIFYING = "verification"
SAME = timedelta(seconds=0.5)
"""Clocks that are nearer to each other tell the same hour: the question takes its time too."""


async def health_page(request: web.Request) -> web.Response:
    found = await _health(request)()
    head = found.head
    return desk_html(
        request,
        "upkeep/health",
        title="Santé",
        place=PLACE,
        now=found.now,
        checks=_checks(found),
        ready=not any(one.reason for one in found.checks if one.check not in BESIDE),
        disk=found.disk,
        head=head,
        head_age=age(found.now - head.at) if head else "",
        versions=found.versions,
        engine=ENGINE_WORDS.get(found.versions.engine, found.versions.engine),
        backup=_done(found, Deed.BACKUP),
        restore=_done(found, Deed.RESTORE),
        verified=_done(found, Deed.LOG),
        verifying=age(found.now - found.verifying) if found.verifying else "",
        broken_off=_broken_off(found),
        faults=found.verified.found.faults if found.verified and found.verified.found else [],
        notice=_notice(request, found),
        timing=_timing(found.timing),
    )


async def verify(request: web.Request) -> web.Response:
    """Begins it; the page says how it ended. A second click begins no second one."""
    await _health(request).checking.begin(agent_of(request))
    return see_other(f"{PLACE}?fait={VERIFYING}")


def _health(request: web.Request) -> HealthDesk:
    health = desk_of(request).health
    if health is None:
        raise RefusedError("this house shows its health to nobody")
    return health


def _notice(request: web.Request, found: Health) -> str:
    begun = request.query.get("fait", "") == VERIFYING and found.verifying
    return "Vérification du journal commencée." if begun else ""


def _done(found: Health, deed: Deed) -> dict[str, object] | None:
    done = found.kept.get(deed)
    if done is None:
        return None
    return {
        "at": done.at,
        "age": age(found.now - done.at),
        "of": done.of,
        "size": done.size,
        "faults": done.faults,
    }


def _broken_off(found: Health) -> datetime | None:
    """When the last verification of this process ended without an answer."""
    last = found.verified
    return last.ended if last is not None and last.found is None else None


def _timing(told: Timing) -> dict[str, object]:
    return {
        "kept": told.kept,
        "within": "" if told.within is None else _span(told.within),
        "ahead": "" if told.ahead is None else _ahead(told.ahead),
    }


def _ahead(ahead: timedelta) -> str:
    if abs(ahead) < SAME:
        return f"la même heure, à {_span(SAME)} près"
    return f"{'en avance' if ahead > timedelta() else 'en retard'} de {_span(abs(ahead))}"


def _checks(found: Health) -> list[dict[str, object]]:
    """`is_well`, the name in words, what is wrong where something is, and since when."""
    return [
        {
            "id": one.check.value,
            "name": CHECK_WORDS[one.check][0],
            "is_well": not one.reason,
            "wrong": CHECK_WORDS[one.check][1],
            "said": one.reason if one.check is Check.KEYS else "",
            "since": one.since,
            "age": age(found.now - one.since),
        }
        for one in found.checks
    ]


def _span(of: timedelta) -> str:
    """« 12 ms », « 1,5 s », and from a minute on as `age`."""
    seconds = of.total_seconds()
    if seconds >= 60:
        return age(of)
    if seconds < 1:
        return f"{round(1_000 * seconds)}\u00a0ms"
    return f"{seconds:.1f}".replace(".", ",") + "\u00a0s"
