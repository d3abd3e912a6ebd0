"""Invitations and the ends of their windows, on every engine: once, on whatever node."""

import asyncio
import json
import re
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from store_house import OID, FixedClock, identity, put_into

from gateway.clock import SystemIds
from gateway.errors import DeferredError, RefusedError
from gateway.flows.entering.provisional import fits
from gateway.flows.inviting.bounce import Bounced
from gateway.flows.inviting.end import EndWindows
from gateway.flows.inviting.invite import Invite, Listed
from gateway.flows.inviting.send import SendInvitations
from gateway.records.duration import PARIS
from gateway.records.patients.account import AccountState, Choice, ChoiceKind, Trace
from gateway.records.patients.invitation import Invitation, OpeningPolicy
from gateway.records.patients.patient import PatientKey, Profile
from gateway.records.readers.switches import Switch
from gateway.records.task import Task, TaskKind
from gateway.store import Store
from gateway.store.index.lineage import move

MARCH = datetime(2026, 3, 2, 9, tzinfo=UTC)
MIDNIGHT = datetime(2026, 4, 14, tzinfo=PARIS).astimezone(UTC)
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
SERIAL, EMAIL = "60123456789", "zoltan@exemple.test"
PARENT = "284037511604282"


@dataclass
class Box:
    """An outbox that takes everything, but fails while `fails` is set."""

    letters: list[dict[str, str]] = field(default_factory=list)
    fails: bool = False

    async def send(self, **letter: str) -> None:
        if self.fails:
            raise DeferredError("the disk is full")
        self.letters.append(letter)

    def templates(self) -> list[str]:
        return [one["template"] for one in self.letters]

    def code(self) -> str:
        found = re.search(r"code : (\w{4} \w{4})", self.letters[-1]["body"])
        assert found is not None
        return found[1]


@dataclass
class Node:
    """A node of the daemon with the operator's command beside it."""

    store: Store
    policy: OpeningPolicy = field(default_factory=OpeningPolicy)
    box: Box = field(default_factory=Box)

    @property
    def clock(self) -> FixedClock:
        clock = self.store.database.clock
        assert isinstance(clock, FixedClock)
        return clock

    async def invite(self, listed: Listed, at: datetime = MARCH) -> AccountState | None:
        self.clock.at = at
        flow = Invite(
            people=self.store.people,
            invitations=self.store.invitations,
            names=self.store.keys,
            clock=self.clock,
            profile=Profile.TEST,
        )
        return await flow(listed, by="Lou", reason="wave 1")

    async def carried(self, at: datetime | None = None) -> list[str]:
        """What came of the tasks that are due."""
        self.clock.at = at or self.clock.at
        store = self.store
        send = SendInvitations(
            people=store.people,
            invitations=store.invitations,
            activations=store.activations,
            traces=store.traces,
            outbox=self.box,
            clock=self.clock,
            ids=SystemIds(),
            policy=self.policy,
        )
        tasks = await self.due()
        told = await send.carry(tasks)
        for task, outcome in zip(tasks, told, strict=True):
            if isinstance(outcome, str):
                await store.tasks.settle(task, outcome=outcome, at=self.clock.at)
        return [str(one) for one in told]

    async def due(self) -> list[Task]:
        kinds = frozenset({TaskKind.INVITATION})
        return await self.store.tasks.claim(self.clock.at, lease=SECOND, limit=50, kinds=kinds)

    async def end(self, at: datetime) -> int:
        self.clock.at = at
        windows = EndWindows(
            invitations=self.store.invitations, clock=self.clock, policy=self.policy
        )
        return await windows()

    async def bounced(self, key: PatientKey) -> None:
        store = self.store
        flow = Bounced(people=store.people, invitations=store.invitations, clock=self.clock)
        await flow(key, by="Lou", reason="550")

    async def state(self, key: PatientKey) -> AccountState:
        known = await self.store.people.person(key)
        assert known is not None
        return known.state

    async def kept(self, key: PatientKey) -> Invitation:
        kept = await self.store.invitations.invitation(key)
        assert kept is not None
        return kept

    async def acts(self, key: PatientKey) -> list[Trace]:
        return (await self.store.traces.of_patient(key, limit=50))[::-1]


def listed(
    serial: int = 1, *, email: str = EMAIL, parent: str = "", born: str = "1970-01-02"
) -> Listed:
    who = identity(serial, birth_date=born, birth_givens="Zoltan")
    return Listed(
        identity=replace(who, other_ids=()),
        serial=SERIAL,
        email=email,
        postal="3 rue Basse",
        parent=parent,
    )


def key_of(store: Store, one: Listed) -> PatientKey:
    return store.keys.patient_key(OID, one.identity.ins or "")


