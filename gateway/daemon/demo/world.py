"""The demo's world with its secrets: made at the first start of a data folder, kept there.

The secrets are never constants; the file that keeps them has mode 0600.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import orjson

from gateway.access.time import MAJORITY_YEARS, birthday
from gateway.clock import Ids
from gateway.daemon.demo.people import DemoPerson, crowd, family_of_the_demo
from gateway.daemon.demo.professionals import (
    AUDITOR_ROLES,
    AUDITORS,
    OPERATOR_ROLES,
    OPERATORS,
    PROFESSIONALS,
)
from gateway.daemon.demo.scenes.services import SERVICES, told_services
from gateway.daemon.ready import write_private
from gateway.flows.reading.decided.facts import latest_day
from gateway.records.readers.operator import OperatorRole

MAIL_SENDER = "labo@demo.mssante.fr"
FILE = "demo-secrets.json"
UNKNOWN_PLACE = "99999"  # COG: a birth place that nobody knows
PASSWORD_TAIL = "aA1!"  # noqa: S105 - makes a random password meet VAULT ACC-09


@dataclass(frozen=True, slots=True, kw_only=True)
class Secrets:
    """By login, professional id, operator login or id of a service. All patients of a data folder
    have one password, `crowd`, and all operators one: a hash is meant to be slow, and a demo starts
    often.

    `first_day` is the day that the demo's people are made for: however far its clock is moved,
    a second start finds the same ones.
    """

    sender_token: str
    crowd: str
    passwords: dict[str, str]
    tokens: dict[str, str]
    operators: dict[str, str]
    first_day: str
    services: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    people: tuple[DemoPerson, ...]
    more: tuple[DemoPerson, ...]
    secrets: Secrets

    def password(self, person: DemoPerson) -> str | None:
        if person.login is None:
            return None
        return self.secrets.passwords.get(person.login, self.secrets.crowd)


def make_world(
    folder: Path, ids: Ids, today: date, *, neighbours: tuple[DemoPerson, ...], more: int
) -> World:
    """The people of today, those of the files beside us first, and the kept secrets."""
    path = folder / FILE
    kept: dict[str, Any] = orjson.loads(path.read_bytes()) if path.exists() else {}
    first_day = date.fromisoformat(kept.get("first_day") or today.isoformat())
    own = family_of_the_demo(first_day)
    taken = {person.identity.ins for person in own}
    near = [_signing_in(one, first_day) for one in neighbours if one.identity.ins not in taken]
    people = (*own[:1], *near, *own[1:])
    logins = [person.login for person in people if person.login]
    secrets = _secrets(path, kept, ids, logins, first_day)
    return World(people=people, more=tuple(crowd(more)), secrets=secrets)


def _signing_in(person: DemoPerson, today: date) -> DemoPerson:
    """A child has no login of its own (ACCESS F20): it would find no page."""
    born = latest_day(person.identity.birth_date)
    is_child = birthday(born, MAJORITY_YEARS) > today
    return replace(person, login=None, role="child") if is_child else person


def _secrets(
    path: Path, kept: dict[str, Any], ids: Ids, logins: list[str], first_day: date
) -> Secrets:
    crowd, desk = kept.get("crowd") or _password(ids), _password(ids)
    secrets = Secrets(
        sender_token=kept.get("sender_token") or ids.secret(),
        crowd=crowd,
        passwords=_filled(kept.get("passwords"), logins, lambda: crowd),
        tokens=_filled(kept.get("tokens"), [one.id for one in PROFESSIONALS], ids.secret),
        operators=_filled(kept.get("operators"), [*OPERATORS, *AUDITORS], lambda: desk),
        first_day=first_day.isoformat(),
        services=_filled(kept.get("services"), [one.id for one, _ in SERVICES], ids.secret),
    )
    text = orjson.dumps(secrets, option=orjson.OPT_INDENT_2)
    if not path.exists() or path.read_bytes() != text:
        write_private(path, text)
    return secrets


def _password(ids: Ids) -> str:
    return ids.secret() + PASSWORD_TAIL


def _filled(
    kept: dict[str, str] | None, names: list[str], make: Callable[[], str]
) -> dict[str, str]:
    old = kept or {}
    return {name: old.get(name) or make() for name in names}


def ready_part(world: World, outbox: Path) -> dict[str, Any]:
    """The `demo` part of the ready file."""
    return {
        "sender_token": world.secrets.sender_token,
        "patients": [_patient(world, person) for person in (*world.people, *world.more)],
        "professionals": [
            {
                "id": one.id,
                "name": one.name,
                "profession": "/".join(filter(None, (one.profession, one.specialty))),
                "organization": one.organization,
                "token": world.secrets.tokens[one.id],
            }
            for one in PROFESSIONALS
        ],
        "operators": _desk(world, OPERATORS, OPERATOR_ROLES),
        "auditors": _desk(world, AUDITORS, AUDITOR_ROLES),
        "applications": told_services(world.secrets.services),
        "mail_sender": MAIL_SENDER,
        "outbox": str(outbox),
    }


def _desk(
    world: World, names: Iterable[str], roles: tuple[OperatorRole, ...]
) -> list[dict[str, Any]]:
    return [
        {"login": name, "password": world.secrets.operators[name], "roles": roles} for name in names
    ]


def _patient(world: World, person: DemoPerson) -> dict[str, Any]:
    identity = person.identity
    return {
        "ins": identity.ins,
        "ins_oid": identity.ins_oid,
        "birth_family": identity.birth_family,
        "birth_given": identity.birth_given,
        "birth_givens": identity.birth_givens,
        "birth_date": identity.birth_date,
        "sex": identity.sex,
        "birth_place": identity.birth_place or UNKNOWN_PLACE,
        "serial": person.serial,
        "email": person.email,
        "mobile": person.mobile,
        "account": person.state.value,
        "login": person.login,
        "password": world.password(person),
        "role": person.role,
    }
