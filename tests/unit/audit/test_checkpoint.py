"""Checkpoints: what we sign a stranger can check, and nothing else passes."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.audit.checkpoint import (
    Checkpoint,
    CheckpointError,
    key_id,
    sign,
    verifier_key,
    verify,
)

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw()
NAME = "passerelle.example/log"
HEAD = Checkpoint("passerelle.example/log", 42, bytes(32))


def test_a_signed_checkpoint_is_three_lines_a_blank_and_a_signature() -> None:
    origin, size, root, blank, signature, end = sign(HEAD, NAME, KEY).split("\n")
    assert (origin, size, blank, end) == (HEAD.origin, "42", "", "")
    assert base64.b64decode(root) == HEAD.root
    assert signature.startswith(f"— {NAME} ")
    assert base64.b64decode(signature.split(" ")[2])[:4] == key_id(NAME, PUBLIC)


def test_what_was_signed_is_read_back() -> None:
    assert verify(sign(HEAD, NAME, KEY), NAME, PUBLIC) == HEAD


def test_the_signature_of_a_witness_stands_beside_ours() -> None:
    witness = Ed25519PrivateKey.from_private_bytes(bytes(32))
    line = sign(HEAD, "witness", witness).split("\n")[4]
    text = sign(HEAD, NAME, KEY) + line + "\n"
    assert verify(text, NAME, PUBLIC) == HEAD
    assert verify(text, "witness", witness.public_key().public_bytes_raw()) == HEAD


def test_a_key_is_shown_with_its_name_and_id() -> None:
    name, identifier, key = verifier_key(NAME, PUBLIC).split("+", 2)
    assert (name, identifier) == (NAME, key_id(NAME, PUBLIC).hex())
    assert base64.b64decode(key) == b"\x01" + PUBLIC


@pytest.mark.parametrize(
    ("old", "new"),
    [("\n42\n", "\n43\n"), ("passerelle", "passerellf"), ("AAAA", "AAAB"), ("\n\n", "\n")],
)
def test_a_changed_checkpoint_is_refused(old: str, new: str) -> None:
    with pytest.raises(CheckpointError):
        verify(sign(HEAD, NAME, KEY).replace(old, new, 1), NAME, PUBLIC)


def test_the_signature_of_another_key_is_not_ours() -> None:
    other = Ed25519PrivateKey.from_private_bytes(bytes(32))
    with pytest.raises(CheckpointError):
        verify(sign(HEAD, NAME, other), NAME, PUBLIC)


@pytest.mark.parametrize("name", ["", "with blank", "with+plus", "line\nbreak"])
def test_a_key_name_with_blanks_or_plus_cannot_sign(name: str) -> None:
    with pytest.raises(CheckpointError):
        sign(HEAD, name, KEY)


def test_an_origin_of_two_lines_cannot_be_signed() -> None:
    with pytest.raises(CheckpointError):
        sign(Checkpoint("a\nb", 1, bytes(32)), NAME, KEY)


@given(st.text(max_size=200))
@settings(deadline=None)
def test_any_text_is_a_checkpoint_or_an_error_that_says_so(text: str) -> None:
    with pytest.raises(CheckpointError):
        verify(text, NAME, PUBLIC)
