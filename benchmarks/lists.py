"""A list of 500 documents decided, traced and rendered: one reader, then four at once.

lists.py [ROUNDS]. A demo of its own, 500 results of one patient; the patient's page and, with his
agreement, the physician's. Delays of whole answers in milliseconds, beside the load of the machine.
"""

import asyncio
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "rig"))

from daemon_rig import Daemon, Visitor
from line import Line
from papers import Person, results

DOCUMENTS = 500
WARM = 20


def fill(daemon: Daemon, who: Person) -> None:
    line = daemon.line()
    for number in range(DOCUMENTS):
        answer = line.ask(results(who, f"BL{number:06d}"))
        assert answer.code == "AA", answer.raw
    line.close()


def cookies(visitor: Visitor) -> dict[str, str]:
    return {"Cookie": "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())}


async def reader(line: Line, path: str, rounds: int) -> list[float]:
    taken = []
    for _ in range(rounds):
        answer = await line.get(path)
        assert answer.status == 200, answer
        taken.append(answer.seconds * 1000)
    return taken


async def measure(
    name: str, base: str, headers: dict[str, str], path: str, rounds: int, readers: int
) -> None:
    lines = [await Line.to(base, headers) for _ in range(readers)]
    await reader(lines[0], path, WARM)
    taken = await asyncio.gather(*(reader(line, path, rounds) for line in lines))
    for line in lines:
        line.close()
    print(f"{name}, {readers} at once: {said([one for some in taken for one in some])}")


def said(taken: Sequence[float]) -> str:
    ordered = sorted(taken)
    p50, p99 = ordered[len(ordered) // 2], ordered[len(ordered) * 99 // 100]
    return f"p50 {p50:.1f}  p99 {p99:.1f} ms  load {os.getloadavg()[0]:.1f}"


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    with tempfile.TemporaryDirectory(prefix="lists-") as folder:
        daemon = Daemon(Path(folder)).start()
        try:
            one = daemon.lines(login=True)[0]
            fill(daemon, Person.of(one))
            patient = Visitor(daemon).sign_in(one)
            base = str(daemon.places["http"])
            for readers in (1, 4):
                asyncio.run(
                    measure("patient", base, cookies(patient), "/documents", rounds, readers)
                )
            words = f"patient.identifier=urn:oid:{one['ins_oid']}|{one['ins']}"
            search = f"/fhir/DocumentReference?{words}"
            for readers in (1, 4):
                asyncio.run(measure("FHIR search", base, daemon.doctor, search, rounds, readers))
        finally:
            daemon.end()


if __name__ == "__main__":
    main()
