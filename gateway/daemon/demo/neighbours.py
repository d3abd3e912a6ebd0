"""People whom documents beside the project name: the demo opens a space for them too.

Nothing of those files enters the store; only the identity each of them states, by majority.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

from gateway.daemon.demo.people import INS_TEST, DemoPerson
from gateway.mapping.understand import understand_all
from gateway.records.intake.reading import DEFAULT_READING
from gateway.records.intake.understanding import Understanding
from gateway.records.patients.account import AccountState
from gateway.records.patients.patient import PatientIdentity

CORPUS = Path("shared", "corpus")
PLACES = ("cda/*.xml", "xdm/*.ZIP", "hl7v2/*", "hostile/*/*-ctl-*")
MAX_BYTES = 1_000_000


def near() -> tuple[DemoPerson, ...]:
    """The neighbours of the folder that the process stands in, or else of the project's."""
    folder = corpus_folder((Path.cwd(), Path(__file__).parents[3]))
    return neighbours(folder) if folder else ()


def corpus_folder(starts: tuple[Path, ...]) -> Path | None:
    """`shared/corpus` beside the project, as seen from any of these folders."""
    for start in starts:
        folder = start.resolve().parent / CORPUS
        if folder.is_dir():
            return folder
    return None


@cache
def neighbours(folder: Path) -> tuple[DemoPerson, ...]:
    """One active account for each INS of test that the files name, with the usual traits. The files
    are read once a process."""
    votes: dict[str, Counter[PatientIdentity]] = {}
    for identity in _identities(folder):
        if identity.ins and identity.ins_oid == INS_TEST and identity.birth_given:
            known = replace(identity, other_ids=())
            votes.setdefault(identity.ins, Counter())[known] += 1
    return tuple(_person(ins, count) for ins, count in sorted(votes.items(), key=_most_named))


def _most_named(item: tuple[str, Counter[PatientIdentity]]) -> tuple[int, str]:
    return -item[1].total(), item[0]


def _identities(folder: Path) -> Iterator[PatientIdentity]:
    for place in PLACES:
        for path in sorted(folder.glob(place)):
            if path.stat().st_size > MAX_BYTES:
                continue
            for understood in understand_all(path.read_bytes(), DEFAULT_READING):
                yield from _named(understood)


def _named(understood: Understanding) -> Iterator[PatientIdentity]:
    if understood.message is not None and understood.message.patient is not None:
        yield understood.message.patient
    for document in understood.documents:
        yield document.patient


def _person(ins: str, votes: Counter[PatientIdentity]) -> DemoPerson:
    """The traits named most often, complete ones first; an unknown place stays unknown."""
    best = max(votes, key=lambda one: (one.traits_complete, votes[one]))
    return DemoPerson(
        identity=best,
        state=AccountState.ACTIVE,
        login=f"corpus{ins[:7]}{ins[-2:]}",
        email=f"{ins[:7]}@exemple.test",
        mobile="0698765432",
    )