async def test_a_message_leaves_with_a_code_of_which_only_a_hash_is_kept(store: Store) -> None:
    node, one = Node(store), listed()
    key = key_of(store, one)
    assert await node.invite(one) is None
    assert await node.state(key) is AccountState.INVITED
    assert await node.carried() == ["sent"]
    letter, code = node.box.letters[0], node.box.code()
    assert (letter["channel"], letter["to"], letter["template"]) == ("email", EMAIL, "invitation")
    for said in ("13 avril 2026 à minuit", "créé le 14 avril 2026", "3422", "gratuit", "Gardez"):
        assert said in letter["body"]
    for said in ("« Activer mon espace »", "« M'opposer à la création »", "L'Assurance maladie"):
        assert said in letter["body"]
    handed = await store.activations.handed_over(key)
    assert handed is not None
    assert fits(handed, code, SERIAL)
    assert handed.expires_at == datetime(2026, 5, 26, tzinfo=PARIS).astimezone(UTC)
    assert (await node.kept(key)).ends_at == MIDNIGHT
    acts = await node.acts(key)
    assert [row.trace.action for row in acts] == ["invite", "activation-code", "invited"]
    told = json.loads(acts[-1].trace.details)
    assert (told["opposition_window"], told["automatic_creation"]) == ("P6W", True)
    for secret in (code, code.replace(" ", ""), EMAIL, "Basse"):
        assert secret not in repr(acts)
        assert secret.encode() not in await rows(store)


async def rows(store: Store) -> bytes:
    def work(connection: object) -> bytes:
        found = b""
        for table in ("invitation", "activation", "task", "trace"):
            query = text(f"SELECT * FROM {table}")  # noqa: S608 - names of ours
            for row in connection.execute(query):  # type: ignore[attr-defined]  # a Connection
                found += b"".join(
                    bytes(one) if isinstance(one, bytes | memoryview) else str(one).encode()
                    for one in row
                )
        return found

    return await store.database.read(work)


async def test_the_same_line_twice_invites_once_and_who_chose_is_left_alone(store: Store) -> None:
    node, one = Node(store), listed()
    key = key_of(store, one)
    assert [await node.invite(one) for _ in range(2)] == [None, AccountState.INVITED]
    both = await asyncio.gather(node.invite(listed(2)), node.invite(listed(2)))
    assert sorted(map(str, both)) == ["None", "invited"]
    for state in (AccountState.OPPOSED, AccountState.CLOSED, AccountState.ACTIVE):
        await put_into(store, key, state)
        assert await node.invite(one) is state
    assert await node.carried() == ["not-needed", "sent"]
    assert len(node.box.letters) == 1


async def test_what_broke_off_sends_another_code_and_the_older_one_dies(store: Store) -> None:
    node, one = Node(store), listed()
    key = key_of(store, one)
    await node.invite(one)
    node.box.fails = True
    assert await node.carried() == ["the disk is full"]
    first = await store.activations.handed_over(key)
    assert (await node.kept(key)).sent_at is None
    node.box.fails = False
    assert await node.carried(MARCH + DAY) == ["sent"]
    assert (await node.kept(key)).ends_at == MIDNIGHT + DAY, "it runs from what arrived"
    second = await store.activations.handed_over(key)
    assert first is not None
    assert second is not None
    assert not fits(first, node.box.code(), SERIAL)
    assert fits(second, node.box.code(), SERIAL)
    assert await node.carried(MARCH + 2 * DAY) == []


async def test_silence_creates_at_midnight_once_on_four_nodes(store: Store) -> None:
    node, one = Node(store), listed()
    key = key_of(store, one)
    await node.invite(one)
    await node.carried()
    assert await node.end(MIDNIGHT - SECOND) == 0
    assert await node.state(key) is AccountState.INVITED
    counts = await asyncio.gather(*(node.end(MIDNIGHT) for _ in range(4)))
    assert sorted(counts) == [0, 0, 0, 1]
    assert await node.state(key) is AccountState.CREATED
    assert await node.end(MIDNIGHT + 400 * DAY) == 0
    assert sorted(await node.carried(MIDNIGHT + DAY)) == ["not-needed", "sent"], "no late reminder"
    assert node.box.templates() == ["invitation", "account-created"]
    assert "14 avril 2026" in node.box.letters[-1]["body"]
    ended = [row for row in await node.acts(key) if row.trace.action == "window-ends"]
    (only,) = ended
    assert json.loads(only.trace.details)["automatic_creation"] is True


async def test_a_gateway_that_was_down_over_the_end_catches_up_at_its_start(store: Store) -> None:
    node = Node(store)
    people = [listed(serial) for serial in range(1, 4)]
    for one in people:
        await node.invite(one)
    await node.carried()
    assert await node.end(MIDNIGHT + 30 * DAY) == 3
    assert {await node.state(key_of(store, one)) for one in people} == {AccountState.CREATED}


