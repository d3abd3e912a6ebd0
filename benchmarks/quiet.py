"""Can a clock tell a refused document from one that is not there?

quiet.py [REQUESTS]. A demo of its own; what is refused and what is absent are asked in random order
on one connection. For each address the medians, and how well the delay alone tells them apart: the
share of pairs in which the refused one took longer (Mann-Whitney U over n·m; 50 % is no better than
guessing), with the standard deviation that chance alone would give it.
"""

import asyncio
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "rig"))

from daemon_rig import FHIR, Daemon, Visitor
from line import Line
from lists import cookies
from papers import Person, results

DOCUMENTS = 200
DICE = random.Random(7)
Ask = Callable[[bool], str]
"""The address to ask: of something refused, or of something absent."""


def told_apart(refused: Sequence[float], absent: Sequence[float]) -> tuple[float, float]:
    """The share of pairs in which the refused one is slower, and its deviation by chance."""
    ordered, n, m = sorted(absent), len(refused), len(absent)
    wins = sum((bisect_left(ordered, x) + bisect_right(ordered, x)) / 2 for x in refused)
    return wins / (n * m), ((n + m + 1) / (12 * n * m)) ** 0.5


async def measure(name: str, base: str, headers: dict[str, str], ask: Ask, count: int) -> None:
    line = await Line.to(base, headers)
    taken: dict[bool, list[float]] = {True: [], False: []}
    seen = set()
    for turn in range(count):
        refused = DICE.random() < 0.5
        answer = await line.get(ask(refused))
        seen.add(answer.status)
        if turn >= count // 20:
            taken[refused].append(answer.seconds * 1000)
    line.close()
    share, chance = told_apart(taken[True], taken[False])
    middle = [statistics.median(taken[which]) for which in (True, False)]
    print(
        f"{name:34} {sorted(seen)} refused {middle[0]:6.2f} ms  absent {middle[1]:6.2f} ms"
        f"  told apart {share:6.1%} (chance 50 % ± {chance:.1%})  load {os.getloadavg()[0]:.1f}",
        flush=True,
    )


def of(path: str, hidden: Sequence[str], size: int) -> Ask:
    """`path` with an id of `size` hexadecimal digits in its blank."""

    def ask(refused: bool) -> str:  # noqa: FBT001 — one of two
        one = DICE.choice(hidden) if refused else f"{DICE.getrandbits(4 * size):0{size}x}"
        return path.replace("{}", one)

    return ask


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 4_000
    with tempfile.TemporaryDirectory(prefix="quiet-") as folder:
        daemon = Daemon(Path(folder)).start()
        try:
            asyncio.run(run(daemon, count))
        finally:
            daemon.end()


async def run(daemon: Daemon, count: int) -> None:
    reader, owner = daemon.lines(login=True)[:2]
    who = Person.of(owner)
    line = daemon.line()
    receipts = [line.ask(results(who, f"BQ{n:06d}")).receipt for n in range(DOCUMENTS)]
    line.close()
    documents = [one["id"] for one in daemon.search(who)]
    base = str(daemon.places["http"])
    visitor = Visitor(daemon).sign_in(owner)
    record = next(iter(_records(visitor)))
    page = cookies(Visitor(daemon).sign_in(reader))
    stranger = {**daemon.professional("G15_50"), "Accept": FHIR}
    other = daemon.sender(another_sender(daemon.folder / "data"))
    fhir = {**stranger, "Accept": "*/*"}
    for name, headers, path, hidden in (
        ("page of a document", page, "/documents/{}", documents),
        ("its download", page, "/documents/{}/telecharger", documents),
        ("DocumentReference", stranger, "/fhir/DocumentReference/{}", documents),
        ("Binary", fhir, "/fhir/Binary/{}", documents),
        ("search of documents", stranger, "/fhir/DocumentReference?patient={}", [record]),
        ("search of results", stranger, "/fhir/Observation?patient={}", [record]),
        ("search of the log", stranger, "/fhir/AuditEvent?patient={}", [record]),
        ("receipt of another sender", other, "/documents/{}", receipts),
    ):
        await measure(name, base, headers, of(path, hidden, len(hidden[0])), count)


def another_sender(data: Path) -> str:
    words = ["sender", "add", "other", "--data", str(data)]
    done = subprocess.run(
        [sys.executable, "-m", "gateway", *words], check=True, capture_output=True, text=True
    )
    return done.stdout.split()[-1]


def _records(visitor: Visitor) -> list[str]:
    """The id of the record, as the frame of the patient's page bears it."""
    return re.findall(r'data-profile="([0-9a-f]{32})"', visitor.get("/").body.decode())


if __name__ == "__main__":
    main()
