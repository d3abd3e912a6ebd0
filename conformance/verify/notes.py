"""C2SP signed notes and checkpoints, as a reader who trusts nobody takes them."""

import base64
import binascii
import hashlib
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

ED25519_TYPE = 1
ROOT_LENGTH = 32


class WrongError(Exception):
    """What is wrong, in words for the person who holds the file."""


@dataclass(frozen=True)
class PublicKey:
    """`name+hash+key`, as a log publishes it."""

    name: str
    raw: bytes

    def key_hash(self) -> bytes:
        text = self.name.encode() + b"\n" + bytes([ED25519_TYPE]) + self.raw
        return hashlib.sha256(text).digest()[:4]


@dataclass(frozen=True)
class Head:
    """A signed checkpoint: the log's name, its size and the root of its tree."""

    origin: str
    size: int
    root: bytes


def unbase64(text: object) -> bytes:
    if not isinstance(text, str):
        raise WrongError("Une valeur du fichier n'est pas un texte en base64.")
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise WrongError("Une valeur du fichier n'est pas un texte en base64.") from error


def read_key(text: str) -> PublicKey:
    """Raises WrongError."""
    name, _, rest = text.strip().partition("+")
    digest, _, encoded = rest.partition("+")
    blob = unbase64(encoded)
    key = PublicKey(name, blob[1:])
    good = len(blob) == 33 and blob[0] == ED25519_TYPE and name.isprintable()
    if not name or not good or key.key_hash().hex() != digest.lower():
        raise WrongError("La clé n'est pas écrite nom+empreinte+clé, ou l'empreinte est fausse.")
    return key


def open_note(note: object, key: PublicKey) -> str:
    """The signed text. Raises WrongError unless this key signed it."""
    if not isinstance(note, str) or "\n\n" not in note:
        raise WrongError("Un texte signé manque ou n'a pas de signature.")
    cut = note.rindex("\n\n") + 1
    text = note[:cut]
    for line in note[cut + 1 :].split("\n"):
        parts = line.split(" ")
        if len(parts) != 3 or parts[0] != "—" or parts[1] != key.name:
            continue
        blob = unbase64(parts[2])
        if blob[:4] != key.key_hash():
            continue
        try:
            Ed25519PublicKey.from_public_bytes(key.raw).verify(blob[4:], text.encode())
        except (InvalidSignature, ValueError) as error:
            raise WrongError("La signature est fausse : ce texte a été changé.") from error
        return text
    raise WrongError("Aucune signature n'est de la clé attendue.")


def read_head(note: object, key: PublicKey) -> Head:
    """Raises WrongError."""
    lines = open_note(note, key).split("\n")
    if len(lines) < 4 or not (lines[1].isascii() and lines[1].isdigit()) or len(lines[1]) > 19:
        raise WrongError("Le point de contrôle n'a pas la forme attendue.")
    root = unbase64(lines[2])
    if lines[0] != key.name or len(root) != ROOT_LENGTH:
        raise WrongError("Le point de contrôle est celui d'un autre journal.")
    return Head(lines[0], int(lines[1]), root)
