"""[[dmp.forward]]: a DMP that is fed needs an address, a card, and a name of its own."""

from pathlib import Path

import pytest
from dmp_authority import DmpAuthority
from settings_at_fault import keys_at_fault

from gateway.settings import parse_dmp

HEAD = 'profile = "test"\n[mllp]\nsender = "a"\n'
ISSUER = DmpAuthority()


def fed(folder: Path, **changes: object) -> str:
    keys = {"name": "dmp", "to": "dmp+https://dmp.example.fr", "card": "card.pem"} | changes
    if "card_key" not in changes:
        keys["card_key"] = "card.key"
    ISSUER.signer().write(folder / "card.pem").chmod(0o600)
    lines = "".join(f"{key} = {value!r}\n" for key, value in keys.items())
    return f"[[dmp.forward]]\n{lines}"


def test_an_address_and_a_card_are_enough(tmp_path: Path) -> None:
    assert keys_at_fault(tmp_path, HEAD + fed(tmp_path)) == {}


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"to": "https://dmp.example.fr"}, "to"),
        ({"to": "dmp+https://"}, "to"),
        ({"to": "dmp+https://a:b@dmp.example.fr"}, "to"),
        ({"to": "dmp+https://dmp.example.fr/x?y=z"}, "to"),
        ({"to": "dmp+http://dmp.example.fr"}, "to"),
        ({"card": "none.pem"}, "card"),
        ({"card_key": "card.pem"}, "card"),
        ({"ca": "none.pem"}, "ca"),
        ({"certificate": "card.pem"}, "certificate"),
        ({"answer_seconds": 1e9}, "answer_seconds"),
        ({"labels": ["RADIO"]}, "labels"),
        ({"name": "a b"}, "name"),
    ],
)
def test_what_cannot_be_used_is_named(tmp_path: Path, changes: dict[str, object], key: str) -> None:
    assert set(keys_at_fault(tmp_path, HEAD + fed(tmp_path, **changes))) == {f"dmp.forward.{key}"}


def test_a_key_that_others_may_read_is_named(tmp_path: Path) -> None:
    text = HEAD + fed(tmp_path)
    (tmp_path / "card.key").chmod(0o644)
    assert set(keys_at_fault(tmp_path, text)) == {"dmp.forward.card_key"}


def test_a_name_leads_to_one_place(tmp_path: Path) -> None:
    listener = '[[forward]]\nname = "dmp"\nto = "mllp://127.0.0.1:2577"\n'
    assert set(keys_at_fault(tmp_path, HEAD + listener + fed(tmp_path))) == {"dmp.forward"}


def test_an_address_says_where_the_services_stand() -> None:
    usual, own = parse_dmp("dmp+https://dmp.fr/"), parse_dmp("dmp+http://127.0.0.1:80/a/b/")
    assert (usual.services, usual.path, usual.tls) == ("https://dmp.fr", "", True)
    assert (own.services, own.path, own.is_loopback) == ("http://127.0.0.1:80/a/b", "/a/b", True)
