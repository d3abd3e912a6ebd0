"""`python -m conformance verify FILE`: is this journal true, whole, and the one I had before?

0 it is; 1 it is not, also where it is no journal at all; 2 the command cannot be carried out: a
file that is not there or cannot be opened, a key that is none. Nothing leaves this machine.
"""

import argparse
import errno
import sys
from collections.abc import Sequence
from pathlib import Path

from conformance.verify.journal import Journal, check, compare
from conformance.verify.notes import PublicKey, WrongError, read_key

TRUE, FALSE, CANNOT = 0, 1, 2
REASONS = {
    errno.ENOENT: "ce fichier n'existe pas",
    errno.ENOTDIR: "ce fichier n'existe pas",
    errno.EISDIR: "c'est un dossier, pas un fichier",
    errno.EACCES: "vous n'avez pas le droit de lire ce fichier",
}


def main(words: Sequence[str]) -> int:
    arguments = _parser().parse_args(words)
    try:
        key = _key(arguments.key)
        new = arguments.file.read_bytes()
        old = arguments.previous.read_bytes() if arguments.previous else None
    except (OSError, WrongError) as error:
        print(f"Impossible de vérifier : {_reason(error)}", file=sys.stderr)
        return CANNOT
    try:
        previous = _check_old(old, key) if old is not None else None
        journal = check(new, key or (previous.key if previous else None))
        if previous is not None:
            compare(journal, previous)
    except WrongError as error:
        print(f"Ce journal n'est pas valable.\n{error}")
        return FALSE
    _say(journal, trusted=key is not None, previous=previous)
    return TRUE


def _check_old(text: bytes, key: PublicKey | None) -> Journal:
    """Of two files it is told which one is wrong."""
    try:
        return check(text, key)
    except WrongError as error:
        raise WrongError(f"L'ancien fichier (--previous) est en cause : {error}") from error


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="conformance verify", description="Vérifie, sans réseau, un journal téléchargé."
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="le fichier téléchargé")
    parser.add_argument(
        "--key",
        metavar="KEY",
        help="clé publique du journal (nom+empreinte+clé), ou son fichier",
    )
    parser.add_argument(
        "--previous", type=Path, metavar="FILE", help="un fichier téléchargé plus tôt"
    )
    return parser


def _key(said: str | None) -> PublicKey | None:
    if said is None:
        return None
    if "+" in said or not said:
        return read_key(said)
    return read_key(Path(said).read_text(encoding="utf-8", errors="replace"))


def _reason(error: Exception) -> str:
    """With the name of the file, where it is about one."""
    if not isinstance(error, OSError):
        return str(error)
    return f"{error.filename} : {REASONS.get(error.errno or 0, error.strerror or 'illisible')}."


def _say(journal: Journal, *, trusted: bool, previous: Journal | None) -> None:
    print("Ce journal est valable.")
    count, size = len(journal.entries), journal.head.size
    print(f"{count} entrées, toutes dans le journal signé, qui en compte {size}.")
    if journal.closed:
        print(f"{journal.closed} entrées ne montrent pas leur contenu.")
    if previous is not None:
        print("Tout ce que l'ancien fichier contenait y est encore, inchangé.")
    if not trusted:
        print(
            "La clé est celle que le fichier nomme lui-même. Comparez-la avec celle que la"
            " passerelle publie (/journal/cle) :"
            f" {journal.key.name}+{journal.key.key_hash().hex()}+…"
        )
