"""Can a clock tell a refused document from one that is not there?

quiet.py [REQUESTS [ROWS…]]. A demo of its own; what is refused and what is absent are asked in
random order on one connection. For each address the medians, and how well the delay alone tells
them apart: the share of pairs in which the refused one took longer (Mann-Whitney U over n·m; 50 %
is no better than guessing), with the standard deviation that chance alone would give it. `late` is
the share that missed the first tick. Status, length, ETag and the other headers must be the same.
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

sys.path.extend(str(one) for one in (Path(__file__).parents[1] / "tests" / "rig").iterdir())

from daemon_rig import FHIR, Daemon, Visitor
from line import Answer, Line
from lists import cookies
from papers import Person, results

DOCUMENTS = 200
LATE_MS = 40
DICE = random.Random(7)
CHANCE = (b"date:", b"set-cookie:")
JETON = re.compile(rb'name="(?:jeton|cle)" value="[^"]*"')
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
    seen: dict[bool, set[tuple[object, ...]]] = {True: set(), False: set()}
    for turn in range(count):
        refused = DICE.random() < 0.5
        asked = ask(refused)
        answer = await line.get(asked)
        seen[refused].add(_outside(answer, asked))
        if turn >= count // 20:
            taken[refused].append(answer.seconds * 1000)
    line.close()
    share, chance = told_apart(taken[True], taken[False])
    assert seen[True] == seen[False], seen
    middle = [statistics.median(taken[which]) for which in (True, False)]
    late = [sum(one > LATE_MS for one in taken[which]) / len(taken[which]) for which in taken]
    print(
        f"{name:26} refused {middle[0]:6.2f} ms  absent {middle[1]:6.2f} ms"
        f"  late {late[0]:.1%} {late[1]:.1%}"
        f"  told apart {share:6.1%} (chance 50 % ± {chance:.1%})  load {os.getloadavg()[0]:.1f}",
        flush=True,
    )


def _outside(answer: Answer, asked: str) -> tuple[object, ...]:
    """All that an answer says but its date and what was asked."""
    address = asked.rpartition("=" if "=" in asked else "/")[2].encode()
    told = [one for one in answer.head.split(b"\r\n") if not one.lower().startswith(CHANCE)]
    return (
        answer.status,
        tuple(told),
        len(answer.body),
        JETON.sub(b"", answer.body).replace(address, b"*"),
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
        if set(sys.argv[2:]) and name not in sys.argv[2:]:
            continue
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
