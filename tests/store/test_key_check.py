"""A database knows its keys: those of another gateway are refused, on each engine."""

import pytest
from store_house import FixedClock, PlainJudge, identity

from gateway.clock import SystemIds
from gateway.records.intake.filing import IdentityChange
from gateway.store import KeyFileError, Keys, migrate, open_store
from gateway.store.engine.engines import writing_engine
from gateway.store.keys.key_check import check_keys

OWN = {"master": b"m" * 32, "index": b"i" * 32}
ANOTHERS = [("master", "master.key is another one"), ("index", "index.key is another one")]


def keys_with(another: str | None = None) -> Keys:
    """The keys of this gateway, one of them replaced."""
    return Keys(**(OWN | ({another: b"x" * 32} if another else {})))


def checks(url: str) -> int:
    engine = writing_engine(url)
    with engine.connect() as connection:
        count = connection.exec_driver_sql("SELECT count(*) FROM key_check").scalar_one()
    engine.dispose()
    return int(count)


async def with_a_person(url: str) -> None:
    """A database of before: rows, and nothing kept to check the keys by."""
    keys, ids = keys_with(), SystemIds()
    store = open_store(url, keys=keys, judge=PlainJudge(keys, ids), clock=FixedClock())
    who = identity()
    key = keys.patient_key(who.ins_oid or "", who.ins or "")
    await store.people.change_identity(IdentityChange(key=key, identity=who, qualified=True))
    await store.close()


@pytest.mark.parametrize(("name", "said"), ANOTHERS)
def test_keys_that_were_replaced_are_refused_from_the_first_start_on(
    url: str, name: str, said: str
) -> None:
    migrate(url)
    check_keys(url, keys_with())
    check_keys(url, keys_with())
    with pytest.raises(KeyFileError, match=f"do not open this database.*{said}"):
        check_keys(url, keys_with(name))
    assert checks(url) == 1


@pytest.mark.parametrize(("name", "said"), ANOTHERS)
async def test_keys_are_tried_on_the_rows_of_a_database_that_never_checked_them(
    url: str, name: str, said: str
) -> None:
    migrate(url)
    await with_a_person(url)
    with pytest.raises(KeyFileError, match=said):
        check_keys(url, keys_with(name))
    assert checks(url) == 0
    check_keys(url, keys_with())
    assert checks(url) == 1
