"""`gateway person code`: the code by which somebody activates the own space, printed once."""

import re

from cda_sample import INS_OID
from place import INS, Place, Said

from gateway.flows.entering.provisional import fits
from gateway.records.patients.account import Login, Trace
from gateway.records.patients.activation import Activation
from gateway.store import Store


def opening(place: Place, born: str = "1955-08-15") -> Said:
    words = ("--ins", INS, "--family", "Zebulonix", "--givens", "Zoé Lou", "--birth-date", born)
    more = ("--sex", "F", "--place", "51215", "--by", "Lou Testeur", "--reason", "at the counter")
    return place.command("person", "open", *words, *more)


def code(place: Place, *changes: str) -> Said:
    words = {
        "--ins": INS,
        "--serial": "60123456789",
        "--by": "Lou Testeur",
        "--reason": "asked at the counter",
    } | dict(zip(changes[::2], changes[1::2], strict=True))
    return place.command("person", "code", *(part for pair in words.items() for part in pair))


async def kept(store: Store) -> tuple[Activation | None, list[Trace]]:
    key = store.keys.patient_key(INS_OID, INS)
    found = await store.activations.handed_over(key)
    return found, await store.traces.of_patient(key, limit=9)


def test_the_code_is_printed_once_kept_as_a_hash_and_traced_without_it(place: Place) -> None:
    assert opening(place).status == 0
    status, said, err = code(place, "--mobile", "06 12 34 56 78")
    found = re.match(r"code \(shown once\): (\w{4} \w{4})\nvalid until \d{4}-\d\d-\d\d ", said)
    assert (status, err) == (0, "")
    assert found is not None
    activation, traces = place.inside(kept)
    assert activation is not None
    assert fits(activation, found[1], "60123456789")
    assert not fits(activation, found[1], "60123456780")
    assert not fits(activation, "2222 2222", "60123456789")
    assert activation.mobile == "0612345678"
    trace = traces[0].trace
    assert (trace.action, trace.rule) == ("activation-code", "P64")
    for secret in (found[1], found[1].replace(" ", ""), "0612345678"):
        assert secret not in repr(trace)
        assert secret not in repr(activation)[: repr(activation).index("mobile")]


def test_whoever_cannot_activate_gets_no_code_and_the_reason_is_said(sqlite_place: Place) -> None:
    place = sqlite_place
    assert "nobody is known" in code(place).err
    assert opening(place, "2020-08-15").status == 0
    assert (code(place).status, "is a minor" in code(place).err) == (1, True)


def test_what_is_no_serial_number_or_contact_is_refused(sqlite_place: Place) -> None:
    place = sqlite_place
    assert opening(place).status == 0
    for changes, wrong in (
        (("--serial", "1234567"), "8 to 13 digits"),
        (("--email", "zoe"), "no e-mail address"),
        (("--mobile", "0112345678"), "no mobile number"),
    ):
        said = code(place, *changes)
        assert (said.status, wrong in said.err) == (1, True)
    assert place.inside(kept)[0] is None


def test_somebody_who_has_a_login_is_said_to_lose_it(sqlite_place: Place) -> None:
    place = sqlite_place
    assert opening(place).status == 0

    async def known(store: Store) -> None:
        key = store.keys.patient_key(INS_OID, INS)
        await store.people.add_login(Login(patient=key, login="zoe55zeb", password_hash="h"))

    place.inside(known)
    assert "it ends when the code is used" in code(place).err
