"""A tree head as text: C2SP tlog-checkpoint, signed as a C2SP signed-note.

<origin> LF <size> LF <base64 root> LF
"""

import base64
import re
from dataclasses import dataclass

from gateway.audit.note import NoteError, SigningKey, VerifierKey, decoded, opened

SIZE = re.compile(r"0|[1-9]\d{0,18}", re.ASCII)
ROOT_BYTES = 32


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """`origin` names the log, `size` counts its entries, `root` is 32 bytes."""

    origin: str
    size: int
    root: bytes

    def body(self) -> str:
        """What is signed. Raises NoteError where that would not be one checkpoint."""
        if not self.origin or "\n" in self.origin or len(self.root) != ROOT_BYTES:
            raise NoteError("an origin is one line that is not empty, a root has 32 bytes")
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


def signed(size: int, root: bytes, key: SigningKey) -> str:
    """The signed checkpoint of the log that this key belongs to."""
    return key.sign(Checkpoint(key.name, size, root).body())


def verified(note: str, key: VerifierKey) -> Checkpoint:
    """The checkpoint, once signature and origin are found good; raises NoteError."""
    lines = opened(note, key).split("\n")
    if len(lines) < 4 or not SIZE.fullmatch(lines[1]):
        raise NoteError("a checkpoint has an origin, a size and a root, a line each")
    if lines[0] != key.name:
        raise NoteError("this is a checkpoint of another log")
    tree_head = decoded(lines[2])
    if len(tree_head) != ROOT_BYTES:
        raise NoteError("a root has 32 bytes")
    return Checkpoint(lines[0], int(lines[1]), tree_head)
