"""Puts the demo's world into an empty house; a second start finds it there."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import replace
from multiprocessing import get_context
from typing import Any

from gateway.clock import SystemIds
from gateway.daemon.demo.authorities.dmp_authority import issue_for_dmp
from gateway.daemon.demo.neighbours import near
from gateway.daemon.demo.people import DemoPerson
from gateway.daemon.demo.professionals import (
    AUDITOR_ROLES,
    AUDITORS,
    NURSE,
    OPERATOR_ROLES,
    OPERATORS,
    PODIATRIST,
    PROFESSIONALS,
    ROUX,
)
from gateway.daemon.demo.scenes.appointments import note_appointments
from gateway.daemon.demo.scenes.biology import bring_results
from gateway.daemon.demo.scenes.confidence import confide
from gateway.daemon.demo.scenes.invitation import hand_code, invite
from gateway.daemon.demo.scenes.letters import correspond
from gateway.daemon.demo.scenes.measures import measure
from gateway.daemon.demo.scenes.medical_profile import fill_profile
from gateway.daemon.demo.scenes.own_document import file_own
from gateway.daemon.demo.scenes.prevention import note_examinations
from gateway.daemon.demo.scenes.services import list_services
from gateway.daemon.demo.scenes.vaccinations import note_vaccinations
from gateway.daemon.demo.world import World, make_world, ready_part
from gateway.daemon.rooms.house import House
from gateway.records.duration import PARIS
from gateway.records.intake.filing import IdentityChange
from gateway.records.patients.account import (
    AccountState,
    Choice,
    ChoiceKind,
    Login,
    SenderAccount,
)
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.operator import Operator
from gateway.settings import Settings
from gateway.settings.demo import DEMO_SENDER
from gateway.store.keys.gateway_keys import Keys
from gateway.store.log.log_key import create_log_key, has_log_key
from gateway.store.migrating import migrate, missing_file, schema_is_current
from gateway.vault.signing_in.passwords import Argon2Hasher

ORGANIZATION = "1751234599"
TOGETHER = 64


def prepare(settings: Settings) -> None:
    """Folders, keys and schema of a demo: made where they are not there yet."""
    settings.outbox.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
    settings.outbox.mkdir(exist_ok=True, mode=0o750)
    keys = settings.store.keys
    if not keys.exists() or missing_file(settings.store.url) is not None:
        Keys.complete(keys, SystemIds())
    if not has_log_key(keys):
        create_log_key(keys, SystemIds())
    if not schema_is_current(settings.store.url):
        _migrate_apart(settings.store.url)


def _migrate_apart(url: str) -> None:
    """In a process of its own: what migrations load would stay in the daemon's memory."""
    process = get_context("fork").Process(target=migrate, args=(url,))
    process.start()
    process.join()
    if process.exitcode:
        raise OSError("the demo's database cannot be made")


def furnish_with(more: int) -> Callable[[House], Awaitable[dict[str, Any]]]:
    """The furnisher of a demo with `more` active patients beyond its own."""

    async def furnish(house: House) -> dict[str, Any]:
        folder = house.settings.outbox.parent
        now = house.clock.now()
        world = make_world(
            folder,
            house.ids,
            now.astimezone(PARIS).date(),
            neighbours=near(),
            more=more,
        )
        hashes = Hashes(house.hasher)
        await _parties(house, world)
        await _operators(house, world, hashes)
        await list_services(house, world.secrets.services, now)
        for person in world.people:
            await _person(house, world, person, hashes)
        await correspond(house)
        await confide(house)
        await bring_results(house, world.people)
        await file_own(house)
        await measure(house)
        await fill_profile(house)
        await note_vaccinations(house)
        await note_appointments(house)
        await note_examinations(house)
        for start in range(0, len(world.more), TOGETHER):
            some = world.more[start : start + TOGETHER]
            await asyncio.gather(*(_person(house, world, one, hashes) for one in some))
        return {**ready_part(world, house.settings.outbox), "dmp": issue_for_dmp(folder)}

    return furnish


class Hashes:
    """One of each password, made when the first who has it is put into the house."""

    def __init__(self, hasher: Argon2Hasher) -> None:
        self._hasher = hasher
        self._made: dict[str, asyncio.Task[str]] = {}

    async def __call__(self, password: str) -> str:
        if password not in self._made:
            self._made[password] = asyncio.ensure_future(self._hasher.hash(password))
        return await self._made[password]


async def _parties(house: House, world: World) -> None:
    """The one sender and the professionals, with the tokens of this data folder."""
    people = house.store.people
    if await people.sender_named(DEMO_SENDER) is None:
        await people.add_sender(
            SenderAccount(
                name=DEMO_SENDER,
                organization=ORGANIZATION,
                token_hash=hashlib.sha256(world.secrets.sender_token.encode()).digest(),
                results_only=True,
            )
        )
    known = {one.id for one in await people.professionals()}
    for one in PROFESSIONALS:
        if one.id not in known:
            await people.add_professional(
                replace(
                    one, token_hash=hashlib.sha256(world.secrets.tokens[one.id].encode()).digest()
                )
            )


async def _operators(house: House, world: World, hashes: Hashes) -> None:
    known = {one.login for one in await house.store.operators.operators()}
    roles = dict.fromkeys(OPERATORS, OPERATOR_ROLES)
    roles |= dict.fromkeys(AUDITORS, AUDITOR_ROLES)
    for login, name in (OPERATORS | AUDITORS).items():
        if login not in known:
            await house.store.operators.keep_operator(
                Operator(
                    number="",
                    login=login,
                    name=name,
                    password_hash=await hashes(world.secrets.operators[login]),
                    roles=roles[login],
                )
            )


async def _person(house: House, world: World, person: DemoPerson, hashes: Hashes) -> None:
    identity = person.identity
    key = house.store.keys.patient_key(identity.ins_oid or "", identity.ins or "")
    if await house.store.people.person(key) is not None:
        return
    if person.state is AccountState.INVITED:
        await invite(house, key, person)
    else:
        await house.store.people.change_identity(
            IdentityChange(key=key, identity=identity, qualified=True, state=person.state)
        )
    if person.login is not None:
        await house.store.people.add_login(
            Login(
                patient=key,
                login=person.login,
                password_hash=await hashes(world.password(person) or ""),
                email=person.email,
                mobile=person.mobile,
            )
        )
    await _choices(house, key, person)
    await hand_code(house, key, person)


async def _choices(house: House, key: PatientKey, person: DemoPerson) -> None:
    """Dr Roux is everybody's médecin traitant; M. Blanc is blocked by Claire."""
    now = house.clock.now()
    choices = [
        Choice(kind=ChoiceKind.CARE_PROFESSIONAL, target=ROUX.id, since=now, by="patient"),
        Choice(kind=ChoiceKind.TREATING, target=ROUX.id, since=now, by="patient"),
    ]
    if person.login and person.login.startswith("claire"):
        choices += [
            Choice(kind=ChoiceKind.CARE_PROFESSIONAL, target=NURSE.id, since=now, by="patient"),
            Choice(kind=ChoiceKind.BLOCK, target=PODIATRIST.id, since=now, by="patient"),
        ]
    family = [(ChoiceKind.PARENT, one, "caisse") for one in person.parents]
    family += [(ChoiceKind.CAREGIVER, one, "patient") for one in person.carers]
    for kind, ins, by in family:
        target = house.store.keys.patient_key(person.identity.ins_oid or "", ins).hex()
        choices.append(Choice(kind=kind, target=target, since=now, by=by))
    for choice in choices:
        await house.store.people.choose(key, choice)
