"""How often the label is the one a person would give: `python -m benchmarks.labels [FOLDER]`.

On the labelled set of tests/data/labels, on the names of the table of types without their codes,
and on the CDA documents of FOLDER with their type codes taken out (figures on standard output).
"""

import sys
from collections import Counter
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "rig" / "samples"))

from labelled_cases import PARTS, Score, cases, doubts, score, without_type
from lxml import etree

from gateway.mapping.cda import clinical_document, read_cda
from gateway.mapping.cda.nodes import first
from gateway.mapping.labels import label_of
from gateway.mapping.labels.titles import forget_titles, title_clue
from gateway.mapping.tables import rows
from gateway.mapping.xml import MAX_DOCUMENT_BYTES
from gateway.records.documents.document import Label
from gateway.records.intake.reading import DEFAULT_READING

CONFIDENCES = ("high", "medium", "low")
ROUNDS = 20
BLIND = ("senders", "last_check")


def print_score(name: str, found: Score) -> None:
    bands = ", ".join(f"{one} {found.right[one]}/{found.all[one]}" for one in CONFIDENCES)
    total = f"{found.right.total()}/{found.all.total()}"
    sure = found.all["high"] + found.all["medium"]
    print(f"{name:20} {total:>8} {found.accuracy:6.1%}  {bands}; not for review {sure}")


def labelled_set() -> None:
    for part in PARTS:
        print_score(part, score(without_type(part)))
    for part in BLIND:
        by_label(part)
    every = [case for part in PARTS for case in cases(part)]
    caught, wrong, false, right = doubts(every)
    print(
        f"official code contradicted: doubted {caught}/{wrong}; right code doubted {false}/{right}"
    )


def by_label(part: str) -> None:
    found = score(without_type(part))
    for label in Label:
        answers = {got: n for (want, got), n in found.confusion.items() if want is label}
        print(f"  {part} {label:9} {answers.get(label, 0):3}/{sum(answers.values()):<3}", end=" ")
        print(", ".join(f"{got} {n}" for got, n in sorted(answers.items()) if got is not label))


def type_table() -> None:
    types = rows("types")
    by_code = sum(label_of(row["type_code"], None, None).label == row["label"] for row in types)
    named = [row for row in types if row["display"]]
    by_name = Counter(
        clue.label == row["label"] if (clue := title_clue(row["display"])) else None
        for row in named
    )
    print(
        f"table of types: by code {by_code}/{len(types)}, by the words of their names alone", end=""
    )
    print(f" {by_name[True]}/{len(named)} ({by_name[None]} of them say nothing)")


def published(folder: Path) -> None:
    """Documents of others: what the same rules say once code and class are gone."""
    found = Score(right=Counter(), all=Counter(), confusion=Counter())
    for path in sorted(folder.glob("*.xml")):
        raw = path.read_bytes()
        with_type = read_cda(raw, DEFAULT_READING).document
        root = clinical_document(raw, max_bytes=MAX_DOCUMENT_BYTES)
        code = first(root, "code")
        if with_type is None or code is None:
            continue
        root.remove(code)
        without = read_cda(etree.tostring(root), DEFAULT_READING).document
        if without is not None:
            found.all[without.label_confidence] += 1
            found.right[without.label_confidence] += without.label is with_type.label
    print_score("published, no type", found)


def cost() -> None:
    every = [case for part in PARTS for case in without_type(part)]
    times = []
    for _ in range(ROUNDS):
        forget_titles()
        start = perf_counter()
        for case in every:
            case.label()
        times.append((perf_counter() - start) / len(every) * 1e6)
    start = perf_counter()
    for _ in range(100_000):
        label_of("11502-2", "10", "CR d'examens biologiques")
    known = (perf_counter() - start) * 10
    print(
        f"a label without a type code: {sorted(times)[ROUNDS // 2]:.0f} µs; with one {known:.1f} µs"
    )


if __name__ == "__main__":
    labelled_set()
    type_table()
    for folder in sys.argv[1:]:
        published(Path(folder))
    cost()
