"""`gateway sender` on a real, empty database."""

from dataclasses import replace
from pathlib import Path

import pytest
from place import Place, command

from gateway.flows.receive import read_for
from gateway.records.intake.reading import DEFAULT_READING
from gateway.records.patients.account import SenderAccount
from gateway.store import Store


@pytest.fixture
def place(sqlite_place: Place) -> Place:
    return sqlite_place


def test_the_list_tells_the_settings_that_were_typed(place: Place) -> None:
    place.done("sender", "add", "labo", "--results-only", "--strict", "--no-identities")
    assert place.done("sender", "list").endswith("\tresults-only strict no-identities\n")
    place.done("sender", "add", "labo", "--no-strict", "--identities", "--application", "SIL")
    assert place.done("sender", "list").endswith("\tresults-only application=SIL\n")


def test_a_sender_is_added_listed_and_disabled(place: Place) -> None:
    told = place.done("sender", "add", "laboratory", "--organization", "1-750000001")
    token = told.rpartition(" ")[2].strip()
    assert len(token) >= 40
    listed = place.done("sender", "list")
    assert listed == "laboratory\tenabled\ttoken\t1-750000001\t-\t-\n"
    assert token not in listed
    place.done("sender", "disable", "laboratory")
    assert "laboratory\tdisabled" in place.done("sender", "list")


def test_a_sender_with_a_certificate_has_no_token(place: Place) -> None:
    words = ("--fingerprint", ":".join(["AB"] * 32))
    assert "token" not in place.done("sender", "add", "hospital", *words)


def test_one_certificate_is_that_of_one_sender(place: Place) -> None:
    """Who came with it would be one or the other, as the database pleased."""
    words = ("--fingerprint", "ab" * 32)
    place.done("sender", "add", "hospital", *words)
    told = place.fails("sender", "add", "clinic", *words, status=2)
    assert told.startswith("this certificate is that of hospital: ")
    assert "clinic" not in place.done("sender", "list")
    place.done("sender", "add", "hospital", *words, "--strict")
    said = place.command("sender", "add", "hospital").err
    assert said.startswith("new token for a known sender: its certificate ends")
    place.done("sender", "add", "clinic", *words)


@pytest.mark.parametrize("words", [["a b"], ["-x"], ["labo", "--fingerprint", "abc"]])
def test_a_name_or_a_fingerprint_of_the_wrong_shape_is_refused(
    place: Place, words: list[str]
) -> None:
    place.fails("sender", "add", *words, status=2)


def test_disabling_nobody_is_said(place: Place) -> None:
    assert "no sender nobody" in place.fails("sender", "disable", "nobody")


def test_without_a_configuration_nothing_is_done(tmp_path: Path) -> None:
    assert command("sender", "list", "--config", str(tmp_path / "none.toml")).status == 2


def test_a_sender_may_be_bound_to_its_applications(place: Place) -> None:
    words = ("--fingerprint", "ab" * 32, "--application", "LABO", "--application", "RIS")
    place.done("sender", "add", "hospital", *words)


def test_business_answers_go_where_the_operator_says(place: Place) -> None:
    place.done("sender", "add", "labo", "--answers", "mllp://127.0.0.1:2600")
    assert "mllp://127.0.0.1:2600" in place.done("sender", "list")
    place.done("sender", "answers", "labo", "mllps://lis.exemple.test:2575")
    assert "mllps://lis.exemple.test:2575" in place.done("sender", "list")
    nowhere = place.done("sender", "answers", "labo", "none")
    assert "mllp" not in (nowhere + place.done("sender", "list")).rpartition("nowhere")[2]
    place.fails("sender", "answers", "nobody", "none")


def test_new_credentials_keep_the_settings_of_a_known_sender(place: Place) -> None:
    async def account(store: Store) -> SenderAccount | None:
        return await store.people.sender_named("labo")

    words = ("--organization", "1-75", "--strict", "--application", "LABO", "--results-only")
    assert place.command("sender", "add", "labo", *words).err == ""
    before = place.inside(account)
    place.done("sender", "disable", "labo")
    said = place.command("sender", "add", "labo", "--no-strict")
    assert "new token for a known sender" in said.err
    assert "stays disabled: gateway sender enable labo" in said.err
    assert said.out.startswith("token (shown once): ")
    after = place.inside(account)
    assert before is not None
    assert after is not None
    assert after.token_hash != before.token_hash
    kept = replace(before, token_hash=after.token_hash, strict=False, disabled=True)
    assert after == kept
    assert place.done("sender", "enable", "labo") == "labo is enabled\n"
    assert place.inside(account) == replace(kept, disabled=False)
    place.fails("sender", "enable", "nobody")


@pytest.mark.parametrize("url", ["127.0.0.1:2600", "http://a:1", "mllp://a", "mllp://a:0"])
def test_an_address_nobody_can_send_to_is_refused(place: Place, url: str) -> None:
    assert url in place.fails("sender", "add", "labo", "--answers", url, status=2)


def test_a_sender_may_be_kept_from_saying_who_is_who(place: Place) -> None:
    async def account(store: Store) -> SenderAccount | None:
        return await store.people.sender_named("labo")

    for words, taken in ((["--no-identities"], False), ([], False), (["--identities"], True)):
        place.done("sender", "add", "labo", *words)
        found = place.inside(account)
        assert found is not None
        assert found.identities is taken
        assert read_for(DEFAULT_READING, found).identities is taken
