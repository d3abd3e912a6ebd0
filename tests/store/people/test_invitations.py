"""Invitations on every engine: sent once, with a code that is kept nowhere else."""

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from invitation_house import (
    DAY,
    EMAIL,
    MARCH,
    MIDNIGHT,
    PARENT,
    SECOND,
    SERIAL,
    Node,
    key_of,
    listed,
)
from sqlalchemy import text
from store_house import OID, put_into

from gateway.errors import RefusedError
from gateway.flows.entering.provisional import fits
from gateway.records.duration import PARIS
from gateway.records.patients.account import AccountState, Choice, ChoiceKind
from gateway.store import Store


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
