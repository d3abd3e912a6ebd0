"""A correspondent who is not in practice any more (VAULT MSG-11)."""

from dataclasses import replace

from mail_house import DIRECTORY, ROUX, Post, letter
from sqlalchemy import Connection, update

from gateway.records.correspondence.conversation import Shut
from gateway.store import schema


def forget(connection: Connection) -> None:
    """As rows were written before they were found by an address."""
    connection.execute(update(schema.professional).values(mail_name=None))


async def test_who_left_practice_is_answered_no_more_until_he_is_back(post: Post) -> None:
    """MSG-11; found by the address, in whatever case, and of a row of before it was looked for."""
    await post.come(letter(sender=ROUX.upper()))
    found = await post.only()
    assert (found.correspondent.name, found.shut) == ("Dr Hélène Roux", None)
    for left in (True, False):
        await post.store.people.add_professional(replace(DIRECTORY, left=left))
        if left:
            await post.store.database.write(forget)
        assert (await post.only()).shut is (Shut.GONE if left else None)
        assert len(await post.room.writable(post.ana, post.key)) == (not left)
    await post.store.people.add_professional(replace(DIRECTORY, mail=None))
    assert (await post.only()).correspondent.name == ROUX.upper()