@pytest.mark.parametrize(
    ("switch", "state"),
    [
        (Switch(before=False), AccountState.INVITED),
        (Switch(before=True, entries=((MIDNIGHT, False),)), AccountState.INVITED),
        (Switch(before=True, entries=((MIDNIGHT + SECOND, False),)), AccountState.CREATED),
        (Switch(before=False, entries=((MIDNIGHT, True),)), AccountState.CREATED),
    ],
)
async def test_the_switch_counts_as_it_stands_when_the_window_is_over(
    store: Store, switch: Switch[bool], state: AccountState
) -> None:
    node, one = Node(store, OpeningPolicy(automatic_creation=switch)), listed()
    key = key_of(store, one)
    await node.invite(one)
    await node.carried()
    assert ("rien n'est créé" in node.box.letters[0]["body"]) is (state is AccountState.INVITED)
    assert await node.end(MIDNIGHT + 9 * DAY) == 1
    assert await node.state(key) is state
    assert await node.end(MIDNIGHT + 99 * DAY) == 0, (
        "an invitation that stays open is looked at once"
    )


async def test_an_opposition_of_the_last_second_counts(store: Store) -> None:
    node, one = Node(store), listed()
    key = key_of(store, one)
    await node.invite(one)
    await node.carried()
    await put_into(store, key, AccountState.OPPOSED)
    assert await node.end(MIDNIGHT) == 0
    assert await node.state(key) is AccountState.OPPOSED
    assert await node.carried(MIDNIGHT - 7 * DAY) == ["not-needed"], "none after a choice"
    assert node.box.templates() == ["invitation"]


async def test_one_reminder_leaves_seven_days_before_and_two_at_most(store: Store) -> None:
    node, one = Node(store), listed()
    key = key_of(store, one)
    await node.invite(one)
    await node.carried()
    assert await node.carried(MIDNIGHT - 7 * DAY - SECOND) == []
    assert await node.carried(MIDNIGHT - 7 * DAY) == ["sent"]
    assert "13 avril 2026 à minuit" in node.box.letters[-1]["body"]
    await node.bounced(key)
    await node.carried()
    letters_end = (await node.kept(key)).ends_at
    assert letters_end is not None
    assert await node.carried(letters_end - 7 * DAY) == ["sent"]
    assert (await node.kept(key)).reminders == 2
    templates = ["invitation", "invitation-reminder"] * 2
    assert node.box.templates() == templates


async def test_an_email_that_came_back_is_followed_by_a_letter_with_its_own_window(
    store: Store,
) -> None:
    node, one = Node(store), listed()
    key = key_of(store, one)
    await node.invite(one)
    with pytest.raises(RefusedError, match="did not leave"):
        await node.bounced(key)
    await node.carried()
    old = node.box.code()
    node.clock.at = MARCH + 2 * DAY
    await node.bounced(key)
    with pytest.raises(RefusedError, match="by e-mail"):
        await node.bounced(key)
    assert await node.carried() == ["sent"]
    letter = node.box.letters[-1]
    assert (letter["channel"], letter["to"]) == ("letter", "Zoltan ZEBULONIX, 3 rue Basse")
    kept, handed = await node.kept(key), await store.activations.handed_over(key)
    assert kept.ends_at == MIDNIGHT + 7 * DAY, "posted on 4 March, received on the 9th"
    assert handed is not None
    assert (handed.email, fits(handed, old, SERIAL)) == ("", False)
    assert await node.end(MIDNIGHT + SECOND) == 0
    assert await node.end(MIDNIGHT + 7 * DAY) == 1


async def test_a_childs_code_goes_to_the_parent_who_is_named_from_then_on(store: Store) -> None:
    node = Node(store)
    child = listed(born="2016-05-20")
    with pytest.raises(RefusedError, match="minor"):
        await node.invite(child)
    with pytest.raises(RefusedError, match="adult"):
        await node.invite(listed(parent=PARENT))
    child = replace(child, parent=PARENT)
    assert await node.invite(child) is None
    assert await node.carried() == ["sent"]
    key, parent = key_of(store, child), store.keys.patient_key(OID, PARENT).hex()
    assert "représentant légal" in node.box.letters[0]["body"]
    (named,) = await store.people.choices(key)
    assert (named.kind, named.target, named.by) == (ChoiceKind.PARENT, parent, "caisse")
    assert isinstance(named, Choice)
    handed = await store.activations.handed_over(key)
    assert handed is not None
    assert handed.parent == parent
    assert await node.end(MIDNIGHT) == 1


async def test_two_records_that_became_one_end_with_the_later_window(store: Store) -> None:
    node, first, other = Node(store), listed(), listed(2, email="")
    key, joined = key_of(store, first), key_of(store, other)
    for one in (first, other):
        await node.invite(one)
    await node.carried()
    await store.database.write(lambda connection: move(connection, joined, key))
    assert await node.end(MIDNIGHT) == 0
    assert await node.state(key) is AccountState.INVITED
    assert await node.end(MIDNIGHT + 5 * DAY) == 1
    assert await node.state(key) is AccountState.CREATED


async def test_more_windows_than_a_page_are_found_in_turn(store: Store) -> None:
    node = Node(store)
    for serial in range(1, 6):
        await node.invite(listed(serial))
    await node.carried()
    found, after, pages = set(), None, 0
    while pages == 0 or after is not None:
        lines, after = await store.invitations.over(MIDNIGHT, after=after, limit=2)
        found |= {one.patient for one in lines}
        pages += 1
    assert (len(found), pages) == (5, 3)
