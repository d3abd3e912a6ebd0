"""Two nodes that change one person at once."""

from dataclasses import replace

from sqlalchemy import Connection, event
from store_house import OID, identity

from gateway.records.intake.filing import IdentityChange
from gateway.records.patients.account import AccountState
from gateway.store import Keys, Store
from gateway.store.index.identities import change_identity


async def test_a_word_of_one_node_is_not_undone_by_what_another_read_before(
    store: Store, keys: Keys
) -> None:
    key = keys.patient_key(OID, identity().ins or "")
    change = IdentityChange(
        key=key, identity=identity(), qualified=True, state=AccountState.ACTIVE, status="VALI"
    )
    await store.people.change_identity(change)
    plain = replace(change, state=None, status=None, qualified=False)
    statements: list[str] = []

    def work(connection: Connection) -> None:
        @event.listens_for(connection, "before_cursor_execute")
        def note(*words: object) -> None:
            statements.append(str(words[2]))

        change_identity(connection, store.database.keyring, plain)

    await store.database.write(work)
    (written,) = (one for one in statements if "INTO patient" in one)
    _, _, changed = written.partition("DO UPDATE SET")
    assert not any(name in changed for name in ("state", "feeding", "identity_status"))
    person = await store.people.person(key)
    assert person is not None
    assert (person.state, person.status) == (AccountState.ACTIVE, "VALI")
    assert not person.qualified
