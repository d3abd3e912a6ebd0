"""Signed notes (C2SP signed-note, Ed25519): a text, a blank line, a line for each signature.

<text, one or more lines> LF "— " <key name> " " <base64 of key id and signature> LF
"""

import base64
import binascii
import re
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519 = b"\x01"
"""Signature type of C2SP signed-note."""

MAX_NOTE_BYTES = 16_384
NAME = re.compile(r"[^\s+]{1,200}")
PRIVATE = "PRIVATE+KEY+"


class NoteError(ValueError):
    """The text is no signed note, or no signature of the wanted key is good."""


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """Who signs: `name` without blank or plus, 32 bytes of public key."""

    name: str
    public: bytes

    @property
    def id(self) -> bytes:
        """Four bytes that tell keys of one name apart."""
        return sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:4]

    def __str__(self) -> str:
        """As operators exchange it: `name+id+key`."""
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(ED25519 + self.public).decode()}"

    @classmethod
    def parse(cls, text: str) -> "VerifierKey":
        """Raises NoteError."""
        parts = text.strip().split("+", 2)
        if len(parts) != 3 or not NAME.fullmatch(parts[0]):
            raise NoteError("a key is written name+id+key")
        key = decoded(parts[2])
        made = cls(parts[0], key[1:])
        if key[:1] != ED25519 or len(key) != 33 or made.id.hex() != parts[1].lower():
            raise NoteError("a key is written name+id+key, of 32 bytes, and its id belongs to it")
        return made


@dataclass(frozen=True, slots=True)
class SigningKey:
    """The key of a log. Prints as stars."""

    name: str
    seed: bytes

    def __repr__(self) -> str:
        return "SigningKey(***)"

    @property
    def verifier(self) -> VerifierKey:
        key = Ed25519PrivateKey.from_private_bytes(self.seed)
        return VerifierKey(self.name, key.public_key().public_bytes_raw())

    def written(self) -> str:
        """One line, as signed-note tools keep it: PRIVATE+KEY+name+id+seed."""
        seed = base64.b64encode(ED25519 + self.seed).decode()
        return f"{PRIVATE}{self.name}+{self.verifier.id.hex()}+{seed}\n"

    @classmethod
    def parse(cls, text: str) -> "SigningKey":
        """Raises NoteError."""
        parts = text.strip().removeprefix(PRIVATE).split("+", 2)
        if not text.startswith(PRIVATE) or len(parts) != 3 or not NAME.fullmatch(parts[0]):
            raise NoteError("a signing key is written PRIVATE+KEY+name+id+key")
        key = decoded(parts[2])
        if key[:1] != ED25519 or len(key) != 33:
            raise NoteError("a signing key has 32 bytes")
        made = cls(parts[0], key[1:])
        if made.verifier.id.hex() != parts[1].lower():
            raise NoteError("the id of this signing key is not its own")
        return made

    @classmethod
    def made_of(cls, seed: bytes) -> "SigningKey":
        """Named after its public key, so that no two logs share a name."""
        public = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
        return cls(f"passerelle/{sha256(public).hexdigest()[:12]}", seed)

    def sign(self, text: str) -> str:
        """The note with one signature line. Raises NoteError for a text without its last LF."""
        if not text.endswith("\n"):
            raise NoteError("the text of a note ends with a line feed")
        signature = Ed25519PrivateKey.from_private_bytes(self.seed).sign(text.encode())
        blob = base64.b64encode(self.verifier.id + signature).decode()
        return f"{text}\n— {self.name} {blob}\n"


def opened(note: str, key: VerifierKey) -> str:
    """The text, once a signature of this key is found good; raises NoteError.

    Signatures of other keys (witnesses) are passed over.
    """
    if len(note.encode(errors="replace")) > MAX_NOTE_BYTES:
        raise NoteError(f"a signed note has at most {MAX_NOTE_BYTES} bytes")
    text, blank, signatures = note.rpartition("\n\n")
    if not blank:
        raise NoteError("the blank line before the signatures is missing")
    text += "\n"
    for line in signatures.splitlines():
        dash, _, rest = line.partition(" ")
        signer, _, blob = rest.partition(" ")
        if dash == "—" and signer == key.name:
            signature = decoded(blob)
            if signature[:4] == key.id:
                _check(text, signature[4:], key.public)
                return text
    raise NoteError("no signature of this key")


def _check(text: str, signature: bytes, public: bytes) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, text.encode())
    except (InvalidSignature, ValueError) as error:
        raise NoteError("the signature of this key is wrong") from error


def decoded(text: str) -> bytes:
    """Strict base64; raises NoteError."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise NoteError("a hash or signature is not base64") from error
