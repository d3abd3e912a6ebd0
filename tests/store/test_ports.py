"""Every repository answers its port: mypy is the test, this keeps it honest at run time."""

import pytest
from store_house import OID, FixedClock, PlainJudge, identity, intake

from gateway.clock import SystemIds
from gateway.errors import LostKeyError
from gateway.ports.documents.journal import Journal
from gateway.ports.documents.messages import Messages
from gateway.ports.documents.shelf import Shelf
from gateway.ports.people.people import PatientNames, People, Sessions, Traces
from gateway.ports.tasks import Tasks
from gateway.store import Keys, Store, open_store
from gateway.store.engine.engines import parse_url

Ports = tuple[Journal, Shelf, People, PatientNames, Sessions, Traces, Tasks, Messages]


def ports(store: Store) -> Ports:
    return (
        store.journal,
        store.shelf,
        store.people,
        store.keys,
        store.sessions,
        store.traces,
        store.tasks,
        store.messages,
    )


async def test_every_port_has_its_repository(store: Store) -> None:
    assert len({id(one) for one in ports(store)}) == 8


def test_names_are_stable_and_differ_by_kind_and_key() -> None:
    keys = Keys(master=bytes(32), index=b"i" * 32)
    one = identity()
    assert len(keys.patient_key(OID, one.ins or "")) == 16
    assert keys.patient_key(OID, "1") != keys.patient_key(OID, "2")
    assert keys.local_key("1.2^3") != keys.name(b"login", "1.2^3")
    other = Keys(master=bytes(32), index=b"j" * 32)
    assert other.patient_key(OID, "1") != keys.patient_key(OID, "1")


async def test_another_master_key_opens_nothing(store: Store, ids: SystemIds, url: str) -> None:
    sent = intake(ids)
    await store.journal.file(sent)
    wrong = Keys(master=bytes(32), index=bytes(32))
    thief = open_store(url, keys=wrong, judge=PlainJudge(wrong, ids), clock=FixedClock())
    with pytest.raises(LostKeyError):
        await thief.journal.raw(sent.receipt)
    await thief.close()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://h/n", "nonsense"])
def test_an_address_we_do_not_serve_is_refused(url: str) -> None:
    with pytest.raises(Exception, match=r"database is|parse"):
        parse_url(url)
