"""Signed notes and checkpoints: what we sign a stranger can check, and nothing else passes."""

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.audit.checkpoint import Checkpoint, signed, verified
from gateway.audit.note import NoteError, SigningKey, VerifierKey, opened

KEY = SigningKey("passerelle.example/log", bytes(range(32)))
OTHER = SigningKey("passerelle.example/log", bytes(32))
PUBLIC = KEY.verifier
NOTE = signed(42, bytes(32), KEY)


def test_a_signed_checkpoint_is_three_lines_a_blank_and_a_signature() -> None:
    origin, size, root, blank, signature, end = NOTE.split("\n")
    assert (origin, size, blank, end) == (KEY.name, "42", "", "")
    assert base64.b64decode(root) == bytes(32)
    assert signature.startswith(f"— {KEY.name} ")
    assert base64.b64decode(signature.split(" ")[2])[:4] == PUBLIC.id


def test_what_was_signed_is_read_back() -> None:
    assert verified(NOTE, PUBLIC) == Checkpoint(KEY.name, 42, bytes(32))


def test_the_signature_of_a_witness_stands_beside_ours() -> None:
    witness = SigningKey("witness", bytes(32))
    line = witness.sign(Checkpoint(KEY.name, 42, bytes(32)).body()).split("\n")[4]
    text = NOTE + line + "\n"
    assert verified(text, PUBLIC).size == 42
    assert opened(text, witness.verifier).startswith(KEY.name)


def test_keys_are_written_on_one_line_and_read_back() -> None:
    name, identifier, key = str(PUBLIC).split("+", 2)
    assert (name, identifier) == (KEY.name, PUBLIC.id.hex())
    assert base64.b64decode(key) == b"\x01" + PUBLIC.public
    assert VerifierKey.parse(f" {PUBLIC}\n") == PUBLIC
    assert SigningKey.parse(KEY.written()) == KEY
    assert "seed" not in repr(KEY)


def test_a_key_named_after_itself_shares_its_name_with_no_other() -> None:
    names = {SigningKey.made_of(bytes([n]) * 32).name for n in range(9)}
    assert len(names) == 9


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name+00000000",
        str(PUBLIC)[:-4] + "AAAA",
        str(PUBLIC).replace("log", "lag"),
        KEY.written(),
        f"{KEY.name}+{PUBLIC.id.hex()}+!!!",
        f"{KEY.name}+{PUBLIC.id.hex()}+{base64.b64encode(bytes([2]) + PUBLIC.public).decode()}",
    ],
)
def test_what_is_no_public_key_is_refused(text: str) -> None:
    with pytest.raises(NoteError):
        VerifierKey.parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        str(PUBLIC),
        KEY.written().replace("log", "lag"),
        KEY.written().removeprefix("PRIVATE+KEY+"),
        "PRIVATE+KEY+a+b",
        "PRIVATE+KEY+a+b+AAAA",
        f"PRIVATE+KEY+a+b+{base64.b64encode(bytes([1, 2])).decode()}",
        f"PRIVATE+KEY+{KEY.name}+{PUBLIC.id.hex()}+{base64.b64encode(b'x' + KEY.seed).decode()}",
    ],
)
def test_what_is_no_signing_key_is_refused(text: str) -> None:
    with pytest.raises(NoteError):
        SigningKey.parse(text)


@pytest.mark.parametrize(
    ("old", "new"),
    [("\n42\n", "\n43\n"), ("passerelle", "passerellf"), ("AAAA", "AAAB"), ("\n\n", "\n")],
)
def test_a_changed_checkpoint_is_refused(old: str, new: str) -> None:
    with pytest.raises(NoteError):
        verified(NOTE.replace(old, new, 1), PUBLIC)


def test_the_signature_of_another_key_is_not_ours() -> None:
    with pytest.raises(NoteError):
        verified(signed(42, bytes(32), OTHER), PUBLIC)


def test_our_signature_under_another_name_is_not_ours() -> None:
    with pytest.raises(NoteError, match="no signature of this key"):
        verified(NOTE.replace(f"— {KEY.name} ", "— elsewhere "), PUBLIC)


@pytest.mark.parametrize("text", ["\n", f"{KEY.name}\n", f"{KEY.name}\n42\n"])
def test_what_we_signed_that_is_no_checkpoint_is_none(text: str) -> None:
    with pytest.raises(NoteError):
        verified(KEY.sign(text), PUBLIC)


def test_a_checkpoint_of_another_log_is_not_ours_though_our_key_signed_it() -> None:
    with pytest.raises(NoteError, match="another log"):
        verified(KEY.sign(Checkpoint("elsewhere", 1, bytes(32)).body()), PUBLIC)


@pytest.mark.parametrize("head", [("a\nb", bytes(32)), ("", bytes(32)), ("a", bytes(31))])
def test_what_would_not_be_one_checkpoint_is_not_signed(head: tuple[str, bytes]) -> None:
    with pytest.raises(NoteError):
        Checkpoint(head[0], 1, head[1]).body()


def test_a_text_without_its_line_feed_cannot_be_signed() -> None:
    with pytest.raises(NoteError):
        KEY.sign("no end")


@given(st.text(max_size=200))
@settings(deadline=None)
def test_any_text_is_a_checkpoint_or_an_error_that_says_so(text: str) -> None:
    with pytest.raises(NoteError):
        verified(text, PUBLIC)
