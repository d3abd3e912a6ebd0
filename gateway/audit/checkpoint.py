"""A signed tree head as text: C2SP tlog-checkpoint, signed as a C2SP signed-note by Ed25519.

<origin> LF <size> LF <base64 root> LF LF "— " <key name> " " <base64 signature> LF
"""

import base64
import binascii
import re
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

ED25519 = b"\x01"
"""Signature type of C2SP signed-note."""

MAX_CHECKPOINT_BYTES = 16_384
SIZE = re.compile(r"0|[1-9]\d{0,18}", re.ASCII)
NAME = re.compile(r"[^\s+]{1,200}")


class CheckpointError(ValueError):
    """The text is no checkpoint, or no signature of the wanted key is good."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """`origin` names the log, `size` counts its entries, `root` is 32 bytes."""

    origin: str
    size: int
    root: bytes

    def body(self) -> str:
        """What is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


def key_id(name: str, public: bytes) -> bytes:
    """Four bytes that tell keys of one name apart."""
    return sha256(name.encode() + b"\n" + ED25519 + public).digest()[:4]


def verifier_key(name: str, public: bytes) -> str:
    """The public key as operators exchange it: `name+id+key`."""
    key = base64.b64encode(ED25519 + public).decode()
    return f"{_checked(name)}+{key_id(name, public).hex()}+{key}"


def sign(checkpoint: Checkpoint, name: str, key: Ed25519PrivateKey) -> str:
    """The checkpoint with one signature line; `name` has no blank and no plus."""
    if not checkpoint.origin or "\n" in checkpoint.origin or len(checkpoint.root) != 32:
        raise CheckpointError("an origin is one line that is not empty, a root has 32 bytes")
    body = checkpoint.body()
    signature = key.sign(body.encode())
    blob = key_id(_checked(name), key.public_key().public_bytes_raw()) + signature
    return f"{body}\n— {name} {base64.b64encode(blob).decode()}\n"


def verify(text: str, name: str, public: bytes) -> Checkpoint:
    """The checkpoint, once a signature of this key is found good; raises CheckpointError.

    Signatures of other keys (witnesses) are passed over.
    """
    if len(text.encode(errors="replace")) > MAX_CHECKPOINT_BYTES:
        raise CheckpointError(f"a checkpoint has at most {MAX_CHECKPOINT_BYTES} bytes")
    body, blank, signatures = text.rpartition("\n\n")
    if not blank:
        raise CheckpointError("the blank line before the signatures is missing")
    body += "\n"
    wanted = key_id(name, public)
    for blob in _signatures(signatures, name):
        if blob[:4] == wanted:
            _verify(body, blob[4:], public)
            return _parse(body)
    raise CheckpointError("no signature of this key")


def _verify(body: str, signature: bytes, public: bytes) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, body.encode())
    except (InvalidSignature, ValueError) as error:
        raise CheckpointError("the signature of this key is wrong") from error


def _signatures(lines: str, name: str) -> list[bytes]:
    found = []
    for line in lines.splitlines():
        dash, _, rest = line.partition(" ")
        signer, _, blob = rest.partition(" ")
        if dash == "—" and signer == name:
            found.append(_decoded(blob))
    return found


def _parse(body: str) -> Checkpoint:
    lines = body.split("\n")
    if len(lines) < 4 or not lines[0] or not SIZE.fullmatch(lines[1]):
        raise CheckpointError("a checkpoint has an origin, a size and a root, a line each")
    tree_head = _decoded(lines[2])
    if len(tree_head) != 32:
        raise CheckpointError("a root has 32 bytes")
    return Checkpoint(lines[0], int(lines[1]), tree_head)


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise CheckpointError("a hash or signature is not base64") from error


def _checked(name: str) -> str:
    if not NAME.fullmatch(name):
        raise CheckpointError("a key name has no blank and no plus sign")
    return name
