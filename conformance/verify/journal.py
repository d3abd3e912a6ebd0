"""The proof file, read without trust: what it says, whether the signed log holds it, and since."""

import hashlib
import json
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from conformance.verify.notes import (
    Head,
    PublicKey,
    WrongError,
    open_note,
    read_head,
    read_key,
    unbase64,
)
from conformance.verify.tree import has_only_grown, is_in_tree, leaf

FORMAT = "passerelle-journal/1"
ENTRY_VERSION = 2
NO_MORE = bytes(32)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
UNREADABLE = (KeyError, TypeError, ValueError, AttributeError, OverflowError, struct.error)


@dataclass
class Journal:
    """A file whose signatures hold; `leaves` by entry number."""

    key: PublicKey
    head: Head
    patient: str
    entries: list[dict[str, Any]]
    leaves: dict[int, bytes] = field(default_factory=dict)
    earlier: list[Head] = field(default_factory=list)

    @property
    def closed(self) -> int:
        """Entries that do not show what they say."""
        return sum("shown" not in one for one in self.entries)


def parse(text: bytes) -> dict[str, Any]:
    """Raises WrongError for anything that is not such a file."""
    try:
        file = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise WrongError("Ce fichier n'est pas du JSON : il est abîmé.") from error
    if not isinstance(file, dict) or file.get("format") != FORMAT:
        raise WrongError(f"Ce fichier n'est pas un journal avec ses preuves ({FORMAT}).")
    return file


def check(text: bytes, key: PublicKey | None = None) -> Journal:
    """The whole file; without `key`, that which the file names. Raises WrongError."""
    file = parse(text)
    trusted = key or read_key(str(file.get("key", "")))
    entries = file.get("entries")
    if not isinstance(entries, list) or not all(isinstance(one, dict) for one in entries):
        raise WrongError("Le fichier n'a pas de liste d'entrées.")
    head = read_head(file.get("checkpoint"), trusted)
    journal = Journal(trusted, head, str(file.get("patient", "")), entries)
    _check_statement(journal, file.get("statement"))
    last = 0
    for number, digest in _leaves(journal):
        if number <= last:
            raise WrongError(f"L'entrée {number} est en double ou n'est pas à sa place.")
        journal.leaves[number] = digest
        last = number
    _check_earlier(journal, file.get("earlier", []))
    return journal


def _check_statement(journal: Journal, note: object) -> None:
    """What the gateway signed of the file: whose it is, its entries, its checkpoint."""
    lines = open_note(note, journal.key).split("\n")
    if lines[0] != f"{journal.key.name}/journal" or len(lines) < 4:
        raise WrongError("La déclaration signée n'est pas celle d'un journal.")
    if lines[1] != f"patient {journal.patient}":
        raise WrongError("Ce fichier est celui d'une autre personne que celle qu'il dit.")
    count, _, digest = lines[2].removeprefix("entries ").partition(" ")
    if lines[3].split(" ")[1:2] != [str(journal.head.size)]:
        raise WrongError("Le point de contrôle n'est pas celui avec lequel ce fichier a été fait.")
    if count != str(len(journal.entries)):
        raise WrongError(
            f"La passerelle a mis {count} entrées dans ce fichier, il en a {len(journal.entries)} :"
            " des entrées ont été retirées ou ajoutées."
        )
    if unbase64(digest) != hashlib.sha256(_canonical(journal.entries)).digest():
        raise WrongError("Des entrées ont été changées ou déplacées dans ce fichier.")


def _canonical(entries: list[dict[str, Any]]) -> bytes:
    try:
        text = json.dumps(entries, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return text.encode()
    except (ValueError, TypeError, RecursionError) as error:
        raise WrongError("Le fichier contient des valeurs illisibles.") from error


def _leaves(journal: Journal) -> Iterator[tuple[int, bytes]]:
    for one in journal.entries:
        number = one.get("number")
        if type(number) is not int:
            raise WrongError("Une entrée n'a pas de numéro.")
        try:
            digest = _leaf(one, journal.patient)
            path = [unbase64(node) for node in one["proof"]]
            good = is_in_tree(digest, number - 1, journal.head.size, path, journal.head.root)
        except UNREADABLE:
            good = False
        if not good:
            raise WrongError(f"L'entrée {number} n'est pas dans le journal telle qu'elle est ici.")
        yield number, digest


def _leaf(one: dict[str, Any], patient: str) -> bytes:
    """version, number, time, commitment to what is shown, commitment to what is kept back."""
    if "shown" not in one:
        return unbase64(one["leaf"])
    salt, kept = unbase64(one["salt"]), unbase64(one["kept"]) if "kept" in one else NO_MORE
    said = salt + bytes.fromhex(one.get("patient", patient)) + one["document"].encode() + b"\x00"
    at = (datetime.fromisoformat(one["at"]) - EPOCH) // timedelta(microseconds=1)
    shown = hashlib.sha256(said + one["shown"].encode()).digest()
    return leaf(struct.pack(">BQq", ENTRY_VERSION, one["number"], at) + shown + kept)


def _check_earlier(journal: Journal, earlier: object) -> None:
    if not isinstance(earlier, list):
        raise WrongError("La liste des points de contrôle plus anciens est illisible.")
    for one in earlier:
        if not isinstance(one, dict) or not isinstance(one.get("proof"), list):
            raise WrongError("Un point de contrôle plus ancien est illisible.")
        old, new = read_head(one.get("checkpoint"), journal.key), journal.head
        path = [unbase64(node) for node in one["proof"]]
        if not has_only_grown(old.size, old.root, new.size, new.root, path):
            raise WrongError(
                f"Le journal ne prolonge pas celui de {old.size} entrées : il a été réécrit."
            )
        journal.earlier.append(old)


def compare(new: Journal, old: Journal) -> None:
    """`new` must hold all that `old` held, unchanged, under a log that only grew since.

    Raises WrongError.
    """
    if new.key != old.key:
        raise WrongError("Les deux fichiers ne sont pas signés par le même journal.")
    if new.patient != old.patient:
        raise WrongError("Les deux fichiers ne sont pas ceux de la même personne.")
    if new.head.size < old.head.size:
        raise WrongError(
            f"Le journal avait {old.head.size} entrées, il n'en a plus que {new.head.size} :"
            " il est revenu en arrière."
        )
    if not any((one.size, one.root) == (old.head.size, old.head.root) for one in _heads(new)):
        raise WrongError("Rien ne prouve que le journal prolonge celui de l'ancien fichier.")
    for number, digest in old.leaves.items():
        if new.leaves.get(number) != digest:
            raise WrongError(f"L'entrée {number} de l'ancien fichier manque ou a changé.")


def _heads(journal: Journal) -> list[Head]:
    return [*journal.earlier, journal.head]
